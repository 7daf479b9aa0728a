"""Rows of another system, read strictly: every refusal names the row and the field."""

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation

from attrs import frozen

from pharmacrm.core.kernel.errors import MalformedInput

Document = Mapping[str, object] | str
"""One term set, as JSON text or as what was read from it; fractions as text or Decimal, never as float."""


def refused(field: str, message: str, value: object) -> MalformedInput:
    """The refusal of what cannot be meant here: `terms.import`, naming the field."""
    return MalformedInput("terms.import", message, field=field, value=value)


@frozen
class Row:
    """A mapping from another system, and the path at which it stands."""

    fields: Mapping[str, object]
    path: str = ""

    def at(self, name: str) -> str:
        """The path of a field."""
        return f"{self.path}.{name}" if self.path else name

    def refused(self, name: str, message: str) -> MalformedInput:
        """The refusal of a field of this row."""
        return refused(self.at(name), message, self.fields.get(name))

    def text(self, name: str, default: str = "") -> str:
        """A text; false, null or nothing is the default, as other systems write an empty field."""
        value = self.fields.get(name)
        if value is None or value is False:
            return default
        if type(value) is not str:
            raise self.refused(name, "a text is wanted")
        return value

    def whole(self, name: str, default: int = 0) -> int:
        """A whole number of at least 0; false, null, an empty text or nothing is the default."""
        value = self.fields.get(name)
        if value is None or value is False or value == "":
            return default
        if type(value) is str and value.isascii() and value.isdecimal():
            return int(value[:9])
        if type(value) is not int or value < 0:
            raise self.refused(name, "a whole number of at least 0 is wanted")
        return value

    def number(self, name: str) -> Decimal:
        """An exact number: whole, decimal, or text; never a float. Nothing is 0."""
        value = self.fields.get(name)
        if value is None or value is False:
            return Decimal(0)
        if type(value) is float:
            raise self.refused(name, "a float is not exact: give the JSON text itself")
        number = _decimal(value)
        if number is None or not number.is_finite():
            raise self.refused(name, "a number is wanted")
        return number

    def above_zero(self, name: str, number: Decimal) -> Decimal:
        """The number of a field, if it is more than 0."""
        if number <= 0:
            raise self.refused(name, "a number above 0 is wanted")
        return number

    def flag(self, name: str) -> bool:
        """Whether a box is ticked: true, or 1."""
        return self.fields.get(name) is True or self.fields.get(name) == 1

    def rows(self, name: str) -> Iterator["Row"]:
        """The rows of a list."""
        values = self.fields.get(name) or ()
        if not isinstance(values, list | tuple):
            raise self.refused(name, "a list of lines is wanted")
        for number, value in enumerate(values):
            if not isinstance(value, Mapping):
                raise refused(f"{self.at(name)}[{number}]", "a line is an object with fields", value)
            yield Row(value, f"{self.at(name)}[{number}]")


def read(document: Document) -> Row:
    """Read one term set; JSON text is read without floats."""
    if isinstance(document, str):
        try:
            document = json.loads(document, parse_float=Decimal)
        except ValueError:
            raise refused("", "this is no JSON", None) from None
    if not isinstance(document, Mapping):
        raise refused("", "a term set is an object with fields", document)
    return Row(document)


def _decimal(value: object) -> Decimal | None:
    if isinstance(value, Decimal):
        return value
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    try:
        return Decimal(value)
    except InvalidOperation:
        return None


def plain(number: Decimal) -> str:
    """Write an exact number as plain text without trailing zeros."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
