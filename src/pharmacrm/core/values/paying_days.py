"""When a customer pays: days of the month on which payments are made, and times of no payments at all.

A due date is moved to the customer's next payment day (客户付款日), and out of a closure (停付期) to the day
after it. The work calendar comes last. The text form is in `paying_text`. Sources: peers section 3 (customer
payment days, closure periods, holidays with a postponed date); a closure may span New Year, which OCA's
cannot.
"""

from collections.abc import Sequence
from datetime import date
from typing import ClassVar

from attrs import Attribute, evolve, field, frozen

from pharmacrm.core.kernel.dates import add_days, as_date
from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.values.terms import PaymentDays
from pharmacrm.core.values.terms.steps import day_of_month

MOST_CLOSURES = 60
MOST_MOVES = 150
"""Moves after which no day of payment is to be found: the closures leave none."""


@frozen
class Closure:
    """No payments from `first` to `last`, both included; what is due then is paid on `to`.

    `to` is the day after unless it is given, as for a holiday with a postponed date. Raises `closure.order`.
    """

    first: date = field(converter=as_date)
    last: date = field(converter=as_date)
    to: date = field(converter=as_date)

    @to.default
    def _after(self) -> date:
        return add_days(self.last, 1)

    def __attrs_post_init__(self) -> None:
        """Refuse an end before the beginning, and a postponement that does not lead out."""
        if not self.first <= self.last < self.to:
            message = "a closure ends on or after its first day, and payments go on after it"
            raise MalformedInput("closure.order", message, field="to", value=self.to)

    def leaves(self, day: date) -> date:
        """Give the day itself, or the day on which payments go on."""
        return self.to if self.first <= day <= self.last else day

    def __str__(self) -> str:
        paid = "" if self.to == add_days(self.last, 1) else f" paid {self.to}"
        return f"closed {self.first} to {self.last}{paid}"


def _a_day(_: object, attribute: "Attribute[tuple[int, int]]", day: object) -> None:
    match day:
        case (int(month), int(number)):
            leap = day_of_month(date(2024, month, 1), 31).day if 1 <= month <= len("JFMAMJJASOND") else 0
            if 1 <= number <= leap:
                return
    message = "a day of every year is (month, day)"
    raise MalformedInput("closure.day", message, field=attribute.name, value=day)


@frozen
class YearlyClosure:
    """No payments from `first` to `last` of every year, both (month, day) and included: (8, 1) to (8, 31).

    A `last` before `first` lies in the next year: (12, 24) to (1, 6) spans New Year. Raises `closure.day`.
    """

    first: tuple[int, int] = field(validator=_a_day)
    last: tuple[int, int] = field(validator=_a_day)

    def leaves(self, day: date) -> date:
        """Give the day itself, or the day after the closure that it lies in."""
        here = (day.month, day.day)
        spans = self.last < self.first
        inside = here >= self.first or here <= self.last if spans else self.first <= here <= self.last
        if not inside:
            return day
        year = day.year + (spans and here >= self.first)
        month, number = self.last
        return add_days(day_of_month(date(year, month, 1), number), 1)

    def __str__(self) -> str:
        return f"closed {_month_day(self.first)} to {_month_day(self.last)}"


def _month_day(day: tuple[int, int]) -> str:
    return f"{day[0]:02}-{day[1]:02}"


AnyClosure = Closure | YearlyClosure


def _closures(values: Sequence[AnyClosure]) -> tuple[AnyClosure, ...]:
    if not isinstance(values, tuple | list) or not all(isinstance(value, AnyClosure) for value in values):
        message = "closures are `Closure` and `YearlyClosure` values"
        raise MalformedInput("closure.type", message, field="closures", value=values)
    if len(values) > MOST_CLOSURES:
        message = f"a customer has at most {MOST_CLOSURES} closures"
        raise MalformedInput("closure.number", message, field="closures", value=len(values))
    return tuple(values)


def _payment_days(_: object, __: "Attribute[PaymentDays | None]", days: object) -> None:
    if days is not None and not isinstance(days, PaymentDays):
        raise MalformedInput("closure.type", "payment days are `PaymentDays`", field="days", value=days)


@frozen
class PayingDays:
    """How a customer pays: on some days of the month only, and never while it is closed.

    As text: `payment days 5,20, closed 12-24 to 01-06`, or `any day`; `str` writes it and `parse` reads it.
    """

    text_form: ClassVar[bool] = True

    days: PaymentDays | None = field(default=None, validator=_payment_days)
    closures: tuple[AnyClosure, ...] = field(default=(), converter=_closures)

    @property
    def any_day(self) -> bool:
        """Whether nothing is moved."""
        return self.days is None and not self.closures

    @classmethod
    def parse(cls, text: str) -> "PayingDays":
        """The paying days that a text means; the grammar is in `paying_text`."""
        from pharmacrm.core.values.paying_text import parse_paying_days

        return parse_paying_days(text)

    def __str__(self) -> str:
        days = [] if self.days is None else [str(self.days)]
        return ", ".join([*days, *map(str, self.closures)]) or "any day"

    def with_closures(self, closures: Sequence[AnyClosure]) -> "PayingDays":
        """Give the same days of payment with more closures; those that stand there already count once."""
        more = [each for each in closures if each not in self.closures]
        return evolve(self, closures=(*self.closures, *more)) if more else self

    def move(self, day: date) -> date:
        """Give the first day of payment on or after a date; raises `closure.endless` if there is none."""
        return self._settled(day, self.days)

    def opens(self, day: date) -> date:
        """Give the first day on or after a date on which the customer is not closed."""
        return self._settled(day, None)

    def _settled(self, day: date, days: PaymentDays | None) -> date:
        for _ in range(MOST_MOVES):
            moved = day if days is None else days.dates(day)[0]
            for closure in self.closures:
                moved = closure.leaves(moved)
            if moved == day:
                return day
            day = moved
        raise MalformedInput("closure.endless", "the closures leave no day of payment", value=day)


ANY_DAY = PayingDays()
"""A customer that pays on any day."""
