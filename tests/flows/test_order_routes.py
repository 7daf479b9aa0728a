"""Orders on routes as every other document: one way inside, and a route of one's own."""

from datetime import timedelta
from typing import Any

import pytest

from pharmacrm import (
    Act,
    ApprovalMove,
    ApprovalRequest,
    ApprovalTrail,
    ApproveOrder,
    BulkItem,
    CancelOrder,
    Decide,
    DecideMany,
    DelegateAuthority,
    Inbox,
    MigrateRequest,
    OverrideStep,
    PreviewApproval,
    PublishRoute,
    Receipt,
    RegisterPrice,
    RegisterStaff,
    RejectOrder,
    Reservation,
    ResubmitForApproval,
    RetireRoute,
    SalesOrder,
    SignFollowUp,
    WhoCanAct,
    WithdrawRequest,
)
from pharmacrm.core.approvals import Hold
from pharmacrm.core.flows.collection import AllocateReceipt
from pharmacrm.core.flows.holding import PassHold
from pharmacrm.core.flows.shipped_routes import RELEASE_CN
from pharmacrm.core.kernel.codec import canonical
from pharmacrm.core.kernel.held import HeldCommand
from pharmacrm.core.kernel.query import eq
from pharmacrm.core.orders import Line, OrderState
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
    pass_days,
    placed,
    receipt,
    records,
    released,
    replayed,
    slip,
    standing,
    today,
    worth,
    yuan,
)

STEPS = ("qualification", "precheck", "lead", "finance")


@pytest.fixture
def crm() -> PharmaCRM:
    return open_house()


def order_of(crm: PharmaCRM, id: str = "SO-1") -> SalesOrder:
    return crm.get(SalesOrder, id, actor=SALES)


def newest(crm: PharmaCRM, id: str = "SO-1") -> ApprovalRequest:
    return crm.find(ApprovalRequest, eq("subject", id), order=("-number",), actor=ADMIN)[0]


def moves(crm: PharmaCRM, id: str = "SO-1") -> list[ApprovalMove]:
    return list(crm.ask(ApprovalTrail(document=id), actor=ADMIN).moves)


def decide(act: Act = Act.APPROVE, order: str = "SO-1", **more: Any) -> Decide:
    return Decide(document=order, act=act, **more)


def step(name: str, role: str, **more: Any) -> dict[str, Any]:
    return {"step": name, "label_zh": name, "by": [{"role": role}]} | more


def own_route(
    *steps: dict[str, Any], code: str = "our_release", version: int = 1, **more: Any
) -> PublishRoute:
    route = {"code": code, "version": version, "kind": "order", "steps": list(steps)} | more
    return PublishRoute(definition=canonical(route))


# ---------------------------------------------------------------------------------- one way inside


@covers("XT-03", "XT-13")
def test_the_six_steps_are_there_without_being_published(crm: PharmaCRM) -> None:
    look = crm.ask(PreviewApproval(kind="order"), actor=SALES)
    assert (look.route, look.reasons) == ("release_cn@1", ())
    assert [(one.step, one.label_zh) for one in look.steps] == [
        ("qualification", "客户资质审核"),
        ("precheck", "发货初审"),
        ("lead", "部门领导审核"),
        ("finance", "财务到账审核"),
        ("warehouse", "仓库出库签字"),
    ]
    assert [one.persons for one in look.steps] == [(one,) for one in (*SIGNERS, WAREHOUSE)]
    assert "approved -.-> s_warehouse" in look.diagram


@covers("XT-03", "XT-13")
def test_decide_says_what_approve_order_says(crm: PharmaCRM) -> None:
    """Two orders side by side, one signed by each command: the same moves, the same order."""
    for id, signed in (("SO-1", lambda: ApproveOrder(order="SO-1")), ("SO-2", lambda: decide(order="SO-2"))):
        placed(crm, id)
        for signer in SIGNERS:
            crm.do(signed(), actor=signer).expect()
    one, other = (
        [
            (each.step, each.action, each.person, each.role, each.effect, each.meaning, each.evidence)
            for each in moves(crm, id)
        ]
        for id in ("SO-1", "SO-2")
    )
    assert one == other
    assert order_of(crm, "SO-2").state is order_of(crm).state is OrderState.RELEASED
    replayed(crm)


