"""What approvals and holds say to a Chinese reader: steps, roles and states by their names."""

from collections.abc import Iterator
from typing import Any

from attrs import evolve

from pharmacrm.core.engines.approval import Person
from pharmacrm.core.engines.approval.routes import (
    Act,
    ApprovalMove,
    Case,
    Document,
    Inspection,
    Statement,
    chance,
    decide,
    may_follow_up,
    plan,
    shown,
    submit,
    withdraw,
)
from pharmacrm.core.engines.holds import Hold, HoldState, may_pass, open_holds_block
from pharmacrm.core.flows.shipped_routes import RELEASE_CN
from pharmacrm.core.kernel.change import Save
from pharmacrm.core.kernel.reason import Reason, Severity
from tests.approval.routed import AT, WORK, company

STAFF = company(
    li="assistant",
    wang="dispatcher",
    zhao="lead assistant",
    qian="finance",
    zhang="sales",
    sun="warehouse",
    chen="lead dispatcher",
)
PAPER = Document(subject="SO-1", kind="order", requester="zhang", unit="east", content="a" * 64)


def moved(case: Case, answer: Any) -> Case:
    made = [
        one.entity for one in answer.changes if isinstance(one, Save) and isinstance(one.entity, ApprovalMove)
    ]
    return evolve(case, request=answer.value, moves=(*case.moves, *made))


def opened() -> Case:
    answer = submit(RELEASE_CN, plan(RELEASE_CN, PAPER, STAFF), PAPER, earlier=(), at=AT, work=WORK)
    assert answer.value is not None, answer.explain()
    return moved(Case(route=RELEASE_CN, request=answer.value, moves=(), work=WORK), answer)


def went(*persons: str, act: Act = Act.APPROVE) -> Case:
    case = opened()
    for person in persons:
        said = Statement(act=act, comment="说明")
        case = moved(case, decide(case, STAFF.person(person), said, at=AT))
    return case


def why(case: Case, person: Person, step: str | None = None) -> tuple[Reason, ...]:
    return chance(RELEASE_CN, case.request, case.now, person, step=step).reasons


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
    yield from why(opened(), Person("x", frozenset({"sales"})), "finance")
    yield from why(went("li", "wang"), Person("x", frozenset({"lead"})))
    yield from why(went("zhao", "wang"), STAFF.person("zhao"))
    yield from why(went("li", "wang"), STAFF.person("chen"), "precheck")
    yield from why(went("li", "wang", "chen", "qian"), Person("x"), "finance")
    found = shown("qualification", "1", [Reason(code="lot.held", severity=Severity.BLOCK)])
    seen = evolve(opened(), inspected=Inspection(shown={"qualification": found}))
    yield from decide(seen, STAFF.person("li"), Statement(act=Act.APPROVE), at=AT).reasons
    yield from withdraw(went("li", act=Act.REJECT), by="zhang", at=AT).reasons
    yield from may_follow_up(opened(), STAFF.person("chen"), step="warehouse").reasons
    yield from plan(RELEASE_CN, evolve(PAPER, unit=None), STAFF).reasons
    yield from plan(RELEASE_CN, PAPER, evolve(STAFF, gone=frozenset({"qian"}))).reasons
    yield from may_pass(held(state=HoldState.VOID), Person("zhang"))
    yield from open_holds_block([held()])


APPROVALS = {
    "SO-1 当前在“客户资质审核”环节，未到“财务到账审核”环节",
    "SO-1 的“财务到账审核”环节须由财务审批",
    "SO-1 的“部门领导审核”环节须由部门 east 或其上级部门的部门领导审批",
    "该人员已在“客户资质审核”环节签过 SO-1，不能再次签字",
    "SO-1 的“发货初审”环节已审批完毕：wang，2026-03-02 01:00 UTC",
    "SO-1 的“仓库出库签字”环节须由仓库审批",
    "SO-1 的“财务到账审核”环节已审批完毕：qian，2026-03-02 01:00 UTC",
    "SO-1 的“客户资质审核”环节不能通过：核查发现 lot.held",
    "SO-1 的审批已结束：已驳回",
    "SO-1 尚未审批通过：审批中",
    "SO-1 的“财务到账审核”环节没有其他可审批人员（须由财务角色审批）",
    "提交人不属于任何部门，SO-1 的“部门领导审核”环节无法确定审批人",
    "SO-1 的暂挂已结束：已作废",
    "SO-1 的暂挂（price.off_list）须由部门领导放行",
    "提交人不能放行自己提交的 SO-1 的暂挂（price.off_list）",
    "SO-1 被暂挂（price.off_list），须由部门领导放行",
}


def test_approvals_speak_chinese() -> None:
    said = {reason.message_zh for reason in approvals() if reason.code != "lot.held"}
    assert said == APPROVALS
