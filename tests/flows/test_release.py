"""The six-step release (发货六步流程): every step by the right person and by the wrong ones."""

from typing import Any

import pytest

from pharmacrm.core.approvals import ApprovalMove, ApprovalRequest, Hold
from pharmacrm.core.credit import Reservation
from pharmacrm.core.flows.approvals import Inbox
from pharmacrm.core.flows.ending import CancelOrder, CloseOrder
from pharmacrm.core.flows.holding import PassHold
from pharmacrm.core.flows.release import ApproveOrder, RejectOrder
from pharmacrm.core.flows.request_trail import ApprovalTrail
from pharmacrm.core.flows.shipping import IssueSlip
from pharmacrm.core.kernel.errors import NotFound, NotPermitted
from pharmacrm.core.kernel.query import eq
from pharmacrm.core.orders import Line, OrderState, SalesOrder, SlipItem
from pharmacrm.core.people import RegisterStaff, RegisterUnit
from pharmacrm.crm import PharmaCRM
from pharmacrm.testing.company import SIGNERS, release
from tests.covers import covers
from tests.flows.house import (
    ADMIN,
    ASSISTANT,
    DISPATCHER,
    FINANCE,
    LEAD,
    QUALITY,
    SALES,
    WAREHOUSE,
    amended,
    blocked,
    credit,
    entities,
    open_house,
    placed,
    released,
    slip,
    standing,
    worth,
    yuan,
)

STAGES = ("qualification", "precheck", "lead", "finance")


@pytest.fixture
def crm() -> PharmaCRM:
    return open_house()


def hire(crm: PharmaCRM, id: str, *roles: str, unit: str | None = "east", active: bool = True) -> str:
    staff = RegisterStaff(id=id, name=f"员工{id}", unit=unit, roles=roles, active=active)
    crm.do(staff, actor=ADMIN).expect()
    return id


def order_of(crm: PharmaCRM, id: str = "SO-1") -> SalesOrder:
    return crm.get(SalesOrder, id, actor=SALES)


def signed(crm: PharmaCRM, id: str = "SO-1") -> list[ApprovalMove]:
    return sorted(
        (each for each in entities(crm, ApprovalMove) if each.request.startswith(f"{id}/")),
        key=lambda each: (each.request, each.number),
    )


def valid(crm: PharmaCRM, id: str = "SO-1") -> list[str]:
    """The steps whose signatures still count; that of the requester is the submission."""
    trail = crm.ask(ApprovalTrail(document=id), actor=ADMIN)
    counting = {each.id: each for each in trail.moves}
    return [counting[each].step or "submission" for each in trail.counting]


@covers("XT-03", "XT-04", "XT-05", "XT-06", "XT-07", "XT-08", "XT-09", "XT-10", "XT-13", "KT-25")
def test_six_steps_lead_from_the_order_to_the_goods(crm: PharmaCRM) -> None:
    order = placed(crm)
    assert order.state is OrderState.IN_APPROVAL
    for stage, signer in zip(STAGES, SIGNERS, strict=True):
        assert standing(crm, "SO-1").stage == stage
        assert [item.step for item in crm.ask(Inbox(), actor=signer)] == [stage]
        answer = crm.do(ApproveOrder(order="SO-1", stage=stage), actor=signer)
        assert answer.allowed
        assert crm.ask(Inbox(), actor=signer) == ()
    assert order_of(crm).state is OrderState.RELEASED
    assert crm.do(slip("SO-1", "OUT-1", 300), actor=WAREHOUSE).allowed
    assert order_of(crm).state is OrderState.PART_SHIPPED
    assert crm.do(slip("SO-1", "OUT-2", 500), actor=WAREHOUSE).allowed
    assert order_of(crm).state is OrderState.SHIPPED


