"""Opening receivables: the prepayment with the order, the credit part with each slip (model section 11)."""

from collections.abc import Sequence
from datetime import date

from attrs import evolve

from pharmacrm.core.kernel.decision import Decision, accept, save, tell, touch
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.reason import Reason
from pharmacrm.core.receivables.claim_reasons import CLAIM_CURRENCY
from pharmacrm.core.receivables.document_reasons import CHARGE_PAST
from pharmacrm.core.receivables.events import ScheduleCancelled, ScheduleCreated
from pharmacrm.core.receivables.model import Instalment, Receivable, ReceivableKind
from pharmacrm.core.receivables.reasons import CALENDAR_UNPUBLISHED, EVENT_ASSUMED
from pharmacrm.core.values.schedule import Plan, PlannedInstalment, split_prepaid
from pharmacrm.core.values.terms import PartKind, PaymentTerms


def prepayment_id(order: str, revision: int = 1) -> str:
    """Name the prepayment of an order; an amended order has another one."""
    return f"{order}/prepayment/{revision}"


def credit_id(slip: str) -> str:
    """Name the receivable of a slip."""
    return f"{slip}/receivable"


def open_prepayment(
    order: str,
    total: Money,
    *,
    customer: str,
    terms: PaymentTerms,
    on: date,
    revision: int = 1,
    untaxed: Money | None = None,
) -> Decision[Receivable | None]:
    """Open what the terms of an order want prepaid, due on its day; nothing if they want none (预付款)."""
    prepaid = split_prepaid(terms, total, untaxed=untaxed)[0]
    if not prepaid:
        return accept(None)
    receivable = Receivable(
        id=prepayment_id(order, revision),
        customer=customer,
        order=order,
        kind=ReceivableKind.PREPAYMENT,
        amount=prepaid,
        opened_on=on,
        terms=terms,
        unbilled=Money.zero(prepaid.currency),
    )
    return _opened(receivable, (PlannedInstalment(on, prepaid, PartKind.PREPAY),))


def open_credit(
    slip: str, plan: Plan, *, order: str, customer: str, terms: PaymentTerms, on: date
) -> Decision[Receivable | None]:
    """Open what a slip ships on credit, by its plan (`credit_plan`); nothing if it is all prepaid (账期款).

    Years whose work calendar was not published when the plan was made give a warning each, and so do events
    whose dates were not known (acceptance, statement).
    """
    planned = tuple(part for part in plan.instalments if part.amount)
    if not planned:
        return accept(None)
    amount = Money.total((part.amount for part in planned), planned[0].amount.currency)
    receivable = Receivable(
        id=credit_id(slip),
        customer=customer,
        order=order,
        slip=slip,
        kind=ReceivableKind.CREDIT,
        amount=amount,
        opened_on=on,
        terms=terms,
        unbilled=amount,
    )
    opened = _opened(receivable, planned)
    return accept(opened.value, opened, unpublished(receivable, plan), _assumed(receivable, plan))


def open_charge(
    id: str, principal: Receivable, amount: Money, *, kind: ReceivableKind, on: date, due: date, note: str
) -> Decision[Receivable | None]:
    """Open a cost of collection or interest as a debt of its own, beside the receivable that is late."""
    receivable = Receivable(
        id=id,
        customer=principal.customer,
        order=principal.order,
        kind=kind,
        amount=amount,
        opened_on=on,
        terms=principal.terms,
        principal=principal.id,
        note=note,
        unbilled=Money.zero(amount.currency),
    )
    unfit = _unfit(receivable, principal, due)
    return (
        accept(None, unfit)
        if unfit
        else _opened(receivable, (PlannedInstalment(due, amount, PartKind.CREDIT),))
    )


def _unfit(charge: Receivable, principal: Receivable, due: date) -> tuple[Reason, ...]:
    found = []
    if charge.amount.currency != principal.amount.currency:
        given, wanted = charge.amount.currency, principal.amount.currency
        found.append(CLAIM_CURRENCY(principal.id, field="amount", observed=given, expected=wanted))
    if due < charge.opened_on:
        found.append(CHARGE_PAST(charge.id, field="due", observed=due, expected=charge.opened_on))
    return tuple(found)


def _opened(receivable: Receivable, planned: Sequence[PlannedInstalment]) -> Decision[Receivable | None]:
    parts = [
        planned_instalment(receivable, number, part, on=receivable.opened_on)
        for number, part in enumerate(planned, start=1)
    ]
    event = ScheduleCreated(subject=receivable.id, customer=receivable.customer, order=receivable.order)
    return accept(receivable, save(receivable, *parts), tell(event))


def planned_instalment(
    receivable: Receivable, number: int, part: PlannedInstalment, *, on: date
) -> Instalment:
    """Make an instalment of a plan, opened on a day, of which nothing is settled."""
    nothing = Money.zero(part.amount.currency)
    return Instalment(
        id=f"{receivable.id}/{number}",
        receivable=receivable.id,
        customer=receivable.customer,
        number=number,
        kind=part.kind,
        opened_on=on,
        due=part.due,
        amount=part.amount,
        allocated=nothing,
        discount_taken=nothing,
        credited=nothing,
        written_off=nothing,
        rescheduled=nothing,
        cancelled=nothing,
        discounts=part.discounts,
    )


def unpublished(receivable: Receivable, plan: Plan) -> tuple[Reason, ...]:
    """Warn of every year whose work calendar was not published when a plan was made."""
    return tuple(CALENDAR_UNPUBLISHED(receivable.id, field="due", observed=year) for year in plan.unpublished)


def _assumed(receivable: Receivable, plan: Plan) -> tuple[Reason, ...]:
    return tuple(
        EVENT_ASSUMED(receivable.id, field="due", observed=event.words, expected=receivable.opened_on)
        for event in plan.assumed
    )


def cancel_open(
    receivable: Receivable, instalments: Sequence[Instalment], *, on: date
) -> Decision[Receivable]:
    """Cancel what is open of a receivable, such as the prepayment of a cancelled order; paid parts stay paid.

    Money that was paid for it goes back on account with `undo`, before this. Doing it twice is doing it once.
    """
    left = [part for part in instalments if part.open]
    if not left:
        return accept(receivable)
    cancelled = [
        evolve(part, cancelled=part.cancelled + part.open, cancelled_on=on, settled=True) for part in left
    ]
    event = ScheduleCancelled(subject=receivable.id, customer=receivable.customer, order=receivable.order)
    return accept(receivable, save(*cancelled), touch(receivable), tell(event))
