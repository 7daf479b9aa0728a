"""The reason codes of credit overrides (信用特批)."""

from pharmacrm.core.kernel.reason import ReasonCode, Severity

OVERRIDE_EXISTS = ReasonCode(
    "override.exists",
    Severity.BLOCK,
    "override {subject} exists already",
    "特批 {subject} 已存在",
    remedy="use another id",
)
OVERRIDE_OTHERS = ReasonCode(
    "override.others",
    Severity.BLOCK,
    "order {subject} is of {expected}, {observed} cannot ask for its override",
    "订单 {subject} 的提交人为 {expected}，{observed} 不能为其申请特批",
    remedy="whoever requested the order asks for its override",
)
OVERRIDE_ORDER_ENDED = ReasonCode(
    "override.order_ended",
    Severity.BLOCK,
    "order {subject} is {observed} and needs no credit any more",
    "订单 {subject} 状态为 {observed}，不再需要信用",
)
OVERRIDE_DATES = ReasonCode(
    "override.dates",
    Severity.BLOCK,
    "override {subject} ends on {observed}, before {expected}",
    "特批 {subject} 的失效日 {observed} 早于 {expected}",
)
OVERRIDE_ENDED = ReasonCode(
    "override.ended",
    Severity.BLOCK,
    "override {subject} is {observed} already",
    "特批 {subject} 已结束：{observed}",
)
OVERRIDE_CONTENT = ReasonCode(
    "override.content_changed",
    Severity.BLOCK,
    "override {subject} was granted for another content of its order",
    "特批 {subject} 批准后订单内容已变更",
    remedy="ask for an override of the order as it is",
)
OVERRIDE_AMOUNT = ReasonCode(
    "override.amount_exceeded",
    Severity.BLOCK,
    "override {subject} is for {expected}, {observed} is needed",
    "特批 {subject} 金额 {expected}，需占用 {observed}",
)
OVERRIDE_EXPIRED = ReasonCode(
    "override.expired",
    Severity.BLOCK,
    "override {subject} was good until {observed}, today is {expected}",
    "特批 {subject} 有效至 {observed}，今日为 {expected}",
)
OVERRIDE_USED = ReasonCode(
    "override.used",
    Severity.BLOCK,
    "override {subject} was used on {observed}, and is used once",
    "特批 {subject} 已于 {observed} 使用，仅限一次",
)
OVERRIDE_ROUTE = ReasonCode(
    "override.route",
    Severity.BLOCK,
    "route {observed} lets a requester decide: it grants no override such as {subject}",
    "流程 {observed} 允许提交人自批，不能用于特批 {subject}",
)

REASONS = (
    OVERRIDE_ROUTE,
    OVERRIDE_EXISTS,
    OVERRIDE_OTHERS,
    OVERRIDE_ORDER_ENDED,
    OVERRIDE_DATES,
    OVERRIDE_ENDED,
    OVERRIDE_CONTENT,
    OVERRIDE_AMOUNT,
    OVERRIDE_EXPIRED,
    OVERRIDE_USED,
)
