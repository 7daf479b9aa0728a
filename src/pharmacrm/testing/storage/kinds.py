"""The record kinds of the storage kit: together they use every form and marker that a store must know.

Some fields are named by words that SQL keeps for itself (`order`, `limit`, `on`): so are those of records.
"""

from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Annotated, Any, ClassVar

from attrs import frozen

from pharmacrm.core.kernel.money import Money, Percentage, Price
from pharmacrm.core.kernel.record import Bound, Column, Counter, Entity, ParentOf, Part, Personal, Record
from pharmacrm.core.kernel.store import Answer
from pharmacrm.core.kernel.tenant import Tenant

ON = date(2026, 3, 2)
NOTHING = Money.of_minor(0, "CNY")
FREE = Price.of_micros(0)
UNTAXED = Percentage.of_units(0)
AT = datetime(2026, 3, 2, 8, 30, 0, 123_456, tzinfo=UTC)
"""The moment of most of the kit's batches; its microseconds have to come back."""


class Colour(StrEnum):
    """A choice whose values do not sort like its names."""

    RED = "b-red"
    GREEN = "a-green"
    BLUE = "c-blue"


@frozen
class Leg:
    """A value inside a record: stored as JSON, whatever is in it."""

    number: int
    due: date
    amount: Money
    rate: Percentage
    name: str = ""
    at: datetime | None = None


@frozen(kw_only=True)
class KitForms(Record):
    """One field of every form, and one that may be absent."""

    text: str = "text"
    wide: Annotated[str, Column(length=4_000)] = ""
    long: Annotated[str, Column(length=1_000_000)] = ""
    number: int = 0
    truth: bool = False
    day: date = ON
    moment: datetime = AT
    amount: Money = NOTHING
    price: Price = FREE
    rate: Percentage = UNTAXED
    colour: Colour = Colour.RED
    legs: tuple[Leg, ...] = ()
    words: tuple[str, ...] = ()
    maybe_text: str | None = None
    maybe_number: int | None = None
    maybe_truth: bool | None = None
    maybe_day: date | None = None
    maybe_moment: datetime | None = None
    maybe_amount: Money | None = None
    maybe_price: Price | None = None
    maybe_rate: Percentage | None = None
    maybe_colour: Colour | None = None
    maybe_leg: Leg | None = None


@frozen(kw_only=True)
class KitOrder(Record):
    """What is searched, sorted and paged; its parts are `KitLine`."""

    text: Annotated[str, Column(length=200, index=True)]
    place: int
    on: date
    at: datetime
    amount: Money
    price: Price
    rate: Percentage
    colour: Colour
    open: bool
    note: str | None = None
    phone: Annotated[str, Personal("delivery")] = ""


@frozen(kw_only=True)
class KitLine(Part):
    """A part: guarded by the version of its order."""

    order: Annotated[str, Column(index=True), ParentOf(KitOrder)]
    product: str
    quantity: int
    amount: Money
    note: str | None = None


@frozen(kw_only=True)
class KitAccount(Record):
    """Counters under a bound: reserved + posted - paid may not exceed the limit."""

    name: str
    limit: Money
    reserved: Annotated[Money, Counter()]
    posted: Annotated[Money, Counter()]
    paid: Annotated[Money, Counter()]

    bound: ClassVar[Bound | None] = Bound(plus=("reserved", "posted"), minus=("paid",), limit="limit")


@frozen(kw_only=True)
class KitTally(Record):
    """A counter without any bound."""

    total: Annotated[Money, Counter()]


@frozen(kw_only=True)
class KitStranger(Record):
    """A kind that nobody installs."""

    name: str


KINDS: tuple[type[Entity], ...] = (Answer, Tenant, KitForms, KitOrder, KitLine, KitAccount, KitTally)
"""What the kit installs."""


def cny(minor: int) -> Money:
    """Fen."""
    return Money.of_minor(minor, "CNY")


def order(id: str = "o-1", **changes: Any) -> KitOrder:
    """An order at version 1."""
    values: dict[str, Any] = {
        "version": 1,
        "text": "a",
        "place": 0,
        "on": ON,
        "at": AT,
        "amount": NOTHING,
        "price": FREE,
        "rate": UNTAXED,
        "colour": Colour.RED,
        "open": True,
    }
    return KitOrder(id=id, **(values | changes))


def line(id: str = "o-1/1", **changes: Any) -> KitLine:
    """A line of the order that its id names."""
    values: dict[str, Any] = {
        "order": id.partition("/")[0],
        "product": "p-1",
        "quantity": 1,
        "amount": cny(100),
    }
    return KitLine(id=id, **(values | changes))


def account(
    id: str = "a-1", *, limit: int = 1_000, reserved: int = 0, posted: int = 0, paid: int = 0
) -> KitAccount:
    """An account at version 1, amounts in fen."""
    return KitAccount(
        id=id,
        version=1,
        name="one",
        limit=cny(limit),
        reserved=cny(reserved),
        posted=cny(posted),
        paid=cny(paid),
    )


def answer(id: str = "web-17", **changes: Any) -> Answer:
    """The answer kept under an idempotency key."""
    values: dict[str, Any] = {
        "digest": "d" * 64,
        "command": "PlaceOrder",
        "actor": "li.si",
        "outcome": "allowed",
    }
    return Answer(id=id, version=1, **(values | changes))