@covers("XT-03", "XT-05", "XT-06", "XT-08", "XT-10")
def test_every_signature_says_who_when_what_it_means_and_what_was_seen(crm: PharmaCRM) -> None:
    released(crm)
    crm.do(slip("SO-1", "OUT-1", 800), actor=WAREHOUSE).expect()
    signs = signed(crm)
    assert [(each.step, each.person, each.role) for each in signs] == [
        ("", SALES, ""),
        *zip(STAGES, SIGNERS, ("assistant", "dispatcher", "lead", "finance"), strict=True),
        ("warehouse", WAREHOUSE, "warehouse"),
    ]
    contents = {each.content for each in signs[:-1]}
    assert len(contents) == 1
    assert signs[-1].content not in contents
    assert all(len(each.content) == 64 for each in signs)
    assert [each.meaning.zh for each in signs if each.meaning is not None and each.meaning.en] == [
        "销售制单并提交",
        "客户资质审核通过",
        "发货初审通过",
        "部门领导审核同意",
        "财务到账审核通过",
        "仓库按单出库",
    ]
    assert valid(crm) == ["submission", *STAGES, "warehouse"]
    assert [each.at for each in signs] == sorted(each.at for each in signs)
    checks = {each.step: [(shown.check, shown.version) for shown in each.evidence] for each in signs}
    assert checks["qualification"] == [("qualification", "cn_gsp@2026.1")]
    assert checks["precheck"] == [("precheck", "release_cn@1")]
    assert checks["finance"] == [("payment", "release_cn@1")]
    assert checks["lead"] == checks["warehouse"] == []


@covers("XT-05")
def test_evidence_keeps_the_codes_of_what_was_found(crm: PharmaCRM) -> None:
    crm.do(worth("SO-1", 1000, lines=(line("1.20"),)), actor=SALES)
    crm.do(PassHold(of="SO-1", code="price.off_list", reason="战略客户"), actor=LEAD).expect()
    release(crm, "SO-1", signers=(ASSISTANT, DISPATCHER))
    precheck = next(each for each in signed(crm) if each.step == "precheck")
    found = [
        (one.code, one.severity.value, one.observed) for shown in precheck.evidence for one in shown.findings
    ]
    assert found == [("price.off_list", "info", "1.20")]


def line(price: str) -> Line:
    return Line("ATO-20", 800, price)


# -------------------------------------------------------------------------------------- the wrong person


@covers("XT-03", "XT-11")
@pytest.mark.parametrize("stage", range(4))
@pytest.mark.parametrize("signer", range(4))
def test_each_step_takes_the_signature_of_its_role_alone(crm: PharmaCRM, stage: int, signer: int) -> None:
    placed(crm)
    release(crm, "SO-1", signers=SIGNERS[:stage])
    answer = crm.do(ApproveOrder(order="SO-1"), actor=SIGNERS[signer])
    if signer == stage:
        assert answer.allowed
    elif signer < stage:
        assert blocked(answer) == {"approval.already_decided"}
    else:
        assert blocked(answer) == {"approval.not_an_approver"}


@covers("XT-03")
@pytest.mark.parametrize("actor", [SALES, WAREHOUSE, QUALITY, ADMIN])
def test_who_has_no_stage_lacks_the_right(crm: PharmaCRM, actor: str) -> None:
    placed(crm)
    for command in (ApproveOrder(order="SO-1"), RejectOrder(order="SO-1", comment="不同意")):
        with pytest.raises(NotPermitted) as caught:
            crm.do(command, actor=actor)
        assert caught.value.right == type(command).__name__


@covers("XT-03")
def test_approvals_001_not_an_approver_of_this_step(crm: PharmaCRM) -> None:
    placed(crm)
    answer = crm.do(ApproveOrder(order="SO-1"), actor=DISPATCHER)
    assert blocked(answer) == {"approval.not_an_approver"}
    assert "assistant" in answer.explain()


@covers("XT-03")
def test_approvals_002_nobody_decides_their_own_order(crm: PharmaCRM) -> None:
    everything = hire(crm, "all", "sales", "assistant", "dispatcher", "lead", "finance")
    crm.do(worth("SO-1", 1000), actor=everything).expect()
    assert blocked(crm.do(ApproveOrder(order="SO-1"), actor=everything)) == {"approval.own_document"}
    assert blocked(crm.do(RejectOrder(order="SO-1", comment="x"), actor=everything)) == {
        "approval.own_document"
    }
    why = standing(crm, "SO-1", everything).persons[0].reasons
    assert [reason.code for reason in why] == ["approval.own_document"]


