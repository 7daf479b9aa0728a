"""The reason codes of invoices (票账货款一致, R-09)."""

from pharmacrm.core.kernel.reason import ReasonCode, Severity

INVOICE_EXISTS = ReasonCode(
    "invoice.exists", Severity.BLOCK, "invoice {subject} is recorded already", "发票 {subject} 已登记"
)
INVOICE_EMPTY = ReasonCode(
    "invoice.empty", Severity.BLOCK, "invoice {subject} has no lines", "发票 {subject} 没有明细行"
)
INVOICE_FUTURE = ReasonCode(
    "invoice.future",
    Severity.BLOCK,
    "invoice {subject} is dated {observed}, after {expected}",
    "发票 {subject} 开票日期 {observed} 晚于 {expected}",
)
INVOICE_LINE_UNKNOWN = ReasonCode(
    "invoice.line_unknown",
    Severity.BLOCK,
    "invoice {subject} is for {observed}, which was never shipped",
    "发票 {subject} 对应的出库行 {observed} 不存在",
    rule="R-09",
)
INVOICE_OTHER_CUSTOMER = ReasonCode(
    "invoice.other_customer",
    Severity.BLOCK,
    "{subject} is of {observed}, the invoice of {expected}",
    "{subject} 属于客户 {observed}，发票属于 {expected}",
    rule="R-09",
)
INVOICE_OVER_SHIPPED = ReasonCode(
    "invoice.over_shipped",
    Severity.BLOCK,
    "{observed} of {subject} would be invoiced, the customer has {expected}",
    "{subject} 累计开票 {observed}，客户实收 {expected}",
    rule="R-09",
)
INVOICE_OVER_ORDERED = ReasonCode(
    "invoice.over_ordered",
    Severity.BLOCK,
    "{observed} of {subject} would be invoiced, {expected} are ordered",
    "{subject} 累计开票 {observed}，订单数量 {expected}",
    rule="R-09",
)
INVOICE_ORDER_STATE = ReasonCode(
    "invoice.order_state",
    Severity.BLOCK,
    "order {subject} is {observed}: none of its goods are to come",
    "订单 {subject} 状态为 {observed}，没有待发货物",
    rule="R-09",
)
INVOICE_OVER_RED = ReasonCode(
    "invoice.over_red",
    Severity.BLOCK,
    "{observed} of {subject} would be taken back, {expected} are left to take",
    "{subject} 红字数量 {observed}，可冲红仅 {expected}",
    rule="R-09",
)
INVOICE_RED_OF_RED = ReasonCode(
    "invoice.red_of_red",
    Severity.BLOCK,
    "invoice {subject} takes back {observed}, which is a red letter itself",
    "发票 {subject} 对应的 {observed} 本身为红字发票",
)
INVOICE_AMOUNT = ReasonCode(
    "invoice.amount_mismatch",
    Severity.APPROVE,
    "{subject} is invoiced at {observed}, shipped at {expected}",
    "{subject} 开票金额 {observed}，出库金额 {expected}",
    rule="R-09",
    passed_by="lead",
)
INVOICE_TAX = ReasonCode(
    "invoice.tax_mismatch",
    Severity.APPROVE,
    "{subject} is invoiced with a tax of {observed}, {expected} is wanted",
    "{subject} 开票税额 {observed}，应为 {expected}",
    rule="R-09",
    passed_by="lead",
)
INVOICE_TERMS = ReasonCode(
    "invoice.terms_mismatch",
    Severity.APPROVE,
    "order {subject} was not sold at the terms {observed} of the invoice",
    "订单 {subject} 的付款条件与发票所列 {observed} 不符",
    rule="R-09",
    passed_by="lead",
)
INVOICE_QUANTITY = ReasonCode(
    "invoice.quantity_mismatch",
    Severity.WARN,
    "{observed} of {subject} are invoiced, the customer has {expected}",
    "{subject} 已开票 {observed}，客户实收 {expected}",
    rule="R-09",
)

REASONS = (
    INVOICE_EXISTS,
    INVOICE_EMPTY,
    INVOICE_FUTURE,
    INVOICE_LINE_UNKNOWN,
    INVOICE_OTHER_CUSTOMER,
    INVOICE_OVER_SHIPPED,
    INVOICE_OVER_ORDERED,
    INVOICE_ORDER_STATE,
    INVOICE_OVER_RED,
    INVOICE_RED_OF_RED,
    INVOICE_AMOUNT,
    INVOICE_TAX,
    INVOICE_TERMS,
    INVOICE_QUANTITY,
)
