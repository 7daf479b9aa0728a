"""Days that were taken down wrong and are put right (日期更正): of an acceptance, or of a statement."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Annotated

from attrs import evolve, frozen

from pharmacrm.core.kernel.decision import Decision, accept, refuse, save, tell
from pharmacrm.core.kernel.reason import Reason
from pharmacrm.core.kernel.record import Column, Record
from pharmacrm.core.orders.acceptance import AgreedStatement, acceptance_days, statement_days
from pharmacrm.core.orders.events import DateCorrected
from pharmacrm.core.orders.model import OutboundSlip
from pharmacrm.core.orders.reasons import ACCEPTANCE_MISSING, CORRECTION_EXISTS, CORRECTION_SAME


@frozen(kw_only=True)
class DateCorrection(Record):
    """That the day of an acceptance or a statement was wrong (日期更正): the old and the new one, and why.

    The subject is the slip that was accepted, or the statement.
    """

    subject: Annotated[str, Column(index=True, zh="单据")]
    event: Annotated[str, Column(length=20, zh="事项")]
    old: Annotated[date, Column(zh="原日期")]
    new: Annotated[date, Column(zh="更正日期")]
    on: Annotated[date, Column(index=True, zh="日期")]
    reason: Annotated[str, Column(length=2000, zh="原因")]


@frozen(kw_only=True)
class Correcting:
    """Which correction it is, why, and of which day; `known` is what has the id already."""

    id: str
    reason: str
    today: date
    known: DateCorrection | None = None


def correct_acceptance(
    slip: OutboundSlip, accepted_by: str, on: date, head: Correcting
) -> Decision[OutboundSlip]:
    """Put right who accepted the goods of a slip, or when, or say why not."""
    old = slip.accepted_on
    if old is None:
        return refuse(ACCEPTANCE_MISSING(slip.id, field="slip"))
    after = evolve(slip, accepted_on=on, accepted_by=accepted_by)
    if after == slip and head.known is None:
        return accept(slip, CORRECTION_SAME(slip.id, field="on", observed=on))
    unfit = acceptance_days(slip, on, head.today)
    done = _corrected(head, slip.id, "acceptance", old, on, unfit)
    return accept(after, done, save(after))


def correct_statement(
    statement: AgreedStatement, slips: Sequence[OutboundSlip], on: date, head: Correcting
) -> Decision[AgreedStatement]:
    """Put the day of a statement right, and with it that of all its slips, or say why not."""
    if on == statement.on and head.known is None:
        return accept(statement, CORRECTION_SAME(statement.id, field="on", observed=on))
    unfit = statement_days(statement.id, slips, on, head.today)
    after = evolve(statement, on=on)
    done = _corrected(head, statement.id, "statement", statement.on, on, unfit)
    return accept(after, done, save(after, *(evolve(slip, stated_on=on) for slip in slips)))


def _corrected(
    head: Correcting, subject: str, event: str, old: date, new: date, unfit: Iterable[Reason]
) -> Decision[DateCorrection]:
    done = DateCorrection(
        id=head.id, subject=subject, event=event, old=old, new=new, on=head.today, reason=head.reason
    )
    return accept(
        done,
        CORRECTION_EXISTS(head.id, field="id") if head.known is not None else (),
        tuple(unfit),
        save(done),
        tell(DateCorrected(subject=subject, event=event, old=old.isoformat(), new=new.isoformat())),
    )
