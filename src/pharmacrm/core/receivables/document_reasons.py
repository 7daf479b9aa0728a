"""The reason codes of what changes a debt without money: write-offs, credit notes, charges."""

from pharmacrm.core.kernel.reason import ReasonCode, Severity

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
RESCHEDULING_EXISTS = ReasonCode(
    "rescheduling.exists",
    Severity.BLOCK,
    "rescheduling {subject} exists already",
    "展期协议 {subject} 已存在",
    remedy="use another id",
)
RESCHEDULING_NO_PLAN = ReasonCode(
    "rescheduling.no_plan",
    Severity.BLOCK,
    "new due dates of {subject} want either instalments or terms",
    "{subject} 的展期须给出分期或付款条件之一",
)
RESCHEDULING_NOTHING_OPEN = ReasonCode(
    "rescheduling.nothing_open", Severity.BLOCK, "nothing of {subject} is open", "{subject} 没有未结金额"
)
RESCHEDULING_SUM = ReasonCode(
    "rescheduling.sum",
    Severity.BLOCK,
    "the new instalments of {subject} are {observed} together, {expected} is open",
    "{subject} 新分期合计 {observed}，未结为 {expected}",
    rule="XT-24",
)
RESCHEDULING_PAST = ReasonCode(
    "rescheduling.past",
    Severity.BLOCK,
    "a new instalment of {subject} is due on {observed}, before {expected}",
    "{subject} 的新分期到期日 {observed} 早于 {expected}",
)

REASONS = (
    WRITE_OFF_EXISTS,
    WRITE_OFF_CURRENCY,
    WRITE_OFF_OVER_OPEN,
    WRITE_OFF_OVER_CAP,
    WRITE_OFF_REVERSED,
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
    RESCHEDULING_EXISTS,
    RESCHEDULING_NO_PLAN,
    RESCHEDULING_NOTHING_OPEN,
    RESCHEDULING_SUM,
    RESCHEDULING_PAST,
)
