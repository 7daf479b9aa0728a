"""Values to JSON and back, strictly: nothing is guessed, coerced, dropped or renamed on the way.

Money is '1200.00 CNY', a price '0.0363', a percentage '13%', a date '2026-02-03', an instant ends in 'Z'. A
value class with `text_form = True` is written with `str()` and read with its `parse`.
"""

import hashlib
import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any, TypeVar, get_args, get_origin

from attrs import fields as attrs_fields
from attrs import has
from cattrs import AttributeValidationNote, Converter, IterableValidationNote
from cattrs.errors import BaseValidationError, ForbiddenExtraKeysError
from cattrs.gen import make_dict_unstructure_fn

from pharmacrm.core.kernel.currencies import minor_digits
from pharmacrm.core.kernel.dates import as_date, as_instant
from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.kernel.memo import remembered
from pharmacrm.core.kernel.money import Money, Percentage, Price
from pharmacrm.core.kernel.numbers import decimal_text
from pharmacrm.core.kernel.record import Entity
from pharmacrm.core.kernel.schema import Form, schema_of, unwrap

T = TypeVar("T")

CENTS = 2
"""The decimals of most currencies."""

DEEPEST = 32
"""Levels of nesting that a JSON text may have."""


def money_text(money: Money) -> str:
    """Money as '1200.00 CNY'."""
    minor, currency = money.minor, money.currency
    if minor >= 0 and minor_digits(currency) == CENTS:
        return f"{minor // 100}.{minor % 100:02d} {currency}"
    return f"{decimal_text(minor, minor_digits(currency))} {currency}"


def money_from(text: object) -> Money:
    """Money from '1200.00 CNY'."""
    if type(text) is not str or text.count(" ") != 1:
        raise MalformedInput(
            "money.format", "write the amount and the currency, such as 1200.00 CNY", value=text
        )
    amount, currency = text.split(" ")
    return Money(amount, currency)


def instant_text(at: datetime) -> str:
    """An instant in UTC with all six decimals, so that text sorts like time."""
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


_WRITE: dict[type, Callable[[Any], Any]] = {
    Money: money_text,
    Price: str,
    Percentage: str,
    datetime: instant_text,
    date: date.isoformat,
}
_READ: dict[type, Callable[[Any], Any]] = {
    Money: money_from,
    Price: lambda text: Price(text),  # noqa: PLW0108 - cattrs hands over the type as well
    Percentage: lambda text: Percentage(text),  # noqa: PLW0108
    datetime: as_instant,
    date: as_date,
}


def _reading(read: Callable[[Any], Any]) -> Callable[[Any, Any], Any]:
    return lambda value, _: read(value)


def _exact(kind: type) -> Callable[[Any, Any], Any]:
    def read(value: Any, wanted: Any) -> Any:
        if wanted is not kind and _is_choice(wanted):
            return _choice(value, wanted)
        if type(value) is not kind:
            raise MalformedInput(
                "json.type", f"{kind.__name__} is wanted, not {type(value).__name__}", value=value
            )
        return value

    return read


def _choice(value: Any, kind: type[Enum]) -> Enum:
    if type(value) is not str or value not in {member.value for member in kind}:
        known = ", ".join(str(member.value) for member in kind)
        raise MalformedInput("choice.unknown", f"one of {known} is wanted", value=value)
    return kind(value)


def _is_list(kind: Any) -> bool:
    origin: Any = get_origin(kind)
    return origin is tuple


def _items(values: Any, kind: Any) -> tuple[Any, ...]:
    """A list, and nothing else that can be gone through: a text is no list of letters."""
    if type(values) is not list:
        raise MalformedInput("list.type", "a list is wanted", value=values)
    wanted = get_args(kind)[0]
    return tuple(_item(value, wanted, place) for place, value in enumerate(values))


def _item(value: Any, kind: Any, place: int) -> Any:
    try:
        return _CONVERTER.structure(value, kind)
    except (MalformedInput, BaseValidationError, ForbiddenExtraKeysError) as error:
        raise _first(error).inside(f"[{place}]") from None


def _is_choice(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Enum)


def _is_text_form(kind: Any) -> bool:
    return bool(getattr(kind, "text_form", False))


def _converter() -> Converter:
    converter = Converter(forbid_extra_keys=True)
    for kind, write in _WRITE.items():
        converter.register_unstructure_hook(kind, write)
    for kind, read in _READ.items():
        converter.register_structure_hook(kind, _reading(read))
    for kind in (str, int, bool):
        converter.register_structure_hook(kind, _exact(kind))
    converter.register_structure_hook_func(_is_list, _items)
    converter.register_structure_hook_func(_is_choice, _choice)
    converter.register_unstructure_hook(str, lambda text: text.value if isinstance(text, Enum) else text)
    converter.register_unstructure_hook_func(_is_text_form, str)
    converter.register_structure_hook_func(_is_text_form, lambda value, kind: kind.parse(value))
    return converter


_CONVERTER = _converter()


def to_plain(value: object) -> Any:
    """A value, record, command or question as dictionaries, lists and texts."""
    return _CONVERTER.unstructure(value)


def to_brief(value: object) -> Any:
    """A message as plain data without its defaults, so that later versions of its class give the same."""
    brief: dict[str, Any] = {}
    for name, default, write in _briefly(type(value)):
        here = getattr(value, name)
        if here != default:
            brief[name] = here if write is None else write(here)
    return brief