@covers("XT-03", "XT-13")
def test_approvals_003_nobody_decides_two_steps(crm: PharmaCRM) -> None:
    both = hire(crm, "both", "assistant", "dispatcher")
    placed(crm)
    crm.do(ApproveOrder(order="SO-1"), actor=both).expect()
    assert blocked(crm.do(ApproveOrder(order="SO-1"), actor=both)) == {"approval.already_decided"}
    assert crm.do(ApproveOrder(order="SO-1"), actor=DISPATCHER).allowed


@covers("XT-03")
def test_nobody_of_the_release_signs_for_the_goods(crm: PharmaCRM) -> None:
    both = hire(crm, "both", "finance", "warehouse")
    placed(crm)
    release(crm, "SO-1", signers=(*SIGNERS[:3], both))
    assert blocked(crm.do(slip("SO-1", "OUT-1", 800), actor=both)) == {"approval.already_decided"}
    assert crm.do(slip("SO-1", "OUT-1", 800), actor=WAREHOUSE).allowed


@covers("XT-03")
def test_the_seller_does_not_hand_out_the_goods(crm: PharmaCRM) -> None:
    both = hire(crm, "both", "sales", "warehouse")
    crm.do(worth("SO-1", 1000), actor=both).expect()
    release(crm, "SO-1")
    assert blocked(crm.do(slip("SO-1", "OUT-1", 800), actor=both)) == {"approval.own_document"}


@covers("XT-03")
def test_approvals_004_no_step_before_its_turn(crm: PharmaCRM) -> None:
    placed(crm)
    answer = crm.do(ApproveOrder(order="SO-1", stage="finance"), actor=FINANCE)
    assert blocked(answer) == {"approval.not_your_stage"}
    assert order_of(crm).state is OrderState.IN_APPROVAL


@covers("XT-03")
def test_approvals_005_no_step_twice(crm: PharmaCRM) -> None:
    second = hire(crm, "second", "assistant")
    placed(crm)
    release(crm, "SO-1", signers=(ASSISTANT,))
    again = ApproveOrder(order="SO-1", stage="qualification")
    assert "approval.already_done" in blocked(crm.do(again, actor=second))
    assert "approval.already_done" in blocked(crm.do(again, actor=ASSISTANT))
    release(crm, "SO-1", signers=SIGNERS[1:])
    late = hire(crm, "late", "finance")
    assert "approval.already_done" in blocked(crm.do(ApproveOrder(order="SO-1"), actor=late))


@covers("XT-03")
def test_a_lead_of_another_unit_is_no_approver(crm: PharmaCRM) -> None:
    crm.do(RegisterUnit(id="group", name="集团"), actor=ADMIN).expect()
    crm.do(RegisterUnit(id="east", name="华东大区", parent="group"), actor=ADMIN).expect()
    crm.do(RegisterUnit(id="west", name="西部大区", parent="group"), actor=ADMIN).expect()
    other, above = hire(crm, "west.lead", "lead", unit="west"), hire(crm, "group.lead", "lead", unit="group")
    homeless = hire(crm, "no.unit", "lead", unit=None)
    placed(crm)
    release(crm, "SO-1", signers=SIGNERS[:2])
    for stranger in (other, homeless):
        assert blocked(crm.do(ApproveOrder(order="SO-1"), actor=stranger)) == {"approval.not_an_approver"}
        assert crm.ask(Inbox(), actor=stranger) == ()
    can = {each.person for each in standing(crm, "SO-1").persons if each.can_act}
    assert can == {LEAD, above}
    assert crm.do(ApproveOrder(order="SO-1"), actor=above).allowed


@covers("XT-03")
def test_approvals_022_an_approver_disabled_in_between(crm: PharmaCRM) -> None:
    hire(crm, "second", "assistant")
    placed(crm)
    hire(crm, ASSISTANT, "assistant", active=False)
    with pytest.raises(NotPermitted):
        crm.do(ApproveOrder(order="SO-1"), actor=ASSISTANT)
    persons = {each.person: each.can_act for each in standing(crm, "SO-1").persons}
    assert persons == {ASSISTANT: False, "second": True}


