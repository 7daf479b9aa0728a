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

TEXT_LEVEL = ReasonCode(
    "dunning_text.level",
    Severity.BLOCK,
    "level {observed} of a dunning text is none of 1 to {expected}",
    "催款函文本的级别 {observed} 应在 1 至 {expected} 之间",
)
TEXT_PLACE = ReasonCode(
    "dunning_text.place",
    Severity.BLOCK,
    "a dunning text names {observed}, which no letter has",
    "催款函文本引用了信函没有的字段 {observed}",
    remedy="name $open, $fee, $interest, $total, $level, $on, $customer or $letter; $$ is a dollar sign",
)
LETTER_NO_POLICY = ReasonCode(
    "dunning_letter.no_policy",
    Severity.BLOCK,
    "customer {subject} is dunned by no policy",
    "客户 {subject} 没有适用的催款政策",
    remedy="set one with SetDunningPolicy",
)
LETTER_SENT = ReasonCode(
    "dunning_letter.sent",
    Severity.BLOCK,
    "customer {subject} got letter {observed} today",
    "客户 {subject} 今日已有催款函 {observed}",
)
LETTER_NOTHING = ReasonCode(
    "dunning_letter.nothing_late",
    Severity.BLOCK,
    "customer {subject} owes nothing in {observed} that is late",
    "客户 {subject} 没有逾期的 {observed} 欠款",
)
LETTER_NOT_LATE = ReasonCode(
    "dunning_letter.not_late",
    Severity.BLOCK,
    "{subject} is nothing that the customer owes late in {observed}",
    "{subject} 不是该客户逾期的 {observed} 欠款",
)
LETTER_LEVEL = ReasonCode(
    "dunning_letter.level",
    Severity.BLOCK,
    "customer {subject}: level {observed} of a letter is none of 1 to {expected}",
    "客户 {subject} 的催款函级别 {observed} 应在 1 至 {expected} 之间",
)
LETTER_BLOCKED = ReasonCode(
    "dunning_letter.blocked",
    Severity.BLOCK,
    "instalment {subject} is blocked from dunning",
    "分期 {subject} 已暂停催款",
    remedy="lift it with UnblockDunning",
)
LETTER_DISPUTED = ReasonCode(
    "dunning_letter.disputed",
    Severity.BLOCK,
    "all that is open of instalment {subject} is disputed",
    "分期 {subject} 的未结金额均在争议中",
)
LETTER_PROMISED = ReasonCode(
    "dunning_letter.promised",
    Severity.BLOCK,
    "instalment {subject} is promised for a day that has not passed",
    "分期 {subject} 已承诺付款且未到期",
)

LETTER_COVERED = ReasonCode(
    "dunning_letter.covered",
    Severity.BLOCK,
    "a bill in hand is to pay instalment {subject}",
    "分期 {subject} 由持有的票据支付",
)

REASONS = (
    LETTER_COVERED,
    TEXT_LEVEL,
    TEXT_PLACE,
    LETTER_NO_POLICY,
    LETTER_SENT,
    LETTER_NOTHING,
    LETTER_NOT_LATE,
    LETTER_LEVEL,
    LETTER_BLOCKED,
    LETTER_DISPUTED,
    LETTER_PROMISED,
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
