"""Write plugins/calendars/cn_workdays.csv again.

    python scripts/make_cn_calendar.py [first year] [last year]

Two independent packages must agree on every single day, or nothing is written: `chinesecalendar` (MIT) and
`holidays` (MIT), both of which follow the yearly notice of the State Council of China
(国务院办公厅关于部分节假日安排的通知). Neither is needed at run time. When the notice of a new year is out
(usually in November): upgrade both, run this with the new last year, run the tests.
"""

import csv
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import chinese_calendar  # type: ignore[import-untyped, unused-ignore]  # the package has no types
import holidays

TARGET = Path(__file__).parents[1] / "src/pharmacrm/plugins/calendars/cn_workdays.csv"
HEADER = ("date", "is_working", "name_zh")
FIRST, LAST = 2023, 2026
FRIDAY = 5


def days(first: int, last: int) -> Iterator[date]:
    """Every day from 1 January of the first to 31 December of the last year."""
    start = date(first, 1, 1)
    return (start + timedelta(days=n) for n in range((date(last + 1, 1, 1) - start).days))


def name_of(day: date, *, working: bool) -> str:
    """The Chinese name of the holiday, or the one that a make-up working day pays for."""
    _, english = chinese_calendar.get_holiday_detail(day)
    name = str(chinese_calendar.Holiday(english).chinese)
    name = name if name.endswith(("节", "旦")) else f"{name}节"
    return f"{name}调休上班" if working else name


def exceptions(first: int = FIRST, last: int = LAST) -> Iterator[tuple[str, int, str]]:
    """The days that differ from Monday-to-Friday, as rows; stops where the packages disagree."""
    other = holidays.country_holidays("CN", years=range(first, last + 1))
    for day in days(first, last):
        working = bool(chinese_calendar.is_workday(day))
        if working is not other.is_working_day(day):
            sys.exit(f"chinesecalendar and holidays disagree on {day}: nothing was written")
        if working is not (day.isoweekday() <= FRIDAY):
            yield day.isoformat(), int(working), name_of(day, working=working)


def main(first: int = FIRST, last: int = LAST) -> None:
    """Write the file."""
    rows = list(exceptions(first, last))
    with TARGET.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerows((HEADER, *rows))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:3]))
