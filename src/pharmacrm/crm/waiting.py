"""Commands that wait for a person: how they are kept, and the holds that they wait for."""

from typing import Any

from pharmacrm.core.engines.holds import hold
from pharmacrm.core.kernel.change import Change
from pharmacrm.core.kernel.codec import canonical, to_brief
from pharmacrm.core.kernel.decision import Decision
from pharmacrm.core.kernel.held import HeldCommand
from pharmacrm.core.kernel.secrets import without_secrets
from pharmacrm.crm.reading import Reading
from pharmacrm.crm.registry import Registry
from pharmacrm.crm.request import Request


def held_command(request: Request[Any], reading: Reading) -> HeldCommand:
    """A command as it is kept until it can be done again; what is secret is not kept."""
    return HeldCommand(
        id=reading.new_id(),
        command=request.right,
        payload=canonical(to_brief(without_secrets(request.command))),
        actor=request.actor,
        key=request.key,
        effective_on=reading.on.isoformat() if request.on is not None else "",
        subject=request.command.subject,
    )


def holds_of(decision: Decision[Any], case: str, reading: Reading, registry: Registry) -> tuple[Change, ...]:
    """A hold of the case for each code that a person has to pass and that nothing covers."""
    parts = [
        hold(
            *(reason for reason in decision.uncovered if reason.code == code),
            subject=case,
            revision=1,
            by=reading.actor,
            at=reading.at,
            role=registry.passed_by(code),
        )
        for code in sorted({reason.code for reason in decision.uncovered})
    ]
    return tuple(change for part in parts for change in part.changes)
