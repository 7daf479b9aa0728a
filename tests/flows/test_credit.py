"""Credit through the door: reserved, held, posted, released, lapsed; what a lowered limit leaves possible."""

from typing import Any

import pytest

from pharmacrm.core.approvals import Hold
from pharmacrm.core.credit import Reservation, SetCreditLimit
from pharmacrm.core.flows.collection import AllocateReceipt, ReverseReceipt, UndoAllocations
from pharmacrm.core.flows.ending import CancelOrder, CloseOrder
from pharmacrm.core.flows.exposure import CreditExposure
from pharmacrm.core.flows.holding import PassHold
from pharmacrm.core.flows.release import ApproveOrder
from pharmacrm.core.kernel.decision import Outcome
from pharmacrm.core.orders import OrderState, SalesOrder
from pharmacrm.core.receivables import Instalment, Receipt, Receivable
from pharmacrm.crm import PharmaCRM
from pharmacrm.testing.company import release
from tests.covers import covers
from tests.flows.house import (
    ADMIN,
    BUYER,
    FINANCE,
    LEAD,
    SALES,
    WAREHOUSE,
    amended,
    blocked,
    credit,
    entities,
    journal,
    open_house,
    pass_days,
    placed,
    prepaid,
    receipt,
    released,
    slip,
    worth,
    yuan,
)


@pytest.fixture
def crm() -> PharmaCRM:
    return open_house(limit="1000.00")


def set_limit(crm: PharmaCRM, amount: str, **more: Any) -> list[str]:
    command = SetCreditLimit(customer=BUYER, limit=yuan(amount), reason="调整额度", **more)
    return list(crm.do(command, actor=FINANCE).codes)


def pass_credit(crm: PharmaCRM, order: str, code: str = "credit.over_limit") -> Any:
    return crm.do(PassHold(of=order, code=code, reason="老客户，同意超额"), actor=FINANCE)


def counters(crm: PharmaCRM) -> tuple[int, int, int, int]:
    line = credit(crm)
    return (
        line.reserved.minor // 100,
        line.posted.minor // 100,
        line.paid.minor // 100,
        line.unapplied.minor // 100,
    )


@covers("XT-26")
def test_credit_receivables_002_equal_to_the_limit_passes(crm: PharmaCRM) -> None:
    assert crm.do(worth("SO-1", 1000), actor=SALES).outcome is Outcome.ALLOWED
    assert counters(crm) == (1000, 0, 0, 0)


@covers("XT-26")
def test_credit_receivables_001_over_the_limit_is_stored_and_held_without_credit(crm: PharmaCRM) -> None:
    placed(crm, "SO-1", 600)
    answer = crm.do(worth("SO-2", 405), actor=SALES)
    assert answer.outcome is Outcome.HELD
    assert answer.codes == ("credit.over_limit",)
    assert answer.value is not None
    assert answer.reasons[0].observed == "CNY 1,005.00 (short CNY 5.00)"
    assert entities(crm, SalesOrder)[1].id == "SO-2"
    assert [each.order for each in entities(crm, Reservation)] == ["SO-1"]
    assert counters(crm) == (600, 0, 0, 0)
    held = crm.get(Hold, "SO-2/hold/1/credit.over_limit", actor=FINANCE)
    assert (held.may_pass, held.placed_by, held.state.value) == ("finance", SALES, "open")


@covers("XT-26")
def test_passing_the_hold_reserves_over_the_limit_and_says_why(crm: PharmaCRM) -> None:
    crm.do(worth("SO-1", 1500), actor=SALES)
    assert blocked(pass_credit_as(crm, LEAD)) == {"hold.not_your_role"}
    assert pass_credit(crm, "SO-1").allowed
    assert counters(crm) == (1500, 0, 0, 0)
    added = [entry.changed() for entry in journal(crm) if entry.verb == "added"]
    assert [entry["reserved"] for entry in added] == [{"add": 150_000}]
    assert "credit.over_limit" in added[0]["unbounded"]
    assert FINANCE in added[0]["unbounded"]
    release(crm, "SO-1", signers=("li.si", "wang.wu", LEAD))
    second = crm.do(ApproveOrder(order="SO-1"), actor=FINANCE)
    assert second.allowed
    assert crm.do(slip("SO-1", "OUT-1", 1200), actor=WAREHOUSE).allowed
    assert counters(crm) == (0, 1500, 0, 0)


