"""Every field of every command, question and value, by what it reads; found by introspection."""

from collections.abc import Iterator
from datetime import date, datetime
from enum import Enum
from typing import Any, get_args, get_origin, get_type_hints

from attrs import fields, frozen

from pharmacrm.core.kernel.money import Money, Percentage, Price
from pharmacrm.core.kernel.schema import unwrap
from pharmacrm.core.kernel.strict import IdText, Limit
from pharmacrm.core.orders import Line, SlipItem
from pharmacrm.core.products import Pack
from pharmacrm.core.receivables import Target
from pharmacrm.core.values.address import Address
from pharmacrm.core.values.terms import PaymentTerms
from tests.bad_inputs.examples import EXAMPLES

VALUES: tuple[Any, ...] = (
    Line("ATO-20", 20, "1.25"),
    SlipItem(1, "L1", 20, date(2029, 2, 3)),
    Target("T-1", Money("5.00", "CNY"), take_discount=True),
    Pack("盒", 24),
    Address(province="上海市", city="上海市", district="徐汇区", street="枫林路180号", postcode="200032"),
)
MODELS: dict[str, Any] = {**EXAMPLES, **{type(value).__name__: value for value in VALUES}}


@frozen
class Place:
    """One field: what it reads, whether it may be left empty or absent, and whether it holds a list."""

    model: Any
    name: str
    reads: str
    optional: bool
    empty: bool
    many: bool

    def __str__(self) -> str:
        return f"{type(self.model).__name__}.{self.name}"

    def filled(self, value: object) -> Any:
        """The model made anew with a value in the field, as a caller makes it."""
        given = {
            field.alias: getattr(self.model, field.name) for field in fields(type(self.model)) if field.init
        }
        given[self.name] = (value,) if self.many else value
        kind = type(self.model)
        return kind(**given)


QUANTITIES = {"quantity"}
FAMILIES = {
    Money: "money",
    Price: "price",
    Percentage: "percentage",
    date: "date",
    datetime: "instant",
    bool: "truth",
    PaymentTerms: "terms",
}


def places() -> Iterator[Place]:
    """Every field of every model."""
    for model in MODELS.values():
        hints = get_type_hints(type(model), include_extras=True)
        for field in fields(type(model)):
            plain, markers, optional = unwrap(hints[field.name])
            many = get_origin(plain) is tuple
            if many:
                plain, markers, _ = unwrap(get_args(plain)[0])
            limit = next((marker for marker in markers if type(marker) is Limit), None)
            empty = (limit is not None and limit.empty) or field.default == ""
            yield Place(model, field.name, _reads(field.name, plain, markers), optional, empty, many)


def _reads(name: str, plain: Any, markers: tuple[Any, ...]) -> str:
    if plain is str:
        if name == "rate":
            return "rate"
        return "id" if any(type(marker) is IdText for marker in markers) else "text"
    if plain is int:
        return "quantity" if name in QUANTITIES else "number"
    if isinstance(plain, type) and issubclass(plain, Enum):
        return "choice"
    return FAMILIES.get(plain, "value")


PLACES = sorted(places(), key=str)


def reading(*reads: str) -> list[Place]:
    """The fields that read one of these."""
    return [place for place in PLACES if place.reads in reads]
