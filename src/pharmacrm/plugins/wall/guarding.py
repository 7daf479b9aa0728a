"""Asking a guard: what it is given, what its faults lead to, and which commands no faulty guard may stop."""

from collections.abc import Iterable
from typing import Any, Final

from pharmacrm.core.flows.holding import PassHold
from pharmacrm.core.kernel.message import Command, Reads
from pharmacrm.core.kernel.reason import Reason, Severity
from pharmacrm.core.kernel.secrets import without_secrets
from pharmacrm.plugins.codes import PLUGIN_FAULT, PLUGIN_MISSING
from pharmacrm.plugins.loading import Implementation
from pharmacrm.plugins.types import CheckContext
from pharmacrm.plugins.wall.answers import as_reasons
from pharmacrm.plugins.wall.calling import Caller, Failed
from pharmacrm.plugins.wall.lending import Loan, copied

SYSTEM: Final = "system"
"""The actor of timed work: nobody waits for its answer, and it would be held anew in each run."""


def asked(
    caller: Caller, guard: Implementation, command: Command[Any], found: tuple[Reason, ...], read: Reads
) -> tuple[Reason, ...]:
    """What one guard says of a command; it sees copies, and its reads are verified like the handler's.

    Raises:
        PharmaCRMError: what the store said while the guard was reading (`Conflict`, `StoreFailure`,
            `UnsavedChanges`): no fault of the guard, and nothing that could be stored under a hold.

    """
    loan = Loan(read)
    context = CheckContext(
        tenant=read.tenant.id,
        command=copied(without_secrets(command)),
        actor=read.actor,
        roles=read.roles,
        on=read.on,
        at=read.at,
        reasons=copied(found),
        read=loan.facade,
    )
    try:
        answer = caller.call(guard, context, as_reasons)
    finally:
        loan.end()
    if loan.trouble is not None:
        raise loan.trouble
    if isinstance(answer, Failed):
        return (_weighed(PLUGIN_FAULT(command.subject, observed=guard.plugin), command, read),)
    return answer


def without_guard(
    command: Command[Any], read: Reads, missing: Iterable[str], broken: Iterable[str]
) -> list[Reason]:
    """The reasons for guards that cannot be asked: required ones not there, and ones that did not load."""
    reasons = [PLUGIN_MISSING(command.subject, observed=name) for name in missing]
    reasons += [PLUGIN_FAULT(command.subject, observed=name) for name in broken]
    return [_weighed(reason, command, read) for reason in reasons]


def _weighed(reason: Reason, command: Command[Any], read: Reads) -> Reason:
    """A faulty guard may stop neither the passing of holds, which is the way out, nor timed work."""
    if isinstance(command, PassHold) or read.actor == SYSTEM:
        return reason.weighed(Severity.WARN)
    return reason
