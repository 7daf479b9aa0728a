"""What whoever keeps prices may want."""

from datetime import date
from typing import ClassVar

from attrs import field, frozen
from attrs.converters import optional

from pharmacrm.core.kernel.currencies import minor_digits
from pharmacrm.core.kernel.dates import as_validity_date
from pharmacrm.core.kernel.message import Command
from pharmacrm.core.kernel.money import Price, as_price
from pharmacrm.core.kernel.strict import Id, Name, strict
from pharmacrm.core.prices.model import PriceItem, PriceList
from pharmacrm.core.values.trade import CustomerKind


def _currency(code: str) -> str:
    minor_digits(code)
    return code


@frozen(kw_only=True, field_transformer=strict)
class RegisterPriceList(Command[PriceList]):
    """Register a price list, or update one; its currency stays.

    Without `customer_kinds` it is for all of them; without `valid_to` it stays valid.
    """

    id: Id
    name: Name
    currency: str = field(converter=_currency)
    customer_kinds: tuple[CustomerKind, ...] = ()
    valid_from: date = field(converter=as_validity_date)
    valid_to: date | None = field(default=None, converter=optional(as_validity_date))
    active: bool = True


@frozen(kw_only=True, field_transformer=strict)
class RegisterPrice(Command[PriceItem]):
    """Put a product on a price list, or change its price or floor there.

    Both are for one base unit. An order at another price is held for a lead, one below the floor for finance.
    """

    subject_field: ClassVar[str] = "price_list"

    price_list: Id
    product: Id
    price: Price = field(converter=as_price)
    floor: Price | None = field(default=None, converter=optional(as_price))
