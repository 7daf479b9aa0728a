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
TIME_MOVED_BACK = ReasonCode(
    "time.moved_back",
    Severity.BLOCK,
    "the clock says {observed}, which is before what is recorded already ({expected})",
    "时钟显示 {observed}，早于已记录的时间 {expected}",
    remedy="set the clock right; nothing is recorded until then",
)
TIME_FUTURE = ReasonCode(
    "time.future",
    Severity.BLOCK,
    "the clock says {observed}, which is ahead of the trusted time {expected}",
    "时钟显示 {observed}，超前于可信时间 {expected}",
    remedy="set the clock right; nothing is recorded until then",
)
CODES = (KEY_REUSED, RIGHT_LOST, TIME_MOVED_BACK, TIME_FUTURE)
