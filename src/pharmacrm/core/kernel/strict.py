"""Strict reading of what callers hand in: use `field_transformer=strict` on commands, questions and values.

Every field is checked by its annotation, and an error names the field. A field with a converter of its own
keeps it.
"""

from collections.abc import Callable
from datetime import date, datetime
from enum import Enum
from typing import Annotated, Any, get_args, get_origin

from attrs import Attribute, Converter, frozen, has

from pharmacrm.core.kernel.currencies import minor_digits
from pharmacrm.core.kernel.dates import as_date, as_instant
from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.kernel.ids import MAX_ID, MAX_REF, as_id, as_text
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.numbers import bounded
from pharmacrm.core.kernel.record import Personal
from pharmacrm.core.kernel.schema import unwrap

Read = Callable[[Any], Any]


@frozen
class IdText:
    """The text is an id: given by the host, kept as it is, or made by us of such ids, and then longer."""

    longest: int = MAX_ID


@frozen
class Limit:
    """The longest text that is accepted, in characters, and whether it may be empty or have several lines."""

    characters: int
    empty: bool = False
    multiline: bool = False


@frozen
class Names:
    """The field of a question names a record of this kind, which has to be there."""

    kind: str


@frozen
class CurrencyCode:
    """The text is the code of a currency, or empty for the tenant's own."""


Id = Annotated[str, IdText()]
OptionalId = Annotated[str, IdText(), Limit(MAX_ID, empty=True)]
CustomerId = Annotated[str, IdText(), Names("customer")]
OptionalCustomer = Annotated[str, IdText(), Limit(MAX_ID, empty=True), Names("customer")]
Ref = Annotated[str, IdText(MAX_REF)]
"""The id of something that we may have named, such as an instalment or the credit note of a return."""
OptionalCurrency = Annotated[str, CurrencyCode()]
"""A currency, or '' for the tenant's own."""
Name = Annotated[str, Limit(200)]
Note = Annotated[str, Limit(2000, empty=True, multiline=True)]


def strict(_: type, attributes: "list[Attribute[Any]]") -> "list[Attribute[Any]]":
    """Give every field of a class a reader that refuses what it cannot mean (an attrs field transformer)."""
    return [_strict(attribute) for attribute in attributes]


def _strict(attribute: "Attribute[Any]") -> "Attribute[Any]":
    _, markers, _ = unwrap(attribute.type)
    masked = any(type(marker) is Personal for marker in markers)
    given = attribute.converter
    read = given if callable(given) and not isinstance(given, Converter) else reader(attribute.type)
    return attribute.evolve(converter=Converter(_named(read, attribute.name, masked=masked)))


def _named(read: Read, name: str, *, masked: bool) -> Read:
    def convert(value: Any) -> Any:
        try:
            return read(value)
        except MalformedInput as error:
            if error.field == name and not masked:  # the reader of a field that is shared by classes
                raise
            raise error.inside(name, masked=masked) from None

    return convert


def reader(hint: Any) -> Read:
    """The reader for an annotation."""
    plain, markers, optional = unwrap(hint)
    read = _reader(plain, markers)
    if not optional:
        return read
    return lambda value: None if value is None else read(value)


def _reader(plain: Any, markers: tuple[Any, ...]) -> Read:
    if plain is str:
        return _text_reader(markers)
    if plain in _READ:
        return _READ[plain]
    if get_origin(plain) is tuple:
        return _items(reader(get_args(plain)[0]))
    if isinstance(plain, type) and issubclass(plain, Enum):
        return _choice(plain)
    return _exactly(plain)


def _integer(value: Any) -> int:
    """A whole number that every database can keep."""
    return bounded(_exactly(int)(value), "number")


_READ: dict[Any, Read] = {date: as_date, datetime: as_instant, int: _integer}


def _currency(value: Any) -> str:
    if type(value) is not str or value:
        minor_digits(value)
    return str(value)


def _text_reader(markers: tuple[Any, ...]) -> Read:
    if any(type(marker) is CurrencyCode for marker in markers):
        return _currency
    limit = next((marker for marker in markers if type(marker) is Limit), Limit(200))
    id_ = next((marker for marker in markers if type(marker) is IdText), None)
    read: Read = (
        (lambda value: as_id(value, id_.longest))
        if id_ is not None
        else lambda value: as_text(value, limit=limit.characters, multiline=limit.multiline)
    )
    if not limit.empty:
        return read
    return lambda value: value if type(value) is str and not value else read(value)


def _items(read: Read) -> Read:
    def convert(values: Any) -> tuple[Any, ...]:
        if type(values) not in {tuple, list}:
            raise MalformedInput("list.type", "a list or tuple is wanted", value=values)
        return tuple(_item(read, position, value) for position, value in enumerate(values))

    return convert


def _item(read: Read, position: int, value: Any) -> Any:
    try:
        return read(value)
    except MalformedInput as error:
        raise error.inside(f"[{position}]") from None


def _choice(kind: type[Enum]) -> Read:
    by_value = {member.value: member for member in kind}

    def convert(value: Any) -> Enum:
        if type(value) is kind:
            return value
        if type(value) is str and value in by_value:
            return by_value[value]
        known = ", ".join(str(choice) for choice in by_value)
        raise MalformedInput("choice.unknown", f"one of {known} is wanted", value=value)

    return convert


def _exactly(kind: Any) -> Read:
    family = {Money: "money", int: "number", bool: "truth"}.get(kind, "type")

    def convert(value: Any) -> Any:
        if type(value) is kind or (has(kind) and isinstance(value, kind)):
            return value
        if value is None:
            raise MalformedInput(f"{family}.required", f"{kind.__name__} is wanted")
        raise MalformedInput(
            f"{family}.type", f"{kind.__name__} is wanted, not {type(value).__name__}", value=value
        )

    return convert if isinstance(kind, type) else lambda value: value
