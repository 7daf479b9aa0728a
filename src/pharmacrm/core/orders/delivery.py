"""Arrival of goods (到货确认): confirmed by the receiver, and missed where the law wants it (R-31)."""

from collections.abc import Iterable
from datetime import date

from attrs import evolve

from pharmacrm.core.kernel.decision import Decision, accept, refuse, save, tell
from pharmacrm.core.kernel.reason import Reason
from pharmacrm.core.orders.events import DeliveryConfirmed
from pharmacrm.core.orders.model import OutboundSlip
from pharmacrm.core.orders.reasons import (
    DELIVERY_CONFIRMED,
    DELIVERY_DIFFERS,
    DELIVERY_TOO_EARLY,
    DELIVERY_UNCONFIRMED,
    RECEIVER_MISSING,
)


def confirm_delivery(slip: OutboundSlip, received_by: str, on: date) -> Decision[OutboundSlip]:
    """Record who received the goods of a slip and when; saying the same twice changes nothing."""
    if slip.delivered_on is not None:
        return _again(slip, received_by, on)
    confirmed = evolve(slip, delivered_on=on, received_by=received_by)
    event = DeliveryConfirmed(subject=slip.id, order=slip.order, buyer=slip.buyer)
    return accept(confirmed, _check(slip, received_by, on), save(confirmed), tell(event))


def _again(slip: OutboundSlip, received_by: str, on: date) -> Decision[OutboundSlip]:
    if (slip.delivered_on, slip.received_by) == (on, received_by):
        return accept(slip, DELIVERY_CONFIRMED(slip.id, field="delivered_on"))
    return refuse(DELIVERY_DIFFERS(slip.id, field="delivered_on", observed=on, expected=slip.delivered_on))


def _check(slip: OutboundSlip, received_by: str, on: date) -> tuple[Reason, ...]:
    found = []
    if not received_by.strip():
        found.append(RECEIVER_MISSING(slip.id, field="received_by"))
    if on < slip.issued_on:
        found.append(DELIVERY_TOO_EARLY(slip.id, field="delivered_on", observed=on, expected=slip.issued_on))
    return tuple(found)


def check_delivery(slip: OutboundSlip, *, on: date) -> tuple[Reason, ...]:
    """Warn of a slip whose arrival had to be confirmed by an earlier day; the last day itself is in time."""
    if slip.confirm_by is None or slip.delivered_on is not None or on <= slip.confirm_by:
        return ()
    return (DELIVERY_UNCONFIRMED(slip.id, field="delivered_on", observed=on, expected=slip.confirm_by),)


def overdue_deliveries(slips: Iterable[OutboundSlip], *, on: date) -> tuple[OutboundSlip, ...]:
    """Pick the slips that `check_delivery` warns of, the longest overdue first."""
    late = [slip for slip in slips if check_delivery(slip, on=on)]
    return tuple(sorted(late, key=lambda slip: (slip.confirm_by or on, slip.id)))
