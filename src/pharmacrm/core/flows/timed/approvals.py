"""Requests that have waited long enough: reminded of, shown to those above, or decided by themselves."""

from collections.abc import Iterator
from typing import Any, ClassVar

from attrs import frozen

from pharmacrm.core.engines.approval import CaseState
from pharmacrm.core.engines.approval.routes.lapsing import ring
from pharmacrm.core.engines.approval.routes.model import ApprovalRequest
from pharmacrm.core.flows.cases import read_case
from pharmacrm.core.flows.inspecting import inspected
from pharmacrm.core.flows.timed.errands import Errand, Situation, pages
from pharmacrm.core.kernel.decision import Decision
from pharmacrm.core.kernel.lookup import Lookup
from pharmacrm.core.kernel.message import Command, Reads
from pharmacrm.core.kernel.query import eq, le
from pharmacrm.core.kernel.strict import Ref, strict


@frozen(kw_only=True, field_transformer=strict)
class RingApproval(Command[ApprovalRequest]):
    """Do the next thing that is due for a waiting document: remind, escalate, or decide by lapse of time.

    `crm.run_due()` does it, as the actor `system`; done again, it finds nothing due.
    """

    subject_field: ClassVar[str] = "document"

    document: Ref


@RingApproval.handler
def ring_approval(command: RingApproval, read: Reads) -> Decision[ApprovalRequest]:
    """Read the request as it is now, and what the machine finds of its document."""
    return ring(inspected(read_case(read, command.document), read), at=read.at)


def ringing(lookup: Lookup, now: Situation) -> Iterator[Command[Any]]:
    """The documents for which something is due."""
    due = (eq("state", CaseState.PENDING), le("due_at", now.at))
    for found in pages(lookup, ApprovalRequest, *due):
        yield from (RingApproval(document=each.subject) for each in found)


ERRAND = Errand(name="approvals", commands=ringing)
