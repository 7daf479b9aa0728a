"""Documents that wait for a signature, and holds that wait to be passed (待审提醒, 待放行提醒)."""

from pharmacrm.core.engines.approval import CaseState
from pharmacrm.core.engines.approval.routes.model import ApprovalRequest, ApprovalSeat
from pharmacrm.core.engines.holds import Hold, HoldState
from pharmacrm.core.engines.reminders import Recipient, ReminderKind, Standing
from pharmacrm.core.flows.timed.causes.cause import Cause
from pharmacrm.core.kernel.dates import local_date
from pharmacrm.core.kernel.message import Reads
from pharmacrm.core.kernel.query import eq


def _waits_for_signature(request: ApprovalRequest, read: Reads) -> Standing | None:
    """Whoever is waited for is reminded; nobody while a hold stops the document."""
    stopped = (eq("subject", request.subject), eq("state", HoldState.OPEN))
    if request.state is not CaseState.PENDING or read.find(Hold, *stopped):
        return None
    seats = read.find(ApprovalSeat, eq("request", request.id), order=("step", "role", "person"))
    wanted = (Recipient(person=seat.person, role=seat.role, unit=seat.unit) for seat in seats)
    return Standing(
        cause=request.id,
        subject=request.subject,
        anchor=local_date(request.since, read.tenant.tz),
        recipients=tuple(dict.fromkeys(wanted)),
    )


def _waits_to_be_passed(hold: Hold, read: Reads) -> Standing | None:
    if hold.state is not HoldState.OPEN:
        return None
    return Standing(
        cause=hold.id,
        subject=hold.subject,
        anchor=local_date(hold.placed_at, read.tenant.tz),
        recipients=(Recipient(role=hold.may_pass),),
    )


APPROVALS = Cause(
    kind=ReminderKind.APPROVAL,
    entity=ApprovalRequest,
    anchor="since",
    where=(eq("state", CaseState.PENDING),),
    standing=_waits_for_signature,
)
HOLDS = Cause(
    kind=ReminderKind.HOLD,
    entity=Hold,
    anchor="placed_at",
    where=(eq("state", HoldState.OPEN),),
    standing=_waits_to_be_passed,
)