@covers("XT-11")
def test_approvals_023_an_approver_lost_the_role_in_between(crm: PharmaCRM) -> None:
    placed(crm)
    hire(crm, ASSISTANT, "dispatcher")
    assert blocked(crm.do(ApproveOrder(order="SO-1"), actor=ASSISTANT)) == {"approval.not_an_approver"}


@covers("XT-03")
def test_approvals_025_a_stage_without_approvers_refuses_the_order(crm: PharmaCRM) -> None:
    hire(crm, FINANCE, "warehouse")
    answer = crm.do(worth("SO-1", 1000), actor=SALES)
    assert blocked(answer) == {"approval.no_approver"}
    assert "finance" in answer.explain()
    assert entities(crm, SalesOrder) == []


@covers("XT-03")
def test_a_seller_without_a_unit_has_no_lead_to_ask(crm: PharmaCRM) -> None:
    lone = hire(crm, "lone", "sales", unit=None)
    assert "approval.no_unit" in blocked(crm.do(worth("SO-1", 1000), actor=lone))


@covers("XT-03")
def test_approvals_054_unknown_order(crm: PharmaCRM) -> None:
    for command, actor in ((ApproveOrder(order="SO-9"), ASSISTANT), (slip("SO-9", "OUT-1", 1), WAREHOUSE)):
        with pytest.raises(NotFound, match="SO-9"):
            crm.do(command, actor=actor)


# ----------------------------------------------------------------------------------------- what was seen


@covers("XT-03")
def test_approvals_012_and_060_a_changed_order_voids_every_signature(crm: PharmaCRM) -> None:
    released(crm)
    seen = crm.ask(Inbox(), actor=FINANCE)
    assert seen == ()
    first = standing(crm, "SO-1").case
    answer = crm.do(amended("SO-1", 2000), actor=SALES)
    assert answer.allowed
    order = order_of(crm)
    assert (order.state, order.revision, order.total) == (OrderState.IN_APPROVAL, 2, yuan(2000))
    assert (first, standing(crm, "SO-1").state.value) == ("SO-1/request/1", "pending")
    assert valid(crm) == ["submission"]
    assert [(each.action.value, each.person) for each in signed(crm)][-1] == ("changed", SALES)

    assert blocked(crm.do(slip("SO-1", "OUT-1", 800), actor=WAREHOUSE)) >= {"order.not_released"}
    assert credit(crm).reserved == yuan(2000)
    release(crm, "SO-1")
    assert order_of(crm).state is OrderState.RELEASED


@covers("XT-03")
def test_a_signature_counts_only_for_what_was_seen(crm: PharmaCRM) -> None:
    placed(crm)
    seen = crm.ask(Inbox(), actor=ASSISTANT)[0].content
    crm.do(amended("SO-1", 500), actor=SALES).expect()
    stale = crm.do(ApproveOrder(order="SO-1", seen=seen), actor=ASSISTANT)
    assert blocked(stale) == {"approval.content_changed"}
    fresh = crm.ask(Inbox(), actor=ASSISTANT)[0].content
    assert crm.do(ApproveOrder(order="SO-1", seen=fresh), actor=ASSISTANT).allowed


@covers("XT-09")
def test_the_warehouse_signs_only_what_it_saw(crm: PharmaCRM) -> None:
    released(crm)
    content = next(each.content for each in entities(crm, ApprovalRequest))
    items = (SlipItem(1, "L1", 800),)
    stale = IssueSlip(order="SO-1", id="OUT-1", items=items, seen="0" * 64)
    assert blocked(crm.do(stale, actor=WAREHOUSE)) == {"approval.content_changed"}
    assert crm.do(IssueSlip(order="SO-1", id="OUT-1", items=items, seen=content), actor=WAREHOUSE).allowed


