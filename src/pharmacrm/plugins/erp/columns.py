"""Which files an ERP may send, and their columns: read from the fields of the command that a row becomes."""

import re
from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any, Final, get_args, get_origin

from attrs import NOTHING, fields, frozen

from pharmacrm.core.flows.collection import RegisterReceipt
from pharmacrm.core.flows.crediting import IssueCreditNote
from pharmacrm.core.flows.invoicing import RecordInvoice
from pharmacrm.core.flows.returning import AcceptReturn
from pharmacrm.core.host_numbers import RecordHostNumber
from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.kernel.message import Command
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.schema import Form, form_of, unwrap
from pharmacrm.core.orders import ReturnItem
from pharmacrm.core.prices import RegisterPrice
from pharmacrm.core.products import Pack, RegisterProduct
from pharmacrm.core.receivables import InvoicedLine
from pharmacrm.core.stock import RecordStock
from pharmacrm.plugins.erp.cells import plain

CURRENCY: Final = "currency"
TRUTH: Final = {"yes": True, "no": False}
RUINED: Final = re.compile(r"[0-9](?:\.[0-9]+)?[Ee]\+[0-9]{2,}")
"""What a spreadsheet program makes of a long number: its digits are lost."""

ERRORS: Final = frozenset({"#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!"})
WHOLE_NUMBER: Final = re.compile(r"-?[0-9]{1,18}")
PACK: Final = re.compile(r"([^=;]+)=([0-9]{1,12})")
INVOICED: Final = re.compile(r"(.+)/([0-9]{1,5})=([0-9]{1,12})@([0-9.]{1,20})\+([0-9.]{1,20})")
RETURNED: Final = re.compile(r"([0-9]{1,5})=([0-9]{1,12})(?:@(.+))?")


@frozen
class FileKind:
    """One sort of file: how its name begins, the command of each row, whether all rows stand together."""

    prefix: str
    command: type[Command[Any]]
    whole: bool = False

    @property
    def columns(self) -> "Mapping[str, Column]":
        """Its columns by name, in the order of the command's fields."""
        return {name: column for field in fields(self.command) for name, column in _columns(field)}

    def plain(self, cells: Mapping[str, str]) -> dict[str, Any]:
        """A row as the plain form of its command; an empty cell leaves the field out."""
        read: dict[str, Any] = {}
        for name, column in self.columns.items():
            text = plain(cells.get(name, ""))
            if text and column.field:
                read[column.field] = _named(name, column, text, cells)
        return read

    def amount(self, cells: Mapping[str, str]) -> Money | None:
        """The money of a row, if it has any that can be read: for the totals of its file."""
        currency = plain(cells.get(CURRENCY, ""))
        name = next((name for name, column in self.columns.items() if _has_money(column.kind)), None)
        if name is None:
            return None
        text = plain(cells.get(name, ""))
        try:
            if self.columns[name].kind is Money:
                return Money(text, currency)
            return Money.total((_gross(part, currency) for part in _parts(text)), currency)
        except MalformedInput:
            return None


@frozen
class Column:
    """One column: the field it fills (none: a part of another column), its type, and how it is written."""

    field: str
    kind: Any
    required: bool
    written: str


FILES: Final = (
    FileKind("products", RegisterProduct, whole=True),
    FileKind("prices", RegisterPrice, whole=True),
    FileKind("stock", RecordStock),
    FileKind("numbers", RecordHostNumber),
    FileKind("invoices", RecordInvoice),
    FileKind("returns", AcceptReturn),
    FileKind("credits", IssueCreditNote),
    FileKind("receipts", RegisterReceipt),
)
"""In the order in which they are taken in: what is referred to comes before what refers to it."""

_WRITTEN: Final = {
    Form.TEXT: "text",
    Form.INTEGER: "a whole number",
    Form.TRUTH: "`yes` or `no`",
    Form.DATE: "a date, `2026-02-03`",
    Form.INSTANT: "an instant with its offset, `2026-02-03T10:00:00+08:00`",
    Form.MONEY: "an amount, `1200.00`",
    Form.PRICE: "a price with up to 6 decimals, `0.0363`",
}