def pass_credit_as(crm: PharmaCRM, actor: str) -> Any:
    return crm.do(PassHold(of="SO-1", code="credit.over_limit", reason="同意"), actor=actor)


@covers("XT-26")
def test_credit_receivables_015_no_limit_is_no_credit(crm: PharmaCRM) -> None:
    set_limit(crm, "0")
    answer = crm.do(worth("SO-1", 5), actor=SALES)
    assert (answer.outcome, answer.codes) == (Outcome.HELD, ("credit.no_limit",))
    assert pass_credit(crm, "SO-1", "credit.no_limit").allowed
    assert counters(crm) == (5, 0, 0, 0)


@covers("XT-26")
def test_unlimited_is_said_explicitly_and_journalled(crm: PharmaCRM) -> None:
    set_limit(crm, "0", unlimited=True)
    assert placed(crm, "SO-1", 50_000).total == yuan(50_000)
    assert (
        "unlimited" in next(entry.changed() for entry in journal(crm) if entry.verb == "added")["unbounded"]
    )


@covers("XT-26")
def test_credit_receivables_014_a_blocked_customer_gets_no_credit(crm: PharmaCRM) -> None:
    set_limit(crm, "1000", blocked=True)
    assert blocked(crm.do(worth("SO-1", 5), actor=SALES)) == {"credit.blocked"}
    assert crm.do(worth("SO-2", 5, terms="100% prepaid"), actor=SALES).allowed


@covers("XT-26")
@pytest.mark.parametrize("amount", [None, -1, 1.5, "100", True])
def test_credit_receivables_016_limits_that_are_none(crm: PharmaCRM, amount: Any) -> None:
    from pharmacrm.core.kernel.errors import MalformedInput

    with pytest.raises(MalformedInput) as caught:
        SetCreditLimit(customer=BUYER, limit=amount, reason="x")
    assert caught.value.field == "limit"
    assert caught.value.code.startswith("money.")


@covers("XT-26", "XT-25")
def test_what_is_prepaid_needs_no_credit(crm: PharmaCRM) -> None:
    answer = crm.do(worth("SO-1", 1500, terms="40% prepaid, rest net 60"), actor=SALES)
    assert answer.allowed
    assert counters(crm) == (900, 0, 0, 0)
    parts = crm.ask(CreditExposure(customer=BUYER), actor=FINANCE)
    assert {part.kind.value: (part.amount, part.counted) for part in parts.parts} == {
        "open_orders": (yuan(900), True),
        "unbilled": (yuan(0), True),
        "receivable": (yuan(0), True),
        "unapplied": (yuan(0), True),
        "held_orders": (yuan(0), False),
        "prepaid": (yuan(600), False),
    }


@covers("XT-26")
def test_exposure_names_what_it_does_not_count(crm: PharmaCRM) -> None:
    placed(crm, "SO-1", 600)
    crm.do(worth("SO-2", 700), actor=SALES)
    parts = crm.ask(CreditExposure(customer=BUYER), actor=SALES)
    held = next(part for part in parts.parts if part.kind.value == "held_orders")
    assert (held.amount, held.counted) == (yuan(700), False)
    assert parts.total == yuan(600)
    assert parts.headroom == yuan(400)


@covers("XT-26")
@pytest.mark.parametrize("end", [CancelOrder, CloseOrder])
def test_an_ended_order_gives_its_credit_back(crm: PharmaCRM, end: Any) -> None:
    released(crm, "SO-1", 1000)
    if end is CloseOrder:
        crm.do(slip("SO-1", "OUT-1", 200), actor=WAREHOUSE).expect()
    crm.do(end(order="SO-1"), actor=LEAD).expect()
    assert counters(crm) == ((0, 250, 0, 0) if end is CloseOrder else (0, 0, 0, 0))
    assert placed(crm, "SO-2", 750).state is OrderState.IN_APPROVAL


@covers("XT-26")
def test_an_amended_order_reserves_the_difference(crm: PharmaCRM) -> None:
    placed(crm, "SO-1", 600)
    crm.do(amended("SO-1", 1000), actor=SALES).expect()
    assert counters(crm) == (1000, 0, 0, 0)
    crm.do(amended("SO-1", 100), actor=SALES).expect()
    assert counters(crm) == (100, 0, 0, 0)
    answer = crm.do(amended("SO-1", 1005), actor=SALES)
    assert answer.codes == ("credit.over_limit",)
    assert counters(crm)[0] <= 1000
    pass_credit(crm, "SO-1").expect()
    assert counters(crm) == (1005, 0, 0, 0)