@covers("XT-03")
def test_amending_with_the_same_content_still_begins_anew(crm: PharmaCRM) -> None:
    placed(crm)
    release(crm, "SO-1", signers=SIGNERS[:2])
    crm.do(amended("SO-1", 1000), actor=SALES).expect()
    assert standing(crm, "SO-1").stage == "qualification"


# ------------------------------------------------------------------------------------------- rejections


@covers("XT-03", "XT-26")
@pytest.mark.parametrize("stage", range(4))
def test_a_rejection_ends_the_round_and_releases_the_credit(crm: PharmaCRM, stage: int) -> None:
    placed(crm)
    release(crm, "SO-1", signers=SIGNERS[:stage])
    assert credit(crm).reserved == yuan(1000)
    answer = crm.do(RejectOrder(order="SO-1", comment="价格有误"), actor=SIGNERS[stage])
    assert answer.allowed
    assert order_of(crm).state is OrderState.REJECTED
    assert credit(crm).reserved == yuan(0)
    assert entities(crm, Reservation)[0].open == yuan(0)
    assert signed(crm)[-1].action.value == "rejected"
    assert signed(crm)[-1].comment == "价格有误"


@covers("XT-03")
def test_approvals_006_no_signature_after_a_rejection(crm: PharmaCRM) -> None:
    placed(crm)
    crm.do(RejectOrder(order="SO-1", comment="价格有误"), actor=ASSISTANT).expect()
    second = hire(crm, "second", "assistant")
    assert "approval.closed" in blocked(crm.do(ApproveOrder(order="SO-1"), actor=second))
    assert "approval.closed" in blocked(crm.do(RejectOrder(order="SO-1", comment="x"), actor=second))


@covers("XT-03")
def test_approvals_009_a_rejection_wants_a_comment(crm: PharmaCRM) -> None:
    placed(crm)
    answer = crm.do(RejectOrder(order="SO-1", comment=""), actor=ASSISTANT)
    assert blocked(answer) == {"approval.comment_missing"}


@covers("XT-03", "XT-04")
def test_approvals_064_a_rejected_order_handed_in_again_is_a_new_round(crm: PharmaCRM) -> None:
    placed(crm)
    crm.do(RejectOrder(order="SO-1", comment="数量有误"), actor=ASSISTANT).expect()
    assert blocked(crm.do(worth("SO-1", 500), actor=SALES)) == {"id.conflict"}
    crm.do(amended("SO-1", 500), actor=SALES).expect()
    cases = {each.number: each.state.value for each in entities(crm, ApprovalRequest)}
    assert cases == {1: "rejected", 2: "pending"}
    assert credit(crm).reserved == yuan(500)
    release(crm, "SO-1")
    assert order_of(crm).state is OrderState.RELEASED
    assert {each.request for each in signed(crm)} == {"SO-1/request/1", "SO-1/request/2"}


# --------------------------------------------------------------------------- who may do what to an order


@covers("XT-04")
def test_somebody_elses_order_is_not_amended_nor_cancelled(crm: PharmaCRM) -> None:
    """Else a lead who also sells could write another's order anew and then approve it."""
    colleague = hire(crm, "colleague", "sales", "lead")
    seller = hire(crm, "seller", "sales")
    placed(crm)
    assert blocked(crm.do(amended("SO-1", 2000), actor=colleague)) == {"order.not_yours"}
    assert blocked(crm.do(CancelOrder(order="SO-1"), actor=seller)) == {"order.not_requester"}
    assert order_of(crm).revision == 1


