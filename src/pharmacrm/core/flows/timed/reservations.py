"""Credit that an order held too long: it is given back, and the order is held."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from attrs import frozen

from pharmacrm.core.credit import Reservation, ReservationState
from pharmacrm.core.credit.reservations import expire
from pharmacrm.core.engines.holds import Hold, hold
from pharmacrm.core.flows.timed.errands import Errand, Situation, pages
from pharmacrm.core.kernel.decision import Decision, accept, touch
from pharmacrm.core.kernel.lookup import Lookup
from pharmacrm.core.kernel.message import Command, Reads
from pharmacrm.core.kernel.query import eq, le
from pharmacrm.core.kernel.reason import ReasonCode, Severity
from pharmacrm.core.kernel.strict import Id, strict
from pharmacrm.core.orders import SalesOrder

RESERVATION_LAPSED = ReasonCode(
    "reservation.lapsed",
    Severity.APPROVE,
    "the credit of {observed} held for order {subject} lapsed",
    "订单 {subject} 占用的信用 {observed} 已失效",
    remedy="pass the hold to reserve it again, or cancel the order",
    passed_by="finance",
)


@frozen(kw_only=True, field_transformer=strict)
class ExpireReservation(Command[Reservation]):
    """Give back credit that an order held too long without shipping, and hold the order.

    `crm.run_due()` does it, as the actor `system`.
    """

    subject_field = "order"

    order: Id


@ExpireReservation.handler
def expire_reservation(command: ExpireReservation, read: Reads) -> Decision[Reservation]:
    """Load the reservation and its order."""
    reservation = read.get(Reservation, f"{command.order}/credit")
    order = read.get(SalesOrder, command.order)
    read.find(Hold, eq("subject", order.id))
    return lapse(reservation, order, by=read.actor, at=read.at)


def lapse(reservation: Reservation, order: SalesOrder, *, by: str, at: datetime) -> Decision[Reservation]:
    """Expire a reservation and hold its order, so that nothing ships without credit.

    One that another process has given back, or that was used up meanwhile, is left as it is.
    """
    if reservation.state is not ReservationState.ACTIVE:
        return accept(None)
    lapsed = expire(reservation, at=at)
    if not lapsed.changes:
        return lapsed
    why = RESERVATION_LAPSED(order.id, field="credit", observed=reservation.open)
    held = hold(
        why,
        subject=order.id,
        revision=order.revision,
        by=by,
        at=at,
        role=RESERVATION_LAPSED.passed_by,
        requester=order.requester,
    )
    return accept(lapsed.value or reservation, lapsed, held, touch(order))


def due_reservations(lookup: Lookup, now: Situation) -> Iterator[Command[Any]]:
    """The reservations that have expired and were not given back yet, the longest expired first."""
    due = (eq("state", ReservationState.ACTIVE), le("expires_at", now.at))
    for found in pages(lookup, Reservation, *due, order=("expires_at",)):
        yield from (ExpireReservation(order=each.order) for each in found)


ERRAND = Errand(name="reservations", commands=due_reservations)
