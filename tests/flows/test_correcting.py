"""Days of acceptances and statements put right: what is open is due as if they had been right at once."""

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pharmacrm.core.flows.accepting import StateAccount
from pharmacrm.core.flows.collection import AllocateReceipt
from pharmacrm.core.flows.correcting import CorrectAcceptance, CorrectStatement
from pharmacrm.core.flows.rescheduling import RescheduleDebt
from pharmacrm.core.kernel.decision import Decision
from pharmacrm.core.kernel.errors import NotFound, NotPermitted
from pharmacrm.core.orders import AgreedStatement, DateCorrection, OutboundSlip
from pharmacrm.core.receivables import Dispute, DisputeCause, OpenDispute, Rescheduling
from pharmacrm.crm import PharmaCRM
from tests.covers import covers
from tests.flows.house import (
    BUYER,
    FINANCE,
    SALES,
    WAREHOUSE,
    credit,
    entities,
    pass_days,
    receipt,
    records,
    replayed,
    today,
    yuan,
)
from tests.flows.test_accepting import accepted, dues, house, shipped


def corrected(crm: PharmaCRM, on: date | None = None, **more: Any) -> Decision[OutboundSlip]:
    return crm.do(CorrectAcceptance(slip="OUT-1", on=on, reason="日期记错", **more), actor=FINANCE)


def restated(crm: PharmaCRM, on: date) -> Decision[AgreedStatement]:
    return crm.do(CorrectStatement(statement="ST-1", on=on, reason="日期记错"), actor=FINANCE)


def paid(crm: PharmaCRM, amount: int, id: str = "R-1") -> None:
    crm.do(receipt(crm, id, amount), actor=FINANCE).expect()
    crm.do(AllocateReceipt(receipt=id), actor=FINANCE).expect()


@covers("XT-24")
def test_a_corrected_acceptance_gives_what_is_open_its_right_days() -> None:
    crm = house()
    shipped(crm, "95% net 30 from acceptance, rest retention net 12 months from acceptance")
    pass_days(crm, 14)
    accepted(crm)
    corrected(crm, date(2026, 6, 10), id="DC-1").expect()
    assert dues(crm) == [("2026-07-10", yuan(950)), ("2027-06-10", yuan(50))]
    corrected(crm, date(2026, 6, 12), accepted_by="李护士").expect()
    assert dues(crm) == [("2026-07-13", yuan(950)), ("2027-06-14", yuan(50))]  # from Sunday to Monday
    assert crm.get(OutboundSlip, "OUT-1", actor=FINANCE).accepted_by == "李护士"
    first, _ = sorted(entities(crm, DateCorrection), key=lambda each: each.new)
    assert (first.id, first.event, first.subject, first.old, first.new, first.reason) == (
        "DC-1",
        "acceptance",
        "OUT-1",
        date(2026, 6, 15),
        date(2026, 6, 10),
        "日期记错",
    )
    assert sorted(each.id for each in entities(crm, Rescheduling)) == [
        "OUT-1/dates/acceptance",
        "OUT-1/dates/acceptance/2",
        "OUT-1/dates/acceptance/3",
    ]
    assert credit(crm).exposure == yuan(1000)
    replayed(crm)


def test_what_is_paid_stays_as_it_was() -> None:
    crm = house()
    shipped(crm, "50% net 10 from acceptance, rest net 40 from acceptance")
    pass_days(crm, 9)
    accepted(crm)
    paid(crm, 700)
    corrected(crm, date(2026, 6, 3)).expect()
    assert dues(crm) == [("2026-07-13", yuan(300))]
    paid(crm, 300, "R-2")
    before = records(crm)
    refused = corrected(crm, date(2026, 6, 4))
    assert [(each.code, each.subject) for each in refused.reasons] == [("correction.settled", "OUT-1")]
    assert records(crm) == before
    assert corrected(crm, accepted_by="李护士").allowed  # a name moves no due date


def test_terms_that_do_not_count_from_it_do_not_move() -> None:
    crm = house()
    shipped(crm, "net 30")
    pass_days(crm, 5)
    accepted(crm)
    before = dues(crm)
    corrected(crm, date(2026, 6, 2)).expect()
    paid(crm, 1000)
    assert corrected(crm, date(2026, 6, 3)).codes == ()
    assert dues(crm) == []
    assert before == [("2026-07-01", yuan(1000))]


def test_what_somebody_agreed_on_stays_and_is_said() -> None:
    crm = house()
    shipped(crm, "net 10 from acceptance")
    pass_days(crm, 9)
    accepted(crm)
    plan = RescheduleDebt(id="A-1", receivable="OUT-1/receivable", terms="3 monthly", reason="困难")
    crm.do(plan, actor=FINANCE).expect()
    before = dues(crm)
    done = corrected(crm, date(2026, 6, 3))
    assert (done.outcome, done.codes) == ("allowed", ("correction.agreed",))
    assert done.expect().accepted_on == date(2026, 6, 3)
    assert dues(crm) == before


