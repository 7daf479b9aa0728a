"""The reason codes of promises and disputes."""

from pharmacrm.core.kernel.reason import ReasonCode, Severity

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

REASONS = (
    CLAIM_CURRENCY,
    PROMISE_EXISTS,
    PROMISE_OVER_OPEN,
    PROMISE_PAST,
    PROMISE_WITHDRAWN,
    DISPUTE_EXISTS,
    DISPUTE_OVER_OPEN,
    DISPUTE_RESOLVED,
)
