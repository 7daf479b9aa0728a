"""The reason codes of bank acceptance bills."""

from pharmacrm.core.kernel.reason import ReasonCode, Severity

RECEIPT_IS_BILL = ReasonCode(
    "receipt.is_bill",
    Severity.BLOCK,
    "a bank acceptance bill is no money yet: receipt {subject} cannot be one",
    "银行承兑汇票到期前不是收款，不能按收款 {subject} 登记",
    remedy="take it in with ReceiveBill, with the day of its maturity",
)
BILL_EXISTS = ReasonCode(
    "bill.exists",
    Severity.BLOCK,
    "a bill or receipt {subject} exists already",
    "票据或收款 {subject} 已存在",
)
BILL_DATES = ReasonCode(
    "bill.dates_reversed",
    Severity.BLOCK,
    "bill {subject} matures on {observed}, not after its issue on {expected}",
    "票据 {subject} 到期日 {observed} 不晚于出票日 {expected}",
)
BILL_LONG = ReasonCode(
    "bill.term_long",
    Severity.WARN,
    "bill {subject} matures on {observed}, later than six months ({expected})",
    "票据 {subject} 到期日 {observed} 超过最长六个月（{expected}）",
)
BILL_MATURED = ReasonCode(
    "bill.matured",
    Severity.WARN,
    "bill {subject} matured on {observed}",
    "票据 {subject} 已于 {observed} 到期",
)
BILL_NOT_DUE = ReasonCode(
    "bill.not_due",
    Severity.BLOCK,
    "bill {subject} is paid on {expected} at the earliest, not on {observed}",
    "票据 {subject} 最早于 {expected} 兑付，而非 {observed}",
)
BILL_STATE = ReasonCode(
    "bill.state",
    Severity.BLOCK,
    "bill {subject} is {observed} and cannot become {expected}",
    "票据 {subject} 状态为 {observed}，不能变为 {expected}",
)
BILL_CHARGE = ReasonCode(
    "bill.charge",
    Severity.BLOCK,
    "the charge {observed} for bill {subject} is not below {expected}",
    "票据 {subject} 贴现息 {observed} 应小于票面金额 {expected}",
)
RECEIPT_OF_BILL = ReasonCode(
    "receipt.of_bill",
    Severity.BLOCK,
    "receipt {subject} goes with its bill",
    "收款 {subject} 随票据变动",
    remedy="collect, discount, endorse or dishonour the bill",
)

REASONS = (
    RECEIPT_IS_BILL,
    BILL_EXISTS,
    BILL_DATES,
    BILL_LONG,
    BILL_MATURED,
    BILL_NOT_DUE,
    BILL_STATE,
    BILL_CHARGE,
    RECEIPT_OF_BILL,
)
