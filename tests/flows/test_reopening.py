"""Closed orders taken up again: for what was left of them, with credit that is checked anew."""

from typing import Any

import pytest

from pharmacrm.core.approvals import Hold
from pharmacrm.core.credit import (
    CheckPoint,
    CreditGroup,
    CreditOutcome,
    JoinCreditGroup,
    Reservation,
    ReservationState,
    SetCreditGroup,
    SetCreditLimit,
)
from pharmacrm.core.engines.holds import HoldState
from pharmacrm.core.flows.ending import CancelOrder, CloseOrder
from pharmacrm.core.flows.holding import PassHold
from pharmacrm.core.flows.judging import WhyCredit
from pharmacrm.core.flows.rechecking import RecheckCredit
from pharmacrm.core.flows.release import ApproveOrder
from pharmacrm.core.flows.reopening import ReopenOrder
from pharmacrm.core.kernel.errors import MalformedInput, NotFound, NotPermitted
from pharmacrm.core.orders import OrderState, SalesOrder
from pharmacrm.crm import PharmaCRM
from tests.covers import covers
from tests.flows.house import (
    ADMIN,
    BUYER,
    FINANCE,
    LEAD,
    SALES,
    WAREHOUSE,
    blocked,
    codes,
    credit,
    dollars,
    entities,
    journal,
    open_house,
    pass_days,
    placed,
    prepaid,
    rated,
    released,
    replayed,
    slip,
    worth,
    yuan,
)
from tests.flows.scenarios_credit import policy


@pytest.fixture
def crm() -> PharmaCRM:
    return open_house(limit="1000.00")


def limit(crm: PharmaCRM, amount: int, **more: Any) -> None:
    setting = SetCreditLimit(customer=BUYER, limit=yuan(amount), reason="调整", **more)
    crm.do(setting, actor=FINANCE).expect()


