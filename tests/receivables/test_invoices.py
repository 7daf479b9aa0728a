"""Invoices: never more than the customer has, at no other price unless somebody looked; and red letters."""

from datetime import timedelta

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from pharmacrm.core.credit import SetCreditLimit
from pharmacrm.core.flows.collection import AllocateReceipt
from pharmacrm.core.flows.holding import PassHold
from pharmacrm.core.flows.invoicing import BalanceOfOrder
from pharmacrm.core.kernel.change import Save
from pharmacrm.core.kernel.decision import Outcome
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.receivables import InvoicedLine, InvoiceLine, SalesInvoice
from pharmacrm.core.receivables.invoices import InvoiceHead, Shipped, record_invoice
from pharmacrm.core.receivables.matching import balance_of
from tests.covers import covers
from tests.flows.house import (
    BUYER,
    FINANCE,
    LEAD,
    blocked,
    entities,
    open_house,
    receipt,
    records,
    released,
    replayed,
    today,
    yuan,
)
from tests.flows.house import slip as slip_of
from tests.flows.scenarios_invoicing import VAT, an_invoice, billed
from tests.flows.scenarios_selling import owed
from tests.receivables.ledger import DAY
from tests.receivables.test_credit_notes import back

TAX = ["invoice.tax_mismatch"]


def shipped(quantity=10, fen=10_000, **more):
    base = Shipped(
        slip="OUT-1",
        number=1,
        customer="H-001",
        product="AMX",
        quantity=quantity,
        returned=0,
        amount=Money.of_minor(fen, "CNY"),
        tax_rate=VAT,
        invoiced=0,
        billed=yuan(0),
    )
    return evolve(base, **more)


def recorded(lines, known=None, red_of=None, reddable=None, **head):
    fields = {"id": "F-1", "customer": "H-001", "issued_on": DAY, "red_of": red_of}
    return record_invoice(InvoiceHead(**(fields | head)), lines, [known or shipped()], reddable or {}, on=DAY)


@covers("R-09", "XT-22")
@pytest.mark.parametrize(
    ("line", "known", "outcome", "codes"),
    [
        (billed(10, yuan(100)), {}, Outcome.ALLOWED, []),
        (billed(4, yuan(40)), {}, Outcome.ALLOWED, ["invoice.quantity_mismatch"]),
        (billed(8, yuan(80)), {"returned": 2}, Outcome.ALLOWED, []),
        (billed(9, yuan(90)), {"returned": 2}, Outcome.REFUSED, ["invoice.over_shipped"]),
        (billed(6, yuan(60)), {"invoiced": 4, "billed": yuan(40)}, Outcome.ALLOWED, []),
        (billed(7, yuan(70)), {"invoiced": 4, "billed": yuan(40)}, Outcome.REFUSED, ["invoice.over_shipped"]),
        (billed(10, yuan("100.01")), {}, Outcome.ALLOWED, ["invoice.amount_mismatch"]),
        (billed(10, yuan("100.02")), {}, Outcome.HELD, ["invoice.amount_mismatch"]),
        (billed(10, yuan("99.98")), {}, Outcome.HELD, ["invoice.amount_mismatch"]),
        (InvoicedLine("OUT-1", 1, 10, yuan(100), yuan(0)), {}, Outcome.HELD, TAX),
        (InvoicedLine("OUT-1", 1, 10, yuan("88.51"), yuan("11.49")), {}, Outcome.ALLOWED, []),
        (
            InvoicedLine("OUT-1", 1, 10, yuan("88.52"), yuan("11.48")),
            {},
            Outcome.HELD,
            ["invoice.tax_mismatch"],
        ),
        (billed(1, yuan(10), line=2), {}, Outcome.REFUSED, ["invoice.line_unknown"]),
        (billed(10, Money("100", "USD")), {}, Outcome.REFUSED, ["claim.currency_mismatch"]),
        (billed(10, yuan(100)), {"customer": "H-2"}, Outcome.REFUSED, ["invoice.other_customer"]),
    ],
)
def test_what_an_invoice_may_say(line, known, outcome, codes):
    decision = recorded([line], shipped(**known))
    assert decision.outcome is outcome
    assert list(dict.fromkeys(decision.codes)) == codes


def test_a_reason_names_the_line_and_both_values():
    (reason,) = recorded([billed(11, yuan(110))]).reasons
    assert (reason.subject, reason.field, reason.observed, reason.expected) == (
        "OUT-1/1",
        "quantity",
        "11",
        "10",
    )
    (reason,) = recorded([billed(10, yuan(105))]).reasons
    assert (reason.subject, reason.observed, reason.expected) == ("OUT-1/1", "CNY 105.00", "CNY 100.00")


@pytest.mark.parametrize(
    ("lines", "head", "code"),
    [
        ([], {}, "invoice.empty"),
        ([billed(10, yuan(100))], {"issued_on": DAY + timedelta(days=1)}, "invoice.future"),
    ],
)
def test_what_is_no_invoice(lines, head, code):
    assert recorded(lines, **head).codes == (code,)


