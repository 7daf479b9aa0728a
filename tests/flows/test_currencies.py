"""Orders in another currency than the limit's, through the door: rates, checks, money, groups, the past."""

from typing import Any

import pytest
from attrs import evolve

from pharmacrm.core.approvals import Hold
from pharmacrm.core.credit import (
    CheckPoint,
    CreditGroup,
    CreditLine,
    CreditOutcome,
    ForeignCredit,
    JoinCreditGroup,
    LimitKind,
    Metric,
    OverdueGate,
    RatePolicy,
    Reservation,
    SetCreditGroup,
    SetCreditLimit,
)
from pharmacrm.core.credit.foreign import COUNTERS
from pharmacrm.core.engines.holds import HoldState
from pharmacrm.core.flows.charging import ChargeKind, RaiseCharge
from pharmacrm.core.flows.collection import AllocateReceipt, ReverseReceipt, UndoAllocations
from pharmacrm.core.flows.ending import CancelOrder, CloseOrder
from pharmacrm.core.flows.exchanging import RevalueCredit
from pharmacrm.core.flows.exposure import CreditExposure
from pharmacrm.core.flows.holding import PassHold
from pharmacrm.core.flows.judging import CreditCheck, WhyCredit
from pharmacrm.core.flows.raising import RequestCreditLimit
from pharmacrm.core.flows.rechecking import RecheckCredit
from pharmacrm.core.flows.refunding import PayRefund
from pharmacrm.core.kernel.decision import Decision, Outcome
from pharmacrm.core.kernel.errors import NotPermitted
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.receivables import Receivable
from pharmacrm.crm import PharmaCRM
from pharmacrm.testing.company import release
from tests.flows.house import (
    BUYER,
    FINANCE,
    LEAD,
    SALES,
    WAREHOUSE,
    amended,
    buys_from,
    codes,
    credit,
    dollars,
    entities,
    open_house,
    pass_days,
    placed,
    rated,
    receipt,
    replayed,
    slip,
    today,
    usd,
    worth,
    yuan,
)
from tests.flows.scenarios_credit import policy

OTHER = "H-002"


@pytest.fixture
def crm() -> PharmaCRM:
    """A company whose customers may owe 7,000 yuan each, and buy in dollars at 7 yuan."""
    crm = open_house(limit="7000.00", buyers=(BUYER, OTHER))
    dollars(crm, BUYER, OTHER, rate="7")
    return crm


def order(id: str, amount: int, **more: Any) -> Any:
    return worth(id, amount, currency="USD", **more)


def account(crm: PharmaCRM, buyer: str = BUYER) -> ForeignCredit:
    return crm.get(ForeignCredit, f"{buyer}/USD", actor=FINANCE)


def agrees(crm: PharmaCRM) -> None:
    """Lines count what accounts do (no yuan were booked), accounts their reservations, groups members."""
    counted = {each.customer: each.counted for each in entities(crm, ForeignCredit)}
    for line in entities(crm, CreditLine):
        for name in COUNTERS:
            assert getattr(line, name) == getattr(counted.get(line.id, line), name), (line.id, name)
    for each in entities(crm, ForeignCredit):
        worths = (held.worth.amount for held in entities(crm, Reservation) if held.customer == each.customer)
        assert each.counted.reserved == Money.total(worths, "CNY")
    for group in entities(crm, CreditGroup):
        members = [each for each in entities(crm, CreditLine) if each.group == group.id]
        for name in COUNTERS:
            assert getattr(group, name) == Money.total((getattr(each, name) for each in members), "CNY")
    replayed(crm)


def raised(crm: PharmaCRM, amount: int) -> None:
    crm.do(SetCreditLimit(customer=BUYER, limit=yuan(amount), reason="调整"), actor=FINANCE).expect()


def money(crm: PharmaCRM, id: str, amount: int, **more: Any) -> Any:
    return evolve(receipt(crm, id, amount, **more), amount=usd(amount))


