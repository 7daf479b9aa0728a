"""Handing out notices from the outbox: at least once, in order per subject, from any number of processes."""

from datetime import timedelta
from uuid import uuid4

from attrs import frozen

from pharmacrm.core.kernel.codec import loads
from pharmacrm.core.kernel.store import Claim, Delivery, DeliveryState, Settlement, Store
from pharmacrm.crm.desk import Desk
from pharmacrm.crm.lookup import StoreLookup
from pharmacrm.plugins import types

LEASE = timedelta(seconds=60)
MOST_STARTS = 6
"""A notice whose delivery was begun so often without an answer goes to the dead letters."""


@frozen(kw_only=True)
class Delivered:
    """What one call of `deliver` did, and how many notices still wait."""

    delivered: int = 0
    postponed: int = 0
    dead: int = 0
    waiting: int = 0


def delivered(desk: Desk, store: Store, limit: int) -> Delivered:
    """Claim and hand out until nothing is due or the limit is reached."""
    counts = {DeliveryState.DELIVERED: 0, DeliveryState.WAITING: 0, DeliveryState.DEAD: 0}
    done = 0
    destinations = desk.plugins.all_destinations
    while done < limit:
        now = desk.clock.now()
        token = str(uuid4())
        claim = Claim(destinations=destinations, now=now, until=now + LEASE, token=token, limit=limit - done)
        found = store.claim(desk.tenant, claim)
        if not found:
            break
        for each in found:
            settlement = _carried(desk, store, each)
            store.settle(desk.tenant, settlement)
            counts[settlement.state] += 1
            done += 1
    return Delivered(
        delivered=counts[DeliveryState.DELIVERED],
        postponed=counts[DeliveryState.WAITING],
        dead=counts[DeliveryState.DEAD],
        waiting=store.waiting(desk.tenant, destinations),
    )


def _carried(desk: Desk, store: Store, each: Delivery) -> Settlement:
    """What became of one notice; a plugin that fails is tried again later, and given up after six starts."""
    now = desk.clock.now()
    with store.session() as session:
        context = types.DeliverContext(
            tenant=desk.tenant,
            id=each.id,
            topic=each.topic,
            subject=each.subject,
            payload=loads(each.payload),
            attempt=each.starts,
            at=now,
            simulated=desk.clock.simulated,
            read=StoreLookup(session, desk.tenant),
        )
        answer = desk.plugins.deliver(each.destination, context)
    if isinstance(answer, types.Delivered):
        return Settlement(id=each.id, token=each.token, state=DeliveryState.DELIVERED, due_at=now)
    if isinstance(answer, types.Reject):
        return Settlement(id=each.id, token=each.token, state=DeliveryState.DEAD, due_at=now, fault=answer.why)
    why = answer.why if answer is not None else "the plugin failed"
    if each.starts >= MOST_STARTS:
        return Settlement(id=each.id, token=each.token, state=DeliveryState.DEAD, due_at=now, fault=why)
    wait = answer.seconds if answer is not None else 2**each.starts
    due = now + timedelta(seconds=wait)
    return Settlement(id=each.id, token=each.token, state=DeliveryState.WAITING, due_at=due, fault=why)
