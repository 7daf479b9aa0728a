"""The prepayment of an order that is amended, rejected or cancelled: its money goes back on account."""

from collections.abc import Iterable, Sequence
from datetime import date

from attrs import frozen

from pharmacrm.core.credit.foreign import Account
from pharmacrm.core.credit.movements import take
from pharmacrm.core.flows.lines import seek_account
from pharmacrm.core.kernel.decision import Decision, accept
from pharmacrm.core.kernel.message import Reads
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.query import eq, is_in
from pharmacrm.core.receivables import (
    Adjustment,
    AdjustmentKind,
    Allocation,
    CreditNote,
    Instalment,
    Receipt,
    Receivable,
    ReceivableKind,
)
from pharmacrm.core.receivables.credit_notes import unapply_credit_note
from pharmacrm.core.receivables.opening import cancel_open
from pharmacrm.core.receivables.undoing import undo_allocations


@frozen
class Prepayments:
    """What was to be prepaid for an order, what was paid for it, and the buyer's credit line."""

    receivables: Sequence[Receivable]
    instalments: Sequence[Instalment]
    receipts: Sequence[Receipt]
    allocations: Sequence[Allocation]
    notes: Sequence[CreditNote]
    adjustments: Sequence[Adjustment]
    line: Account | None


def read_prepayments(read: Reads, *orders: str) -> Prepayments:
    """Read the prepayments of an order, or of several of one buyer, and the money allocated to them."""
    mine = eq("order", orders[0]) if len(orders) == 1 else is_in("order", sorted(orders))
    receivables = read.find(Receivable, mine, eq("kind", ReceivableKind.PREPAYMENT))
    ids = [each.id for each in receivables]
    instalments = read.find(Instalment, is_in("receivable", ids)) if ids else []
    allocations = read.find(Allocation, is_in("receivable", ids), eq("undone", value=False)) if ids else []
    receipts = [read.get(Receipt, id) for id in sorted({each.receipt for each in allocations})]
    credited = (eq("kind", AdjustmentKind.CREDIT_NOTE), eq("undone", value=False))
    adjustments = read.find(Adjustment, is_in("receivable", ids), *credited) if ids else []
    notes = [read.get(CreditNote, id) for id in sorted({each.document for each in adjustments})]
    owed = receivables[0] if receivables else None
    line = None if owed is None else seek_account(read, owed.customer, owed.amount.currency)
    return Prepayments(receivables, instalments, receipts, allocations, notes, adjustments, line)


def given_up(known: Prepayments, *, on: date) -> Decision[None]:
    """Undo what was paid or credited for the prepayments, and cancel what is open of them."""
    parts = {part.id: part for part in known.instalments}
    decisions: list[Decision[object]] = []
    for receipt in known.receipts:
        own = [each for each in known.allocations if each.receipt == receipt.id]
        undone = undo_allocations(receipt, known.receivables, tuple(parts.values()), own, on=on)
        parts |= {change.id: change for change in _instalments(undone)}
        back = Money.total((each.amount for each in own), receipt.amount.currency)
        decisions += [undone, take(known.line, back, customer=receipt.payer, cause=receipt.id)]
    for note in known.notes:
        made = [each for each in known.adjustments if each.document == note.id]
        unused = unapply_credit_note(note, known.receivables, tuple(parts.values()), made, on=on)
        parts |= {change.id: change for change in _instalments(unused)}
        again = Money.total((each.amount for each in made), note.amount.currency)
        decisions += [unused, take(known.line, again, customer=note.customer, cause=note.id)]
    decisions += [cancel_open(each, _of(parts.values(), each), on=on) for each in known.receivables]
    return accept(None, *decisions)


def _instalments(decision: Decision[object]) -> list[Instalment]:
    saved = (getattr(change, "entity", None) for change in decision.changes)
    return [entity for entity in saved if isinstance(entity, Instalment)]


def _of(parts: Iterable[Instalment], receivable: Receivable) -> list[Instalment]:
    return [part for part in parts if part.receivable == receivable.id]
