"""The books of customers (往来账): what slips, receipts and settlements move, told from the records."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from itertools import chain
from typing import TypeVar

from attrs import frozen

from pharmacrm.core.collections.ledger import Movement
from pharmacrm.core.collections.statement import StatementItem
from pharmacrm.core.flows.movements import (
    ADVANCE,
    CHARGES,
    of_adjustment,
    of_allocation,
    of_bill,
    of_charge,
    of_credit_note,
    of_invoice,
    of_receipt,
    of_refund,
    of_slip,
)
from pharmacrm.core.kernel.message import Reads
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.query import Condition, eq, is_in, le
from pharmacrm.core.orders import OutboundSlip
from pharmacrm.core.receivables import (
    BankBill,
    CreditNote,
    Instalment,
    Receipt,
    Receivable,
    Refund,
    SalesInvoice,
)
from pharmacrm.core.receivables.history import ON_CREDIT, History, read_history

E = TypeVar("E")


@frozen(kw_only=True)
class Books:
    """Everything of one currency that has moved by the end of a day, of one customer or of all."""

    through: date
    currency: str
    movements: tuple[Movement, ...]
    history: History

    def receivables(self, customer: str = "") -> Iterator[tuple[Instalment, Money]]:
        """What was open at the end of the day of each instalment on credit."""
        for item in self.history.items:
            if customer in {"", item.customer}:
                amount = self.history.open_on(item, self.through)
                if amount:
                    yield item, amount


def read_books(read: Reads, through: date, *, currency: str, customer: str = "") -> Books:
    """Read what was shipped, invoiced, received and settled through a day."""
    history = read_history(read, through, currency=currency, customer=customer, where=(ON_CREDIT,))

    def of(field: str) -> tuple[Condition, ...]:
        return (eq(field, customer),) if customer else ()

    bills = read.find(BankBill, *of("customer"))
    held = {bill.id for bill in bills}
    moved = chain(
        _told(of_charge, read.find(Receivable, is_in("kind", sorted(CHARGES)), *of("customer"))),
        _told(of_slip, read.find(OutboundSlip, le("issued_on", through), *of("buyer"))),
        _told(of_invoice, read.find(SalesInvoice, le("issued_on", through), *of("customer"))),
        _told(of_credit_note, read.find(CreditNote, le("issued_on", through), *of("customer"))),
        _told(lambda each: of_receipt(each, bill=each.id in held), read.find(Receipt, *of("payer"))),
        _told(of_bill, bills),
        _told(of_refund, read.find(Refund, *of("customer"))),
        _settled(history),
    )
    return Books(
        through=through,
        currency=currency,
        movements=tuple(
            each for each in moved if each.on <= through and each.amount and each.amount.currency == currency
        ),
        history=history,
    )


def _told(tell: Callable[[E], Iterator[Movement]], entities: Iterable[E]) -> Iterator[Movement]:
    return chain.from_iterable(map(tell, entities))


def _settled(history: History) -> Iterator[Movement]:
    """What lowered the debts: money in hand, discounts, and documents without money."""
    of = {item.id: item for item in history.items}
    for money in history.allocations:
        yield from of_allocation(money, of[money.instalment])
    for paper in history.adjustments:
        yield from of_adjustment(paper, of[paper.instalment])


def open_items(books: Books, customer: str, advance: Money) -> list[StatementItem]:
    """What a customer's balance is made of: open debts by due day, and what was paid in advance."""
    debts = [
        StatementItem(document=item.id, due=item.due, amount=amount)
        for item, amount in books.receivables(customer)
    ]
    debts.sort(key=lambda each: (each.due or date.min, each.document))
    paid = [StatementItem(document=ADVANCE.value, due=None, amount=advance)] if advance else []
    return [*debts, *paid]