@covers("XT-03", "XT-26")
@pytest.mark.parametrize(
    "command", [decide(Act.REJECT, comment="价格有误"), RejectOrder(order="SO-1", comment="价格有误")]
)
def test_a_rejection_by_either_command_gives_the_credit_back(crm: PharmaCRM, command: Any) -> None:
    placed(crm)
    crm.do(command, actor=ASSISTANT).expect()
    assert (order_of(crm).state, credit(crm).reserved) == (OrderState.REJECTED, yuan(0))
    assert newest(crm).state.value == "rejected"


@covers("XT-05")
def test_no_command_signs_away_what_the_machine_finds(crm: PharmaCRM) -> None:
    """The price rose after the order: the pre-check holds every vote until somebody passes it."""
    placed(crm)
    crm.do(decide(), actor=ASSISTANT).expect()
    crm.do(RegisterPrice(price_list="STD", product="ATO-20", price="1.30"), actor=ADMIN).expect()
    for command in (decide(), ApproveOrder(order="SO-1")):
        assert crm.do(command, actor=DISPATCHER).codes == ("price.off_list",)
    assert newest(crm).waiting == ("precheck",)
    many = DecideMany(documents=(BulkItem(document="SO-1"),))
    (answer,) = crm.do(many, actor=DISPATCHER).expect()
    assert (answer.outcome.value, newest(crm).waiting) == ("held", ("precheck",))
    assert [reason.code for reason in answer.reasons] == ["price.off_list"]
    case = crm.get(HeldCommand, answer.case, actor=ADMIN)
    assert (case.command, case.subject, case.actor) == ("Decide", "SO-1", DISPATCHER)
    crm.do(PassHold(of=answer.case, code="price.off_list", reason="已核价"), actor=LEAD).expect()
    assert newest(crm).waiting == ("lead",)
    replayed(crm)


@covers("XT-05", "SC-30")
def test_a_payment_that_has_not_come_blocks_finance_and_the_administrator(crm: PharmaCRM) -> None:
    placed(crm, terms="30% prepaid, rest net 60")
    release(crm, "SO-1", signers=SIGNERS[:3])
    found = blocked(crm.do(decide(), actor=FINANCE))
    assert "approval.evidence_blocks" in found
    before = records(crm)
    assert found == blocked(crm.do(OverrideStep(document="SO-1", step="finance", comment="急"), actor=ADMIN))
    assert records(crm) == before


def test_an_override_passes_a_step_and_releases_with_the_last(crm: PharmaCRM) -> None:
    placed(crm)
    release(crm, "SO-1", signers=SIGNERS[:3])
    crm.do(OverrideStep(document="SO-1", step="finance", comment="财务休假"), actor=ADMIN).expect()
    assert order_of(crm).state is OrderState.RELEASED
    last = moves(crm)[-1]
    assert (last.action.value, [one.check for one in last.evidence]) == ("overridden", ["payment"])


@covers("XT-26")
def test_a_hold_stops_every_approval_and_hides_the_order_from_the_inbox(crm: PharmaCRM) -> None:
    crm.do(worth("SO-1", 1000, lines=(Line("ATO-20", 800, "1.20"),)), actor=SALES)
    assert crm.ask(Inbox(), actor=ASSISTANT) == ()
    for command in (
        decide(),
        ApproveOrder(order="SO-1"),
        OverrideStep(document="SO-1", step="qualification", comment="急"),
    ):
        actor = ADMIN if isinstance(command, OverrideStep) else ASSISTANT
        assert blocked(crm.do(command, actor=actor)) == {"hold.open"}
    assert [one.code for one in standing(crm, "SO-1").holds] == ["price.off_list"]
    crm.do(decide(Act.REJECT, comment="不降价"), actor=ASSISTANT).expect()
    assert {each.state.value for each in entities(crm, Hold)} == {"void"}