def shipped(crm: PharmaCRM, amount: int, part: int = 0) -> None:
    """An order of so many dollars, of which a part has left."""
    crm.do(order("SO-1", amount), actor=SALES).expect()
    release(crm, "SO-1")
    crm.do(slip("SO-1", "OUT-1", (part or amount) * 4 // 5), actor=WAREHOUSE).expect()


@pytest.mark.parametrize(("amount", "outcome"), [(1000, "allowed"), (1005, "held")])
def test_an_order_counts_what_it_is_worth(crm: PharmaCRM, amount: int, outcome: str) -> None:
    answer = crm.do(order("SO-1", amount), actor=SALES)
    assert answer.outcome == outcome
    if outcome == "held":
        assert answer.codes == ("credit.over_limit",)
        assert not entities(crm, ForeignCredit)
    else:
        assert credit(crm).exposure == yuan(7000)
        assert (account(crm).reserved, account(crm).counted.reserved) == (usd(1000), yuan(7000))
    agrees(crm)


def test_dollars_and_yuan_share_the_limit(crm: PharmaCRM) -> None:
    crm.do(order("SO-1", 600), actor=SALES).expect()
    buys_from(crm, "STD")
    placed(crm, "SO-2", 2800)
    assert codes(crm, worth("SO-3", 5), SALES) == ["credit.over_limit"]
    assert credit(crm).reserved == yuan(7000)
    told = crm.ask(CreditExposure(customer=BUYER), actor=SALES)
    assert [(each.amount, each.counted) for each in told.foreign] == [(usd(600), yuan(4200))]
    assert "of which USD 600.00 as CNY 4,200.00" in told.explain()
    assert "其中 USD 600.00，折合 CNY 4,200.00" in told.explain("zh-CN")


def test_without_a_rate_the_order_waits_until_one_is_recorded() -> None:
    crm = open_house(limit="7000.00")
    dollars(crm)
    answer = crm.do(order("SO-1", 1000), actor=SALES)
    assert (answer.outcome, answer.codes) == (Outcome.HELD, ("credit.rate_missing",))
    assert answer.reasons[0].message == f"SO-1: no exchange rate of USD/CNY by {today(crm)}"
    assert codes(crm, RecheckCredit(order="SO-1"), SALES) == ["credit.rate_missing"]
    rated(crm, "7")
    crm.do(RecheckCredit(order="SO-1"), actor=SALES).expect()
    assert credit(crm).reserved == yuan(7000)
    assert [each.state for each in entities(crm, Hold)] == [HoldState.VOID]
    agrees(crm)


def test_what_was_passed_without_a_rate_counts_nothing_until_it_is_revalued() -> None:
    crm = open_house(limit="7000.00")
    dollars(crm)
    crm.do(order("SO-1", 2000), actor=SALES).expect()
    passing = PassHold(of="SO-1", code="credit.rate_missing", reason="汇率未公布")
    crm.do(passing, actor=FINANCE).expect()
    assert (account(crm).reserved, credit(crm).reserved) == (usd(2000), yuan(0))
    agrees(crm)
    assert codes(crm, RevalueCredit(customer=BUYER), FINANCE) == ["credit.rate_missing"]
    rated(crm, "7")
    assert codes(crm, RevalueCredit(customer=BUYER), FINANCE) == ["credit.limit_below_exposure"]
    assert credit(crm).reserved == yuan(14000)
    agrees(crm)


@pytest.mark.parametrize(
    ("outcome", "answer", "found"),
    [
        (CreditOutcome.ALLOW, "allowed", []),
        (CreditOutcome.WARN, "allowed", ["credit.rate_stale"]),
        (CreditOutcome.WATCH, "allowed", ["credit.rate_stale"]),
        (CreditOutcome.HOLD, "held", ["credit.rate_stale"]),
        (CreditOutcome.BLOCK, "refused", ["credit.rate_stale"]),
        (CreditOutcome.OVERRIDE, "held", ["credit.override_required"]),
    ],
)
def test_a_stale_rate_has_the_outcome_of_the_policy(
    crm: PharmaCRM, outcome: CreditOutcome, answer: str, found: list[str]
) -> None:
    crm.do(policy(rates=RatePolicy(max_age=3, stale=outcome)), actor=FINANCE).expect()
    pass_days(crm, 3)
    assert crm.do(order("SO-1", 100), actor=SALES).codes == ()
    pass_days(crm, 1)
    decided = crm.do(order("SO-2", 100), actor=SALES)
    assert (decided.outcome, list(decided.codes)) == (answer, found)
    rated(crm, "7")
    assert crm.do(order("SO-3", 100), actor=SALES).codes == ()


@pytest.mark.parametrize(
    ("outcome", "answer"),
    [(CreditOutcome.WARN, "allowed"), (CreditOutcome.HOLD, "held"), (CreditOutcome.BLOCK, "refused")],
)
def test_a_missing_rate_has_the_outcome_of_the_policy(outcome: CreditOutcome, answer: str) -> None:
    crm = open_house(limit="7000.00")
    dollars(crm)
    crm.do(policy(rates=RatePolicy(max_age=31, missing=outcome)), actor=FINANCE).expect()
    decided = crm.do(order("SO-1", 100), actor=SALES)
    assert (decided.outcome, decided.codes) == (answer, ("credit.rate_missing",))
    agrees(crm)


def test_a_later_rate_changes_what_comes_in_later(crm: PharmaCRM) -> None:
    crm.do(order("SO-1", 500), actor=SALES).expect()
    rated(crm, "10")
    assert credit(crm).reserved == yuan(3500)
    crm.do(order("SO-2", 350), actor=SALES).expect()
    assert credit(crm).reserved == yuan(7000)
    crm.do(CancelOrder(order="SO-2"), actor=SALES).expect()
    assert credit(crm).reserved == yuan(3500)  # the rate of the other order is its own
    agrees(crm)


def test_checked_again_an_order_counts_at_the_rate_of_the_day(crm: PharmaCRM) -> None:
    crm.do(order("SO-1", 500), actor=SALES).expect()
    rated(crm, "8")
    held = crm.do(amended("SO-1", 1000), actor=SALES)  # 3,500 and 4,000: 500 too many
    assert held.codes == ("credit.over_limit",)
    assert credit(crm).reserved == yuan(3500)
    assert codes(crm, RecheckCredit(order="SO-1"), SALES) == ["credit.over_limit"]
    raised(crm, 7999)
    assert codes(crm, RecheckCredit(order="SO-1"), SALES) == [
        "credit.over_limit"
    ]  # 8,000 at the rate of today
    raised(crm, 8000)
    crm.do(RecheckCredit(order="SO-1"), actor=SALES).expect()
    assert credit(crm).reserved == yuan(8000)
    (held_,) = entities(crm, Reservation)
    assert held_.worth.amount == yuan(8000)
    assert held_.worth.exchange.rate == "8"
    agrees(crm)


def test_goods_and_money_count_what_their_order_did(crm: PharmaCRM) -> None:
    shipped(crm, 800, part=640)
    rated(crm, "9")
    assert (credit(crm).posted, credit(crm).reserved) == (yuan(4480), yuan(1120))
    assert credit(crm).unbilled == yuan(4480)
    crm.do(money(crm, "R-1", 320), actor=FINANCE).expect()
    assert credit(crm).unapplied == yuan(2880)  # money that comes in counts at the rate of its day
    crm.do(AllocateReceipt(receipt="R-1"), actor=FINANCE).expect()
    assert (credit(crm).paid, credit(crm).unapplied) == (yuan(2240), yuan(0))
    assert account(crm).receivable + account(crm).unbilled == usd(320)
    agrees(crm)
    crm.do(UndoAllocations(receipt="R-1", reason="错核"), actor=FINANCE).expect()
    crm.do(ReverseReceipt(receipt="R-1", reason="退票"), actor=FINANCE).expect()
    assert (credit(crm).exposure, account(crm).exposure) == (yuan(5600), usd(800))
    crm.do(CloseOrder(order="SO-1", reason="余下不要"), actor=LEAD).expect()
    assert credit(crm).exposure == yuan(4480)
    crm.do(money(crm, "R-2", 640), actor=FINANCE).expect()
    crm.do(AllocateReceipt(receipt="R-2"), actor=FINANCE).expect()
    assert (credit(crm).exposure, account(crm).exposure) == (yuan(0), usd(0))  # nothing owed, nothing counted
    agrees(crm)


def test_settling_passes_though_it_raises_what_is_counted(crm: PharmaCRM) -> None:
    """Money at a good rate pays a debt at a bad one: the exposure rises by the difference, over the limit."""
    shipped(crm, 1000)
    rated(crm, "9")
    crm.do(money(crm, "R-1", 800), actor=FINANCE).expect()
    assert credit(crm).exposure == yuan(7000) - yuan(7200)
    raised(crm, 0)
    crm.do(AllocateReceipt(receipt="R-1"), actor=FINANCE).expect()
    assert credit(crm).exposure == yuan(1400)
    agrees(crm)


def test_money_without_a_rate_passes_and_lowers_nothing() -> None:
    crm = open_house(limit="7000.00")
    answer = crm.do(money(crm, "R-1", 100), actor=FINANCE)
    assert (answer.outcome, answer.codes) == (Outcome.ALLOWED, ("credit.rate_missing",))
    assert (account(crm).unapplied, credit(crm).exposure) == (usd(100), yuan(0))
    back = PayRefund(id="RF-1", receipt="R-1", amount=usd(100), payee_name=f"示例医院{BUYER}", reason="误汇")
    assert crm.do(back, actor=FINANCE).allowed
    assert account(crm).unapplied == usd(0)
    agrees(crm)


def test_money_paid_back_warns_where_it_was_relied_upon(crm: PharmaCRM) -> None:
    crm.do(money(crm, "R-1", 500), actor=FINANCE).expect()
    crm.do(order("SO-1", 1500), actor=SALES).expect()
    back = PayRefund(id="RF-1", receipt="R-1", amount=usd(500), payee_name=f"示例医院{BUYER}", reason="退款")
    assert codes(crm, back, FINANCE) == ["credit.limit_below_exposure"]
    agrees(crm)


def test_a_charge_counts_at_the_rate_of_its_day(crm: PharmaCRM) -> None:
    shipped(crm, 500)
    rated(crm, "8")
    (owed,) = entities(crm, Receivable)
    charge = RaiseCharge(
        id="C-1", receivable=owed.id, kind=ChargeKind.COST, amount=usd(10), due=today(crm), reason="催收"
    )
    crm.do(charge, actor=FINANCE).expect()
    assert credit(crm).posted == yuan(3580)
    agrees(crm)


def test_revaluing_brings_everything_to_the_rate_of_the_day(crm: PharmaCRM) -> None:
    shipped(crm, 800, part=640)
    crm.do(money(crm, "R-1", 100), actor=FINANCE).expect()
    rated(crm, "10")
    assert codes(crm, RevalueCredit(customer=BUYER), FINANCE) == []
    assert credit(crm).exposure == yuan(7000)
    assert account(crm).counted.exposure == yuan(7000)
    assert codes(crm, RevalueCredit(customer=BUYER), FINANCE) == []
    agrees(crm)
    crm.do(CloseOrder(order="SO-1", reason="余下不要"), actor=LEAD).expect()
    assert credit(crm).reserved == yuan(0)
    agrees(crm)
    with pytest.raises(NotPermitted):
        crm.do(RevalueCredit(customer=BUYER), actor=SALES)


def test_slips_are_checked_at_the_rate_of_their_day(crm: PharmaCRM) -> None:
    crm.do(policy(checked_at=(CheckPoint.SLIP,)), actor=FINANCE).expect()
    crm.do(order("SO-1", 2000), actor=SALES).expect()
    release(crm, "SO-1")
    assert crm.do(slip("SO-1", "OUT-1", 400), actor=WAREHOUSE).codes == ()  # 500 dollars
    rated(crm, "14")
    assert codes(crm, slip("SO-1", "OUT-2", 240), WAREHOUSE) == [
        "credit.over_limit"
    ]  # 300: 700 yuan too many
    assert crm.do(slip("SO-1", "OUT-3", 200), actor=WAREHOUSE).codes == ()  # 250: exactly the limit
    assert credit(crm).exposure == yuan(7000)
    agrees(crm)


def test_members_of_a_group_order_in_their_own_currencies(crm: PharmaCRM) -> None:
    crm.do(SetCreditGroup(group="G-1", name="示例集团", limit=yuan(9000)), actor=FINANCE).expect()
    for buyer in (BUYER, OTHER):
        crm.do(JoinCreditGroup(customer=buyer, group="G-1"), actor=FINANCE).expect()
    crm.do(order("SO-1", 1000), actor=SALES).expect()
    buys_from(crm, "STD", OTHER)
    assert codes(crm, worth("SO-2", 2005, buyer=OTHER), SALES) == ["credit.group_over_limit"]
    placed(crm, "SO-3", 1500, buyer=OTHER)
    buys_from(crm, "USD", OTHER)
    assert codes(crm, order("SO-4", 75, buyer=OTHER), SALES) == ["credit.group_over_limit"]
    assert codes(crm, order("SO-5", 70, buyer=OTHER), SALES) == []
    (group,) = entities(crm, CreditGroup)
    assert group.reserved == yuan(7000 + 1500 + 490)
    crm.do(JoinCreditGroup(customer=BUYER), actor=FINANCE).expect()
    (group,) = entities(crm, CreditGroup)
    assert group.reserved == yuan(1500 + 490)
    replayed(crm)


def test_checked_again_the_group_counts_the_order_at_the_rate_of_the_day(crm: PharmaCRM) -> None:
    """What the check adds up is what the database tests, for customer and group alike."""
    group = SetCreditGroup(group="G-1", name="示例集团", limit=yuan(5000))
    crm.do(group, actor=FINANCE).expect()
    crm.do(JoinCreditGroup(customer=BUYER, group="G-1"), actor=FINANCE).expect()
    crm.do(order("SO-1", 500), actor=SALES).expect()
    rated(crm, "8.3333")
    assert crm.do(amended("SO-1", 700), actor=SALES).codes == ("credit.group_over_limit",)
    crm.do(evolve(group, limit=yuan("5833.30")), actor=FINANCE).expect()
    assert codes(crm, RecheckCredit(order="SO-1"), SALES) == ["credit.group_over_limit"]
    crm.do(evolve(group, limit=yuan("5833.31")), actor=FINANCE).expect()
    assert codes(crm, RecheckCredit(order="SO-1"), SALES) == []
    assert credit(crm).reserved == yuan("5833.31")
    agrees(crm)


def test_what_is_overdue_in_another_currency_counts_at_a_gate(crm: PharmaCRM) -> None:
    shipped(crm, 500)
    pass_days(crm, 61)
    rated(crm, "8")
    borne = OverdueGate(metric=Metric.AMOUNT, amount=yuan(3999), outcome=CreditOutcome.WARN)
    crm.do(policy(gates=(borne,)), actor=FINANCE).expect()
    buys_from(crm, "STD")
    (late,) = crm.do(worth("SO-2", 5), actor=SALES).reasons
    assert (late.code, str(late.observed)) == ("credit.overdue", "CNY 4,000.00")
    crm.do(policy(gates=(evolve(borne, amount=yuan(4000)),)), actor=FINANCE).expect()
    assert crm.do(worth("SO-3", 5), actor=SALES).codes == ()


def test_a_question_before_says_what_the_order_hears(crm: PharmaCRM) -> None:
    found = crm.ask(CreditCheck(customer=BUYER, amount=usd(1001)), actor=SALES)
    assert [each.code for each in found.reasons] == ["credit.over_limit"]
    assert "rate USD/CNY 7 of" in found.explain()
    assert "汇率 USD/CNY 7（" in found.explain("zh-CN")
    assert crm.ask(CreditCheck(customer=BUYER, amount=usd(1000)), actor=SALES).reasons == ()
    lacking = crm.ask(CreditCheck(customer=BUYER, amount=Money(1, "EUR")), actor=SALES)
    assert [each.code for each in lacking.reasons] == ["credit.rate_missing"]


def test_why_says_the_rate_of_then(crm: PharmaCRM) -> None:
    rated(crm, "6.5", days_ago=2)
    crm.do(order("SO-1", 1000), actor=SALES).expect()
    before = crm.ask(WhyCredit(order="SO-1"), actor=SALES)
    assert before.exchange is not None
    assert (before.exchange.rate, before.outcome) == ("7", Outcome.ALLOWED)
    rated(crm, "9")  # the rate of the same day, corrected
    crm.do(RevalueCredit(customer=BUYER), actor=FINANCE).expect()
    pass_days(crm, 1)
    rated(crm, "10")
    assert crm.ask(WhyCredit(order="SO-1"), actor=SALES) == before
    assert crm.ask(CreditCheck(customer=BUYER, amount=usd(1)), actor=SALES).exchange.rate == "10"  # type: ignore[union-attr] # asked in dollars


def test_a_limit_keeps_its_currency_once_others_are_counted_in_it() -> None:
    crm = open_house(limit="7000.00")
    dollars(crm)
    crm.do(money(crm, "R-1", 5), actor=FINANCE)
    dollar_limit = SetCreditLimit(customer=BUYER, limit=usd(1000), reason="改币种")
    assert codes(crm, dollar_limit, FINANCE) == ["credit.currency_in_use"]
    request = RequestCreditLimit(customer=BUYER, kind=LimitKind.BASE, amount=usd(1000), reason="改币种")
    assert codes(crm, request, FINANCE) == ["credit.currency_in_use"]


def test_work_in_one_block_counts_like_one_after_the_other(crm: PharmaCRM) -> None:
    with crm.work(actor=SALES) as work:
        first: Decision[Any] = work.do(order("SO-1", 600))
        second: Decision[Any] = work.do(order("SO-2", 400))
        third: Decision[Any] = work.do(order("SO-3", 5))
    assert (first.codes, second.codes, third.codes) == ((), (), ("credit.over_limit",))
    assert credit(crm).reserved == yuan(7000)
    agrees(crm)
