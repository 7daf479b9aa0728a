"""What credit would say, why it said what it said, and asking again once the reason is gone."""

from datetime import datetime, timedelta

import pytest

from pharmacrm.core.approvals import Hold
from pharmacrm.core.credit import (
    CreditOutcome,
    GrantCreditLimit,
    JoinCreditGroup,
    LimitKind,
    Metric,
    OverdueGate,
    SetCreditGroup,
    SetCreditLimit,
)
from pharmacrm.core.engines.holds import HoldState
from pharmacrm.core.flows.collection import AllocateReceipt
from pharmacrm.core.flows.holding import PassHold
from pharmacrm.core.flows.judging import CreditCheck, CreditJudgement, WhyCredit
from pharmacrm.core.flows.rechecking import RecheckCredit
from pharmacrm.core.kernel.decision import Outcome
from pharmacrm.core.kernel.errors import NotFound
from pharmacrm.crm import PharmaCRM
from tests.covers import covers
from tests.flows.house import (
    BUYER,
    FINANCE,
    SALES,
    amended,
    codes,
    credit,
    dump,
    entities,
    open_house,
    pass_days,
    placed,
    receipt,
    replayed,
    today,
    worth,
    yuan,
)
from tests.flows.scenarios_credit import gate, owing, policy


@pytest.fixture
def crm() -> PharmaCRM:
    return open_house(limit="1000.00")


def limit(crm: PharmaCRM, amount: int) -> None:
    crm.do(SetCreditLimit(customer=BUYER, limit=yuan(amount), reason="调整"), actor=FINANCE).expect()


def asked(crm: PharmaCRM, amount: int) -> CreditJudgement:
    return crm.ask(CreditCheck(customer=BUYER, amount=yuan(amount)), actor=SALES)


def why(crm: PharmaCRM, order: str = "SO-1", at: datetime | None = None) -> CreditJudgement:
    return crm.ask(WhyCredit(order=order, when=at), actor=SALES)


@covers("XT-26")
@pytest.mark.parametrize(
    ("amount", "outcome", "found"),
    [
        (400, Outcome.ALLOWED, []),
        (401, Outcome.HELD, ["credit.over_limit"]),
        (0, Outcome.ALLOWED, []),
        (-5, Outcome.REFUSED, ["credit.negative_amount"]),
    ],
)
def test_what_if_is_what_then_is(crm: PharmaCRM, amount: int, outcome: Outcome, found: list[str]) -> None:
    placed(crm, "SO-1", 600)
    before = dump(crm)
    answer = asked(crm, amount)
    assert (answer.outcome, [each.code for each in answer.reasons]) == (outcome, found)
    assert (answer.limit.amount, answer.exposure.total) == (yuan(1000), yuan(600))
    assert dump(crm) == before


@covers("XT-26")
def test_why_an_order_was_allowed_whatever_happened_since(crm: PharmaCRM) -> None:
    """The limit is lowered, the policy sharpened, the customer pays and owes: the answer stays."""
    crm.do(
        GrantCreditLimit(
            customer=BUYER,
            kind=LimitKind.TEMPORARY,
            amount=yuan(500),
            ends_on=today(crm) + timedelta(5),
            reason="备货",
        ),
        actor=FINANCE,
    ).expect()
    placed(crm, "SO-0", 400)
    placed(crm, "SO-1", 1100)
    before = why(crm)
    assert (before.outcome, before.more, before.reasons) == (Outcome.ALLOWED, yuan(1100), ())
    assert (before.limit.amount, before.exposure.total) == (yuan(1500), yuan(400))
    assert (before.command, before.actor, before.at.date()) == ("PlaceOrder", SALES, today(crm))
    pass_days(crm, 10)
    limit(crm, 5)
    crm.do(policy(over_limit=CreditOutcome.BLOCK, limit=yuan(9)), actor=FINANCE).expect()
    crm.do(receipt(crm, "R-1", 50), actor=FINANCE).expect()
    crm.do(SetCreditGroup(group="G-1", name="集团", limit=yuan(1)), actor=FINANCE).expect()
    crm.do(JoinCreditGroup(customer=BUYER, group="G-1"), actor=FINANCE).expect()
    crm.run_due()
    assert why(crm) == before
    decided = crm.clock.now() - timedelta(days=10)
    day = today(crm) - timedelta(days=10)
    on = crm.ask(WhyCredit(order="SO-1", on=day), actor=SALES)
    assert on == before
    assert on.explain().splitlines()[0] == f"PlaceOrder by zhang.san, {on.at:%Y-%m-%d %H:%M} +0800"
    assert on.explain("zh-CN").startswith("PlaceOrder 操作人 zhang.san, ")
    with pytest.raises(NotFound, match="credit_decision"):
        crm.ask(WhyCredit(order="SO-1", on=day - timedelta(days=1)), actor=SALES)
    with pytest.raises(NotFound, match="credit_decision"):
        crm.ask(WhyCredit(order="SO-1", on=day, when=decided - timedelta(days=30)), actor=SALES)
    assert asked(crm, 1100).outcome is Outcome.REFUSED


