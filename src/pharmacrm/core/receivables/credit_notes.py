"""Credit notes (贷项, 红字): what a customer no longer owes, or has to their credit, without having paid it.

A note of a slip lowers that slip's instalments, the oldest due first; what is left of it is on account, like
money, and may settle anything that the customer owes.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum
from typing import Annotated

from attrs import evolve, field, frozen

from pharmacrm.core.kernel.decision import Decision, accept, save, tell
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.reason import Reason, Severity
from pharmacrm.core.kernel.record import Column, Record
from pharmacrm.core.kernel.words import listed
from pharmacrm.core.receivables.adjustments import Adjusted, Portion, lower, take_back
from pharmacrm.core.receivables.allocation import touched
from pharmacrm.core.receivables.claim_reasons import CLAIM_CURRENCY
from pharmacrm.core.receivables.document_reasons import (
    CREDIT_NOTE_OTHER_CUSTOMER,
    CREDIT_NOTE_OVER_APPLIED,
    CREDIT_NOTE_OVER_OPEN,
    CREDIT_NOTE_OVER_SLIP,
    CREDIT_NOTE_REVERSED,
    CREDIT_NOTE_UNLINKED,
)
from pharmacrm.core.receivables.events import CreditNoteApplied, CreditNoteIssued, CreditNoteReversed
from pharmacrm.core.receivables.model import Adjustment, AdjustmentKind, Instalment, Receivable
from pharmacrm.core.receivables.reasons import INSTALMENT_UNKNOWN
from pharmacrm.core.receivables.refund_reasons import REFUND_STANDS
from pharmacrm.core.values.taxes import TaxPart


class CreditNoteKind(StrEnum):
    """What a credit note is for: goods that came back, or a price that was lowered afterwards."""

    RETURN = "return"
    ALLOWANCE = "allowance"

    @property
    def zh(self) -> str:
        """The Chinese name."""
        return "退货" if self is CreditNoteKind.RETURN else "折让"


@frozen(kw_only=True)
class CreditNote(Record):
    """An amount to the credit of a customer (贷项通知单); `applied` of it has lowered instalments.

    `refunded` of it was paid back in money. `adjustments` counts those ever made, which number them. `slip`
    is '' for a note that belongs to none; such a note says nothing of the tax in it (`taxes`).
    """

    kind: Annotated[CreditNoteKind, Column(length=12, zh="类别")]
    customer: Annotated[str, Column(index=True, zh="客户")]
    slip: Annotated[str, Column(index=True, zh="出库单")] = ""
    return_order: Annotated[str, Column(index=True, zh="退货单")] = ""
    amount: Annotated[Money, Column(zh="金额")]
    applied: Annotated[Money, Column(zh="已冲减")]
    refunded: Annotated[Money, Column(zh="已退款")]
    adjustments: int = 0
    issued_on: Annotated[date, Column(index=True, zh="日期")]
    reason: Annotated[str, Column(length=2000, zh="原因")] = ""
    reversed_on: Annotated[date | None, Column(index=True, zh="作废日期")] = None
    reverse_reason: Annotated[str, Column(length=2000, zh="作废原因")] = ""
    taxes: Annotated[tuple[TaxPart, ...], Column(length=2000, zh="价税分离")] = ()

    @property
    def open(self) -> Money:
        """What is on account of it; nothing once it is reversed."""
        if self.reversed_on is not None:
            return Money.zero(self.amount.currency)
        return self.amount - self.applied - self.refunded


@frozen
class Credited:
    """A credit note after it was issued, applied or taken back, and what that did to instalments."""

    note: CreditNote
    adjusted: Adjusted = field(factory=Adjusted)

    @property
    def credit(self) -> Money:
        """What of the change was owed on credit."""
        return self.adjusted.credit(self.note.amount.currency)


def credit_note_id(return_order: str) -> str:
    """Name the credit note of a return."""
    return f"{return_order}/credit-note"


def return_credit(
    slip_amount: Money,
    returned: Money,
    instalments: Iterable[Instalment],
    notes: Iterable[CreditNote],
) -> Money:
    """What is credited for a return, so that nobody gets back what they never paid.

    `returned` is the gross of all that came back of the slip, this return with it. Goods are worth what was
    charged less the discounts, write-offs and allowances granted on them; the same part of that worth as of
    the goods has been credited after it. All goods back, the notes sum to the whole worth, exactly.
    """
    live = [note for note in notes if note.reversed_on is None]
    lost = [part.discount_taken + part.written_off for part in instalments]
    allowed = [note.amount for note in live if note.kind is CreditNoteKind.ALLOWANCE]
    worth = slip_amount - Money.total((*lost, *allowed), slip_amount.currency)
    before = Money.total(
        (note.amount for note in live if note.kind is CreditNoteKind.RETURN), slip_amount.currency
    )
    due = worth.share(returned.minor, slip_amount.minor) if slip_amount else worth
    return max(due - before, Money.zero(slip_amount.currency))


def issue_credit_note(
    note: CreditNote, receivables: Sequence[Receivable], instalments: Sequence[Instalment]
) -> Decision[Credited]:
    """Issue a credit note; it lowers these instalments, the oldest due first, and the rest is on account."""
    portions = oldest_due(note.open, instalments)
    event = CreditNoteIssued(subject=note.id, customer=note.customer)
    applied = _applied(note, receivables, instalments, portions, on=note.issued_on)
    return accept(applied.value, save(note) if not portions else (), applied, tell(event))


def check_allowance(
    note: CreditNote, notes: Iterable[CreditNote], *, buyer: str, charged: Money | None
) -> tuple[Reason, ...]:
    """Say what is against an allowance: another customer's slip, or more than the slip came to.

    `charged` is the amount of its slip, `notes` those that the slip has. One that belongs to no slip waits
    for a lead, as nothing bounds it.
    """
    if charged is None:
        return (CREDIT_NOTE_UNLINKED(note.id, field="slip", observed=note.amount),)
    if note.amount.currency != charged.currency:
        given = note.amount.currency
        return (CLAIM_CURRENCY(note.slip, field="amount", observed=given, expected=charged.currency),)
    found = []
    if note.customer != buyer:
        found.append(
            CREDIT_NOTE_OTHER_CUSTOMER(note.slip, field="customer", observed=buyer, expected=note.customer)
        )
    before = [each.amount for each in notes if each.reversed_on is None]
    total = Money.total((*before, note.amount), charged.currency)
    if total > charged:
        found.append(CREDIT_NOTE_OVER_SLIP(note.id, field="amount", observed=total, expected=charged))
    return tuple(found)


def apply_credit_note(
    note: CreditNote,
    receivables: Sequence[Receivable],
    instalments: Sequence[Instalment],
    wanted: Sequence[Portion] | None = None,
    *,
    on: date,
) -> Decision[Credited]:
    """Settle instalments with what is on account of a note: those named, or the oldest due first."""
    owed = [part for part in instalments if part.amount.currency == note.amount.currency]
    portions = oldest_due(note.open, owed) if wanted is None else tuple(wanted)
    reasons = check_portions(note, portions, instalments)
    if reasons:
        return accept(None, reasons)
    if not portions:
        return accept(Credited(note))
    event = CreditNoteApplied(subject=note.id, customer=note.customer)
    done = _applied(note, receivables, instalments, portions, on=on)
    return accept(done.value, done, tell(event))


def check_portions(
    note: CreditNote, portions: Sequence[Portion], instalments: Sequence[Instalment]
) -> tuple[Reason, ...]:
    """Give every reason why a credit note cannot settle these instalments so."""
    if note.reversed_on is not None:
        return (CREDIT_NOTE_REVERSED(note.id, field="reversed_on", observed=note.reversed_on),)
    known = {part.id: part for part in instalments}
    found: list[Reason] = []
    wanted: dict[str, Money] = {}
    for portion in portions:
        part = known.get(portion.instalment)
        if part is None:
            found.append(INSTALMENT_UNKNOWN(note.id, field="instalment", observed=portion.instalment))
        elif part.customer != note.customer:
            found.append(
                CREDIT_NOTE_OTHER_CUSTOMER(
                    part.id, field="instalment", observed=part.customer, expected=note.customer
                )
            )
        elif {portion.amount.currency, part.amount.currency} != {note.amount.currency}:
            given = listed(sorted({portion.amount.currency, note.amount.currency}))
            found.append(
                CLAIM_CURRENCY(part.id, field="amount", observed=given, expected=part.amount.currency)
            )
        else:
            before = wanted.get(part.id, Money.zero(part.amount.currency))
            wanted[part.id] = before + portion.amount
    for id, amount in wanted.items():
        if amount > known[id].open:
            found.append(CREDIT_NOTE_OVER_OPEN(id, field="amount", observed=amount, expected=known[id].open))
    total = Money.total(wanted.values(), note.amount.currency)
    if total > note.open:
        found.append(CREDIT_NOTE_OVER_APPLIED(note.id, field="amount", observed=total, expected=note.open))
    return tuple(found)


def unapply_credit_note(
    note: CreditNote,
    receivables: Sequence[Receivable],
    instalments: Sequence[Instalment],
    adjustments: Sequence[Adjustment],
    *,
    on: date,
) -> Decision[Credited]:
    """Take back what a note has settled: it is owed again, and the amount is on account."""
    back = take_back(adjustments, instalments, on=on)
    total = Money.total((each.amount for each in back.adjustments), note.amount.currency)
    after = evolve(note, applied=note.applied - total)
    return _stored(Credited(after, back), receivables)


def reverse_credit_note(
    note: CreditNote,
    receivables: Sequence[Receivable],
    instalments: Sequence[Instalment],
    adjustments: Sequence[Adjustment],
    *,
    on: date,
    reason: str,
) -> Decision[Credited]:
    """Take a credit note back with all that it settled; taking it back twice changes nothing."""
    if note.reversed_on is not None:
        known = CREDIT_NOTE_REVERSED(note.id, field="reversed_on", observed=note.reversed_on)
        return accept(Credited(note), known.weighed(Severity.INFO))
    if note.refunded:
        return accept(None, REFUND_STANDS(note.id, field="refunded", observed=note.refunded))
    back = take_back(adjustments, instalments, on=on)
    after = evolve(note, applied=Money.zero(note.amount.currency), reversed_on=on, reverse_reason=reason)
    event = CreditNoteReversed(subject=note.id, customer=note.customer)
    stored = _stored(Credited(after, back), receivables)
    return accept(stored.value, stored, tell(event))


def oldest_due(amount: Money, instalments: Iterable[Instalment]) -> tuple[Portion, ...]:
    """Spread an amount over open instalments of its currency, the oldest due first."""
    portions = []
    for part in sorted(
        instalments, key=lambda part: (part.due, part.opened_on, part.receivable, part.number)
    ):
        if part.open.is_positive and amount.is_positive:
            portions.append(Portion(part.id, min(part.open, amount)))
            amount -= portions[-1].amount
    return tuple(portions)


def _applied(
    note: CreditNote,
    receivables: Sequence[Receivable],
    instalments: Sequence[Instalment],
    portions: Sequence[Portion],
    *,
    on: date,
) -> Decision[Credited]:
    if not portions:
        return accept(Credited(note))
    kind, before = AdjustmentKind.CREDIT_NOTE, note.adjustments
    lowered = lower(portions, instalments, kind=kind, document=note.id, on=on, after=before)
    total = Money.total((portion.amount for portion in portions), note.amount.currency)
    after = evolve(note, applied=note.applied + total, adjustments=before + len(portions))
    return _stored(Credited(after, lowered), receivables)


def _stored(done: Credited, receivables: Sequence[Receivable]) -> Decision[Credited]:
    parts = done.adjusted
    return accept(
        done,
        save(done.note, *parts.adjustments, *parts.instalments),
        touched(receivables, parts.instalments),
    )
