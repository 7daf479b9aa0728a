"""Why a purchase order is refused, or goods for it are not taken in."""

from pharmacrm.core.kernel.reason import ReasonCode, Severity

EXPECTED_PAST = ReasonCode(
    "purchase.expected_past",
    Severity.BLOCK,
    "{subject} is expected on {observed}; today is {expected}",
    "采购订单 {subject} 的到货日期为 {observed}，今天是 {expected}",
    remedy="revise it with another day",
)
NOT_ORDERED = ReasonCode(
    "purchase.not_ordered",
    Severity.BLOCK,
    "{subject} is {observed}: goods are received for what was ordered",
    "采购订单 {subject} 状态为 {observed}，已下单后方可收货",
)
RECEIPT_EMPTY = ReasonCode(
    "goods_receipt.empty", Severity.BLOCK, "goods receipt {subject} has no items", "收货单 {subject} 没有明细"
)
RECEIPT_LINE = ReasonCode(
    "goods_receipt.line_unknown",
    Severity.BLOCK,
    "purchase order {subject} has no line {observed}",
    "采购订单 {subject} 没有第 {observed} 行",
)
RECEIPT_OVER = ReasonCode(
    "goods_receipt.over_quantity",
    Severity.BLOCK,
    "{subject} would have received {observed}; at most {expected}",
    "{subject} 将累计收货 {observed}，最多 {expected}",
)

REASONS = (EXPECTED_PAST, NOT_ORDERED, RECEIPT_EMPTY, RECEIPT_LINE, RECEIPT_OVER)
