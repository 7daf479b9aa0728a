"""The reason codes of dunning."""

from pharmacrm.core.kernel.reason import ReasonCode, Severity

POLICY_LEVELS = ReasonCode(
    "dunning_policy.levels",
    Severity.BLOCK,
    "dunning policy {subject} has {observed} levels, {expected} are wanted",
    "催款政策 {subject} 有 {observed} 个级别，应为 {expected} 个",
)
POLICY_DAYS = ReasonCode(
    "dunning_policy.days",
    Severity.BLOCK,
    "dunning policy {subject}: days {observed} are not 1 to 3650, rising",
    "催款政策 {subject} 的天数 {observed} 应在 1 至 3650 之间且递增",
)
POLICY_FIRST = ReasonCode(
    "dunning_policy.first",
    Severity.BLOCK,
    "dunning policy {subject}: before its first level there is no other",
    "催款政策 {subject} 的首个级别之前没有上一级",
    remedy="count the first level from the due date or the end of its month",
)
POLICY_FEE = ReasonCode(
    "dunning_policy.fee",
    Severity.BLOCK,
    "dunning policy {subject}: a fee of {observed} is not more than zero",
    "催款政策 {subject} 的手续费 {observed} 应大于零",
)
POLICY_RATES = ReasonCode(
    "dunning_policy.rates",
    Severity.BLOCK,
    "dunning policy {subject} claims interest and has no rates",
    "催款政策 {subject} 收取利息但未设利率",
)
POLICY_PAUSE = ReasonCode(
    "dunning_policy.pause",
    Severity.BLOCK,
    "dunning policy {subject}: a pause of {observed} days is not 0 to {expected}",
    "催款政策 {subject} 的间隔 {observed} 天应在 0 至 {expected} 之间",
)
TERMS_LEVEL = ReasonCode(
    "dunning_terms.level",
    Severity.BLOCK,
    "customer {subject}: level {observed} is none of 0 to {expected}",
    "客户 {subject} 的最高催款级别 {observed} 应在 0 至 {expected} 之间",
)
BLOCK_PAST = ReasonCode(
    "dunning_block.past",
    Severity.BLOCK,
    "the block of {subject} would end on {observed}, before today",
    "{subject} 的暂停催款截止日 {observed} 已过",
)
BLOCK_NONE = ReasonCode(
    "dunning_block.none",
    Severity.INFO,
    "{subject} is not blocked from dunning",
    "{subject} 未暂停催款",
)

REASONS = (
    POLICY_LEVELS,
    POLICY_DAYS,
    POLICY_FIRST,
    POLICY_FEE,
    POLICY_RATES,
    POLICY_PAUSE,
    TERMS_LEVEL,
    BLOCK_PAST,
    BLOCK_NONE,
)
