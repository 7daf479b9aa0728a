"""Reason codes of the door itself."""

from pharmacrm.core.kernel.reason import ReasonCode, Severity

KEY_REUSED = ReasonCode(
    "key.reused",
    Severity.BLOCK,
    "key {observed} already stands for another {expected}",
    "幂等键 {observed} 已用于另一个 {expected}",
    remedy="use a new key for a new command",
)
CODES = (KEY_REUSED,)
