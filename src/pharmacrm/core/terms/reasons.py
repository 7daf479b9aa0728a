"""The reason codes of term sets and payment calendars."""

from pharmacrm.core.kernel.reason import ReasonCode, Severity

TERMS_ORDER = ReasonCode(
    "term_set.order",
    Severity.BLOCK,
    "{observed} is not after {expected}, the first day of the last version",
    "{observed} 不晚于上一版的生效日 {expected}",
    remedy="let the new version begin later",
)
TERMS_PAST = ReasonCode(
    "term_set.past",
    Severity.BLOCK,
    "term set {subject}: {observed} has passed, what was in force stays",
    "付款条件 {subject} 的日期 {observed} 已过，已生效的内容不得更改",
    remedy="give a day from {expected} on",
)
TERMS_NOT_IN_FORCE = ReasonCode(
    "term_set.not_in_force",
    Severity.BLOCK,
    "term set {subject} has no version in force on {observed}",
    "付款条件 {subject} 在 {observed} 无有效版本",
)
TERMS_MISTAKE = ReasonCode(
    "term_set.mistake",
    Severity.BLOCK,
    "the definition of term set {subject} is wrong at {field}",
    "付款条件 {subject} 的定义有误，位置 {field}",
)
TERMS_CHOICE = ReasonCode(
    "terms.choice",
    Severity.BLOCK,
    "name the terms, or a term set",
    "请写明付款条件，或付款条件编号（二者择一）",
)
PAYING_PAST = ReasonCode(
    "payment_calendar.past",
    Severity.BLOCK,
    "customer {subject}: {observed} has passed, what was agreed stays",
    "客户 {subject} 的日期 {observed} 已过，已约定的付款日不得更改",
    remedy="give a day from {expected} on",
)

REASONS = (TERMS_ORDER, TERMS_PAST, TERMS_NOT_IN_FORCE, TERMS_MISTAKE, TERMS_CHOICE, PAYING_PAST)
