"""Chains: date rules one behind the other, each counting from what the one before it gave.

`net 45 then end of month` and `end of month then net 45` are two terms, not one (Dolibarr#18694). A chain
that has a name of its own (`net 45 end of month`) is written with it, so that equal terms are equal values.
"""

from collections.abc import Sequence
from datetime import date
from typing import TypeAlias

from attrs import Attribute, evolve, field, frozen

from pharmacrm.core.kernel.calendar import WEEKENDS, WorkCalendar
from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.values.terms.due import (
    DayOfMonthAfter,
    EndOfMonthAfter,
    EndOfMonthThenNet,
    Monthly,
    MonthsAfter,
    Net,
    NetThenEndOfMonth,
    OnOrder,
)
from pharmacrm.core.values.terms.instalments import Every, InstalmentsOf
from pharmacrm.core.values.terms.steps import (
    CutOff,
    DayOfMonth,
    InMonth,
    OnWeekday,
    PaymentDays,
    WeeksAfter,
    WorkingDaysAfter,
)

MOST_STEPS = 8

Step: TypeAlias = (
    Net
    | WeeksAfter
    | WorkingDaysAfter
    | MonthsAfter
    | EndOfMonthAfter
    | DayOfMonthAfter
    | DayOfMonth
    | OnWeekday
    | PaymentDays
    | CutOff
    | InMonth
    | Monthly
    | Every
    | InstalmentsOf
)
"""A rule that can stand in a chain."""

STEPS = (
    Net,
    WeeksAfter,
    WorkingDaysAfter,
    MonthsAfter,
    EndOfMonthAfter,
    DayOfMonthAfter,
    DayOfMonth,
    OnWeekday,
    PaymentDays,
    CutOff,
    InMonth,
    Monthly,
    Every,
    InstalmentsOf,
)
SEVERAL = (Monthly, Every, InstalmentsOf)
"""Rules that give more than one date."""

_THIS_MONTH = EndOfMonthAfter(0)


def _steps(values: Sequence[Step]) -> tuple[Step, ...]:
    if not isinstance(values, tuple | list) or not all(isinstance(value, STEPS) for value in values):
        raise MalformedInput("terms.format", "a chain is of date rules", field="steps", value=values)
    return tuple(values)


@frozen
class Chain:
    """Two to eight date rules one behind the other; at most one of them gives several dates.

    Make it with `chain`, which knows the chains that have a name. Raises `terms.chain`.
    """

    steps: tuple[Step, ...] = field(converter=_steps)

    @steps.validator
    def _readable(self, _: "Attribute[tuple[Step, ...]]", steps: tuple[Step, ...]) -> None:
        fault = _chain_fault(steps)
        if fault:
            raise MalformedInput("terms.chain", fault, field="steps", value=str(self))

    @property
    def earliest(self) -> int:
        """The sum of the steps' lower bounds, never before the anchor."""
        return max(0, sum(step.earliest for step in self.steps))

    def dates(self, anchor: date, calendar: WorkCalendar = WEEKENDS) -> tuple[date, ...]:
        """The dates of the last step: `net 45 then end of month`, from 13 September 2021, is 31 October."""
        days: tuple[date, ...] = (anchor,)
        for step in self.steps:
            days = tuple(moved for day in days for moved in step.dates(day, calendar))
        return tuple(sorted(days))

    def __str__(self) -> str:
        return " then ".join(map(str, self.steps))


def _chain_fault(steps: Sequence[Step]) -> str:
    if not 1 < len(steps) <= MOST_STEPS:
        return f"a chain has 2 to {MOST_STEPS} rules"
    if sum(isinstance(step, SEVERAL) for step in steps) > 1:
        return "only one rule of a chain gives instalments"
    return "this chain has a name: make it with `chain`" if _named(steps) else ""


Due: TypeAlias = OnOrder | NetThenEndOfMonth | EndOfMonthThenNet | Step | Chain
"""Any due rule."""

RULES = (OnOrder, NetThenEndOfMonth, EndOfMonthThenNet, *STEPS, Chain)


def chain(*rules: Due) -> Due:
    """Put date rules one behind the other: chains within are opened, and what has a name is given by it."""
    steps = [step for rule in rules for step in _opened(rule)]
    return _named(steps) or (steps[0] if len(steps) == 1 else Chain(tuple(steps)))


def _opened(rule: Due) -> tuple[Step, ...]:
    match rule:
        case Chain():
            return rule.steps
        case NetThenEndOfMonth():
            return Net(rule.days), _THIS_MONTH
        case EndOfMonthThenNet():
            return _THIS_MONTH, Net(rule.days)
        case OnOrder():
            raise MalformedInput("terms.chain", "a prepayment stands alone", field="steps", value=str(rule))
    return (rule,)


def _named(steps: Sequence[Step]) -> Due | None:
    match list(steps):
        case [Net(days), EndOfMonthAfter(0)]:
            return NetThenEndOfMonth(days)
        case [EndOfMonthAfter(0), Net(days)]:
            return EndOfMonthThenNet(days)
    return None


def numbered(due: Due, times: int) -> Due:
    """Give a rule whose number of instalments depends on the amount that number; others stay as they are."""
    match due:
        case InstalmentsOf():
            return due.numbered(times)
        case Chain():
            steps = tuple(
                step.numbered(times) if isinstance(step, InstalmentsOf) else step for step in due.steps
            )
            return evolve(due, steps=steps)
    return due


def by_amount(due: Due) -> InstalmentsOf | None:
    """The rule of a due rule that cuts instalments of a fixed amount, if there is one."""
    steps = due.steps if isinstance(due, Chain) else (due,)
    return next((step for step in steps if isinstance(step, InstalmentsOf)), None)


def counts_working_days(due: Due) -> bool:
    """Whether the dates depend on the work calendar itself, not only on its rolling."""
    steps = due.steps if isinstance(due, Chain) else (due,)
    return any(isinstance(step, WorkingDaysAfter) for step in steps)
