"""What every line of goods at a price says, whatever document it stands in."""

from typing import Annotated

from attrs import frozen

from pharmacrm.core.kernel.money import Money, Percentage, Price
from pharmacrm.core.kernel.record import Column, Part


@frozen(kw_only=True)
class PricedLine(Part):
    """A quantity of a product at a price; each kind says in which document.

    `quantity` is in base units; `price` is that of one `unit` of `per` of them, with tax if `tax_included`.
    The base unit itself has no name here. The amounts are rounded once: `net` + `tax` = `gross`.
    """

    number: Annotated[int, Column(zh="行号")]
    product: Annotated[str, Column(index=True, zh="品种")]
    quantity: Annotated[int, Column(zh="数量")]
    unit: Annotated[str, Column(length=20, zh="计价单位")] = ""
    per: Annotated[int, Column(zh="单位含量")] = 1
    price: Annotated[Price, Column(zh="单价")]
    tax_rate: Annotated[Percentage, Column(zh="税率")]
    tax_included: Annotated[bool, Column(zh="含税")] = True
    net: Annotated[Money, Column(zh="未税金额")]
    tax: Annotated[Money, Column(zh="税额")]
    gross: Annotated[Money, Column(zh="价税合计")]
