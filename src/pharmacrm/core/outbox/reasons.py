"""Reason codes of deliveries."""

from pharmacrm.core.kernel.reason import ReasonCode, Severity

NOT_DEAD = ReasonCode(
    "letter.not_dead",
    Severity.BLOCK,
    "{observed} is no dead letter of {subject}",
    "{observed} 不是 {subject} 的死信",
    remedy="ask DeadLetters which there are; somebody may have been faster",
)
NONE_DEAD = ReasonCode(
    "letter.none",
    Severity.BLOCK,
    "{subject} has no dead letters",
    "{subject} 没有死信",
    remedy="ask OutboxQueues where letters are dead",
)
REASONS = (NOT_DEAD, NONE_DEAD)
