"""Invoices of the host at the door (开票登记), and what an order has come to (票账货款一致, R-09)."""

from collections.abc import Mapping
from datetime import date

from attrs import field, frozen

from pharmacrm.core.customers import Customer
from pharmacrm.core.flows.goods import by_key, shipped_of
from pharmacrm.core.flows.redating import first_invoiced, redated
from pharmacrm.core.kernel.dates import as_date
from pharmacrm.core.kernel.decision import Decision, accept, touch
from pharmacrm.core.kernel.domain import Domain
from pharmacrm.core.kernel.message import Command, Question, Reads
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.query import eq, is_in, is_null
from pharmacrm.core.kernel.strict import Id, OptionalId, strict
from pharmacrm.core.orders import OutboundSlip, ReturnOrder, SalesOrder
from pharmacrm.core.receivables import (
    Instalment,
    InvoicedLine,
    InvoiceLine,
    OrderBalance,
    Receivable,
    ReceivableKind,
    SalesInvoice,
)
from pharmacrm.core.receivables.again import invoice_again
from pharmacrm.core.receivables.invoices import InvoiceHead, Key, record_invoice
from pharmacrm.core.receivables.matching import balance_of
from pharmacrm.core.values.terms import Baseline


@frozen(kw_only=True, field_transformer=strict)
class RecordInvoice(Command[SalesInvoice]):
    """Record an invoice that the host has issued for slips of one customer; the id is its number (开票登记).

    The same invoice again changes nothing; another one under its number is refused.

    What does not match what was shipped is refused or held, with the line and both values. `red_of` makes it
    a red letter of that invoice: quantities and amounts are given without a sign.
    """

    id: Id
    customer: Id
    issued_on: date = field(converter=as_date)
    lines: tuple[InvoicedLine, ...]
    red_of: OptionalId = ""

    @property
    def amount(self) -> Money | None:
        """What its lines come to, gross and without a sign; None of none, and of several currencies."""
        parts = [part for line in self.lines for part in (line.net, line.tax)]
        if len({part.currency for part in parts}) != 1:
            return None
        return Money.total(parts, parts[0].currency)


@frozen(kw_only=True, field_transformer=strict)
class BalanceOfOrder(Question[OrderBalance]):
    """What an order has come to: shipped, returned, invoiced, received, open, and whether they agree."""

    order: Id


@RecordInvoice.handler
def on_record_invoice(command: RecordInvoice, read: Reads) -> Decision[SalesInvoice]:
    """Load the slips of the invoice, what was invoiced of them, and the invoice that it takes back."""
    customer = read.get(Customer, command.customer)
    blue = read.get(SalesInvoice, command.red_of) if command.red_of else None
    head = InvoiceHead(id=command.id, customer=customer.id, issued_on=command.issued_on, red_of=blue)
    known = read.seek(SalesInvoice, command.id)
    if known is not None:
        return invoice_again(known, read.find(InvoiceLine, eq("invoice", known.id)), head, command.lines)
    ids = sorted({line.slip for line in command.lines})
    slips = read.find(OutboundSlip, is_in("id", ids)) if ids else []
    done = record_invoice(head, command.lines, shipped_of(slips, read), _reddable(blue, read), on=read.on)
    first = () if blue else [slip for slip in slips if first_invoiced(slip, read) is None]
    dated = [redated(slip, Baseline.INVOICE, command.issued_on, read) for slip in first]
    return accept(
        done.value, done, *dated, *(touch(slip) for slip in slips), *([touch(blue)] if blue else [])
    )


@BalanceOfOrder.handler
def on_balance_of_order(question: BalanceOfOrder, read: Reads) -> OrderBalance:
    """Load the slips, returns, invoices and debts of the order; charges for being late are none of it."""
    order = read.get(SalesOrder, question.order)
    slips = read.find(OutboundSlip, eq("order", order.id), order=("issued_on",))
    kinds = (ReceivableKind.PREPAYMENT, ReceivableKind.CREDIT)
    debts = read.find(Receivable, eq("order", order.id), is_in("kind", kinds))
    back = read.find(ReturnOrder, eq("order", order.id), is_null("undone_on"))
    return balance_of(
        order.id,
        order.total,
        Money.total((each.amount for each in back), order.total.currency),
        shipped_of(slips, read),
        read.find(Instalment, is_in("receivable", [debt.id for debt in debts])) if debts else (),
    )


def _reddable(blue: SalesInvoice | None, read: Reads) -> Mapping[Key, int]:
    """What is left of an invoice after the red letters that it has."""
    if blue is None:
        return {}
    reds = [each.id for each in read.find(SalesInvoice, eq("red_of", blue.id))]
    lines = read.find(InvoiceLine, is_in("invoice", [blue.id, *reds]))
    return {key: sum(line.quantity for line in same) for key, same in by_key(lines).items()}


domain = Domain(
    name="invoicing",
    handlers=(on_record_invoice, on_balance_of_order),
    rights={
        "finance": (RecordInvoice, BalanceOfOrder),
        "erp": (RecordInvoice,),
        **dict.fromkeys(("sales", "assistant", "lead", "admin", "auditor"), (BalanceOfOrder,)),
    },
)
