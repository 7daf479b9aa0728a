"""The last word of an ERP about its stock: a snapshot with its time and source, never the truth itself."""

from datetime import datetime
from hashlib import sha256
from typing import Annotated

from attrs import frozen

from pharmacrm.core.kernel.codec import canonical
from pharmacrm.core.kernel.money import Price
from pharmacrm.core.kernel.record import Column, Record


@frozen(kw_only=True)
class StockSnapshot(Record):
    """What an ERP last said of a product at one site, and of one lot where it counts lots (库存快照, XT-17).

    `quantity` is in base units. `cost` is for one base unit, in `currency`. `as_of` is the ERP's own time,
    `source` the name of the adapter through which it came. Nothing in the core relies on it: it is shown.
    """

    product: Annotated[str, Column(length=64, index=True, zh="产品")]
    site: Annotated[str, Column(length=64, index=True, zh="仓库")] = ""
    lot: Annotated[str, Column(length=20, zh="批号")] = ""
    quantity: Annotated[int, Column(zh="库存数量")]
    cost: Annotated[Price | None, Column(zh="单位成本")] = None
    currency: Annotated[str, Column(length=3, zh="币种")] = ""
    as_of: Annotated[datetime, Column(index=True, zh="截至时间")]
    source: Annotated[str, Column(length=64, zh="来源")]


def snapshot_id(product: str, site: str, lot: str) -> str:
    """The id under which one product, site and lot has its one snapshot; ids may hold any separator."""
    return sha256(canonical([product, site, lot]).encode()).hexdigest()[:32]
