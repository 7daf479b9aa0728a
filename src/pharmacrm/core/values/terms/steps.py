"""Rules that move one date to another, alone or as a step of a chain: `net 30 then on friday`.

Each takes a date and gives one date, computed from it alone. `earliest` is a lower bound of the days that it
moves; only `DayOfMonth` may go back. Codes and bounds are those of `due`.
Sources: XT-24, peers section 3 (chained operations, payment days, cut-off day, working days).
"""

from collections.abc import Sequence
from datetime import date

from attrs import Attribute, field, frozen

from pharmacrm.core.kernel.calendar import WEEKENDS, WorkCalendar
from pharmacrm.core.kernel.dates import add_days, add_months, end_of_month
from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.values.terms.due import MOST_DAYS, Whole

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
DAYS_OF_WEEK = 7
LONGEST_MONTH = 31
MOST_WEEKS = MOST_DAYS // DAYS_OF_WEEK


def day_of_month(month: date, day: int) -> date:
    """Give this day of the month that a date lies in, or the month's last day if it is shorter."""
    last = end_of_month(month)
    return last.replace(day=min(day, last.day))


@frozen
class WeeksAfter:
    """So many weeks after the date."""

    weeks: int = field(validator=Whole(1, MOST_WEEKS))

    @property
    def earliest(self) -> int:
        """Exactly the weeks."""
        return self.weeks * DAYS_OF_WEEK

    def dates(self, anchor: date, _: WorkCalendar = WEEKENDS) -> tuple[date, ...]:
        """One date, on the same day of the week."""
        return (add_days(anchor, self.weeks * DAYS_OF_WEEK),)

    def __str__(self) -> str:
        return "net 1 week" if self.weeks == 1 else f"net {self.weeks} weeks"


@frozen
class WorkingDaysAfter:
    """So many working days after the date, by the work calendar (工作日)."""

    days: int = field(validator=Whole(1, MOST_DAYS))

    @property
    def earliest(self) -> int:
        """As if every day was a working day."""
        return self.days

    def dates(self, anchor: date, calendar: WorkCalendar = WEEKENDS) -> tuple[date, ...]:
        """One date: 5 working days after Friday 30 January 2026 is Friday 6 February."""
        return (calendar.working_days_after(anchor, self.days),)

    def __str__(self) -> str:
        return f"net {self.days} working day{'' if self.days == 1 else 's'}"


@frozen
class DayOfMonth:
    """This day of the month that the date lies in, before or after it; the last day of a shorter month.

    A due date before the anchor is moved to the anchor by the timetable.
    """

    day: int = field(validator=Whole(1, LONGEST_MONTH))

    @property
    def earliest(self) -> int:
        """It goes back from the last day of a month to its first at most."""
        return self.day - LONGEST_MONTH

    def dates(self, anchor: date, _: WorkCalendar = WEEKENDS) -> tuple[date, ...]:
        """One date: day 15 of the month of 2 March 2026 is 15 March 2026."""
        return (day_of_month(anchor, self.day),)

    def __str__(self) -> str:
        return f"day {self.day} of month"


@frozen
class OnWeekday:
    """The first such day of the week on or after the date; ISO weekdays, Monday is 1."""

    weekday: int = field(validator=Whole(1, DAYS_OF_WEEK))
    earliest = 0

    def dates(self, anchor: date, _: WorkCalendar = WEEKENDS) -> tuple[date, ...]:
        """One date: Friday on or after 2 March 2026, a Monday, is 6 March."""
        return (add_days(anchor, (self.weekday - anchor.isoweekday()) % DAYS_OF_WEEK),)

    def __str__(self) -> str:
        return f"on {WEEKDAYS[self.weekday - 1]}"


def _rising(_: object, __: "Attribute[tuple[int, ...]]", days: tuple[int, ...]) -> None:
    whole = Whole(1, LONGEST_MONTH)
    for day in days:
        whole(None, _DAY, day)
    if not days or list(days) != sorted(set(days)):
        message = "payment days are days of a month, each once, the earliest first"
        raise MalformedInput("terms.days", message, field="days", value=days)


def _tuple(days: Sequence[int]) -> tuple[int, ...]:
    if not isinstance(days, tuple | list):
        raise MalformedInput("terms.days", "payment days are several numbers", field="days", value=days)
    return tuple(days)


@frozen
class PaymentDays:
    """The first of these days of a month on or after the date (固定付款日): 5,20 pays on the 5th or 20th.

    A day that a month does not have is its last day: 31 is always the end of the month.
    """

    days: tuple[int, ...] = field(converter=_tuple, validator=_rising)
    earliest = 0

    def dates(self, anchor: date, _: WorkCalendar = WEEKENDS) -> tuple[date, ...]:
        """One date: with 5,20 a payment of 6 March is made on 20 March, one of 21 March on 5 April."""
        this = (day_of_month(anchor, day) for day in self.days)
        following = day_of_month(add_months(anchor.replace(day=1), 1), self.days[0])
        return (next((day for day in this if day >= anchor), following),)

    def __str__(self) -> str:
        return f"payment days {','.join(map(str, self.days))}"


@frozen
class CutOff:
    """What is dated after the cut-off day of a month counts from the first of the next month (截止日)."""

    day: int = field(validator=Whole(1, LONGEST_MONTH - 1))
    earliest = 0

    def dates(self, anchor: date, _: WorkCalendar = WEEKENDS) -> tuple[date, ...]:
        """One date: with a cut-off on the 25th, 25 March stays and 26 March becomes 1 April."""
        return (add_months(anchor.replace(day=1), 1) if anchor.day > self.day else anchor,)

    def __str__(self) -> str:
        return f"cut-off {self.day}"


@frozen
class InMonth:
    """The same day in the first such month from the date's own on: seasonal dating (季节性账期)."""

    month: int = field(validator=Whole(1, len(MONTHS)))
    earliest = 0

    def dates(self, anchor: date, _: WorkCalendar = WEEKENDS) -> tuple[date, ...]:
        """One date: in September, from 31 January 2026, is 30 September 2026."""
        return (add_months(anchor, (self.month - anchor.month) % len(MONTHS)),)

    def __str__(self) -> str:
        return f"in {MONTHS[self.month - 1]}"


_DAY: "Attribute[int]" = DayOfMonth.__attrs_attrs__[0]
