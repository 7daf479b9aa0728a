"""Dated limits through the door: they decide about orders from their first to their last day."""

from datetime import timedelta
from typing import Any

import pytest

from pharmacrm.core.credit import CreditLine, EndCreditLimit, GrantCreditLimit, LimitKind
from pharmacrm.core.flows.exposure import CreditExposure, LimitOn
from pharmacrm.core.kernel.decision import Outcome
from pharmacrm.crm import PharmaCRM
from tests.covers import covers
from tests.flows.house import (
    BUYER,
    FINANCE,
    SALES,
    credit,
    journal,
    open_house,
    pass_days,
    placed,
    replayed,
    today,
    worth,
    yuan,
)


@pytest.fixture
def crm() -> PharmaCRM:
    return open_house(limit="1000.00")


def raised(crm: PharmaCRM, *, after: int = 0, days: int = 10, amount: int = 500, **more: Any) -> CreditLine:
    starts_on = today(crm) + timedelta(after)
    command = GrantCreditLimit(
        customer=BUYER,
        kind=LimitKind.TEMPORARY,
        amount=yuan(amount),
        starts_on=starts_on,
        ends_on=starts_on + timedelta(days - 1),
        reason="备货",
    )
    return crm.do(command, actor=FINANCE, **more).expect()


@covers("XT-26")
def test_a_raise_carries_orders_and_then_ends_by_itself(crm: PharmaCRM) -> None:
    raised(crm)
    placed(crm, "SO-1", 1200)
    pass_days(crm, 9)
    assert crm.do(worth("SO-2", 300), actor=SALES).outcome is Outcome.ALLOWED
    pass_days(crm, 1)
    answer = crm.do(worth("SO-3", 5), actor=SALES)
    assert answer.codes == ("credit.over_limit",)
    assert (answer.reasons[0].expected, answer.reasons[0].observed) == (
        "CNY 1,000.00",
        "CNY 1,505.00 (short CNY 505.00)",
    )
    assert (credit(crm).limit, credit(crm).reserved) == (yuan(1000), yuan(1500))
    replayed(crm)


@covers("XT-26")
def test_a_raise_to_come_counts_from_its_first_day(crm: PharmaCRM) -> None:
    raised(crm, after=3)
    assert crm.do(worth("SO-1", 1200), actor=SALES).outcome is Outcome.HELD
    pass_days(crm, 3)
    assert crm.do(worth("SO-2", 1200), actor=SALES).outcome is Outcome.ALLOWED
    assert credit(crm).limit == yuan(1500)
    replayed(crm)


def test_a_document_dated_back_has_no_raise_that_is_over(crm: PharmaCRM) -> None:
    raised(crm, days=2)
    first = today(crm)
    pass_days(crm, 2)
    answer = crm.do(worth("SO-1", 1200), actor=SALES, effective_at=first)
    assert answer.codes == ("credit.over_limit",)


def test_timed_work_brings_the_limit_to_the_day_once(crm: PharmaCRM) -> None:
    raised(crm)
    pass_days(crm, 10)
    assert (credit(crm).limit, crm.ask(CreditExposure(customer=BUYER), actor=FINANCE).limit) == (
        yuan(1500),
        yuan(1000),
    )
    crm.run_due()
    assert (credit(crm).limit, credit(crm).changes_on) == (yuan(1000), None)
    told = journal(crm, command="RefreshCreditLimit")
    assert [entry.changed()["limit"] for entry in told] == [["1500.00 CNY", "1000.00 CNY"]]
    crm.run_due()
    assert len(journal(crm, command="RefreshCreditLimit")) == 1


def test_the_limit_of_any_day_can_be_asked_for(crm: PharmaCRM) -> None:
    raised(crm, after=3)
    days = [today(crm) + timedelta(each) for each in (2, 3, 12, 13)]
    found = [crm.ask(LimitOn(customer=BUYER, on=day), actor=SALES).amount for day in days]
    assert found == [yuan(1000), yuan(1500), yuan(1500), yuan(1000)]
    assert crm.ask(LimitOn(customer=BUYER), actor=SALES).on == today(crm)


def test_every_change_is_told_by_the_journal_with_who_and_why(crm: PharmaCRM) -> None:
    raised(crm)
    crm.do(EndCreditLimit(customer=BUYER, number=2, reason="不再需要"), actor=FINANCE).expect()
    rows = [entry for entry in journal(crm, kind="credit_line") if "limits" in entry.changed()]
    assert [(entry.command, entry.actor) for entry in rows] == [
        ("SetCreditLimit", FINANCE),
        ("GrantCreditLimit", FINANCE),
        ("EndCreditLimit", FINANCE),
    ]
    assert rows[-1].changed()["reason"] == ["备货", "不再需要"]
