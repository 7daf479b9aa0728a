"""Seasons: a part of every year, such as 15 November to 15 February (旺季)."""

import re
from calendar import isleap
from collections.abc import Iterator
from datetime import date
from typing import Final

from attrs import field, frozen

from pharmacrm.core.kernel.dates import add_days
from pharmacrm.core.kernel.errors import MalformedInput

_FORM: Final = re.compile(r"(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])", re.ASCII)
_LONGEST: Final = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_LAST_YEAR: Final = 2199
"""Dates end with the year 2200: the next turn of a season is not looked for beyond it."""


def as_day_of_year(value: str) -> str:
    """Read a day of every year, `MM-DD`; 02-29 is a day of leap years; the code is `season.format`."""
    found = _FORM.fullmatch(value) if type(value) is str else None
    if found is None or int(found[2]) > _LONGEST[int(found[1]) - 1]:
        raise MalformedInput("season.format", "a day of every year is a text such as 11-15", value=value)
    return value


@frozen
class Season:
    """The part of every year from `first` to `last`, both `MM-DD` and included; it may span New Year."""

    first: str = field(converter=as_day_of_year)
    last: str = field(converter=as_day_of_year)

    def holds(self, day: date) -> bool:
        """Whether a day lies in the season."""
        return self.contains(f"{day:%m-%d}")

    def contains(self, day: str) -> bool:
        """Whether a day of every year, `MM-DD`, lies in the season."""
        if self.first <= self.last:
            return self.first <= day <= self.last
        return day >= self.first or day <= self.last

    def meets(self, other: "Season") -> bool:
        """Whether the two have a day in common."""
        return self.contains(other.first) or other.contains(self.first)

    def edges(self, day: date) -> Iterator[date]:
        """The days of this year and the next on which the season begins, or has just ended."""
        for year in (day.year, min(day.year + 1, _LAST_YEAR)):
            yield _nearest(self.first, year)
            yield add_days(_nearest(self.last, year, later=False), 1)


def _nearest(text: str, year: int, *, later: bool = True) -> date:
    """The day in a year; 29 February of a common year is 1 March as a first day, 28 February as a last."""
    month, day = (int(part) for part in text.split("-"))
    if (month, day) == (2, 29) and not isleap(year):
        return date(year, 3, 1) if later else date(year, 2, 28)
    return date(year, month, day)
