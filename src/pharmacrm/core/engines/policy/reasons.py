"""What may be wrong with a pack."""

from pharmacrm.core.kernel.reason import ReasonCode, Severity

RULE_DUPLICATE = ReasonCode(
    "policy.rule_duplicate",
    Severity.BLOCK,
    "pack {subject} has the rule {observed} twice",
    "规则包 {subject} 的规则 {observed} 重复",
)
CODE_UNKNOWN = ReasonCode(
    "policy.code_unknown",
    Severity.BLOCK,
    "rule {field} of {subject} names the unknown code {observed}",
    "规则包 {subject} 的规则 {field} 使用未知代码 {observed}",
)
DATES_REVERSED = ReasonCode(
    "policy.dates_reversed",
    Severity.BLOCK,
    "rule {field} of {subject} ends on {observed}, before it begins",
    "规则包 {subject} 的规则 {field} 在生效前（{observed}）已失效",
)
SCOPE_UNKNOWN = ReasonCode(
    "policy.scope_unknown",
    Severity.BLOCK,
    "{field} of {subject} names the unknown scope {observed}",
    "规则包 {subject} 的 {field} 使用未知范围 {observed}",
)
CATEGORY_NAME = ReasonCode(
    "policy.category_name",
    Severity.BLOCK,
    "category {field} of {subject} is filed under another code",
    "规则包 {subject} 的类别 {field} 编号不一致",
)

REASONS = (RULE_DUPLICATE, CODE_UNKNOWN, DATES_REVERSED, SCOPE_UNKNOWN, CATEGORY_NAME)
