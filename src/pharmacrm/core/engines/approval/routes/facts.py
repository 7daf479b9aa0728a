"""The fields of a document as a route declares them: read strictly, with a reason for each mistake."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from pharmacrm.core.engines.approval import reasons
from pharmacrm.core.kernel.codec import money_from
from pharmacrm.core.kernel.dates import as_date
from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.kernel.ids import as_id
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.reason import Reason
from pharmacrm.core.kernel.words import Words

if TYPE_CHECKING:
    from pharmacrm.core.engines.approval.routes.definition import Field

Value = str | bool | Decimal | Money | date
Facts = Mapping[str, Value]
"""The fields of a document, read; one that was left out is not there."""


class FieldKind(StrEnum):
    """What a field holds: a text, a number, an amount of money, a date, a truth, or the id of a person."""

    TEXT = "text"
    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    TRUTH = "truth"
    PERSON = "person"

    @property
    def wanted(self) -> Words:
        """What is wanted where another value was given."""
        return _WANTED[self]


_WANTED: Final = {
    FieldKind.TEXT: Words("a text", "文本"),
    FieldKind.NUMBER: Words("a number", "数字"),
    FieldKind.MONEY: Words("money", "金额"),
    FieldKind.DATE: Words("a date", "日期"),
    FieldKind.TRUTH: Words("true or false", "是或否"),
    FieldKind.PERSON: Words("a person", "人员"),
}

BUILT_IN: Final[Mapping[str, FieldKind]] = {
    "amount": FieldKind.MONEY,
    "requester": FieldKind.PERSON,
    "unit": FieldKind.TEXT,
}
"""Fields that every document has, without being declared."""

_NAMES: Final = {"amount": Words("amount", "金额"), "unit": Words("unit", "部门")}
NOTHING: Final = Words("nothing", "空")
_NUMBER: Final = re.compile(r"-?\d{1,18}(\.\d{1,9})?")


def read_value(kind: FieldKind, text: object) -> Value:
    """One value from its text; `MalformedInput` names what cannot be meant."""
    match kind:
        case FieldKind.TRUTH if text in {"true", "false"}:
            return text == "true"
        case FieldKind.NUMBER if type(text) is str and _NUMBER.fullmatch(text) and text.isascii():
            return Decimal(text)
        case FieldKind.MONEY:
            return money_from(text)
        case FieldKind.DATE if type(text) is str:
            return as_date(text)
        case FieldKind.PERSON if type(text) is str:
            return as_id(text)
        case FieldKind.TEXT if type(text) is str:
            return text
        case _:
            raise MalformedInput("field.value", f"a {kind} is wanted", value=text)


def read_facts(
    declared: "Iterable[Field]", given: Mapping[str, str], subject: str
) -> tuple[dict[str, Value], tuple[Reason, ...]]:
    """The declared fields of a document from their texts, and a reason for each that is wrong."""
    fields = {field.name: field for field in declared}
    facts: dict[str, Value] = {}
    found: list[Reason] = list(_odd(fields, given, subject))
    for name in fields.keys() & given.keys():
        try:
            facts[name] = read_value(fields[name].kind, given[name])
        except MalformedInput:
            expected = fields[name].kind.wanted
            found.append(
                reasons.FIELD_WRONG(subject, field=name, observed=given[name][:100], expected=expected)
            )
    return facts, tuple(found)


def left_out(subject: str, name: str, kind: FieldKind) -> Reason:
    """A field without which a route cannot say who decides a document is not there."""
    return reasons.FIELD_WRONG(
        subject, field=name, named=_NAMES.get(name), observed=NOTHING, expected=kind.wanted
    )


def _odd(fields: "Mapping[str, Field]", given: Mapping[str, str], subject: str) -> Iterator[Reason]:
    for name, field in fields.items():
        if field.required and name not in given:
            yield left_out(subject, name, field.kind)
    for name in given.keys() - fields.keys():
        yield reasons.FIELD_UNKNOWN(subject, field=name, observed=given[name][:100])
