"""Measures of collection: DSO, average days late, effectiveness; each with its addends (UF-32).

Days and percentages are exact fractions, rounded once to 2 decimals, half away from zero. What would divide
by nothing is None.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from attrs import frozen

from pharmacrm.core.kernel.dates import add_days, end_of_month
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.numbers import decimal_text, half_up

HUNDREDTHS: Final = 100
PERCENT: Final = 100


@frozen
class Sales:
    """What was sold on credit in some days, the first and the last included (赊销额)."""

    start: date
    through: date
    amount: Money

    @property
    def days(self) -> int:
        """The days of the period."""
        return (self.through - self.start).days + 1


@frozen
class DSO:
    """Days sales outstanding (应收账款周转天数): receivables / sales x days. None without sales."""

    receivables: Money
    sales: Money
    in_days: int

    @property
    def days(self) -> Decimal | None:
        """The days, to 2 decimals."""
        return _ratio(self.receivables.minor * self.in_days, self.sales.minor)


@frozen
class CountBackAddend:
    """One period of sales, how much of it the receivables cover, and the days that this stands for."""

    sales: Sales
    covered: Money
    days: Decimal


@frozen
class CountBackDSO:
    """DSO by counting back (倒推法): the youngest sales are taken to be unpaid first.

    `uncovered` is what is owed beyond all the sales given: the days are then those of all of them, and more.
    """

    days: Decimal
    addends: tuple[CountBackAddend, ...]
    uncovered: Money


def count_back(receivables: Money, sales: Iterable[Sales]) -> CountBackDSO:
    """Take sales off the receivables, the youngest period first; the last one counts in proportion."""
    left = receivables.minor
    whole, part = 0, (0, 1)
    addends = []
    for each in sorted(sales, key=lambda each: each.start, reverse=True):
        if left <= 0:
            break
        sold = max(each.amount.minor, 0)
        covered = min(left, sold)
        left -= covered
        if covered == sold:
            whole, share = whole + each.days, (each.days, 1)
        else:
            share = part = (covered * each.days, sold)
        addends.append(CountBackAddend(each, Money.of_minor(covered, receivables.currency), _decimal(*share)))
    days = _decimal(whole * part[1] + part[0], part[1])
    return CountBackDSO(days, tuple(addends), Money.of_minor(max(left, 0), receivables.currency))


@frozen
class Settled:
    """Money that settled something that was due on a day."""

    due: date
    paid_on: date
    amount: Money

    @property
    def late(self) -> int:
        """Days after the due date; negative if it came before."""
        return (self.paid_on - self.due).days


@frozen
class DaysLate:
    """Average days late (平均逾期天数), weighted by amount: what came early lowers it. None without money."""

    amount: Money
    amount_days: int
    on_time: Money

    @property
    def average(self) -> Decimal | None:
        """The days after the due date at which one unit of money came, to 2 decimals."""
        return _ratio(self.amount_days, self.amount.minor)

    @property
    def on_time_rate(self) -> Decimal | None:
        """The percentage of the money that came no later than its due date (按时回款率)."""
        return _ratio(self.on_time.minor * PERCENT, self.amount.minor)


def days_late(settled: Sequence[Settled], currency: str) -> DaysLate:
    """Weigh the days between due date and payment with the money paid; `amount_days` is in minor units."""
    return DaysLate(
        Money.total((each.amount for each in settled), currency),
        sum(each.amount.minor * each.late for each in settled),
        Money.total((each.amount for each in settled if each.late <= 0), currency),
    )


@frozen
class Effectiveness:
    """Collection effectiveness index (催收有效性指数): of what could be collected, the part that was.

    (opening + sales - closing) / (opening + sales - closing not yet due) x 100.
    """

    opening: Money
    sales: Money
    closing: Money
    closing_current: Money

    @property
    def percent(self) -> Decimal | None:
        """The index, to 2 decimals; 100 means that nothing overdue is left."""
        available = self.opening + self.sales
        collected, collectable = available - self.closing, available - self.closing_current
        return _ratio(collected.minor * PERCENT, collectable.minor)


def months(start: date, through: date) -> tuple[tuple[date, date], ...]:
    """Cut days into calendar months, the first and the last perhaps in part."""
    found = []
    while (last := end_of_month(start)) < through:
        found.append((start, last))
        start = add_days(last, 1)
    return (*found, (start, through))


def _ratio(numerator: int, denominator: int) -> Decimal | None:
    return _decimal(numerator, denominator) if denominator > 0 else None


def _decimal(numerator: int, denominator: int) -> Decimal:
    return Decimal(decimal_text(half_up(numerator * HUNDREDTHS, denominator), 2))
