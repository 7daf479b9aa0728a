"""Why a document cannot be made, changed or moved: the same words for every kind that is revised."""

from pharmacrm.core.kernel.reason import ReasonCode, Severity

DOCUMENT_STATE = ReasonCode(
    "document.state",
    Severity.BLOCK,
    "{subject} is {observed} and cannot become {expected}",
    "单据 {subject} 状态为 {observed}，不能变为 {expected}",
)
DOCUMENT_EXISTS = ReasonCode(
    "document.exists",
    Severity.INFO,
    "{subject} was made before just so",
    "单据 {subject} 已按同样内容建立",
)
DOCUMENT_CONFLICT = ReasonCode(
    "document.conflict",
    Severity.BLOCK,
    "{subject} exists already with another content",
    "单据 {subject} 已存在且内容不同",
    remedy="revise it, or use another id",
)
NOT_YOURS = ReasonCode(
    "document.not_yours",
    Severity.BLOCK,
    "{subject} can be changed and handed in by its requester only",
    "单据 {subject} 只能由其制单人修改和提交",
)
NOT_YOURS_TO_CANCEL = ReasonCode(
    "document.not_requester",
    Severity.BLOCK,
    "{subject} can be cancelled by its requester, a lead or an administrator",
    "单据 {subject} 只能由制单人、部门领导或管理员取消",
)
UNCHANGED = ReasonCode(
    "revision.unchanged",
    Severity.INFO,
    "revision {observed} of {subject} says just this: there is no new one",
    "单据 {subject} 第 {observed} 版内容相同，未产生新版次",
)

REASONS = (DOCUMENT_STATE, DOCUMENT_EXISTS, DOCUMENT_CONFLICT, NOT_YOURS, NOT_YOURS_TO_CANCEL, UNCHANGED)
