"""The reason codes of orders, slips and lots."""

from pharmacrm.core.kernel.reason import ReasonCode, Severity

ORDER_STATE = ReasonCode(
    "order.state",
    Severity.BLOCK,
    "order {subject} is {observed} and cannot become {expected}",
    "订单 {subject} 状态为 {observed}，不能变为 {expected}",
)
NOTHING_LEFT = ReasonCode(
    "order.nothing_left",
    Severity.BLOCK,
    "all of order {subject} was shipped, nothing is left to reopen",
    "订单 {subject} 已全部发货，无可重新打开的数量",
)
ORDER_NO_LINES = ReasonCode(
    "order.no_lines", Severity.BLOCK, "{subject} has no lines", "单据 {subject} 没有明细行"
)
ORDER_TOO_LARGE = ReasonCode(
    "order.too_large",
    Severity.BLOCK,
    "{subject} has {observed} lines, at most {expected}",
    "单据 {subject} 有 {observed} 行，最多 {expected} 行",
    remedy="split it",
)
CONSIGNEE_MISSING = ReasonCode(
    "consignee.missing", Severity.BLOCK, "order {subject} names no consignee", "订单 {subject} 缺少收货人"
)
PHONE_MISSING = ReasonCode(
    "phone.missing", Severity.BLOCK, "order {subject} names no telephone", "订单 {subject} 缺少联系电话"
)
ADDRESS_MISSING = ReasonCode(
    "address.missing",
    Severity.BLOCK,
    "order {subject} names no delivery address",
    "订单 {subject} 缺少收货地址",
)
SHIP_DATE_PAST = ReasonCode(
    "ship_date.past",
    Severity.BLOCK,
    "requested ship date {observed} lies before {expected}",
    "要求发货日期 {observed} 早于 {expected}",
)
LINE_DUPLICATE = ReasonCode(
    "line.duplicate",
    Severity.WARN,
    "product {observed} stands on several lines of {subject}",
    "品种 {observed} 在单据 {subject} 中重复出现",
)
LINE_FREE = ReasonCode(
    "line.free",
    Severity.WARN,
    "product {observed} on {subject} has the price 0",
    "单据 {subject} 中品种 {observed} 的单价为 0",
)
ORDER_NOT_RELEASED = ReasonCode(
    "order.not_released",
    Severity.BLOCK,
    "order {subject} is {observed}: only a released order ships",
    "订单 {subject} 状态为 {observed}，未放行不得出库",
)
LINE_UNKNOWN = ReasonCode(
    "line.unknown",
    Severity.BLOCK,
    "order {subject} has no line {observed}",
    "订单 {subject} 没有第 {observed} 行",
)
SLIP_EMPTY = ReasonCode(
    "slip.empty", Severity.BLOCK, "slip {subject} has no items", "出库单 {subject} 没有明细"
)
SLIP_OVER_QUANTITY = ReasonCode(
    "slip.over_quantity",
    Severity.BLOCK,
    "{subject} would ship {observed}, ordered {expected}",
    "{subject} 将累计出库 {observed}，订购 {expected}",
)
LOT_UNKNOWN = ReasonCode(
    "lot.unknown",
    Severity.BLOCK,
    "lot {subject} is not registered",
    "批号 {subject} 未登记",
    remedy="register the lot",
)
LOT_OTHER_PRODUCT = ReasonCode(
    "lot.other_product",
    Severity.BLOCK,
    "lot {observed} belongs to another product than {expected}",
    "批号 {observed} 不属于品种 {expected}",
)
LOT_HELD = ReasonCode(
    "lot.held", Severity.BLOCK, "lot {subject} is on hold", "批号 {subject} 已停售", rule="SC-21"
)
LOT_EXPIRED = ReasonCode(
    "lot.expired",
    Severity.BLOCK,
    "lot {subject} expires on {observed}, must outlast {expected}",
    "批号 {subject} 有效期至 {observed}，须晚于出库日 {expected}",
    rule="R-09c",
)
LOT_SHORT_LIFE = ReasonCode(
    "lot.short_life",
    Severity.BLOCK,
    "lot {subject} expires on {observed}, buyer wants {expected} or later",
    "批号 {subject} 有效期至 {observed}，客户要求不早于 {expected}",
    rule="R-09c",
)
LOT_NEAR_EXPIRY = ReasonCode(
    "lot.near_expiry",
    Severity.WARN,
    "lot {subject} expires on {observed}, by {expected}: near expiry",
    "批号 {subject} 有效期至 {observed}，属近效期（{expected} 前）",
    rule="R-09c",
)
LOT_EXPIRY_MISMATCH = ReasonCode(
    "lot.expiry_mismatch",
    Severity.BLOCK,
    "lot {subject} was read as expiring {observed}, registered {expected}",
    "批号 {subject} 读取有效期 {observed}，登记为 {expected}",
)
LOT_EXPIRY_CHANGED = ReasonCode(
    "lot.expiry_changed",
    Severity.WARN,
    "lot {subject} now expires on {observed}, not {expected}",
    "批号 {subject} 有效期由 {expected} 改为 {observed}",
)
LOT_TAKEN = ReasonCode(
    "lot.taken",
    Severity.BLOCK,
    "lot {subject} is registered already for product {expected}",
    "批号 {subject} 已登记在品种 {expected} 名下",
    remedy="product and lot read the same together: use another product id",
)
LOT_HOLD_KEPT = ReasonCode(
    "lot.hold_kept",
    Severity.INFO,
    "lot {subject} is {observed} already",
    "批号 {subject} 已处于 {observed} 状态",
)
SALES_RECORD_INCOMPLETE = ReasonCode(
    "sales_record.incomplete",
    Severity.BLOCK,
    "the sales record of {subject} lacks {observed}",
    "{subject} 的销售记录缺少 {observed}",
    rule="R-08",
    remedy="complete the product",
)
DELIVERY_UNCONFIRMED = ReasonCode(
    "delivery.unconfirmed",
    Severity.WARN,
    "slip {subject}: arrival not confirmed on {observed}, wanted by {expected}",
    "出库单 {subject} 截至 {observed} 未确认到货，应于 {expected} 前确认",
    rule="R-31",
)
ACCEPTANCE_TOO_EARLY = ReasonCode(
    "acceptance.too_early",
    Severity.BLOCK,
    "slip {subject} cannot be accepted on {observed}, before {expected}",
    "出库单 {subject} 的验收日期 {observed} 早于 {expected}",
)
ACCEPTANCE_FUTURE = ReasonCode(
    "acceptance.future",
    Severity.BLOCK,
    "slip {subject} cannot have been accepted on {observed}, after today",
    "出库单 {subject} 的验收日期 {observed} 晚于今天",
)
ACCEPTANCE_CONFIRMED = ReasonCode(
    "acceptance.confirmed",
    Severity.INFO,
    "acceptance of slip {subject} is confirmed already",
    "出库单 {subject} 已确认客户验收",
)
ACCEPTANCE_DIFFERS = ReasonCode(
    "acceptance.differs",
    Severity.BLOCK,
    "acceptance of slip {subject} is confirmed as of {expected}, not {observed}",
    "出库单 {subject} 已于 {expected} 确认客户验收，而非 {observed}",
)
ACCEPTANCE_MISSING = ReasonCode(
    "acceptance.missing",
    Severity.BLOCK,
    "slip {subject} was not accepted yet",
    "出库单 {subject} 尚未确认客户验收",
    remedy="confirm it with ConfirmAcceptance",
)
CORRECTION_EXISTS = ReasonCode(
    "correction.exists",
    Severity.BLOCK,
    "correction {subject} exists already",
    "日期更正 {subject} 已存在",
    remedy="use another id",
)
CORRECTION_SAME = ReasonCode(
    "correction.same",
    Severity.INFO,
    "{subject} is of {observed} already",
    "{subject} 的日期已是 {observed}",
)
CORRECTION_SETTLED = ReasonCode(
    "correction.settled",
    Severity.BLOCK,
    "slip {subject} is settled: its due dates are past correcting",
    "出库单 {subject} 已结清，到期日不再更正",
)
CORRECTION_AGREED = ReasonCode(
    "correction.agreed",
    Severity.WARN,
    "due dates of slip {subject} were agreed on, and stay",
    "出库单 {subject} 的到期日另有约定，保持不变",
    remedy="agree on others with RescheduleDebt",
)
STATEMENT_EXISTS = ReasonCode(
    "statement.exists",
    Severity.BLOCK,
    "statement {subject} exists already",
    "对账单 {subject} 已存在",
    remedy="use another id",
)
STATEMENT_EMPTY = ReasonCode(
    "statement.empty",
    Severity.BLOCK,
    "statement {subject} has no slip",
    "对账单 {subject} 没有出库单",
)
STATEMENT_TOO_EARLY = ReasonCode(
    "statement.too_early",
    Severity.BLOCK,
    "slip {subject} of {expected} is not in a statement of {observed}",
    "出库单 {subject}（{expected}）晚于对账日 {observed}",
)
STATEMENT_FUTURE = ReasonCode(
    "statement.future",
    Severity.BLOCK,
    "statement {subject} cannot be of {observed}, after today",
    "对账单 {subject} 的日期 {observed} 晚于今天",
)
STATEMENT_STATED = ReasonCode(
    "statement.stated",
    Severity.BLOCK,
    "slip {subject} is in statement {observed} already",
    "出库单 {subject} 已列入对账单 {observed}",
)
STATEMENT_OTHER_CUSTOMER = ReasonCode(
    "statement.other_customer",
    Severity.BLOCK,
    "slip {subject} is of customer {observed}, not {expected}",
    "出库单 {subject} 属于客户 {observed}，而非 {expected}",
)
DELIVERY_TOO_EARLY = ReasonCode(
    "delivery.too_early",
    Severity.BLOCK,
    "slip {subject} was issued on {expected}, after arrival on {observed}",
    "到货日期 {observed} 早于出库单 {subject} 的开具日期 {expected}",
)
DELIVERY_CONFIRMED = ReasonCode(
    "delivery.confirmed",
    Severity.INFO,
    "arrival of slip {subject} is confirmed already",
    "出库单 {subject} 已确认到货",
)
DELIVERY_DIFFERS = ReasonCode(
    "delivery.differs",
    Severity.BLOCK,
    "arrival of slip {subject} was confirmed otherwise on {expected}",
    "出库单 {subject} 已于 {expected} 以不同内容确认到货",
)
RECEIVER_MISSING = ReasonCode(
    "receiver.missing", Severity.BLOCK, "slip {subject}: nobody signed for it", "出库单 {subject} 缺少签收人"
)
RETURN_EXISTS = ReasonCode(
    "return.exists",
    Severity.BLOCK,
    "return {subject} exists already",
    "退货单 {subject} 已存在",
    remedy="use another id",
)
RETURN_UNDONE = ReasonCode(
    "return.undone",
    Severity.INFO,
    "return {subject} was undone on {observed}",
    "退货单 {subject} 已于 {observed} 撤销",
)
RETURN_LEFT_QUARANTINE = ReasonCode(
    "return.left_quarantine",
    Severity.BLOCK,
    "return {subject} was inspected ({observed}) and cannot be undone",
    "退货单 {subject} 已验收（{observed}），不能撤销",
)
RETURN_EMPTY = ReasonCode(
    "return.empty", Severity.BLOCK, "return {subject} is empty", "退货单 {subject} 为空"
)
RETURN_LINE_UNKNOWN = ReasonCode(
    "return.line_unknown",
    Severity.BLOCK,
    "slip {subject} has no line {observed}",
    "出库单 {subject} 没有第 {observed} 行",
)
RETURN_LOT_MISMATCH = ReasonCode(
    "return.lot_mismatch",
    Severity.BLOCK,
    "lot {observed} comes back, {subject} shipped lot {expected}",
    "{subject} 出库批号为 {expected}，退货批号为 {observed}",
    rule="R-08",
)
RETURN_OVER_QUANTITY = ReasonCode(
    "return.over_quantity",
    Severity.BLOCK,
    "{observed} of {subject} would have come back, {expected} were shipped",
    "{subject} 累计退货 {observed}，仅出库 {expected}",
    rule="UF-14",
)
RETURN_INSPECTED = ReasonCode(
    "return.inspected",
    Severity.BLOCK,
    "return {subject} was found {observed} already",
    "退货单 {subject} 已验收：{observed}",
)

