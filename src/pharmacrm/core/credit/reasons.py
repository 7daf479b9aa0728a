"""The reason codes of credit: a closed list."""

from pharmacrm.core.kernel.reason import ReasonCode, Severity

OVER_LIMIT = ReasonCode(
    "credit.over_limit",
    Severity.APPROVE,
    "{subject} brings exposure to {observed}, limit {expected}",
    "{subject} 使信用占用达到 {observed}，额度 {expected}",
    remedy="finance may pass it, or the customer pays first",
    rule="XT-26",
    passed_by="finance",
)
NO_LIMIT = ReasonCode(
    "credit.no_limit",
    Severity.APPROVE,
    "{subject} needs {observed} of credit, the customer has none",
    "{subject} 需占用信用 {observed}，客户无信用额度",
    remedy="set a credit limit, finance may pass it, or have it prepaid",
    rule="XT-26",
    passed_by="finance",
)
BLOCKED = ReasonCode(
    "credit.blocked",
    Severity.BLOCK,
    "{subject} needs credit, the customer's credit is blocked",
    "{subject} 需占用信用，客户已停止授信",
    rule="XT-26",
)
CURRENCY_MISMATCH = ReasonCode(
    "credit.currency_mismatch",
    Severity.BLOCK,
    "{subject} is in {observed}, the credit line in {expected}",
    "{subject} 币种为 {observed}，信用额度币种为 {expected}",
)
NEGATIVE_AMOUNT = ReasonCode(
    "credit.negative_amount",
    Severity.BLOCK,
    "{subject}: the amount {observed} is negative",
    "{subject} 金额 {observed} 为负",
)
NOT_RESERVED = ReasonCode(
    "credit.not_reserved",
    Severity.BLOCK,
    "{subject} needs {observed} of credit, nothing was reserved",
    "{subject} 需占用信用 {observed}，未预留",
)
OVER_POSTED = ReasonCode(
    "credit.over_posted",
    Severity.BLOCK,
    "{subject} posts {observed}, only {expected} is reserved",
    "{subject} 过账 {observed}，仅预留 {expected}",
)
RESERVATION_EXPIRED = ReasonCode(
    "reservation.expired",
    Severity.BLOCK,
    "the credit reservation {subject} expired on {observed}",
    "信用预留 {subject} 已于 {observed} 失效",
    remedy="reserve the credit again",
)
RESERVATION_CLOSED = ReasonCode(
    "reservation.closed",
    Severity.INFO,
    "the credit reservation {subject} is {observed} already",
    "信用预留 {subject} 的状态已是“{observed}”",
)
RESERVATION_NOT_DUE = ReasonCode(
    "reservation.not_due",
    Severity.INFO,
    "the credit reservation {subject} holds until {expected}",
    "信用预留 {subject} 有效至 {expected}",
)
BELOW_ZERO = ReasonCode(
    "credit.below_zero",
    Severity.BLOCK,
    "{field} of customer {subject} would fall to {observed}",
    "客户 {subject} 的“{field}”将降为 {observed}",
)
LIMIT_BELOW_EXPOSURE = ReasonCode(
    "credit.limit_below_exposure",
    Severity.WARN,
    "customer {subject} owes {observed}, above the limit {expected}",
    "客户 {subject} 信用占用 {observed}，超过额度 {expected}",
    rule="XT-26",
)
CURRENCY_IN_USE = ReasonCode(
    "credit.currency_in_use",
    Severity.BLOCK,
    "the credit line of {subject} is kept in {expected}, not {observed}",
    "客户 {subject} 的信用额度已以 {expected} 记账，不能改为 {observed}",
)
LIMIT_OVERLAP = ReasonCode(
    "limit.overlap",
    Severity.BLOCK,
    "{subject}: the limit {observed} overlaps {expected}",
    "客户 {subject} 的 {observed} 与 {expected} 期间重叠",
    remedy="end the other limit first",
    rule="XT-26",
)
LIMIT_DATES = ReasonCode(
    "limit.dates",
    Severity.BLOCK,
    "a limit of {subject} ends on {observed}, at the earliest {expected}",
    "客户 {subject} 的额度截止日为 {observed}，最早为 {expected}",
    rule="XT-26",
)
LIMIT_ENDED = ReasonCode(
    "limit.ended",
    Severity.BLOCK,
    "limit {observed} of {subject} ends on {expected} already",
    "客户 {subject} 的第 {observed} 项额度已于 {expected} 截止",
    rule="XT-26",
)
GROUP_OVER_LIMIT = ReasonCode(
    "credit.group_over_limit",
    Severity.APPROVE,
    "{subject} brings the exposure of its group to {observed}, limit {expected}",
    "{subject} 使集团信用占用达到 {observed}，集团额度 {expected}",
    remedy="finance may pass it, or a member of the group pays first",
    rule="XT-26",
    passed_by="finance",
)
GROUP_BLOCKED = ReasonCode(
    "credit.group_blocked",
    Severity.BLOCK,
    "{subject} needs credit, that of group {observed} is blocked",
    "{subject} 需占用信用，集团 {observed} 已停止授信",
    rule="XT-26",
)
PART_OVER_LIMIT = ReasonCode(
    "credit.part_over_limit",
    Severity.APPROVE,
    "{subject} brings {field} to {observed}, their own limit is {expected}",
    "{subject} 使{field}达到 {observed}，单项额度 {expected}",
    remedy="finance may pass it, or the part falls first",
    rule="XT-26",
    passed_by="finance",
)
WATCHED = ReasonCode(
    "credit.watch",
    Severity.INFO,
    "{subject} brings exposure to {observed}, watched from {expected}",
    "{subject} 使信用占用达到 {observed}，自 {expected} 起关注",
    rule="XT-26",
)
OVERDUE = ReasonCode(
    "credit.overdue",
    Severity.APPROVE,
    "{subject}: the customer is overdue by {observed}, borne are {expected}",
    "{subject}：客户逾期 {observed}，允许 {expected}",
    remedy="the customer pays, or finance passes it",
    rule="XT-26",
    passed_by="finance",
)
OVERRIDE_REQUIRED = ReasonCode(
    "credit.override_required",
    Severity.APPROVE,
    "{subject} needs an override: {observed}",
    "{subject} 须特批：{observed}",
    remedy="hand it in with RequestOverride (publish ready_route('credit_override_cn') once), or they pay",
    rule="XT-26",
    passed_by="system",
)
LIMIT_APPROVAL = ReasonCode(
    "limit.approval_wanted",
    Severity.BLOCK,
    "a limit of {observed} for {subject} wants approval, own authority is {expected}",
    "客户 {subject} 的额度 {observed} 须经审批，自主权限为 {expected}",
    remedy="hand it in with RequestCreditLimit; publish ready_route('credit_limit_cn') once",
)
POLICY_AUTHORITY = ReasonCode(
    "limit.policy_authority",
    Severity.BLOCK,
    "a credit policy that gives {observed} is beyond the own authority of {expected}",
    "信用政策设定的 {observed} 超出自主权限 {expected}",
    remedy="an administrator sets it",
)
LIMIT_REQUEST_EXISTS = ReasonCode(
    "limit.request_exists",
    Severity.BLOCK,
    "request {subject} for a limit exists already",
    "额度申请 {subject} 已存在",
    remedy="use another id",
)
GROUP_SHARES_NONE = ReasonCode(
    "limit.group_shares_none",
    Severity.BLOCK,
    "group {subject} shares no limit, nothing comes beside it",
    "集团 {subject} 未设共享额度，不能追加额度",
    remedy="set the limit of the group first (SetCreditGroup)",
    rule="XT-26",
)
RATE_MISSING = ReasonCode(
    "credit.rate_missing",
    Severity.APPROVE,
    "{subject}: no exchange rate of {observed} by {expected}",
    "{subject}：截至 {expected} 没有 {observed} 汇率",
    remedy="record the rate (RecordExchangeRate) and check again, or finance passes it",
    rule="XT-26",
    passed_by="finance",
)
RATE_STALE = ReasonCode(
    "credit.rate_stale",
    Severity.APPROVE,
    "{subject} counts at the {observed}, older than {expected}",
    "{subject} 折算所用{observed}，早于 {expected}",
    remedy="record the rate of today (RecordExchangeRate) and check again, or finance passes it",
    rule="XT-26",
    passed_by="finance",
)
GROUP_CURRENCY = ReasonCode(
    "credit.group_currency",
    Severity.BLOCK,
    "{subject} is kept in {observed}, the group in {expected}",
    "客户 {subject} 以 {observed} 记账，集团以 {expected} 记账",
)

REASONS = (
    LIMIT_APPROVAL,
    POLICY_AUTHORITY,
    LIMIT_REQUEST_EXISTS,
    OVER_LIMIT,
    NO_LIMIT,
    BLOCKED,
    CURRENCY_MISMATCH,
    NEGATIVE_AMOUNT,
    NOT_RESERVED,
    OVER_POSTED,
    RESERVATION_EXPIRED,
    RESERVATION_CLOSED,
    RESERVATION_NOT_DUE,
    BELOW_ZERO,
    LIMIT_BELOW_EXPOSURE,
    CURRENCY_IN_USE,
    LIMIT_OVERLAP,
    LIMIT_DATES,
    LIMIT_ENDED,
    GROUP_OVER_LIMIT,
    GROUP_BLOCKED,
    PART_OVER_LIMIT,
    WATCHED,
    OVERDUE,
    OVERRIDE_REQUIRED,
    GROUP_SHARES_NONE,
    RATE_MISSING,
    RATE_STALE,
    GROUP_CURRENCY,
)
