"""Dates, instants, zones, periods and validities."""

from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pharmacrm.core.kernel.dates import (
    Period,
    Validity,
    add_days,
    add_months,
    as_date,
    as_instant,
    as_validity_date,
    end_of_month,
    local_date,
    local_instant,
    zone,
)
from pharmacrm.core.kernel.errors import MalformedInput

FIRST, LAST = date(1900, 1, 1), date(2200, 12, 31)

days = st.dates(FIRST, LAST)
zones = st.sampled_from(
    ["Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "UTC"]
).map(zone)
instants = st.datetimes(datetime(1950, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


def code(do: Any, *arguments: Any) -> str:
    with pytest.raises(MalformedInput) as caught:
        do(*arguments)
    return caught.value.code


def answer(do: Any, *arguments: Any, **options: Any) -> Any:
    """What a reader gives, or the error that it raises."""
    try:
        return do(*arguments, **options)
    except MalformedInput as error:
        return error


# ---------------------------------------------------------------------------------------------------- dates


@given(days)
def test_dates_round_trip_as_text(day: date) -> None:
    assert as_date(day) is day
    assert as_date(day.isoformat()) == day


@pytest.mark.parametrize(
    ("value", "state"),
    [
        (None, "required"),
        ("", "format"),
        ("2026-02-30", "format"),
        ("2026-2-3", "format"),
        ("2026-02-03\n", "format"),
        ("２０２６-02-03", "format"),
        ("1899-12-31", "range"),
        ("2201-01-01", "range"),
        ("0000-01-01", "range"),
        (date.min, "range"),
        (date.max, "range"),
        (datetime(2026, 2, 3, tzinfo=UTC), "type"),
        (20260203, "type"),
        (type("Day", (date,), {})(2026, 2, 3), "type"),
        (type("Text", (str,), {})("2026-02-03"), "type"),
    ],
)
def test_dates_that_are_refused(value: Any, state: str) -> None:
    assert code(as_date, value) == f"date.{state}"
    assert code(as_validity_date, value) == ("date.placeholder" if value == date.max else f"date.{state}")


@given(days, st.integers(-1000, 1000))
def test_adding_days_is_undone_by_taking_them_away(day: date, count: int) -> None:
    later = answer(add_days, day, count)
    if isinstance(later, MalformedInput):
        assert later.code == "date.range"
        assert not FIRST <= day + timedelta(days=count) <= LAST
    else:
        assert later - day == timedelta(days=count)
        assert add_days(later, -count) == day


@pytest.mark.parametrize(
    ("anchor", "months", "expected"),
    [
        ("2026-01-31", [1, 2, 3], ["2026-02-28", "2026-03-31", "2026-04-30"]),
        ("2028-02-29", [12, 48], ["2029-02-28", "2032-02-29"]),
        ("2026-03-31", [-1, 0], ["2026-02-28", "2026-03-31"]),
        ("2026-12-15", [1, 13], ["2027-01-15", "2028-01-15"]),
    ],
)
def test_months_are_counted_from_the_anchor(anchor: str, months: list[int], expected: list[str]) -> None:
    assert [add_months(as_date(anchor), count).isoformat() for count in months] == expected


@given(days, st.integers(-1200, 1200))
def test_months_keep_the_day_or_clip_it_to_the_end_of_the_month(day: date, count: int) -> None:
    later = answer(add_months, day, count)
    if isinstance(later, MalformedInput):
        assert later.code == "date.range"
        assert not FIRST.year * 12 <= day.year * 12 + day.month - 1 + count < (LAST.year + 1) * 12
    else:
        assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == count
        assert later.day == min(day.day, end_of_month(later).day)


@given(days, st.integers(0, 600), st.integers(0, 600))
def test_more_months_are_never_earlier(day: date, one: int, other: int) -> None:
    start = min(day, date(2100, 1, 1))
    assert add_months(start, min(one, other)) <= add_months(start, max(one, other))


@given(days)
def test_the_end_of_a_month_is_followed_by_a_first(day: date) -> None:
    last = end_of_month(day)
    assert (last.year, last.month) == (day.year, day.month)
    assert (last + timedelta(days=1)).day == 1


def test_terms_from_the_vocabulary() -> None:
    january = date(2026, 1, 31)
    assert add_days(january, 30) == date(2026, 3, 2)
    assert add_days(end_of_month(january), 30) == date(2026, 3, 2)


# ------------------------------------------------------------------------------------------------- instants


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-02-03T10:00:00+08:00", "2026-02-03T02:00:00"),
        ("2026-02-03T10:00:00Z", "2026-02-03T10:00:00"),
        ("2026-02-03T10:00:00-00:00", "2026-02-03T10:00:00"),
        ("2026-02-03T10:00:00.5Z", "2026-02-03T10:00:00.500000"),
        ("2026-02-03T10:00:00.000001+14:00", "2026-02-02T20:00:00.000001"),
        ("2026-02-03T10:00:00-14:00", "2026-02-04T00:00:00"),
    ],
)
def test_instants(text: str, utc: str) -> None:
    instant = as_instant(text)
    assert instant.replace(tzinfo=None).isoformat() == utc
    assert instant.tzinfo is UTC


@pytest.mark.parametrize(
    ("value", "state"),
    [
        (None, "required"),
        ("", "format"),
        ("2026-02-03T10:00Z", "format"),
        ("2026-02-03t10:00:00z", "format"),
        ("2026-02-03 10:00:00Z", "format"),
        ("2026-02-03T10:00:00.Z", "format"),
        ("2026-02-03T10:00:00.0000001Z", "format"),
        ("2026-02-03T10:00:00+0800", "format"),
        ("2026-02-03T10:00:00+08:60", "format"),
        ("2026-02-30T10:00:00Z", "format"),
        ("2026-02-03T24:00:00Z", "format"),
        ("2026-06-30T23:59:60Z", "format"),
        ("2026-02-03T10:00:00Z\n", "format"),
        ("2026-02-03T10:00:00", "naive"),
        ("2026-02-03T10:00:00+14:01", "offset"),
        ("2026-02-03T10:00:00-99:00", "offset"),
        ("0001-01-01T00:00:00+14:00", "range"),
        ("0000-01-01T00:00:00Z", "format"),
        ("1900-01-01T00:00:00+08:00", "range"),
        ("9999-12-31T23:59:59-14:00", "range"),
        (datetime(2026, 2, 3), "naive"),  # noqa: DTZ001
        (datetime(2026, 2, 3, tzinfo=timezone(timedelta(hours=14, minutes=1))), "offset"),
        (datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14))), "range"),
        (datetime(9999, 12, 31, tzinfo=timezone(timedelta(hours=-14))), "range"),
        (date(2026, 2, 3), "type"),
        (1700000000, "type"),
        (type("Moment", (datetime,), {})(2026, 2, 3, tzinfo=UTC), "type"),
    ],
)
def test_instants_that_are_refused(value: Any, state: str) -> None:
    assert code(as_instant, value) == f"time.{state}"


