"""Why an item of another system is set aside, and why an item in quarantine stays as it is."""

from pharmacrm.core.kernel.reason import ReasonCode, Severity

UNREADABLE = ReasonCode(
    "pull.unreadable",
    Severity.BLOCK,
    "{field} of {subject} cannot be read: {observed}",
    "{subject} 的 {field} 无法读取：{observed}",
    remedy="correct it at its source and send it again",
)
UNKNOWN = ReasonCode(
    "pull.unknown",
    Severity.BLOCK,
    "{subject} speaks of {observed}, which is unknown",
    "{subject} 所指的 {observed} 不存在",
    remedy="register it, then try the item again",
)
DENIED = ReasonCode(
    "pull.denied",
    Severity.BLOCK,
    "{observed} lacks the right {expected}",
    "{observed} 没有权限 {expected}",
    remedy="give the adapter's account the right, then try the item again",
)
TOTALS = ReasonCode(
    "pull.totals",
    Severity.BLOCK,
    "{subject} announces {expected}, but holds {observed}",
    "{subject} 对账总数为 {expected}，实际为 {observed}",
    remedy="have the source send the document again, whole",
)
NOT_WHOLE = ReasonCode(
    "pull.not_whole",
    Severity.BLOCK,
    "{subject} is taken in whole or not at all: {observed} is wrong",
    "{subject} 须整体入账：{observed} 有误",
    remedy="correct the rows named and send it again",
)
OVERTAKEN = ReasonCode(
    "pull.overtaken",
    Severity.BLOCK,
    "another process has taken in from {subject} meanwhile",
    "另一进程已从 {subject} 入账",
)
CLOSED = ReasonCode(
    "quarantine.closed",
    Severity.BLOCK,
    "item {subject} is {observed} already",
    "条目 {subject} 已是{observed}状态",
)
NO_CONTENT = ReasonCode(
    "quarantine.no_content",
    Severity.BLOCK,
    "item {subject} could not be read and cannot be tried again",
    "条目 {subject} 无法读取，不能重试",
    remedy="correct it at its source and send it again, then dismiss this one",
)
REASONS = (UNREADABLE, UNKNOWN, DENIED, TOTALS, NOT_WHOLE, OVERTAKEN, CLOSED, NO_CONTENT)
