"""The billing office: what left the warehouse is invoiced on the next working day, and that is recorded."""

from datetime import timedelta

from attrs import frozen

from pharmacrm.core.flows.invoicing import RecordInvoice
from pharmacrm.core.kernel.query import eq, ge, is_in, lt
from pharmacrm.core.orders import OrderLine, OutboundSlip, SlipLine
from pharmacrm.core.receivables import InvoicedLine, SalesInvoice
from pharmacrm.demo.cast import ACCOUNTANT
from pharmacrm.demo.company import Company

LATEST = timedelta(days=30)
"""How far back the office looks for goods that it has not invoiced; no holidays are longer."""


@frozen
class Billing:
    """Finance at the invoicing machine."""

    company: Company

    def invoices(self) -> None:
        """Record the invoice of every slip of an earlier day that has none."""
        today, crm = self.company.today, self.company.crm
        days = ge("issued_on", today - LATEST), lt("issued_on", today)
        slips = crm.find(OutboundSlip, *days, actor=ACCOUNTANT)
        numbers = [invoice_of(slip) for slip in slips]
        issued = crm.find(SalesInvoice, is_in("id", numbers), actor=ACCOUNTANT) if numbers else []
        known = {invoice.id for invoice in issued}
        for slip in slips:
            if invoice_of(slip) not in known:
                self._invoice(slip)

    def _invoice(self, slip: OutboundSlip) -> None:
        crm = self.company.crm
        rates = {
            line.number: line.tax_rate
            for line in crm.find(OrderLine, eq("order", slip.order), actor=ACCOUNTANT)
        }
        lines = []
        for line in crm.find(SlipLine, eq("slip", slip.id), order=("number",), actor=ACCOUNTANT):
            tax = rates[line.order_line].included_in(line.amount)
            lines.append(InvoicedLine(slip.id, line.number, line.quantity, line.amount - tax, tax))
        invoice = RecordInvoice(
            id=invoice_of(slip), customer=slip.buyer, issued_on=self.company.today, lines=tuple(lines)
        )
        self.company.later(1)
        self.company.do(invoice, actor=ACCOUNTANT, key=f"invoice/{slip.id}").expect()


def invoice_of(slip: OutboundSlip) -> str:
    """The number of the invoice for a slip."""
    return f"FP-{slip.id}"
