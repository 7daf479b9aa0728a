"""Commands, questions and value classes, made from their annotations: good ones, or with one bad field."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from itertools import islice
from typing import Any, TypeVar

from attrs import frozen, has
from hypothesis import reject
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.kernel.ids import MAX_ID
from pharmacrm.core.kernel.message import Command, Question
from pharmacrm.core.kernel.money import Money, Percentage, Price
from pharmacrm.core.values.address import Address
from pharmacrm.core.values.paying_days import PayingDays
from pharmacrm.core.values.terms import PaymentTerms
from pharmacrm.testing.strategies import values
from pharmacrm.testing.strategies.reading import Shape, shapes
from pharmacrm.testing.strategies.traps import TRAPS, Family, Trap

T = TypeVar("T")
C = TypeVar("C", bound=Command[Any])
Q = TypeVar("Q", bound=Question[Any])
Given = Mapping[str, SearchStrategy[Any]]

MOST_ITEMS = 3
"""Items that a list gets: enough to tell one, none and several apart."""

WORDS: Given = {
    "base": values.currencies(),
    "currency": values.currencies(),
    "quote": values.currencies(),
    "rate": values.rates(),
    "uscc": values.usccs(),
    "approval_number": values.approval_numbers(),
    "quantity": values.quantities(),
}
"""Fields whose own reader takes less than their type says, by the names that they have all over the trade."""


def commands(kind: type[C], /, **given: SearchStrategy[Any]) -> SearchStrategy[C]:
    """Good commands of a class, a plugin's own as well.

    `given` sets the strategy of a field by its name, also of a field of the lines in it. Ids are
    invented: give those of your own records where a command should find something.
    """
    return instances(kind, **given)


def questions(kind: type[Q], /, **given: SearchStrategy[Any]) -> SearchStrategy[Q]:
    """Good questions of a class; as `commands`."""
    return instances(kind, **given)


def instances(kind: type[T], /, **given: SearchStrategy[Any]) -> SearchStrategy[T]:
    """Good values of any class that is read strictly. What only fits together by chance is drawn again."""
    return arguments(kind, given).map(lambda chosen: _made(kind, chosen))


def arguments(kind: type, given: Given) -> SearchStrategy[dict[str, Any]]:
    """What a class is made with: every required field, and any of the others."""
    known = {shape.name: _field(shape, given) for shape in shapes(kind)}
    required = {shape.name for shape in shapes(kind) if shape.required}
    if unknown := given.keys() - _names(kind):
        raise TypeError(f"{kind.__name__} has no field {min(unknown)}")
    return st.fixed_dictionaries(
        {name: known[name] for name in known if name in required or name in given},
        optional={name: known[name] for name in known if name not in required and name not in given},
    )


@frozen(repr=False)
class NearMiss:
    """Arguments of which exactly one is bad: `make()` must raise `MalformedInput` that names the `field`.

    With `inside`, the bad value stands alone in a list.
    """

    kind: type
    field: str
    trap: Trap
    inside: bool
    others: Mapping[str, Any]

    def make(self) -> Any:
        """Make the command, as a caller would; the bad value is made anew."""
        bad = self.trap.make()
        return self.kind(**{**self.others, self.field: (bad,) if self.inside else bad})

    def names(self, field: str) -> bool:
        """Whether an error's path leads to the bad field or into it."""
        return field == self.field or field.startswith((f"{self.field}.", f"{self.field}["))

    def __repr__(self) -> str:
        where = f"{self.field}[0]" if self.inside else self.field
        return f"<{self.kind.__name__}.{where}: {self.trap.name}>"


def near_misses_of(good: Any) -> Iterator[NearMiss]:
    """Every near miss of a good instance: each field with each of its traps, all others left as they are."""
    kind = type(good)
    values_ = {shape.name: getattr(good, shape.name.lstrip("_")) for shape in shapes(kind)}
    for shape in shapes(kind):
        others = {name: value for name, value in values_.items() if name != shape.name}
        for inside, trap in _missing(shape):
            yield NearMiss(kind, shape.name, trap, inside, others)


