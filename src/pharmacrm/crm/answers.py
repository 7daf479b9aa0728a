"""The first answer under an idempotency key, as it is kept."""

from typing import Any

from pharmacrm.core.kernel.codec import dumps
from pharmacrm.core.kernel.decision import Decision
from pharmacrm.core.kernel.held import HeldCommand
from pharmacrm.core.kernel.record import Entity, kind_name
from pharmacrm.core.kernel.store import Answer
from pharmacrm.crm.request import Request


def answer_of(request: Request[Any], decision: Decision[Any]) -> Answer:
    """An answer as it is kept: outcome, reasons, and where its record stands; never the record itself."""
    kind, id = (kind_name(HeldCommand), decision.case) if decision.case else named(decision.value)
    return Answer(
        id=request.key,
        version=1,
        digest=request.digest,
        command=request.right,
        actor=request.actor,
        outcome=decision.outcome.value,
        reasons=dumps(list(decision.reasons)),
        kind=kind,
        value=id,
        entry=decision.id,
    )


def named(value: object) -> tuple[str, str]:
    """The kind and id of an entity; two empty texts for anything else."""
    return (kind_name(type(value)), value.id) if isinstance(value, Entity) else ("", "")
