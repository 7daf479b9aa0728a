"""What each document moves between the accounts of the customers' ledger (会计分录), told from its record."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any, Final

from attrs import evolve

from pharmacrm.core.collections.ledger import LedgerRole, Movement, MovementKind
from pharmacrm.core.kernel.lookup import Lookup
from pharmacrm.core.orders import OutboundSlip
from pharmacrm.core.receivables import (
    Adjustment,
    AdjustmentKind,
    Allocation,
    BankBill,
    CreditNote,
    Instalment,
    Receipt,
    Receivable,
    ReceivableKind,
    Refund,
    SalesInvoice,
)
from pharmacrm.core.receivables.bills import BillState
from pharmacrm.core.values.trade import PaymentMethod

RECEIVABLE, ADVANCE, SALES = LedgerRole.RECEIVABLE, LedgerRole.ADVANCE, LedgerRole.SALES
CHARGES: Final = frozenset({ReceivableKind.COST, ReceivableKind.INTEREST})
LEFT: Final = {BillState.COLLECTED: LedgerRole.BANK, BillState.DISCOUNTED: LedgerRole.BANK}
ADJUSTED: Final[Mapping[AdjustmentKind, tuple[MovementKind, LedgerRole]]] = {
    AdjustmentKind.CREDIT_NOTE: (MovementKind.ALLOCATION, ADVANCE),
    AdjustmentKind.WRITE_OFF: (MovementKind.WRITE_OFF, LedgerRole.WRITE_OFF),
}
"""What an adjustment is called, and on which account it is booked; new due dates book nothing."""


def of_slip(slip: OutboundSlip) -> Iterator[Movement]:
    """Goods that left, on credit or paid in advance, and the tax in them."""
    whole = Movement(
        on=slip.issued_on,
        kind=MovementKind.SHIPMENT,
        document=slip.id,
        customer=slip.buyer,
        debit=RECEIVABLE,
        credit=SALES,
        amount=slip.credit,
    )
    yield whole
    yield evolve(whole, debit=ADVANCE, amount=slip.amount - slip.credit)
    for part in slip.taxes:
        tax = evolve(whole, debit=SALES, credit=LedgerRole.DEFERRED_TAX, amount=part.tax, rate=part.rate)
        yield tax


def of_invoice(invoice: SalesInvoice) -> Iterator[Movement]:
    """The tax of an invoice becomes due; that of a red letter is negative."""
    for part in invoice.taxes:
        yield Movement(
            on=invoice.issued_on,
            kind=MovementKind.INVOICE,
            document=invoice.id,
            customer=invoice.customer,
            debit=LedgerRole.DEFERRED_TAX,
            credit=LedgerRole.OUTPUT_TAX,
            amount=part.tax,
            rate=part.rate,
        )


def of_charge(owed: Receivable) -> Iterator[Movement]:
    """A cost or interest that was charged for being late; other debts are booked with their slip."""
    if owed.kind in CHARGES:
        yield Movement(
            on=owed.opened_on,
            kind=MovementKind.CHARGE,
            document=owed.id,
            customer=owed.customer,
            debit=RECEIVABLE,
            credit=LedgerRole.CHARGES,
            amount=owed.amount,
        )


def of_receipt(receipt: Receipt, *, bill: bool) -> Iterator[Movement]:
    """Money that has cleared, by its value date, and money that did not come after all."""
    if receipt.cleared:
        came = Movement(
            on=receipt.value_date,
            kind=MovementKind.RECEIPT,
            document=receipt.id,
            customer=receipt.payer,
            debit=LedgerRole.BILLS if bill else _purse(receipt.method),
            credit=ADVANCE,
            amount=receipt.amount,
        )
        yield from _until(came, receipt.reversed_on)


def of_bill(bill: BankBill) -> Iterator[Movement]:
    """A bill that was paid, discounted or passed on; who held it after us may come back for all of it."""
    if bill.passed is None or bill.moved_on is None:
        return
    left = Movement(
        on=bill.moved_on,
        kind=MovementKind.BILL,
        document=bill.id,
        customer=bill.customer,
        debit=LEFT.get(bill.passed, LedgerRole.ENDORSED),
        credit=LedgerRole.BILLS,
        amount=bill.amount,
    )
    yield from _until(left, bill.dishonoured_on)
    yield evolve(left, debit=LedgerRole.BILL_COST, credit=left.debit, amount=bill.charge)


def of_credit_note(note: CreditNote) -> Iterator[Movement]:
    """A credit note as a whole, with the tax in it: what it settles comes off the advance, like money."""
    given = Movement(
        on=note.issued_on,
        kind=MovementKind.CREDIT_NOTE,
        document=note.id,
        customer=note.customer,
        debit=LedgerRole.CREDIT_NOTE,
        credit=ADVANCE,
        amount=note.amount,
    )
    yield from _until(given, note.reversed_on)
    for part in note.taxes:
        role = LedgerRole.DEFERRED_TAX
        tax = evolve(given, debit=role, credit=LedgerRole.CREDIT_NOTE, amount=part.tax, rate=part.rate)
        yield from _until(tax, note.reversed_on)


def of_refund(refund: Refund) -> Iterator[Movement]:
    """Money on account that was paid back, and refunds that were undone."""
    paid = Movement(
        on=refund.paid_on,
        kind=MovementKind.REFUND,
        document=refund.id,
        customer=refund.customer,
        debit=ADVANCE,
        credit=_purse(refund.method),
        amount=refund.amount,
    )
    yield from _until(paid, refund.undone_on)


def of_allocation(each: Allocation, item: Instalment) -> Iterator[Movement]:
    """Money in hand that settled a debt, with the discount granted; what is prepaid stays in hand."""
    if item.kind.on_credit:
        settled = _settling(each, item, MovementKind.ALLOCATION, ADVANCE)
        yield from _until(settled, each.undone_on)
        granted = evolve(settled, kind=MovementKind.DISCOUNT, debit=LedgerRole.DISCOUNT, amount=each.discount)
        yield from _until(granted, each.undone_on)


def of_adjustment(each: Adjustment, item: Instalment) -> Iterator[Movement]:
    """What a document without money settled of a debt."""
    if item.kind.on_credit and each.kind in ADJUSTED:
        yield from _until(_settling(each, item, *ADJUSTED[each.kind]), each.undone_on)


def _settling(
    each: Allocation | Adjustment, item: Instalment, kind: MovementKind, role: LedgerRole
) -> Movement:
    return Movement(
        on=each.on,
        kind=kind,
        document=each.id,
        customer=item.customer,
        debit=role,
        credit=RECEIVABLE,
        amount=each.amount,
    )


def _purse(method: PaymentMethod) -> LedgerRole:
    return LedgerRole.CASH if method is PaymentMethod.CASH else LedgerRole.BANK


def _until(moved: Movement, back: date | None) -> Iterator[Movement]:
    """A movement, and the one that takes it back if it was undone."""
    yield moved
    if back is not None:
        yield moved.undone(back)


def _receipt(receipt: Receipt, read: Lookup) -> Iterator[Movement]:
    held = receipt.method is PaymentMethod.BANK_ACCEPTANCE
    return of_receipt(receipt, bill=held and read.seek(BankBill, receipt.id) is not None)


def _of_item(tell: Callable[[Any, Instalment], Iterator[Movement]]) -> "Teller":
    return lambda each, read: tell(each, read.get(Instalment, each.instalment))


def _alone(tell: Callable[[Any], Iterator[Movement]]) -> "Teller":
    return lambda each, _: tell(each)


Teller = Callable[[Any, Lookup], Iterator[Movement]]

TELLERS: Final[Mapping[type, Teller]] = {
    OutboundSlip: _alone(of_slip),
    SalesInvoice: _alone(of_invoice),
    Receivable: _alone(of_charge),
    BankBill: _alone(of_bill),
    CreditNote: _alone(of_credit_note),
    Refund: _alone(of_refund),
    Receipt: _receipt,
    Allocation: _of_item(of_allocation),
    Adjustment: _of_item(of_adjustment),
}
"""What tells the movements of each kind of record that books something."""


def told(entity: Any, read: Lookup) -> tuple[Movement, ...]:
    """Tell what an entity moves; nothing of a kind that books nothing."""
    tell = TELLERS.get(type(entity))
    return tuple(each for each in tell(entity, read) if each.amount) if tell else ()
