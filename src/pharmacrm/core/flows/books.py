"""The books of customers (往来账): what slips, receipts and settlements move, told from the records."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date

from attrs import frozen

from pharmacrm.core.collections.ledger import LedgerRole, Movement, MovementKind
from pharmacrm.core.collections.statement import StatementItem
from pharmacrm.core.kernel.message import Reads
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.query import Condition, eq, le
from pharmacrm.core.orders import OutboundSlip
from pharmacrm.core.receivables import Adjustment, AdjustmentKind, CreditNote, Instalment, Receipt, Refund
from pharmacrm.core.receivables.history import ON_CREDIT, History, charges_of, read_history
from pharmacrm.core.receivables.model import Settlement

RECEIVABLE, ADVANCE, BANK = LedgerRole.RECEIVABLE, LedgerRole.ADVANCE, LedgerRole.BANK
SALES, CHARGES = LedgerRole.SALES, LedgerRole.CHARGES

_ADJUSTED: Mapping[AdjustmentKind, tuple[MovementKind, LedgerRole]] = {
    AdjustmentKind.CREDIT_NOTE: (MovementKind.ALLOCATION, LedgerRole.ADVANCE),
    AdjustmentKind.WRITE_OFF: (MovementKind.WRITE_OFF, LedgerRole.WRITE_OFF),
    AdjustmentKind.RESCHEDULING: (MovementKind.RESCHEDULING, LedgerRole.SALES),
}
"""What an adjustment is called, and on which account it is booked against the debt."""


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
    """Read what was shipped, received and settled through a day."""
    history = read_history(read, through, currency=currency, customer=customer, where=(ON_CREDIT,))

    def of(field: str) -> tuple[Condition, ...]:
        return (eq(field, customer),) if customer else ()

    charges = charges_of(read, customer)
    slips = read.find(OutboundSlip, le("issued_on", through), *of("buyer"))
    notes = read.find(CreditNote, le("issued_on", through), *of("customer"))
    moved = (
        *_opened(history.items, charges),
        *_used(each for each in slips if each.amount.currency == currency),
        *_received(each for each in read.find(Receipt, *of("payer")) if each.amount.currency == currency),
        *_credited(each for each in notes if each.amount.currency == currency),
        *_refunded(each for each in read.find(Refund, *of("customer")) if each.amount.currency == currency),
        *_settled(history, charges),
    )
    return Books(
        through=through,
        currency=currency,
        movements=tuple(each for each in moved if each.on <= through and each.amount),
        history=history,
    )


def _opened(items: Sequence[Instalment], charges: Collection[str]) -> Iterator[Movement]:
    """Debts as they were opened, opened anew and cancelled; what is charged for being late is no sale."""
    opened: dict[tuple[str, date], list[Instalment]] = {}
    first: dict[str, date] = {}
    for item in items:
        other = CHARGES if item.receivable in charges else SALES
        opened.setdefault((item.receivable, item.opened_on), []).append(item)
        first[item.receivable] = min(item.opened_on, first.get(item.receivable, item.opened_on))
        if item.cancelled_on is not None:
            kind, day = MovementKind.CANCELLATION, item.cancelled_on
            yield _movement(day, kind, item.id, item, other, RECEIVABLE, item.cancelled)
    for (receivable, day), parts in opened.items():
        charged = receivable in charges
        kind = MovementKind.CHARGE if charged else MovementKind.SHIPMENT
        kind = kind if day == first[receivable] else MovementKind.RESCHEDULING
        whole = Money.total((part.amount for part in parts), parts[0].amount.currency)
        other = CHARGES if charged else SALES
        yield _movement(day, kind, receivable, parts[0], RECEIVABLE, other, whole)


def _used(slips: Iterable[OutboundSlip]) -> Iterator[Movement]:
    """What of each slip was paid in advance."""
    for slip in slips:
        yield Movement(
            on=slip.issued_on,
            kind=MovementKind.SHIPMENT,
            document=slip.id,
            customer=slip.buyer,
            debit=ADVANCE,
            credit=SALES,
            amount=slip.amount - slip.credit,
        )


def _credited(notes: Iterable[CreditNote]) -> Iterator[Movement]:
    """Credit notes as a whole: what they settle comes off the advance, like money."""
    for note in notes:
        given = Movement(
            on=note.issued_on,
            kind=MovementKind.CREDIT_NOTE,
            document=note.id,
            customer=note.customer,
            debit=LedgerRole.CREDIT_NOTE,
            credit=ADVANCE,
            amount=note.amount,
        )
        yield given
        if note.reversed_on is not None:
            yield given.undone(note.reversed_on)


def _received(receipts: Iterable[Receipt]) -> Iterator[Movement]:
    """Money that has cleared, by its value date, and money that did not come after all."""
    for each in receipts:
        if each.cleared:
            came = Movement(
                on=each.value_date,
                kind=MovementKind.RECEIPT,
                document=each.id,
                customer=each.payer,
                debit=BANK,
                credit=ADVANCE,
                amount=each.amount,
            )
            yield came
            if each.reversed_on is not None:
                yield came.undone(each.reversed_on)


def _refunded(refunds: Iterable[Refund]) -> Iterator[Movement]:
    """Money on account that was paid back, and refunds that were undone."""
    for each in refunds:
        paid = Movement(
            on=each.paid_on,
            kind=MovementKind.REFUND,
            document=each.id,
            customer=each.customer,
            debit=ADVANCE,
            credit=BANK,
            amount=each.amount,
        )
        yield paid
        if each.undone_on is not None:
            yield paid.undone(each.undone_on)


def _settled(history: History, charges: Collection[str]) -> Iterator[Movement]:
    """What lowered the debts: money in hand, discounts, and documents without money."""
    of = {item.id: item for item in history.items}
    every: list[Settlement] = [*history.allocations, *history.adjustments]
    for each in every:
        for moved in _moves(each, of[each.instalment], charges):
            yield moved
            if each.undone_on is not None:
                yield moved.undone(each.undone_on)


def _moves(each: Settlement, item: Instalment, charges: Collection[str]) -> Iterator[Movement]:
    if isinstance(each, Adjustment):
        kind, role = _ADJUSTED[each.kind]
        role = CHARGES if role is SALES and item.receivable in charges else role
        yield _movement(each.on, kind, each.id, item, role, RECEIVABLE, each.amount)
        return
    yield _movement(each.on, MovementKind.ALLOCATION, each.id, item, ADVANCE, RECEIVABLE, each.amount)
    discount = LedgerRole.DISCOUNT
    yield _movement(each.on, MovementKind.DISCOUNT, each.id, item, discount, RECEIVABLE, each.discount)


def _movement(
    on: date,
    kind: MovementKind,
    document: str,
    item: Instalment,
    debit: LedgerRole,
    credit: LedgerRole,
    amount: Money,
) -> Movement:
    return Movement(
        on=on,
        kind=kind,
        document=document,
        customer=item.customer,
        debit=debit,
        credit=credit,
        amount=amount,
    )


def open_items(books: Books, customer: str, advance: Money) -> list[StatementItem]:
    """What a customer's balance is made of: open debts by due day, and what was paid in advance."""
    debts = [
        StatementItem(document=item.id, due=item.due, amount=amount)
        for item, amount in books.receivables(customer)
    ]
    debts.sort(key=lambda each: (each.due or date.min, each.document))
    paid = [StatementItem(document=ADVANCE.value, due=None, amount=advance)] if advance else []
    return [*debts, *paid]