# ------------------------------------------------------------------------------------ many at once


@covers("XT-13")
def test_many_orders_at_once_each_with_its_own_evidence(crm: PharmaCRM) -> None:
    for number in range(3):
        placed(crm, f"SO-{number}")
    crm.do(ApproveOrder(order="SO-1"), actor=ASSISTANT).expect()
    many = DecideMany(documents=tuple(BulkItem(document=f"SO-{number}") for number in range(3)))
    answers = crm.do(many, actor=ASSISTANT).expect()
    assert [(one.document, [reason.code for reason in one.reasons]) for one in answers] == [
        ("SO-0", []),
        ("SO-1", ["approval.already_decided"]),
        ("SO-2", []),
    ]
    for number in range(3):
        signed = [each for each in moves(crm, f"SO-{number}") if each.step == "qualification"]
        assert [[one.check for one in each.evidence] for each in signed] == [["qualification"]]
        assert newest(crm, f"SO-{number}").waiting == ("precheck",)


@covers("XT-13", "XT-26")
def test_orders_rejected_together_give_back_what_one_receipt_paid_for_both(crm: PharmaCRM) -> None:
    """Each gives its part back: the receipt is changed once, by the sum of both."""
    for id in ("SO-1", "SO-2"):
        placed(crm, id, terms="30% prepaid, rest net 60")
    crm.do(receipt(crm, "R-1", 600), actor=FINANCE).expect()
    for id in ("SO-1", "SO-2"):
        crm.do(AllocateReceipt(receipt="R-1", order=id), actor=FINANCE).expect()
    assert crm.get(Receipt, "R-1", actor=FINANCE).allocated == yuan(600)
    both = DecideMany(
        documents=(BulkItem(document="SO-1"), BulkItem(document="SO-2")), act=Act.REJECT, comment="取消促销"
    )
    crm.do(both, actor=ASSISTANT).expect()
    assert crm.get(Receipt, "R-1", actor=FINANCE).allocated == yuan(0)
    assert (credit(crm).reserved, credit(crm).unapplied) == (yuan(0), yuan(600))
    assert {order_of(crm, id).state for id in ("SO-1", "SO-2")} == {OrderState.REJECTED}
    replayed(crm)


# -------------------------------------------------------------------- what routes bring to orders


@covers("SC-30")
def test_a_deputy_signs_an_order_and_the_trail_shows_both(crm: PharmaCRM) -> None:
    placed(crm)
    lent = DelegateAuthority(
        id="D-1",
        delegate=QUALITY,
        valid_from=today(crm),
        valid_to=today(crm) + timedelta(days=3),
        kinds=("order",),
    )
    crm.do(lent, actor=ASSISTANT).expect()
    (item,) = crm.ask(Inbox(), actor=QUALITY)
    assert (item.kind, item.subject, item.acting_for) == ("order", "SO-1", ASSISTANT)
    crm.do(decide(seen=item.content), actor=QUALITY).expect()
    signed = moves(crm)[-1]
    assert (signed.person, signed.acting_for, signed.role) == (QUALITY, ASSISTANT, "assistant")


def test_a_returned_order_is_amended_and_begins_a_new_round(crm: PharmaCRM) -> None:
    placed(crm)
    release(crm, "SO-1", signers=SIGNERS[:2])
    crm.do(decide(Act.RETURN, comment="请补充用途"), actor=LEAD).expect()
    assert (order_of(crm).state, newest(crm).state.value) == (OrderState.IN_APPROVAL, "returned")
    assert credit(crm).reserved == yuan(1000)
    assert crm.ask(WhoCanAct(subject="SO-1", person=LEAD), actor=ADMIN).persons[0].can_act is False
    crm.do(amended("SO-1", 500), actor=SALES).expect()
    assert (newest(crm).number, newest(crm).round, newest(crm).waiting) == (1, 2, ("qualification",))
    release(crm, "SO-1")
    assert order_of(crm).state is OrderState.RELEASED


