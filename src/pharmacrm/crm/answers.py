"""The first answer under an idempotency key: what is kept of it, and what makes two commands the same."""

import hashlib
from datetime import date
from typing import Any

from pharmacrm.core.kernel.codec import canonical, dumps, to_brief
from pharmacrm.core.kernel.dates import as_date
from pharmacrm.core.kernel.decision import Decision
from pharmacrm.core.kernel.held import HeldCommand
from pharmacrm.core.kernel.message import Command
from pharmacrm.core.kernel.record import Entity, kind_name
from pharmacrm.core.kernel.store import Answer
from pharmacrm.crm.asking import given


def digest_of(command: Command[Any], actor: str, on: date | str | None) -> str:
    """What makes two commands under one key the same: class, content without defaults, actor, given date."""
    day = given("effective_at", as_date, on).isoformat() if on is not None else None
    return hashlib.sha256(
        canonical([type(command).__name__, to_brief(command), actor, day]).encode()
    ).hexdigest()


def answer_of(
    command: Command[Any], decision: Decision[Any], actor: str, key: str, on: date | str | None
) -> Answer:
    """An answer as it is kept: outcome, reasons, and where its record stands; never the record itself."""
    kind, id = (kind_name(HeldCommand), decision.case) if decision.case else named(decision.value)
    return Answer(
        id=key,
        version=1,
        digest=digest_of(command, actor, on),
        command=type(command).__name__,
        actor=actor,
        outcome=decision.outcome.value,
        reasons=dumps(list(decision.reasons)),
        kind=kind,
        value=id,
        entry=decision.id,
    )


def named(value: object) -> tuple[str, str]:
    """The kind and id of an entity; two empty texts for anything else."""
    return (kind_name(type(value)), value.id) if isinstance(value, Entity) else ("", "")
