"""A few words for tests of deliveries."""

from collections.abc import Callable
from datetime import timedelta

from pharmacrm.core.kernel.store import Delivery
from pharmacrm.crm import PharmaCRM, SimulatedClock
from pharmacrm.crm.delivery import Delivered
from pharmacrm.plugins.storage.memory import MemoryStore
from pharmacrm.plugins.types import DeliverContext
from pharmacrm.plugins.types import Delivered as Done

SELLER = "zhang.san"
FLOW = ("OrderSubmitted", "OrderReleased")

Found = Callable[..., PharmaCRM]


def fine(_: DeliverContext) -> Done:
    return Done()


def wait(crm: PharmaCRM, seconds: float) -> None:
    assert isinstance(crm.clock, SimulatedClock)
    crm.clock.advance(timedelta(seconds=seconds))


def counts(done: Delivered) -> tuple[int, int, int, int]:
    return done.delivered, done.postponed, done.dead, done.waiting


def outbox(crm: PharmaCRM) -> list[Delivery]:
    assert isinstance(crm._store, MemoryStore)
    return list(crm._store._deliveries[crm.tenant].values())