def closed(crm: PharmaCRM, amount: int = 800, part: int = 0, **more: Any) -> None:
    """A released order of so many yuan, of which a part has left, and then no more was to."""
    released(crm, "SO-1", amount, **more)
    if part:
        crm.do(slip("SO-1", "OUT-1", part * 4 // 5), actor=WAREHOUSE).expect()
    crm.do(CloseOrder(order="SO-1", reason="余下不要"), actor=LEAD).expect()


def reopen(crm: PharmaCRM, actor: str = LEAD) -> Any:
    return crm.do(ReopenOrder(order="SO-1", reason="客户又要"), actor=actor)


def order(crm: PharmaCRM) -> SalesOrder:
    return crm.get(SalesOrder, "SO-1", actor=SALES)


@covers("XT-26")
@pytest.mark.parametrize(("part", "back"), [(0, OrderState.RELEASED), (300, OrderState.PART_SHIPPED)])
def test_what_was_left_is_reserved_again_and_leaves(crm: PharmaCRM, part: int, back: OrderState) -> None:
    closed(crm, 800, part)
    assert (credit(crm).reserved, credit(crm).posted) == (yuan(0), yuan(part))
    answer = reopen(crm)
    assert (answer.codes, order(crm).state, order(crm).revision) == ((), back, 1)
    assert (credit(crm).reserved, credit(crm).exposure) == (yuan(800 - part), yuan(800))
    (held,) = entities(crm, Reservation)
    assert (held.open, held.state) == (yuan(800 - part), ReservationState.ACTIVE)
    crm.do(slip("SO-1", "OUT-2", (800 - part) * 4 // 5), actor=WAREHOUSE).expect()
    assert (order(crm).state, credit(crm).posted) == (OrderState.SHIPPED, yuan(800))
    said = [
        entry.changed()["state_reason"]
        for entry in journal(crm, kind="sales_order")
        if "state_reason" in entry.changed()
    ]
    assert said[1:] == [["", "余下不要"], ["余下不要", "客户又要"]]
    replayed(crm)


@covers("XT-26")
def test_closing_ordering_anew_and_reopening_never_passes_the_limit(crm: PharmaCRM) -> None:
    """frappe/erpnext#33967: close an order, create a new one, reopen the old one without a check."""
    closed(crm, 800)
    placed(crm, "SO-2", 600)
    answer = reopen(crm)
    assert (answer.outcome, answer.codes) == ("held", ("credit.over_limit",))
    assert credit(crm).reserved == yuan(600)
    assert order(crm).state is OrderState.RELEASED
    stopped = crm.do(slip("SO-1", "OUT-1", 80), actor=WAREHOUSE)
    assert "hold.open" in blocked(stopped)
    crm.do(CancelOrder(order="SO-2"), actor=SALES).expect()
    crm.do(RecheckCredit(order="SO-1"), actor=SALES).expect()
    crm.do(slip("SO-1", "OUT-1", 640), actor=WAREHOUSE).expect()
    assert credit(crm).exposure == yuan(800)
    replayed(crm)


def test_exactly_what_is_left_is_checked(crm: PharmaCRM) -> None:
    closed(crm, 800, 300)
    limit(crm, 799)
    assert reopen(crm).codes == ("credit.over_limit",)
    crm.do(CloseOrder(order="SO-1"), actor=LEAD).expect()
    limit(crm, 800)
    assert reopen(crm).codes == ()


def test_what_was_passed_before_closing_counts_no_more(crm: PharmaCRM) -> None:
    crm.do(worth("SO-1", 1200), actor=SALES)
    crm.do(PassHold(of="SO-1", code="credit.over_limit", reason="同意"), actor=FINANCE).expect()
    for signer in ("li.si", "wang.wu", "zhao.liu", "qian.qi"):
        crm.do(ApproveOrder(order="SO-1"), actor=signer).expect()
    crm.do(CloseOrder(order="SO-1"), actor=LEAD).expect()
    assert reopen(crm).codes == ("credit.over_limit",)
    (hold,) = entities(crm, Hold)
    assert (hold.state, hold.placed_by) == (HoldState.OPEN, LEAD)
    assert credit(crm).reserved == yuan(0)
    crm.do(PassHold(of="SO-1", code="credit.over_limit", reason="再次同意"), actor=FINANCE).expect()
    assert credit(crm).reserved == yuan(1200)
    replayed(crm)


def test_a_blocked_customer_and_a_policy_that_blocks_refuse(crm: PharmaCRM) -> None:
    closed(crm, 800)
    limit(crm, 1000, blocked=True)
    assert blocked(reopen(crm)) == {"credit.blocked"}
    limit(crm, 500)
    crm.do(policy(over_limit=CreditOutcome.BLOCK), actor=FINANCE).expect()
    assert blocked(reopen(crm)) == {"credit.over_limit"}
    assert order(crm).state is OrderState.CLOSED
    crm.do(policy(over_limit=CreditOutcome.WARN), actor=FINANCE).expect()
    assert (reopen(crm).codes, credit(crm).reserved) == (("credit.over_limit",), yuan(800))


def test_where_slips_alone_are_checked_nothing_is_reserved(crm: PharmaCRM) -> None:
    crm.do(policy(checked_at=(CheckPoint.SLIP,)), actor=FINANCE).expect()
    closed(crm, 800, 300)
    limit(crm, 300)
    assert reopen(crm).codes == ()
    assert credit(crm).reserved == yuan(0)
    assert codes(crm, slip("SO-1", "OUT-2", 80), WAREHOUSE) == ["credit.over_limit"]


def test_a_group_is_asked_too(crm: PharmaCRM) -> None:
    crm.do(SetCreditGroup(group="G-1", name="集团", limit=yuan(800)), actor=FINANCE).expect()
    crm.do(JoinCreditGroup(customer=BUYER, group="G-1"), actor=FINANCE).expect()
    closed(crm, 800)
    assert reopen(crm).codes == ()
    assert entities(crm, CreditGroup)[0].reserved == yuan(800)
    crm.do(CloseOrder(order="SO-1"), actor=LEAD).expect()
    crm.do(SetCreditGroup(group="G-1", name="集团", limit=yuan(799)), actor=FINANCE).expect()
    assert reopen(crm).codes == ("credit.group_over_limit",)


def test_the_prepaid_part_needs_no_credit(crm: PharmaCRM) -> None:
    crm.do(worth("SO-1", 800, terms="50% prepaid, rest net 60"), actor=SALES).expect()
    prepaid(crm, "SO-1", 400)
    for signer in ("li.si", "wang.wu", "zhao.liu", "qian.qi"):
        crm.do(ApproveOrder(order="SO-1"), actor=signer).expect()
    crm.do(CloseOrder(order="SO-1"), actor=LEAD).expect()
    assert reopen(crm).codes == ()
    assert credit(crm).reserved == yuan(400)
    crm.do(slip("SO-1", "OUT-1", 640), actor=WAREHOUSE).expect()


def test_an_order_in_another_currency_counts_at_the_rate_of_the_day(crm: PharmaCRM) -> None:
    dollars(crm, rate="7")
    released(crm, "SO-1", 100, currency="USD")
    crm.do(CloseOrder(order="SO-1"), actor=LEAD).expect()
    rated(crm, "9")
    assert reopen(crm).codes == ()
    assert credit(crm).reserved == yuan(900)
    replayed(crm)


def test_a_reservation_of_a_reopened_order_lapses_like_any(crm: PharmaCRM) -> None:
    closed(crm, 800)
    pass_days(crm, 40)
    reopen(crm)
    crm.run_due()
    assert credit(crm).reserved == yuan(800)
    pass_days(crm, 31)
    crm.run_due()
    assert credit(crm).reserved == yuan(0)


def test_why_tells_of_the_reopening(crm: PharmaCRM) -> None:
    closed(crm, 800, 300)
    pass_days(crm, 1)
    reopen(crm)
    found = crm.ask(WhyCredit(order="SO-1"), actor=SALES)
    assert (found.command, found.more, found.outcome) == ("ReopenOrder", yuan(500), "allowed")
    assert found.exposure.total == yuan(300)


@pytest.mark.parametrize("state", ["in_approval", "released", "cancelled"])
def test_only_a_closed_order_is_reopened(crm: PharmaCRM, state: str) -> None:
    placed(crm, "SO-1", 800)
    if state == "cancelled":
        crm.do(CancelOrder(order="SO-1"), actor=SALES).expect()
    if state == "released":
        for signer in ("li.si", "wang.wu", "zhao.liu", "qian.qi"):
            crm.do(ApproveOrder(order="SO-1"), actor=signer).expect()
    assert blocked(reopen(crm)) == {"order.state"}
    assert order(crm).state.value == state


def test_all_shipped_leaves_nothing_to_reopen(crm: PharmaCRM) -> None:
    closed(crm, 800, 800)
    assert blocked(reopen(crm)) == {"order.nothing_left"}


def test_who_reopens_and_with_a_reason(crm: PharmaCRM) -> None:
    closed(crm, 800)
    for actor in (SALES, FINANCE, WAREHOUSE):
        with pytest.raises(NotPermitted):
            reopen(crm, actor)
    with pytest.raises(MalformedInput):
        ReopenOrder(order="SO-1", reason="")
    with pytest.raises(NotFound):
        crm.do(ReopenOrder(order="SO-9", reason="客户又要"), actor=LEAD)
    assert reopen(crm, ADMIN).codes == ()
    assert blocked(reopen(crm)) == {"order.state"}