def test_a_corrected_statement_moves_all_of_its_slips() -> None:
    crm = house()
    for number in (1, 2, 3):
        shipped(crm, "net 10 from month of statement", f"SO-{number}")
    pass_days(crm, 40)
    stated = StateAccount(id="ST-1", customer=BUYER, slips=("OUT-1", "OUT-2"))
    crm.do(stated, actor=FINANCE).expect()
    assert dues(crm, "OUT-2") == [("2026-08-10", yuan(1000))]
    done = restated(crm, date(2026, 6, 30))
    assert done.expect().on == date(2026, 6, 30)
    assert [dues(crm, f"OUT-{n}")[0][0] for n in (1, 2)] == ["2026-07-10"] * 2
    on = {each.id: each.stated_on for each in entities(crm, OutboundSlip)}
    assert on == {"OUT-1": date(2026, 6, 30), "OUT-2": date(2026, 6, 30), "OUT-3": None}
    assert restated(crm, date(2026, 6, 30)).codes == ("correction.same",)


def test_a_slip_that_is_settled_is_named_and_the_others_of_its_statement_move() -> None:
    crm = house()
    for number in (1, 2):
        shipped(crm, "net 10 from statement", f"SO-{number}")
    pass_days(crm, 9)
    crm.do(StateAccount(id="ST-1", customer=BUYER), actor=FINANCE).expect()
    paid(crm, 1000)
    done = restated(crm, date(2026, 6, 5))
    assert [(each.code, each.severity, each.subject) for each in done.reasons] == [
        ("correction.settled", "warn", "OUT-1")
    ]
    assert (dues(crm, "OUT-1"), dues(crm, "OUT-2")) == ([], [("2026-06-15", yuan(1000))])
    paid(crm, 1000, "R-2")
    assert restated(crm, date(2026, 6, 6)).codes == ("correction.settled", "correction.settled")


def test_no_day_is_corrected_that_could_not_have_been() -> None:
    crm = house()
    shipped(crm, "net 10 from acceptance")
    assert corrected(crm, date(2026, 6, 1)).codes == ("acceptance.missing",)
    pass_days(crm, 9)
    accepted(crm)
    crm.do(StateAccount(id="ST-1", customer=BUYER), actor=FINANCE).expect()
    for on, codes in (
        (date(2026, 5, 31), ("acceptance.too_early", "statement.too_early")),
        (date(2026, 6, 11), ("acceptance.future", "statement.future")),
        (date(2026, 6, 10), ("correction.same", "correction.same")),
    ):
        assert (*corrected(crm, on).codes, *restated(crm, on).codes) == codes
    corrected(crm, date(2026, 6, 5), id="DC-1").expect()
    assert corrected(crm, date(2026, 6, 6), id="DC-1").codes == ("correction.exists",)
    with pytest.raises(NotPermitted):
        crm.do(CorrectAcceptance(slip="OUT-1", reason="记错"), actor=WAREHOUSE)
    with pytest.raises(NotFound):
        crm.do(CorrectStatement(statement="ST-9", on=date(2026, 6, 5), reason="记错"), actor=FINANCE)


def test_a_dispute_goes_on_through_corrections() -> None:
    crm = house()
    shipped(crm, "net 10 from acceptance")
    said = OpenDispute(instalment="OUT-1/receivable/1", amount=yuan(400), cause=DisputeCause.PRICE)
    crm.do(said, actor=SALES).expect()
    pass_days(crm, 9)
    accepted(crm)
    corrected(crm, date(2026, 6, 5)).expect()
    (still,) = [each for each in entities(crm, Dispute) if each.is_open(today(crm))]
    assert (still.instalment, still.amount) == ("OUT-1/receivable/3", yuan(400))


days = st.integers(0, 20).map(lambda n: date(2026, 6, 1) + timedelta(n))


@given(
    st.sampled_from(
        [
            "net 10 from acceptance",
            "50% net 10 from acceptance, rest net 40 from acceptance",
            "30% net 5, rest 2 monthly from acceptance",
        ]
    ),
    st.lists(days, min_size=1, max_size=4),
    st.sampled_from([0, 300, 640]),
)
@settings(max_examples=12)
def test_law_the_last_day_counts_whatever_was_said_before(terms: str, said: list[date], money: int) -> None:
    """However often a day was corrected, what is open is due as if the last had been said at once."""

    def told(*on: date) -> list[tuple[str, Any]]:
        crm = house()
        shipped(crm, terms)
        if money:
            paid(crm, money)
        pass_days(crm, 20)
        accepted(crm, on=on[0])
        for day in on[1:]:
            corrected(crm, day).expect()
        assert len(entities(crm, DateCorrection)) == sum(a != b for a, b in pairwise(on))
        return dues(crm)

    assert told(*said) == told(said[-1])
