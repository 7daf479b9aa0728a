"""Acceptances and statements of a wrong day, put right at the door (验收日期更正, 对账日期更正).

What is open of the debts that count from that day gets the due dates of the right one; the day that was taken
down first stays to be read. Letters and charges that a wrong due date has caused stay until somebody credits
them.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Annotated

from attrs import field, frozen
from attrs.converters import optional

from pharmacrm.core.flows.redating import Fate, debt_of, fate_of, redated
from pharmacrm.core.kernel.dates import as_date
from pharmacrm.core.kernel.decision import Decision, accept
from pharmacrm.core.kernel.domain import Domain
from pharmacrm.core.kernel.message import Command, Reads
from pharmacrm.core.kernel.query import eq
from pharmacrm.core.kernel.reason import Reason, Severity
from pharmacrm.core.kernel.record import Personal
from pharmacrm.core.kernel.strict import Id, Limit, OptionalId, strict
from pharmacrm.core.orders import AgreedStatement, DateCorrection, OutboundSlip
from pharmacrm.core.orders.corrections import Correcting, correct_acceptance, correct_statement
from pharmacrm.core.orders.model import DELIVERY
from pharmacrm.core.orders.reasons import CORRECTION_AGREED, CORRECTION_SETTLED
from pharmacrm.core.values.terms import Baseline

Why = Annotated[str, Limit(2000, multiline=True)]


@frozen(kw_only=True, field_transformer=strict)
class CorrectAcceptance(Command[OutboundSlip]):
    """Put right when the goods of a slip were accepted, or by whom (验收更正); what is not said stays."""

    subject_field = "slip"

    id: OptionalId = ""
    slip: Id
    on: date | None = field(default=None, converter=optional(as_date))
    accepted_by: Annotated[str, Limit(200, empty=True), Personal(DELIVERY)] = ""
    reason: Why


@frozen(kw_only=True, field_transformer=strict)
class CorrectStatement(Command[AgreedStatement]):
    """Put right of which day a statement of account is, and with it all of its slips (对账日期更正)."""

    subject_field = "statement"

    id: OptionalId = ""
    statement: Id
    on: date = field(converter=as_date)
    reason: Why


@CorrectAcceptance.handler
def on_correct_acceptance(command: CorrectAcceptance, read: Reads) -> Decision[OutboundSlip]:
    """Load the slip, and what is owed for it."""
    slip = read.get(OutboundSlip, command.slip)
    on = command.on or slip.accepted_on or read.on
    done = correct_acceptance(slip, command.accepted_by or slip.accepted_by, on, _head(command, read))
    dated = _dated([slip], Baseline.ACCEPTANCE, on, read) if on != slip.accepted_on else accept(None)
    return accept(done.value, done, dated if done.changes else ())


@CorrectStatement.handler
def on_correct_statement(command: CorrectStatement, read: Reads) -> Decision[AgreedStatement]:
    """Load the statement with its slips, and what is owed for them."""
    statement = read.get(AgreedStatement, command.statement)
    slips = read.find(OutboundSlip, eq("statement", statement.id), order=("issued_on",))
    done = correct_statement(statement, slips, command.on, _head(command, read))
    dated = _dated(slips, Baseline.STATEMENT, command.on, read) if done.changes else ()
    return accept(done.value, done, dated)


def _head(command: CorrectAcceptance | CorrectStatement, read: Reads) -> Correcting:
    known = read.seek(DateCorrection, command.id) if command.id else None
    return Correcting(id=command.id or read.new_id(), reason=command.reason, today=read.on, known=known)


def _dated(slips: Sequence[OutboundSlip], event: Baseline, on: date, read: Reads) -> Decision[None]:
    """The new due dates of slips whose debts count from an event, and why others stay."""
    debts = {slip.id: debt_of(slip, read) for slip in slips}
    fates = {id: fate_of(debt, event) for id, debt in debts.items() if debt is not None}
    return accept(None, tuple(_staying(fates)), *(redated(slip, event, on, read) for slip in slips))


def _staying(fates: dict[str, Fate]) -> Iterator[Reason]:
    """Where everything that counts from the event is settled, it is refused; else those slips are named."""
    over = not set(fates.values()) & {Fate.DATED, Fate.AGREED}
    for id, fate in fates.items():
        if fate is Fate.SETTLED:
            settled = CORRECTION_SETTLED(id, field="on")
            yield settled if over else settled.weighed(Severity.WARN)
        if fate is Fate.AGREED:
            yield CORRECTION_AGREED(id, field="on")


domain = Domain(
    name="correcting",
    handlers=(on_correct_acceptance, on_correct_statement),
    rights={"finance": (CorrectAcceptance, CorrectStatement), "lead": (CorrectAcceptance, CorrectStatement)},
)
