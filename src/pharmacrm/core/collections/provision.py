"""Bad-debt provision by ageing class (按账龄计提坏账准备): a rate for each class of age, from a day on."""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import Annotated

from attrs import evolve, frozen

from pharmacrm.core.collections.events import ProvisionRatesSet
from pharmacrm.core.collections.reasons import PROVISION_CLASSES, PROVISION_EDGES, PROVISION_FALLING
from pharmacrm.core.kernel.decision import Decision, accept, save, tell
from pharmacrm.core.kernel.money import Money, Percentage
from pharmacrm.core.kernel.reason import Reason
from pharmacrm.core.kernel.record import Column, Record
from pharmacrm.core.kernel.words import listed

FIRST_EDGE, LAST_EDGE = 2, 36_500


@frozen(kw_only=True)
class ProvisionRates(Record):
    """The rates of bad-debt provision (坏账计提比例) from a day on; the id is that day.

    `edges` are days overdue, as of ageing: `(30, 90)` makes the classes not due, 1-30, 31-90 and over 90, and
    `rates` has one for each of them.
    """

    valid_from: Annotated[date, Column(index=True, zh="生效日期")]
    edges: Annotated[tuple[int, ...], Column(length=400, zh="账龄分段")]
    rates: Annotated[tuple[Percentage, ...], Column(length=400, zh="计提比例")]
    reason: Annotated[str, Column(length=500, zh="依据")] = ""


@frozen
class ProvisionClass:
    """One class of age: what is open in it, its rate, and the provision, rounded half up."""

    label: str
    open: Money
    rate: Percentage
    amount: Money


@frozen
class Provision:
    """The bad-debt provision of a day, by the rates in force on it; the classes sum to the amount."""

    as_of: date
    currency: str
    rates: str
    classes: tuple[ProvisionClass, ...]

    @property
    def amount(self) -> Money:
        """The provision of all classes."""
        return Money.total((each.amount for each in self.classes), self.currency)

    @property
    def open(self) -> Money:
        """What is open in all classes."""
        return Money.total((each.open for each in self.classes), self.currency)


def provision(
    opened: Sequence[tuple[str, Money]], table: ProvisionRates, *, as_of: date, currency: str
) -> Provision:
    """Give the provision for what is open in each class of age, youngest first; one amount for each rate.

    A class in which customers have a balance in their favour wants none.
    """
    nothing = Money.zero(currency)
    classes = tuple(
        ProvisionClass(label, amount, rate, rate.of(max(amount, nothing)))
        for (label, amount), rate in zip(opened, table.rates, strict=True)
    )
    return Provision(as_of, currency, table.id, classes)


def set_rates(old: ProvisionRates | None, new: ProvisionRates) -> Decision[ProvisionRates]:
    """Set the rates from a day on, or say what is wrong with them; setting the same again changes nothing."""
    wanted = evolve(new, version=old.version if old else 0)
    if wanted == old:
        return accept(old)
    return accept(wanted, problems(wanted), save(wanted), tell(ProvisionRatesSet(subject=wanted.id)))


def problems(table: ProvisionRates) -> tuple[Reason, ...]:
    """Everything that is wrong with a table of rates, at once; a sound one gives nothing."""
    found = []
    edges, rates = table.edges, table.rates
    rising = all(a < b for a, b in pairwise(edges))
    if not edges or not rising or not FIRST_EDGE <= edges[0] <= edges[-1] <= LAST_EDGE:
        found.append(PROVISION_EDGES(table.id, field="edges", observed=listed(edges[:8])))
    if len(rates) != len(edges) + 2:
        found.append(PROVISION_CLASSES(table.id, field="rates", observed=len(rates), expected=len(edges) + 2))
    for younger, older in pairwise(rates):
        if older < younger:
            found.append(PROVISION_FALLING(table.id, field="rates", observed=older, expected=younger))
    return tuple(found)
