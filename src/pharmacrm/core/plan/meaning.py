"""What a summary means: the plain rule, which every store's answer has to equal."""

from collections.abc import Callable, Iterable
from typing import Final

from attrs import define, field

from pharmacrm.core.kernel.errors import UnsavedChanges
from pharmacrm.core.kernel.query import Condition, Within, matches, plain
from pharmacrm.core.kernel.record import Entity
from pharmacrm.core.kernel.schema import schema_of
from pharmacrm.core.kernel.summary import (
    Case,
    Cell,
    Expression,
    Literal,
    Minus,
    Plus,
    Summary,
    Summed,
    Times,
    Total,
)

Others = Callable[[type[Entity], tuple[Condition, ...]], Iterable[Entity]]
"""How the entities of another kind that match are found."""


def _no_others(kind: type[Entity], _: tuple[Condition, ...]) -> Iterable[Entity]:
    raise TypeError(f"the total of {kind.__name__} wants to know how its entities are found")


@define
class Totals:
    """What the entities that name those of one kind add up to: each total is worked out once, for all."""

    others: Others = _no_others
    known: dict[Total, dict[tuple[str, str], int]] = field(factory=dict)

    def of(self, total: Total, entity: Entity) -> int:
        """What those that name an entity add up to, in its currency."""
        sums = self.known.get(total)
        if sums is None:
            sums = self.known[total] = self._added(total)
        return sums.get((entity.id, _currency(entity)), 0)

    def _added(self, total: Total) -> dict[tuple[str, str], int]:
        sums: dict[tuple[str, str], int] = {}
        for each in self.others(total.kind, total.where):
            key = (str(plain(getattr(each, total.on))), _currency(each))
            sums[key] = sums.get(key, 0) + evaluate(total.value, each, self)
        return sums


NO_TOTALS: Final = Totals()


def evaluate(expression: Expression, entity: Entity, totals: Totals = NO_TOTALS) -> int:
    """Give the value of an expression for one entity; `totals` says what those that name it add up to."""
    match expression:
        case Cell(field=name):
            return int(plain(getattr(entity, name)))
        case Literal(value=value):
            return value
        case Plus(left=left, right=right):
            return evaluate(left, entity, totals) + evaluate(right, entity, totals)
        case Minus(left=left, right=right):
            return evaluate(left, entity, totals) - evaluate(right, entity, totals)
        case Times(left=left, right=right):
            return evaluate(left, entity, totals) * evaluate(right, entity, totals)
        case Case(arms=arms, otherwise=otherwise):
            held = (arm.value for arm in arms if matches(entity, arm.where, _no_join))
            return evaluate(next(held, otherwise), entity, totals)
        case Total():
            return totals.of(expression, entity)


def summarise(entities: Iterable[Entity], summary: Summary, others: Others = _no_others) -> list[Summed]:
    """Sum entities that match already, group by group, in the order of the groups.

    `others` finds the entities of another kind that match, for what those that name one add up to.
    """
    totals = Totals(others)
    groups: dict[tuple[str, tuple[str, ...], int], list[int]] = {}
    for entity in entities:
        currency = _currency(entity)
        if summary.currency not in {"", currency} or not evaluate(summary.unless_zero, entity, totals):
            continue
        texts = tuple(str(plain(getattr(entity, name))) for name in summary.by)
        key = (currency, texts, evaluate(summary.classes, entity, totals))
        sums = groups.setdefault(key, [0] * (len(summary.sums) + 1))
        for place, expression in enumerate(summary.sums):
            sums[place] += evaluate(expression, entity, totals)
        sums[-1] += 1
    return sorted(
        Summed(currency=key[0], by=key[1], of_class=key[2], sums=tuple(sums[:-1]), entities=sums[-1])
        for key, sums in groups.items()
    )


def _currency(entity: Entity) -> str:
    """The currency of an entity: its own field, or that of its amounts; '' if it has none."""
    amounts = (getattr(entity, name) for name in schema_of(type(entity)).money)
    return next((str(amount.currency) for amount in amounts if amount is not None), "")


def _no_join(_: Within) -> frozenset[object]:
    raise UnsavedChanges("a case has no search within another kind")
