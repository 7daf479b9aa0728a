"""Bank acceptance bills: no money before their time, and none after all when they are not honoured."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from pharmacrm.core.flows.bills import CollectBill, DiscountBill, DishonourBill, EndorseBill
from pharmacrm.core.flows.collection import AllocateReceipt, UndoAllocations
from pharmacrm.core.flows.release import ApproveOrder
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.receivables import BankBill, BillCounts, BillState, Instalment, Receipt
from pharmacrm.core.receivables.bills import (
    TRANSITIONS,
    collect,
    discount,
    dishonour,
    endorse,
    receive_bill,
)
from pharmacrm.core.values.trade import PaymentMethod
from pharmacrm.testing.company import release
from tests.covers import covers
from tests.flows.house import (
    ASSISTANT,
    DISPATCHER,
    FINANCE,
    LEAD,
    blocked,
    counters_are_entries,
    credit,
    open_house,
    pass_days,
    placed,
    replayed,
    yuan,
)
from tests.flows.scenarios_bills import a_bill
from tests.flows.scenarios_selling import owed
from tests.receivables.ledger import DAY

MATURITY = DAY + timedelta(days=90)


def bill(**more):
    base = BankBill(
        id="B-1",
        customer="H-001",
        acceptor="示例银行",
        amount=yuan(1000),
        issued_on=DAY,
        matures_on=MATURITY,
        received_on=DAY,
        counts=BillCounts.AT_MATURITY,
        charge=yuan(0),
    )
    return evolve(base, **more)


def taken(**more):
    return receive_bill(bill(**more), None, payer_name="示例医院").expect()


@pytest.mark.parametrize(
    ("changes", "codes", "cleared", "value_date"),
    [
        ({}, (), False, MATURITY),
        ({"counts": BillCounts.ON_RECEIPT}, (), True, DAY),
        ({"matures_on": DAY + timedelta(days=181)}, (), False, date(2027, 5, 21)),
        ({"matures_on": DAY + timedelta(days=182)}, ("bill.term_long",), False, date(2027, 5, 22)),
        ({"issued_on": date(2026, 10, 1), "matures_on": date(2026, 11, 20)}, ("bill.matured",), False,
         date(2026, 11, 20)),
    ],
)  # fmt: skip
def test_how_a_bill_comes_in(changes, codes, cleared, value_date):
    decision = receive_bill(bill(**changes), None, payer_name="示例医院")
    receipt = decision.expect().receipt
    assert decision.codes == codes
    assert (receipt.cleared, receipt.value_date) == (cleared, value_date)
    assert (receipt.id, receipt.method) == ("B-1", PaymentMethod.BANK_ACCEPTANCE)


@pytest.mark.parametrize(
    ("changes", "known", "codes"),
    [
        ({"matures_on": DAY}, None, ("bill.dates_reversed",)),
        ({}, bill(), ("bill.exists",)),
    ],
)
def test_what_is_no_bill(changes, known, codes):
    decision = receive_bill(bill(**changes), known, payer_name="示例医院")
    assert (decision.refused, decision.codes) == (True, codes)


def stepped(state, held, receipt, on=MATURITY):
    match state:
        case BillState.COLLECTED:
            return collect(held, receipt, on=on)
        case BillState.ENDORSED:
            return endorse(held, receipt, "示例供应商", on=on)
        case BillState.DISCOUNTED:
            return discount(held, receipt, "示例银行", yuan(5), on=on)
    return dishonour(held, on=on, reason="拒付")


@pytest.mark.parametrize("before", BillState)
@pytest.mark.parametrize("after", [state for state in BillState if state is not BillState.HELD])
def test_a_bill_only_goes_ways_that_exist(before, after):
    decision = stepped(after, bill(state=before), taken().receipt)
    legal = after in TRANSITIONS[before]
    assert decision.allowed is legal
    assert legal or decision.codes == ("bill.state",)


@given(
    st.lists(st.sampled_from([state for state in BillState if state is not BillState.HELD]), max_size=5),
    st.sampled_from(BillCounts),
)
def test_law_a_bill_ends_and_its_receipt_is_cleared_once_at_most(steps, counts):
    came = taken(counts=counts)
    held, receipt, states = came.bill, came.receipt, [BillState.HELD]
    for state in steps:
        decision = stepped(state, held, receipt)
        if not decision.allowed:
            continue
        moved = decision.expect()
        states.append(state)
        if isinstance(moved, BankBill):
            held = moved
        else:
            assert moved.receipt.cleared
            assert moved.receipt.value_date == (DAY if counts is BillCounts.ON_RECEIPT else MATURITY)
            held, receipt = moved.bill, moved.receipt
    assert all(then in TRANSITIONS[first] for first, then in pairwise(states))
    assert len(states) <= 3


@pytest.mark.parametrize(
    ("charge", "codes"),
    [
        (yuan(0), ()),
        (yuan("999.99"), ()),
        (yuan(1000), ("bill.charge",)),
        (Money("1", "USD"), ("claim.currency_mismatch",)),
    ],
)
def test_what_a_discount_may_cost(charge, codes):
    assert discount(bill(), taken().receipt, "示例银行", charge, on=DAY).codes == codes


def test_the_bank_pays_on_the_day_and_not_before():
    early = collect(bill(), taken().receipt, on=MATURITY - timedelta(days=1))
    assert early.codes == ("bill.not_due",)
    assert collect(bill(), taken().receipt, on=MATURITY + timedelta(days=3)).allowed


# ------------------------------------------------------------------------------------------ at the door


@covers("XT-22", "XT-26")
def test_a_bill_settles_nothing_and_lowers_no_exposure_before_it_is_paid():
    crm = open_house()
    debt = owed(crm, "net 30").id
    crm.do(a_bill(crm), actor=FINANCE).expect()
    assert credit(crm).exposure == yuan(1000)
    assert blocked(crm.do(AllocateReceipt(receipt="B-1"), actor=FINANCE)) == {"receipt.not_cleared"}
    pass_days(crm, 90)
    crm.do(CollectBill(bill="B-1"), actor=FINANCE).expect()
    assert credit(crm).exposure == yuan(0)
    crm.do(AllocateReceipt(receipt="B-1"), actor=FINANCE).expect()
    assert crm.get(Instalment, debt, actor=FINANCE).settled
    counters_are_entries(crm)


@covers("XT-22")
def test_a_discounted_bill_pays_in_full_and_what_is_not_honoured_is_owed_again():
    crm = open_house()
    debt = owed(crm, "net 30").id
    crm.do(a_bill(crm), actor=FINANCE).expect()
    pass_days(crm, 1)
    crm.do(DiscountBill(bill="B-1", bank="示例银行", charge=yuan(8)), actor=FINANCE).expect()
    crm.do(AllocateReceipt(receipt="B-1"), actor=FINANCE).expect()
    assert crm.get(Instalment, debt, actor=FINANCE).settled
    pass_days(crm, 100)
    crm.do(DishonourBill(bill="B-1", reason="承兑银行拒付"), actor=FINANCE).expect()
    assert crm.get(Instalment, debt, actor=FINANCE).open == yuan(1000)
    assert crm.get(Receipt, "B-1", actor=FINANCE).reversed_on is not None
    assert credit(crm).exposure == yuan(1000)
    counters_are_entries(crm)
    replayed(crm)


def test_an_endorsed_bill_on_account_comes_back():
    crm = open_house()
    owed(crm, "net 30")
    crm.do(a_bill(crm, counts=BillCounts.ON_RECEIPT), actor=FINANCE).expect()
    crm.do(AllocateReceipt(receipt="B-1"), actor=FINANCE).expect()
    crm.do(UndoAllocations(receipt="B-1", reason="记错"), actor=FINANCE).expect()
    crm.do(EndorseBill(bill="B-1", endorsee="示例供应商"), actor=FINANCE).expect()
    assert credit(crm).unapplied == yuan(1000)
    crm.do(DishonourBill(bill="B-1", reason="拒付"), actor=FINANCE).expect()
    assert (credit(crm).unapplied, credit(crm).exposure) == (yuan(0), yuan(1000))


@covers("XT-08")
def test_a_prepayment_by_bill_lets_an_order_go_only_when_the_bill_is_money():
    crm = open_house()
    placed(crm, "SO-1", 1000, terms="prepaid")
    release(crm, "SO-1", signers=(ASSISTANT, DISPATCHER, LEAD))
    crm.do(a_bill(crm), actor=FINANCE).expect()
    assert "payment.not_cleared" in blocked(crm.do(ApproveOrder(order="SO-1"), actor=FINANCE))
    crm.do(EndorseBill(bill="B-1", endorsee="示例供应商"), actor=FINANCE).expect()
    crm.do(AllocateReceipt(receipt="B-1", order="SO-1"), actor=FINANCE).expect()
    assert crm.do(ApproveOrder(order="SO-1"), actor=FINANCE).allowed
