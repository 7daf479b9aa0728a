import copy
import csv
import pickle
import runpy
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pharmacrm.core.kernel.calendar import WEEKENDS, Roll, Rolled, WorkCalendar
from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.plugins.calendars import china
from tests.covers import covers
from tests.values.strategies import anchors, calendars, rolls

ROOT = Path(__file__).parents[2]
DAYS_OFF = st.frozensets(st.integers(1, 7), max_size=6)


def source_rows() -> list[dict[str, str]]:
    text = (ROOT / "tests/data/cn_workdays_2023_2025.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def test_every_day_of_the_source_table_is_as_published():
    rows = source_rows()
    wrong = [
        row
        for row in rows
        if china().is_working(date.fromisoformat(row["date"])) != (row["is_workday"] == "1")
    ]
    assert len(rows) == 1096
    assert wrong == []


def test_every_make_up_day_of_the_source_table_is_a_known_exception():
    made_up = [date.fromisoformat(row["date"]) for row in source_rows() if row["makeup_workday"] == "1"]
    assert len(made_up) == 20
    assert all(china().exceptions[day] and day.isoweekday() > 5 for day in made_up)


def test_the_file_holds_nothing_but_exceptions():
    assert all(working is not (day.isoweekday() < 6) for day, working in china().exceptions.items())


def test_china_is_read_once_and_knows_2023_to_2026():
    assert china() is china()
    assert china().name == "cn"
    assert china().published == frozenset({2023, 2024, 2025, 2026})
    assert not china().knows(date(2027, 1, 1))


def test_the_file_agrees_with_a_package_on_every_day():
    """One of the two packages; `holidays`, the other, holds python-dateutil below 3 and is not installed."""
    package = pytest.importorskip("chinese_calendar")
    first, last = date(2023, 1, 1), date(2026, 12, 31)
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    assert [day for day in days if package.is_workday(day) is not china().is_working(day)] == []


def test_the_file_is_what_two_packages_agree_on(capsys):
    pytest.importorskip("chinese_calendar")
    pytest.importorskip("holidays")
    script = runpy.run_path(str(ROOT / "scripts/make_cn_calendar.py"))
    rows = [",".join(map(str, row)) for row in (script["HEADER"], *script["exceptions"]())]
    assert script["TARGET"].read_text(encoding="utf-8").splitlines() == rows
    assert "chinese_calendar" in sys.modules


@pytest.mark.parametrize(
    ("day", "rule", "moved", "known"),
    [
        ("2026-02-13", Roll.FOLLOWING, "2026-02-13", True),  # a working Friday stays
        ("2026-02-14", Roll.FOLLOWING, "2026-02-14", True),  # a Saturday that is worked
        ("2026-02-15", Roll.FOLLOWING, "2026-02-24", True),  # the Spring Festival
        ("2026-02-23", Roll.PRECEDING, "2026-02-14", True),
        ("2026-02-23", Roll.NONE, "2026-02-23", True),
        ("2026-10-01", Roll.MODIFIED_FOLLOWING, "2026-10-08", True),
        ("2026-01-31", Roll.MODIFIED_FOLLOWING, "2026-01-30", True),
        ("2026-12-31", Roll.FOLLOWING, "2026-12-31", True),
        ("2027-01-01", Roll.FOLLOWING, "2027-01-01", False),  # a Friday, and nobody knows yet
        ("2027-01-02", Roll.PRECEDING, "2027-01-01", False),
        ("2023-01-01", Roll.PRECEDING, "2022-12-30", False),
        ("2023-01-01", Roll.FOLLOWING, "2023-01-03", True),
        ("2027-01-02", Roll.NONE, "2027-01-02", True),
    ],
)
@covers("XT-24")
def test_rolling_in_china(day, rule, moved, known):
    assert china().roll(date.fromisoformat(day), rule) == Rolled(date.fromisoformat(moved), known)


@pytest.mark.parametrize(
    ("year", "month", "reminder"),
    [(2027, 2, 23), (2026, 10, 27), (2026, 5, 26), (2024, 2, 26)],
)
def test_golden_reminders_three_working_days_before_the_month_ends(year, month, reminder):
    assert WEEKENDS.days_before_month_end(year, month, 3) == date(year, month, reminder)


def test_before_month_end_may_be_a_weekend_and_a_reminder_then_moves_ahead():
    literal = WEEKENDS.days_before_month_end(2026, 9, 3)
    assert literal == date(2026, 9, 27)
    assert literal.isoweekday() == 7
    assert WEEKENDS.roll(literal, Roll.PRECEDING).day == date(2026, 9, 25)


def test_before_month_end_with_china_counts_the_holidays():
    assert china().days_before_month_end(2026, 2, 3) == date(2026, 2, 25)
    assert WEEKENDS.days_before_month_end(2026, 2, 3) == date(2026, 2, 24)


@given(st.integers(1990, 2100), st.integers(1, 12), st.integers(0, 40), calendars())
def test_law_exactly_n_working_days_follow_and_no_later_date_has_as_many(year, month, n, calendar):
    day = calendar.days_before_month_end(year, month, n)
    last = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
    after = [day + timedelta(days=d) for d in range(1, (last - day).days + 1)]
    assert sum(map(calendar.is_working, after)) == n
    assert n == 0 or calendar.is_working(after[0])


@given(anchors, st.integers(0, 30), calendars())
def test_law_counting_forth_and_back_is_the_same_working_day(day, n, calendar):
    start = calendar.roll(day, Roll.FOLLOWING).day
    there = calendar.working_days_after(start, n)
    assert calendar.working_days_before(there, n) == start
    between = [start + timedelta(days=d) for d in range(1, (there - start).days + 1)]
    assert sum(map(calendar.is_working, between)) == n


@given(anchors, anchors, rolls, calendars())
def test_law_rolling_gives_working_days_keeps_their_order_and_is_idempotent(one, other, rule, calendar):
    first, second = (calendar.roll(day, rule).day for day in sorted([one, other]))
    assert first <= second
    assert rule is Roll.NONE or calendar.is_working(first)
    assert calendar.roll(first, rule).day == first


@given(anchors, calendars())
def test_law_next_and_previous_are_neighbours(day, calendar):
    assert calendar.previous_working(day) < day < calendar.next_working(day)
    working = calendar.roll(day, Roll.FOLLOWING).day
    assert calendar.previous_working(calendar.next_working(working)) == working


@given(anchors, DAYS_OFF)
def test_law_any_weekend_but_a_whole_week_has_working_days(day, weekend):
    calendar = WorkCalendar("drawn", weekend=weekend)
    assert calendar.next_working(day).isoweekday() not in weekend


def test_the_exceptions_are_a_copy_and_cannot_be_changed():
    given_days = {date(2026, 1, 1): False}
    calendar = WorkCalendar("ours", given_days)
    given_days.clear()
    assert not calendar.is_working(date(2026, 1, 1))
    with pytest.raises(TypeError):
        calendar.exceptions[date(2026, 1, 2)] = False  # type: ignore[index]  # wrong on purpose: what becomes of it is tested
    assert calendar == WorkCalendar("ours", {date(2026, 1, 1): False})
    assert hash(calendar) == hash(WorkCalendar("ours", {date(2026, 1, 1): False}))


def test_a_calendar_travels_to_another_process():
    assert pickle.loads(pickle.dumps(china())) == china()
    assert copy.deepcopy(WEEKENDS) == WEEKENDS


@pytest.mark.parametrize("weekend", [frozenset(range(1, 8)), frozenset({0}), frozenset({8, 1})])
def test_a_weekend_is_some_weekdays(weekend):
    with pytest.raises(MalformedInput, match=r"calendar\.weekend"):
        WorkCalendar("closed", weekend=weekend)


def test_a_calendar_that_never_opens_is_found_out():
    closed = {date(2026, 1, 1) + timedelta(days=n): False for n in range(800)}
    with pytest.raises(MalformedInput, match=r"calendar\.closed"):
        WorkCalendar("closed", closed).next_working(date(2026, 1, 1))


@pytest.mark.parametrize("n", [-1, True, "3", 3.0, 10**9, None])
def test_a_number_of_working_days_is_whole_and_bounded(n):
    for count in (WEEKENDS.working_days_after, WEEKENDS.working_days_before):
        with pytest.raises(MalformedInput, match=r"calendar\.days"):
            count(date(2026, 1, 1), n)
    with pytest.raises(MalformedInput, match=r"calendar\.days"):
        WEEKENDS.days_before_month_end(2026, 1, n)


@pytest.mark.parametrize(
    ("year", "month"), [(2026, 13), (2026, 0), (0, 1), (2026, "1"), (None, 1), (10**9, 1)]
)
def test_a_month_is_a_month(year, month):
    with pytest.raises(MalformedInput, match=r"calendar\.month"):
        WEEKENDS.days_before_month_end(year, month, 3)


def test_the_end_of_time_is_an_error_of_ours():
    with pytest.raises(MalformedInput, match=r"date\.range"):
        WEEKENDS.working_days_after(date(2200, 12, 30), 5)
