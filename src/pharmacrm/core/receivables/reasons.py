"""The reason codes of receivables, receipts and allocations."""

from pharmacrm.core.kernel.reason import ReasonCode, Severity

CALENDAR_UNPUBLISHED = ReasonCode(
    "calendar.unpublished",
    Severity.WARN,
    "due dates of {subject}: the work calendar of {observed} is not published",
    "{subject} 的到期日：{observed} 年工作日历尚未公布",
    rule="XT-24",
)
EVENT_ASSUMED = ReasonCode(
    "terms.event_assumed",
    Severity.WARN,
    "due dates of {subject}: the date of {observed} is not known, they count from {expected}",
    "{subject} 的到期日：{observed} 未知，暂自 {expected} 起算",
    remedy="reschedule it when the date is known",
    rule="XT-24",
)
CURRENCY_MISMATCH = ReasonCode(
    "receipt.currency_mismatch",
    Severity.BLOCK,
    "{subject} is in {expected}, the receipt in {observed}",
    "{subject} 币种为 {expected}，收款币种为 {observed}",
)
RECEIPT_NOT_POSITIVE = ReasonCode(
    "receipt.not_positive",
    Severity.BLOCK,
    "receipt {subject} has the amount {observed}, more than zero is wanted",
    "收款 {subject} 金额为 {observed}，应大于零",
)
RECEIPT_NOT_CLEARED = ReasonCode(
    "receipt.not_cleared", Severity.BLOCK, "receipt {subject} is not cleared", "收款 {subject} 尚未到账"
)
RECEIPT_FUTURE = ReasonCode(
    "receipt.future",
    Severity.BLOCK,
    "receipt {subject} cannot be cleared before {observed}",
    "收款 {subject} 在 {observed} 前不能到账",
)
RECEIPT_REVERSED = ReasonCode(
    "receipt.reversed",
    Severity.BLOCK,
    "receipt {subject} was reversed on {observed}",
    "收款 {subject} 已于 {observed} 冲销",
)
RECEIPT_FIXED = ReasonCode(
    "receipt.fixed",
    Severity.BLOCK,
    "receipt {subject} is allocated: its {field} stays",
    "收款 {subject} 已核销，“{field}”不能更改",
    remedy="undo its allocations first",
)
RECEIPT_OVER_ALLOCATED = ReasonCode(
    "receipt.over_allocated",
    Severity.BLOCK,
    "receipt {subject}: {observed} is allocated, only {expected} is there",
    "收款 {subject} 核销 {observed}，可用仅 {expected}",
)
RECEIPT_ON_ACCOUNT = ReasonCode(
    "receipt.on_account",
    Severity.INFO,
    "{observed} of receipt {subject} stays on account",
    "收款 {subject} 余额 {observed} 留作预收",
)
INSTALMENT_UNKNOWN = ReasonCode(
    "instalment.unknown", Severity.BLOCK, "there is no instalment {observed}", "没有分期应收 {observed}"
)
INSTALMENT_OTHER_CUSTOMER = ReasonCode(
    "instalment.other_customer",
    Severity.BLOCK,
    "instalment {subject} is owed by {observed}, the receipt is of {expected}",
    "分期 {subject} 属于客户 {observed}，收款属于 {expected}",
    rule="R-09",
)
INSTALMENT_OVER_ALLOCATED = ReasonCode(
    "instalment.over_allocated",
    Severity.BLOCK,
    "instalment {subject}: {observed} is allocated, only {expected} is open",
    "分期 {subject} 核销 {observed}，未结仅 {expected}",
)
DISCOUNT_EXPIRED = ReasonCode(
    "discount.expired",
    Severity.BLOCK,
    "instalment {subject} has no discount for money of {observed}",
    "分期 {subject} 对 {observed} 到账的款项无现金折扣",
    rule="XT-25",
)
DISCOUNT_NOT_SETTLING = ReasonCode(
    "discount.not_settling",
    Severity.BLOCK,
    "instalment {subject}: the discount takes a payment of {expected}, not {observed}",
    "分期 {subject} 享受折扣应付 {expected}，而非 {observed}",
    rule="XT-25",
)
ALLOCATION_UNKNOWN = ReasonCode(
    "allocation.unknown",
    Severity.BLOCK,
    "receipt {subject} has no allocation {observed}",
    "收款 {subject} 没有核销记录 {observed}",
)
PAYER_MISMATCH = ReasonCode(
    "payment.payer_mismatch",
    Severity.BLOCK,
    "the payer of {subject} is not the customer's legal name",
    "{subject} 的付款人与客户法定名称不符",
    rule="R-09",
)
PERSONAL_ACCOUNT = ReasonCode(
    "payment.personal_account",
    Severity.BLOCK,
    "{subject} was paid from a personal account",
    "{subject} 由个人账户支付",
    rule="R-09",
)
NOT_CLEARED = ReasonCode(
    "payment.not_cleared",
    Severity.BLOCK,
    "{subject} wants {expected} prepaid, cleared {observed}",
    "{subject} 须预付 {expected}，已到账 {observed}",
    rule="XT-08",
)
CREDIT_MISSING = ReasonCode(
    "payment.credit_missing",
    Severity.BLOCK,
    "{subject} wants {expected} of credit reserved, has {observed}",
    "{subject} 须占用信用 {expected}，已占用 {observed}",
    rule="XT-08",
)

REASONS = (
    CALENDAR_UNPUBLISHED,
    EVENT_ASSUMED,
    CURRENCY_MISMATCH,
    RECEIPT_NOT_POSITIVE,
    RECEIPT_NOT_CLEARED,
    RECEIPT_FUTURE,
    RECEIPT_REVERSED,
    RECEIPT_FIXED,
    RECEIPT_OVER_ALLOCATED,
    RECEIPT_ON_ACCOUNT,
    INSTALMENT_UNKNOWN,
    INSTALMENT_OTHER_CUSTOMER,
    INSTALMENT_OVER_ALLOCATED,
    DISCOUNT_EXPIRED,
    DISCOUNT_NOT_SETTLING,
    ALLOCATION_UNKNOWN,
    PAYER_MISMATCH,
    PERSONAL_ACCOUNT,
    NOT_CLEARED,
    CREDIT_MISSING,
)
