"""The due rules with a name of their own: when a part of the total is due, counted from the anchor.

Every rule is a small value that computes its dates from the anchor and never from an earlier due date, so
that months do not drift: three monthly instalments from 31 January are due on 28 February, 31 March and 30
April. `earliest` is a lower bound of the days between anchor and due date; an early payment discount has to
end within it.

More rules stand in `steps` and `instalments`, and `chain` puts rules one behind the other.

Days are calendar days, 0 to 3650; months 0 or 1 to 120. Anything else, `True` and `"30"` included, raises
`MalformedInput` with the code `terms.days`. A date past the year 9999 raises `date.range`.
Sources: XT-24, XT-25, vocabulary 5.4, peers section 9 (Dolibarr#18694, OCA/account-payment#919).
"""

from datetime import date

from attrs import Attribute, field, frozen

from pharmacrm.core.kernel.calendar import WEEKENDS, WorkCalendar
from pharmacrm.core.kernel.dates import add_days, add_months, end_of_month
from pharmacrm.core.kernel.errors import MalformedInput

MOST_DAYS = 3650
MOST_MONTHS = 120
SHORTEST_MONTH = 28


@frozen
class Whole:
    """A validator: an integer, and not a bool, from `least` to `most`; else `terms.days`."""

    least: int
    most: int

    def __call__(self, _: object, attribute: "Attribute[int]", value: object) -> None:
        """Raise unless the value fits."""
        if type(value) is not int or not self.least <= value <= self.most:
            message = f"{attribute.name} is a whole number from {self.least} to {self.most}"
            raise MalformedInput("terms.days", message, field=attribute.name, value=value)


@frozen
class OnOrder:
    """Due with the order itself, before anything is shipped (预付款): the rule that makes a part prepaid."""

    earliest = 0

    def dates(self, anchor: date, _: WorkCalendar = WEEKENDS) -> tuple[date, ...]:
        """The anchor: here the date of the order."""
        return (anchor,)

    def __str__(self) -> str:
        return "prepaid"


@frozen
class Net:
    """So many days after the anchor (账期); 0 means on delivery (货到付款)."""

    days: int = field(validator=Whole(0, MOST_DAYS))

    @property
    def earliest(self) -> int:
        """Exactly the days."""
        return self.days

    def dates(self, anchor: date, _: WorkCalendar = WEEKENDS) -> tuple[date, ...]:
        """One date: net 30 from 31 January 2026 is 2 March 2026."""
        return (add_days(anchor, self.days),)

    def __str__(self) -> str:
        return f"net {self.days}" if self.days else "on delivery"


@frozen
class NetThenEndOfMonth:
    """So many days after the anchor, then to the end of that month."""

    days: int = field(validator=Whole(0, MOST_DAYS))

    @property
    def earliest(self) -> int:
        """The days, if they happen to end with a month."""
        return self.days

    def dates(self, anchor: date, _: WorkCalendar = WEEKENDS) -> tuple[date, ...]:
        """One date: 45 days from 13 September 2021, then the end of the month, is 31 October 2021."""
        return (end_of_month(add_days(anchor, self.days)),)

    def __str__(self) -> str:
        return f"net {self.days} end of month"


@frozen
class EndOfMonthThenNet:
    """So many days after the end of the anchor's month (月结 plus days)."""

    days: int = field(validator=Whole(0, MOST_DAYS))

    @property
    def earliest(self) -> int:
        """The days, if the anchor is the last day of its month."""
        return self.days

    def dates(self, anchor: date, _: WorkCalendar = WEEKENDS) -> tuple[date, ...]:
        """One date: the end of the month of 13 September 2021, then 45 days, is 14 November 2021."""
        return (add_days(end_of_month(anchor), self.days),)

    def __str__(self) -> str:
        return f"end of month + {self.days}"


@frozen
class MonthsAfter:
    """The same day so many months later, or the last day of a month that is too short."""

    months: int = field(validator=Whole(1, MOST_MONTHS))

    @property
    def earliest(self) -> int:
        """As if every month had 28 days."""
        return self.months * SHORTEST_MONTH

    def dates(self, anchor: date, _: WorkCalendar = WEEKENDS) -> tuple[date, ...]:
        """One date: 1 month after 31 January 2026 is 28 February 2026."""
        return (add_months(anchor, self.months),)

    def __str__(self) -> str:
        return f"net {months_text(self.months)}"


@frozen
class EndOfMonthAfter:
    """The last day of the month that lies so many months after the anchor's; 0 is its own (月结)."""

    months: int = field(validator=Whole(0, MOST_MONTHS))

    @property
    def earliest(self) -> int:
        """As if the anchor ended its month and every month had 28 days."""
        return self.months * SHORTEST_MONTH

    def dates(self, anchor: date, _: WorkCalendar = WEEKENDS) -> tuple[date, ...]:
        """One date: one month after 28 February 2025 it is 31 March 2025, never 28 March."""
        return (end_of_month(add_months(anchor, self.months)),)

    def __str__(self) -> str:
        endings = {0: "end of month", 1: "end of next month"}
        return endings.get(self.months, f"end of month + {months_text(self.months)}")


@frozen
class DayOfMonthAfter:
    """A fixed day of the month that lies so many months after the anchor's (固定日付款).

    A month that is too short gives its last day.
    """

    day: int = field(validator=Whole(1, 31))
    months: int = field(default=1, validator=Whole(1, MOST_MONTHS))

    @property
    def earliest(self) -> int:
        """As if the anchor ended its month and every month had 28 days."""
        return (self.months - 1) * SHORTEST_MONTH + min(self.day, SHORTEST_MONTH)

    def dates(self, anchor: date, _: WorkCalendar = WEEKENDS) -> tuple[date, ...]:
        """One date: day 15 of the month after 31 January 2026 is 15 February 2026."""
        last = end_of_month(add_months(anchor, self.months))
        return (last.replace(day=min(self.day, last.day)),)

    def __str__(self) -> str:
        month = "next month" if self.months == 1 else f"month + {months_text(self.months)}"
        return f"day {self.day} of {month}"


@frozen
class Monthly:
    """Equal instalments after 1, 2, 3 ... months, each counted from the anchor (分期付款)."""

    times: int = field(validator=Whole(1, MOST_MONTHS))

    @property
    def earliest(self) -> int:
        """The shortest first month."""
        return SHORTEST_MONTH

    def dates(self, anchor: date, _: WorkCalendar = WEEKENDS) -> tuple[date, ...]:
        """As many dates as instalments: from 31 January 2026 they are 28 February, 31 March, 30 April."""
        return tuple(add_months(anchor, n) for n in range(1, self.times + 1))

    def __str__(self) -> str:
        return f"{self.times} monthly"


def months_text(n: int) -> str:
    """Write a number of months: `1 month`, `3 months`."""
    return "1 month" if n == 1 else f"{n} months"
