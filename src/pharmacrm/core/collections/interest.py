"""Interest on what is paid late (逾期利息): simple, on the open balance of each day, exact to the minor unit.

Nothing is rounded on the way: the sum is rounded once, half away from zero, and its addends are split so that
they sum to it.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from enum import StrEnum
from itertools import pairwise
from typing import Final

from attrs import frozen

from pharmacrm.core.collections.daycount import DayCount
from pharmacrm.core.collections.rates import RateTable
from pharmacrm.core.kernel.dates import add_days
from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.kernel.money import Money, Percentage
from pharmacrm.core.kernel.numbers import apportion, bounded, half_up
from pharmacrm.core.kernel.strict import strict

WHOLE: Final = 1_000_000
"""Units of a percentage that make 100 %."""

MOST_FREE: Final = 3650
"""The most days after the due date that may bear no interest: ten years."""


class InterestFrom(StrEnum):
    """Since when an instalment bears interest: its due date, or the last payment made on it, if later."""

    DUE = "due"
    LAST_PAYMENT = "last payment"


@frozen
class Paid:
    """Something that lowered what is owed, on a day: money, or a discount taken with it."""

    on: date
    amount: Money


@frozen
class InterestAddend:
    """Interest of some days at one rate on one balance."""

    start: date
    end: date
    days: int
    principal: Money
    rate: Percentage
    amount: Money


@frozen
class Interest:
    """Interest and what it is made of; the addends sum to the amount exactly."""

    amount: Money
    addends: tuple[InterestAddend, ...] = ()


@frozen(kw_only=True, field_transformer=strict)
class InterestTerms:
    """How late payment bears interest: the rates by date, the day count, and from when it runs.

    `free_days` after the due date bear none: interest then runs from their end, not from the due date.
    """

    rates: RateTable
    day_count: DayCount = DayCount.ACT_365
    runs_from: InterestFrom = InterestFrom.DUE
    free_days: int = 0

    def __attrs_post_init__(self) -> None:
        """Refuse free days that nobody means."""
        if not 0 <= self.free_days <= MOST_FREE:
            message = f"free days are 0 to {MOST_FREE}"
            raise MalformedInput("interest.free_days", message, field="free_days", value=self.free_days)


@frozen
class _Span:
    start: date
    end: date
    days: int
    principal: int
    rate: Percentage

    @property
    def weight(self) -> int:
        return self.principal * self.rate.units * self.days


def late_interest(
    amount: Money, paid: Sequence[Paid], *, due: date, as_of: date, terms: InterestTerms
) -> Interest:
    """Give the interest on an instalment of an amount from its due date until a day.

    The day on which money comes bears none of its own; what was paid at or before the due date lowers the
    principal from the start. An overpaid day bears no interest.
    """
    start = add_days(due, terms.free_days)
    if terms.runs_from is InterestFrom.LAST_PAYMENT:
        start = max([start, *(each.on for each in paid if each.on <= as_of)])
    spans = [span for span in _spans(amount, paid, start, as_of, terms) if span.weight > 0]
    return _interest(spans, amount.currency, terms.day_count.year)


def _spans(
    amount: Money, paid: Sequence[Paid], start: date, end: date, terms: InterestTerms
) -> Iterator[_Span]:
    """Cut the days wherever the balance or the rate changes; days of the convention are counted whole."""
    if end <= start:
        return
    count = terms.day_count.days
    days = sorted({start, end, *(each.on for each in paid if start < each.on < end)})
    for low, high in pairwise(days):
        principal = _balance(amount, paid, low)
        for span in terms.rates.spans(low, high):
            passed = count(start, span.end) - count(start, span.start)
            yield _Span(span.start, span.end, passed, principal.minor, span.rate)


def _balance(amount: Money, paid: Iterable[Paid], day: date) -> Money:
    return amount - Money.total((each.amount for each in paid if each.on <= day), amount.currency)


def _interest(spans: Sequence[_Span], currency: str, year: int) -> Interest:
    if not spans:
        return Interest(Money.zero(currency))
    weights = [span.weight for span in spans]
    total = half_up(sum(weights), WHOLE * year)
    parts = apportion(total, weights)
    return Interest(
        Money.of_minor(bounded(total, "money"), currency),
        tuple(
            InterestAddend(
                span.start,
                span.end,
                span.days,
                Money.of_minor(span.principal, currency),
                span.rate,
                Money.of_minor(part, currency),
            )
            for span, part in zip(spans, parts, strict=True)
        ),
    )
