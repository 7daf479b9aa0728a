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
    "stage {observed} of {subject} is decided already: {expected}",
    "{subject} 的“{observed}”环节已审批完毕：{expected}",
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
SIGNATURE_WANTED = ReasonCode(
    "approval.signature_wanted",
    Severity.BLOCK,
    "stage {field} of {subject} wants an electronic signature",
    "{subject} 的“{field}”环节须电子签名",
    remedy="sign the text that `TextToSign` gives, and hand in the proof as `signature`",
)
SIGNATURE_REFUSED = ReasonCode(
    "approval.signature_refused",
    Severity.BLOCK,
    "signature at stage {field} of {subject} is not accepted: {observed}",
    "{subject} 在“{field}”环节的电子签名未被接受：{observed}",
    remedy="sign again: the text names document, content, step and person",
)
SIGNATURE_UNCONFIRMED = ReasonCode(
    "approval.signature_unconfirmed",
    Severity.BLOCK,
    "signature at stage {field} of {subject} cannot be confirmed: {observed}",
    "{subject} 在“{field}”环节的电子签名无法确认：{observed}",
    remedy="nothing is lost: vote again once the signature service answers",
)
EVIDENCE_BLOCKS = ReasonCode(
    "approval.evidence_blocks",
    Severity.BLOCK,
    "stage {field} of {subject} cannot pass: the check found {observed}",
    "{subject} 的“{field}”环节不能通过：核查发现 {observed}",
)
APPROVERS_UNKNOWN = ReasonCode(
    "approval.approvers_unknown",
    Severity.BLOCK,
    "plugin {observed} cannot say who {field} is for {subject}",
    "插件 {observed} 无法给出 {subject} 的审批人“{field}”",
    remedy="hand it in again, or name the persons yourself (`named`)",
)
NO_APPROVER = ReasonCode(
    "approval.no_approver",
    Severity.BLOCK,
    "nobody else can approve {subject} at stage {field}: {expected} is wanted",
    "{subject} 的“{field}”环节没有其他可审批人员（须由 {expected} 审批）",
    remedy="name another active person, or give the role to one of the right unit",
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

NO_ROUTE = ReasonCode(
    "approval.no_route",
    Severity.BLOCK,
    "no approval route fits this document (kind {observed})",
    "没有适用于该单据的审批流程（单据类型：{observed}）",
    remedy="publish a route for this kind, or widen the condition of one",
)
TWO_ROUTES = ReasonCode(
    "approval.two_routes",
    Severity.BLOCK,
    "several routes of priority {expected} take {subject}: {observed}",
    "{subject} 同时适用多个优先级为 {expected} 的审批流程：{observed}",
    remedy="give one of them a higher priority",
)
FIELD_WRONG = ReasonCode(
    "approval.field_wrong",
    Severity.BLOCK,
    "field {field} of {subject}: {expected} is wanted, got {observed}",
    "{subject} 的字段 {field} 应为 {expected}，实际为 {observed}",
)
FIELD_UNKNOWN = ReasonCode(
    "approval.field_unknown",
    Severity.BLOCK,
    "the route has no field {field}",
    "审批流程没有字段 {field}",
    remedy="leave it out, or declare it under `fields` of the next version",
)
CURRENCY = ReasonCode(
    "approval.currency",
    Severity.BLOCK,
    "the route cannot compare {field} {observed} of {subject}: its limits are of another currency",
    "{subject} 的 {field} 为 {observed}，与审批流程中的币种不同，无法比较",
    remedy="publish a route with limits of this currency",
)
NOTHING_APPLIES = ReasonCode(
    "approval.nothing_applies",
    Severity.BLOCK,
    "no step of {observed} applies to {subject}: nobody would approve it",
    "{observed} 没有适用于 {subject} 的环节，无人审批",
)
STEP_SKIPPED = ReasonCode(
    "approval.step_skipped",
    Severity.WARN,
    "nobody can approve {subject} at step {field}: the route skips it",
    "{subject} 的“{field}”环节无可审批人员，按流程规定跳过",
)
ALREADY_OPEN = ReasonCode(
    "approval.already_open",
    Severity.BLOCK,
    "{subject} is under approval already: {observed} (kind {expected})",
    "{subject} 已在审批中：{observed}（单据类型：{expected}）",
    remedy="change the request that there is, or withdraw it",
)
LIBRARY_KIND = ReasonCode(
    "approval.library_kind",
    Severity.BLOCK,
    "{observed} is a kind of the library, which hands {subject} in itself",
    "{observed}由系统自身提交审批，{subject} 请用其他单据类型",
)
TAKEN = ReasonCode(
    "approval.id_taken",
    Severity.BLOCK,
    "{subject} is the id of a document of the library: {observed}",
    "编号 {subject} 已用于系统单据：{observed}",
    remedy="an id is one over all kinds: give yours a prefix",
)
NOT_REQUESTED = ReasonCode(
    "approval.not_requested",
    Severity.BLOCK,
    "{subject} was never handed in for approval",
    "{subject} 从未提交审批",
)
REQUESTERS_DELEGATE = ReasonCode(
    "approval.requesters_delegate",
    Severity.BLOCK,
    "who stands in for {observed} cannot decide about {subject}, a document of theirs",
    "{observed} 的代理人不能审批其提交的 {subject}",
)
NOT_DELEGATED = ReasonCode(
    "approval.not_delegated",
    Severity.BLOCK,
    "{observed} has not delegated authority over {subject} to this person today",
    "{observed} 当前未将 {subject} 的审批权委托给该人员",
)
DELEGATED_AWAY = ReasonCode(
    "approval.delegated_away",
    Severity.BLOCK,
    "this person gave step {field} of {subject} to somebody else",
    "该人员已将 {subject} 的“{field}”环节转交他人",
)
LAST_VOICE = ReasonCode(
    "approval.last_voice",
    Severity.BLOCK,
    "step {field} of {subject} could not be passed after this abstention",
    "弃权后 {subject} 的“{field}”环节将无法通过",
    remedy="approve, reject, or forward it to somebody else",
)
NOT_EARLIER = ReasonCode(
    "approval.not_earlier",
    Severity.BLOCK,
    "{subject} cannot be returned to {observed}, which is no step before {expected}",
    "{subject} 不能退回到 {observed}：它不是“{expected}”之前的环节",
)
PERSON_UNSUITED = ReasonCode(
    "approval.person_unsuited",
    Severity.BLOCK,
    "{observed} cannot be asked about {subject}: unknown, inactive, the requester, or heard already",
    "不能请 {observed} 处理 {subject}：人员不存在、已停用、为提交人或已表态",
)
NO_QUESTION = ReasonCode(
    "approval.no_question",
    Severity.BLOCK,
    "nobody has asked {observed} about {subject}",
    "没有人就 {subject} 询问 {observed}",
)
MOVE_REASON = ReasonCode(
    "approval.comment_missing",
    Severity.BLOCK,
    "this act on {subject} needs a comment",
    "对 {subject} 的此操作须填写说明",
)
OTHER_ROUTE = ReasonCode(
    "approval.other_route",
    Severity.BLOCK,
    "{subject} runs on route {expected} and cannot move to {observed}",
    "{subject} 使用流程 {expected}，不能迁移到 {observed}",
)
ROUTE_MISTAKE = ReasonCode(
    "approval.route_mistake",
    Severity.BLOCK,
    "the route is wrong at {field}: {expected} (got {observed})",
    "审批流程定义有误，位置 {field}：{expected}（实际为 {observed}）",
)
ROUTE_PEOPLE = ReasonCode(
    "approval.route_people",
    Severity.WARN,
    "step {field} of {subject} names {expected}, and nobody active answers to it",
    "审批流程 {subject} 的“{field}”环节指定了{expected}，目前没有这样的在职人员",
    remedy="register the person or give somebody the role; until then nobody there can decide",
)
ROUTE_VERSION = ReasonCode(
    "approval.route_version",
    Severity.BLOCK,
    "the next version of route {subject} is {expected}, not {observed}",
    "审批流程 {subject} 的下一版本应为 {expected}，而不是 {observed}",
    remedy="a published version is never changed",
)
DELEGATE_SELF = ReasonCode(
    "delegation.self",
    Severity.BLOCK,
    "{observed} cannot stand in for themselves",
    "{observed} 不能代理自己",
)
DELEGATE_UNKNOWN = ReasonCode(
    "delegation.unknown",
    Severity.BLOCK,
    "{observed} is not an active member of staff",
    "{observed} 不是在职员工",
)
DELEGATION_PAST = ReasonCode(
    "delegation.past",
    Severity.BLOCK,
    "a delegation until {observed} is over before it begins",
    "委托截止日 {observed} 已过",
)
DELEGATION_CHAIN = ReasonCode(
    "delegation.chain",
    Severity.BLOCK,
    "on these days there is a delegation {observed} already: authority is never passed on",
    "该期间已有委托 {observed}，审批权不得转委托",
    remedy="choose somebody else, or other days",
)
DELEGATION_KIND = ReasonCode(
    "delegation.unknown_kind",
    Severity.WARN,
    "no route takes documents of kind {observed}: the delegation covers none",
    "没有适用的审批流程（单据类型：{observed}），该委托不涉及任何单据",
    remedy="look at the kinds of the routes; it counts once one is published",
)
NOT_DELEGATOR = ReasonCode(
    "delegation.not_delegator",
    Severity.BLOCK,
    "delegation {subject} is not {observed}'s to revoke",
    "{observed} 不能撤销委托 {subject}",
)
DELEGATION_EXISTS = ReasonCode(
    "delegation.exists",
    Severity.BLOCK,
    "there is a delegation {subject} already",
    "委托 {subject} 已存在",
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
    SIGNATURE_WANTED,
    SIGNATURE_REFUSED,
    SIGNATURE_UNCONFIRMED,
    EVIDENCE_BLOCKS,
    APPROVERS_UNKNOWN,
    NO_APPROVER,
    TOO_FEW_APPROVERS,
    NO_UNIT,
    NOT_REQUESTER,
    NOT_APPROVED,
    NO_ROUTE,
    TWO_ROUTES,
    FIELD_WRONG,
    FIELD_UNKNOWN,
    CURRENCY,
    NOTHING_APPLIES,
    STEP_SKIPPED,
    ALREADY_OPEN,
    LIBRARY_KIND,
    TAKEN,
    NOT_REQUESTED,
    REQUESTERS_DELEGATE,
    NOT_DELEGATED,
    DELEGATED_AWAY,
    LAST_VOICE,
    NOT_EARLIER,
    PERSON_UNSUITED,
    NO_QUESTION,
    MOVE_REASON,
    OTHER_ROUTE,
    ROUTE_MISTAKE,
    ROUTE_PEOPLE,
    ROUTE_VERSION,
    DELEGATE_SELF,
    DELEGATE_UNKNOWN,
    DELEGATION_PAST,
    DELEGATION_CHAIN,
    DELEGATION_KIND,
    NOT_DELEGATOR,
    DELEGATION_EXISTS,
)
