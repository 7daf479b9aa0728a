"""The outbox (通知发件箱): how notices stand, and what is decided about those that were given up."""

from pharmacrm.core.kernel.domain import Domain
from pharmacrm.core.outbox.commands import DeadLetters, DropDeadLetters, OutboxQueues, ReplayDeadLetters
from pharmacrm.core.outbox.handlers import HANDLERS
from pharmacrm.core.outbox.model import (
    DeadLetter,
    LetterDecision,
    LettersDecided,
    LetterVerdict,
    OutboxQueue,
)
from pharmacrm.core.outbox.reasons import REASONS

_SEEN = (LetterDecision, DeadLetters, OutboxQueues)

domain = Domain(
    name="outbox",
    records=(LetterDecision,),
    handlers=HANDLERS,
    reasons=REASONS,
    rights={"auditor": _SEEN, "admin": (*_SEEN, ReplayDeadLetters, DropDeadLetters)},
)

__all__ = [
    "DeadLetter",
    "DeadLetters",
    "DropDeadLetters",
    "LetterDecision",
    "LetterVerdict",
    "LettersDecided",
    "OutboxQueue",
    "OutboxQueues",
    "ReplayDeadLetters",
    "domain",
]
