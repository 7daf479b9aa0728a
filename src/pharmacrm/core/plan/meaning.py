"""What a summary means: the plain rule, which every store's answer has to equal."""

from collections.abc import Callable, Iterable

from pharmacrm.core.kernel.errors import UnsavedChanges
from pharmacrm.core.kernel.query import Within, matches, plain
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
)


def evaluate(expression: Expression, entity: Entity) -> int:
    """Give the value of an expression for one entity."""
    match expression:
        case Cell(field=name):
            return int(plain(getattr(entity, name)))
        case Literal(value=value):
            return value
        case Plus(left=left, right=right):
            return evaluate(left, entity) + evaluate(right, entity)
        case Minus(left=left, right=right):
            return evaluate(left, entity) - evaluate(right, entity)
        case Times(left=left, right=right):
            return evaluate(left, entity) * evaluate(right, entity)
        case Case(arms=arms, otherwise=otherwise):
            held = (arm.value for arm in arms if matches(entity, arm.where, _no_join))
            return evaluate(next(held, otherwise), entity)


def summarise(entities: Iterable[Entity], summary: Summary) -> list[Summed]:
    """Sum entities that match already, group by group, in the order of the groups."""
    currency = currency_of(summary.kind)
    groups: dict[tuple[str, tuple[str, ...], int], list[int]] = {}
    for entity in entities:
        if summary.currency and currency(entity) != summary.currency:
            continue
        texts = tuple(str(plain(getattr(entity, name))) for name in summary.by)
        key = (currency(entity), texts, evaluate(summary.classes, entity))
        sums = groups.setdefault(key, [0] * (len(summary.sums) + 1))
        for place, expression in enumerate(summary.sums):
            sums[place] += evaluate(expression, entity)
        sums[-1] += 1
    return sorted(
        Summed(currency=key[0], by=key[1], of_class=key[2], sums=tuple(sums[:-1]), entities=sums[-1])
        for key, sums in groups.items()
    )


def currency_of(kind: type[Entity]) -> Callable[[Entity], str]:
    """How the currency of an entity of a kind is read: its own field, or that of its amounts; '' if none."""
    names = schema_of(kind).money
    if not names:
        return lambda _: ""

    def currency(entity: Entity) -> str:
        amounts = (getattr(entity, name) for name in names)
        return next((str(amount.currency) for amount in amounts if amount is not None), "")

    return currency


def _no_join(_: Within) -> frozenset[object]:
    raise UnsavedChanges("a case has no search within another kind")
