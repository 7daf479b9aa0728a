"""Measures of collection: worked examples, and laws over any sales."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pharmacrm.core.collections import DSO, CollectionAnalysis, Effectiveness, Sales, count_back
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


def a_period(opening, sales, closing, current, days):
    """A period of which only these are known: nothing was collected late or early."""
    start, nothing = date(2026, 1, 1), Money.zero("CNY")
    return CollectionAnalysis(
        start=start,
        through=start + timedelta(days - 1),
        currency="CNY",
        opening=opening,
        sales=sales,
        collected=nothing,
        discounts=nothing,
        closing=closing,
        closing_current=current,
        count_back=count_back(closing, []),
        days_late=days_late([], "CNY"),
    )


@covers("UF-32")
@pytest.mark.parametrize(
    ("closing", "current", "days", "wanted"),
    [
        (100_000, 60_000, 90, ("39.13", "23.48", "15.65")),  # x 90 / 230,000
        (100_000, 100_000, 90, ("39.13", "39.13", "0.00")),
        (100_000, 0, 90, ("39.13", "0.00", "39.13")),
        (-5_000, 0, 46, ("-1.00", "0.00", "-1.00")),  # more was credited than is owed
    ],
)
def test_what_is_not_due_is_the_best_that_could_be(closing, current, days, wanted):
    found = a_period(yuan(0), yuan(230_000), yuan(closing), yuan(current), days)
    measured = (found.dso.days, found.best_possible.days, found.average_delinquent.days)
    assert measured == tuple(map(Decimal, wanted))


minors = st.integers(0, 10**12)


@given(minors, st.integers(1, 10**12), minors, st.integers(0, 100), st.integers(1, 400))
def test_best_possible_and_delinquent_days_are_the_whole(opening, sales, closing, share, days):
    """What is due and what is not sum to the receivables, and so do their days, each rounded once."""
    opening, sales, closing = (Money.of_minor(each, "CNY") for each in (opening, sales, closing))
    current = Money.of_minor(closing.minor * share // 100, "CNY")
    found = a_period(opening, sales, closing, current, days)
    assert found.dso.days is not None
    assert found.best_possible.days is not None
    assert found.average_delinquent.days is not None
    assert found.best_possible.days <= found.dso.days
    left = found.dso.days - found.best_possible.days - found.average_delinquent.days
    assert abs(left) <= Decimal("0.01")


@given(minors, st.integers(1, 10**12), st.data())
def test_effectiveness_falls_with_what_is_overdue(opening, sales, data):
    """100 only where nothing overdue is left; more that is overdue never raises it."""
    whole = opening + sales
    closing = data.draw(st.integers(0, whole))
    current = data.draw(st.integers(0, closing))
    more = data.draw(st.integers(closing, whole))
    money = [Money.of_minor(each, "CNY") for each in (opening, sales, closing, more, current)]
    found = Effectiveness(money[0], money[1], money[2], money[4]).percent
    worse = Effectiveness(money[0], money[1], money[3], money[4]).percent
    if found is None or worse is None:
        assert current == whole
        return
    assert 0 <= worse <= found <= 100
    assert closing != current or found == 100


paid = st.lists(st.tuples(st.integers(1, 10**9), st.integers(-60, 200)), min_size=1, max_size=8)


@given(paid, st.integers(1, 30))
def test_money_that_comes_later_is_that_much_later(settled, later):
    """A day more for all money is a day more in the average; nothing else of it is on time then."""
    due = date(2026, 3, 31)

    def late(more):
        return days_late(
            [Settled(due, due + timedelta(n + more), Money.of_minor(minor, "CNY")) for minor, n in settled],
            "CNY",
        )

    first, second = late(0), late(later)
    assert first.average is not None
    assert second.average is not None
    assert second.amount_days - first.amount_days == later * first.amount.minor
    assert abs(second.average - first.average - later) <= Decimal("0.01")
    assert second.on_time <= first.on_time


@given(paid, st.integers(1, 10**9))
def test_money_in_two_parts_is_as_late_as_in_one(settled, part):
    due = date(2026, 3, 31)
    (minor, n), *rest = settled
    cut = min(part, minor)
    halves = [(cut, n), (minor - cut, n), *rest]
    one, two = (
        days_late([Settled(due, due + timedelta(k), Money.of_minor(m, "CNY")) for m, k in each], "CNY")
        for each in (settled, halves)
    )
    assert one == two
