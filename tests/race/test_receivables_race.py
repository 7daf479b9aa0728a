"""One debt, many processes: never more settled than owed, never more returned than shipped."""

from collections import Counter
from typing import Any

import pytest

from pharmacrm.core.flows.writing_off import SetWriteOffCap
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.orders import ReturnLine, ReturnOrder, SlipLine
from pharmacrm.core.receivables import (
    Adjustment,
    AdjustmentKind,
    Allocation,
    CreditNote,
    Instalment,
    Receipt,
    Receivable,
    Refund,
)
from pharmacrm.crm import PharmaCRM
from pharmacrm.testing.company import found_company
from tests.covers import covers
from tests.flows.house import (
    FINANCE,
    LEAD,
    WAREHOUSE,
    counters_are_entries,
    credit,
    entities,
    opened,
    receipt,
    released,
    slip,
    yuan,
)
from tests.race.racers import WORKERS, Race, run
from tests.race.receivable_racers import (
    allocating,
    refunding,
    returning,
    taking_back,
    undoing,
    writing_off,
)

RACES = (
    Race(allocating, "allocating"),
    Race(undoing, "undoing", each=3),
    Race(writing_off, "writing"),
    Race(returning, "returning"),
    Race(taking_back, "taking"),
    Race(refunding, "refunding"),
)
RECEIPTS = {"allocating": 300, "undoing": 600, "writing": 300, "taking": 300, "refunding": 1000}
"""Yuan on account with each receipt; the debt is of 1,000."""


def total(amounts: Any) -> Money:
    return Money.total(amounts, "CNY")


def sums_hold(crm: PharmaCRM) -> None:
    """Every law of the sums, from the records alone."""
    parts, live = entities(crm, Instalment), [each for each in entities(crm, Allocation) if not each.undone]
    lowered = [each for each in entities(crm, Adjustment) if not each.undone]
    for part in parts:
        assert not part.open.is_negative
        assert part.settled is (not part.open)
        assert part.allocated == total(each.amount for each in live if each.instalment == part.id)
        for kind in AdjustmentKind:
            mine = (each.amount for each in lowered if (each.instalment, each.kind) == (part.id, kind))
            assert getattr(part, kind.field) == total(mine)
    for debt in entities(crm, Receivable):
        own = [part for part in parts if part.receivable == debt.id]
        gone = total(part.allocated + part.credited + part.written_off for part in own)
        assert total(part.open for part in own) == debt.amount - gone
    for money in entities(crm, Receipt):
        assert money.allocated == total(each.amount for each in live if each.receipt == money.id)
        paid_back = [
            each for each in entities(crm, Refund) if each.receipt == money.id and not each.undone_on
        ]
        assert money.refunded == total(each.amount for each in paid_back)
        assert not money.open.is_negative
    for note in entities(crm, CreditNote):
        assert not note.open.is_negative
        if note.reversed_on is None:
            assert note.applied == total(each.amount for each in lowered if each.document == note.id)
    back = {each.id for each in entities(crm, ReturnOrder) if each.undone_on is None}
    for line in entities(crm, SlipLine):
        returned = [each.quantity for each in entities(crm, ReturnLine) if each.return_order in back]
        assert line.returned == sum(returned) <= line.quantity
    line_ = credit(crm)
    assert line_.posted - line_.paid == total(part.open for part in parts)
    on_account = [*entities(crm, Receipt), *entities(crm, CreditNote)]
    assert line_.unapplied == total(each.open for each in on_account)
    counters_are_entries(crm)


def prepared(crm: PharmaCRM, name: str) -> None:
    """A debt of 1,000 yuan, and receipts on account."""
    found_company(crm, limit="100000.00")
    if name != "refunding":
        released(crm)
        crm.do(slip("SO-1", "OUT-1", 800), actor=WAREHOUSE).expect()
    for number in range(WORKERS if name in RECEIPTS else 0):
        crm.do(receipt(crm, f"R-{number}", RECEIPTS[name]), actor=FINANCE).expect()
    if name == "writing":
        crm.do(SetWriteOffCap(amount=yuan(1000), reason="x"), actor=LEAD).expect()


def open_of(crm: PharmaCRM) -> Money:
    return total(part.open for part in entities(crm, Instalment))


def money_settles_a_debt_once(crm: PharmaCRM, answers: list[list[str]]) -> None:
    assert {answer.split()[0] for found in answers for answer in found} == {"allowed"}
    assert open_of(crm) == yuan(max(0, 1000 - 300 * WORKERS))
    assert credit(crm).unapplied == yuan(max(300 * WORKERS - 1000, 0))


def undoing_and_settling_take_turns(crm: PharmaCRM, answers: list[list[str]]) -> None:
    assert {answer.split()[0] for found in answers for answer in found} == {"allowed"}
    assert open_of(crm) in {yuan(1000), yuan(400)}


def what_is_given_up_is_not_paid_as_well(crm: PharmaCRM, answers: list[list[str]]) -> None:
    outcomes = {answer.split()[0] for found in answers for answer in found}
    assert outcomes <= {"allowed", "refused"}
    assert open_of(crm) == yuan(0) or outcomes == {"allowed"}


def goods_come_back_once(crm: PharmaCRM, answers: list[list[str]]) -> None:
    found = Counter(answer for each in answers for answer in each)
    fit = min(WORKERS, 4)
    assert found == Counter({"allowed": fit, "refused return.over_quantity": WORKERS - fit})
    assert open_of(crm) == yuan(1000 - 250 * fit)


def goods_that_never_came_back_are_owed(crm: PharmaCRM, answers: list[list[str]]) -> None:
    assert {answer.split()[0] for found in answers for answer in found} <= {"allowed", "refused"}
    (line,) = entities(crm, SlipLine)
    assert line.returned in range(0, 801, 200)


def money_is_paid_back_once(crm: PharmaCRM, answers: list[list[str]]) -> None:
    found = Counter(answer for each in answers for answer in each)
    fit = min(WORKERS, 3)
    assert found == Counter({"allowed": fit, "refused refund.over_account": WORKERS - fit})
    assert credit(crm).unapplied == yuan(1000 * WORKERS - 300 * fit)


CHECKS = {
    "allocating": money_settles_a_debt_once,
    "undoing": undoing_and_settling_take_turns,
    "writing": what_is_given_up_is_not_paid_as_well,
    "returning": goods_come_back_once,
    "taking": goods_that_never_came_back_are_owed,
    "refunding": money_is_paid_back_once,
}


@covers("XT-24", "XT-26")
@pytest.mark.slow
def test_many_processes_at_one_debt(any_url: str) -> None:
    """All races in one go, each in a tenant of its own; the sums hold after every one."""
    crm = opened(any_url)
    for race in RACES:
        prepared(crm.for_tenant(race.tenant), race.tenant)
    answers = run(RACES, any_url)
    for race in RACES:
        door = opened(any_url, tenant=race.tenant)
        CHECKS[race.tenant](door, answers[race.tenant])
        sums_hold(door)
