"""What callers hand to the door beside commands: keys, dates, ids and search conditions, read strictly."""

from collections.abc import Callable, Sequence
from enum import Enum
from typing import Any, TypeVar

from attrs import evolve

from pharmacrm.core.kernel.dates import as_date, as_instant
from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.kernel.ids import MAX_ID, as_id, as_text
from pharmacrm.core.kernel.journal import JournalQuery, Verb
from pharmacrm.core.kernel.message import Reads
from pharmacrm.core.kernel.money import Money, Percentage, Price
from pharmacrm.core.kernel.numbers import bounded
from pharmacrm.core.kernel.query import Condition, Operator, Query, Within, checked, checked_limit
from pharmacrm.core.kernel.record import Entity
from pharmacrm.core.kernel.schema import Field, Form, schema_of

T = TypeVar("T")
E = TypeVar("E", bound=Entity)

_JOURNAL_TEXTS = ("id", "subject", "kind", "actor", "command", "key", "after")
LONGEST = 400
"""Characters of the longest id that we make of others' ids."""


def given(name: str, read: Callable[[Any], T], value: object) -> T:
    """An argument, read; an error names it."""
    try:
        return read(value)
    except MalformedInput as error:
        raise error.inside(name) from None


def as_kind(kind: object) -> type[Entity]:
    """A kind of record or part."""
    if isinstance(kind, type) and issubclass(kind, Entity):
        return kind
    raise MalformedInput("kind.type", "a kind of record is wanted", field="kind", value=kind)


def as_stored_id(value: str) -> str:
    """An id to look up: the host's own, or one made of several (`SO-1/approval/1`)."""
    if type(value) is str and MAX_ID < len(value) <= LONGEST:
        as_text(value, LONGEST)
        return value
    return as_id(value)


def looked_up(read: Reads, kind: type[E], id: object) -> E:
    """One entity by an id that a caller gave."""
    return read.get(kind, given("id", as_stored_id, id))


def searched(
    read: Reads, kind: type[E], where: Sequence[object], order: object, limit: int | None, after: E | None
) -> list[E]:
    """The entities that a caller searches for."""
    if not isinstance(order, (tuple, list)) or not all(type(name) is str for name in order):
        raise MalformedInput("query.order", "a tuple of field names is wanted", field="order", value=order)
    return read.find(kind, *as_conditions(kind, where), order=order, limit=limit, after=after)


def as_journal_query(query: object) -> JournalQuery:
    """A question to the journal, each of its fields read."""
    if type(query) is not JournalQuery:
        raise MalformedInput("query.type", "a JournalQuery is wanted", field="query", value=query)
    checked_limit(query.limit)
    texts = {name: _unless_none(name, _text, getattr(query, name)) for name in _JOURNAL_TEXTS}
    times = {name: _unless_none(name, as_instant, getattr(query, name)) for name in ("since", "until")}
    several = {name: _unless_none(name, _texts, getattr(query, name)) for name in ("ids", "subjects")}
    if type(query.unsealed) is not bool:
        raise MalformedInput("query.type", "True or False is wanted", field="unsealed", value=query.unsealed)
    return evolve(query, verbs=given("verbs", _verbs, query.verbs), **texts, **times, **several)


def _unless_none(name: str, read: Callable[[Any], Any], value: object) -> Any:
    return None if value is None else given(name, read, value)


def _texts(values: object) -> tuple[str, ...]:
    if not isinstance(values, (tuple, list)):
        raise MalformedInput("list.type", "a tuple of texts is wanted", value=values)
    return tuple(map(_text, values))


def _verbs(verbs: object) -> tuple[Verb, ...]:
    known = {verb.value: verb for verb in Verb}
    if not isinstance(verbs, (tuple, list)) or not all(
        type(verb) in {str, Verb} and verb in known for verb in verbs
    ):
        raise MalformedInput("choice.unknown", f"a tuple of {', '.join(known)} is wanted", value=verbs)
    return tuple(known[verb] for verb in verbs)


def as_conditions(kind: type[Entity], where: Sequence[object]) -> tuple[Condition, ...]:
    """The conditions of a search, each value read as its field is; `where[0]` names one that does not fit."""
    return tuple(
        given(f"where[{place}]", lambda one: _condition(kind, one), one) for place, one in enumerate(where)
    )


def _condition(kind: type[Entity], condition: object) -> Condition:
    if type(condition) is not Condition or type(condition.field) is not str:
        raise MalformedInput(
            "query.condition", "a condition such as eq(field, value) is wanted", value=condition
        )
    checked(kind, Query((condition,)))
    match condition.operator:
        case Operator.NULL:
            return condition
        case Operator.WITHIN:
            return evolve(condition, value=_within(condition.value))
        case Operator.IN:
            read = _reader(kind, condition.field)
            return evolve(condition, value=tuple(read(value) for value in condition.value))
        case Operator.PREFIX:
            read = _text if _is_text(kind, condition.field) else _no_comparison
            return evolve(condition, value=read(condition.value))
        case _:
            return evolve(condition, value=_reader(kind, condition.field)(condition.value))


def _within(semi: Within) -> Within:
    inner = as_kind(semi.kind)
    checked(inner, Query((Condition(semi.field, Operator.NULL, None),)))
    return evolve(semi, where=as_conditions(inner, semi.where))


def _reader(kind: type[Entity], name: str) -> Callable[[Any], Any]:
    if name == "id":
        return as_stored_id
    if name == "version":
        return _number
    field = schema_of(kind).field(name)
    return _choice(field) if field.form is Form.CHOICE else _READERS[field.form]


def _is_text(kind: type[Entity], name: str) -> bool:
    return name == "id" or (name != "version" and schema_of(kind).field(name).form is Form.TEXT)


def _text(value: str) -> str:
    if type(value) is str and not value:
        return value
    as_text(value, 1_000_000, multiline=True)
    return str(value)


def _exactly(kind: type, family: str) -> Callable[[Any], Any]:
    def read(value: Any) -> Any:
        if type(value) is not kind:
            raise MalformedInput(f"{family}.type", f"{kind.__name__} is wanted", value=value)
        return value

    return read


def _number(value: Any) -> int:
    number: int = _exactly(int, "number")(value)
    return bounded(number, "number")


def _choice(field: Field) -> Callable[[Any], Any]:
    choices: dict[Any, Enum] = {member.value: member for member in field.type}

    def read(value: Any) -> Any:
        plain = value.value if type(value) is field.type else value
        if type(plain) is str and plain in choices:
            return choices[plain]
        raise MalformedInput("choice.unknown", f"one of {', '.join(choices)} is wanted", value=value)

    return read


def _no_comparison(value: object) -> Any:
    raise MalformedInput("query.field", "this field is not searched by value", value=value)


_READERS: dict[Form, Callable[[Any], Any]] = {
    Form.TEXT: _text,
    Form.INTEGER: _number,
    Form.TRUTH: _exactly(bool, "truth"),
    Form.DATE: as_date,
    Form.INSTANT: as_instant,
    Form.MONEY: _exactly(Money, "money"),
    Form.PRICE: _exactly(Price, "price"),
    Form.PERCENTAGE: _exactly(Percentage, "percentage"),
    Form.VALUE: _no_comparison,
}
