"""What a record looks like from outside, read once from its annotations."""

import types
from collections.abc import Callable
from datetime import date, datetime
from enum import Enum, StrEnum
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin, get_type_hints

from attrs import Attribute, fields, frozen

from pharmacrm.core.kernel.memo import remembered
from pharmacrm.core.kernel.money import Money, Percentage, Price
from pharmacrm.core.kernel.record import Column, Counter, Entity, ParentOf, Part, Personal, Record, kind_name
from pharmacrm.core.kernel.words import Words

M = TypeVar("M")
R = TypeVar("R", bound=Record)


class Form(StrEnum):
    """How a field is stored."""

    TEXT = "text"
    INTEGER = "integer"
    TRUTH = "truth"
    DATE = "date"
    INSTANT = "instant"
    MONEY = "money"
    PRICE = "price"
    PERCENTAGE = "percentage"
    CHOICE = "choice"
    VALUE = "value"


_FORMS: dict[Any, Form] = {
    str: Form.TEXT,
    int: Form.INTEGER,
    bool: Form.TRUTH,
    date: Form.DATE,
    datetime: Form.INSTANT,
    Money: Form.MONEY,
    Price: Form.PRICE,
    Percentage: Form.PERCENTAGE,
}


@frozen
class Field:
    """One field of a record: its form, and the markers of its annotation."""

    name: str
    type: Any
    form: Form
    optional: bool
    column: Column
    personal: Personal | None
    counter: bool
    parent: type[Record] | None

    @property
    def label(self) -> Words:
        """The name of the field for programs and for Chinese readers."""
        return Words(self.name, self.column.zh or self.name)


@frozen
class Schema:
    """The fields of one kind, in order, without id and version."""

    kind: type[Entity]
    name: str
    fields: tuple[Field, ...]

    @property
    def parent(self) -> Field | None:
        """For a part: the field that holds its parent's id."""
        return next((field for field in self.fields if field.parent), None)

    @property
    def counters(self) -> tuple[str, ...]:
        """The fields that change by bounded additions only."""
        return tuple(field.name for field in self.fields if field.counter)

    @property
    def money(self) -> tuple[str, ...]:
        """The fields that share the record's one currency."""
        return tuple(field.name for field in self.fields if field.form is Form.MONEY)

    def field(self, name: str) -> Field:
        """One field by name; a name that does not exist is a KeyError."""
        return self._by_name()[name]

    def _by_name(self) -> dict[str, Field]:
        return _fields_by_name(self.kind)


@remembered
def schema_of(kind: type[Entity]) -> Schema:
    """The schema of a kind, derived once; a part without a parent field is a TypeError."""
    hints = get_type_hints(kind, include_extras=True)
    own = tuple(
        _field(attribute, hints[attribute.name])
        for attribute in fields(kind)
        if attribute.name not in {"id", "version"}
    )
    schema = Schema(kind, kind_name(kind), own)
    if issubclass(kind, Part) and schema.parent is None:
        raise TypeError(f"the part {kind.__name__} names no parent: annotate one field with ParentOf(...)")
    return schema


@remembered
def _fields_by_name(kind: type[Entity]) -> dict[str, Field]:
    return {field.name: field for field in schema_of(kind).fields}


def unwrap(hint: Any) -> tuple[Any, tuple[Any, ...], bool]:
    """An annotation as its plain type, its markers, and whether None is allowed."""
    markers: tuple[Any, ...] = ()
    optional = False
    while True:
        origin = get_origin(hint)
        if origin is Annotated:
            hint, *extra = get_args(hint)
            markers += tuple(extra)
        elif origin in {Union, types.UnionType} and type(None) in get_args(hint):
            rest = [arm for arm in get_args(hint) if arm is not type(None)]
            optional = True
            if len(rest) != 1:
                return hint, markers, optional
            hint = rest[0]
        else:
            return hint, markers, optional


def _field(attribute: "Attribute[Any]", hint: Any) -> Field:
    plain, markers, optional = unwrap(hint)
    parent = _marker(markers, ParentOf)
    return Field(
        name=attribute.name,
        type=plain,
        form=form_of(plain),
        optional=optional,
        column=_marker(markers, Column) or Column(),
        personal=_marker(markers, Personal),
        counter=_marker(markers, Counter) is not None,
        parent=parent.kind if parent else None,
    )


def form_of(plain: Any) -> Form:
    """How a value of this type is stored."""
    if plain in _FORMS:
        return _FORMS[plain]
    if isinstance(plain, type) and issubclass(plain, Enum):
        return Form.CHOICE
    return Form.VALUE


def _marker(markers: tuple[Any, ...], kind: type[M]) -> M | None:
    return next((marker for marker in markers if type(marker) is kind), None)


def at_version(record: R, version: int) -> R:
    """The same record under another version: `attrs.evolve` in one generated call for each kind."""
    return _copier(type(record))(record, version)


@remembered
def _copier(kind: type[R]) -> Callable[[R, int], R]:
    names = ("id", *(field.name for field in schema_of(kind).fields))
    text = ", ".join(f"{name}=e.{name}" for name in names)
    copy: Callable[[R, int], R]
    copy = eval(f"lambda e, v: Kind(version=v, {text})", {"Kind": kind})  # noqa: S307 - names of the class itself
    return copy