@covers("XT-26")
def test_credit_receivables_012_and_013_a_reservation_lapses_after_30_days(crm: PharmaCRM) -> None:
    released(crm, "SO-1", 1000)
    pass_days(crm, 29)
    assert crm.run_due().done == 0
    pass_days(crm, 1)
    assert crm.run_due().done == 1
    assert crm.run_due().done == 0
    assert counters(crm) == (0, 0, 0, 0)
    assert entities(crm, Reservation)[0].state.value == "expired"
    assert blocked(crm.do(slip("SO-1", "OUT-1", 800), actor=WAREHOUSE)) >= {
        "hold.open",
        "reservation.expired",
    }
    placed(crm, "SO-2", 1000)
    assert pass_credit(crm, "SO-1", "reservation.lapsed").allowed
    assert counters(crm) == (2000, 0, 0, 0)
    assert crm.do(slip("SO-1", "OUT-1", 800), actor=WAREHOUSE).allowed
    assert counters(crm) == (1000, 1000, 0, 0)


@covers("XT-26")
def test_the_terms_say_how_long_credit_is_reserved(crm: PharmaCRM) -> None:
    placed(crm, "SO-1", 100)
    reservation = entities(crm, Reservation)[0]
    assert (reservation.expires_at - crm.clock.now()).days == 29


# ------------------------------------------------------------- after a limit was lowered below the exposure


@pytest.fixture
def lowered(crm: PharmaCRM) -> PharmaCRM:
    """A customer who owes 600 and has 300 on order, under a limit of 100."""
    released(crm, "SO-1", 600)
    crm.do(slip("SO-1", "OUT-1", 480), actor=WAREHOUSE).expect()
    released(crm, "SO-2", 300)
    crm.do(receipt(crm, "R-1", 50), actor=FINANCE).expect()
    crm.do(AllocateReceipt(receipt="R-1"), actor=FINANCE).expect()
    assert set_limit(crm, "100") == ["credit.limit_below_exposure"]
    assert counters(crm) == (300, 600, 50, 0)
    return crm


@covers("XT-26")
def test_credit_receivables_017_new_orders_wait(lowered: PharmaCRM) -> None:
    assert lowered.do(worth("SO-3", 5), actor=SALES).codes == ("credit.over_limit",)


@covers("XT-26")
def test_approvals_061_reserved_goods_still_ship(lowered: PharmaCRM) -> None:
    assert lowered.do(slip("SO-2", "OUT-2", 240), actor=WAREHOUSE).allowed
    assert counters(lowered) == (0, 900, 50, 0)


@covers("XT-26")
def test_an_order_can_be_cancelled_under_a_lowered_limit(lowered: PharmaCRM) -> None:
    assert lowered.do(CancelOrder(order="SO-2"), actor=SALES).allowed
    assert counters(lowered) == (0, 600, 50, 0)


@covers("XT-26")
def test_money_is_received_under_a_lowered_limit(lowered: PharmaCRM) -> None:
    assert lowered.do(receipt(lowered, "R-2", 100), actor=FINANCE).allowed
    assert lowered.do(AllocateReceipt(receipt="R-2"), actor=FINANCE).allowed
    assert counters(lowered) == (300, 600, 150, 0)


@covers("XT-26")
def test_credit_receivables_022_a_receipt_is_reversed_under_a_lowered_limit(lowered: PharmaCRM) -> None:
    assert lowered.do(ReverseReceipt(receipt="R-1", reason="银行退票"), actor=FINANCE).allowed
    assert counters(lowered) == (300, 600, 0, 0)
    assert entities(lowered, Instalment)[0].open == yuan(600)
    added = [entry.changed() for entry in journal(lowered) if entry.verb == "added"]
    assert added[-1]["unbounded"] == "银行退票"


@covers("XT-26")
def test_a_hold_is_passed_under_a_lowered_limit(lowered: PharmaCRM) -> None:
    lowered.do(worth("SO-3", 5), actor=SALES)
    assert pass_credit(lowered, "SO-3").allowed
    assert counters(lowered) == (305, 600, 50, 0)


# --------------------------------------------------------------------------------------------- prepayment


