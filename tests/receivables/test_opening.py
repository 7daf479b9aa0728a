"""Receivables are opened by terms, and their instalments sum to them exactly."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.reason import Severity
from pharmacrm.core.receivables.events import ScheduleCancelled, ScheduleCreated
from pharmacrm.core.receivables.model import Receivable, ReceivableKind
from pharmacrm.core.receivables.opening import cancel_open, open_credit, open_prepayment
from pharmacrm.core.values.schedule import Plan, PlannedInstalment
from pharmacrm.core.values.terms import PartKind, parse_terms
from tests.covers import covers
from tests.receivables.ledger import DAY, Ledger, opened, yuan

MIXED = "30% prepaid, 20% net 10, rest 2/10 net 60"


def prepayment(total, terms):
    return open_prepayment("SO-1", yuan(total), customer="H-001", terms=parse_terms(terms), on=DAY)


@covers("XT-25", "XT-24")
@pytest.mark.parametrize(
    ("terms", "amount"),
    [
        ("30% prepaid, rest net 60", "300.00"),
        ("prepaid", "1000.00"),
        ("net 60", None),
        ("30% prepaid, 20% prepaid, rest net 5", "500.00"),
    ],
)
def test_a_prepayment_is_due_on_the_order(terms, amount):
    decision = prepayment(1000, terms)
    if amount is None:
        assert (decision.value, decision.changes) == (None, ())
        return
    receivable = decision.expect()
    assert isinstance(receivable, Receivable)
    assert (receivable.id, receivable.kind, receivable.slip) == (
        "SO-1/prepayment/1",
        ReceivableKind.PREPAYMENT,
        None,
    )
    assert receivable.amount == yuan(amount)
    (part,) = Ledger(decision).instalments
    assert (part.id, part.due, part.amount, part.open) == (
        "SO-1/prepayment/1/1",
        DAY,
        yuan(amount),
        yuan(amount),
    )
    assert part.kind is PartKind.PREPAY
    assert decision.events == (ScheduleCreated(subject=receivable.id, customer="H-001", order="SO-1"),)


@covers("XT-24", "XT-25")
def test_the_credit_part_of_a_slip_follows_its_plan():
    decision = opened(700, MIXED)
    receivable = decision.expect()
    assert isinstance(receivable, Receivable)
    assert (receivable.id, receivable.slip, receivable.kind) == (
        "OUT-1/receivable",
        "OUT-1",
        ReceivableKind.CREDIT,
    )
    parts = Ledger(decision).instalments
    assert [(part.number, part.due, part.amount) for part in parts] == [
        (1, date(2026, 12, 1), yuan(200)),
        (2, date(2027, 1, 20), yuan(500)),
    ]
    assert [(offer.until, offer.amount) for offer in parts[1].discounts] == [(date(2026, 12, 1), yuan(10))]


@pytest.mark.parametrize(
    ("amount", "expected"), [("5.47", ["1.83", "1.82", "1.82"]), ("30000", ["10000.00"] * 3)]
)
def test_three_instalments_sum(amount, expected):  # frappe/erpnext#12057, #26951
    assert [part.amount for part in Ledger(opened(amount, "3 monthly")).instalments] == [
        yuan(each) for each in expected
    ]


@covers("XT-24")
@given(
    st.integers(1, 10**12), st.sampled_from(["net 30", "3 monthly", MIXED, "end of next month", "7 monthly"])
)
def test_instalments_sum_to_the_receivable(minor, terms):
    decision = opened(Money.of_minor(minor, "CNY"), terms)
    receivable = decision.expect()
    assert isinstance(receivable, Receivable)
    parts = Ledger(decision).instalments
    assert (
        Money.total((part.amount for part in parts), "CNY")
        == receivable.amount
        == Money.of_minor(minor, "CNY")
    )
    assert [part.due for part in parts] == sorted(part.due for part in parts)
    assert all(part.open == part.amount and not part.settled for part in parts)


@pytest.mark.parametrize("plan", [Plan(()), Plan((PlannedInstalment(DAY, yuan(0), PartKind.CREDIT),))])
def test_nothing_on_credit_opens_nothing(plan):
    decision = open_credit(
        "OUT-1", plan, order="SO-1", customer="H-001", terms=parse_terms("prepaid"), on=DAY
    )
    assert (decision.value, decision.changes) == (None, ())


@covers("XT-24")
def test_an_unpublished_calendar_warns():
    plan = Plan((PlannedInstalment(DAY, yuan(1), PartKind.CREDIT),), unpublished=(2027, 2028))
    decision = open_credit("OUT-1", plan, order="SO-1", customer="H-001", terms=parse_terms("net 60"), on=DAY)
    assert decision.allowed
    assert [(reason.code, reason.severity, reason.observed) for reason in decision.reasons] == [
        ("calendar.unpublished", Severity.WARN, "2027"),
        ("calendar.unpublished", Severity.WARN, "2028"),
    ]


def test_what_is_open_can_be_cancelled_once():
    ledger = Ledger(prepayment(1000, "30% prepaid, rest net 60"))
    (receivable,) = ledger.receivables
    decision = ledger.store(cancel_open(receivable, ledger.instalments, on=DAY))
    (part,) = ledger.instalments
    assert (part.open, part.cancelled, part.cancelled_on, part.settled) == (yuan(0), yuan(300), DAY, True)
    assert decision.events == (ScheduleCancelled(subject=receivable.id, customer="H-001", order="SO-1"),)
    assert ledger.touched == [receivable.id]
    assert cancel_open(receivable, ledger.instalments, on=DAY).changes == ()
