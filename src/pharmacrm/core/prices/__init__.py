"""Prices (价格): lists with validity, an exact unit price for each product, and its floor."""

from pharmacrm.core.kernel.domain import Domain
from pharmacrm.core.prices.commands import RegisterPrice, RegisterPriceList
from pharmacrm.core.prices.events import PriceListRegistered, PriceRegistered
from pharmacrm.core.prices.handlers import HANDLERS
from pharmacrm.core.prices.model import PriceItem, PriceList
from pharmacrm.core.prices.reasons import REASONS
from pharmacrm.core.prices.rules import check_prices, price_item_id

_RECORDS = (PriceList, PriceItem)
_READERS = ("sales", "assistant", "dispatcher", "lead", "finance", "auditor")

domain = Domain(
    name="prices",
    records=_RECORDS,
    handlers=HANDLERS,
    events=(PriceListRegistered, PriceRegistered),
    reasons=REASONS,
    rights={
        **dict.fromkeys(_READERS, _RECORDS),
        "admin": (*_RECORDS, RegisterPriceList, RegisterPrice),
        "erp": (RegisterPriceList, RegisterPrice),
    },
)

__all__ = [
    "PriceItem",
    "PriceList",
    "PriceListRegistered",
    "PriceRegistered",
    "RegisterPrice",
    "RegisterPriceList",
    "check_prices",
    "domain",
    "price_item_id",
]