@covers("XT-04")
@pytest.mark.parametrize(
    ("before", "command", "allowed"),
    [
        ("in_approval", CancelOrder, True),
        ("released", CancelOrder, True),
        ("part_shipped", CancelOrder, False),
        ("shipped", CancelOrder, False),
        ("cancelled", CancelOrder, False),
        ("rejected", CancelOrder, True),
        ("in_approval", CloseOrder, False),
        ("released", CloseOrder, True),
        ("part_shipped", CloseOrder, True),
        ("shipped", CloseOrder, True),
        ("cancelled", CloseOrder, False),
        ("rejected", CloseOrder, False),
        ("in_approval", amended, True),
        ("released", amended, True),
        ("part_shipped", amended, False),
        ("shipped", amended, False),
        ("cancelled", amended, False),
        ("rejected", amended, True),
    ],
)
def test_every_way_of_the_state_machine(crm: PharmaCRM, before: str, command: Any, allowed: bool) -> None:
    bring(crm, before)
    given = amended("SO-1", 500) if command is amended else command(order="SO-1")
    answer = crm.do(given, actor=SALES if command is not CloseOrder else LEAD)
    assert order_of(crm).state.value == (
        {"CancelOrder": "cancelled", "CloseOrder": "closed"}.get(type(given).__name__, "in_approval")
        if allowed
        else before
    )
    if not allowed:
        assert blocked(answer) == {"order.state"}
    elif command is not amended:
        assert credit(crm).reserved == yuan(0)


def bring(crm: PharmaCRM, state: str) -> None:
    """Bring order SO-1 to a state."""
    placed(crm)
    if state == "rejected":
        crm.do(RejectOrder(order="SO-1", comment="不同意"), actor=ASSISTANT).expect()
    if state == "cancelled":
        crm.do(CancelOrder(order="SO-1"), actor=SALES).expect()
    if state in {"released", "part_shipped", "shipped"}:
        release(crm, "SO-1")
    if state in {"part_shipped", "shipped"}:
        crm.do(slip("SO-1", "OUT-1", 300 if state == "part_shipped" else 800), actor=WAREHOUSE).expect()
    assert order_of(crm).state.value == state


@covers("XT-03", "XT-26")
def test_a_hold_stops_every_step_until_it_is_passed(crm: PharmaCRM) -> None:
    crm.do(worth("SO-1", 1000, lines=(line("1.20"),)), actor=SALES)
    assert [hold.code for hold in standing(crm, "SO-1").holds] == ["price.off_list"]
    assert blocked(crm.do(ApproveOrder(order="SO-1"), actor=ASSISTANT)) == {"hold.open"}
    passing = PassHold(of="SO-1", code="price.off_list", reason="战略客户")
    assert blocked(crm.do(passing, actor=FINANCE)) == {"hold.not_your_role"}
    assert blocked(crm.do(PassHold(of="SO-1", code="price.off_list"), actor=LEAD)) == {"hold.reason_missing"}
    assert crm.do(passing, actor=LEAD).allowed
    assert blocked(crm.do(passing, actor=LEAD)) >= {"hold.not_open"}
    release(crm, "SO-1")
    found = crm.get(Hold, "SO-1/hold/1/price.off_list", actor=LEAD)
    assert (found.state.value, found.released_by, found.reason) == ("released", LEAD, "战略客户")


@covers("XT-03")
def test_nobody_passes_the_hold_of_their_own_order(crm: PharmaCRM) -> None:
    both = hire(crm, "both", "sales", "lead")
    crm.do(worth("SO-1", 1000, lines=(line("1.20"),)), actor=both)
    passing = PassHold(of="SO-1", code="price.off_list", reason="我说了算")
    assert blocked(crm.do(passing, actor=both)) == {"hold.own_document"}
    assert [item.waiting for item in crm.ask(Inbox(), actor=LEAD)] == ["hold"]
    assert crm.ask(Inbox(), actor=both) == ()


@covers("XT-03")
def test_who_can_act_answers_for_everybody(crm: PharmaCRM) -> None:
    placed(crm)
    for position, right in enumerate((*SIGNERS, WAREHOUSE)):
        for person in (SALES, *SIGNERS, WAREHOUSE, QUALITY, ADMIN):
            known = standing(crm, "SO-1", person).persons
            assert len(known) == 1
            assert known[0].can_act is (person == right)
            assert known[0].can_act or all(reason.message for reason in known[0].reasons)
        if position < 4:
            release(crm, "SO-1", signers=(right,))
    with pytest.raises(NotFound):
        standing(crm, "SO-1", "nobody")
    assert crm.find(ApprovalMove, eq("person", SALES), actor=ADMIN)[0].action.value == "submitted"
