"""Day counts (计息天数): how many days lie between two dates, and how many make a year."""

import calendar
from datetime import date
from enum import StrEnum
from typing import Final

MONTH: Final = 30
LONG_MONTH: Final = 31
FEBRUARY: Final = 2


class DayCount(StrEnum):
    """The conventions of interest: actual days over 365 or 360, or months of 30 days (US and European)."""

    ACT_365 = "act/365"
    ACT_360 = "act/360"
    THIRTY_360_US = "30/360 US"
    THIRTY_360_EU = "30/360 EU"

    @property
    def year(self) -> int:
        """The days of a year: what an annual rate is divided by."""
        return 365 if self is DayCount.ACT_365 else 360

    def days(self, start: date, end: date) -> int:
        """Count the days from `start` until `end`; the first counts, the last does not.

        Never less for a later end. 31 January to 1 March 2026 is 29 actual days, and 31 of 30/360.
        """
        if self in {DayCount.ACT_365, DayCount.ACT_360}:
            return (end - start).days
        first, last = self._clipped(start, end)
        return (end.year - start.year) * 360 + (end.month - start.month) * MONTH + last - first

    def _clipped(self, start: date, end: date) -> tuple[int, int]:
        """The days of the month that count: none is later than the 30th, by the rule of the convention."""
        if self is DayCount.THIRTY_360_EU:
            return min(start.day, MONTH), min(end.day, MONTH)
        ends = _ends_february(start)
        first = MONTH if ends else min(start.day, MONTH)
        if ends and _ends_february(end):
            return first, MONTH
        return first, MONTH if first == MONTH and end.day == LONG_MONTH else end.day


def _ends_february(day: date) -> bool:
    return day.month == FEBRUARY and day.day == calendar.monthrange(day.year, FEBRUARY)[1]
