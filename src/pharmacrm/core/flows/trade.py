"""What a sale has to know of its buyer and its goods: read once, looked at by every step."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Protocol

from attrs import evolve, frozen

from pharmacrm.core.customers import Customer, check_customer
from pharmacrm.core.engines.policy import CN_GSP, PolicyPack
from pharmacrm.core.kernel.message import Reads
from pharmacrm.core.kernel.money import Price
from pharmacrm.core.kernel.query import eq, is_in
from pharmacrm.core.kernel.reason import Reason, in_order
from pharmacrm.core.kernel.words import Words
from pharmacrm.core.licences import Authorisation, Dossier, Licence, may_buy
from pharmacrm.core.orders import OrderLine, QuoteLine, SalesOrder
from pharmacrm.core.orders.values import SalesFacts
from pharmacrm.core.prices import PriceItem, PriceList, check_prices
from pharmacrm.core.prices.reasons import PRICE_BELOW_FLOOR, PRICE_OFF_LIST, PRICE_QUOTED
from pharmacrm.core.products import Product, as_goods, check_product, whole_packs
from pharmacrm.core.products.reasons import PRODUCT_NOT_APPROVED
from pharmacrm.core.values.trade import SpecialControl


@frozen(kw_only=True)
class Trade:
    """The buyer with its papers, the products by id, and the buyer's price list."""

    buyer: Customer
    dossier: Dossier | None
    licences: Sequence[Licence]
    authorisations: Sequence[Authorisation]
    products: Mapping[str, Product]
    price_list: PriceList | None
    prices: Sequence[PriceItem]
    quoted: Sequence[QuoteLine] = ()
    pack: PolicyPack = CN_GSP


def read_trade(read: Reads, buyer: str, products: Sequence[str], *, quote: str = "") -> Trade:
    """Read what a sale of these products to this buyer depends on; an unknown buyer is `NotFound`.

    `quote` is the approved one that the sale comes from, if any.
    """
    customer = read.get(Customer, buyer)
    dossier = read.seek(Dossier, buyer)
    ids = sorted(set(products))
    price_list = read.seek(PriceList, customer.price_list) if customer.price_list else None
    wanted = (eq("price_list", price_list.id), is_in("product", ids)) if price_list else ()
    return Trade(
        buyer=customer,
        dossier=dossier,
        licences=read.find(Licence, eq("customer", buyer)) if dossier else (),
        authorisations=read.find(Authorisation, eq("customer", buyer)) if dossier else (),
        products={product.id: product for product in read.find(Product, is_in("id", ids))},
        price_list=price_list,
        prices=read.find(PriceItem, *wanted) if price_list else (),
        quoted=read.find(QuoteLine, eq("quote", quote)) if quote else (),
    )


def qualification(
    order: SalesOrder, lines: Sequence[OrderLine], trade: Trade, *, on: date
) -> tuple[Reason, ...]:
    """Whether the buyer may buy these goods on a ship date, by the law of that day (资质审核, XT-05)."""
    goods = [
        as_goods(trade.products[line.product], line.quantity)
        for line in lines
        if line.product in trade.products
    ]
    found = may_buy(
        trade.buyer.id,
        trade.buyer.kind,
        trade.dossier,
        trade.licences,
        trade.authorisations,
        goods,
        on=on,
        ordered_on=order.ordered_on,
        channel=order.channel,
        method=order.method,
        purchaser=order.purchaser,
        province=order.address.province if order.address else "",
        prescription=order.prescription,
        identified=order.identified,
        pack=trade.pack,
    )
    return in_order((*check_customer(trade.buyer), *trade.pack.weigh(found, on)))


class Shelf(Protocol):
    """The products that lines name, and the law by which they are looked at."""

    @property
    def products(self) -> Mapping[str, Product]:
        """The products by id."""

    @property
    def pack(self) -> PolicyPack:
        """The law."""


def catalogue(lines: Sequence[OrderLine], trade: Shelf, *, on: date) -> tuple[Reason, ...]:
    """Whether each product may be sold on a day, and in whole packs (R-02, XT-16)."""
    return in_order(reason for line in lines for reason in _product(line, trade, on))


def _product(line: OrderLine, trade: Shelf, on: date) -> tuple[Reason, ...]:
    product = trade.products.get(line.product)
    field = f"lines[{line.number - 1}]"
    found = trade.pack.weigh(check_product(product, line.product, on, field=f"{field}.product"), on)
    return (
        found
        if product is None
        else (*found, *whole_packs(product, line.quantity, field=f"{field}.quantity"))
    )


def lapsed_approvals(lines: Sequence[OrderLine], trade: Trade, *, on: date) -> tuple[Reason, ...]:
    """Whether the approval of a product lapsed while its order waited (R-02)."""
    return tuple(
        reason for reason in catalogue(lines, trade, on=on) if reason.code == PRODUCT_NOT_APPROVED.code
    )


def pricing(order: SalesOrder, lines: Sequence[OrderLine], trade: Trade, *, on: date) -> tuple[Reason, ...]:
    """Whether each price is the one of the buyer's list, for the unit of its line (XT-06, XT-08).

    Who approved the quote of an order has approved its prices: these only inform.
    """
    approved = {_field(line): quoted for line in lines for quoted in trade.quoted if _as_quoted(line, quoted)}
    return in_order(
        _seen(reason if reason.subject else evolve(reason, subject=trade.buyer.id), approved)
        for per in sorted({line.per for line in lines})
        for reason in check_prices(
            trade.price_list,
            [_per_unit(item, per) for item in trade.prices],
            [(_field(line), line.product, line.price) for line in lines if line.per == per],
            currency=order.total.currency,
            on=on,
            kind=trade.buyer.kind,
        )
    )


def _field(line: OrderLine) -> str:
    return f"lines[{line.number - 1}].price"


def _as_quoted(line: OrderLine, quoted: QuoteLine) -> bool:
    """Whether a line has the price at which its product was quoted."""
    offered = quoted.product, quoted.per, quoted.price, quoted.tax_included
    return (line.product, line.per, line.price, line.tax_included) == offered


def _seen(reason: Reason, approved: Mapping[str, QuoteLine]) -> Reason:
    """A reason about a price, or that it was approved with the quote: as far as the quote's route saw it."""
    quoted = approved.get(reason.field)
    below = reason.code == PRICE_BELOW_FLOOR.code
    if quoted is None or not (reason.code == PRICE_OFF_LIST.code or (below and quoted.below_floor)):
        return reason
    named = Words(reason.field, f"产品 {quoted.product}")
    return PRICE_QUOTED(
        reason.subject, field=reason.field, named=named, observed=quoted.price, expected=quoted.quote
    )


def _per_unit(item: PriceItem, per: int) -> PriceItem:
    """A price of one base unit as the price of a unit that holds several."""
    floor = None if item.floor is None else Price.of_micros(item.floor.micros * per)
    return evolve(item, price=Price.of_micros(item.price.micros * per), floor=floor)


def sales_facts(trade: Trade) -> dict[str, SalesFacts]:
    """What the sales record of each product has to say (R-08)."""
    return {
        product.id: SalesFacts(
            generic_name=product.generic_name,
            strength=product.strength,
            dosage_form=product.dosage_form,
            manufacturer=product.manufacturer,
            holder=product.holder,
            drug=as_goods(product).is_drug,
            confirm_delivery=product.special is not SpecialControl.NONE,
        )
        for product in trade.products.values()
    }
