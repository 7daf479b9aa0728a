"""How large the story is, and its dice: the same seed always gives the same story."""

from datetime import date, timedelta
from random import Random

from attrs import field, frozen
from attrs.validators import ge, le

from pharmacrm.core.kernel.dates import add_months
from pharmacrm.plugins.calendars import china

FIRST_DAY = date(2026, 1, 5)


@frozen(kw_only=True)
class Scale:
    """How many months, customers and orders the story has, and the seed of its dice."""

    months: int = field(default=5, validator=[ge(1), le(11)])
    customers: int = field(default=160, validator=[ge(30), le(270)])
    orders: int = field(default=500, validator=[ge(0), le(5_000)])
    seed: int = 2026

    @property
    def days(self) -> tuple[date, ...]:
        """The working days of the story, by the official calendar (make-up days count, holidays do not)."""
        end, calendar = add_months(FIRST_DAY, self.months), china()
        every = (FIRST_DAY + timedelta(days=number) for number in range((end - FIRST_DAY).days))
        return tuple(day for day in every if calendar.is_working(day))

    def day_at(self, share: float) -> date:
        """The working day when this share of the story is told."""
        days = self.days
        return days[min(int(len(days) * share), len(days) - 1)]

    def dice(self, *about: object) -> Random:
        """Dice for one thing: what falls does not depend on what was thrown before, nor for what."""
        return Random("/".join(map(str, (self.seed, *about))))  # noqa: S311 - a story, not a secret

    def __str__(self) -> str:
        return f"{self.months} months, {self.customers} customers, {self.orders} orders, seed {self.seed}"
