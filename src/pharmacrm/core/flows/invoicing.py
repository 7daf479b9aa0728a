"""Invoices of the host at the door (开票登记), and what an order has come to (票账货款一致, R-09)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final

from attrs import field, frozen

from pharmacrm.core.customers import Customer
from pharmacrm.core.flows.goods import by_key, ordered_of, shipped_of, still_ahead
from pharmacrm.core.flows.paying import agreed_terms
from pharmacrm.core.flows.redating import first_invoiced, redated
from pharmacrm.core.kernel.dates import as_date
from pharmacrm.core.kernel.decision import Decision, accept, refuse, touch
from pharmacrm.core.kernel.domain import Domain
from pharmacrm.core.kernel.message import Command, Question, Reads
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.query import eq, is_in, is_null
from pharmacrm.core.kernel.reason import Reason
from pharmacrm.core.kernel.strict import Id, OptionalId, strict
from pharmacrm.core.orders import OrderState, OutboundSlip, ReturnOrder, SalesOrder
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
from pharmacrm.core.receivables.invoice_reasons import INVOICE_ORDER_STATE, INVOICE_TERMS
from pharmacrm.core.receivables.invoices import InvoiceHead, Key, record_invoice
from pharmacrm.core.receivables.matching import balance_of
from pharmacrm.core.values.terms import Baseline


@frozen(kw_only=True, field_transformer=strict)
class RecordInvoice(Command[SalesInvoice]):
    """Record an invoice that the host has issued for slips of one customer; the id is its number (开票登记).

    The same invoice again changes nothing; another one under its number is refused.

    What does not match what was shipped is refused or held, with the line and both values. A line that is
    `ahead` is of an order whose goods have not left. `red_of` makes it a red letter of that invoice:
    quantities and amounts are given without a sign. A `term_set` that it names has to be what was sold at.
    """

    id: Id
    customer: Id
    issued_on: date = field(converter=as_date)
    lines: tuple[InvoicedLine, ...]
    red_of: OptionalId = ""
    term_set: OptionalId = ""

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


EXPECTED: Final = frozenset({OrderState.RELEASED, OrderState.PART_SHIPPED, OrderState.SHIPPED})
"""Orders of which goods are to come, or have come: these may be invoiced ahead."""


@RecordInvoice.handler
def on_record_invoice(command: RecordInvoice, read: Reads) -> Decision[SalesInvoice]:
    """Load the slips of the invoice, what was invoiced of them, and the invoice that it takes back."""
    customer = read.get(Customer, command.customer)
    blue = read.get(SalesInvoice, command.red_of) if command.red_of else None
    orders = _orders({line.slip for line in command.lines if line.ahead}, read)
    ids = sorted({line.slip for line in command.lines if not line.ahead})
    slips = _slips(ids, [order.id for order in orders], read)
    guarded = _orders({slip.order for slip in slips} - {order.id for order in orders}, read)
    named = [slip for slip in slips if slip.id in ids]
    sold = [*orders, *(order for order in guarded if order.id in {slip.order for slip in named})]
    terms = _terms(command, sold, read)
    if terms.value is None:
        return refuse(*terms.reasons)
    head = InvoiceHead(
        id=command.id,
        customer=customer.id,
        issued_on=command.issued_on,
        red_of=blue,
        term_version=terms.value,
    )
    known = read.seek(SalesInvoice, command.id)
    if known is not None:
        return invoice_again(known, read.find(InvoiceLine, eq("invoice", known.id)), head, command.lines)
    goods = (*shipped_of(slips, read), *ordered_of(orders, read))
    done = record_invoice(head, command.lines, goods, _reddable(blue, read), on=read.on)
    first = () if blue else [slip for slip in named if first_invoiced(slip, read) is None]
    dated = [redated(slip, Baseline.INVOICE, command.issued_on, read) for slip in first]
    rest = (*slips, *orders, *guarded, *([blue] if blue else []))
    over = () if blue else _over(orders)
    return accept(done.value, over, terms, done, *dated, *(touch(each) for each in rest))


def _terms(command: RecordInvoice, orders: Sequence[SalesOrder], read: Reads) -> Decision[str]:
    """The version of the term set that an invoice names, which is that of its orders; '' if it names none."""
    if not command.term_set:
        return accept("")
    pinned = {order.term_version for order in orders}
    agreed = agreed_terms(
        command.id,
        None,
        command.term_set,
        on=command.issued_on,
        read=read,
        pinned=pinned.pop() if len(pinned) == 1 else "",
    )
    if agreed.value is None:
        return refuse(*agreed.reasons)
    named = agreed.value
    return accept(
        named.version,
        tuple(
            INVOICE_TERMS(order.id, field="term_set", observed=named.version, expected=order.term_version)
            for order in orders
            if order.terms != named.terms
        ),
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
        still_ahead(order.id, read),
    )


def _over(orders: Iterable[SalesOrder]) -> list[Reason]:
    """A reason for each order of which nothing is to come: it has nothing to be invoiced ahead."""
    return [
        INVOICE_ORDER_STATE(order.id, field="state", observed=order.state)
        for order in orders
        if order.state not in EXPECTED
    ]


def _orders(ids: Iterable[str], read: Reads) -> list[SalesOrder]:
    wanted = sorted(ids)
    return read.find(SalesOrder, is_in("id", wanted)) if wanted else []


def _slips(ids: Sequence[str], orders: Sequence[str], read: Reads) -> list[OutboundSlip]:
    """The slips that an invoice names, and all of the orders of which it invoices goods ahead."""
    found = read.find(OutboundSlip, is_in("id", ids)) if ids else []
    found += read.find(OutboundSlip, is_in("order", orders)) if orders else []
    return list({slip.id: slip for slip in found}.values())


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
