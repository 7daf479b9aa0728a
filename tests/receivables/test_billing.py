"""What no invoice covers yet: at the price of the slip, in its credit part, and never more than is open."""

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from pharmacrm.core.kernel.money import Money
from pharmacrm.core.receivables.billing import unbilled_open, unbilled_worth
from tests.covers import covers
from tests.flows.house import yuan
from tests.receivables.ledger import Ledger, opened
from tests.receivables.test_invoices import shipped


@covers("XT-26")
@pytest.mark.parametrize(
    ("credit", "invoiced", "returned", "unbilled"),
    [
        (100, 0, 0, 100),
        (100, 4, 0, 60),
        (100, 10, 0, 0),
        (100, 0, 3, 70),
        (100, 4, 3, 30),
        (100, 10, 3, 0),  # until its red letter, what came back is neither
        (100, 7, 3, 0),
        (60, 0, 0, 60),  # the rest was prepaid
        (60, 5, 0, 30),
        (0, 0, 0, 0),
    ],
)
def test_goods_are_unbilled_until_an_invoice_covers_them(credit, invoiced, returned, unbilled):
    line = shipped(invoiced=invoiced, returned=returned)
    assert unbilled_worth(yuan(credit), yuan(100), [line]) == yuan(unbilled)


def test_goods_for_nothing_are_worth_nothing():
    assert unbilled_worth(yuan(0), yuan(0), [shipped(fen=0)]) == yuan(0)


@given(
    st.lists(st.tuples(st.integers(1, 50), st.integers(0, 10**6)), min_size=1, max_size=4),
    st.integers(0, 100),
    st.data(),
)
def test_law_the_part_is_whole_at_first_falls_with_each_invoice_and_ends_at_nothing(goods, percent, data):
    amount = Money.of_minor(sum(fen for _, fen in goods), "CNY")
    credit = amount.share(percent, 100)
    invoiced = [0] * len(goods)

    def worth():
        lines = [
            shipped(quantity, fen, invoiced=done)
            for (quantity, fen), done in zip(goods, invoiced, strict=True)
        ]
        return unbilled_worth(credit, amount, lines)

    before = worth()
    assert before == credit
    for number, (quantity, _) in enumerate(goods):
        invoiced[number] = data.draw(st.integers(0, quantity))
        assert yuan(0) <= worth() <= before
        before = worth()
    invoiced = [quantity for quantity, _ in goods]
    assert worth() == yuan(0) or not amount


def debt(amount, *, unbilled, settled=0):
    """What is owed for a slip in one instalment: so much is not invoiced, so much is settled."""
    ledger = Ledger(opened(amount))
    (part,) = ledger.instalments
    return evolve(ledger.receivables[0], unbilled=yuan(unbilled)), [evolve(part, allocated=yuan(settled))]


@pytest.mark.parametrize(("unbilled", "open_"), [("100", "100"), ("40", "40"), ("0", "0")])
def test_what_is_open_is_unbilled_as_far_as_no_invoice_covers_it(unbilled, open_):
    owed, parts = debt(100, unbilled=unbilled)
    assert unbilled_open(owed, parts) == yuan(open_)


def test_money_settles_what_is_invoiced_first():
    owed, parts = debt(100, unbilled=40, settled=50)
    assert unbilled_open(owed, parts) == yuan(40)
    owed, parts = debt(100, unbilled=40, settled=70)
    assert unbilled_open(owed, parts) == yuan(30)
    owed, parts = debt(100, unbilled=40, settled=100)
    assert unbilled_open(owed, parts) == yuan(0)
