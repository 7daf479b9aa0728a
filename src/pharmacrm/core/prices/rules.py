"""How prices are registered, and how the prices of an order compare with a list (UF-56, R-44)."""

from collections.abc import Iterable, Iterator
from datetime import date

from pharmacrm.core.kernel.decision import Decision, accept, save, tell, touch
from pharmacrm.core.kernel.money import Price
from pharmacrm.core.kernel.reason import Reason, in_order
from pharmacrm.core.kernel.words import Words, listed
from pharmacrm.core.prices import reasons as why
from pharmacrm.core.prices.commands import RegisterPrice, RegisterPriceList
from pharmacrm.core.prices.events import PriceListRegistered, PriceRegistered
from pharmacrm.core.prices.model import PriceItem, PriceList
from pharmacrm.core.values.trade import CustomerKind

Line = tuple[str, str, Price]
"""The field that a reason names (`lines[0].price`), the product, and the price of a base unit."""


def price_item_id(price_list: str, product: str) -> str:
    """The id of a product's price on a list: `{list}/{product}`."""
    return f"{price_list}/{product}"


def register_price_list(command: RegisterPriceList, old: PriceList | None) -> Decision[PriceList]:
    """Register or update a price list."""
    found = PriceList(
        id=command.id,
        version=old.version if old else 0,
        name=command.name,
        currency=command.currency,
        customer_kinds=command.customer_kinds,
        valid_from=command.valid_from,
        valid_to=command.valid_to,
        active=command.active,
    )
    return accept(found, _list_reasons(found, old), save(found), tell(PriceListRegistered(subject=found.id)))


def _list_reasons(found: PriceList, old: PriceList | None) -> Iterator[Reason]:
    if found.valid_to is not None and found.valid_to < found.valid_from:
        first, last = found.valid_from, found.valid_to
        yield why.LIST_DATES(found.id, field="valid_to", observed=last, expected=first)
    if old and old.currency != found.currency:
        yield why.CURRENCY_FIXED(found.id, field="currency", observed=found.currency, expected=old.currency)


def register_price(
    command: RegisterPrice, price_list: PriceList, old: PriceItem | None
) -> Decision[PriceItem]:
    """Set the price of a product on a list; the version of the list rises: open orders are judged again."""
    item = PriceItem(
        id=price_item_id(price_list.id, command.product),
        price_list=price_list.id,
        product=command.product,
        price=command.price,
        floor=command.floor,
    )
    return accept(
        item,
        _item_reasons(item),
        save(item),
        save() if item == old else touch(price_list),
        tell(PriceRegistered(subject=price_list.id, product=item.product)),
    )


def _item_reasons(item: PriceItem) -> Iterator[Reason]:
    if item.floor is not None and item.price < item.floor:
        yield why.FLOOR_ABOVE(item.id, field="floor", observed=item.floor, expected=item.price)


def check_prices(
    price_list: PriceList | None,
    items: Iterable[PriceItem],
    lines: Iterable[Line],
    *,
    currency: str,
    on: date,
    kind: CustomerKind | None = None,
) -> tuple[Reason, ...]:
    """What the prices of some lines have against them; a price equal to the list's passes without a reason.

    Above the list is `price.off_list` like below it; below the floor is `price.below_floor` besides (R-44).
    """
    if price_list is None:
        return (why.LIST_MISSING(field="price_list"),)
    by_product = {item.product: item for item in items if item.price_list == price_list.id}
    return in_order(
        (
            *_against_list(price_list, currency, on, kind),
            *(reason for line in lines for reason in _against_line(price_list.id, by_product, line)),
        )
    )


def _against_list(
    price_list: PriceList, currency: str, on: date, kind: CustomerKind | None
) -> Iterator[Reason]:
    last = price_list.valid_to
    if not price_list.active:
        yield why.LIST_EXPIRED(
            price_list.id, field="price_list", observed=Words("inactive", "已停用"), expected=on
        )
    elif on < price_list.valid_from or (last is not None and last < on):
        first = price_list.valid_from
        until = f"{first} 至 {last}" if last else f"{first} 起"
        span = Words(f"{first}..{last or ''}", f"有效期为 {until}")
        yield why.LIST_EXPIRED(price_list.id, field="price_list", observed=span, expected=on)
    if kind is not None and price_list.customer_kinds and kind not in price_list.customer_kinds:
        wanted = listed(price_list.customer_kinds)
        yield why.LIST_KIND(price_list.id, field="price_list", observed=kind, expected=wanted)
    if price_list.currency != currency:
        yield why.CURRENCY_MISMATCH(
            price_list.id, field="currency", observed=currency, expected=price_list.currency
        )


def _against_line(price_list: str, items: dict[str, PriceItem], line: Line) -> Iterator[Reason]:
    field, product, price = line
    item = items.get(product)
    if item is None:
        yield why.PRICE_UNKNOWN(price_list, field=field, observed=product)
        return
    named = Words(field, f"产品 {product}")
    if price != item.price:
        yield why.PRICE_OFF_LIST(item.id, field=field, named=named, observed=price, expected=item.price)
    if item.floor is not None and price < item.floor:
        yield why.PRICE_BELOW_FLOOR(item.id, field=field, named=named, observed=price, expected=item.floor)
