"""The records of requests on routes: the published route, the request, its moves, and the seats that wait."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from attrs import frozen

from pharmacrm.core.engines.approval.definition import Meaning
from pharmacrm.core.engines.approval.model import CaseState, Evidence
from pharmacrm.core.engines.approval.routes.approvers import Seat
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.record import Column, ParentOf, Part, Personal, Record
from pharmacrm.core.kernel.signing import Signature
from pharmacrm.core.kernel.strict import Limit, strict


class Action(StrEnum):
    """What can happen to a request."""

    SUBMITTED = "submitted"
    APPROVED = "approved"
    REJECTED = "rejected"
    ABSTAINED = "abstained"
    RETURNED = "returned"
    ASKED = "asked"
    ANSWERED = "answered"
    FORWARDED = "forwarded"
    ADDED_BEFORE = "added_before"
    ADDED_AFTER = "added_after"
    OVERRIDDEN = "overridden"
    CHANGED = "changed"
    MIGRATED = "migrated"
    WITHDRAWN = "withdrawn"
    REMINDED = "reminded"
    ESCALATED = "escalated"
    LAPSED = "lapsed"
    SIGNED = "signed"


class Effect(StrEnum):
    """What a move did to its step."""

    NONE = "none"
    PASSED = "passed"
    FAILED = "failed"


class Errand(StrEnum):
    """What is wanted of whoever sits on a seat: a decision, or the answer to a question."""

    DECIDE = "decide"
    ANSWER = "answer"


@frozen(field_transformer=strict)
class DocumentField:
    """One field of the document, as the text that its kind is read from."""

    name: Annotated[str, Limit(48)]
    value: Annotated[str, Limit(2_000, empty=True, multiline=True)]


@frozen(field_transformer=strict)
class Attachment:
    """A paper beside what somebody says (附件): its name, a digest of its bytes, and where the host keeps it.

    The bytes stay with the host; the name holds no personal data.
    """

    name: Annotated[str, Limit(200)]
    digest: Annotated[str, Limit(128)]
    reference: Annotated[str, Limit(500)]


@frozen(kw_only=True)
class PlannedStep:
    """A step as it was planned for one document: its seats, those above it, or why it is skipped."""

    name: str
    seats: tuple[Seat, ...] = ()
    above: tuple[Seat, ...] = ()
    skipped: str = ""


@frozen
class Alarm:
    """Something that the clock will do to a waiting step, and when; once written it stays (到期事项)."""

    at: datetime
    step: str
    action: Action
    effect: Effect = Effect.NONE


@frozen(kw_only=True)
class ApprovalRoute(Record):
    """One published version of a route (审批流程版本); the id is `code@number`, `text` never changes.

    `active` says whether new documents may take it; requests that run on it do not mind.
    """

    code: Annotated[str, Column(length=48, index=True, zh="流程代码")]
    number: Annotated[int, Column(zh="版本")]
    kind: Annotated[str, Column(length=48, index=True, zh="单据类型")]
    text: Annotated[str, Column(length=500_000, zh="流程定义")]
    active: Annotated[bool, Column(zh="启用")] = True
    published_by: Annotated[str, Column(length=64, zh="发布人")]
    published_at: Annotated[datetime, Column(zh="发布时间")]


@frozen(kw_only=True)
class ApprovalRequest(Record):
    """One document on its way through a route (审批申请); the id is `{subject}/request/{number}`.

    `route` is the version it runs on, `plan` who may decide which step, `content` the digest of what is to be
    approved. `waiting` names the steps that wait, `alarms` what the clock will do to
    them and `due_at` the first of it: they are written when a step begins to wait, and no later change of
    office hours or calendar moves them.
    """

    subject: Annotated[str, Column(index=True, zh="单据")]
    kind: Annotated[str, Column(length=48, index=True, zh="单据类型")]
    number: Annotated[int, Column(zh="序号")]
    route: Annotated[str, Column(length=64, index=True, zh="审批流程")]
    state: Annotated[CaseState, Column(length=16, index=True, zh="状态")]
    round: Annotated[int, Column(zh="轮次")] = 1
    requester: Annotated[str, Column(length=64, index=True, zh="提交人")]
    unit: Annotated[str | None, Column(length=64, zh="提交人部门")] = None
    amount: Annotated[Money | None, Column(zh="金额")] = None
    content: Annotated[str, Column(length=64, zh="内容摘要")]
    fields: Annotated[tuple[DocumentField, ...], Column(length=100_000, zh="单据字段")] = ()
    plan: Annotated[tuple[PlannedStep, ...], Column(length=500_000, zh="审批安排")] = ()
    waiting: Annotated[tuple[str, ...], Column(length=10_000, zh="当前环节")] = ()
    opened_at: Annotated[datetime, Column(zh="提交时间")]
    since: Annotated[datetime, Column(index=True, zh="进入当前状态时间")]
    alarms: Annotated[tuple[Alarm, ...], Column(length=100_000, zh="到期事项")] = ()
    due_at: Annotated[datetime | None, Column(index=True, zh="下次到期时间")] = None


@frozen(kw_only=True)
class ApprovalMove(Part):
    """One thing that happened to a request (审批记录), never changed; the id is `{request}/{number}`.

    `person` acted, for `acting_for` if somebody else's authority was used, by `role` if one gave it.
    `target` is the person asked, forwarded to or added, the step returned to, or the document that follows
    and was signed. `evidence` is what the machine had found. `needed` is the weight that the step wanted,
    `weight` what this approval weighed, `void` the steps whose decisions stopped counting. `attachments` are
    the papers that the person put beside it, `signature` what a plugin confirmed of the electronic one.
    """

    request: Annotated[str, Column(index=True), ParentOf(ApprovalRequest)]
    number: Annotated[int, Column(zh="序号")]
    round: Annotated[int, Column(zh="轮次")]
    action: Annotated[Action, Column(length=16, zh="动作")]
    step: Annotated[str, Column(length=64, zh="环节")] = ""
    person: Annotated[str, Column(length=64, index=True, zh="办理人")]
    acting_for: Annotated[str, Column(length=64, zh="代理对象")] = ""
    role: Annotated[str, Column(length=48, zh="签字角色")] = ""
    target: Annotated[str, Column(length=64, zh="指向")] = ""
    meaning: Annotated[Meaning | None, Column(length=1_000, zh="签字含义")] = None
    comment: Annotated[str, Column(length=2_000, zh="批注"), Personal("approval trail")] = ""
    content: Annotated[str, Column(length=64, zh="内容摘要")]
    at: Annotated[datetime, Column(zh="时间")]
    effect: Annotated[Effect, Column(length=16, zh="结果")] = Effect.NONE
    weight: Annotated[int, Column(zh="权重")] = 0
    needed: Annotated[int, Column(zh="所需权重")] = 0
    void: Annotated[tuple[str, ...], Column(length=10_000, zh="失效环节")] = ()
    attachments: Annotated[tuple[Attachment, ...], Column(length=50_000, zh="附件")] = ()
    evidence: Annotated[tuple[Evidence, ...], Column(length=100_000, zh="核查结果")] = ()
    signature: Annotated[Signature | None, Column(length=10_000, zh="电子签名")] = None


@frozen(kw_only=True)
class ApprovalSeat(Part):
    """Somebody who is waited for now (待办席位): a person, or the holders of a role in a unit.

    It says all that an inbox shows and asks: the document, `spoken` who had their say and cannot decide here
    any more, `away` who gave this step to somebody else.
    """

    request: Annotated[str, Column(index=True), ParentOf(ApprovalRequest)]
    subject: Annotated[str, Column(zh="单据")]
    kind: Annotated[str, Column(length=48, zh="单据类型")]
    requester: Annotated[str, Column(length=64, zh="提交人")]
    requester_may_decide: Annotated[bool, Column(zh="提交人可审批")] = False
    amount: Annotated[Money | None, Column(zh="金额")] = None
    content: Annotated[str, Column(length=64, zh="内容摘要")]
    step: Annotated[str, Column(length=64, zh="环节")]
    label_zh: Annotated[str, Column(length=100, zh="环节名称")]
    errand: Annotated[Errand, Column(length=16, zh="事项")]
    person: Annotated[str, Column(length=64, index=True, then=("since",), zh="人员")]
    role: Annotated[str, Column(length=48, index=True, then=("unit", "since"), zh="角色")]
    unit: Annotated[str, Column(length=64, zh="部门")]
    since: Annotated[datetime, Column(zh="开始时间")]
    spoken: Annotated[tuple[str, ...], Column(length=10_000, zh="已表态人员")] = ()
    away: Annotated[tuple[str, ...], Column(length=10_000, zh="已转交人员")] = ()


def request_id(subject: str, number: int) -> str:
    """The id of a request, made of its document, so that no document has the same request twice."""
    return f"{subject}/request/{number}"
