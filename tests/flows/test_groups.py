"""Groups and policies through the door: one limit for several, defaults, gates, and where is checked."""

from typing import Any

import pytest
from attrs import evolve

from pharmacrm.core.approvals import Hold
from pharmacrm.core.credit import (
    CheckPoint,
    CreditGroup,
    CreditLine,
    CreditOutcome,
    EndCreditLimit,
    JoinCreditGroup,
    Metric,
    OverdueGate,
    PolicyScope,
    SetCreditGroup,
    SetCreditLimit,
)
from pharmacrm.core.credit.groups import COUNTERS
from pharmacrm.core.engines.approval.routes import Act
from pharmacrm.core.flows.collection import AllocateReceipt, ReverseReceipt, UndoAllocations
from pharmacrm.core.flows.ending import CancelOrder, CloseOrder
from pharmacrm.core.flows.exposure import LimitOn
from pharmacrm.core.flows.holding import PassHold
from pharmacrm.core.flows.rechecking import RecheckCredit
from pharmacrm.core.flows.requests import Decide, WithdrawRequest
from pharmacrm.core.kernel.decision import Outcome
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.orders import SalesOrder
from pharmacrm.crm import PharmaCRM
from pharmacrm.testing.company import release
from tests.covers import covers
from tests.flows.house import (
    ASSISTANT,
    BUYER,
    FINANCE,
    LEAD,
    SALES,
    WAREHOUSE,
    amended,
    codes,
    credit,
    entities,
    open_house,
    pass_days,
    placed,
    receipt,
    released,
    replayed,
    slip,
    worth,
    yuan,
)
from tests.flows.scenarios_credit import gate, owing, policy

OTHER = "H-002"


@pytest.fixture
def crm() -> PharmaCRM:
    return open_house(limit="800.00", buyers=(BUYER, OTHER))


def grouped(crm: PharmaCRM, limit: int | None = 1000) -> None:
    shared = None if limit is None else yuan(limit)
    crm.do(SetCreditGroup(group="G-1", name="示例集团", limit=shared), actor=FINANCE).expect()
    for buyer in (BUYER, OTHER):
        crm.do(JoinCreditGroup(customer=buyer, group="G-1"), actor=FINANCE).expect()


def pool(crm: PharmaCRM) -> CreditGroup:
    return crm.get(CreditGroup, "G-1", actor=FINANCE)


def sums(crm: PharmaCRM) -> None:
    """A group's counters are the sums of its members'."""
    members = [each for each in entities(crm, CreditLine) if each.group == "G-1"]
    for name in COUNTERS:
        assert getattr(pool(crm), name) == Money.total((getattr(each, name) for each in members), "CNY"), name
    replayed(crm)


@covers("XT-26")
def test_credit_receivables_020_members_share_the_limit_of_their_group(crm: PharmaCRM) -> None:
    grouped(crm)
    placed(crm, "SO-1", 700)
    assert codes(crm, worth("SO-2", 800, buyer=OTHER), SALES) == ["credit.group_over_limit"]
    assert codes(crm, worth("SO-3", 105), SALES) == ["credit.over_limit"]  # the cap of the member
    assert codes(crm, worth("SO-4", 300, buyer=OTHER), SALES) == []
    assert pool(crm).reserved == yuan(1000)
    sums(crm)


@covers("XT-26")
def test_whatever_moves_a_member_moves_the_group(crm: PharmaCRM) -> None:
    placed(crm, "SO-0", 100)
    grouped(crm)
    sums(crm)
    released(crm, "SO-1", 500)
    crm.do(slip("SO-1", "OUT-1", 240), actor=WAREHOUSE).expect()
    sums(crm)
    crm.do(receipt(crm, "R-1", 350), actor=FINANCE).expect()
    crm.do(AllocateReceipt(receipt="R-1"), actor=FINANCE).expect()
    sums(crm)
    crm.do(UndoAllocations(receipt="R-1", reason="记错"), actor=FINANCE).expect()
    crm.do(ReverseReceipt(receipt="R-1", reason="退票"), actor=FINANCE).expect()
    crm.do(CloseOrder(order="SO-1", reason="余下不要"), actor=LEAD).expect()
    sums(crm)
    crm.do(CancelOrder(order="SO-0"), actor=SALES).expect()
    assert pool(crm).exposure == yuan(300)
    sums(crm)
    crm.do(JoinCreditGroup(customer=BUYER), actor=FINANCE).expect()
    assert pool(crm).exposure == yuan(0)
    sums(crm)


