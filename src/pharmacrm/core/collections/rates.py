"""Rates by date (利率表): each holds from its day until the next one's; before the first there is none."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise

from attrs import field, frozen

from pharmacrm.core.kernel.dates import as_date
from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.kernel.money import Percentage, as_percentage


@frozen(order=True)
class RateStep:
    """The annual rate (年利率) from a day on: `RateStep("2026-01-01", "3.45%")`."""

    valid_from: date = field(converter=as_date)
    rate: Percentage = field(converter=as_percentage)


def as_rates(value: Sequence[RateStep]) -> tuple[RateStep, ...]:
    """Check a table of rates: at least one step, each from a later day than the one before; `rates.order`."""
    steps = tuple(value) if isinstance(value, (tuple, list)) else ()
    if not steps or not all(type(step) is RateStep for step in steps):
        raise MalformedInput("rates.order", "a table of rates is a list of RateStep", value=value)
    for before, after in pairwise(steps):
        if after.valid_from <= before.valid_from:
            message = f"{after.valid_from} does not follow {before.valid_from}"
            raise MalformedInput("rates.order", message, value=after.valid_from)
    return steps


@frozen
class RateSpan:
    """Days on which one rate holds, from `start` until before `end`."""

    start: date
    end: date
    rate: Percentage


@frozen
class RateTable:
    """Annual rates, each from its day on, such as a statutory rate or the LPR of the central bank."""

    steps: tuple[RateStep, ...] = field(converter=as_rates)

    def spans(self, start: date, end: date) -> Iterator[RateSpan]:
        """Cut days into spans of one rate each; days before the first rate are in none."""
        for step, until in zip(self.steps, (*[step.valid_from for step in self.steps[1:]], end), strict=True):
            low, high = max(start, step.valid_from), min(end, until)
            if low < high:
                yield RateSpan(low, high, step.rate)
