"""Refunds: what is on account is paid back, never more; undone, everything is as it was."""

from datetime import timedelta
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from pharmacrm.core.flows.booking import Vouchers
from pharmacrm.core.flows.collection import AllocateReceipt, RegisterReceipt, ReverseReceipt
from pharmacrm.core.flows.refunding import PayRefund, UndoRefund
from pharmacrm.core.flows.returning import AcceptReturn
from pharmacrm.core.flows.statements import StatementOfAccount
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.orders import ReturnCause, ReturnItem
from pharmacrm.core.receivables import CreditNote, Receipt, Refund
from pharmacrm.core.receivables.refunds import pay_refund, undo_refund
from pharmacrm.core.values.trade import PaymentMethod
from pharmacrm.crm import PharmaCRM
from tests.covers import covers
from tests.flows.house import (
    BUYER,
    BUYER_NAME,
    FINANCE,
    WAREHOUSE,
    counters_are_entries,
    credit,
    open_house,
    pass_days,
    receipt,
    released,
    replayed,
    slip,
    today,
    yuan,
)
from tests.receivables.ledger import DAY
from tests.receivables.ledger import receipt as a_receipt


def refund(yuan_: str | int = 300, **more: Any) -> PayRefund:
    base = PayRefund(id="RF-1", receipt="R-1", amount=yuan(yuan_), payee_name=BUYER_NAME, reason="多付")
    return evolve(base, **more)


def paid(crm: PharmaCRM, amount: int = 1000) -> None:
    crm.do(receipt(crm, "R-1", amount), actor=FINANCE).expect()


@covers("XT-24")
def test_what_is_on_account_is_paid_back_and_undone() -> None:
    crm = open_house()
    paid(crm)
    before = credit(crm)
    done = crm.do(refund(reference="B-77"), actor=FINANCE).expect()
    assert (done.customer, done.amount, done.reference, done.paid_on) == (
        BUYER,
        yuan(300),
        "B-77",
        today(crm),
    )
    assert credit(crm).unapplied == yuan(700)
    assert crm.get(Receipt, "R-1", actor=FINANCE).open == yuan(700)
    pass_days(crm, 3)
    undo = UndoRefund(refund="RF-1", reason="退票")
    crm.do(undo, actor=FINANCE).expect()
    assert credit(crm).unapplied == before.unapplied == yuan(1000)
    assert crm.get(Receipt, "R-1", actor=FINANCE).open == yuan(1000)
    assert crm.do(undo, actor=FINANCE).codes == ("refund.undone",)
    assert credit(crm).unapplied == yuan(1000)
    counters_are_entries(crm)
    replayed(crm)


def test_never_more_than_is_neither_used_nor_refunded() -> None:
    crm = open_house()
    released(crm)
    crm.do(slip("SO-1", "OUT-1", 480), actor=WAREHOUSE).expect()
    paid(crm)
    crm.do(AllocateReceipt(receipt="R-1"), actor=FINANCE).expect()  # 600 of it
    over = crm.do(refund("400.01"), actor=FINANCE)
    assert [(each.code, each.observed, each.expected) for each in over.reasons] == [
        ("refund.over_account", "CNY 400.01", "CNY 400.00")
    ]
    crm.do(refund("150"), actor=FINANCE).expect()
    assert crm.do(refund("250.01", id="RF-2"), actor=FINANCE).codes == ("refund.over_account",)
    crm.do(refund("250", id="RF-2"), actor=FINANCE).expect()
    assert credit(crm).unapplied == yuan(0)


def test_money_that_was_paid_back_holds_its_receipt() -> None:
    crm = open_house()
    paid(crm)
    crm.do(refund(), actor=FINANCE).expect()
    assert crm.do(ReverseReceipt(receipt="R-1", reason="退票"), actor=FINANCE).codes == ("refund.stands",)
    again = receipt(crm, "R-1", 299)
    assert crm.do(again, actor=FINANCE).codes == ("receipt.over_allocated",)
    assert "receipt.fixed" in crm.do(evolve(again, amount=yuan(1000), cleared=False), actor=FINANCE).codes
    crm.do(evolve(again, amount=yuan(300)), actor=FINANCE).expect()
    crm.do(UndoRefund(refund="RF-1", reason="退票"), actor=FINANCE).expect()
    crm.do(ReverseReceipt(receipt="R-1", reason="退票"), actor=FINANCE).expect()
    assert credit(crm).unapplied == yuan(0)


