"""What an ERP tells us of its stock."""

from datetime import datetime
from typing import ClassVar

from attrs import field, frozen
from attrs.converters import optional

from pharmacrm.core.kernel.currencies import minor_digits
from pharmacrm.core.kernel.dates import as_instant
from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.kernel.message import Command
from pharmacrm.core.kernel.money import MAX_QUANTITY, Price, as_price
from pharmacrm.core.kernel.strict import Id, OptionalId, strict
from pharmacrm.core.stock.model import StockSnapshot
from pharmacrm.core.values.identifiers import as_lot


def as_stock(value: int) -> int:
    """Check a quantity in stock, 0 to 10**12 - 1; codes as those of a quantity, but nothing may be left."""
    if type(value) is not int:
        raise MalformedInput("quantity.type", "a quantity is a whole number", value=value)
    if not 0 <= value < MAX_QUANTITY:
        state = "sign" if value < 0 else "range"
        raise MalformedInput(f"quantity.{state}", "stock is 0 or more and below 10**12", value=value)
    return value


def _lot(value: str) -> str:
    return value if type(value) is str and not value else as_lot(value)


def _currency(value: str) -> str:
    if type(value) is not str or value:
        minor_digits(value)
    return value


@frozen(kw_only=True, field_transformer=strict)
class RecordStock(Command[StockSnapshot]):
    """Record what an ERP says of its stock of a product, at a time of its own (库存快照).

    `quantity` is in base units, zero is a quantity. `cost` is for one base unit, in the tenant's currency
    unless another is named. A word older than the one held changes nothing; one from the future is refused.
    """

    subject_field: ClassVar[str] = "product"

    product: Id
    site: OptionalId = ""
    lot: str = field(default="", converter=_lot)
    quantity: int = field(converter=as_stock)
    cost: Price | None = field(default=None, converter=optional(as_price))
    currency: str = field(default="", converter=_currency)
    as_of: datetime = field(converter=as_instant)
