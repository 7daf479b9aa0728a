"""How fields, types, defaults and docstrings are written in the manual."""

import inspect
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from enum import Enum
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

from attrs import NOTHING, Attribute, fields, frozen, has

from pharmacrm import Limit, Money, PayingDays, PaymentTerms, Percentage, Personal, Price
from pharmacrm.core.kernel.record import Part, Record
from pharmacrm.core.kernel.schema import unwrap
from pharmacrm.core.kernel.strict import CurrencyCode, IdText

WORDS: dict[Any, str] = {
    str: "text",
    int: "whole number",
    bool: "true or false",
    date: "date, or text `2026-03-02`",
    datetime: "instant",
    Money: '`Money("1200.00", "CNY")`',
    Price: 'price, or text `"0.0363"`',
    Percentage: 'percentage, or text `"13%"`',
    PaymentTerms: "text of [payment terms](terms.md), or `PaymentTerms`",
    PayingDays: "text of [days of payment](terms.md#days-of-payment), or `PayingDays`",
}


GIVEN: dict[Any, str] = WORDS | {
    date: "date",
    Money: "money",
    Price: "price",
    Percentage: "percentage",
    PaymentTerms: "[payment terms](terms.md)",
    PayingDays: "[days of payment](terms.md#days-of-payment)",
}
"""The same for what callers are given and need not write."""


def type_words(hint: Any, words: dict[Any, str] = WORDS) -> str:
    """What a field holds, in words: `id`, `text, at most 200`, `one of: rx, otc_a`."""
    plain, markers, optional = unwrap(hint)
    return _plain_words(plain, markers, words) + (", or none" if optional else "")


def _plain_words(plain: Any, markers: Sequence[Any], words: dict[Any, str]) -> str:
    limit = next((each for each in markers if type(each) is Limit), None)
    if plain is str and any(type(each) is IdText for each in markers):
        return "id"
    if plain is str and any(type(each) is CurrencyCode for each in markers):
        return "code of a currency; none is the tenant's"
    if plain is str and limit is not None:
        return f"text, at most {limit.characters:,}"
    if get_origin(plain) is tuple:
        first, *others = get_args(plain)
        if others and others != [...]:
            return ", ".join(type_words(each, words) for each in (first, *others))
        return f"several: {type_words(first, words)}"
    if isinstance(plain, type) and issubclass(plain, Enum):
        return "one of: " + ", ".join(f"`{member.value}`" for member in plain)
    if plain in words:
        return words[plain]
    if isinstance(plain, UnionType):
        return " or ".join(type_words(arm, words) for arm in get_args(plain))
    return f"[{plain.__name__}](#{plain.__name__.lower()})" if has(plain) else f"`{plain.__name__}`"


def default_words(attribute: "Attribute[Any]") -> str:
    """What a field is when it is left out."""
    default = attribute.default
    if default is NOTHING:
        return "required"
    if isinstance(default, Enum):
        return f"`{default.value}`"
    if not isinstance(default, (str, int, tuple, type(None))):
        return f"`{default}`" if type(default) in WORDS else "made"
    if default is None:
        return "none"
    return "empty" if default in {"", ()} else f"`{default!r}`"


def personal_words(hint: Any) -> str:
    """Why a field holds personal data, where it does."""
    return next((f"personal: {each.purpose}" for each in unwrap(hint)[1] if type(each) is Personal), "")


def input_table(kind: type) -> list[str]:
    """The fields of something that callers write."""
    rows = [
        (f"`{each.name}`", type_words(each.type), default_words(each), personal_words(each.type))
        for each in fields(kind)
    ]
    if any(row[3] for row in rows):
        return table(("field", "holds", "default", ""), rows)
    return table(("field", "holds", "default"), [row[:3] for row in rows])


def output_table(kind: type) -> list[str]:
    """The fields of something that callers are given, and what is worked out of them."""
    rows = [(f"`{each.name}`", type_words(each.type, GIVEN)) for each in fields(kind)]
    return [*table(("field", "holds"), rows), *property_table(kind)]


@frozen
class Property:
    """A public property: its name, the annotation of what it gives, and its docstring's first line."""

    name: str
    hint: Any
    says: str


def properties_of(kind: type) -> list[Property]:
    """The public properties of a class and of those that it is made of, in the order of writing."""
    bases = [base for base in reversed(kind.__mro__) if base not in {object, Record, Part}]
    found = {name: each for base in bases for name, each in vars(base).items() if isinstance(each, property)}
    return [
        Property(name, get_type_hints(each.fget, include_extras=True)["return"], first_line(each))
        for name, each in found.items()
        if each.fget is not None and not name.startswith("_")
    ]


def property_table(kind: type) -> list[str]:
    """The public properties of something that callers are given."""
    rows = [(f"`{each.name}`", type_words(each.hint, GIVEN), each.says) for each in properties_of(kind)]
    return table(("property", "gives", "which is"), rows) if rows else []


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """A table; a bar inside a cell would end it."""
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    lines += [
        "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in row) + " |" for row in rows
    ]
    return ["", *lines, ""]


def docs(thing: object) -> list[str]:
    """A docstring as paragraphs."""
    text = inspect.cleandoc(getattr(thing, "__doc__", "") or "")
    return [text]


def first_line(thing: object) -> str:
    """The first sentence of a docstring."""
    return docs(thing)[0].partition("\n\n")[0].replace("\n", " ")


def values_within(kinds: Iterable[type], *, given: bool = False) -> list[type]:
    """The value classes that fields of these classes hold, and those within them, by name.

    Of what is `given` to callers those of public properties count too.
    """
    found: dict[str, type] = {}
    waiting = list(kinds)
    while waiting:
        kind = waiting.pop()
        hints = [each.type for each in fields(kind)]
        for hint in (*hints, *(each.hint for each in properties_of(kind) if given)):
            for held in _held(hint):
                if has(held) and held not in WORDS and held.__name__ not in found:
                    found[held.__name__] = held
                    waiting.append(held)
    return [found[name] for name in sorted(found)]


def _held(hint: Any) -> list[type]:
    plain, _, _ = unwrap(hint)
    inner = [item for arm in get_args(plain) for item in _held(arm)]
    return [*inner, plain] if isinstance(plain, type) else inner