def test_a_returned_order_can_be_cancelled(crm: PharmaCRM) -> None:
    placed(crm)
    crm.do(decide(Act.RETURN, comment="请核实"), actor=ASSISTANT).expect()
    crm.do(CancelOrder(order="SO-1"), actor=SALES).expect()
    assert (order_of(crm).state, newest(crm).state.value) == (OrderState.CANCELLED, "withdrawn")


@covers("XT-26")
def test_a_withdrawn_order_waits_for_its_requester_without_credit(crm: PharmaCRM) -> None:
    placed(crm)
    crm.do(decide(), actor=ASSISTANT).expect()
    assert blocked(crm.do(WithdrawRequest(document="SO-1"), actor=LEAD)) == {"approval.not_requester"}
    crm.do(WithdrawRequest(document="SO-1", comment="数量不对"), actor=SALES).expect()
    assert (order_of(crm).state, credit(crm).reserved) == (OrderState.WITHDRAWN, yuan(0))
    assert entities(crm, Reservation)[0].open == yuan(0)
    assert blocked(crm.do(slip("SO-1", "OUT-1", 800), actor=WAREHOUSE)) >= {"order.not_released"}
    crm.do(amended("SO-1", 500), actor=SALES).expect()
    assert (order_of(crm).state, newest(crm).number) == (OrderState.IN_APPROVAL, 2)
    assert credit(crm).reserved == yuan(500)


@pytest.mark.parametrize(
    "command",
    [
        ResubmitForApproval(document="SO-1", content="0" * 64),
        SignFollowUp(document="SO-1", step="warehouse", follows="OUT-1", content="0" * 64),
    ],
)
def test_what_an_order_says_is_said_by_its_own_commands(crm: PharmaCRM, command: Any) -> None:
    released(crm)
    before = records(crm)
    assert blocked(crm.do(command, actor=SALES)) == {"approval.library_kind"}
    assert records(crm) == before


# ------------------------------------------------------------------------------ a route of one's own


OURS = (
    step("check", "assistant", checks=["qualification", "precheck"]),
    step("money", "finance", checks=["payment"], when={"field": "credit", "gt": {"money": "500.00 CNY"}}),
)


@covers("XT-03", "XT-13", "XT-14")
def test_a_host_publishes_a_route_of_its_own_for_orders(crm: PharmaCRM) -> None:
    crm.do(own_route(*OURS, after=[step("issue", "warehouse")]), actor=ADMIN).expect()
    placed(crm, "SO-1", 500)
    placed(crm, "SO-2", 1000)
    assert newest(crm).route == "our_release@1"
    assert crm.do(ApproveOrder(order="SO-1"), actor=ASSISTANT).allowed
    assert order_of(crm).state is OrderState.RELEASED
    assert [one.check for one in moves(crm)[-1].evidence] == ["qualification", "precheck"]
    assert [one.version for one in moves(crm)[-1].evidence] == ["cn_gsp@2026.1", "our_release@1"]
    crm.do(ApproveOrder(order="SO-2"), actor=ASSISTANT).expect()
    assert newest(crm, "SO-2").waiting == ("money",)
    assert crm.do(slip("SO-1", "OUT-1", 400), actor=WAREHOUSE).allowed
    assert moves(crm)[-1].step == "issue"


def test_a_route_without_a_signature_under_slips_ships_without(crm: PharmaCRM) -> None:
    crm.do(own_route(OURS[0]), actor=ADMIN).expect()
    placed(crm)
    crm.do(ApproveOrder(order="SO-1"), actor=ASSISTANT).expect()
    crm.do(slip("SO-1", "OUT-1", 800), actor=WAREHOUSE).expect()
    assert [each.action.value for each in moves(crm)] == ["submitted", "approved"]


