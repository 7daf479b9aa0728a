"""Whether the licences of a buyer cover the goods (R-05)."""

from collections.abc import Iterator, Sequence
from datetime import date

from pharmacrm.core.engines.policy import Permit, PolicyPack
from pharmacrm.core.kernel.reason import Reason
from pharmacrm.core.kernel.words import Words, listed
from pharmacrm.core.licences import reasons as why
from pharmacrm.core.licences.model import Licence
from pharmacrm.core.licences.sale import Sale
from pharmacrm.core.licences.status import standing
from pharmacrm.core.values.goods import Goods
from pharmacrm.core.values.licence_kinds import LicenceKind
from pharmacrm.core.values.trade import CustomerKind

_UNKNOWN = Words("a known category", "已知类别")
_NOTHING = Words("nothing", "无")
_OTHER_SUPPLIER = Words("a supplier of another kind", "其他类别的供货单位")
_OTHER_BUYER = Words("a buyer of another kind", "其他类别的购货单位")


def covering(licences: Sequence[Licence], ways: Sequence[Permit], goods: Goods) -> list[Licence]:
    """The licences whose kind and scope permit the goods, whatever the day."""
    return [
        licence
        for licence in licences
        if any(way.allows(licence.kind, licence.scope, goods.rx) for way in ways)
    ]


def check_scope(
    sale: Sale, goods: Sequence[Goods], licences: Sequence[Licence], pack: PolicyPack
) -> Iterator[Reason]:
    """For each drug: no licence of the right kind, none whose scope covers it, or that one is not live."""
    for one in goods:
        if one.is_drug:
            yield from _check(sale, one, licences, pack)


def check_supply_scope(
    supplier: str, kind: CustomerKind, goods: Goods, licences: Sequence[Licence], on: date, pack: PolicyPack
) -> tuple[Reason, ...]:
    """For one drug: no licence of a supplier whose scope covers it, or that one is not live on the day."""
    category = pack.tables.categories.get(goods.category)
    ways = category.supply.get(kind, ()) if category else ()
    covers = covering(licences, ways, goods)
    if covers:
        return standing(supplier, covers, on)
    held = [licence for licence in licences if any(licence.kind is way.kind for way in ways)]
    if ways and not held:
        return (_missing(supplier, tuple(dict.fromkeys(way.kind for way in ways))),)
    scope = [_scope_name(code, pack) for licence in held for code in licence.scope]
    seen = listed(scope) if scope else _NOTHING
    wanted = _UNKNOWN if category is None else _wanted(category.zh, goods) if ways else _OTHER_SUPPLIER
    return (why.SUPPLY_OUT_OF_SCOPE(supplier, field=goods.product, observed=seen, expected=wanted),)


def _check(sale: Sale, goods: Goods, licences: Sequence[Licence], pack: PolicyPack) -> tuple[Reason, ...]:
    category = pack.tables.categories.get(goods.category)
    ways = category.permits.get(sale.kind, ()) if category else ()
    covers = covering(licences, ways, goods)
    if covers:
        return standing(sale.buyer, covers, sale.on)
    held = [licence for licence in licences if any(licence.kind is way.kind for way in ways)]
    if ways and not held:
        kinds = dict.fromkeys(way.kind for way in ways)
        return (_missing(sale.buyer, tuple(kinds)),)
    scope = [_scope_name(code, pack) for licence in held for code in licence.scope]
    seen = listed(scope) if scope else _NOTHING
    wanted = _UNKNOWN if category is None else _wanted(category.zh, goods) if ways else _OTHER_BUYER
    return (why.OUT_OF_SCOPE(sale.buyer, field=goods.product, observed=seen, expected=wanted),)


def _missing(buyer: str, kinds: Sequence[LicenceKind]) -> Reason:
    wanted = listed(kinds, " or ", "或")
    return why.LICENCE_MISSING(buyer, field=kinds[0].value, expected=wanted)


def _wanted(category: str, goods: Goods) -> Words:
    return Words(f"{goods.category} ({goods.rx})", f"{category}（{goods.rx.zh}）")


def _scope_name(code: str, pack: PolicyPack) -> Words:
    return Words(code, pack.tables.scope_names.get(code, code))
