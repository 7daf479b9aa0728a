"""Exact conversion between base units and packs, both ways (多规格管理, XT-16)."""

from collections.abc import Mapping

from pharmacrm.core.kernel.decision import Decision, accept, refuse
from pharmacrm.core.kernel.money import as_quantity
from pharmacrm.core.kernel.reason import Reason
from pharmacrm.core.kernel.words import Words, listed
from pharmacrm.core.products import reasons as why
from pharmacrm.core.products.model import Product


def pack_units(product: Product) -> Mapping[str, int]:
    """Every unit in which a product is counted, and how many base units it holds."""
    return {product.base_unit: 1, **{pack.unit: pack.quantity for pack in product.packs}}


def to_base(product: Product, quantity: int, unit: str) -> Decision[int]:
    """The base units in so many packs: 3 boxes of 24 are 72 tablets; else `unit.unknown`."""
    size = pack_units(product).get(unit)
    if size is None:
        return refuse(_unknown(product, unit))
    return accept(as_quantity(as_quantity(quantity) * size))


def to_packs(product: Product, quantity: int, unit: str) -> Decision[int]:
    """The packs that hold exactly so many base units; else `unit.unknown` or `quantity.pack`."""
    size = pack_units(product).get(unit)
    if size is None:
        return refuse(_unknown(product, unit))
    packs, rest = divmod(as_quantity(quantity), size)
    return refuse(_broken(product, quantity, unit, size)) if rest else accept(packs)


def whole_packs(product: Product, quantity: int, *, field: str = "quantity") -> tuple[Reason, ...]:
    """Why so many base units cannot be sold: they break a sales pack (`quantity.pack`)."""
    size = pack_units(product).get(product.sales_pack, 1)
    if quantity % size == 0:
        return ()
    return (_broken(product, quantity, product.sales_pack, size, field=field),)


def _unknown(product: Product, unit: str) -> Reason:
    known = listed(pack_units(product))
    return why.UNIT_UNKNOWN(product.id, field="unit", observed=unit, expected=known)


def _broken(product: Product, quantity: int, unit: str, size: int, *, field: str = "quantity") -> Reason:
    base = product.base_unit
    pack = Words(f"{unit} of {size} {base}", f"1 {unit} = {size} {base}")
    amount = f"{quantity} {base}"
    return why.QUANTITY_PACK(product.id, field=field, observed=Words(amount, amount), expected=pack)
