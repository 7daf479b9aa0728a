"""Price lists and their items."""

from datetime import date
from typing import Annotated

from attrs import frozen

from pharmacrm.core.kernel.money import Price
from pharmacrm.core.kernel.record import Column, ParentOf, Part, Record
from pharmacrm.core.values.trade import CustomerKind


@frozen(kw_only=True)
class PriceList(Record):
    """Prices in one currency for some kinds of customer (价目表, UF-56); no kinds means all of them.

    Valid from its first through its last day; without last day it stays valid.
    """

    name: Annotated[str, Column(length=200, zh="名称")]
    currency: Annotated[str, Column(length=3, zh="币种")]
    customer_kinds: Annotated[tuple[CustomerKind, ...], Column(zh="适用客户")] = ()
    valid_from: Annotated[date, Column(zh="生效日期")]
    valid_to: Annotated[date | None, Column(zh="失效日期")] = None
    active: Annotated[bool, Column(index=True, zh="启用")] = True


@frozen(kw_only=True)
class PriceItem(Part):
    """The price of one base unit of a product (单价), and the lowest that anybody may sell at (底价).

    The id is `{list}/{product}`.
    """

    price_list: Annotated[str, Column(length=64, index=True, zh="价目表"), ParentOf(PriceList)]
    product: Annotated[str, Column(length=64, index=True, zh="产品")]
    price: Annotated[Price, Column(zh="单价")]
    floor: Annotated[Price | None, Column(zh="底价")] = None
