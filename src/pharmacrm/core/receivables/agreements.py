"""New due dates at the door (债务展期)."""

from typing import Annotated

from attrs import field, frozen
from attrs.converters import optional

from pharmacrm.core.kernel.decision import Decision, refuse
from pharmacrm.core.kernel.message import Command, Reads
from pharmacrm.core.kernel.query import eq
from pharmacrm.core.kernel.strict import Id, Limit, strict
from pharmacrm.core.receivables.document_reasons import RESCHEDULING_EXISTS
from pharmacrm.core.receivables.model import Instalment, Receivable
from pharmacrm.core.receivables.rescheduling import NewInstalment, Rescheduling, planned, reschedule
from pharmacrm.core.values.terms import PaymentTerms, as_terms


@frozen(kw_only=True, field_transformer=strict)
class RescheduleDebt(Command[Rescheduling]):
    """Give everything that is open of a receivable new due dates (债务展期); the sum stays.

    Either `instalments` that sum to what is open, or `terms` such as `6 monthly`, counted from today.
    """

    id: Id
    receivable: Id
    instalments: tuple[NewInstalment, ...] = ()
    terms: PaymentTerms | None = field(default=None, converter=optional(as_terms))
    reason: Annotated[str, Limit(2000, multiline=True)]


@RescheduleDebt.handler
def on_reschedule_debt(command: RescheduleDebt, read: Reads) -> Decision[Rescheduling]:
    """Load the receivable with all its instalments."""
    if read.seek(Rescheduling, command.id) is not None:
        return refuse(RESCHEDULING_EXISTS(command.id, field="id"))
    receivable = read.get(Receivable, command.receivable)
    parts = read.find(Instalment, eq("receivable", receivable.id), order=("number",))
    new = planned(receivable, parts, command.instalments, command.terms, on=read.on, calendar=read.calendar())
    return reschedule(command.id, receivable, parts, new, on=read.on, reason=command.reason)
