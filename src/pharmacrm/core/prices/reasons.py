"""Why a price is refused, or wants somebody's word."""

from pharmacrm.core.kernel.reason import ReasonCode, Severity

LIST_MISSING = ReasonCode(
    "price.list_missing",
    Severity.BLOCK,
    "there is no price list to compare with",
    "没有适用的价目表",
    remedy="give the customer a price list",
)
LIST_EXPIRED = ReasonCode(
    "price.list_expired",
    Severity.BLOCK,
    "price list {subject} is {observed}; needed on {expected}",
    "价目表 {subject} {observed}，{expected} 须有效",
    remedy="renew the price list",
)
LIST_KIND = ReasonCode(
    "price.list_kind",
    Severity.BLOCK,
    "price list {subject} is for {expected}, not {observed}",
    "价目表 {subject} 适用于 {expected}，不适用于 {observed}",
)
CURRENCY_MISMATCH = ReasonCode(
    "currency.mismatch",
    Severity.BLOCK,
    "price list {subject} is in {expected}, not {observed}",
    "价目表 {subject} 的币种为 {expected}，不是 {observed}",
)
PRICE_UNKNOWN = ReasonCode(
    "price.unknown",
    Severity.BLOCK,
    "product {observed} is not on price list {subject}",
    "产品 {observed} 不在价目表 {subject} 中",
    remedy="register its price",
)
PRICE_OFF_LIST = ReasonCode(
    "price.off_list",
    Severity.APPROVE,
    "{field}: {observed} differs from the list price {expected}",
    "{field} 的单价 {observed} 与价目表单价 {expected} 不符",
    passed_by="lead",
)
PRICE_BELOW_FLOOR = ReasonCode(
    "price.below_floor",
    Severity.APPROVE,
    "{field}: {observed} is below the floor {expected}",
    "{field} 的单价 {observed} 低于底价 {expected}",
    rule="R-44",
    passed_by="finance",
)
PRICE_QUOTED = ReasonCode(
    "price.quoted",
    Severity.INFO,
    "{field}: {observed} was approved with quote {expected}",
    "{field} 的单价 {observed} 已随报价单 {expected} 批准",
)
FLOOR_ABOVE = ReasonCode(
    "price.floor_above",
    Severity.BLOCK,
    "the floor {observed} lies above the price {expected}",
    "底价 {observed} 高于单价 {expected}",
)
LIST_DATES = ReasonCode(
    "price.dates_reversed",
    Severity.BLOCK,
    "price list {subject} ends on {observed}, before {expected}",
    "价目表 {subject} 的失效日期 {observed} 早于 {expected}",
)
CURRENCY_FIXED = ReasonCode(
    "price.currency_fixed",
    Severity.BLOCK,
    "price list {subject} stays in {expected}, not {observed}",
    "价目表 {subject} 的币种固定为 {expected}，不可改为 {observed}",
    remedy="register another list",
)

REASONS = (
    LIST_MISSING,
    LIST_EXPIRED,
    LIST_KIND,
    CURRENCY_MISMATCH,
    PRICE_UNKNOWN,
    PRICE_OFF_LIST,
    PRICE_BELOW_FLOOR,
    PRICE_QUOTED,
    FLOOR_ABOVE,
    LIST_DATES,
    CURRENCY_FIXED,
)
