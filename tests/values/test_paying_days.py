"""The days on which a customer pays: days of the month, closures of one year or of every year."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pharmacrm.core.kernel.calendar import WEEKENDS, Roll
from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.values.paying_days import Closure, PayingDays, YearlyClosure
from pharmacrm.core.values.schedule import fill
from pharmacrm.core.values.terms import PaymentDays, parse_terms
from pharmacrm.core.values.timetable import timetable
from tests.covers import covers
from tests.values.strategies import anchors, payment_terms, rolls

AUGUST = YearlyClosure((8, 1), (8, 31))
NEW_YEAR = YearlyClosure((12, 24), (1, 6))
FEBRUARY = YearlyClosure((2, 10), (2, 29))


@covers("XT-24")
@pytest.mark.parametrize(
    ("paying", "day", "paid"),
    [
        (PayingDays(), "2026-08-10", "2026-08-10"),
        (PayingDays(PaymentDays((5, 20))), "2026-08-10", "2026-08-20"),
        (PayingDays(None, (AUGUST,)), "2026-07-31", "2026-07-31"),
        (PayingDays(None, (AUGUST,)), "2026-08-01", "2026-09-01"),
        (PayingDays(PaymentDays((5, 20)), (AUGUST,)), "2026-08-10", "2026-09-05"),
        (PayingDays(None, (NEW_YEAR,)), "2026-12-24", "2027-01-07"),
        (PayingDays(None, (NEW_YEAR,)), "2027-01-06", "2027-01-07"),
        (PayingDays(None, (NEW_YEAR,)), "2027-01-07", "2027-01-07"),
        (PayingDays(None, (FEBRUARY,)), "2026-02-28", "2026-03-01"),
        (PayingDays(None, (FEBRUARY,)), "2028-02-29", "2028-03-01"),
        (PayingDays(None, (Closure("2026-05-01", "2026-05-05"),)), "2026-05-03", "2026-05-06"),
        (PayingDays(None, (Closure("2026-05-01", "2026-05-05"),)), "2027-05-03", "2027-05-03"),
        (PayingDays(None, (Closure("2026-05-01", "2026-05-01", "2026-05-15"),)), "2026-05-01", "2026-05-15"),
        (PayingDays(None, (AUGUST, YearlyClosure((9, 1), (9, 3)))), "2026-08-10", "2026-09-04"),
    ],
)
def test_a_due_date_moves_to_a_day_of_payment(paying, day, paid):
    assert paying.move(date.fromisoformat(day)) == date.fromisoformat(paid)


@pytest.mark.parametrize(
    ("roll", "closures", "due"),
    [
        (Roll.NONE, (), "2026-06-20"),  # a Saturday
        (Roll.FOLLOWING, (), "2026-06-22"),
        (Roll.PRECEDING, (), "2026-06-19"),
        (Roll.FOLLOWING, (Closure("2026-06-22", "2026-06-24"),), "2026-06-25"),
        (Roll.PRECEDING, (Closure("2026-06-18", "2026-06-19"),), "2026-06-22"),
    ],
)
def test_a_day_of_payment_that_is_no_working_day_is_rolled(roll, closures, due):
    paying = PayingDays(PaymentDays((5, 20)), closures)
    table = timetable(parse_terms("net 10"), anchor=date(2026, 6, 2), roll=roll, paying=paying)
    assert table.slots[0].due == date.fromisoformat(due)


def test_the_work_calendar_comes_last_and_never_leads_into_a_closure():
    paying = PayingDays(None, (Closure("2026-08-03", "2026-08-07"),))
    table = timetable(parse_terms("on delivery"), anchor=date(2026, 8, 1), paying=paying)  # a Saturday
    planned = fill(table, Money("5.00", "CNY"))
    assert planned.instalments[0].due == date(2026, 8, 10)


REFUSED: list[tuple[Any, tuple[Any, ...], str]] = [
    (Closure, ("2026-05-02", "2026-05-01"), "closure.order"),
    (Closure, ("2026-05-01", "2026-05-05", "2026-05-05"), "closure.order"),
    (Closure, ("2026-13-01", "2026-05-05"), "date.format"),
    (YearlyClosure, ((2, 30), (3, 1)), "closure.day"),
    (YearlyClosure, ((0, 1), (3, 1)), "closure.day"),
    (YearlyClosure, ((1, 1), (1, 0)), "closure.day"),
    (YearlyClosure, ("01-01", (1, 2)), "closure.day"),
    (PayingDays, (None, "august"), "closure.type"),
    (PayingDays, (None, (date(2026, 8, 1),)), "closure.type"),
    (PayingDays, ((5, 20),), "closure.type"),
    (PayingDays(None, (YearlyClosure((1, 1), (12, 31)),)).move, (date(2026, 5, 5),), "closure.endless"),
]


@pytest.mark.parametrize(("kind", "arguments", "code"), REFUSED)
def test_what_cannot_be_meant_is_refused(kind, arguments, code):
    with pytest.raises(MalformedInput) as caught:
        kind(*arguments)
    assert caught.value.code == code


_days = st.sets(st.integers(1, 31), min_size=1, max_size=3).map(lambda days: tuple(sorted(days)))
_some_weeks = st.builds(
    lambda month, first, last: YearlyClosure((month, first), (month % 12 + 1, last)),
    st.integers(1, 12),
    st.integers(1, 28),
    st.integers(1, 15),
)
paying_days = st.builds(
    PayingDays,
    st.none() | st.builds(PaymentDays, _days),
    st.lists(_some_weeks, max_size=1),
)


@given(payment_terms(), anchors, rolls, paying_days)
def test_law_a_customer_pays_on_its_days_and_never_before_the_anchor(terms, anchor, roll, paying):
    table = timetable(terms, anchor=anchor, roll=roll, paying=paying)
    for slot in (slot for slot in table.slots if slot.kind.on_credit):
        assert slot.due >= anchor
        assert all(offer.until <= slot.due for offer in slot.offers)
        if roll is Roll.NONE:
            assert paying.move(slot.due) == slot.due
        else:
            assert WEEKENDS.is_working(slot.due) or slot.due == table.starts[slot.part]
        assert paying.opens(slot.due) == slot.due
