"""Receipts: plausible, the customer's own, and fixed once money of them is allocated."""

from datetime import date

import pytest
from attrs import evolve

from pharmacrm.core.kernel.money import Money
from pharmacrm.core.receivables.events import ReceiptRegistered
from pharmacrm.core.receivables.receipts import check_payer, on_account, register
from tests.covers import covers
from tests.receivables.ledger import DAY, receipt, yuan


@covers("XT-22")
def test_a_receipt_is_registered():
    new = receipt(version=0)
    decision = register(new, None, on=DAY)
    assert decision.expect() == new
    assert decision.events == (ReceiptRegistered(subject="R-1", customer="H-001"),)


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({"amount": yuan(0)}, ("receipt.not_positive",)),
        ({"amount": yuan(-1)}, ("receipt.not_positive",)),
        ({"value_date": date(2026, 11, 22)}, ("receipt.future",)),
        ({"value_date": date(2026, 11, 22), "cleared": False}, ()),
    ],
)
def test_what_cannot_be_is_refused(changes, codes):
    assert register(receipt(**changes), None, on=DAY).codes == codes


def test_the_same_again_changes_nothing():
    old = receipt(allocated=yuan(30), allocations=1, version=4)
    again = register(receipt(version=0), old, on=DAY)
    assert (again.expect(), again.changes, again.events) == (old, (), ())


def test_clearing_later_keeps_what_is_known():
    decision = register(receipt(version=0), receipt(cleared=False, version=2), on=DAY)
    assert (decision.expect().cleared, decision.expect().version) == (True, 2)


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({"amount": yuan(30)}, ()),
        ({"amount": yuan("29.99")}, ("receipt.over_allocated",)),
        ({"amount": Money(100, "USD")}, ("receipt.fixed",)),
        ({"payer": "H-002"}, ("receipt.fixed",)),
        ({"cleared": False}, ("receipt.fixed",)),
        (
            {"payer": "H-002", "cleared": False, "amount": yuan(1)},
            ("receipt.fixed", "receipt.fixed", "receipt.over_allocated"),
        ),
    ],
)
def test_an_allocated_receipt_stays_what_it_was(changes, codes):
    old = receipt(allocated=yuan(30), allocations=1)
    assert register(receipt(**changes), old, on=DAY).codes == codes
    if "receipt.over_allocated" not in codes:
        assert register(receipt(**changes), receipt(), on=DAY).allowed


def test_a_reversed_receipt_stays_reversed():
    old = receipt(reversed_on=DAY)
    assert register(receipt(5), old, on=DAY).codes == ("receipt.reversed",)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, 100),
        ({"allocated": yuan(30)}, 70),
        ({"cleared": False}, 0),
        ({"reversed_on": DAY}, 0),
    ],
)
def test_what_lowers_the_exposure(changes, expected):
    assert on_account(receipt(**changes), "CNY") == yuan(expected)
    assert on_account(None, "CNY") == yuan(0)


@covers("R-09")
@pytest.mark.parametrize(
    ("payer", "legal", "same"),
    [
        ("杭州某医院", "杭州某医院", True),
        ("杭州某医药（集团）有限公司", "杭州某医药(集团)有限公司", True),
        (" 杭州某 医院 ", "杭州某医院", True),
        ("ＡＢＣ医药", "abc医药", True),
        ("张三", "杭州某医院", False),
        ("", "杭州某医院", False),
        ("杭州某医院分院", "杭州某医院", False),
    ],
)
def test_the_payer_is_the_customer(payer, legal, same):
    reasons = check_payer("R-1", payer, legal)
    assert [reason.code for reason in reasons] == ([] if same else ["payment.payer_mismatch"])
    assert not payer.strip() or payer not in "".join(str(reason) for reason in reasons)


@covers("R-09")
def test_a_personal_account_is_refused_too():
    reasons = check_payer("R-1", "张三", "杭州某医院", personal_account=True)
    assert [reason.code for reason in reasons] == ["payment.payer_mismatch", "payment.personal_account"]


def test_a_receipt_has_nothing_open_once_reversed():
    assert evolve(receipt(), reversed_on=DAY).open == yuan(0)


def test_the_currency_of_an_unallocated_receipt_may_be_corrected():
    corrected = register(receipt(Money(100, "USD")), receipt(), on=DAY).expect()
    assert corrected.open == Money(100, "USD")