def _columns(field: Any) -> list[tuple[str, Column]]:
    kind, _, _ = unwrap(field.type)
    required = field.default is NOTHING
    found = [(field.name, Column(field.name, kind, required, _written(kind)))]
    if _has_money(kind):
        found.append((CURRENCY, Column("", str, required, "an ISO 4217 code, `CNY`")))
    return found


def _written(kind: Any) -> str:
    if get_origin(kind) is tuple:
        return _LISTS[get_args(kind)[0]].written
    if isinstance(kind, type) and issubclass(kind, Enum):
        return "one of " + ", ".join(f"`{each.value}`" for each in kind)
    return _WRITTEN[form_of(kind)]


def _named(name: str, column: Column, text: str, cells: Mapping[str, str]) -> Any:
    try:
        return _value(column.kind, text, cells)
    except MalformedInput as error:
        raise error.inside(name, masked=True) from None


def _value(kind: Any, text: str, cells: Mapping[str, str]) -> Any:
    """A cell as it stands in plain data, from which the strict reader makes the value itself."""
    if text in ERRORS or RUINED.fullmatch(text):
        raise MalformedInput("import.cell", "a spreadsheet program has ruined this cell")
    if kind is int:
        return _whole_number(text)
    if kind is bool:
        if text not in TRUTH:
            raise MalformedInput("import.truth", "write yes or no")
        return TRUTH[text]
    if kind is Money:
        return f"{text} {plain(cells.get(CURRENCY, ''))}"
    if get_origin(kind) is tuple:
        read = _LISTS[get_args(kind)[0]].read
        return [read(part, plain(cells.get(CURRENCY, ""))) for part in _parts(text)]
    return text


def _whole_number(text: str) -> int:
    if not WHOLE_NUMBER.fullmatch(text):
        raise MalformedInput("import.number", "write a whole number, in digits only")
    return int(text)


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(";")]


def _has_money(kind: Any) -> bool:
    """Whether a field, or each part of a list, holds an amount: its currency has a column of its own."""
    return kind is Money or (get_origin(kind) is tuple and get_args(kind)[0] is InvoicedLine)


def _invoiced(text: str, currency: str) -> dict[str, Any]:
    found = INVOICED.fullmatch(text)
    if found is None:
        raise MalformedInput("import.lines", "write lines as slip/line=quantity@net+tax; and so on")
    slip, line, quantity, net, tax = found.groups()
    money = {"net": f"{net} {currency}", "tax": f"{tax} {currency}"}
    return {"slip": slip, "line": int(line), "quantity": int(quantity), **money}


def _gross(text: str, currency: str) -> Money:
    """What a line of an invoice comes to, for the totals of its file."""
    found = INVOICED.fullmatch(text)
    if found is None:
        raise MalformedInput("import.lines", "this is no line of an invoice")
    return Money(found[4], currency) + Money(found[5], currency)


def _returned(text: str, _: str) -> dict[str, Any]:
    found = RETURNED.fullmatch(text)
    if found is None:
        raise MalformedInput("import.items", "write items as line=quantity@lot, parted by semicolons")
    return {"line": int(found[1]), "quantity": int(found[2]), "lot": (found[3] or "").strip()}


def _pack(text: str, _: str) -> dict[str, Any]:
    found = PACK.fullmatch(text)
    if found is None:
        raise MalformedInput("import.packs", "write packs as unit=base units, parted by semicolons")
    return {"unit": found[1].strip(), "quantity": int(found[2])}


@frozen
class Listed:
    """How the parts of a list stand in one cell, and how each is read."""

    written: str
    read: Callable[[str, str], dict[str, Any]]


_LISTS: Final[Mapping[Any, Listed]] = {
    Pack: Listed("packs with their base units, `盒=20; 箱=2000`", _pack),
    InvoicedLine: Listed(
        "slip, line, quantity, net and tax, `OUT-1/1=120@106.19+13.81; OUT-1/2=5@1.00+0.13`",
        _invoiced,
    ),
    ReturnItem: Listed(
        "line of the slip, quantity and lot, `1=20@L1; 2=5`; the lot may be left out", _returned
    ),
}


def kind_of(name: str) -> FileKind | None:
    """The kind of file of a name such as `receipts-2026-11-22.csv`."""
    return next((kind for kind in FILES if name.startswith(f"{kind.prefix}-")), None)
