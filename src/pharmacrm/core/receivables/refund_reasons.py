"""The reason codes of refunds."""

from pharmacrm.core.kernel.reason import ReasonCode, Severity

REFUND_EXISTS = ReasonCode(
    "refund.exists",
    Severity.BLOCK,
    "refund {subject} exists already",
    "退款 {subject} 已存在",
    remedy="use another id",
)
REFUND_SOURCE = ReasonCode(
    "refund.source",
    Severity.BLOCK,
    "either a receipt or a credit note is refunded, {observed} are named",
    "退款须且只须指明一张收款单或贷项通知单，现指明 {observed} 张",
)
REFUND_OVER = ReasonCode(
    "refund.over_account",
    Severity.BLOCK,
    "{observed} is more than is on account of {subject}: {expected}",
    "退款 {observed} 超过 {subject} 的未核销余额 {expected}",
)
REFUND_UNDONE = ReasonCode(
    "refund.undone",
    Severity.INFO,
    "refund {subject} was undone on {observed}",
    "退款 {subject} 已于 {observed} 撤销",
)
REFUND_STANDS = ReasonCode(
    "refund.stands",
    Severity.BLOCK,
    "{observed} of {subject} was refunded and cannot be taken back",
    "{subject} 已退款 {observed}，不能冲销",
    remedy="undo the refund first",
)

REASONS = (REFUND_EXISTS, REFUND_SOURCE, REFUND_OVER, REFUND_UNDONE, REFUND_STANDS)
