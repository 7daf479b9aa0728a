"""What an administrator of the catalogue may want."""

from datetime import date
from typing import Annotated

from attrs import field, frozen
from attrs.converters import optional

from pharmacrm.core.kernel.dates import as_validity_date
from pharmacrm.core.kernel.message import Command
from pharmacrm.core.kernel.strict import Id, Limit, Name, OptionalId, strict
from pharmacrm.core.products.model import Pack, Product, UnitName
from pharmacrm.core.values.identifiers import as_approval_number
from pharmacrm.core.values.trade import MarketingClass, RxStatus, SpecialControl, StorageClass

OptionalName = Annotated[str, Limit(200, empty=True)]


def _approval_number(value: str) -> str:
    return value if type(value) is str and not value else as_approval_number(value)


@frozen(kw_only=True, field_transformer=strict)
class RegisterProduct(Command[Product]):
    """Register a product, or update one; packs hold base units directly.

    `category` is a code of the policy pack (chemical, biological, ...), which the buyer's licence must cover.
    With a `sales_pack`, orders want whole packs of it. A drug is not sold without its approval number
    (R-02). The base unit never changes.
    """

    id: Id
    generic_name: Name
    trade_name: OptionalName = ""
    brand: OptionalName = ""
    line: OptionalId = ""
    strength: Annotated[str, Limit(100, empty=True)] = ""
    dosage_form: Annotated[str, Limit(100, empty=True)] = ""
    manufacturer: OptionalName = ""
    holder: OptionalName = ""
    base_unit: UnitName
    packs: tuple[Pack, ...] = ()
    sales_pack: Annotated[str, Limit(20, empty=True)] = ""
    category: Id
    rx: RxStatus
    marketing: MarketingClass
    storage: StorageClass = StorageClass.AMBIENT
    special: SpecialControl = SpecialControl.NONE
    approval_number: str = field(default="", converter=_approval_number)
    approval_valid_until: date | None = field(default=None, converter=optional(as_validity_date))
    active: bool = True
