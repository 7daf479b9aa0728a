"""The records of an approval: the case that waits, and the signatures given in it."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from attrs import frozen

from pharmacrm.core.engines.approval.definition import Meaning
from pharmacrm.core.kernel.reason import Severity
from pharmacrm.core.kernel.record import Column, ParentOf, Part, Personal, Record


class CaseState(StrEnum):
    """Where an approval stands; PENDING waits for approvers, RETURNED for the requester, others are ends."""

    PENDING = "pending"
    RETURNED = "returned"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    INVALIDATED = "invalidated"

    @property
    def zh(self) -> str:
        """The Chinese name."""
        return _CASE_STATE_ZH[self]


_CASE_STATE_ZH = {
    CaseState.PENDING: "审批中",
    CaseState.RETURNED: "已退回",
    CaseState.APPROVED: "已通过",
    CaseState.REJECTED: "已驳回",
    CaseState.WITHDRAWN: "已撤回",
    CaseState.INVALIDATED: "已失效",
}


class Verdict(StrEnum):
    """What a person signed: the own submission, an approval, or a rejection."""

    SUBMITTED = "submitted"
    APPROVED = "approved"
    REJECTED = "rejected"


@frozen
class Finding:
    """One reason that a check showed to the signer."""

    code: str
    severity: Severity
    subject: str = ""
    observed: str = ""


@frozen
class Evidence:
    """What a machine check told the signer (机器核查结果): name, version of the rules, findings."""

    check: str
    version: str
    findings: tuple[Finding, ...] = ()


@frozen(kw_only=True)
class ApprovalCase(Record):
    """One round of approval of one document (审批单); the id is `{subject}/approval/{round}`.

    `stage`, `waiting_role` and `waiting_unit` say who is to act, and are empty once the round is over. `unit`
    is the requester's when the round began, `content` the digest of what is to be approved, `since` the
    instant of the present stage or state.
    """

    subject: Annotated[str, Column(index=True, zh="单据")]
    chain: Annotated[str, Column(length=64, zh="审批流")]
    round: Annotated[int, Column(zh="轮次")]
    state: Annotated[CaseState, Column(length=16, zh="状态")]
    stage: Annotated[str, Column(length=48, zh="当前环节")]
    position: Annotated[int, Column(zh="环节序号")]
    waiting_role: Annotated[str, Column(length=48, index=True, zh="待审角色")]
    waiting_unit: Annotated[str | None, Column(length=64, zh="待审部门")]
    requester: Annotated[str, Column(length=64, index=True, zh="提交人")]
    unit: Annotated[str | None, Column(length=64, zh="提交人部门")]
    content: Annotated[str, Column(length=64, zh="内容摘要")]
    opened_at: Annotated[datetime, Column(zh="提交时间")]
    since: Annotated[datetime, Column(index=True, zh="进入当前环节时间")]


@frozen(kw_only=True)
class SignOff(Part):
    """One signature (签字): who, when, what it means, and the digest of what was seen.

    The id is `{case}/{number}`. `subject` is the approved document, or one that follows it (出库单).
    `needed` is how many persons the stage wanted when this one signed. `valid` turns False once the content
    has changed.
    """

    case: Annotated[str, Column(index=True), ParentOf(ApprovalCase)]
    number: Annotated[int, Column(zh="序号")]
    subject: Annotated[str, Column(index=True, zh="单据")]
    stage: Annotated[str, Column(length=48, zh="环节")]
    person: Annotated[str, Column(length=64, index=True, zh="签字人")]
    role: Annotated[str, Column(length=48, zh="签字角色")]
    verdict: Annotated[Verdict, Column(length=16, zh="意见")]
    meaning: Annotated[Meaning, Column(length=1_000, zh="签字含义")]
    comment: Annotated[str, Column(length=2_000, zh="批注"), Personal("approval trail")] = ""
    content: Annotated[str, Column(length=64, zh="内容摘要")]
    signed_at: Annotated[datetime, Column(zh="签字时间")]
    needed: int = 1
    evidence: Annotated[tuple[Evidence, ...], Column(length=100_000, zh="核查结果")] = ()
    valid: Annotated[bool, Column(zh="有效")] = True


def case_id(subject: str, round: int) -> str:
    """The id of a round, made of its document, so that no document has the same round twice."""
    return f"{subject}/approval/{round}"
