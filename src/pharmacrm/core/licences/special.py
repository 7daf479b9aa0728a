"""Special drugs (特殊管理药品): who may buy, how it is paid, how many (R-30, R-31, R-34, R-35)."""

from collections.abc import Iterator, Sequence

from pharmacrm.core.engines.policy import PolicyPack
from pharmacrm.core.kernel.reason import Reason
from pharmacrm.core.kernel.words import Words
from pharmacrm.core.licences import reasons as why
from pharmacrm.core.licences.model import Licence
from pharmacrm.core.licences.sale import Sale
from pharmacrm.core.licences.scope import covering
from pharmacrm.core.licences.status import licence_status
from pharmacrm.core.values.goods import Goods
from pharmacrm.core.values.trade import CustomerKind, PaymentMethod, SalesChannel, SpecialControl


def check_special(
    sale: Sale, goods: Sequence[Goods], licences: Sequence[Licence], pack: PolicyPack
) -> Iterator[Reason]:
    """What the control under which goods stand has against a sale; goods under none pass."""
    controlled = [one for one in goods if one.special is not SpecialControl.NONE]
    for one in controlled:
        yield from _payment_and_channel(sale, one, pack)
        if sale.wants_licences:
            yield from _qualification(sale, one, licences, pack)
    if sale.is_retail:
        yield from _retail(sale, controlled, pack)


def _payment_and_channel(sale: Sale, goods: Goods, pack: PolicyPack) -> Iterator[Reason]:
    tables, control = pack.tables, goods.special
    if control in tables.out_of_scope:
        yield why.SPECIAL_OUT_OF_SCOPE(sale.buyer, field=goods.product, observed=_name(control))
    if sale.channel is SalesChannel.ONLINE and control in tables.never_online:
        yield why.ONLINE_FORBIDDEN(sale.buyer, field=goods.product, observed=_name(control))
    cash = sale.method is PaymentMethod.CASH and sale.kind is not CustomerKind.CONSUMER
    if cash and control in tables.no_cash:
        method = PaymentMethod.BANK_TRANSFER
        yield why.SPECIAL_NO_CASH(sale.buyer, field=goods.product, observed=sale.method, expected=method)


def _qualification(
    sale: Sale, goods: Goods, licences: Sequence[Licence], pack: PolicyPack
) -> Iterator[Reason]:
    permits = pack.tables.special.get(goods.special)
    if permits is None:
        return
    ways = permits.get(sale.kind, ())
    if not any(licence_status(one, sale.on).in_force for one in covering(licences, ways, goods)):
        scopes = sorted({scope for way in ways for scope in way.scopes}) or sorted(way.kind for way in ways)
        wanted = ", ".join(scopes) or "another kind of buyer"
        yield why.SPECIAL_UNQUALIFIED(
            sale.buyer,
            field=goods.product,
            observed=_name(goods.special),
            expected=wanted,
        )


def _name(control: SpecialControl) -> Words:
    return Words(control.value.replace("_", " "), control.zh)


def _retail(sale: Sale, controlled: Sequence[Goods], pack: PolicyPack) -> Iterator[Reason]:
    for control, limit in pack.tables.retail_packs.items():
        sold = [one for one in controlled if one.special is control]
        if not sold:
            continue
        names = ", ".join(dict.fromkeys(one.product for one in sold))
        packs = sum(-(-one.quantity // one.smallest_pack) for one in sold)
        if packs > limit and not sale.prescription:
            yield why.EPHEDRINE_QUANTITY(sale.buyer, field=names, observed=packs, expected=limit)
        if not sale.identified:
            yield why.EPHEDRINE_IDENTITY(sale.buyer, field=names)
