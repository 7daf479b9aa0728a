"""What was agreed on paying, at the door: term sets by code, and customers that pay on days of their own."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from attrs import evolve

from pharmacrm.core.flows.exposure import PaymentPlan
from pharmacrm.core.flows.invoicing import RecordInvoice
from pharmacrm.core.flows.paying import SetPayingDays
from pharmacrm.core.flows.rescheduling import RescheduleDebt
from pharmacrm.core.kernel.codec import canonical
from pharmacrm.core.kernel.errors import NotFound, NotPermitted
from pharmacrm.core.kernel.query import eq
from pharmacrm.core.orders import SalesOrder
from pharmacrm.core.receivables import Instalment, InvoicedLine, Receivable
from pharmacrm.core.terms import (
    ImportTerms,
    PaymentCalendarEntry,
    PaymentTermSet,
    PublishTerms,
    TermsInForce,
    TermSource,
    WithdrawTerms,
)
from pharmacrm.crm import PharmaCRM, SimulatedClock
from pharmacrm.testing.company import release
from tests.covers import covers
from tests.flows.house import (
    BUYER,
    FINANCE,
    SALES,
    WAREHOUSE,
    amended,
    open_house,
    pass_days,
    replayed,
    slip,
    today,
    worth,
    yuan,
)


def house() -> PharmaCRM:
    """A company on Monday, 1 June 2026."""
    start = datetime.fromisoformat("2026-06-01T09:00:00+08:00")
    return open_house(clock=SimulatedClock(start))


def published(crm: PharmaCRM, terms: str, day: str, code: str = "W") -> PaymentTermSet:
    command = PublishTerms(code=code, terms=terms, valid_from=date.fromisoformat(day))
    return crm.do(command, actor=FINANCE).expect()


def by_set(id: str, code: str = "W", yuan_: int = 1000) -> Any:
    return evolve(worth(id, yuan_), terms=None, term_set=code)


def shipped(crm: PharmaCRM, order: Any) -> None:
    crm.do(order, actor=SALES).expect()
    release(crm, order.id)
    crm.do(slip(order.id, f"OUT-{order.id}", 800), actor=WAREHOUSE).expect()


def dues(crm: PharmaCRM, order: str) -> list[str]:
    """The due dates of what is open for an order."""
    debts = crm.find(Receivable, eq("order", order), actor=FINANCE)
    parts = [
        part for debt in debts for part in crm.find(Instalment, eq("receivable", debt.id), actor=FINANCE)
    ]
    return sorted(str(part.due) for part in parts if part.open)


@covers("XT-24", "XT-25")
def test_an_order_gets_the_version_in_force_on_its_day_and_keeps_it():
    crm = house()
    published(crm, "net 30", "2026-01-01")
    published(crm, "net 60", "2026-06-02")
    crm.do(by_set("SO-1"), actor=SALES).expect()
    pass_days(crm, 1)
    crm.do(by_set("SO-2"), actor=SALES).expect()
    crm.do(WithdrawTerms(code="W", valid_to=today(crm)), actor=FINANCE).expect()
    pass_days(crm, 1)
    orders = [crm.get(SalesOrder, id, actor=SALES) for id in ("SO-1", "SO-2")]
    assert [(str(each.terms), each.term_version) for each in orders] == [("net 30", "W/1"), ("net 60", "W/2")]
    refused = crm.do(by_set("SO-3"), actor=SALES)
    assert refused.codes == ("term_set.not_in_force",)
    assert crm.ask(TermsInForce(code="W", on="2026-06-01"), actor=SALES).id == "W/1"
    with pytest.raises(NotFound):
        crm.ask(TermsInForce(code="W"), actor=SALES)
    replayed(crm)


def test_the_same_order_again_and_an_amendment_keep_the_version_of_the_day():
    crm = house()
    published(crm, "net 30", "2026-01-01")
    crm.do(by_set("SO-1"), actor=SALES).expect()
    published(crm, "net 60", "2026-06-01")  # later on the same day
    assert crm.do(by_set("SO-1"), actor=SALES).codes == ("id.exists",)
    pass_days(crm, 5)
    again = evolve(amended("SO-1", 500), terms=None, term_set="W")
    assert crm.do(again, actor=SALES).expect().term_version == "W/1"
    written = crm.do(amended("SO-1", 500, terms="net 45"), actor=SALES).expect()
    assert (str(written.terms), written.term_version) == ("net 45", "")


def test_a_set_that_nobody_knows_is_not_found_and_one_way_of_terms_is_wanted():
    crm = house()
    with pytest.raises(NotFound):
        crm.do(by_set("SO-1", "NONE"), actor=SALES)
    for order in (evolve(worth("SO-1", 5), term_set="W"), evolve(worth("SO-1", 5), terms=None)):
        assert crm.do(order, actor=SALES).codes == ("terms.choice",)
    published(crm, "net 30", "2026-01-01")
    crm.do(worth("SO-1", 5), actor=SALES).expect()
    both = evolve(amended("SO-1", 500), term_set="W")
    assert crm.do(both, actor=SALES).codes == ("terms.choice",)


OCA = canonical(
    {
        "name": "Octobre",
        "line_ids": [{"value": "percent", "value_amount": 100, "delay_type": "days_after", "nb_days": 30}],
        "holiday_ids": [{"holiday": "2026-07-01", "date_postponed": "2026-07-10"}],
    }
)
TRYTON = canonical({"name": "Net", "lines": [{"type": "remainder", "relativedeltas": [{"days": 10}]}]})
ERPNEXT = canonical(
    {
        "template_name": "Net",
        "terms": [
            {
                "invoice_portion": 100,
                "due_date_based_on": "Day(s) after invoice date",
                "credit_days": 10,
            }
        ],
    }
)
ODOO = canonical(
    {
        "name": "Net",
        "line_ids": [{"value": "percent", "value_amount": 100, "delay_type": "days_after", "nb_days": 10}],
    }
)


@pytest.mark.parametrize(
    ("source", "definition", "due"),
    [
        (TermSource.TRYTON, TRYTON, "2026-06-11"),
        (TermSource.ODOO, ODOO, "2026-06-11"),
        (TermSource.ERPNEXT, ERPNEXT, "2026-06-11"),
        (TermSource.OCA, OCA, "2026-07-10"),  # the holiday on which it falls is postponed
    ],
)
def test_the_sets_of_other_systems_reach_the_debt(source, definition, due):
    crm = house()
    command = ImportTerms(code="I", source=source, definition=definition, valid_from="2026-01-01")
    head = crm.do(command, actor=FINANCE).expect()
    assert head.name in {"Net", "Octobre"}
    shipped(crm, by_set("SO-1", "I"))
    assert dues(crm, "SO-1") == [due]
    again = crm.do(command, actor=FINANCE)
    assert (again.expect().latest, again.reasons) == (1, ())


def test_due_dates_move_to_the_days_on_which_the_customer_pays():
    crm = house()
    shipped(crm, worth("SO-1", 1000, terms="net 10"))
    crm.do(SetPayingDays(customer=BUYER, paying="payment days 15"), actor=FINANCE).expect()
    later = SetPayingDays(customer=BUYER, paying="payment days 25", valid_from="2026-06-02")
    crm.do(later, actor=FINANCE).expect()
    shipped(crm, worth("SO-2", 1000, terms="net 10"))
    pass_days(crm, 1)
    shipped(crm, worth("SO-3", 1000, terms="net 10"))
    assert [dues(crm, id) for id in ("SO-1", "SO-2", "SO-3")] == [
        ["2026-06-11"],  # of before: it stays
        ["2026-06-15"],
        ["2026-06-25"],
    ]
    plan = crm.ask(PaymentPlan(order="SO-3"), actor=SALES)
    assert [str(part.due) for part in plan.instalments] == ["2026-06-25"]
    history = crm.find(PaymentCalendarEntry, eq("calendar", BUYER), order=("valid_from",), actor=SALES)
    assert [(str(each.valid_from), str(each.paying)) for each in history] == [
        ("2026-06-01", "payment days 15"),
        ("2026-06-02", "payment days 25"),
    ]


def test_invoices_and_new_due_dates_heed_the_days_of_payment_too():
    crm = house()
    crm.do(SetPayingDays(customer=BUYER, paying="payment days 15"), actor=FINANCE).expect()
    shipped(crm, worth("SO-1", 1000, terms="net 20 from invoice"))
    assert dues(crm, "SO-1") == ["2026-07-15"]  # 21 June, from the slip
    pass_days(crm, 30)
    line = InvoicedLine("OUT-SO-1", 1, 800, yuan("884.96"), yuan("115.04"))
    bill = RecordInvoice(id="1", customer=BUYER, issued_on=today(crm), lines=(line,))
    crm.do(bill, actor=FINANCE).expect()
    assert dues(crm, "SO-1") == ["2026-08-17"]  # 21 July; 15 August 2026 is a Saturday
    agreed = RescheduleDebt(id="A-1", receivable="OUT-SO-1/receivable", terms="2 monthly", reason="困难")
    crm.do(agreed, actor=FINANCE).expect()
    assert dues(crm, "SO-1") == ["2026-08-17", "2026-09-15"]
    published(crm, "net 1 month", "2026-06-01")
    by_code = RescheduleDebt(id="A-2", receivable="OUT-SO-1/receivable", term_set="W", reason="困难")
    assert crm.do(by_code, actor=FINANCE).expect().term_version == "W/1"
    assert dues(crm, "SO-1") == ["2026-08-17"]
    replayed(crm)


def test_sales_may_not_set_how_a_customer_pays():
    crm = house()
    later = today(crm) + timedelta(days=1)
    for command in (
        SetPayingDays(customer=BUYER, paying="payment days 31"),
        PublishTerms(code="W", terms="net 365", valid_from=later),
    ):
        with pytest.raises(NotPermitted):
            crm.do(command, actor=SALES)