@given(
    st.integers(1, 500),
    st.integers(0, 10**9),
    st.lists(st.integers(1, 200), min_size=1, max_size=10),
)
def test_law_invoices_that_follow_the_shares_sum_to_the_slip_exactly_and_never_more(quantity, fen, pieces):
    """In whatever pieces: nobody has to round, and what is refused leaves nothing."""
    known = shipped(quantity, fen)
    for number, piece in enumerate(pieces):
        after = known.invoiced + piece
        gross = known.charged(min(after, quantity)) - known.billed
        done = recorded([billed(piece, gross)], known, id=f"F-{number}")
        assert done.refused is (after > quantity)
        if done.value is not None:
            assert "invoice.amount_mismatch" not in done.codes
            known = evolve(known, invoiced=after, billed=known.billed + done.value.gross)
            (part,) = [
                c.entity for c in done.changes if isinstance(c, Save) and isinstance(c.entity, InvoiceLine)
            ]
            assert part.net + part.tax == part.gross == done.value.gross
    assert known.invoiced <= quantity
    assert known.billed == known.charged(known.invoiced)


@given(st.integers(1, 300), st.integers(0, 10**8), st.integers(1, 300), st.integers(1, 300))
def test_law_a_red_letter_takes_back_at_most_its_invoice_and_all_of_it_leaves_nothing(
    quantity, fen, first, red
):
    first = min(first, quantity)
    known = shipped(quantity, fen)
    blue = recorded([billed(first, known.charged(first))], known).expect()
    known = evolve(known, invoiced=first, billed=blue.gross)
    gross = known.billed - known.charged(max(first - red, 0))
    done = recorded([billed(red, gross)], known, red_of=blue, reddable={("OUT-1", 1, False): first}, id="F-2")
    assert done.refused is (red > first)
    if done.value is not None:
        assert done.value.red_of == "F-1"
        assert not done.value.gross.is_positive
        assert red != first or done.value.gross == -blue.gross


def test_balance_of_nothing_agrees():
    nothing = balance_of("SO-1", yuan(0), yuan(0), (), ())
    assert nothing.agrees
    assert (nothing.billable, nothing.open) == (yuan(0), yuan(0))


# ------------------------------------------------------------------------------------------ at the door


@covers("R-09", "XT-22")
def test_ticket_account_goods_and_money_agree():
    crm = open_house()
    owed(crm)
    crm.do(SetCreditLimit(customer=BUYER, limit=yuan(0), blocked=True, reason="停"), actor=FINANCE).expect()
    assert crm.do(an_invoice(crm, "F-1", billed(800, yuan(1000))), actor=FINANCE).codes == ()
    crm.do(receipt(crm, "R-1", 400), actor=FINANCE).expect()
    crm.do(AllocateReceipt(receipt="R-1"), actor=FINANCE).expect()
    found = crm.ask(BalanceOfOrder(order="SO-1"), actor=FINANCE)
    assert found.agrees
    assert (found.shipped, found.billable, found.invoiced) == (yuan(1000), yuan(1000), yuan(1000))
    assert (found.owed, found.received, found.open) == (yuan(1000), yuan(400), yuan(600))
    replayed(crm)


@covers("R-09", "UF-14")
def test_goods_that_come_back_after_the_invoice_want_a_red_letter():
    crm = open_house()
    owed(crm)
    crm.do(an_invoice(crm, "F-1", billed(800, yuan(1000))), actor=FINANCE).expect()
    back(crm, 200).expect()
    found = crm.ask(BalanceOfOrder(order="SO-1"), actor=FINANCE)
    assert [(each.code, each.observed, each.expected) for each in found.reasons] == [
        ("invoice.quantity_mismatch", "800", "600")
    ]
    assert (found.returned, found.billable, found.credited) == (yuan(250), yuan(750), yuan(250))
    red = an_invoice(crm, "F-2", billed(200, yuan(250)), red_of="F-1")
    assert crm.do(red, actor=FINANCE).codes == ()
    after = crm.ask(BalanceOfOrder(order="SO-1"), actor=FINANCE)
    assert after.agrees
    assert (after.invoiced, after.open) == (yuan(750), yuan(750))


def test_another_amount_waits_for_a_lead_and_is_then_recorded_as_it_is():
    crm = open_house()
    owed(crm)
    before = records(crm)
    held = crm.do(an_invoice(crm, "F-1", billed(800, yuan(990))), actor=FINANCE)
    assert (held.outcome, held.codes) == (Outcome.HELD, ("invoice.amount_mismatch",))
    assert "sales_invoice" not in before or not entities(crm, SalesInvoice)
    crm.do(PassHold(of=held.case, code="invoice.amount_mismatch", reason="协议价"), actor=LEAD).expect()
    assert crm.get(SalesInvoice, "F-1", actor=FINANCE).gross == yuan(990)
    assert not crm.ask(BalanceOfOrder(order="SO-1"), actor=FINANCE).agrees


def test_one_invoice_for_several_slips_and_none_twice():
    crm = open_house()
    released(crm)
    for id, quantity in (("OUT-1", 300), ("OUT-2", 500)):
        crm.do(slip_of("SO-1", id, quantity), actor="sun.ba").expect()
    lines = (billed(300, yuan(375)), billed(500, yuan(625), slip="OUT-2"))
    crm.do(an_invoice(crm, "F-1", *lines), actor=FINANCE).expect()
    again = crm.do(an_invoice(crm, "F-2", lines[1]), actor=FINANCE)
    assert blocked(again) == {"invoice.over_shipped"}
    assert today(crm) == crm.get(SalesInvoice, "F-1", actor=FINANCE).issued_on
