"""Entities to rows and back: one generated function each way for every kind.

The generated text holds only names taken from the record classes themselves.
"""

import json
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import Any

from attrs import frozen

from pharmacrm.core.kernel.codec import canonical, from_plain, writer
from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.kernel.money import Money, Percentage, Price
from pharmacrm.core.kernel.record import Entity, Record
from pharmacrm.core.kernel.schema import Field, Form, schema_of
from pharmacrm.plugins.storage.sql.cells import instant_in, instant_out

Row = tuple[Any, ...]


@frozen
class RowCodec:
    """How one kind becomes a row and comes back; `columns` names the row's cells in order."""

    columns: tuple[str, ...]
    encode: Callable[[Any], Row]
    decode: Callable[[Row], Any]
    cells: dict[str, Callable[[Any], Any]]

    def cell(self, name: str, value: object) -> Any:
        """A single value as it is stored in a column, for conditions."""
        return None if value is None else self.cells[name](value)


def codec_for(kind: type[Entity], dialect: str) -> RowCodec:
    """The codec of a kind in one dialect."""
    schema = schema_of(kind)
    versioned = issubclass(kind, Record)
    names: dict[str, Any] = {"Money": Money, "Price": Price, "Percentage": Percentage, "Kind": kind}
    columns = ["id", *(["version"] if versioned else []), *(field.name for field in schema.fields)]
    extra = ["currency"] if schema.money and "currency" not in columns else []
    outs = ["e.id", *(["e.version"] if versioned else [])]
    ins = ["id=r[0]", *(["version=r[1]"] if versioned else [])]
    position = len(columns)
    currency = position if extra else (columns.index("currency") if schema.money else 0)
    cells: dict[str, Callable[[Any], Any]] = {"id": _same, "version": _same}
    for field in schema.fields:
        place = columns.index(field.name)
        write, read = _pair(field, f"r[{place}]", currency, names, dialect)
        outs.append(_optional(field, write, f"e.{field.name}"))
        ins.append(f"{field.name}={_optional(field, read, f'r[{place}]')}")
        cells[field.name] = _cell(field, names, dialect)
    if extra:
        names["one_currency"] = one_currency
        outs.append(f"one_currency({', '.join(f'e.{name}' for name in schema.money)},)")
    encode = eval(f"lambda e: ({', '.join(outs)},)", names)  # noqa: S307 - generated from class definitions only
    decode = eval(f"lambda r: Kind({', '.join(ins)})", names)  # noqa: S307
    return RowCodec((*columns, *extra), encode, decode, cells)


def one_currency(*amounts: Money | None) -> str | None:
    """The single currency of a record's amounts; two of them are refused."""
    found = {amount.currency for amount in amounts if amount is not None}
    if len(found) > 1:
        raise MalformedInput(
            "money.mixed_currency", "a record has one currency", value=" and ".join(sorted(found))
        )
    return next(iter(found), None)


def _optional(field: Field, text: str, value: str) -> str:
    return f"(None if {value} is None else {text})" if field.optional and text != value else text


def _pair(field: Field, cell: str, currency: int, names: dict[str, Any], dialect: str) -> tuple[str, str]:
    value, name = f"e.{field.name}", field.name
    match field.form:
        case Form.MONEY:
            return f"{value}.minor", f"Money.of_minor({cell}, r[{currency}])"
        case Form.PRICE:
            return f"{value}.micros", f"Price.of_micros({cell})"
        case Form.PERCENTAGE:
            return f"{value}.units", f"Percentage.of_units({cell})"
        case Form.TRUTH:
            return value, f"bool({cell})"
        case Form.CHOICE:
            names[f"choice_{name}"] = {member.value: member for member in field.type}
            return f"{value}.value", f"choice_{name}[{cell}]"
        case Form.DATE if dialect == "sqlite":
            names["date_from"] = date.fromisoformat
            return f"{value}.isoformat()", f"date_from({cell})"
        case Form.INSTANT:
            names |= {"instant_out": instant_out(dialect), "instant_in": instant_in}
            return f"instant_out({value})", f"instant_in({cell})"
        case Form.VALUE:
            names[f"out_{name}"] = value_writer(field)
            names[f"in_{name}"] = value_reader(field.type)
            return f"out_{name}({value})", f"in_{name}({cell})"
        case _:
            return value, cell


def _cell(field: Field, names: dict[str, Any], dialect: str) -> Callable[[Any], Any]:
    write, _ = _pair(field, "r[0]", 0, names, dialect)
    plain = write.replace(f"e.{field.name}", "v")
    inner = eval(f"lambda v: {plain}", names)  # noqa: S307
    loose: tuple[type, ...] = (int, str)
    return lambda value: (
        value if type(value) in loose and field.form is not Form.CHOICE else inner(_chosen(field, value))
    )


def _chosen(field: Field, value: Any) -> Any:
    return field.type(value) if field.form is Form.CHOICE else value


def value_writer(field: Field) -> Callable[[Any], str]:
    """A nested value as canonical JSON text."""
    write = writer(field.type, field.form)
    return (lambda value: canonical(write(value))) if write else canonical


def value_reader(kind: Any) -> Callable[[str], Any]:
    """A nested value from its JSON text; equal texts give the same, immutable value."""

    @lru_cache(maxsize=4096)
    def read(text: str) -> Any:
        return from_plain(kind, json.loads(text))

    return read


def _same(value: Any) -> Any:
    return value