def test_an_order_that_nobody_has_to_approve_is_released_at_once(crm: PharmaCRM) -> None:
    large = step("lead", "lead", when={"field": "amount", "gt": {"money": "5000.00 CNY"}})
    crm.do(own_route(large, if_nothing="skip"), actor=ADMIN).expect()
    assert placed(crm).state is OrderState.RELEASED
    assert newest(crm).state.value == "approved"
    assert placed(crm, "SO-2", 6000).state is OrderState.IN_APPROVAL


@covers("XT-14")
def test_the_guards_of_a_route_say_what_an_amendment_takes_back(crm: PharmaCRM) -> None:
    """Another address leaves everything standing, other lines all from the money on, a note all."""
    guards = {"delivery": "", "lines": "money", "amount": "money", "credit": "money"}
    money = step("money", "finance", checks=["payment"])
    crm.do(own_route(OURS[0], money, guards=guards), actor=ADMIN).expect()
    placed(crm)
    release(crm, "SO-1", signers=(ASSISTANT, FINANCE))
    elsewhere: dict[str, Any] = {"consignee": "李四药房"}
    crm.do(amended("SO-1", 1000, **elsewhere), actor=SALES).expect()
    assert (order_of(crm).state, newest(crm).state.value) == (OrderState.RELEASED, "approved")
    crm.do(amended("SO-1", 500, **elsewhere), actor=SALES).expect()
    assert (order_of(crm).state, newest(crm).waiting) == (OrderState.IN_APPROVAL, ("money",))
    crm.do(ApproveOrder(order="SO-1"), actor=FINANCE).expect()
    crm.do(amended("SO-1", 500, **elsewhere, note="加急"), actor=SALES).expect()
    assert newest(crm).waiting == ("check",)
    assert credit(crm).reserved == yuan(500)
    replayed(crm)


def test_an_amendment_that_wants_another_route_is_refused(crm: PharmaCRM) -> None:
    """Else a small order could grow on the route of small orders."""
    small = {"field": "amount", "le": {"money": "500.00 CNY"}}
    crm.do(own_route(OURS[0], when=small), actor=ADMIN).expect()
    placed(crm, "SO-1", 500)
    assert newest(crm).route == "our_release@1"
    assert blocked(crm.do(amended("SO-1", 1000), actor=SALES)) == {"approval.other_route"}
    crm.do(RejectOrder(order="SO-1", comment="数量"), actor=ASSISTANT).expect()
    crm.do(amended("SO-1", 1000), actor=SALES).expect()
    assert newest(crm).route == "release_cn@1"


@covers("XT-14", "XT-15")
def test_the_next_version_of_the_librarys_route_takes_its_place(crm: PharmaCRM) -> None:
    placed(crm)
    wrong = crm.do(own_route(OURS[0], code="release_cn"), actor=ADMIN)
    assert (wrong.codes, wrong.reasons[0].expected) == (("approval.route_version",), "2")
    second = own_route(OURS[0], code="release_cn", version=2, when={"field": "channel", "eq": "online"})
    crm.do(second, actor=ADMIN).expect()
    assert crm.do(worth("SO-2", 1000), actor=SALES).codes == ("approval.no_route",)
    crm.do(own_route(OURS[0], code="release_cn", version=3), actor=ADMIN).expect()
    placed(crm, "SO-2")
    assert (newest(crm).route, newest(crm, "SO-2").route) == ("release_cn@1", "release_cn@3")
    crm.do(MigrateRequest(document="SO-1", route="release_cn@3", comment="新制度"), actor=ADMIN).expect()
    assert (newest(crm).route, newest(crm).waiting) == ("release_cn@3", ("check",))
    back = MigrateRequest(document="SO-1", route="release_cn@1", comment="按旧制度")
    crm.do(back, actor=ADMIN).expect()
    assert newest(crm).waiting == ("qualification",)