@covers("XT-26")
def test_what_an_order_gives_back_as_it_follows_its_request_leaves_the_group_too(crm: PharmaCRM) -> None:
    grouped(crm)
    placed(crm, "SO-1", 700)
    placed(crm, "SO-2", 300, buyer=OTHER)
    reject = Decide(document="SO-1", act=Act.REJECT, comment="数量有误")
    crm.do(reject, actor=ASSISTANT).expect()
    assert pool(crm).reserved == yuan(300)
    crm.do(WithdrawRequest(document="SO-2"), actor=SALES).expect()
    assert pool(crm).reserved == yuan(0)
    sums(crm)


def test_an_expired_reservation_leaves_the_group_too(crm: PharmaCRM) -> None:
    grouped(crm)
    placed(crm, "SO-1", 700)
    pass_days(crm, 31)
    crm.run_due()
    assert (credit(crm).reserved, pool(crm).reserved) == (yuan(0), yuan(0))
    sums(crm)


def test_passing_the_hold_of_the_group_reserves_over_its_limit(crm: PharmaCRM) -> None:
    grouped(crm)
    placed(crm, "SO-1", 700)
    crm.do(worth("SO-2", 800, buyer=OTHER), actor=SALES)
    passed = PassHold(of="SO-2", code="credit.group_over_limit", reason="总部同意")
    assert crm.do(passed, actor=FINANCE).allowed
    assert pool(crm).reserved == yuan(1500)
    sums(crm)
    blocked = SetCreditGroup(group="G-1", name="示例集团", limit=yuan(1000), blocked=True)
    crm.do(worth("SO-3", 50), actor=SALES)
    crm.do(blocked, actor=FINANCE).expect()
    assert codes(crm, evolve(passed, of="SO-3"), FINANCE) == ["credit.group_blocked"]


def test_a_member_without_a_limit_of_their_own_is_held_by_the_group_alone(crm: PharmaCRM) -> None:
    grouped(crm)
    unlimited = SetCreditLimit(customer=BUYER, limit=yuan(0), unlimited=True, reason="总部")
    crm.do(unlimited, actor=FINANCE).expect()
    placed(crm, "SO-1", 1000)
    assert codes(crm, worth("SO-2", 5), SALES) == ["credit.group_over_limit"]
    sums(crm)


@covers("XT-26")
def test_defaults_cascade_from_customer_to_group_to_tenant(crm: PharmaCRM) -> None:
    crm.do(policy(limit=yuan(100)), actor=FINANCE).expect()
    grouped(crm, None)
    asked = LimitOn(customer=OTHER)
    assert crm.ask(asked, actor=FINANCE).amount == yuan(800)
    crm.do(EndCreditLimit(customer=OTHER, number=1, reason="取消"), actor=FINANCE).expect()
    assert crm.ask(asked, actor=FINANCE).amount == yuan(100)
    assert codes(crm, worth("SO-1", 100, buyer=OTHER), SALES) == []
    crm.do(policy(PolicyScope.GROUP, "G-1", limit=yuan(150)), actor=FINANCE).expect()
    assert crm.ask(asked, actor=FINANCE).amount == yuan(150)
    assert codes(crm, worth("SO-2", 50, buyer=OTHER), SALES) == []
    assert codes(crm, worth("SO-3", 5, buyer=OTHER), SALES) == ["credit.over_limit"]
    crm.do(policy(), actor=FINANCE).expect()
    crm.do(policy(PolicyScope.GROUP, "G-1"), actor=FINANCE).expect()
    assert codes(crm, worth("SO-4", 5, buyer=OTHER), SALES) == ["credit.no_limit"]
    sums(crm)


