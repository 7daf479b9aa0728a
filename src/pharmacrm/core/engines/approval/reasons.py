"""The reason codes of the approval engine; every one of them blocks, none can be passed by a person."""

from pharmacrm.core.kernel.reason import ReasonCode, Severity

CLOSED = ReasonCode(
    "approval.closed",
    Severity.BLOCK,
    "approval of {subject} is over: {observed}",
    "{subject} 的审批已结束：{observed}",
)
ALREADY_DONE = ReasonCode(
    "approval.already_done",
    Severity.BLOCK,
    "stage {observed} of {subject} is decided already",
    "{subject} 的“{observed}”环节已审批完毕",
)
NOT_YOUR_STAGE = ReasonCode(
    "approval.not_your_stage",
    Severity.BLOCK,
    "{subject} waits at stage {expected}, not at {observed}",
    "{subject} 当前在“{expected}”环节，未到“{observed}”环节",
)
NOT_AN_APPROVER = ReasonCode(
    "approval.not_an_approver",
    Severity.BLOCK,
    "stage {field} of {subject} wants {expected}",
    "{subject} 的“{field}”环节须由 {expected} 审批",
)
INACTIVE = ReasonCode(
    "approval.person_inactive",
    Severity.BLOCK,
    "an inactive person cannot decide about {subject}",
    "已停用的人员不能审批 {subject}",
)
OWN_DOCUMENT = ReasonCode(
    "approval.own_document",
    Severity.BLOCK,
    "the requester of {subject} cannot decide about it",
    "提交人不能审批自己提交的 {subject}",
)
ALREADY_DECIDED = ReasonCode(
    "approval.already_decided",
    Severity.BLOCK,
    "this person has signed {subject} already, at stage {observed}",
    "该人员已在“{observed}”环节签过 {subject}，不能再次签字",
)
CONTENT_CHANGED = ReasonCode(
    "approval.content_changed",
    Severity.BLOCK,
    "{subject} is no longer what was submitted or seen",
    "{subject} 的内容已变更，与提交或所见内容不一致",
    remedy="look at the document again; a changed one needs a new round",
)
REASON_MISSING = ReasonCode(
    "approval.reason_missing",
    Severity.BLOCK,
    "a rejection of {subject} needs a comment",
    "驳回 {subject} 须填写理由",
)
EVIDENCE_BLOCKS = ReasonCode(
    "approval.evidence_blocks",
    Severity.BLOCK,
    "stage {field} of {subject} cannot pass: the check found {observed}",
    "{subject} 的“{field}”环节不能通过：核查发现 {observed}",
)
NO_APPROVER = ReasonCode(
    "approval.no_approver",
    Severity.BLOCK,
    "nobody else can approve {subject} at stage {field}: role {expected}",
    "{subject} 的“{field}”环节没有其他可审批人员（角色：{expected}）",
    remedy="give the role to another active person of the right unit",
)
TOO_FEW_APPROVERS = ReasonCode(
    "approval.too_few_approvers",
    Severity.BLOCK,
    "stage {field} of {subject} wants {expected} free persons, there are {observed}",
    "{subject} 的“{field}”环节需要 {expected} 名可审批人员，仅有 {observed} 名",
)
NO_UNIT = ReasonCode(
    "approval.no_unit",
    Severity.BLOCK,
    "the requester belongs to no unit, as stage {field} of {subject} wants",
    "提交人不属于任何部门，{subject} 的“{field}”环节无法确定审批人",
)
NOT_REQUESTER = ReasonCode(
    "approval.not_requester",
    Severity.BLOCK,
    "only the requester can withdraw {subject}",
    "只有提交人可以撤回 {subject}",
)
NOT_APPROVED = ReasonCode(
    "approval.not_approved",
    Severity.BLOCK,
    "approval of {subject} is {observed}, not approved",
    "{subject} 尚未审批通过：{observed}",
)

REASONS = (
    CLOSED,
    ALREADY_DONE,
    NOT_YOUR_STAGE,
    NOT_AN_APPROVER,
    INACTIVE,
    OWN_DOCUMENT,
    ALREADY_DECIDED,
    CONTENT_CHANGED,
    REASON_MISSING,
    EVIDENCE_BLOCKS,
    NO_APPROVER,
    TOO_FEW_APPROVERS,
    NO_UNIT,
    NOT_REQUESTER,
    NOT_APPROVED,
)
