"""Interest on late payment: by hand, and laws that hold for any debt."""

from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pharmacrm.core.collections import DayCount, InterestFrom, InterestTerms, Paid, RateStep, RateTable
from pharmacrm.core.collections.interest import late_interest
from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.kernel.money import Money, Percentage

DUE = date(2026, 1, 31)


def yuan(amount):
    return Money(amount, "CNY")


def terms(*steps, **more):
    return InterestTerms(rates=RateTable(steps or (RateStep("2000-01-01", "7.3%"),)), **more)


@pytest.mark.parametrize(
    ("as_of", "convention", "wanted"),
    [
        ("2026-01-31", DayCount.ACT_365, "0.00"),
        ("2026-02-01", DayCount.ACT_365, "2.00"),  # 10,000 x 7.3 % / 365
        ("2026-03-02", DayCount.ACT_365, "60.00"),
        ("2026-03-02", DayCount.ACT_360, "60.83"),
        ("2026-03-01", DayCount.THIRTY_360_EU, "62.86"),  # 31 days of 30/360
        ("2027-01-31", DayCount.ACT_365, "730.00"),
        ("2027-01-31", DayCount.ACT_360, "740.14"),
        ("2027-01-31", DayCount.THIRTY_360_US, "730.00"),
        ("2025-12-31", DayCount.ACT_365, "0.00"),
    ],
)
def test_by_hand(as_of, convention, wanted):
    found = late_interest(
        yuan(10_000), [], due=DUE, as_of=date.fromisoformat(as_of), terms=terms(day_count=convention)
    )
    assert found.amount == yuan(wanted)


def test_every_balance_and_every_rate_is_an_addend():
    table = terms(RateStep("2026-01-01", "3.65%"), RateStep("2026-03-01", "7.3%"))
    paid = [Paid(date(2026, 2, 10), yuan(4_000)), Paid(date(2026, 3, 11), yuan(6_000))]
    found = late_interest(yuan(10_000), paid, due=DUE, as_of=date(2026, 6, 30), terms=table)
    assert [(each.days, each.principal, str(each.rate), each.amount) for each in found.addends] == [
        (10, yuan(10_000), "3.65%", yuan(10)),
        (19, yuan(6_000), "3.65%", yuan("11.40")),
        (10, yuan(6_000), "7.3%", yuan(12)),
    ]
    assert found.amount == yuan("33.40")


def test_interest_may_run_from_the_last_payment():  # what one peer is wanted to do, and another always does
    paid = [Paid(date(2026, 2, 10), yuan(4_000))]
    late = {"due": DUE, "as_of": date(2026, 2, 20)}
    whole = late_interest(yuan(10_000), paid, **late, terms=terms())
    last = late_interest(yuan(10_000), paid, **late, terms=terms(runs_from=InterestFrom.LAST_PAYMENT))
    assert whole.amount == yuan("32.00")  # 10 days of 10,000 and 10 of 6,000
    assert last.amount == yuan("12.00")
    early = [Paid(date(2026, 1, 2), yuan(4_000))]
    assert late_interest(
        yuan(10_000), early, **late, terms=terms(runs_from=InterestFrom.LAST_PAYMENT)
    ).amount == yuan("24.00")


def test_free_days_bear_none():
    found = late_interest(yuan(10_000), [], due=DUE, as_of=date(2026, 2, 10), terms=terms(free_days=5))
    assert found.amount == yuan("10.00")


def test_days_before_the_first_rate_bear_none():
    table = terms(RateStep("2026-02-05", "7.3%"))
    found = late_interest(yuan(10_000), [], due=DUE, as_of=date(2026, 2, 10), terms=table)
    assert [(each.start, each.end) for each in found.addends] == [(date(2026, 2, 5), date(2026, 2, 10))]
    assert found.amount == yuan("10.00")


@pytest.mark.parametrize(
    "steps",
    [(), None, "7%", (RateStep("2026-01-01", "1%"), RateStep("2026-01-01", "2%")),
     (RateStep("2026-02-01", "1%"), RateStep("2026-01-01", "2%")), (("2026-01-01", "1%"),)],
)  # fmt: skip
def test_tables_that_cannot_be(steps):
    with pytest.raises(MalformedInput) as error:
        RateTable(steps)
    assert error.value.code == "rates.order"


moments = st.integers(0, 900).map(lambda days: DUE + timedelta(days))
payments = st.lists(st.tuples(moments, st.integers(1, 10**9)), max_size=5)


def table_of(steps):
    rates = sorted(steps.items())
    return RateTable([RateStep(DUE + timedelta(day), Percentage.of_units(rate)) for day, rate in rates])


tables = st.dictionaries(st.integers(-400, 900), st.integers(0, 10**6), min_size=1, max_size=4).map(table_of)
conventions = st.builds(
    InterestTerms,
    rates=tables,
    day_count=st.sampled_from(DayCount),
    runs_from=st.sampled_from(InterestFrom),
    free_days=st.integers(0, 60),
)


@given(st.integers(1, 10**12), payments, moments, conventions)
def test_the_addends_sum_to_the_interest(minor, paid, as_of, how):
    money = [Paid(day, Money.of_minor(amount, "CNY")) for day, amount in paid]
    found = late_interest(Money.of_minor(minor, "CNY"), money, due=DUE, as_of=as_of, terms=how)
    assert Money.total((each.amount for each in found.addends), "CNY") == found.amount
    assert not found.amount.is_negative
    assert all(each.days > 0 and each.principal.is_positive for each in found.addends)
    spans = [(each.start, each.end) for each in found.addends]
    assert all(before[1] <= after[0] for before, after in pairwise(spans))


@given(st.integers(1, 10**12), payments, moments, conventions)
def test_it_is_the_sum_over_days_of_what_was_owed_on_each(minor, paid, as_of, how):
    """Day by day, with actual days: no span, no table, no split."""
    money = [Paid(day, Money.of_minor(amount, "CNY")) for day, amount in paid]
    if how.day_count.value.startswith("30"):
        return
    found = late_interest(Money.of_minor(minor, "CNY"), money, due=DUE, as_of=as_of, terms=how)
    start = DUE + timedelta(how.free_days)
    if how.runs_from is InterestFrom.LAST_PAYMENT:
        start = max([start, *(day for day, _ in paid if day <= as_of)])
    exact = Fraction(0)
    for number in range(max((as_of - start).days, 0)):
        day = start + timedelta(number)
        owed = minor - sum(amount for when, amount in paid if when <= day)
        rates = [step.rate.units for step in how.rates.steps if step.valid_from <= day]
        exact += max(owed, 0) * (rates[-1] if rates else 0)
    exact /= 1_000_000 * how.day_count.year
    assert abs(found.amount.minor - exact) <= Fraction(1, 2)


@given(st.integers(1, 10**12), moments, moments, conventions)
def test_more_days_never_bear_less(minor, one, other, how):
    low, high = sorted((one, other))
    amount = Money.of_minor(minor, "CNY")
    less, more = (late_interest(amount, [], due=DUE, as_of=day, terms=how).amount for day in (low, high))
    assert less <= more
