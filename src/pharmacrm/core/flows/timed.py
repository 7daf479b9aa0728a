"""Timed work: what falls due by the clock, found by reads and done by commands of the actor `system`."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Protocol, TypeVar

from attrs import frozen

from pharmacrm.core.credit import Reservation, ReservationState
from pharmacrm.core.credit.reservations import expire
from pharmacrm.core.engines.holds import Hold, hold
from pharmacrm.core.kernel.decision import Decision, accept, touch
from pharmacrm.core.kernel.domain import Domain
from pharmacrm.core.kernel.message import Command, Reads
from pharmacrm.core.kernel.query import Condition, eq, le
from pharmacrm.core.kernel.reason import ReasonCode, Severity
from pharmacrm.core.kernel.record import Entity
from pharmacrm.core.kernel.strict import Id, strict
from pharmacrm.core.orders import SalesOrder

E = TypeVar("E", bound=Entity)

AT_ONCE = 500
"""Commands of one kind that one call finds; the next call goes on."""


RESERVATION_LAPSED = ReasonCode(
    "reservation.lapsed",
    Severity.APPROVE,
    "the credit of {observed} held for order {subject} lapsed",
    "订单 {subject} 占用的信用 {observed} 已失效",
    remedy="pass the hold to reserve it again, or cancel the order",
    passed_by="finance",
)


class Finds(Protocol):
    """The reads that finding due work needs."""

    def find(
        self,
        kind: type[E],
        *where: Condition,
        order: Sequence[str] = (),
        limit: int | None = None,
        after: E | None = None,
    ) -> list[E]:
        """Entities that satisfy every condition."""


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
    """Expire a reservation and hold its order, so that nothing ships without credit."""
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


def due_reservations(lookup: Finds, now: datetime) -> list[Command[Any]]:
    """The reservations that have expired and were not given back yet."""
    found = lookup.find(
        Reservation,
        eq("state", ReservationState.ACTIVE),
        le("expires_at", now),
        order=("expires_at",),
        limit=AT_ONCE,
    )
    return [ExpireReservation(order=each.order) for each in found]


TIMED: tuple[Callable[[Finds, datetime], list[Command[Any]]], ...] = (due_reservations,)

domain = Domain(
    name="timed",
    handlers=(expire_reservation,),
    reasons=(RESERVATION_LAPSED,),
    rights={"system": (ExpireReservation,)},
)
