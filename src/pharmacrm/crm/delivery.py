"""Handing out notices from the outbox: at least once, in order per subject, from any number of processes.

One notice is claimed at a time: the claim counts its start in a commit of its own and leases it, so that a
notice that kills its worker is known by its starts, and takes no other with it.
"""

import re
from datetime import datetime, timedelta
from typing import Final
from uuid import uuid4

from attrs import field, frozen

from pharmacrm.core.kernel.codec import loads
from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.kernel.store import Claim, Delivery, DeliveryState, Settlement, Store
from pharmacrm.crm.desk import Desk
from pharmacrm.crm.lookup import StoreLookup
from pharmacrm.plugins import types
from pharmacrm.plugins.wall.calling import Failed
from pharmacrm.plugins.wall.lending import Loan

LEASE: Final = timedelta(seconds=60)
"""How long a claimed notice belongs to its relay; a plugin that takes longer may see it delivered twice."""

MOST_STARTS: Final = 6
"""A notice whose delivery was begun so often without an answer goes to the dead letters."""

LATER: Final = re.compile(r"later (\d{1,9}): ")
"""What the outbox keeps of notices that were put off: how often their plugin answered RetryAfter."""


@frozen(kw_only=True)
class Delivered:
    """What one call of `deliver` did, how many notices still wait, and when there is more to do.

    `next_due` is the earliest time at which one of those that wait can be handed out: now if the limit was
    reached, later if a destination asked for time, None if nothing waits. A relay that sleeps until then
    misses what is written meanwhile: sleep a few seconds at most.
    """

    delivered: int = 0
    postponed: int = 0
    dead: int = 0
    waiting: int = 0
    next_due: datetime | None = field(default=None, repr=False)


def delivered(desk: Desk, store: Store, limit: int) -> Delivered:
    """Claim and hand out until nothing is due or the limit is reached."""
    if type(limit) is not int or limit < 0:
        message = "a limit is a whole number of at least 0"
        raise MalformedInput("query.limit", message, field="limit", value=limit)
    counts = dict.fromkeys(DeliveryState, 0)
    destinations = desk.plugins.all_destinations
    idle = False
    for _ in range(limit):
        each = _claimed(desk, store, destinations)
        if each is None:
            idle = True
            break
        settlement = _carried(desk, store, each)
        if store.settle(desk.tenant, settlement):
            counts[settlement.state] += 1
    waiting = store.waiting(desk.tenant, destinations)
    return Delivered(
        delivered=counts[DeliveryState.DELIVERED],
        postponed=counts[DeliveryState.WAITING],
        dead=counts[DeliveryState.DEAD],
        waiting=waiting,
        next_due=_next_due(desk, store, destinations, idle=idle) if waiting else None,
    )


def _next_due(desk: Desk, store: Store, destinations: tuple[str, ...], *, idle: bool) -> datetime | None:
    """When there is more to do; the queues are looked through only once nothing was left to claim."""
    if not idle:
        return desk.clock.now()
    with store.session() as session:
        queues = session.queues(desk.tenant, desk.clock.now())
    times = [each.next_at for each in queues if each.destination in destinations and each.next_at]
    return min(times, default=None)


def _claimed(desk: Desk, store: Store, destinations: tuple[str, ...]) -> Delivery | None:
    now = desk.clock.now()
    claim = Claim(destinations=destinations, now=now, until=now + LEASE, token=str(uuid4()), limit=1)
    found = store.claim(desk.tenant, claim)
    return found[0] if found else None


def _carried(desk: Desk, store: Store, each: Delivery) -> Settlement:
    """What became of one notice: one that ended its workers six times is not begun again."""
    if _failures(each) > MOST_STARTS:
        return _settled(desk, each, Failed("its deliveries were begun and never answered"))
    with store.session() as session:
        loan = Loan(StoreLookup(session, desk.tenant))
        context = types.DeliverContext(
            tenant=desk.tenant,
            id=each.id,
            topic=each.topic,
            subject=each.subject,
            payload=loads(each.payload),
            attempt=each.starts,
            at=desk.clock.now(),
            simulated=desk.clock.simulated,
            read=loan.facade,
        )
        try:
            answer = desk.plugins.deliver(each.destination, context)
        finally:
            loan.end()
    return _settled(desk, each, answer)


def _settled(desk: Desk, each: Delivery, answer: types.Result | Failed) -> Settlement:
    now = desk.clock.now()
    state, wait, fault = DeliveryState.WAITING, 0, ""
    match answer:
        case types.Delivered():
            state = DeliveryState.DELIVERED
        case types.Reject(why):
            state, fault = DeliveryState.DEAD, why
        case types.RetryAfter(seconds, why):
            wait, fault = seconds, f"later {_put_off(each) + 1}: {why}"
        case Failed(why) if _failures(each) >= MOST_STARTS:
            state, fault = DeliveryState.DEAD, why
        case Failed(why):
            wait, fault = 2 ** _failures(each), f"later {_put_off(each)}: {why}"
    due = now + timedelta(seconds=wait)
    return Settlement(id=each.id, token=each.token, state=state, due_at=due, fault=fault)


def _failures(each: Delivery) -> int:
    """Starts, this one included, that got no answer; RetryAfter is an answer."""
    return each.starts - _put_off(each)


def _put_off(each: Delivery) -> int:
    found = LATER.match(each.fault)
    return int(found[1]) if found else 0