class Nowhere(tzinfo):
    """A zone that does not know its offset makes a datetime naive."""

    def utcoffset(self, moment: datetime | None) -> None:
        return None

    dst = tzname = utcoffset


def test_a_zone_without_offset_is_none() -> None:
    assert code(as_instant, datetime(2026, 2, 3, tzinfo=Nowhere())) == "time.naive"


@given(instants, zones)
def test_instants_are_the_same_in_every_zone_and_as_text(instant: datetime, place: Any) -> None:
    assert as_instant(instant.astimezone(place)) == instant
    assert as_instant(instant.isoformat()) == instant
    assert local_date(instant, place) == instant.astimezone(place).date()


@given(instants, zones)
def test_a_local_time_is_read_back(instant: datetime, place: Any) -> None:
    local = instant.astimezone(place)
    shown = local.replace(tzinfo=None, fold=0)
    assert local_instant(shown, place, 1 if local.fold else 0) == instant
    first, second = (local_instant(shown, place, fold) for fold in (0, 1))
    if first == second:
        assert local_instant(shown, place) == instant
    else:
        assert code(local_instant, shown, place) == "time.ambiguous"
        assert first < second


def test_local_times_that_are_refused() -> None:
    shanghai = zone("Asia/Shanghai")
    assert code(local_instant, datetime(2026, 2, 3, tzinfo=UTC), shanghai) == "time.type"
    assert code(local_instant, date(2026, 2, 3), shanghai) == "time.type"
    assert code(local_instant, datetime(2026, 2, 3), shanghai, 2) == "time.type"  # noqa: DTZ001
    assert code(local_instant, datetime(1, 1, 1), shanghai) == "time.range"  # noqa: DTZ001
    assert code(local_instant, datetime(9999, 12, 31), shanghai) == "time.range"  # noqa: DTZ001
    assert code(local_date, datetime(2026, 2, 3), shanghai) == "time.naive"  # noqa: DTZ001


