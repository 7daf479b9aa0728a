"""What callers write and hand over: lines, items picked for a slip, and what the rules need of a product."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Final

from attrs import field, frozen
from attrs.converters import optional

from pharmacrm.core.kernel.dates import as_date, as_validity_date
from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.kernel.money import Percentage, Price, as_percentage, as_price, as_quantity
from pharmacrm.core.kernel.strict import Id, Limit, strict
from pharmacrm.core.kernel.words import Words
from pharmacrm.core.values.address import Address
from pharmacrm.core.values.terms import PaymentTerms
from pharmacrm.core.values.trade import PaymentMethod, SalesChannel

STANDARD_RATE = Percentage("13%")
"""Value added tax on drugs, unless a line says otherwise."""

LAST_LINE: Final = 99_999
"""The highest number that a line can have: it stands in the ids of what is shipped."""


def as_line_number(value: int) -> int:
    """Check the number of an order line: a whole number from 1 to 99,999; code `line.number`."""
    if type(value) is not int or not 1 <= value <= LAST_LINE:
        raise MalformedInput("line.number", f"a line number is a whole number to {LAST_LINE}", value=value)
    return value


@frozen(field_transformer=strict)
class Line:
    """A line as the caller writes it (订单行): `Line("AMX-500", 200, "0.0363")`.

    The quantity is in `unit`, a pack of the product; without one, in base units. The price is for one such
    unit, with tax in it unless `tax_included` is false.
    """

    product: Id
    quantity: int = field(converter=as_quantity)
    price: Price = field(converter=as_price)
    tax_rate: Percentage = field(default=STANDARD_RATE, converter=as_percentage)
    tax_included: bool = True
    unit: Annotated[str, Limit(20, empty=True)] = ""


@frozen(field_transformer=strict)
class SlipItem:
    """What the warehouse took from one lot for one order line (拣货): `SlipItem(1, "20260301", 120)`.

    `lot` is the number on the pack (批号), the quantity is in base units. The expiry, where it was read from
    the pack as well, must be that of the registered lot.
    """

    line: int = field(converter=as_line_number)
    lot: Id
    quantity: int = field(converter=as_quantity)
    expires: date | None = field(default=None, converter=optional(as_validity_date))


@frozen(kw_only=True)
class OrderHead:
    """Everything that an order says apart from its lines and what follows from them."""

    id: str
    buyer: str
    requester: str
    unit: str | None = None
    channel: SalesChannel = SalesChannel.OFFLINE
    method: PaymentMethod = PaymentMethod.BANK_TRANSFER
    terms: PaymentTerms
    term_version: str = ""
    consignee: str = ""
    phone: str = ""
    address: Address | None = None
    ordered_on: date = field(converter=as_date)
    ship_on: date = field(converter=as_date)
    purchaser: str = ""
    prescription: str = ""
    identified: bool = False
    note: str = ""
    quote: str = ""


@frozen(kw_only=True)
class SlipHead:
    """Which slip it is, on which day, and who signs for it having seen what (the digest)."""

    id: str
    on: date
    by: str
    digest: str


@frozen(kw_only=True)
class SlipPolicy:
    """The switches of outbound: days to confirm arrival, of near expiry, and that must remain to the buyer.

    The defaults are those of R-31 (7 days) and R-09c (180 days).
    """

    confirm_days: int = 7
    near_expiry_days: int = 180
    least_life_days: int = 0


@frozen(kw_only=True)
class SalesFacts:
    """What a sales record must say of a product (R-08: 药品销售记录), and whether arrival must be confirmed.

    `drug` is false for goods to which the law of drugs does not apply: their blanks do not count.
    """

    generic_name: str = ""
    strength: str = ""
    dosage_form: str = ""
    manufacturer: str = ""
    holder: str = ""
    drug: bool = True
    confirm_delivery: bool = False

    @property
    def blanks(self) -> tuple[str, ...]:
        """The names of the fields that are required and blank."""
        return tuple(name for name in RECORDED if self.drug and not getattr(self, name).strip())


RECORDED: Final[Mapping[str, Words]] = {
    name: Words(name, zh)
    for name, zh in {
        "generic_name": "通用名",
        "strength": "规格",
        "dosage_form": "剂型",
        "manufacturer": "生产企业",
        "holder": "上市许可持有人",
    }.items()
}
"""What the sales record of a drug must say, as a sentence names it."""


Facts = Mapping[str, SalesFacts]
"""The facts of every product on a slip, by the product's id."""
