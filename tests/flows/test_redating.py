"""Due dates that count from the invoice or the arrival: assumed with a warning, then what the terms mean."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pharmacrm.core.flows.collection import AllocateReceipt
from pharmacrm.core.flows.rescheduling import RescheduleDebt
from pharmacrm.core.flows.shipping import ConfirmDelivery
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.receivables import AgeingReport, Instalment, Rescheduling
from pharmacrm.core.receivables.rescheduling import less
from pharmacrm.core.values.schedule import plan
from pharmacrm.core.values.terms import parse_terms
from pharmacrm.crm import PharmaCRM
from tests.covers import covers
from tests.flows.house import (
    FINANCE,
    WAREHOUSE,
    credit,
    entities,
    open_house,
    pass_days,
    receipt,
    released,
    replayed,
    slip,
    today,
    yuan,
)
from tests.flows.scenarios_invoicing import an_invoice, billed

INVOICE = billed(800, yuan(1000))


def shipped(crm: PharmaCRM, terms: str) -> tuple[str, ...]:
    released(crm, terms=terms)
    return crm.do(slip("SO-1", "OUT-1", 800), actor=WAREHOUSE).codes


def dues(crm: PharmaCRM) -> list[tuple[date, Money]]:
    return sorted((part.due, part.open) for part in entities(crm, Instalment) if part.open)


@covers("XT-24", "XT-25", "R-09")
def test_terms_from_the_invoice_are_opened_by_it() -> None:
    crm = open_house()
    assert "terms.event_assumed" in shipped(crm, "net 30 from invoice")
    left = today(crm)
    pass_days(crm, 10)
    crm.do(an_invoice(crm, "F-1", INVOICE), actor=FINANCE).expect()
    invoiced = today(crm)
    (only,) = dues(crm)
    planned = plan(parse_terms("net 30"), yuan(1000), anchor=invoiced).instalments[0]
    assert only == (planned.due, yuan(1000))
    assert [each.id for each in entities(crm, Rescheduling)] == ["OUT-1/dates/invoice"]
    assert credit(crm).exposure == yuan(1000)
    pass_days(crm, 1)
    for day in (left, invoiced, today(crm)):
        assert crm.ask(AgeingReport(as_of=day), actor=FINANCE).total == yuan(1000)
    replayed(crm)


@covers("XT-25")
def test_terms_from_the_arrival_are_dated_by_it() -> None:
    crm = open_house()
    shipped(crm, "net 30 from receipt")
    pass_days(crm, 3)
    crm.do(ConfirmDelivery(slip="OUT-1", received_by="王护士"), actor=WAREHOUSE).expect()
    planned = plan(parse_terms("net 30"), yuan(1000), anchor=today(crm)).instalments[0]
    assert dues(crm) == [(planned.due, yuan(1000))]
    crm.do(ConfirmDelivery(slip="OUT-1", received_by="王护士"), actor=WAREHOUSE).expect()
    assert len(entities(crm, Rescheduling)) == 1


@pytest.mark.parametrize("terms", ["net 30", "3 monthly", "2/10 net 30"])
def test_terms_from_the_slip_stay_as_they_are(terms: str) -> None:
    crm = open_house()
    shipped(crm, terms)
    before = dues(crm)
    pass_days(crm, 5)
    crm.do(an_invoice(crm, "F-1", INVOICE), actor=FINANCE).expect()
    crm.do(ConfirmDelivery(slip="OUT-1", received_by="王护士"), actor=WAREHOUSE).expect()
    assert dues(crm) == before
    assert not entities(crm, Rescheduling)


def test_only_the_first_invoice_counts_and_a_late_word_of_it_is_taken() -> None:
    crm = open_house()
    shipped(crm, "net 10 from invoice")
    issued = today(crm) + timedelta(days=2)
    pass_days(crm, 40)
    first = an_invoice(crm, "F-1", billed(400, yuan(500)), issued_on=issued)
    crm.do(first, actor=FINANCE).expect()
    planned = plan(parse_terms("net 10"), yuan(1000), anchor=issued).instalments[0]
    assert dues(crm) == [(planned.due, yuan(1000))]
    assert planned.due < today(crm)
    crm.do(an_invoice(crm, "F-2", billed(400, yuan(500))), actor=FINANCE).expect()
    assert dues(crm) == [(planned.due, yuan(1000))]


def test_what_was_paid_before_comes_off_the_earliest_parts() -> None:
    crm = open_house()
    shipped(crm, "50% net 30 from invoice, rest net 60 from invoice")
    crm.do(receipt(crm, "R-1", 600), actor=FINANCE).expect()
    crm.do(AllocateReceipt(receipt="R-1"), actor=FINANCE).expect()
    pass_days(crm, 5)
    crm.do(an_invoice(crm, "F-1", INVOICE), actor=FINANCE).expect()
    last = plan(parse_terms("net 60"), yuan(1000), anchor=today(crm)).instalments[-1]
    assert dues(crm) == [(last.due, yuan(400))]


def test_an_agreement_stays() -> None:
    crm = open_house()
    shipped(crm, "net 30 from invoice")
    agreed = RescheduleDebt(id="A-1", receivable="OUT-1/receivable", terms="3 monthly", reason="困难")
    crm.do(agreed, actor=FINANCE).expect()
    before = dues(crm)
    pass_days(crm, 5)
    crm.do(an_invoice(crm, "F-1", INVOICE), actor=FINANCE).expect()
    assert dues(crm) == before


@given(
    st.integers(1, 10**12),
    st.sampled_from(["net 30", "3 monthly", "2/10 net 30", "30% net 5, 30% net 15, rest net 25"]),
    st.integers(0, 10**12),
)
def test_law_what_is_left_of_a_plan_sums_to_what_is_open(amount: int, terms: str, settled: int) -> None:
    """And it is due when the plan says, the earliest parts settled first."""
    whole = plan(parse_terms(terms), Money.of_minor(amount, "CNY"), anchor=date(2026, 1, 31))
    left = Money.of_minor(amount - min(settled, amount), "CNY")
    rest = less(whole, left)
    assert Money.total((part.amount for part in rest.instalments), "CNY") == left
    assert all(part.amount.is_positive for part in rest.instalments)
    tail = whole.instalments[len(whole.instalments) - len(rest.instalments) :]
    assert [part.due for part in rest.instalments] == [part.due for part in tail]
    assert [part.amount for part in rest.instalments][1:] == [part.amount for part in tail][1:]
