"""Terms in any currency, on any day from 1900 through 2200: exact, in order, or refused by name."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import TypeVar

from hypothesis import given
from hypothesis import strategies as st

from pharmacrm.core.kernel.calendar import Roll, WorkCalendar
from pharmacrm.core.kernel.dates import FIRST_YEAR, LAST_YEAR
from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.values.paying_days import ANY_DAY, PayingDays
from pharmacrm.core.values.schedule import Plan, credit_plan, fill, plan, split
from pharmacrm.core.values.terms import PaymentTerms, parse_terms
from pharmacrm.core.values.timetable import timetable
from tests.covers import covers
from tests.values.strategies import calendars, payment_terms, rolls, switched_terms

FIRST, LAST = date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31)
CURRENCIES = ("JPY", "CNY", "KWD", "CLF")
"""Of 0, 2, 3 and 4 decimal places."""

money = st.builds(
    Money.of_minor,
    st.just(0) | st.integers(-200, 200) | st.integers(-(10**15), 10**15),
    st.sampled_from(CURRENCIES),
)
near_the_ends = st.integers(0, 900).flatmap(
    lambda days: st.sampled_from([FIRST + timedelta(days), LAST - timedelta(days)])
)
any_day = st.dates(FIRST, LAST) | near_the_ends
closed = "payment days 5,20, closed 12-24 to 01-06"
paying = st.sampled_from([ANY_DAY, PayingDays.parse(closed), PayingDays.parse("payment days 31")])
T = TypeVar("T")


def in_range(call: Callable[[], T]) -> T | None:
    """What a call gives; None where a date would lie after the last year, and for no other reason."""
    try:
        return call()
    except MalformedInput as error:
        if error.code != "date.range":
            raise
        return None


def planned(
    terms: PaymentTerms, amount: Money, anchor: date, calendar: WorkCalendar, roll: Roll
) -> Plan | None:
    return in_range(lambda: plan(terms, amount, anchor=anchor, calendar=calendar, roll=roll, untaxed=amount))


@covers("XT-24")
@given(payment_terms(), money, any_day, calendars(), rolls)
def test_law_a_plan_is_exact_and_in_order_or_its_days_are_out_of_range(terms, amount, anchor, calendar, roll):
    found = planned(terms, amount, anchor, calendar, roll)
    if found is None:
        return
    dues = [each.due for each in found.instalments]
    assert Money.total((each.amount for each in found.instalments), amount.currency) == amount
    assert dues == sorted(dues)
    assert all(FIRST <= anchor <= due <= LAST for due in dues)
    assert all(each.amount.is_negative is amount.is_negative for each in found.instalments)
    assert [each.amount for each in found.instalments] == [amount] or all(
        each.amount for each in found.instalments
    )
    for each in found.instalments:
        assert all(anchor <= offer.until <= each.due for offer in each.discounts)
        assert all(abs(offer.amount) <= abs(each.amount) for offer in each.discounts)
    mirror = planned(terms, -amount, anchor, calendar, roll)
    assert mirror is not None
    assert [(each.due, -each.amount) for each in mirror.instalments] == [
        (each.due, each.amount) for each in found.instalments
    ]


@given(
    money,
    any_day,
    st.integers(1, 60),
    st.sampled_from(["net 0", "net 30", "{n} monthly", "{n} instalments every 2 weeks"]),
)
def test_law_equal_parts_differ_by_one_minor_unit_the_larger_first(amount, anchor, times, words):
    """The largest remainder of equal parts: what does not divide goes to the first of them, one unit each."""
    terms = parse_terms(words.replace("{n}", str(times)))
    found = planned(terms, amount, anchor, calendar=WorkCalendar("plain", {}), roll=Roll.NONE)
    if found is None or not amount:
        return
    sizes = [abs(each.amount.minor) for each in found.instalments]
    assert sizes == sorted(sizes, reverse=True)
    assert sum(sizes) == abs(amount.minor)
    assert max(sizes) - min(sizes) <= 1


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=8).filter(any), money)
def test_law_shares_are_cut_by_largest_remainder(weights, amount):
    """Each has the whole units of its exact share; what is left goes to the largest remainders, in order."""
    whole, size = sum(weights), abs(amount.minor)
    exact = [divmod(size * weight, whole) for weight in weights]
    left = size - sum(units for units, _ in exact)
    larger = sorted(range(len(weights)), key=lambda place: (-exact[place][1], place))[:left]
    wanted = [units + (place in larger) for place, (units, _) in enumerate(exact)]
    sign = -1 if amount.is_negative else 1
    assert [piece.minor for piece in amount.allocate(weights)] == [sign * units for units in wanted]


@given(switched_terms(), money, st.integers(0, 1000), any_day)
def test_law_a_delivery_of_any_order_is_cut_exactly(terms, amount, thousandths, anchor):
    if not any(part.kind.on_credit for part in terms.parts):
        return
    order = amount * 3
    net = order.share(thousandths, 1000)
    found = in_range(lambda: credit_plan(terms, amount, anchor=anchor, order_total=order, order_untaxed=net))
    if found is None:
        return
    assert Money.total((each.amount for each in found.instalments), amount.currency) == amount
    assert [each.due for each in found.instalments] == sorted(each.due for each in found.instalments)
    assert Money.total(split(terms, amount, untaxed=amount), amount.currency) == amount


@given(payment_terms(), money, any_day, paying, calendars())
def test_law_days_of_payment_only_move_later(terms, amount, anchor, days, calendar):
    free = in_range(lambda: timetable(terms, anchor=anchor, calendar=calendar))
    moved = in_range(lambda: timetable(terms, anchor=anchor, calendar=calendar, paying=days))
    if free is None or moved is None:
        return
    before, after = (fill(table, amount, untaxed=amount).instalments for table in (free, moved))
    assert Money.total((each.amount for each in after), amount.currency) == amount
    assert [each.due for each in after] == sorted(each.due for each in after)
    for one, other in zip(free.slots, sorted(moved.slots, key=lambda slot: slot.due), strict=True):
        assert one.due <= other.due <= LAST
    assert len(before) == len(after)
