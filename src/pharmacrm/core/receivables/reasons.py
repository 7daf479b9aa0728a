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
    "{subject} 的到期日：{observed} 日期未知，暂自 {expected} 起算",
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
WRITE_OFF_EXISTS = ReasonCode(
    "write_off.exists",
    Severity.BLOCK,
    "write-off {subject} exists already",
    "核减单 {subject} 已存在",
    remedy="use another id",
)
WRITE_OFF_CURRENCY = ReasonCode(
    "write_off.currency_mismatch",
    Severity.BLOCK,
    "{subject} is in {expected}, the write-off in {observed}",
    "{subject} 币种为 {expected}，核减币种为 {observed}",
)
WRITE_OFF_OVER_OPEN = ReasonCode(
    "write_off.over_open",
    Severity.BLOCK,
    "instalment {subject}: {observed} cannot be written off, only {expected} is open",
    "分期 {subject} 未结仅 {expected}，不能核减 {observed}",
)
WRITE_OFF_OVER_CAP = ReasonCode(
    "write_off.over_cap",
    Severity.APPROVE,
    "write-off {subject}: {observed} of one receivable is over the cap of {expected}",
    "核减单 {subject}：同一应收累计核减 {observed}，超过上限 {expected}",
    passed_by="lead",
)
WRITE_OFF_REVERSED = ReasonCode(
    "write_off.reversed",
    Severity.BLOCK,
    "write-off {subject} was reversed on {observed}",
    "核减单 {subject} 已于 {observed} 冲回",
)
CLAIM_CURRENCY = ReasonCode(
    "claim.currency_mismatch",
    Severity.BLOCK,
    "{subject} is in {expected}, not in {observed}",
    "{subject} 币种为 {expected}，而非 {observed}",
)
PROMISE_EXISTS = ReasonCode(
    "promise.exists",
    Severity.BLOCK,
    "promise {subject} exists already",
    "付款承诺 {subject} 已存在",
    remedy="use another id",
)
PROMISE_OVER_OPEN = ReasonCode(
    "promise.over_open",
    Severity.BLOCK,
    "{observed} is promised for instalment {subject}, only {expected} is open",
    "分期 {subject} 未结仅 {expected}，承诺金额为 {observed}",
)
PROMISE_PAST = ReasonCode(
    "promise.past",
    Severity.BLOCK,
    "promise {subject} is for {observed}, before {expected}",
    "付款承诺 {subject} 的付款日 {observed} 早于 {expected}",
)
PROMISE_WITHDRAWN = ReasonCode(
    "promise.withdrawn",
    Severity.BLOCK,
    "promise {subject} was withdrawn on {observed}",
    "付款承诺 {subject} 已于 {observed} 撤回",
)
DISPUTE_EXISTS = ReasonCode(
    "dispute.exists",
    Severity.BLOCK,
    "dispute {subject} exists already",
    "争议 {subject} 已存在",
    remedy="use another id",
)
DISPUTE_OVER_OPEN = ReasonCode(
    "dispute.over_open",
    Severity.BLOCK,
    "{observed} of instalment {subject} is disputed, only {expected} is open",
    "分期 {subject} 未结仅 {expected}，争议金额为 {observed}",
)
DISPUTE_RESOLVED = ReasonCode(
    "dispute.resolved",
    Severity.BLOCK,
    "dispute {subject} was resolved on {observed}",
    "争议 {subject} 已于 {observed} 解决",
)
CREDIT_NOTE_EXISTS = ReasonCode(
    "credit_note.exists",
    Severity.BLOCK,
    "credit note {subject} exists already",
    "贷项通知单 {subject} 已存在",
    remedy="use another id",
)
CREDIT_NOTE_UNLINKED = ReasonCode(
    "credit_note.unlinked",
    Severity.APPROVE,
    "credit note {subject} of {observed} belongs to no slip",
    "贷项通知单 {subject} 金额 {observed} 未对应出库单",
    passed_by="lead",
)
CREDIT_NOTE_OVER_SLIP = ReasonCode(
    "credit_note.over_slip",
    Severity.BLOCK,
    "with credit note {subject} {observed} is credited of a slip of {expected}",
    "含贷项通知单 {subject} 累计贷记 {observed}，出库单金额仅 {expected}",
)
CREDIT_NOTE_OTHER_CUSTOMER = ReasonCode(
    "credit_note.other_customer",
    Severity.BLOCK,
    "{subject} is owed by {observed}, the credit note is of {expected}",
    "{subject} 属于客户 {observed}，贷项通知单属于 {expected}",
    rule="R-09",
)
CREDIT_NOTE_OVER_OPEN = ReasonCode(
    "credit_note.over_open",
    Severity.BLOCK,
    "instalment {subject}: {observed} is credited, only {expected} is open",
    "分期 {subject} 未结仅 {expected}，不能冲减 {observed}",
)
CREDIT_NOTE_OVER_APPLIED = ReasonCode(
    "credit_note.over_applied",
    Severity.BLOCK,
    "credit note {subject}: {observed} is used, only {expected} is on account",
    "贷项通知单 {subject} 余额仅 {expected}，不能冲减 {observed}",
)
CREDIT_NOTE_REVERSED = ReasonCode(
    "credit_note.reversed",
    Severity.BLOCK,
    "credit note {subject} was reversed on {observed}",
    "贷项通知单 {subject} 已于 {observed} 作废",
)
CREDIT_NOTE_OF_RETURN = ReasonCode(
    "credit_note.of_return",
    Severity.BLOCK,
    "credit note {subject} stays with its return {observed}",
    "贷项通知单 {subject} 对应退货单 {observed}，不能作废",
)
CHARGE_EXISTS = ReasonCode(
    "charge.exists",
    Severity.BLOCK,
    "receivable {subject} exists already",
    "应收 {subject} 已存在",
    remedy="use another id",
)
CHARGE_PAST = ReasonCode(
    "charge.past",
    Severity.BLOCK,
    "charge {subject} is due on {observed}, before {expected}",
    "费用 {subject} 的到期日 {observed} 早于 {expected}",
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
    WRITE_OFF_EXISTS,
    WRITE_OFF_CURRENCY,
    WRITE_OFF_OVER_OPEN,
    WRITE_OFF_OVER_CAP,
    WRITE_OFF_REVERSED,
    CLAIM_CURRENCY,
    PROMISE_EXISTS,
    PROMISE_OVER_OPEN,
    PROMISE_PAST,
    PROMISE_WITHDRAWN,
    DISPUTE_EXISTS,
    DISPUTE_OVER_OPEN,
    DISPUTE_RESOLVED,
    CREDIT_NOTE_EXISTS,
    CREDIT_NOTE_UNLINKED,
    CREDIT_NOTE_OVER_SLIP,
    CREDIT_NOTE_OTHER_CUSTOMER,
    CREDIT_NOTE_OVER_OPEN,
    CREDIT_NOTE_OVER_APPLIED,
    CREDIT_NOTE_REVERSED,
    CREDIT_NOTE_OF_RETURN,
    CHARGE_EXISTS,
    CHARGE_PAST,
)
