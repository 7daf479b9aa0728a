"""Lots: which may be shipped on a day, and how they are registered, held and released (批号管理, SC-21).

A lot is usable through the day of its expiry (有效期至). It is shipped only before that day, because goods
that leave the warehouse on their last day arrive expired (R-09c: expiry later than the ship date).
"""

from collections.abc import Mapping
from datetime import date

from attrs import evolve

from pharmacrm.core.kernel.dates import add_days
from pharmacrm.core.kernel.decision import Decision, accept, refuse, save, tell
from pharmacrm.core.kernel.reason import Reason
from pharmacrm.core.kernel.words import Words
from pharmacrm.core.orders.events import LotHeld, LotRegistered, LotReleased
from pharmacrm.core.orders.model import Lot, lot_id
from pharmacrm.core.orders.reasons import (
    LOT_EXPIRED,
    LOT_EXPIRY_CHANGED,
    LOT_EXPIRY_MISMATCH,
    LOT_HELD,
    LOT_HOLD_KEPT,
    LOT_NEAR_EXPIRY,
    LOT_OTHER_PRODUCT,
    LOT_SHORT_LIFE,
    LOT_TAKEN,
    LOT_UNKNOWN,
)
from pharmacrm.core.orders.values import SlipItem, SlipPolicy


def check_lot(lot: Lot, *, on: date, policy: SlipPolicy) -> tuple[Reason, ...]:
    """Give every reason about shipping a lot on a day: held, expired, short of life, near expiry.

    Near expiry is at most `near_expiry_days` (180) after the ship date; `least_life_days` of the buyer count
    alike. An expired lot gets no further reason for its age.
    """
    held = (LOT_HELD(lot.id, field="lot"),) if lot.held else ()
    return (*held, *_age(lot, on, policy))


def _age(lot: Lot, on: date, policy: SlipPolicy) -> tuple[Reason, ...]:
    if lot.expires <= on:
        return (LOT_EXPIRED(lot.id, field="lot", observed=lot.expires, expected=on),)
    found = []
    least, near = add_days(on, policy.least_life_days), add_days(on, policy.near_expiry_days)
    if lot.expires < least:
        found.append(LOT_SHORT_LIFE(lot.id, field="lot", observed=lot.expires, expected=least))
    if lot.expires <= near:
        found.append(LOT_NEAR_EXPIRY(lot.id, field="lot", observed=lot.expires, expected=near))
    return tuple(found)


def check_item(
    item: SlipItem, product: str, lots: Mapping[str, Lot], *, on: date, policy: SlipPolicy
) -> tuple[Reason, ...]:
    """Give every reason for or against shipping what was picked for a line of a product."""
    id_ = lot_id(product, item.lot)
    lot = lots.get(id_)
    strange = lot is not None and lot.product != product
    if strange or (lot is None and any(other.lot == item.lot for other in lots.values())):
        return (LOT_OTHER_PRODUCT(id_, field="lot", observed=item.lot, expected=product),)
    if lot is None:
        return (LOT_UNKNOWN(id_, field="lot"),)
    found = check_lot(lot, on=on, policy=policy)
    if item.expires in {None, lot.expires}:
        return found
    return (*found, LOT_EXPIRY_MISMATCH(id_, field="expires", observed=item.expires, expected=lot.expires))


def register_lot(old: Lot | None, *, product: str, lot: str, expires: date) -> Decision[Lot]:
    """Register a lot, or correct its expiry with a warning; a hold stays (XT-09)."""
    id_ = lot_id(product, lot)
    if old is None:
        new = Lot(id=id_, product=product, lot=lot, expires=expires)
        return accept(new, save(new), tell(LotRegistered(subject=id_, product=product)))
    if (old.product, old.lot) != (product, lot):
        return refuse(LOT_TAKEN(id_, field="lot", observed=lot, expected=old.product))
    if old.expires == expires:
        return accept(old)
    changed = evolve(old, expires=expires)
    warning = LOT_EXPIRY_CHANGED(id_, field="expires", observed=expires, expected=old.expires)
    return accept(changed, warning, save(changed), tell(LotRegistered(subject=id_, product=product)))


def hold_lot(lot: Lot, *, reason: str) -> Decision[Lot]:
    """Put a lot on hold (停售, 召回); holding it again changes the reason only."""
    held = evolve(lot, held=True, hold_reason=reason)
    if held == lot:
        return accept(lot, LOT_HOLD_KEPT(lot.id, observed=Words("on hold", "停售")))
    events = () if lot.held else (LotHeld(subject=lot.id, product=lot.product),)
    return accept(held, save(held), tell(*events))


def release_lot(lot: Lot, *, reason: str) -> Decision[Lot]:
    """Let a held lot be shipped again, for a stated reason (解除停售)."""
    if not lot.held:
        return accept(lot, LOT_HOLD_KEPT(lot.id, observed=Words("released", "可售")))
    released = evolve(lot, held=False, hold_reason=reason)
    return accept(released, save(released), tell(LotReleased(subject=lot.id, product=lot.product)))