def test_the_day_depends_on_the_zone() -> None:
    instant = as_instant("2026-02-03T16:00:00Z")
    assert local_date(instant, zone("Asia/Shanghai")) == date(2026, 2, 4)
    assert local_date(instant, zone("UTC")) == date(2026, 2, 3)


@pytest.mark.parametrize(
    "name", ["Asia/Shanghai", "UTC", "Etc/GMT+8", "America/Argentina/Buenos_Aires", "W-SU"]
)
def test_zones(name: str) -> None:
    assert zone(name).key == name


@pytest.mark.parametrize(
    "name", ["asia/shanghai", "localtime", "posix/UTC", "Asia/", "Asia//Shanghai", "A" * 5000, "中国"]
)
def test_names_that_are_no_zone(name: str) -> None:
    assert code(zone, name) == "time.zone"


# --------------------------------------------------------------------------------------- periods, validities


@given(days, days, days)
def test_a_period_covers_its_start_but_not_its_end(one: date, other: date, day: date) -> None:
    start, end = sorted((one, other))
    if start == end:
        assert code(Period, start, end) == "period.empty"
    else:
        assert Period(start, end).covers(day) == (start <= day < end)
        assert not Period(start, end).covers(end)
    assert code(Period, end, start) == "period.empty"
    assert Period(start).covers(day) == (day >= start)


@given(st.lists(st.integers(0, 20), min_size=4, max_size=4))
def test_periods_overlap_where_they_have_a_day_in_common(numbers: list[int]) -> None:
    base = date(2026, 1, 1)
    a, b, c, d = (add_days(base, number) for number in numbers)
    one, two = Period(min(a, b), add_days(max(a, b), 1)), Period(min(c, d), add_days(max(c, d), 1))
    common = any(one.covers(day) and two.covers(day) for day in (add_days(base, n) for n in range(22)))
    assert one.overlaps(two) == two.overlaps(one) == common
    assert (
        Period(one.start).overlaps(two)
        == two.overlaps(Period(one.start))
        == (two.end is not None and one.start < two.end)
    )
    assert Period(one.start).overlaps(Period(two.start))


@given(days, days, days)
def test_a_validity_covers_both_ends(one: date, other: date, day: date) -> None:
    start, end = sorted((max(one, date(1970, 1, 2)), max(other, date(1970, 1, 2))))
    assert Validity(start, end).covers(day) == (start <= day <= end)
    assert Validity(start).covers(day) == (start <= day)
    if start < end:
        assert code(Validity, end, start) == "validity.order"


def test_bounds_are_read_strictly() -> None:
    assert Period("2026-01-01", "2026-02-01") == Period(date(2026, 1, 1), date(2026, 2, 1))
    assert code(Period, None) == "date.required"
    assert code(Period, "2026-01-01", datetime(2026, 2, 1, tzinfo=UTC)) == "date.type"
    assert code(Validity, "2026-01-01", "9999-12-31") == "date.placeholder"