@covers("XT-08", "XT-25", "XT-26")
def test_finance_waits_for_cleared_prepayment(crm: PharmaCRM) -> None:
    placed(crm, "SO-1", 1000, terms="30% prepaid, rest net 60")
    release(crm, "SO-1", signers=("li.si", "wang.wu", LEAD))
    approve = ApproveOrder(order="SO-1")
    short = {"payment.not_cleared", "approval.evidence_blocks"}
    assert blocked(crm.do(approve, actor=FINANCE)) == short
    crm.do(receipt(crm, "R-1", 300, cleared=False), actor=FINANCE).expect()
    allocate = AllocateReceipt(receipt="R-1", order="SO-1")
    assert blocked(crm.do(allocate, actor=FINANCE)) == {"receipt.not_cleared"}
    crm.do(receipt(crm, "R-1", 299), actor=FINANCE).expect()
    crm.do(allocate, actor=FINANCE).expect()
    answer = crm.do(approve, actor=FINANCE)
    assert blocked(answer) == short
    assert answer.reasons[1].observed == "CNY 299.00 (short CNY 1.00)"
    prepaid(crm, "SO-1", 1, "R-2")
    assert crm.do(approve, actor=FINANCE).allowed
    assert counters(crm) == (700, 0, 0, 0)


@covers("XT-08", "XT-09")
@pytest.mark.parametrize("back", [ReverseReceipt, UndoAllocations])
def test_goods_wait_when_the_prepayment_is_taken_back(crm: PharmaCRM, back: Any) -> None:
    placed(crm, "SO-1", 1000, terms="30% prepaid, rest net 60")
    prepaid(crm, "SO-1", 300)
    release(crm, "SO-1")
    crm.do(back(receipt="R-1", reason="银行退票"), actor=FINANCE).expect()
    assert blocked(crm.do(slip("SO-1", "OUT-1", 800), actor=WAREHOUSE)) == {"payment.not_cleared"}
    prepaid(crm, "SO-1", 300, "R-2")
    assert crm.do(slip("SO-1", "OUT-1", 800), actor=WAREHOUSE).allowed


@covers("XT-25", "XT-26")
@pytest.mark.parametrize("end", ["cancel", "reject", "amend"])
def test_money_paid_for_an_order_that_ends_is_on_account_again(crm: PharmaCRM, end: str) -> None:
    placed(crm, "SO-1", 1000, terms="30% prepaid, rest net 60")
    prepaid(crm, "SO-1", 300)
    assert counters(crm) == (700, 0, 0, 0)
    from pharmacrm.core.flows.release import RejectOrder

    command: Any = {
        "cancel": (CancelOrder(order="SO-1"), SALES),
        "reject": (RejectOrder(order="SO-1", comment="不同意"), "li.si"),
        "amend": (amended("SO-1", 500), SALES),
    }[end]
    crm.do(command[0], actor=command[1]).expect()
    assert counters(crm) == (500 if end == "amend" else 0, 0, 0, 300)
    got = crm.get(Receipt, "R-1", actor=FINANCE)
    assert got.open == yuan(300)
    assert all(not part.open for part in entities(crm, Instalment))
    assert [each.kind.value for each in entities(crm, Receivable)] == ["prepayment"]


@covers("XT-26")
def test_money_on_account_makes_room(crm: PharmaCRM) -> None:
    crm.do(receipt(crm, "R-1", 500), actor=FINANCE).expect()
    assert placed(crm, "SO-1", 1500).total == yuan(1500)
    assert crm.do(worth("SO-2", 5), actor=SALES).codes == ("credit.over_limit",)
    back = crm.do(ReverseReceipt(receipt="R-1", reason="银行退票"), actor=FINANCE)
    assert back.allowed
    assert counters(crm) == (1500, 0, 0, 0)


@covers("XT-26")
def test_a_customer_who_never_had_a_line_gets_one_by_paying(crm: PharmaCRM) -> None:
    from pharmacrm.testing.company import open_account

    open_account(crm, "H-002", limit="1.00")
    from pharmacrm.core.customers import RegisterCustomer
    from pharmacrm.core.values.trade import CustomerKind
    from pharmacrm.testing.company import WHERE

    stranger = RegisterCustomer(id="H-003", kind=CustomerKind.HOSPITAL, name="示例医院H-003", address=WHERE)
    crm.do(stranger, actor=ADMIN).expect()
    crm.do(receipt(crm, "R-1", 100, buyer="H-003"), actor=FINANCE).expect()
    assert credit(crm, "H-003").unapplied == yuan(100)
    assert credit(crm, "H-003").limit == yuan(0)
