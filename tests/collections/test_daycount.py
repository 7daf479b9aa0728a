"""Day counts: the published examples of 30/360, and what every convention keeps."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pharmacrm.core.collections import DayCount

# The published examples of the US (end of February counts as the 30th) and the European convention.
PUBLISHED = [
    ("2007-01-15", "2007-01-30", 15, 15),
    ("2007-01-15", "2007-02-15", 30, 30),
    ("2007-01-15", "2007-07-15", 180, 180),
    ("2007-09-30", "2008-03-31", 180, 180),
    ("2007-09-30", "2007-10-31", 30, 30),
    ("2007-09-30", "2008-09-30", 360, 360),
    ("2007-01-15", "2007-01-31", 16, 15),
    ("2007-01-31", "2007-02-28", 28, 28),
    ("2007-02-28", "2007-03-31", 30, 32),
    ("2006-08-31", "2007-02-28", 178, 178),
    ("2007-02-28", "2007-08-31", 180, 182),
    ("2007-02-14", "2007-02-28", 14, 14),
    ("2007-02-26", "2008-02-29", 363, 363),
    ("2008-02-29", "2009-02-28", 360, 359),
    ("2008-02-29", "2008-03-30", 30, 31),
    ("2008-02-29", "2008-03-31", 30, 31),
    ("2007-02-28", "2007-03-05", 5, 7),
    ("2007-10-31", "2007-11-28", 28, 28),
    ("2007-08-31", "2008-02-29", 179, 179),
    ("2008-02-29", "2008-08-31", 180, 181),
    ("2008-08-31", "2009-02-28", 178, 178),
    ("2009-02-28", "2009-08-31", 180, 182),
]


@pytest.mark.parametrize(("start", "end", "american", "european"), PUBLISHED)
def test_thirty_360(start, end, american, european):
    first, last = date.fromisoformat(start), date.fromisoformat(end)
    assert DayCount.THIRTY_360_US.days(first, last) == american
    assert DayCount.THIRTY_360_EU.days(first, last) == european


@pytest.mark.parametrize("convention", [DayCount.ACT_365, DayCount.ACT_360])
def test_actual_days_are_those_of_the_calendar(convention):
    assert convention.days(date(2026, 1, 31), date(2026, 3, 1)) == 29
    assert convention.days(date(2024, 2, 1), date(2024, 3, 1)) == 29


def test_the_year_is_what_the_name_says():
    assert [each.year for each in DayCount] == [365, 360, 360, 360]


days = st.dates(date(1900, 1, 1), date(2200, 12, 31))


@given(days, days, days, st.sampled_from(DayCount))
def test_a_later_end_never_counts_less(start, one, other, convention):
    low, high = sorted((one, other))
    assert convention.days(start, start) == 0
    if start <= low:
        assert 0 <= convention.days(start, low) <= convention.days(start, high)


@given(days, st.integers(0, 200), st.sampled_from([DayCount.THIRTY_360_US, DayCount.THIRTY_360_EU]))
def test_whole_years_are_360_days(start, years, convention):
    if start.year + years <= 2200 and (start.month, start.day) != (2, 29):
        assert abs(convention.days(start, start.replace(year=start.year + years)) - 360 * years) <= 2