def test_a_credit_note_is_paid_back_too() -> None:
    crm = open_house()
    released(crm)
    crm.do(slip("SO-1", "OUT-1", 800), actor=WAREHOUSE).expect()
    paid(crm)
    crm.do(AllocateReceipt(receipt="R-1"), actor=FINANCE).expect()
    back = AcceptReturn(id="RET-1", slip="OUT-1", items=(ReturnItem(1, 400),), cause=ReturnCause.SURPLUS)
    crm.do(back, actor=WAREHOUSE).expect()
    named = refund(receipt="", credit_note="RET-1/credit-note", amount=yuan(500))
    crm.do(named, actor=FINANCE).expect()
    assert credit(crm).unapplied == yuan(0)
    assert crm.get(CreditNote, "RET-1/credit-note", actor=FINANCE).open == yuan(0)


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"payee_name": "王老板"}, "payment.payer_mismatch"),
        ({"personal_account": True}, "payment.personal_account"),
        ({"amount": Money("5.00", "USD")}, "claim.currency_mismatch"),
        ({"credit_note": "CN-1"}, "refund.source"),
    ],
)
def test_money_goes_back_to_the_customer_itself(more: dict[str, Any], code: str) -> None:
    crm = open_house()
    paid(crm)
    answer = crm.do(refund(**more), actor=FINANCE)
    assert code in answer.codes
    assert answer.refused
    assert credit(crm).unapplied == yuan(1000)


def test_what_has_not_cleared_is_not_on_account() -> None:
    crm = open_house()
    crm.do(receipt(crm, "R-1", 1000, cleared=False), actor=FINANCE).expect()
    assert crm.do(refund("0.01"), actor=FINANCE).codes == ("refund.over_account",)


def test_the_account_the_vouchers_and_the_ledger_tell_of_it() -> None:
    crm = open_house()
    start = today(crm)
    paid(crm)
    crm.do(refund(), actor=FINANCE).expect()
    pass_days(crm, 2)
    asked = StatementOfAccount(customer=BUYER, start=start, through=start)
    account = crm.ask(asked, actor=FINANCE)
    assert account.closing == yuan(-700)
    assert [line.document for line in account.lines] == ["R-1", "RF-1"]
    crm.do(UndoRefund(refund="RF-1", reason="退票"), actor=FINANCE).expect()
    assert crm.ask(asked, actor=FINANCE).closing == yuan(-700)  # what was told of a day stays
    later = crm.ask(evolve(asked, through=today(crm)), actor=FINANCE)
    assert later.closing == yuan(-1000)
    booked = crm.ask(Vouchers(start=start, through=start + timedelta(days=1)), actor=FINANCE)
    assert len(booked) == 2


_money = st.builds(
    Money.of_minor,
    st.integers(1, 10**15),
    st.sampled_from(["CNY", "JPY", "BHD"]),
)


@given(_money, st.integers(0, 100), st.integers(1, 120), st.dates())
def test_law_a_refund_is_at_most_what_is_on_account_and_undone_is_undone(
    amount: Money, used: int, wanted: int, on: object
) -> None:
    known = evolve(a_receipt(amount), allocated=amount.share(used, 100))
    part = amount.share(wanted, 100)
    asked = Refund(
        id="RF-1",
        customer="H-001",
        receipt="R-1",
        amount=part,
        method=PaymentMethod.BANK_TRANSFER,
        payee_name="x",
        paid_on=DAY,
        reason="x",
    )
    answer = pay_refund(asked, known)
    assert answer.allowed is (part <= known.open)
    if answer.value is None:
        return
    after = next(each.entity for each in answer.changes if isinstance(each.entity, Receipt))  # type: ignore[union-attr] # only saves
    assert isinstance(after, Receipt)
    assert after.open == known.open - part
    assert not after.open.is_negative
    undone = undo_refund(answer.value, after, on=DAY, reason="x")
    before = next(each.entity for each in undone.changes if isinstance(each.entity, Receipt))  # type: ignore[union-attr] # only saves
    assert before == known
    assert undo_refund(undone.expect(), known, on=DAY, reason="x").changes == ()


def test_a_receipt_is_registered_again_without_losing_its_refund() -> None:
    crm = open_house()
    paid(crm)
    crm.do(refund(), actor=FINANCE).expect()
    same = RegisterReceipt(
        id="R-1", payer=BUYER, payer_name=BUYER_NAME, amount=yuan(1200), value_date=today(crm)
    )
    crm.do(same, actor=FINANCE).expect()
    assert crm.get(Receipt, "R-1", actor=FINANCE).refunded == yuan(300)
    assert credit(crm).unapplied == yuan(900)
