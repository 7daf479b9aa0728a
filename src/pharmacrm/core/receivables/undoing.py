"""Undoing allocations, and reversing a receipt whose money did not come (撤销核销, 退票冲销)."""

from collections.abc import Iterable, Sequence
from datetime import date

from attrs import evolve

from pharmacrm.core.kernel.change import Event
from pharmacrm.core.kernel.decision import Decision, accept, save, tell
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.reason import Reason, Severity
from pharmacrm.core.receivables.allocation import Allocated, settle, touched
from pharmacrm.core.receivables.events import AllocationsUndone, ReceiptReversed
from pharmacrm.core.receivables.model import Allocation, Instalment, Receipt, Receivable
from pharmacrm.core.receivables.reasons import ALLOCATION_UNKNOWN, INSTALMENT_UNKNOWN, RECEIPT_REVERSED
from pharmacrm.core.receivables.refund_reasons import REFUND_STANDS


def undo_allocations(
    receipt: Receipt,
    receivables: Iterable[Receivable],
    instalments: Sequence[Instalment],
    allocations: Sequence[Allocation],
    *,
    on: date,
) -> Decision[Allocated]:
    """Undo allocations of a receipt: what they settled is open again, the money is on account.

    Discounts granted with them are owed again. What was undone before stays so. `instalments` and
    `receivables` are those of the allocations; the value has the allocations undone now.
    """
    undone = _undone(allocations, on)
    event = AllocationsUndone(subject=receipt.id, customer=receipt.payer)
    return _stored(_without(receipt, undone), receivables, instalments, undone, event)


def reverse_receipt(
    receipt: Receipt,
    receivables: Iterable[Receivable],
    instalments: Sequence[Instalment],
    allocations: Sequence[Allocation],
    *,
    on: date,
    reason: str,
) -> Decision[Allocated]:
    """Reverse a receipt with all its allocations; reversing it twice changes nothing (退票冲销).

    What of it was refunded is taken back before (`undo_refund`).
    """
    if receipt.reversed_on is not None:
        known = RECEIPT_REVERSED(receipt.id, field="reversed_on", observed=receipt.reversed_on)
        return accept(Allocated(receipt), known.weighed(Severity.INFO))
    if receipt.refunded:
        return accept(None, REFUND_STANDS(receipt.id, field="refunded", observed=receipt.refunded))
    undone = _undone(allocations, on)
    after = evolve(_without(receipt, undone), reversed_on=on, reverse_reason=reason)
    event = ReceiptReversed(subject=receipt.id, customer=receipt.payer)
    return _stored(after, receivables, instalments, undone, event)


def _undone(allocations: Iterable[Allocation], on: date) -> tuple[Allocation, ...]:
    return tuple(evolve(part, undone=True, undone_on=on) for part in allocations if not part.undone)


def _without(receipt: Receipt, undone: Iterable[Allocation]) -> Receipt:
    total = Money.total((part.amount for part in undone), receipt.amount.currency)
    return evolve(receipt, allocated=receipt.allocated - total)


def _stored(
    after: Receipt,
    receivables: Iterable[Receivable],
    instalments: Sequence[Instalment],
    undone: tuple[Allocation, ...],
    event: Event,
) -> Decision[Allocated]:
    reasons = _known(after, instalments, undone)
    if reasons or (not undone and after.reversed_on is None):
        return accept(Allocated(after, undone), reasons)
    changed = _given_back(instalments, undone)
    return accept(
        Allocated(after, undone), save(after, *undone, *changed), touched(receivables, changed), tell(event)
    )


def _given_back(instalments: Sequence[Instalment], undone: Iterable[Allocation]) -> tuple[Instalment, ...]:
    current = {part.id: part for part in instalments}
    for part in undone:
        current[part.instalment] = settle(current[part.instalment], -part.amount, -part.discount)
    return tuple(current[part.id] for part in instalments if current[part.id] != part)


def _known(
    receipt: Receipt, instalments: Sequence[Instalment], undone: Sequence[Allocation]
) -> tuple[Reason, ...]:
    """Refuse allocations of another receipt, and those whose instalment was not handed in."""
    ids = {part.id for part in instalments}
    strange = [part for part in undone if part.receipt != receipt.id]
    lost = [part for part in undone if part.instalment not in ids]
    return (
        *(ALLOCATION_UNKNOWN(receipt.id, field="allocations", observed=part.id) for part in strange),
        *(INSTALMENT_UNKNOWN(receipt.id, field="instalments", observed=part.instalment) for part in lost),
    )