@covers("XT-26")
@pytest.mark.parametrize(
    ("outcome", "answer", "found"),
    [
        (CreditOutcome.ALLOW, Outcome.ALLOWED, []),
        (CreditOutcome.WARN, Outcome.ALLOWED, ["credit.overdue"]),
        (CreditOutcome.WATCH, Outcome.ALLOWED, ["credit.overdue"]),
        (CreditOutcome.HOLD, Outcome.HELD, ["credit.overdue"]),
        (CreditOutcome.BLOCK, Outcome.REFUSED, ["credit.overdue"]),
        (CreditOutcome.OVERRIDE, Outcome.HELD, ["credit.override_required"]),
    ],
)
def test_credit_receivables_021_overdue_debts_stop_new_orders_as_the_policy_says(
    crm: PharmaCRM, outcome: CreditOutcome, answer: Outcome, found: list[str]
) -> None:
    owing(crm)
    crm.do(gate(outcome), actor=FINANCE).expect()
    decision = crm.do(worth("SO-2", 50), actor=SALES)
    assert (decision.outcome, list(decision.codes)) == (answer, found)
    assert codes(crm, worth("SO-3", 50, buyer=OTHER), SALES) == []


def test_money_that_comes_opens_the_gate_and_ending_an_order_never_meets_it(crm: PharmaCRM) -> None:
    placed(crm, "SO-9", 100, terms="net 60, reserve 90 days")
    owing(crm)
    crm.do(gate(CreditOutcome.BLOCK), actor=FINANCE).expect()
    assert crm.do(CancelOrder(order="SO-9"), actor=SALES).allowed
    assert crm.do(receipt(crm, "R-1", 500), actor=FINANCE).allowed
    assert codes(crm, worth("SO-2", 50), SALES) == ["credit.overdue"]
    crm.do(AllocateReceipt(receipt="R-1"), actor=FINANCE).expect()
    assert codes(crm, worth("SO-2", 50), SALES) == []


def test_a_lowered_order_meets_no_gate_and_a_raised_one_does(crm: PharmaCRM) -> None:
    owing(crm)
    placed(crm, "SO-3", 100)
    crm.do(gate(CreditOutcome.HOLD), actor=FINANCE).expect()
    assert codes(crm, amended("SO-3", 100), SALES) == []
    assert codes(crm, amended("SO-3", 50), SALES) == []
    assert codes(crm, amended("SO-3", 55), SALES) == ["credit.overdue"]


@covers("XT-26")
def test_a_bulk_order_of_many_months_is_checked_as_its_goods_leave(crm: PharmaCRM) -> None:
    """frappe/erpnext#10861: the check point is a switch."""
    crm.do(policy(checked_at=(CheckPoint.SLIP,)), actor=FINANCE).expect()
    assert codes(crm, worth("SO-1", 5000), SALES) == []
    assert credit(crm).reserved == yuan(0)
    release(crm, "SO-1")
    assert crm.do(slip("SO-1", "OUT-1", 640), actor=WAREHOUSE).allowed
    assert (credit(crm).reserved, credit(crm).posted) == (yuan(0), yuan(800))
    held = crm.do(slip("SO-1", "OUT-2", 4), actor=WAREHOUSE)
    assert (held.outcome, held.codes) == (Outcome.HELD, ("credit.over_limit",))
    assert credit(crm).posted == yuan(800)
    crm.do(PassHold(of=held.case, code="credit.over_limit", reason="老客户"), actor=FINANCE).expect()
    assert credit(crm).posted == yuan(805)
    replayed(crm)


