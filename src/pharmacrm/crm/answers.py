"""The first answer under an idempotency key, as it is kept."""

from typing import Any

from pharmacrm.core.kernel.codec import dumps, from_plain, loads
from pharmacrm.core.kernel.decision import Decision
from pharmacrm.core.kernel.held import HeldCommand
from pharmacrm.core.kernel.message import Command, value_type
from pharmacrm.core.kernel.record import Entity, kind_name
from pharmacrm.core.kernel.store import Answer
from pharmacrm.crm.request import Request


def answer_of(request: Request[Any], decision: Decision[Any]) -> Answer:
    """An answer as it is kept: outcome, reasons, and where its record stands; never the record itself.

    A value that is no record, such as a list of ids, is kept whole: it holds no personal data.
    """
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
        given="" if kind or decision.value is None else dumps(decision.value),
        entry=decision.id,
    )


def given_in(answer: Answer, command: type[Command[Any]]) -> Any:
    """The value of an answer that is no record, or None if it gave none."""
    return from_plain(value_type(command), loads(answer.given)) if answer.given else None


def named(value: object) -> tuple[str, str]:
    """The kind and id of an entity; two empty texts for anything else."""
    return (kind_name(type(value)), value.id) if isinstance(value, Entity) else ("", "")
