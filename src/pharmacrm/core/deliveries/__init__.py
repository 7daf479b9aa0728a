"""Deliveries (通知送达): how notices stand, and what is decided about those that were given up."""

from pharmacrm.core.deliveries.commands import DeadLetters, DropDeadLetters, OutboxQueues, ReplayDeadLetters
from pharmacrm.core.deliveries.handlers import HANDLERS
from pharmacrm.core.deliveries.model import (
    DeadLetter,
    LetterDecision,
    LettersDecided,
    LetterVerdict,
    OutboxQueue,
)
from pharmacrm.core.deliveries.reasons import REASONS
from pharmacrm.core.kernel.domain import Domain

_SEEN = (LetterDecision, DeadLetters, OutboxQueues)

domain = Domain(
    name="deliveries",
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
