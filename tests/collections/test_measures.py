"""Measures of collection: worked examples, and laws over any sales."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pharmacrm.core.collections import DSO, Effectiveness, Sales, count_back
from pharmacrm.core.collections.measures import Settled, days_late, months
from pharmacrm.core.kernel.money import Money
from tests.covers import covers


def yuan(amount):
    return Money(amount, "CNY")


QUARTER = [
    Sales(date(2026, 1, 1), date(2026, 1, 31), yuan(90_000)),
    Sales(date(2026, 2, 1), date(2026, 2, 28), yuan(60_000)),
    Sales(date(2026, 3, 1), date(2026, 3, 31), yuan(80_000)),
]


@covers("UF-32")
@pytest.mark.parametrize(
    ("receivables", "sales", "days", "wanted"),
    [(100_000, 230_000, 90, "39.13"), (0, 230_000, 90, "0.00"), (230_000, 230_000, 90, "90.00"),
     (100_000, 0, 90, None), (-100, 200, 30, "-15.00")],
)  # fmt: skip
def test_simple(receivables, sales, days, wanted):
    found = DSO(yuan(receivables), yuan(sales), days).days
    assert found == (None if wanted is None else Decimal(wanted))


@covers("UF-32")
@pytest.mark.parametrize(
    ("receivables", "wanted", "uncovered"),
    [
        (0, "0.00", 0),
        (40_000, "15.50", 0),  # half of March
        (80_000, "31.00", 0),
        (100_000, "40.33", 0),  # March, and 20,000 / 60,000 of February
        (140_000, "59.00", 0),
        (230_000, "90.00", 0),
        (250_000, "90.00", 20_000),
        (-5, "0.00", 0),
    ],
)
def test_count_back(receivables, wanted, uncovered):
    found = count_back(yuan(receivables), QUARTER)
    assert found.days == Decimal(wanted)
    assert found.uncovered == yuan(uncovered)


def test_count_back_names_its_addends():
    found = count_back(yuan(100_000), QUARTER)
    assert [(each.sales, each.covered, each.days) for each in found.addends] == [
        (QUARTER[2], yuan(80_000), Decimal("31.00")),
        (QUARTER[1], yuan(20_000), Decimal("9.33")),
    ]


def test_a_month_without_sales_counts_its_days():
    empty = Sales(date(2026, 2, 1), date(2026, 2, 28), yuan(0))
    assert count_back(yuan(90_000), [QUARTER[0], empty]).days == Decimal("59.00")


@covers("UF-32")
def test_days_late_are_weighted_by_amount():
    due = date(2026, 3, 31)
    paid = [
        Settled(due, due + timedelta(10), yuan(300)),
        Settled(due, due - timedelta(10), yuan(100)),
        Settled(due, due, yuan(100)),
    ]
    found = days_late(paid, "CNY")
    assert found.average == Decimal("4.00")  # (300 x 10 - 100 x 10) / 500
    assert found.on_time_rate == Decimal("40.00")
    assert days_late([], "CNY").average is None


@covers("UF-32")
@pytest.mark.parametrize(
    ("opening", "sales", "closing", "current", "wanted"),
    [(100, 100, 80, 60, "85.71"), (100, 100, 60, 60, "100.00"), (100, 100, 200, 0, "0.00"),
     (0, 100, 100, 100, None)],
)  # fmt: skip
def test_effectiveness(opening, sales, closing, current, wanted):
    found = Effectiveness(yuan(opening), yuan(sales), yuan(closing), yuan(current)).percent
    assert found == (None if wanted is None else Decimal(wanted))


def test_months_cut_a_period_at_their_ends():
    assert months(date(2026, 1, 15), date(2026, 3, 2)) == (
        (date(2026, 1, 15), date(2026, 1, 31)),
        (date(2026, 2, 1), date(2026, 2, 28)),
        (date(2026, 3, 1), date(2026, 3, 2)),
    )
    assert months(date(2200, 12, 1), date(2200, 12, 31)) == ((date(2200, 12, 1), date(2200, 12, 31)),)


@given(st.dates(date(1900, 1, 1), date(2198, 1, 1)), st.integers(0, 900))
def test_months_are_every_day_once(start, days):
    through = start + timedelta(days)
    found = months(start, through)
    assert found[0][0] == start
    assert found[-1][1] == through
    assert sum((high - low).days + 1 for low, high in found) == days + 1


sold = st.lists(st.integers(0, 10**9), min_size=1, max_size=8).map(
    lambda amounts: [
        Sales(low, high, Money.of_minor(amount, "CNY"))
        for (low, high), amount in zip(months(date(2026, 1, 1), date(2026, 12, 31)), amounts, strict=False)
    ]
)


@given(st.integers(0, 10**10), sold)
def test_count_back_covers_the_receivables(minor, sales):
    found = count_back(Money.of_minor(minor, "CNY"), sales)
    covered = Money.total((each.covered for each in found.addends), "CNY")
    assert (covered + found.uncovered).minor == minor
    assert 0 <= found.days <= sum(each.days for each in sales)
    assert not found.uncovered or found.days == sum(each.days for each in sales)


@given(st.integers(0, 10**9), st.integers(1, 10**9), st.integers(1, 12))
def test_where_sales_are_even_both_ways_agree(minor, amount, count):
    """With the same sales on each of the same number of days, simple and count-back are one number."""
    month = timedelta(30)
    first = date(2026, 1, 1)
    even = [
        Sales(first + month * n, first + month * (n + 1) - timedelta(1), Money.of_minor(amount, "CNY"))
        for n in range(count)
    ]
    owed = Money.of_minor(min(minor, amount * count), "CNY")
    simple = DSO(owed, Money.of_minor(amount * count, "CNY"), 30 * count).days
    assert simple is not None
    assert abs(simple - count_back(owed, even).days) <= Decimal("0.01")
