"""Working days: which dates count, how a date off the calendar is moved, and how to count from a date.

A `WorkCalendar` (工作日历) is a plain value. A calendar knows the years whose official table has been
published; for any other year it falls back to its weekend and says so, so that the caller can answer with
the warning `calendar.unpublished`. China publishes the table of a year, make-up working days (调休) included,
in the autumn before.

Sources: XT-24 (roll rule of due dates), vocabulary 5.6 (the n-th working day before the end of a month).
"""

from collections.abc import Mapping
from datetime import date
from enum import Enum
from types import MappingProxyType

from attrs import Attribute, field, frozen

from pharmacrm.core.kernel.dates import add_days, end_of_month
from pharmacrm.core.kernel.errors import MalformedInput

LONGEST_CLOSURE = 366
"""Days after which the search for a working day gives up: no real calendar is closed for longer."""

MOST_DAYS = 3650
"""The largest number of working days that can be counted in one call."""


class Roll(Enum):
    """What happens to a date that is not a working day."""

    NONE = "none"
    """It stays."""
    FOLLOWING = "following"
    """It moves to the next working day (顺延)."""
    PRECEDING = "preceding"
    """It moves to the working day before (提前), the rule for reminders."""
    MODIFIED_FOLLOWING = "modified_following"
    """It moves to the next working day, or to the one before if the next lies in another month."""


@frozen
class Rolled:
    """A date after rolling; `known` is false if it was looked up in a year without a published table."""

    day: date
    known: bool = True


def _frozen_copy(exceptions: Mapping[date, bool]) -> Mapping[date, bool]:
    return MappingProxyType(dict(exceptions))


def _some_working_day(_: object, __: "Attribute[frozenset[int]]", weekend: frozenset[int]) -> None:
    if not weekend < frozenset(range(1, 8)):
        message = "the weekend is a set of ISO weekdays, 1 to 7, but not all of them"
        raise MalformedInput("calendar.weekend", message, field="weekend", value=sorted(weekend))


@frozen
class WorkCalendar:
    """The working days of one country, company or warehouse.

    `exceptions` holds the days that differ from the weekend rule: False for a public holiday, True for a
    make-up working day. `weekend` holds ISO weekdays (Monday is 1). `published` holds the years whose table
    is complete; None means every year, for a calendar that follows from a rule alone.
    """

    name: str
    exceptions: Mapping[date, bool] = field(factory=dict, converter=_frozen_copy, hash=False, repr=False)
    weekend: frozenset[int] = field(
        default=frozenset({6, 7}), converter=frozenset, validator=_some_working_day
    )
    published: frozenset[int] | None = None

    def is_working(self, day: date) -> bool:
        """Whether people work on this day; an unpublished year has little but its weekends."""
        return self.exceptions.get(day, day.isoweekday() not in self.weekend)

    def knows(self, day: date) -> bool:
        """Whether the official table of the day's year is part of this calendar."""
        return self.published is None or day.year in self.published

    def next_working(self, day: date) -> date:
        """The first working day after this day, which itself never counts."""
        return self._search(day, 1)

    def previous_working(self, day: date) -> date:
        """The last working day before this day, which itself never counts."""
        return self._search(day, -1)

    def roll(self, day: date, rule: Roll) -> Rolled:
        """Move a date that is not a working day as the rule says; a working day stays where it is.

        Not `known` if the date, or the one that it moved to, lies in an unpublished year. `Roll.NONE` asks
        nothing of the calendar, so that its answer is always known.
        """
        if rule is Roll.NONE:
            return Rolled(day)
        moved = day if self.is_working(day) else self._moved(day, rule)
        return Rolled(moved, known=self.knows(day) and self.knows(moved))

    def working_days_after(self, day: date, n: int) -> date:
        """The date n working days after this day (exclusive); n = 0 gives the day itself."""
        return self._count(day, n, 1)

    def working_days_before(self, day: date, n: int) -> date:
        """The date n working days before this day (exclusive); n = 0 gives the day itself."""
        return self._count(day, n, -1)

    def days_before_month_end(self, year: int, month: int, n: int) -> date:
        """The latest date with exactly n working days after it up to the end of the month.

        The date itself need not be a working day: a month that ends on a Wednesday gives a Sunday for n =
        3. A reminder then moves to the working day before: `roll(day, Roll.PRECEDING)`, which keeps the
        count of n. Source: vocabulary 5.6 (quota reminder 3 working days before the month ends).
        """
        day, left = _last_day(year, month), _checked(n)
        while left:
            left -= self.is_working(day)
            day = add_days(day, -1)
        return day

    def __reduce__(self) -> tuple[type["WorkCalendar"], tuple[object, ...]]:
        """Pickle and copy the read-only exceptions as the plain mapping that they were."""
        return WorkCalendar, (self.name, dict(self.exceptions), self.weekend, self.published)

    def _moved(self, day: date, rule: Roll) -> date:
        if rule is Roll.PRECEDING:
            return self.previous_working(day)
        following = self.next_working(day)
        leaves_month = rule is Roll.MODIFIED_FOLLOWING and following.month != day.month
        return self.previous_working(day) if leaves_month else following

    def _count(self, day: date, n: int, step: int) -> date:
        for _ in range(_checked(n)):
            day = self._search(day, step)
        return day

    def _search(self, day: date, step: int) -> date:
        for distance in range(1, LONGEST_CLOSURE + 1):
            candidate = add_days(day, step * distance)
            if self.is_working(candidate):
                return candidate
        message = f"calendar {self.name} has no working day within {LONGEST_CLOSURE} days"
        raise MalformedInput("calendar.closed", message, field="exceptions", value=day)


def _checked(n: int) -> int:
    if type(n) is not int or not 0 <= n <= MOST_DAYS:
        raise MalformedInput(
            "calendar.days", f"a number of working days is 0 to {MOST_DAYS}", field="n", value=n
        )
    return n


def _last_day(year: int, month: int) -> date:
    try:
        return end_of_month(date(year, month, 1))
    except (TypeError, ValueError) as error:
        message = "a month is a year and a number from 1 to 12"
        raise MalformedInput("calendar.month", message, field="month", value=(year, month)) from error


WEEKENDS = WorkCalendar("weekends")
"""The calendar that knows no holidays: Monday to Friday are working days in every year."""
