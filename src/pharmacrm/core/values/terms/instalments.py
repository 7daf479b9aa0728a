"""Equal instalments by number or by amount: `6 instalments every 2 weeks`, `instalments of 5.00 every 1 day`.

Every date is counted from the anchor, never from the instalment before it. By number the amounts differ by
one minor unit at most; by amount each is the amount given, and the last one is what is left (分期付款).
"""

from datetime import date
from enum import Enum

from attrs import Attribute, field, frozen

from pharmacrm.core.kernel.calendar import WEEKENDS, WorkCalendar
from pharmacrm.core.kernel.dates import add_days, add_months
from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.values.terms.due import MOST_DAYS, MOST_MONTHS, SHORTEST_MONTH, Monthly, Whole
from pharmacrm.core.values.terms.share import Fixed

MOST_INSTALMENTS = 120


class Unit(Enum):
    """The unit of an interval, with its shortest length in days."""

    DAY = ("day", 1)
    WEEK = ("week", 7)
    MONTH = ("month", SHORTEST_MONTH)

    @property
    def word(self) -> str:
        """The word for one of them."""
        return self.value[0]

    @property
    def shortest(self) -> int:
        """The days of the shortest one."""
        return self.value[1]


def _fits(interval: "Interval", _: "Attribute[Unit]", unit: object) -> None:
    if not isinstance(unit, Unit):
        raise MalformedInput("terms.days", "an interval is of days, weeks or months", value=unit)
    most = MOST_MONTHS if unit is Unit.MONTH else MOST_DAYS // unit.shortest
    if interval.count > most:
        message = f"an interval has at most {most} {unit.word}s"
        raise MalformedInput("terms.days", message, field="count", value=interval.count)


@frozen
class Interval:
    """The time between two instalments: so many days, weeks or months."""

    count: int = field(validator=Whole(1, MOST_DAYS))
    unit: Unit = field(validator=_fits)

    @property
    def earliest(self) -> int:
        """A lower bound of its days."""
        return self.count * self.unit.shortest

    def after(self, anchor: date, times: int) -> date:
        """Give the date so many intervals after the anchor: months never drift."""
        if self.unit is Unit.MONTH:
            return add_months(anchor, self.count * times)
        return add_days(anchor, self.count * self.unit.shortest * times)

    def __str__(self) -> str:
        return f"{self.count} {self.unit.word}{'' if self.count == 1 else 's'}"


MONTHLY = Interval(1, Unit.MONTH)


def _an_interval(_: object, __: "Attribute[Interval]", interval: object) -> None:
    if not isinstance(interval, Interval):
        raise MalformedInput("terms.format", "an interval is wanted", field="interval", value=interval)


@frozen
class Every:
    """So many equal instalments, the first one interval after the anchor."""

    times: int = field(validator=Whole(1, MOST_INSTALMENTS))
    interval: Interval = field(validator=_an_interval)

    @property
    def earliest(self) -> int:
        """The shortest first interval."""
        return self.interval.earliest

    def dates(self, anchor: date, _: WorkCalendar = WEEKENDS) -> tuple[date, ...]:
        """As many dates as instalments."""
        return tuple(self.interval.after(anchor, n) for n in range(1, self.times + 1))

    def __str__(self) -> str:
        return f"{self.times} instalments every {self.interval}"


def _an_amount(_: object, __: "Attribute[Fixed]", amount: object) -> None:
    if not isinstance(amount, Fixed):
        raise MalformedInput("terms.format", "a fixed amount is wanted", field="amount", value=amount)


@frozen
class InstalmentsOf:
    """Instalments of a fixed amount until nothing is left, at most 120; the last one is what is left."""

    amount: Fixed = field(validator=_an_amount)
    interval: Interval = field(validator=_an_interval)

    @property
    def earliest(self) -> int:
        """The shortest first interval."""
        return self.interval.earliest

    def dates(self, anchor: date, _: WorkCalendar = WEEKENDS) -> tuple[date, ...]:
        """The first date; how many there are depends on the amount, see `numbered`."""
        return (self.interval.after(anchor, 1),)

    def pieces(self, whole: Money) -> tuple[Money, ...]:
        """Cut an amount into instalments; raises `terms.instalments` if they are more than 120."""
        each = self.amount.money(whole.currency)
        full, left = divmod(abs(whole).minor, each.minor)
        if full + bool(left) > MOST_INSTALMENTS:
            message = f"instalments of this amount are more than {MOST_INSTALMENTS}"
            raise MalformedInput("terms.instalments", message, field="amount", value=str(self.amount))
        cut = (each,) * full + ((Money.of_minor(left, whole.currency),) if left else ())
        return tuple(-piece for piece in cut) if whole.is_negative else cut

    def numbered(self, times: int) -> "Every | Monthly":
        """The same dates for a number of instalments."""
        return every(times, self.interval)

    def __str__(self) -> str:
        return f"instalments of {self.amount} every {self.interval}"


def every(times: int, interval: Interval) -> Every | Monthly:
    """Instalments by number, under the name of their own where they are monthly."""
    return Monthly(times) if interval == MONTHLY else Every(times, interval)
