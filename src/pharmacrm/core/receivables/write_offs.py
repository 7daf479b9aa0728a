"""Small differences written off (尾差核减): bank charges, cents of rounding; over a cap somebody decides.

The cap is one for each currency, and is for all write-offs of one receivable together, so that a large amount
cannot leave in small pieces. Where none was set, every write-off waits for a lead.
"""

from collections.abc import Sequence
from datetime import date
from typing import Annotated

from attrs import evolve, frozen

from pharmacrm.core.kernel.decision import Decision, accept, save, tell, touch
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.reason import Reason, Severity
from pharmacrm.core.kernel.record import Column, Record
from pharmacrm.core.receivables.adjustments import Portion, lower, take_back
from pharmacrm.core.receivables.document_reasons import (
    WRITE_OFF_CURRENCY,
    WRITE_OFF_OVER_CAP,
    WRITE_OFF_OVER_OPEN,
    WRITE_OFF_REVERSED,
)
from pharmacrm.core.receivables.events import DifferenceWrittenOff, WriteOffReversed
from pharmacrm.core.receivables.model import Adjustment, AdjustmentKind, Instalment, Receivable


@frozen(kw_only=True)
class WriteOffCap(Record):
    """Up to what finance may write off of one receivable by itself (尾差核减上限); the id is the currency."""

    amount: Annotated[Money, Column(zh="上限")]
    reason: Annotated[str, Column(length=2000, zh="原因")] = ""


@frozen(kw_only=True)
class WriteOff(Record):
    """A difference that is no longer wanted of an instalment (尾差核减), until it is reversed."""

    customer: Annotated[str, Column(index=True, zh="客户")]
    receivable: Annotated[str, Column(index=True, zh="应收")]
    instalment: Annotated[str, Column(index=True, zh="分期")]
    amount: Annotated[Money, Column(zh="金额")]
    on: Annotated[date, Column(index=True, zh="日期")]
    reason: Annotated[str, Column(length=2000, zh="原因")]
    reversed_on: Annotated[date | None, Column(zh="冲回日期")] = None
    reverse_reason: Annotated[str, Column(length=2000, zh="冲回原因")] = ""


def set_cap(old: WriteOffCap | None, amount: Money, *, reason: str) -> Decision[WriteOffCap]:
    """Set the cap of a currency; setting the same again changes nothing."""
    cap = WriteOffCap(id=amount.currency, version=old.version if old else 0, amount=amount, reason=reason)
    return accept(cap) if cap == old else accept(cap, save(cap))


def write_off(
    id: str,
    receivable: Receivable,
    instalments: Sequence[Instalment],
    portion: Portion,
    cap: WriteOffCap | None,
    *,
    on: date,
    reason: str,
) -> Decision[WriteOff]:
    """Write a difference off one instalment of a receivable, or say why not.

    `instalments` are all of the receivable: the cap is for what is written off of them together.
    """
    part = next(each for each in instalments if each.id == portion.instalment)
    unfit = _unfit(part, portion.amount)
    if unfit:
        return accept(None, unfit)
    done = WriteOff(
        id=id,
        customer=receivable.customer,
        receivable=receivable.id,
        instalment=part.id,
        amount=portion.amount,
        on=on,
        reason=reason,
    )
    lowered = lower([portion], instalments, kind=AdjustmentKind.WRITE_OFF, document=id, on=on)
    return accept(
        done,
        _over_cap(id, portion.amount, instalments, cap),
        save(done, *lowered.adjustments, *lowered.instalments),
        touch(receivable),
        tell(DifferenceWrittenOff(subject=id, customer=done.customer, instalment=part.id)),
    )


def reverse_write_off(
    done: WriteOff,
    receivable: Receivable,
    instalments: Sequence[Instalment],
    adjustments: Sequence[Adjustment],
    *,
    on: date,
    reason: str,
) -> Decision[WriteOff]:
    """Take a write-off back: the difference is owed again. Taking it back twice changes nothing."""
    if done.reversed_on is not None:
        known = WRITE_OFF_REVERSED(done.id, field="reversed_on", observed=done.reversed_on)
        return accept(done, known.weighed(Severity.INFO))
    back = evolve(done, reversed_on=on, reverse_reason=reason)
    raised = take_back(adjustments, instalments, on=on)
    return accept(
        back,
        save(back, *raised.adjustments, *raised.instalments),
        touch(receivable),
        tell(WriteOffReversed(subject=done.id, customer=done.customer, instalment=done.instalment)),
    )


def _unfit(part: Instalment, amount: Money) -> tuple[Reason, ...]:
    if amount.currency != part.amount.currency:
        given, wanted = amount.currency, part.amount.currency
        return (WRITE_OFF_CURRENCY(part.id, field="amount", observed=given, expected=wanted),)
    if amount > part.open:
        return (WRITE_OFF_OVER_OPEN(part.id, field="amount", observed=amount, expected=part.open),)
    return ()


def _over_cap(
    id: str, amount: Money, instalments: Sequence[Instalment], cap: WriteOffCap | None
) -> tuple[Reason, ...]:
    most = cap.amount if cap else Money.zero(amount.currency)
    total = amount + Money.total((part.written_off for part in instalments), amount.currency)
    return (WRITE_OFF_OVER_CAP(id, field="amount", observed=total, expected=most),) if total > most else ()
