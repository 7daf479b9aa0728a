"""The reason codes of balance confirmations."""

from pharmacrm.core.kernel.reason import ReasonCode, Severity

CONFIRMATION_EXISTS = ReasonCode(
    "confirmation.exists",
    Severity.BLOCK,
    "confirmation {subject} exists already",
    "对账函 {subject} 已存在",
    remedy="use another id",
)
CONFIRMATION_FUTURE = ReasonCode(
    "confirmation.future",
    Severity.BLOCK,
    "confirmation {subject} is of {observed}, which has not come",
    "对账函 {subject} 的截止日 {observed} 尚未到来",
)
CONFIRMATION_ANSWERED = ReasonCode(
    "confirmation.answered",
    Severity.BLOCK,
    "confirmation {subject} was answered on {observed}",
    "对账函 {subject} 已于 {observed} 回函",
    remedy="ask for another confirmation",
)
CONFIRMATION_CURRENCY = ReasonCode(
    "confirmation.currency_mismatch",
    Severity.BLOCK,
    "confirmation {subject} is in {expected}, the answer in {observed}",
    "对账函 {subject} 币种为 {expected}，回函币种为 {observed}",
)
CONFIRMATION_DIFFERS = ReasonCode(
    "confirmation.differs",
    Severity.WARN,
    "{subject}: {field} is {observed} in their books, {expected} in ours",
    "{subject}：{field} 对方为 {observed}，我方为 {expected}",
)
CONFIRMATION_UNEXPLAINED = ReasonCode(
    "confirmation.unexplained",
    Severity.WARN,
    "{subject}: the customer's balance is {field} than ours, and no item explains it",
    "{subject}：对方余额{field}，未能对应任何单据",
)

REASONS = (
    CONFIRMATION_EXISTS,
    CONFIRMATION_FUTURE,
    CONFIRMATION_ANSWERED,
    CONFIRMATION_CURRENCY,
    CONFIRMATION_DIFFERS,
    CONFIRMATION_UNEXPLAINED,
)