def near_misses(kind: type, /, **given: SearchStrategy[Any]) -> SearchStrategy[NearMiss]:
    """Near misses of good instances, whatever else those say; `near_misses_of` gives all of one instance."""
    number = sum(len(list(_missing(shape))) for shape in shapes(kind))
    if not number:  # it has no field that could be missed
        return st.nothing()
    return st.builds(
        lambda good, place: next(islice(near_misses_of(good), place, None)),
        instances(kind, **given),
        st.integers(0, number - 1),
    )


def family_of(shape: Shape) -> Family:
    """What a field is for, as far as its traps go."""
    if shape.type is str:
        return Family.ID if shape.is_id else Family.TEXT
    made = values.values_of(shape.type)
    return _FAMILIES.get(shape.type, Family.CHOICE if made is not None else Family.VALUE)


_FAMILIES: Mapping[Any, Family] = {
    bool: Family.TRUTH,
    int: Family.NUMBER,
    Money: Family.NUMBER,
    Price: Family.NUMBER,
    Percentage: Family.NUMBER,
    date: Family.DATE,
    datetime: Family.DATE,
    PaymentTerms: Family.VALUE,
    PayingDays: Family.VALUE,
    Address: Family.VALUE,
}


def _missing(shape: Shape) -> Iterator[tuple[bool, Trap]]:
    for trap in (*TRAPS[Family.ANY], *TRAPS[family_of(shape)]):
        value = trap.make()
        if _is_short_enough(shape, value) and family_of(shape) is Family.ID:
            continue
        if not _is_instant(shape, value) and (shape.many or not _is_absent(shape, value)):
            yield shape.many, trap
    if shape.many:
        for trap in (*TRAPS[Family.ANY], *TRAPS[Family.LIST]):
            if not (shape.optional and trap.make() is None):
                yield False, trap


def _is_instant(shape: Shape, value: object) -> bool:
    """Whether a time that is no day is just what the field wants."""
    return shape.type is datetime and type(value) is datetime and value.tzinfo is not None


def _is_short_enough(shape: Shape, value: object) -> bool:
    """Whether an id that is too long for a host's is not too long for one of our own."""
    return type(value) is str and MAX_ID < len(value) <= shape.limit.characters


def _is_absent(shape: Shape, value: object) -> bool:
    """Whether the field may be left out or empty in this way."""
    return (value is None and shape.optional) or (type(value) is str and not value and shape.empty)


def _field(shape: Shape, given: Given) -> SearchStrategy[Any]:
    if shape.name in given:
        return given[shape.name]
    one = _one(shape, given)
    if shape.many:
        items = st.lists(one, max_size=MOST_ITEMS, unique=shape.type is int)
        lists = items.map(lambda found: tuple(sorted(found) if shape.type is int else found))
        return st.one_of(st.none(), lists) if shape.optional else lists
    if shape.empty and shape.type is str:
        one = st.one_of(st.just(""), one)
    return st.one_of(st.none(), one) if shape.optional else one


def _one(shape: Shape, given: Given) -> SearchStrategy[Any]:
    if shape.name in WORDS and not shape.is_id:
        return WORDS[shape.name]
    if shape.type is str:
        limit = shape.limit
        if shape.is_id:
            return values.ids(limit.characters)
        return values.texts(limit.characters, multiline=limit.multiline)
    found = values.values_of(shape.type)
    if found is not None:
        return found
    if has(shape.type):
        inner = _names(shape.type)
        return instances(shape.type, **{name: each for name, each in given.items() if name in inner})
    raise TypeError(f"no strategy is known for {shape.name}: give one by its name")


def _names(kind: type) -> frozenset[str]:
    """The fields of a class and of the values in its lists."""
    own = tuple(shapes(kind))
    inner = (_names(shape.type) for shape in own if has(shape.type) and values.values_of(shape.type) is None)
    return frozenset(shape.name for shape in own).union(*inner)


def _made(kind: type[T], chosen: dict[str, Any]) -> T:
    try:
        return kind(**chosen)
    except MalformedInput:
        reject()
