"""Why something about a customer is refused."""

from pharmacrm.core.kernel.reason import ReasonCode, Severity

KIND_FIXED = ReasonCode(
    "customer.kind_fixed",
    Severity.BLOCK,
    "kind of {subject} stays {expected}, not {observed}",
    "客户 {subject} 的类别固定为 {expected}，不可改为 {observed}",
    remedy="register another customer",
)
FIELD_REQUIRED = ReasonCode(
    "customer.field_required",
    Severity.BLOCK,
    "customer {subject} of kind {observed} needs {field}",
    "客户 {subject} 的类别为 {observed}，必须填写 {field}",
)
FIELD_NOT_ALLOWED = ReasonCode(
    "customer.field_not_allowed",
    Severity.BLOCK,
    "customer {subject} of kind {observed} has no {field}",
    "客户 {subject} 的类别为 {observed}，不可填写 {field}",
)
IDENTIFIER_TAKEN = ReasonCode(
    "identifier.taken",
    Severity.BLOCK,
    "identifier {observed} belongs to customer {expected}",
    "证照编号 {observed} 已属于客户 {expected}",
    remedy="look for the customer registered twice",
)
PARENT_UNKNOWN = ReasonCode(
    "parent.unknown",
    Severity.BLOCK,
    "parent {observed} of {subject} is unknown",
    "客户 {subject} 的上级 {observed} 不存在",
    remedy="register the parent first",
)
PARENT_KIND = ReasonCode(
    "parent.kind",
    Severity.BLOCK,
    "a {observed} is no parent of {subject}; wanted {expected}",
    "客户 {subject} 的上级不可为 {observed}，应为 {expected}",
)
PARENT_CYCLE = ReasonCode(
    "parent.cycle",
    Severity.BLOCK,
    "{subject} would stand below itself through {observed}",
    "客户 {subject} 经 {observed} 成为自己的下级",
)
CUSTOMER_INACTIVE = ReasonCode(
    "customer.inactive",
    Severity.BLOCK,
    "customer {subject} is inactive",
    "客户 {subject} 已停用",
)

REASONS = (
    KIND_FIXED,
    FIELD_REQUIRED,
    FIELD_NOT_ALLOWED,
    IDENTIFIER_TAKEN,
    PARENT_UNKNOWN,
    PARENT_KIND,
    PARENT_CYCLE,
    CUSTOMER_INACTIVE,
)
