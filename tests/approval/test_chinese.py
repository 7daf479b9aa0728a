"""What approvals and holds say to a Chinese reader: stages, roles and states by their names."""

from collections.abc import Iterator
from typing import Any

from attrs import evolve

from pharmacrm.core.engines.approval import CaseState, Chain, Person, eligibility, evidence
from pharmacrm.core.engines.approval.rules import decide, start, withdraw
from pharmacrm.core.engines.approval.signature import may_sign_extra, signature
from pharmacrm.core.engines.holds import Hold, HoldState, may_pass, open_holds_block
from pharmacrm.core.flows.chains import RELEASE_CN
from pharmacrm.core.kernel.reason import Reason, Severity
from tests.approval.chains import AT, SEEN, yes


def case_of(chain: Chain = RELEASE_CN, **changes: Any) -> Any:
    begun = start(
        chain,
        subject="SO-1",
        round=1,
        content=SEEN,
        requester="zhang",
        unit="south",
        at=AT,
        holders=dict.fromkeys((stage.name for stage in chain.stages), 1),
    ).expect()
    return evolve(begun, **changes)


AT_LEAD = case_of(stage="lead", position=2, waiting_role="lead", waiting_unit="south")
ASSISTANT = Person("li", frozenset({"assistant"}))
LEAD = Person("zhao", frozenset({"lead", "assistant"}), frozenset({"south"}))
SIGNED = signature(case_of(), RELEASE_CN.stages[0], "zhao", yes(), sign_offs=(), at=AT)
FOUND = evidence("precheck", "1", [Reason(code="lot.held", severity=Severity.BLOCK)])


def held(**changes: Any) -> Hold:
    return evolve(
        Hold(
            id="SO-1/hold/1/price.off_list",
            subject="SO-1",
            revision=1,
            code="price.off_list",
            placed_by="zhang",
            placed_at=AT,
            requester="zhang",
            may_pass="lead",
        ),
        **changes,
    )


def approvals() -> Iterator[Reason]:
    yield from eligibility(RELEASE_CN, case_of(), (), Person("x", frozenset({"sales"})), stage="finance")
    yield from eligibility(RELEASE_CN, AT_LEAD, (), Person("x", frozenset({"lead"})))
    yield from eligibility(RELEASE_CN, AT_LEAD, (SIGNED,), LEAD)
    yield from eligibility(RELEASE_CN, AT_LEAD, (), LEAD, stage="precheck")
    yield from eligibility(RELEASE_CN, case_of(state=CaseState.APPROVED), (), LEAD)
    yield from decide(RELEASE_CN, case_of(), (), ASSISTANT, yes(evidence=(FOUND,)), at=AT).reasons
    yield from withdraw(case_of(state=CaseState.REJECTED), by="zhang", at=AT).reasons
    yield from may_sign_extra(RELEASE_CN, case_of(), (), LEAD, stage="warehouse", subject="OUT-1")
    for unit, free in (("south", 0), (None, 1)):
        yield from start(
            RELEASE_CN,
            subject="SO-1",
            round=1,
            content=SEEN,
            requester="zhang",
            unit=unit,
            at=AT,
            holders={"qualification": 1, "precheck": 1, "lead": 1, "finance": free},
        ).reasons
    yield from may_pass(held(state=HoldState.VOID), Person("zhang"))
    yield from open_holds_block([held()])


APPROVALS = {
    "SO-1 当前在“客户资质审核”环节，未到“财务到账审核”环节",
    "SO-1 的“财务到账审核”环节须由财务审批",
    "SO-1 的“部门领导审核”环节须由部门 south 或其上级部门的部门领导审批",
    "该人员已在“客户资质审核”环节签过 SO-1，不能再次签字",
    "SO-1 的“发货初审”环节已审批完毕",
    "SO-1 的“仓库出库签字”环节须由仓库审批",
    "SO-1 的“财务到账审核”环节已审批完毕",
    "SO-1 的“客户资质审核”环节不能通过：核查发现 lot.held",
    "SO-1 的审批已结束：已驳回",
    "SO-1 尚未审批通过：审批中",
    "SO-1 的“财务到账审核”环节没有其他可审批人员（须由财务审批）",
    "提交人不属于任何部门，SO-1 的“部门领导审核”环节无法确定审批人",
    "SO-1 的暂挂已结束：已作废",
    "SO-1 的暂挂（price.off_list）须由部门领导放行",
    "提交人不能放行自己提交的 SO-1 的暂挂（price.off_list）",
    "SO-1 被暂挂（price.off_list），须由部门领导放行",
}


def test_approvals_speak_chinese() -> None:
    assert {reason.message_zh for reason in approvals()} == APPROVALS