def test_the_librarys_route_can_be_taken_out_of_use(crm: PharmaCRM) -> None:
    placed(crm)
    crm.do(RetireRoute(code="release_cn"), actor=ADMIN).expect()
    assert crm.do(worth("SO-2", 1000), actor=SALES).codes == ("approval.no_route",)
    crm.do(amended("SO-1", 500), actor=SALES).expect()
    release(crm, "SO-1")
    assert order_of(crm).state is OrderState.RELEASED


@pytest.mark.parametrize(
    ("route", "field"),
    [
        (own_route(step("lead", "lead", checks=["papers"])), "lead.checks"),
        (own_route(OURS[0], after=[step("a", "warehouse"), step("b", "quality")]), "after"),
    ],
)
def test_what_orders_do_not_have_is_a_mistake_of_their_route(
    crm: PharmaCRM, route: PublishRoute, field: str
) -> None:
    answer = crm.do(route, actor=ADMIN)
    assert [(one.code, one.field) for one in answer.reasons] == [("approval.route_mistake", field)]


# ------------------------------------------------------------------------------------------- clock


def rung(crm: PharmaCRM, times: int = 4) -> list[str]:
    for _ in range(times):
        assert crm.run_due().failed == ()
    return [each.action.value for each in moves(crm) if each.person == "system"]


@covers("XT-15")
def test_the_clock_passes_an_order_only_where_the_machine_finds_nothing(crm: PharmaCRM) -> None:
    late = {"timeout": {"decide": 4, "lapse": "approve"}}
    crm.do(own_route(step("money", "finance", checks=["payment"], **late)), actor=ADMIN).expect()
    placed(crm)
    placed(crm, "SO-2", terms="30% prepaid, rest net 60")
    pass_days(crm, 4)
    assert rung(crm) == ["lapsed"]
    assert order_of(crm).state is OrderState.RELEASED
    assert (order_of(crm, "SO-2").state, newest(crm, "SO-2").due_at) == (OrderState.IN_APPROVAL, None)
    stopped = moves(crm, "SO-2")[-1]
    assert (stopped.action.value, stopped.effect.value) == ("lapsed", "none")
    assert [one.severity.value for each in stopped.evidence for one in each.findings] == ["block"]


def test_the_clock_stands_while_an_order_is_held(crm: PharmaCRM) -> None:
    late = {"timeout": {"remind": 1, "decide": 4, "lapse": "reject"}}
    crm.do(own_route(step("check", "assistant", **late)), actor=ADMIN).expect()
    crm.do(worth("SO-1", 1000, lines=(Line("ATO-20", 800, "1.20"),)), actor=SALES)
    pass_days(crm, 4)
    assert rung(crm) == []
    assert order_of(crm).state is OrderState.IN_APPROVAL


def test_who_may_sign_a_slip_is_said_after_the_approval(crm: PharmaCRM) -> None:
    released(crm)
    crm.do(
        RegisterStaff(id="two", name="两岗", unit="east", roles=("warehouse", "lead")), actor=ADMIN
    ).expect()
    known = {one.person: one.can_act for one in standing(crm, "SO-1").persons}
    assert known == {WAREHOUSE: True, "two": True}
    assert [one.stage for one in standing(crm, "SO-1").persons] == ["warehouse", "warehouse"]
    why = standing(crm, "SO-1", FINANCE).persons[0].reasons
    assert [one.code for one in why] == ["approval.already_decided"]


def test_every_check_of_the_six_steps_is_one_that_orders_have() -> None:
    from pharmacrm.core.flows.inspecting import unfit

    assert unfit(RELEASE_CN) == ()
    assert [step.name for step in RELEASE_CN.all_steps()] == list(STEPS)