def test_goods_are_looked_at_again_where_slips_are_checked(crm: PharmaCRM) -> None:
    released(crm, "SO-1", 500)
    both = (CheckPoint.ORDER, CheckPoint.SLIP)
    crm.do(policy(checked_at=both, over_limit=CreditOutcome.BLOCK), actor=FINANCE).expect()
    lowered = SetCreditLimit(customer=BUYER, limit=yuan(499), reason="下调")
    crm.do(lowered, actor=FINANCE).expect()
    assert codes(crm, slip("SO-1", "OUT-1", 400), WAREHOUSE) == ["credit.over_limit"]
    crm.do(evolve(lowered, limit=yuan(500)), actor=FINANCE).expect()
    assert codes(crm, slip("SO-1", "OUT-1", 400), WAREHOUSE) == []
    replayed(crm)


def test_what_was_passed_for_the_order_passes_at_its_slip(crm: PharmaCRM) -> None:
    owing(crm)
    gates = (OverdueGate(metric=Metric.COUNT, outcome=CreditOutcome.HOLD),)
    crm.do(policy(gates=gates, checked_at=tuple(CheckPoint)), actor=FINANCE).expect()
    crm.do(worth("SO-2", 100), actor=SALES)
    crm.do(PassHold(of="SO-2", code="credit.overdue", reason="同意"), actor=FINANCE).expect()
    release(crm, "SO-2")
    answer = crm.do(slip("SO-2", "OUT-2", 80), actor=WAREHOUSE)
    assert (answer.allowed, answer.codes) == (True, ("credit.overdue",))


def test_a_watched_customer_is_remarked_upon(crm: PharmaCRM) -> None:
    crm.do(policy(watch_from=90), actor=FINANCE).expect()
    assert codes(crm, worth("SO-1", 715), SALES) == []
    answer = crm.do(worth("SO-2", 5), actor=SALES)
    assert (answer.allowed, answer.codes) == (True, ("credit.watch",))


@pytest.mark.parametrize("outcome", [CreditOutcome.WARN, CreditOutcome.WATCH, CreditOutcome.ALLOW])
def test_a_policy_may_let_orders_over_the_limit_go_on(crm: PharmaCRM, outcome: CreditOutcome) -> None:
    crm.do(policy(over_limit=outcome), actor=FINANCE).expect()
    answer: Any = crm.do(worth("SO-1", 1000), actor=SALES)
    assert answer.allowed
    assert credit(crm).reserved == yuan(1000)
    assert entities(crm, Hold) == []
    assert [each.id for each in entities(crm, SalesOrder)] == ["SO-1"]
    replayed(crm)


@covers("XT-26")
def test_what_an_order_holds_never_stands_against_it_in_its_group(crm: PharmaCRM) -> None:
    """As goods leave, and as its credit is asked for again, the group counts it once."""
    grouped(crm, 800)
    both = (CheckPoint.ORDER, CheckPoint.SLIP)
    crm.do(policy(checked_at=both), actor=FINANCE).expect()
    released(crm, "SO-1", 800)
    assert codes(crm, slip("SO-1", "OUT-1", 320), WAREHOUSE) == []
    assert codes(crm, slip("SO-1", "OUT-2", 320), WAREHOUSE) == []
    assert pool(crm).exposure == yuan(800)
    sums(crm)


def test_asked_for_again_only_the_rest_is_new_to_the_group(crm: PharmaCRM) -> None:
    grouped(crm, 700)
    placed(crm, "SO-1", 500)
    assert crm.do(amended("SO-1", 750), actor=SALES).codes == ("credit.group_over_limit",)
    assert pool(crm).reserved == yuan(500)
    crm.do(SetCreditGroup(group="G-1", name="示例集团", limit=yuan(749)), actor=FINANCE).expect()
    assert codes(crm, RecheckCredit(order="SO-1"), SALES) == ["credit.group_over_limit"]
    crm.do(SetCreditGroup(group="G-1", name="示例集团", limit=yuan(750)), actor=FINANCE).expect()
    assert codes(crm, RecheckCredit(order="SO-1"), SALES) == []
    assert pool(crm).reserved == yuan(750)
    sums(crm)
