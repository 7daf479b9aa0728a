"""An override at the door: asked for by the requester, granted by others on a route, used once, revocable."""

from typing import Any

import pytest

from pharmacrm.core.credit import (
    CheckPoint,
    CreditOutcome,
    CreditOverride,
    Metric,
    OverdueGate,
    OverrideState,
    SetCreditLimit,
)
from pharmacrm.core.engines.approval.routes import Act
from pharmacrm.core.engines.holds import Hold
from pharmacrm.core.flows.ending import CancelOrder
from pharmacrm.core.flows.holding import PassHold
from pharmacrm.core.flows.judging import WhyCredit
from pharmacrm.core.flows.overriding import RequestOverride, RevokeOverride
from pharmacrm.core.flows.rechecking import RecheckCredit
from pharmacrm.core.flows.requests import ResubmitForApproval, SubmitForApproval, WithdrawRequest
from pharmacrm.core.kernel.decision import Decision
from pharmacrm.core.kernel.errors import NotPermitted
from pharmacrm.core.kernel.journal import Verb
from pharmacrm.core.orders import SalesOrder
from pharmacrm.crm import PharmaCRM
from pharmacrm.testing.company import release
from tests.covers import covers
from tests.flows.house import (
    ADMIN,
    ASSISTANT,
    FINANCE,
    LEAD,
    SALES,
    WAREHOUSE,
    amended,
    codes,
    credit,
    entities,
    journal,
    open_house,
    pass_days,
    released,
    replayed,
    slip,
    worth,
    yuan,
)
from tests.flows.scenarios_approvals import published, said, step
from tests.flows.scenarios_credit import policy

ROUTE = published(step("lead"), code="override_cn", kind="credit_override")


@pytest.fixture
def crm() -> PharmaCRM:
    """A customer with 1,000 yuan of credit, an order of 1,200 that wants an override, and a route for it."""
    house = open_house(limit="1000.00")
    house.do(ROUTE, actor=ADMIN).expect()
    house.do(policy(over_limit=CreditOutcome.OVERRIDE), actor=FINANCE).expect()
    assert codes(house, worth("SO-1", 1200), SALES) == ["credit.override_required"]
    return house


def asked(crm: PharmaCRM, actor: str = SALES, **more: Any) -> Decision[CreditOverride]:
    fields = {"order": "SO-1", "id": "OV-1", "reason": "重点客户"}
    return crm.do(RequestOverride(**(fields | more)), actor=actor)


def granted(crm: PharmaCRM, **more: Any) -> CreditOverride:
    asked(crm, **more).expect()
    crm.do(said(document="OV-1"), actor=LEAD).expect()
    return override(crm)


def override(crm: PharmaCRM) -> CreditOverride:
    return crm.get(CreditOverride, "OV-1", actor=FINANCE)


def recheck(crm: PharmaCRM, order: str = "SO-1") -> Decision[SalesOrder]:
    return crm.do(RecheckCredit(order=order), actor=ASSISTANT)


@covers("XT-26")
def test_asked_for_granted_and_used_it_lets_the_order_through(crm: PharmaCRM) -> None:
    one = asked(crm).expect()
    assert (one.amount, one.state, one.requested_by) == (yuan(1200), OverrideState.REQUESTED, SALES)
    assert "override.ended" in recheck(crm).codes
    crm.do(said(document="OV-1"), actor=LEAD).expect()
    assert override(crm).state is OverrideState.GRANTED
    assert credit(crm).reserved == yuan(0)
    passed = recheck(crm)
    assert passed.allowed
    assert passed.codes == ("credit.override_required",)
    assert (override(crm).state, credit(crm).reserved) == (OverrideState.USED, yuan(1200))
    assert [hold.state.value for hold in entities(crm, Hold)] == ["void"]
    why = [e.changed().get("unbounded") for e in journal(crm) if e.verb is Verb.ADDED]
    assert why[-1] == "override OV-1"
    release(crm, "SO-1")
    assert crm.do(slip("SO-1", "OUT-1", 960), actor=WAREHOUSE).allowed
    replayed(crm)


@covers("XT-26", "SC-30")
def test_nobody_passes_the_hold_and_the_requester_approves_nothing(crm: PharmaCRM) -> None:
    for person in (FINANCE, LEAD, ADMIN):
        with_reason = PassHold(of="SO-1", code="credit.override_required", reason="特批")
        assert "hold.not_your_role" in codes(crm, with_reason, person)
    assert asked(crm, LEAD).codes == ("override.others",)
    asked(crm).expect()
    assert "approval.own_document" in crm.do(said(document="OV-1"), actor=SALES).codes
    loose = published(
        step("sales"), code="override_cn", kind="credit_override", version=2, requester_may_decide=True
    )
    crm.do(loose, actor=ADMIN).expect()
    assert asked(crm, id="OV-2").codes == ("override.route",)


@covers("XT-26")
def test_another_content_wants_another_override(crm: PharmaCRM) -> None:
    granted(crm)
    assert crm.do(amended("SO-1", 1100), actor=SALES).held
    assert "override.content_changed" in recheck(crm).codes
    assert (override(crm).state, credit(crm).reserved) == (OverrideState.GRANTED, yuan(0))
    asked(crm, id="OV-2").expect()
    crm.do(said(document="OV-2"), actor=LEAD).expect()
    assert recheck(crm).allowed
    assert credit(crm).reserved == yuan(1100)


@covers("XT-26")
def test_it_is_for_its_amount_and_until_its_day(crm: PharmaCRM) -> None:
    granted(crm, amount=yuan("1199.99"), expires_on=crm.clock.now().date())
    assert recheck(crm).codes == ("credit.override_required", "override.amount_exceeded")
    pass_days(crm, 1)
    assert set(recheck(crm).codes) == {
        "credit.override_required",
        "override.amount_exceeded",
        "override.expired",
    }
    yesterday = override(crm).expires_on
    assert asked(crm, id="OV-2", expires_on=yesterday).codes == ("override.dates",)


