"""New due dates for what is open (债务展期): the sum stays, and the old instalments stay to be read.

What was open of an old instalment is moved to the new ones by an `Adjustment` of the day, so that ageing of a
past day finds the debt where it was then. The new instalments are of the day of the agreement: ageing by
document counts from it.
"""

from collections.abc import Sequence
from datetime import date
from typing import Annotated

from attrs import evolve, field, frozen

from pharmacrm.core.kernel.calendar import WorkCalendar
from pharmacrm.core.kernel.dates import as_date
from pharmacrm.core.kernel.decision import Decision, accept, refuse, save, tell, touch
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.reason import Reason
from pharmacrm.core.kernel.record import Column, Record
from pharmacrm.core.kernel.strict import strict
from pharmacrm.core.receivables.adjustments import Portion, lower
from pharmacrm.core.receivables.carrying import NO_CLAIMS, Claims, carried
from pharmacrm.core.receivables.claim_reasons import CLAIM_CURRENCY
from pharmacrm.core.receivables.document_reasons import (
    RESCHEDULING_NO_PLAN,
    RESCHEDULING_NOTHING_OPEN,
    RESCHEDULING_PAST,
    RESCHEDULING_SUM,
)
from pharmacrm.core.receivables.events import DebtRescheduled
from pharmacrm.core.receivables.model import AdjustmentKind, Instalment, Receivable
from pharmacrm.core.receivables.opening import planned_instalment, unpublished
from pharmacrm.core.receivables.targets import as_positive
from pharmacrm.core.values.paying_days import ANY_DAY, PayingDays
from pharmacrm.core.values.schedule import Plan, PlannedInstalment, fill
from pharmacrm.core.values.terms import PaymentTerms
from pharmacrm.core.values.timetable import timetable


@frozen(field_transformer=strict)
class NewInstalment:
    """So much that is due on a day: `NewInstalment("2026-12-31", Money("500.00", "CNY"))`."""

    due: date = field(converter=as_date)
    amount: Money = field(converter=as_positive)


@frozen(kw_only=True)
class Rescheduling(Record):
    """An agreement on new due dates for what was open of a receivable (展期协议).

    Its adjustments tell which instalments it emptied; those from `first` to `last` are new. `term_version` is
    the version of the term set that made them.
    """

    customer: Annotated[str, Column(index=True, zh="客户")]
    receivable: Annotated[str, Column(index=True, zh="应收")]
    amount: Annotated[Money, Column(zh="金额")]
    on: Annotated[date, Column(index=True, zh="日期")]
    first: Annotated[int, Column(zh="起始期次")]
    last: Annotated[int, Column(zh="末期次")]
    term_version: Annotated[str, Column(length=80, zh="付款条件版本")] = ""
    reason: Annotated[str, Column(length=2000, zh="原因")]


def planned(
    receivable: Receivable,
    instalments: Sequence[Instalment],
    wanted: Sequence[NewInstalment],
    terms: PaymentTerms | None,
    *,
    on: date,
    calendar: WorkCalendar,
    paying: PayingDays = ANY_DAY,
) -> Plan | None:
    """Give the new plan: the instalments wanted, by their due dates, or what terms make of what is open.

    None where neither or both are given.
    """
    if bool(wanted) is (terms is not None):
        return None
    kind = instalments[0].kind
    if terms is None:
        parts = sorted(wanted, key=lambda part: part.due)
        return Plan(tuple(PlannedInstalment(part.due, part.amount, kind) for part in parts))
    table = timetable(terms, anchor=on, calendar=calendar, paying=paying)
    made = fill(table, open_of(instalments, receivable.amount.currency))
    parts_ = (PlannedInstalment(part.due, part.amount, kind) for part in made.instalments)
    return Plan(tuple(parts_), made.unpublished)


@frozen(kw_only=True)
class Agreement:
    """Which rescheduling it is, of which day, and why; not `agreed` where dates only became known."""

    id: str
    on: date
    reason: str
    term_version: str = ""
    agreed: bool = True


def reschedule(
    head: Agreement,
    receivable: Receivable,
    instalments: Sequence[Instalment],
    new: Plan | None,
    claims: Claims = NO_CLAIMS,
) -> Decision[Rescheduling]:
    """Move everything that is open of a receivable to a new plan of the same sum, or say why not.

    `instalments` are all of the receivable. Early payment discounts are those of the plan. Nobody agrees on
    a day that has passed; dates that only became known may have. The `claims` that stand go on.
    """
    if new is None:
        return refuse(RESCHEDULING_NO_PLAN(receivable.id, field="instalments"))
    unfit = _unfit(receivable, instalments, new, head.on if head.agreed else date.min)
    if unfit:
        return refuse(*unfit)
    left = [Portion(part.id, part.open) for part in instalments if part.open]
    moved = lower(left, instalments, kind=AdjustmentKind.RESCHEDULING, document=head.id, on=head.on)
    first = max(part.number for part in instalments) + 1
    parts = [
        planned_instalment(receivable, number, part, on=head.on)
        for number, part in enumerate(new.instalments, start=first)
    ]
    done = Rescheduling(
        id=head.id,
        customer=receivable.customer,
        receivable=receivable.id,
        amount=open_of(instalments, receivable.amount.currency),
        on=head.on,
        first=first,
        last=parts[-1].number,
        term_version=head.term_version,
        reason=head.reason,
    )
    said = carried(head.id, claims, instalments, parts, on=head.on, agreed=head.agreed)
    return accept(
        done,
        unpublished(receivable, new),
        save(done, *moved.adjustments, *moved.instalments, *parts),
        save(*said.promises, *said.disputes),
        touch(receivable),
        tell(DebtRescheduled(subject=head.id, customer=receivable.customer, receivable=receivable.id)),
    )


def less(whole: Plan, left: Money) -> Plan:
    """Give what is left of a plan when so much is still open: what was settled came off the earliest parts.

    A part that was settled in part has no early payment discount any more.
    """
    settled = Money.total((part.amount for part in whole.instalments), left.currency) - left
    kept = []
    for part in whole.instalments:
        off = min(settled, part.amount)
        settled -= off
        if off and part.amount > off:
            kept.append(evolve(part, amount=part.amount - off, discounts=()))
        elif not off:
            kept.append(part)
    return evolve(whole, instalments=tuple(kept))


def open_of(instalments: Sequence[Instalment], currency: str) -> Money:
    """Give what is open of instalments together."""
    return Money.total((part.open for part in instalments), currency)


def _unfit(
    receivable: Receivable, instalments: Sequence[Instalment], new: Plan, on: date
) -> tuple[Reason, ...]:
    currency = receivable.amount.currency
    left = open_of(instalments, currency)
    if not left:
        return (RESCHEDULING_NOTHING_OPEN(receivable.id, field="receivable"),)
    found: list[Reason] = []
    currencies = {part.amount.currency for part in new.instalments}
    if currencies != {currency}:
        given = ", ".join(sorted(currencies))
        return (CLAIM_CURRENCY(receivable.id, field="amount", observed=given, expected=currency),)
    total = Money.total((part.amount for part in new.instalments), currency)
    if total != left:
        found.append(RESCHEDULING_SUM(receivable.id, field="instalments", observed=total, expected=left))
    found += [
        RESCHEDULING_PAST(receivable.id, field="due", observed=part.due, expected=on)
        for part in new.instalments
        if part.due < on
    ]
    return tuple(found)
