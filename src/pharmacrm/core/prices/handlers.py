"""Load what the rules about prices need."""

from pharmacrm.core.kernel.decision import Decision
from pharmacrm.core.kernel.message import Reads
from pharmacrm.core.prices.commands import RegisterPrice, RegisterPriceList
from pharmacrm.core.prices.model import PriceItem, PriceList
from pharmacrm.core.prices.rules import price_item_id, register_price, register_price_list


@RegisterPriceList.handler
def on_register_price_list(command: RegisterPriceList, read: Reads) -> Decision[PriceList]:
    """Read the list as it is."""
    return register_price_list(command, read.seek(PriceList, command.id))


@RegisterPrice.handler
def on_register_price(command: RegisterPrice, read: Reads) -> Decision[PriceItem]:
    """Read the list, which must exist, and the product's price on it."""
    item = read.seek(PriceItem, price_item_id(command.price_list, command.product))
    return register_price(command, read.get(PriceList, command.price_list), item)


HANDLERS = (on_register_price_list, on_register_price)