@covers("XT-26")
def test_it_is_used_once_also_where_its_credit_has_lapsed(crm: PharmaCRM) -> None:
    granted(crm, expires_on="2027-12-31")
    assert recheck(crm).allowed
    pass_days(crm, 31)
    crm.run_due()
    assert credit(crm).reserved == yuan(0)
    assert "override.used" in recheck(crm).codes
    assert credit(crm).reserved == yuan(0)


@covers("XT-26")
@pytest.mark.parametrize("when", ["requested", "granted"])
def test_a_revoked_one_lets_nothing_through(crm: PharmaCRM, when: str) -> None:
    asked(crm).expect()
    if when == "granted":
        crm.do(said(document="OV-1"), actor=LEAD).expect()
    revoke = RevokeOverride(override="OV-1", reason="客户违约")
    with pytest.raises(NotPermitted):
        crm.do(revoke, actor=SALES)
    crm.do(revoke, actor=FINANCE).expect()
    if when == "requested":  # the route may go on, and grants nothing
        crm.do(said(document="OV-1"), actor=LEAD).expect()
    assert override(crm).state is OverrideState.REVOKED
    assert "override.ended" in recheck(crm).codes
    assert codes(crm, revoke, FINANCE) == ["override.ended"]


def test_a_rejected_or_withdrawn_one_is_over(crm: PharmaCRM) -> None:
    asked(crm).expect()
    crm.do(said(Act.REJECT, document="OV-1", comment="不同意"), actor=LEAD).expect()
    assert override(crm).state is OverrideState.REJECTED
    asked(crm, id="OV-2").expect()
    crm.do(WithdrawRequest(document="OV-2"), actor=SALES).expect()
    assert crm.get(CreditOverride, "OV-2", actor=SALES).state is OverrideState.REJECTED
    assert asked(crm).codes == ("override.exists",)


def test_a_blocked_customer_gets_nothing_by_it(crm: PharmaCRM) -> None:
    granted(crm)
    stop = SetCreditLimit(customer="H-001", limit=yuan(1000), blocked=True, reason="停止授信")
    crm.do(stop, actor=FINANCE).expect()
    assert "credit.blocked" in recheck(crm).codes
    assert override(crm).state is OverrideState.GRANTED


def test_only_an_order_that_goes_on_and_only_its_own_command(crm: PharmaCRM) -> None:
    crm.do(CancelOrder(order="SO-1"), actor=SALES).expect()
    assert asked(crm).codes == ("override.order_ended",)
    by_hand = SubmitForApproval(document="OV-9", kind="credit_override", content="1" * 64)
    assert crm.do(by_hand, actor=SALES).codes == ("approval.library_kind",)
    crm.do(worth("SO-2", 1300), actor=SALES)
    asked(crm, order="SO-2").expect()
    again = ResubmitForApproval(document="OV-1", content="1" * 64)
    assert crm.do(again, actor=SALES).codes == ("approval.library_kind",)


GATE = OverdueGate(metric=Metric.COUNT, outcome=CreditOutcome.OVERRIDE)


@covers("XT-26")
def test_goods_that_leave_stand_under_the_override_of_their_order() -> None:
    """A slip that wants one is refused, and its goods wait; granted, they leave, up to its amount."""
    crm = open_house(limit="5000.00")
    crm.do(ROUTE, actor=ADMIN).expect()
    released(crm, "SO-0", 100, terms="net 30")
    crm.do(slip("SO-0", "OUT-0", 80), actor=WAREHOUSE).expect()
    released(crm, "SO-1", 1000, terms="net 30, reserve 90 days")
    crm.do(policy(gates=(GATE,), checked_at=tuple(CheckPoint)), actor=FINANCE).expect()
    pass_days(crm, 40)
    first, second = slip("SO-1", "OUT-1", 400), slip("SO-1", "OUT-2", 400)
    assert crm.do(first, actor=WAREHOUSE).refused
    granted(crm, amount=yuan(600))
    assert crm.do(first, actor=WAREHOUSE).codes == ("credit.override_required",)
    assert override(crm).state is OverrideState.USED
    assert crm.do(second, actor=WAREHOUSE).refused  # 1,000 in all, 600 were granted
    assert crm.do(slip("SO-1", "OUT-3", 80), actor=WAREHOUSE).allowed
    crm.do(RevokeOverride(override="OV-1", reason="客户违约"), actor=FINANCE).expect()
    assert crm.do(slip("SO-1", "OUT-4", 8), actor=WAREHOUSE).refused
    replayed(crm)


@covers("XT-26")
def test_why_it_was_allowed_names_the_override_whatever_became_of_it(crm: PharmaCRM) -> None:
    granted(crm)
    assert recheck(crm).allowed
    crm.do(RevokeOverride(override="OV-1", reason="事后撤销"), actor=FINANCE).expect()
    crm.do(SetCreditLimit(customer="H-001", limit=yuan(9000), reason="上调"), actor=FINANCE).expect()
    found = crm.ask(WhyCredit(order="SO-1"), actor=FINANCE)
    assert found.outcome.value == "allowed"
    assert [(each.code, each.severity.value) for each in found.reasons] == [
        ("credit.override_required", "info")
    ]
    assert found.override is not None
    assert found.override.id == "OV-1"
    assert f"override OV-1 CNY 1,200.00 until {found.override.expires_on}" in found.explain()
    assert f"特批 OV-1 CNY 1,200.00 有效至 {found.override.expires_on}" in found.explain("zh-CN")
