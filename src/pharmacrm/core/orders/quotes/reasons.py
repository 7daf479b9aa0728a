"""Why a quote is refused, or does not become an order."""

from pharmacrm.core.kernel.reason import ReasonCode, Severity

QUOTE_DATES = ReasonCode(
    "quote.dates_reversed",
    Severity.BLOCK,
    "quote {subject} would be valid until {observed}, before {expected}",
    "报价单 {subject} 的有效期止于 {observed}，早于 {expected}",
)
QUOTE_EXPIRED = ReasonCode(
    "quote.expired",
    Severity.BLOCK,
    "quote {subject} was valid until {observed}; today is {expected}",
    "报价单 {subject} 有效期至 {observed}，今天是 {expected}",
    remedy="revise it with another validity",
)
QUOTE_EARLY = ReasonCode(
    "quote.not_valid_yet",
    Severity.BLOCK,
    "quote {subject} is valid from {observed}; today is {expected}",
    "报价单 {subject} 自 {observed} 起有效，今天是 {expected}",
)
QUOTE_NOT_APPROVED = ReasonCode(
    "quote.not_approved",
    Severity.BLOCK,
    "quote {subject} is {observed}: only an approved one becomes an order",
    "报价单 {subject} 状态为 {observed}，审批通过后方可转为订单",
)
QUOTE_CONVERTED = ReasonCode(
    "quote.converted",
    Severity.INFO,
    "quote {subject} has become order {observed} already",
    "报价单 {subject} 已转为订单 {observed}",
)
QUOTE_ORDERED = ReasonCode(
    "quote.converted_otherwise",
    Severity.BLOCK,
    "quote {subject} has become order {observed}, not {expected}",
    "报价单 {subject} 已转为订单 {observed}，不能再转为 {expected}",
)
ORDER_TAKEN = ReasonCode(
    "quote.order_taken",
    Severity.BLOCK,
    "quote {subject} cannot become order {observed}: there is one of that id",
    "报价单 {subject} 不能转为订单 {observed}：该订单号已存在",
    remedy="use another id",
)

REASONS = (
    QUOTE_DATES,
    QUOTE_EXPIRED,
    QUOTE_EARLY,
    QUOTE_NOT_APPROVED,
    QUOTE_CONVERTED,
    QUOTE_ORDERED,
    ORDER_TAKEN,
)
