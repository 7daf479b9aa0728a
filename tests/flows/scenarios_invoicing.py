"""Scenarios that meet the reason codes of invoices."""

from datetime import timedelta
from typing import Any

from attrs import evolve

from pharmacrm.core.flows.invoicing import RecordInvoice
from pharmacrm.core.kernel.money import Money, Percentage
from pharmacrm.core.kernel.reason import Reason
from pharmacrm.core.receivables import InvoicedLine
from pharmacrm.core.terms import PublishTerms
from pharmacrm.crm import PharmaCRM
from pharmacrm.testing.company import open_account, release
from tests.flows.house import BUYER, FINANCE, placed, today, yuan
from tests.flows.scenarios import after, met
from tests.flows.scenarios_selling import owed

VAT = Percentage("13%")


def billed(
    quantity: int, gross: Money, *, slip: str = "OUT-1", line: int = 1, ahead: bool = False
) -> InvoicedLine:
    """A line of an invoice at the standard rate, the tax taken out of its gross amount."""
    tax = VAT.included_in(gross)
    return InvoicedLine(slip, line, quantity, gross - tax, tax, ahead=ahead)


def an_invoice(crm: PharmaCRM, id: str = "F-1", *lines: InvoicedLine, **more: Any) -> RecordInvoice:
    fields: dict[str, Any] = {"customer": BUYER, "issued_on": today(crm)}
    return RecordInvoice(id=id, lines=lines, **(fields | more))


@met(
    "invoice.exists",
    "invoice.empty",
    "invoice.future",
    "invoice.line_unknown",
    "invoice.other_customer",
    "invoice.over_shipped",
    "invoice.over_red",
    "invoice.red_of_red",
    "invoice.amount_mismatch",
    "invoice.tax_mismatch",
    "invoice.quantity_mismatch",
)
def _(crm: PharmaCRM) -> list[Reason]:
    open_account(crm, "H-2")
    owed(crm)
    half = billed(400, yuan(500))
    untaxed = InvoicedLine("OUT-1", 1, 400, yuan(500), yuan(0))
    first = an_invoice(crm, "F-1", half)
    red = an_invoice(crm, "F-2", half, red_of="F-1")
    return after(
        crm,
        (an_invoice(crm, issued_on=today(crm) + timedelta(days=1)), FINANCE),
        (evolve(first, customer="H-2"), FINANCE),
        (an_invoice(crm, "F-1", half, billed(1, yuan(1), line=2)), FINANCE),
        (an_invoice(crm, "F-1", billed(801, yuan(1000))), FINANCE),
        (an_invoice(crm, "F-1", billed(400, yuan(501))), FINANCE),
        (an_invoice(crm, "F-1", untaxed), FINANCE),
        (first, FINANCE),
        (first, FINANCE),
        (red, FINANCE),
        (evolve(red, id="F-3"), FINANCE),
        (evolve(red, id="F-3", red_of="F-2"), FINANCE),
    )


@met("invoice.terms_mismatch")
def _(crm: PharmaCRM) -> list[Reason]:
    crm.do(PublishTerms(code="W", terms="net 30", valid_from=today(crm)), actor=FINANCE).expect()
    owed(crm, "net 60")
    return after(crm, (an_invoice(crm, "F-1", billed(800, yuan(1000)), term_set="W"), FINANCE))


@met("invoice.over_ordered", "invoice.order_state")
def _(crm: PharmaCRM) -> list[Reason]:
    placed(crm, "SO-1", 1000)
    ahead = billed(801, yuan(1000), slip="SO-1", ahead=True)
    found = after(crm, (an_invoice(crm, "F-1", ahead), FINANCE))
    release(crm, "SO-1")
    return [*found, *after(crm, (an_invoice(crm, "F-1", ahead), FINANCE))]
