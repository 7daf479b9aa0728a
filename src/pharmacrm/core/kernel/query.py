"""Conditions of a search: a closed, ANDed list that every store understands, and what it means.

Text compares by code point (bytewise in UTF-8), choices by their value, money by minor units; an absent value
matches only `is_null`.
"""

from collections.abc import Callable, Iterable
from enum import Enum, StrEnum
from functools import partial
from typing import Any, TypeVar

from attrs import frozen

from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.kernel.money import Money, Percentage, Price
from pharmacrm.core.kernel.numbers import LIMIT, MAX_DIGITS
from pharmacrm.core.kernel.record import Entity, Record
from pharmacrm.core.kernel.schema import schema_of

E = TypeVar("E", bound=Entity)


class Operator(StrEnum):
    """The comparisons a store has to know."""

    EQ = "eq"
    IN = "in"
    LT = "lt"
    LE = "le"
    GT = "gt"
    GE = "ge"
    PREFIX = "prefix"
    NULL = "null"
    WITHIN = "within"


@frozen
class Condition:
    """One comparison of one field."""

    field: str
    operator: Operator
    value: Any


@frozen
class Within:
    """The right side of a semi-join: the values of `field` among the entities of `kind` that match."""

    kind: type[Entity]
    field: str
    where: tuple[Condition, ...]


def eq(field: str, value: object) -> Condition:
    """The field equals the value."""
    return Condition(field, Operator.EQ, value)


def is_in(field: str, values: Iterable[object]) -> Condition:
    """The field equals one of the values."""
    return Condition(field, Operator.IN, tuple(values))


def lt(field: str, value: object) -> Condition:
    """The field is less than the value."""
    return Condition(field, Operator.LT, value)


def le(field: str, value: object) -> Condition:
    """The field is at most the value."""
    return Condition(field, Operator.LE, value)


def gt(field: str, value: object) -> Condition:
    """The field is greater than the value."""
    return Condition(field, Operator.GT, value)


def ge(field: str, value: object) -> Condition:
    """The field is at least the value."""
    return Condition(field, Operator.GE, value)


def prefix(field: str, value: str) -> Condition:
    """The text of the field begins with the value, case and all."""
    return Condition(field, Operator.PREFIX, value)


def is_null(field: str) -> Condition:
    """The field has no value."""
    return Condition(field, Operator.NULL, None)


def within(kind: type[Entity], field: str, *where: Condition, on: str = "id") -> Condition:
    """`on` is among the values of `field` of the matching `kind`: orders with a line of product X."""
    return Condition(on, Operator.WITHIN, Within(kind, field, where))


@frozen
class Query:
    """Which entities of a kind, in which order, and how many; ties are always broken by id."""

    where: tuple[Condition, ...] = ()
    order: tuple[str, ...] = ()
    limit: int | None = None
    after: Entity | None = None

    @property
    def keys(self) -> tuple[tuple[str, bool], ...]:
        """The order as (field, descending), with the id as the last word; '-due' is descending."""
        named = tuple((name.removeprefix("-"), name.startswith("-")) for name in self.order)
        return named if any(name == "id" for name, _ in named) else (*named, ("id", False))


def checked(kind: type[Entity], query: Query) -> Query:
    """The query itself, or a typed error that names the field it cannot use."""
    known = {"id"} | ({"version"} if issubclass(kind, Record) else set())
    schema = schema_of(kind)
    known |= {field.name for field in schema.fields}
    for name in (*(condition.field for condition in query.where), *(name for name, _ in query.keys)):
        if name not in known:
            message = f"{schema.name} has the fields {', '.join(sorted(known))}"
            raise MalformedInput("query.field", message, field="where", value=name)
    for name, _ in query.keys:
        if name not in {"id", "version"} and schema.field(name).optional:
            raise MalformedInput("query.order", "an optional field gives no order", field="order", value=name)
    checked_limit(query.limit)
    if query.after is not None and type(query.after) is not kind:
        raise MalformedInput(
            "query.after", f"the last seen {schema.name} is wanted", field="after", value=query.after
        )
    return query


def checked_limit(limit: object) -> None:
    """Refuse what cannot be a number of rows, or what no database could count to (`query.limit`)."""
    if limit is not None and (type(limit) is not int or not 0 <= limit < LIMIT):
        message = f"a limit is a whole number from 0, of at most {MAX_DIGITS} digits"
        raise MalformedInput("query.limit", message, field="limit", value=limit)


def plain(value: object) -> Any:
    """A field's value as something that compares: the stored number or text."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Money):
        return value.minor
    if isinstance(value, Price):
        return value.micros
    if isinstance(value, Percentage):
        return value.units
    return value


_COMPARE: dict[Operator, Callable[[Any, Any], bool]] = {
    Operator.EQ: lambda have, want: bool(have == want),
    Operator.LT: lambda have, want: bool(have < want),
    Operator.LE: lambda have, want: bool(have <= want),
    Operator.GT: lambda have, want: bool(have > want),
    Operator.GE: lambda have, want: bool(have >= want),
    Operator.IN: lambda have, want: have in want,
    Operator.PREFIX: lambda have, want: bool(have.startswith(want)),
}

Values = Callable[[Within], "frozenset[Any]"]
"""How a semi-join finds its values."""


def matches(entity: Entity, where: Iterable[Condition], values: Values) -> bool:
    """Whether an entity satisfies every condition."""
    return all(_holds(entity, condition, values) for condition in where)


def _holds(entity: Entity, condition: Condition, values: Values) -> bool:
    have = plain(getattr(entity, condition.field))
    if condition.operator is Operator.NULL:
        return have is None
    if have is None:
        return False
    if condition.operator is Operator.WITHIN:
        return have in values(condition.value)
    if condition.operator is Operator.IN:
        return have in {plain(value) for value in condition.value}
    return _COMPARE[condition.operator](have, plain(condition.value))


def page(entities: Iterable[E], query: Query) -> list[E]:
    """Matching entities in the order of the query, after its last seen one, at most its limit."""
    rows = list(entities)
    for name, descending in reversed(query.keys):
        rows.sort(key=partial(_cell, name), reverse=descending)
    if query.after is not None:
        rows = [row for row in rows if _follows(row, query.after, query.keys)]
    return rows if query.limit is None else rows[: query.limit]


def _cell(name: str, entity: Entity) -> Any:
    return plain(getattr(entity, name))


def _follows(row: Entity, last: Entity, keys: tuple[tuple[str, bool], ...]) -> bool:
    for name, descending in keys:
        here, there = plain(getattr(row, name)), plain(getattr(last, name))
        if here != there:
            return bool(here < there) if descending else bool(here > there)
    return False
