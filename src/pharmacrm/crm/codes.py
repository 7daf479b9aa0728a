"""Reason codes of the door itself."""

from pharmacrm.core.kernel.reason import ReasonCode, Severity

KEY_REUSED = ReasonCode(
    "key.reused",
    Severity.BLOCK,
    "key {observed} already stands for another {expected}",
    "幂等键 {observed} 已用于另一个 {expected}",
    remedy="use a new key for a new command",
)
RIGHT_LOST = ReasonCode(
    "right.lost",
    Severity.BLOCK,
    "actor {observed} no longer holds the right {expected}",
    "操作人 {observed} 已无权执行 {expected}",
    remedy="somebody who holds the right gives the command anew",
)
CODES = (KEY_REUSED, RIGHT_LOST)
