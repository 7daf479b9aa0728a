"""Overdue gates (逾期控制): what a customer owes too long, instalment by instalment, against what is borne.

A gate measures the instalments that are overdue: open by more than the tolerance, due more than the days of
grace ago. By amount, by the days of the oldest one, by their number, or by their share of all that is open.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum

from attrs import frozen

from pharmacrm.core.credit.outcome import CreditOutcome, weighed
from pharmacrm.core.credit.reasons import OVERDUE
from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.kernel.money import Money, not_negative
from pharmacrm.core.kernel.reason import Reason
from pharmacrm.core.kernel.strict import strict
from pharmacrm.core.kernel.words import Words

WHOLE = 100
MOST = 1_000_000


class Metric(StrEnum):
    """What a gate measures."""

    AMOUNT = "amount"
    DAYS = "days"
    COUNT = "count"
    RATIO = "ratio"

    @property
    def zh(self) -> str:
        """The Chinese name."""
        return {"amount": "逾期金额", "days": "逾期天数", "count": "逾期笔数", "ratio": "逾期比例"}[self]


@frozen(kw_only=True, field_transformer=strict)
class OverdueGate:
    """One gate: up to `up_to` (days, instalments or percent) or `amount` is borne, more has the outcome.

    An instalment counts once more than `tolerance` of it is open, more than `grace_days` after it was due.
    """

    metric: Metric
    outcome: CreditOutcome
    up_to: int = 0
    amount: Money | None = None
    tolerance: Money | None = None
    grace_days: int = 0

    def __attrs_post_init__(self) -> None:
        """Refuse a gate that cannot measure: `gate.amount`, `gate.number`, `gate.ratio`."""
        if (self.amount is not None) != (self.metric is Metric.AMOUNT):
            message = "a gate by amount has an amount, and no other gate has one"
            raise MalformedInput("gate.amount", message, field="amount", value=self.amount)
        for name in ("up_to", "grace_days"):
            value = getattr(self, name)
            if not 0 <= value <= MOST:
                raise MalformedInput("gate.number", f"{name} is 0 to {MOST}", field=name, value=value)
        if self.metric is Metric.RATIO and self.up_to > WHOLE:
            raise MalformedInput("gate.ratio", "a share is 0 to 100 percent", field="up_to", value=self.up_to)
        for money in filter(None, (self.amount, self.tolerance)):
            not_negative(money)


@frozen
class OpenItem:
    """One instalment that is not settled: when it was due, and what is still open of it."""

    due: date
    open: Money


@frozen
class Overdue:
    """What a gate found: the instalments that are overdue, and what is open in all."""

    items: tuple[OpenItem, ...]
    amount: Money
    total: Money
    days: int

    def over(self, gate: OverdueGate) -> bool:
        """Whether more is overdue than the gate bears; a share is compared exactly."""
        match gate.metric:
            case Metric.AMOUNT:
                return gate.amount is not None and self.amount > gate.amount
            case Metric.DAYS:
                return self.days > gate.up_to
            case Metric.COUNT:
                return len(self.items) > gate.up_to
            case Metric.RATIO:
                return self.amount.minor * WHOLE > gate.up_to * self.total.minor


def overdue(items: Iterable[OpenItem], gate: OverdueGate, *, on: date, currency: str) -> Overdue:
    """Measure what is overdue on a day, as a gate wants it; amounts in other currencies are left out."""
    known = [each for each in items if each.open.currency == currency and each.open.is_positive]
    least = Money.zero(currency) if gate.tolerance is None else gate.tolerance
    late = tuple(each for each in known if each.open > least and (on - each.due).days > gate.grace_days)
    return Overdue(
        items=late,
        amount=Money.total((each.open for each in late), currency),
        total=Money.total((each.open for each in known), currency),
        days=max(((on - each.due).days for each in late), default=0),
    )


def check_overdue(
    gates: Sequence[OverdueGate], items: Sequence[OpenItem], *, on: date, currency: str, subject: str
) -> tuple[Reason, ...]:
    """Give what every gate finds, each weighed by its own outcome (XT-26)."""
    found: list[Reason] = []
    for gate in gates:
        late = overdue(items, gate, on=on, currency=currency)
        if late.over(gate):
            reason = OVERDUE(
                subject, field=f"overdue.{gate.metric}", observed=_measured(late, gate), expected=_borne(gate)
            )
            found += weighed(reason, gate.outcome)
    return tuple(found)


def _measured(late: Overdue, gate: OverdueGate) -> Words:
    match gate.metric:
        case Metric.AMOUNT:
            return Words(str(late.amount), str(late.amount))
        case Metric.DAYS:
            return _days(late.days)
        case Metric.COUNT:
            return _instalments(len(late.items))
        case Metric.RATIO:
            return Words(f"{late.amount} of {late.total}", f"{late.total} 中的 {late.amount}")


def _borne(gate: OverdueGate) -> Words:
    match gate.metric:
        case Metric.AMOUNT:
            return Words(str(gate.amount), str(gate.amount))
        case Metric.DAYS:
            return _days(gate.up_to)
        case Metric.COUNT:
            return _instalments(gate.up_to)
        case Metric.RATIO:
            return Words(f"{gate.up_to} %", f"{gate.up_to}%")


def _instalments(count: int) -> Words:
    return Words(f"{count} instalment{'' if count == 1 else 's'}", f"{count} 笔")


def _days(count: int) -> Words:
    return Words(f"{count} day{'' if count == 1 else 's'}", f"{count} 天")
