"""How a product is registered, and whether it may be sold on a day."""

from collections.abc import Iterator
from datetime import date

from pharmacrm.core.kernel.decision import Decision, accept, save, tell
from pharmacrm.core.kernel.reason import Reason
from pharmacrm.core.kernel.words import Words, listed
from pharmacrm.core.products import reasons as why
from pharmacrm.core.products.commands import RegisterProduct
from pharmacrm.core.products.events import ProductRegistered
from pharmacrm.core.products.model import Product
from pharmacrm.core.values.goods import Goods
from pharmacrm.core.values.trade import MarketingClass, RxStatus

_CLASSES = {
    MarketingClass.NEW_SPECIAL: frozenset(RxStatus) - {RxStatus.NOT_A_DRUG},
    MarketingClass.GENERIC: frozenset(RxStatus) - {RxStatus.NOT_A_DRUG},
    MarketingClass.OTC: frozenset({RxStatus.OTC_A, RxStatus.OTC_B}),
    MarketingClass.HEALTH: frozenset({RxStatus.NOT_A_DRUG}),
}
"""Which prescription class goes with which marketing class (XT-34, XT-35)."""


def register_product(command: RegisterProduct, old: Product | None) -> Decision[Product]:
    """Register or update a product, or say everything that does not fit together."""
    product = _drafted(command, old.version if old else 0)
    return accept(
        product,
        _reasons(product, old),
        save(product),
        tell(ProductRegistered(subject=product.id)),
    )


def _drafted(command: RegisterProduct, version: int) -> Product:
    return Product(
        id=command.id,
        version=version,
        generic_name=command.generic_name,
        trade_name=command.trade_name,
        brand=command.brand,
        line=command.line,
        strength=command.strength,
        dosage_form=command.dosage_form,
        manufacturer=command.manufacturer,
        holder=command.holder,
        base_unit=command.base_unit,
        packs=command.packs,
        sales_pack=command.sales_pack,
        category=command.category,
        rx=command.rx,
        marketing=command.marketing,
        storage=command.storage,
        special=command.special,
        approval_number=command.approval_number,
        approval_valid_until=command.approval_valid_until,
        active=command.active,
    )


def _reasons(product: Product, old: Product | None) -> Iterator[Reason]:
    units = [product.base_unit, *(pack.unit for pack in product.packs)]
    for place, unit in enumerate(units[1:]):
        if unit in units[: place + 1]:
            yield why.PACK_DUPLICATE(product.id, field=f"packs[{place}].unit", observed=unit)
    if product.sales_pack and product.sales_pack not in units:
        known = listed(units)
        yield why.UNIT_UNKNOWN(product.id, field="sales_pack", observed=product.sales_pack, expected=known)
    if product.rx not in _CLASSES[product.marketing]:
        yield why.CLASS_CONFLICT(product.id, field="rx", observed=product.rx, expected=product.marketing)
    if old and old.base_unit != product.base_unit:
        yield why.BASE_UNIT_FIXED(
            product.id, field="base_unit", observed=product.base_unit, expected=old.base_unit
        )


def check_product(
    product: Product | None, id: str, on: date, *, field: str = "product"
) -> tuple[Reason, ...]:
    """Why a product may not be sold on a day: unknown, inactive, or without a live approval (R-02)."""
    if product is None:
        return (why.PRODUCT_UNKNOWN(id, field=field),)
    return tuple(_sellable(product, on, field))


def _sellable(product: Product, on: date, field: str) -> Iterator[Reason]:
    if not product.active:
        yield why.PRODUCT_INACTIVE(product.id, field=field)
    if not product.rx.is_drug:
        return
    until = product.approval_valid_until
    if not product.approval_number:
        seen, wanted = Words("no approval number", "无批准文号"), Words("an approval number", "有批准文号")
        yield why.PRODUCT_NOT_APPROVED(product.id, field=field, observed=seen, expected=wanted)
    elif until is not None and until < on:
        seen = Words(f"an approval until {until}, none on {on}", f"批准文号有效期至 {until}，{on} 已失效")
        wanted = Words(f"an approval on {on}", f"在 {on} 有效")
        yield why.PRODUCT_NOT_APPROVED(product.id, field=field, observed=seen, expected=wanted)


def as_goods(product: Product, quantity: int = 0) -> Goods:
    """What the rules about licences have to know of so many base units of a product."""
    return Goods(
        product=product.id,
        category=product.category,
        rx=product.rx,
        special=product.special,
        approval_number=product.approval_number,
        approval_valid_until=product.approval_valid_until,
        quantity=quantity,
        smallest_pack=min((pack.quantity for pack in product.packs), default=1),
    )