@remembered
def _briefly(kind: type) -> tuple[tuple[str, Any, Callable[[Any], Any] | None], ...]:
    return tuple(
        (field.name, field.default, _brief_writer(unwrap(field.type)[0])) for field in attrs_fields(kind)
    )


def _brief_writer(kind: Any) -> Callable[[Any], Any] | None:
    if kind in {str, int, bool}:
        return None
    if get_origin(kind) is tuple:
        each = _brief_writer(get_args(kind)[0])
        return list if each is None else lambda values: [each(value) for value in values]
    if kind in _WRITE:
        return _WRITE[kind]
    if has(kind) and not _is_text_form(kind):
        return lambda value: None if value is None else to_brief(value)
    return to_plain


def from_plain(kind: type[T], plain: object) -> T:
    """The value back from `to_plain`; unknown, missing or mistyped fields are named in a `MalformedInput`."""
    try:
        return _CONVERTER.structure(plain, kind)
    except MalformedInput:
        raise
    except (BaseValidationError, ForbiddenExtraKeysError) as error:
        raise _first(error) from None
    except (TypeError, ValueError, KeyError, AttributeError):
        raise MalformedInput("json.shape", f"this is no {kind.__name__}", value=plain) from None


def _first(error: BaseException) -> MalformedInput:
    if isinstance(error, MalformedInput):
        return error
    if isinstance(error, ForbiddenExtraKeysError):
        return MalformedInput("field.not_allowed", "there is no such field", field=min(error.extra_fields))
    if isinstance(error, KeyError):
        return MalformedInput("field.required", "the field is missing", field=str(error.args[0]))
    if isinstance(error, BaseExceptionGroup):
        inner = error.exceptions[0]
        place = _place(inner)
        found = _first(inner)
        return found.inside(place) if place and not isinstance(inner, KeyError) else found
    return MalformedInput("json.shape", "the value has another shape", value=str(error))


def _place(error: BaseException) -> str:
    for note in getattr(error, "__notes__", ()):
        if isinstance(note, IterableValidationNote):
            return f"[{note.index}]"
        if isinstance(note, AttributeValidationNote):
            return note.name
    return ""


_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def canonical(plain: object) -> str:
    """The one JSON text of a plain value: sorted keys, no spaces, no NaN."""
    return _ENCODER.encode(plain)


def dumps(value: object) -> str:
    """A value as canonical JSON."""
    return canonical(to_plain(value))


def loads(text: str) -> Any:
    """JSON, strictly: no NaN, no number that overflows, no key twice, at most 32 levels deep."""
    depth = 0
    for character in text:
        depth += (character in "[{") - (character in "]}")
        if depth > DEEPEST:
            raise MalformedInput("json.depth", f"at most {DEEPEST} levels are read", value=text)
    try:
        return json.loads(
            text, parse_constant=_no_constant, parse_float=_no_float, object_pairs_hook=_no_twice
        )
    except (ValueError, RecursionError) as error:
        if isinstance(error, MalformedInput):
            raise
        raise MalformedInput("json.format", "this is no JSON", value=text) from None


def digest(*entities: Entity) -> str:
    """The SHA-256 of what these entities say, version and order of arguments included, personal data too."""
    text = canonical([[schema_of(type(entity)).name, entity.id, plain_fields(entity)] for entity in entities])
    return hashlib.sha256(text.encode()).hexdigest()


def plain_fields(entity: Entity) -> dict[str, Any]:
    """The fields of an entity as plain values, without id, version and absent ones."""
    return {name: value for name, value in _plain_reader(type(entity))(entity) if value is not None}


@remembered
def _plain_reader(kind: type[Entity]) -> Callable[[Entity], tuple[tuple[str, Any], ...]]:
    """One generated expression that reads every field of a kind; it holds only names of the class itself."""
    names: dict[str, Any] = {}
    cells = []
    for field in schema_of(kind).fields:
        write = writer(field.type, field.form)
        cell = f"e.{field.name}"
        if write is not None:
            names[f"w_{field.name}"] = write
            plain = f"{cell}.value" if field.form is Form.CHOICE else f"w_{field.name}({cell})"
            cell = f"None if {cell} is None else {plain}" if field.optional else plain
        cells.append(f"('{field.name}', {cell}),")
    read: Callable[[Entity], tuple[tuple[str, Any], ...]]
    read = eval(f"lambda e: ({' '.join(cells)})", names)  # noqa: S307 - names of the class itself
    return read


def writer(kind: Any, form: Form) -> Callable[[Any], Any] | None:
    """How a field of this type becomes plain; None where it is plain already."""
    if form in {Form.TEXT, Form.INTEGER, Form.TRUTH}:
        return None
    if form is Form.CHOICE:
        return lambda choice: choice.value
    if kind in _WRITE:
        return _WRITE[kind]
    return _value_writer(kind)


def _value_writer(kind: Any) -> Callable[[Any], Any]:
    if _is_text_form(kind):
        return str
    if has(kind) and not _subclassed(kind):
        return make_dict_unstructure_fn(kind, _CONVERTER)
    return lambda value: _CONVERTER.unstructure(value, unstructure_as=kind)


def _subclassed(kind: type) -> bool:
    return bool(kind.__subclasses__())


def _no_constant(text: str) -> Any:
    raise MalformedInput("json.number", "JSON knows no such number", value=text)


def _no_float(text: str) -> Any:
    raise MalformedInput("json.number", "decimals are written as text", value=text)


def _no_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        twice = next(key for key, _ in pairs if sum(key == other for other, _ in pairs) > 1)
        raise MalformedInput("json.twice", "a key stands twice", field=twice)
    return found