REASONS = (
    ORDER_STATE,
    NOTHING_LEFT,
    ORDER_NO_LINES,
    ORDER_TOO_LARGE,
    CONSIGNEE_MISSING,
    PHONE_MISSING,
    ADDRESS_MISSING,
    SHIP_DATE_PAST,
    LINE_DUPLICATE,
    LINE_FREE,
    ORDER_NOT_RELEASED,
    LINE_UNKNOWN,
    SLIP_EMPTY,
    SLIP_OVER_QUANTITY,
    LOT_UNKNOWN,
    LOT_OTHER_PRODUCT,
    LOT_HELD,
    LOT_EXPIRED,
    LOT_SHORT_LIFE,
    LOT_NEAR_EXPIRY,
    LOT_EXPIRY_MISMATCH,
    LOT_EXPIRY_CHANGED,
    LOT_TAKEN,
    LOT_HOLD_KEPT,
    SALES_RECORD_INCOMPLETE,
    DELIVERY_UNCONFIRMED,
    ACCEPTANCE_TOO_EARLY,
    ACCEPTANCE_FUTURE,
    ACCEPTANCE_CONFIRMED,
    ACCEPTANCE_DIFFERS,
    ACCEPTANCE_MISSING,
    CORRECTION_EXISTS,
    CORRECTION_SAME,
    CORRECTION_SETTLED,
    CORRECTION_AGREED,
    STATEMENT_EXISTS,
    STATEMENT_EMPTY,
    STATEMENT_TOO_EARLY,
    STATEMENT_FUTURE,
    STATEMENT_STATED,
    STATEMENT_OTHER_CUSTOMER,
    DELIVERY_TOO_EARLY,
    DELIVERY_CONFIRMED,
    DELIVERY_DIFFERS,
    RECEIVER_MISSING,
    RETURN_EXISTS,
    RETURN_UNDONE,
    RETURN_LEFT_QUARANTINE,
    RETURN_EMPTY,
    RETURN_LINE_UNKNOWN,
    RETURN_LOT_MISMATCH,
    RETURN_OVER_QUANTITY,
    RETURN_INSPECTED,
)