@covers("XT-26")
def test_why_an_order_was_held_and_who_passed_it(crm: PharmaCRM) -> None:
    owing(crm)
    gates = (OverdueGate(metric=Metric.DAYS, outcome=CreditOutcome.HOLD, up_to=5),)
    crm.do(policy(gates=gates), actor=FINANCE).expect()
    crm.do(worth("SO-2", 600), actor=SALES)
    crm.do(PassHold(of="SO-2", code="credit.overdue", reason="老客户"), actor=FINANCE).expect()
    crm.do(receipt(crm, "R-1", 500), actor=FINANCE).expect()
    crm.do(AllocateReceipt(receipt="R-1"), actor=FINANCE).expect()
    answer = why(crm, "SO-2")
    assert answer.outcome is Outcome.HELD
    assert [(each.code, each.observed) for each in answer.reasons] == [
        ("credit.over_limit", "CNY 1,100.00 (short CNY 100.00)"),
        ("credit.overdue", "10 days"),
    ]
    assert [(each.code, each.by) for each in answer.passed] == [("credit.overdue", FINANCE)]
    assert "credit.overdue was passed by qian.qi at " in answer.explain()
    assert "credit.overdue 已由 qian.qi 于 " in answer.explain("zh-CN")


def test_why_asks_about_the_decision_in_force_at_a_moment(crm: PharmaCRM) -> None:
    placed(crm, "SO-1", 300)
    first = crm.clock.now()
    pass_days(crm, 1)
    crm.do(amended("SO-1", 500), actor=SALES).expect()
    assert (why(crm).command, why(crm).more, why(crm).exposure.total) == ("AmendOrder", yuan(200), yuan(300))
    then = why(crm, at=first)
    assert (then.command, then.more, then.exposure.total) == ("PlaceOrder", yuan(300), yuan(0))
    with pytest.raises(NotFound):
        why(crm, at=first - timedelta(days=1))


def test_the_group_of_that_day_is_told(crm: PharmaCRM) -> None:
    crm.do(SetCreditGroup(group="G-1", name="集团", limit=yuan(700)), actor=FINANCE).expect()
    crm.do(JoinCreditGroup(customer=BUYER, group="G-1"), actor=FINANCE).expect()
    placed(crm, "SO-1", 600)
    assert codes(crm, worth("SO-2", 200), SALES) == ["credit.group_over_limit"]
    crm.do(JoinCreditGroup(customer=BUYER), actor=FINANCE).expect()
    answer = why(crm, "SO-2")
    assert answer.group is not None
    assert (answer.group.total, answer.group.limit) == (yuan(600), yuan(700))
    assert [each.code for each in answer.reasons] == ["credit.group_over_limit"]
    assert "group\nopen orders CNY 600.00" in answer.explain()


@covers("XT-26")
def test_a_hold_falls_once_the_credit_fits_and_not_before(crm: PharmaCRM) -> None:
    placed(crm, "SO-1", 600)
    crm.do(worth("SO-2", 500), actor=SALES)
    again = RecheckCredit(order="SO-2")
    refused = crm.do(again, actor=SALES)
    assert (refused.outcome, refused.codes) == (Outcome.REFUSED, ("credit.over_limit",))
    limit(crm, 1100)
    assert crm.do(again, actor=SALES).allowed
    assert credit(crm).reserved == yuan(1100)
    (hold,) = entities(crm, Hold)
    assert hold.state is HoldState.VOID
    assert codes(crm, again, SALES) == ["credit.not_held"]
    replayed(crm)


def test_one_hold_passed_does_not_void_another(crm: PharmaCRM) -> None:
    """The credit is reserved then; what is overdue still stands against all of it."""
    owing(crm)
    crm.do(gate(CreditOutcome.HOLD), actor=FINANCE).expect()
    crm.do(worth("SO-2", 600), actor=SALES)
    crm.do(PassHold(of="SO-2", code="credit.over_limit", reason="同意超额"), actor=FINANCE).expect()
    assert credit(crm).reserved == yuan(600)
    again = RecheckCredit(order="SO-2")
    refused = crm.do(again, actor=SALES)
    assert refused.outcome is Outcome.REFUSED
    assert refused.codes == ("credit.overdue", "credit.over_limit")
    crm.do(gate(CreditOutcome.ALLOW), actor=FINANCE).expect()
    assert crm.do(again, actor=SALES).allowed
    assert credit(crm).reserved == yuan(600)
    replayed(crm)


def test_a_lapsed_reservation_is_asked_for_again(crm: PharmaCRM) -> None:
    """frappe/erpnext#33967: what comes back is checked again."""
    placed(crm, "SO-1", 600)
    pass_days(crm, 31)
    crm.run_due()
    placed(crm, "SO-2", 600)
    again = RecheckCredit(order="SO-1")
    assert codes(crm, again, SALES) == ["credit.over_limit"]
    limit(crm, 1200)
    assert crm.do(again, actor=SALES).allowed
    assert credit(crm).reserved == yuan(1200)
    replayed(crm)
