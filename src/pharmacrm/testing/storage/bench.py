"""What a test of the storage kit works with: one store, one tenant, and short words for using them."""

from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import count
from typing import Any, ClassVar, TypeVar
from uuid import uuid4

import pytest
from attrs import evolve, frozen
from hypothesis import Phase, settings

from pharmacrm.core.kernel.errors import Conflict
from pharmacrm.core.kernel.journal import Entry, JournalQuery, PersonalValue, Verb, hashed
from pharmacrm.core.kernel.query import Condition, Query
from pharmacrm.core.kernel.record import Entity, Record
from pharmacrm.core.kernel.store import (
    Addition,
    Batch,
    Claim,
    Delivery,
    DeliveryQuery,
    Found,
    Queue,
    Store,
    Update,
)
from pharmacrm.core.kernel.summary import Summary, Summed
from pharmacrm.core.plan import checked_summary, summed
from pharmacrm.testing.storage.kinds import AT, KINDS, ON, KitAccount

E = TypeVar("E", bound=Entity)

StoreFactory = Callable[[], Store]

_RUN = uuid4().hex
_NUMBERS = count(1)


@frozen(kw_only=True)
class Capabilities:
    """What a store can do beyond the port, and how much time it needs.

    `concurrent_sessions`: threads may hold sessions at once. `durable`: what one store wrote, another one of
    the same factory reads. `examples`: the most examples a law gets; None leaves it to the active profile.
    `shrink`: a law that fails looks for its smallest example, which may take minutes on a database.
    """

    concurrent_sessions: bool = True
    durable: bool = True
    examples: int | None = 30
    shrink: bool = False


def new_id() -> str:
    """An id shaped like a UUIDv7: later ones sort after earlier ones."""
    return f"{next(_NUMBERS):08x}-{_RUN[:4]}-7{_RUN[4:7]}-8{_RUN[7:10]}-{_RUN[10:22]}"


def new_tenant() -> str:
    """A tenant that nobody has used."""
    return f"kit-{uuid4().hex[:16]}"


@frozen
class Bench:
    """A store and a tenant of the test's own."""

    store: Store
    tenant: str

    def elsewhere(self) -> "Bench":
        """The same store, another tenant."""
        return Bench(self.store, new_tenant())

    def flush(self, *inserts: Entity, at: datetime = AT, **rest: Any) -> None:
        """Store a batch in a session of its own."""
        with self.store.session() as session:
            session.flush(self.tenant, Batch(at=at, **({"inserts": inserts} | rest)))

    def conflict(self, *inserts: Entity, **rest: Any) -> Conflict:
        """The conflict that a batch must end in."""
        with pytest.raises(Conflict) as caught:
            self.flush(*inserts, **rest)
        return caught.value

    def found(self, kind: type[E], id: str) -> Found[E] | None:
        """What `get` gives."""
        with self.store.session() as session:
            return session.get(self.tenant, kind, id)

    def seek(self, kind: type[E], id: str) -> E | None:
        """One entity, or None."""
        found = self.found(kind, id)
        if found is None:
            return None
        assert type(found.entity) is kind
        return found.entity

    def get(self, kind: type[E], id: str) -> E:
        """One entity, which must be there."""
        entity = self.seek(kind, id)
        assert entity is not None, f"{kind.__name__} {id} was stored and is not there"
        return entity

    def founds(self, kind: type[E], query: Query) -> list[Found[E]]:
        """What `find` gives."""
        with self.store.session() as session:
            return session.find(self.tenant, kind, query)

    def find(self, kind: type[E], *where: Condition, **how: Any) -> list[E]:
        """The entities that match, in order."""
        return [found.entity for found in self.founds(kind, Query(where, **how))]

    def ids(self, kind: type[Entity], *where: Condition, **how: Any) -> list[str]:
        """The ids of the entities that match, in order."""
        return [entity.id for entity in self.find(kind, *where, **how)]

    def count(self, kind: type[Entity], *where: Condition) -> int:
        """How many match."""
        with self.store.session() as session:
            return session.count(self.tenant, kind, where)

    def summed(self, summary: Summary) -> list[Summed]:
        """The groups of a summary: by the store, or by the plain rule where it offers none."""
        with self.store.session() as session:
            return summed(session, self.tenant, checked_summary(summary))

    def journal(self, **wanted: Any) -> list[Entry]:
        """Entries of the journal."""
        with self.store.session() as session:
            return session.journal(self.tenant, JournalQuery(**wanted))

    def entry(self, subject: str = "o-1", *personal: PersonalValue, at: datetime = AT, **more: Any) -> Entry:
        """A journal entry with its hash, ready to be stored."""
        values: dict[str, Any] = {
            "id": new_id(),
            "recorded_at": at,
            "effective_on": ON,
            "actor": "li.si",
            "command": "PlaceOrder",
            "verb": Verb.CHANGED,
            "kind": "kit_order",
            "subject": subject,
            "personal": personal,
        }
        return hashed(self.tenant, Entry(**(values | more)))

    def send(self, *subjects: str, destination: str = "mail", due: datetime = AT) -> list[Delivery]:
        """Store one delivery for each subject, oldest first."""
        entry = self.entry()
        deliveries = [
            Delivery(
                id=new_id(),
                destination=destination,
                topic="OrderPlaced",
                subject=subject,
                entry=entry.id,
                payload='{"subject":"' + subject + '"}',
                due_at=due,
            )
            for subject in subjects
        ]
        self.flush(entries=(entry,), deliveries=tuple(deliveries))
        return deliveries

    def claim(
        self,
        now: datetime,
        until: datetime,
        *,
        by: str = "t-1",
        **more: Any,
    ) -> list[Delivery]:
        """Lease what is due under a token, for the destination `mail` unless told."""
        values: dict[str, Any] = {"destinations": ("mail",), **more}
        return self.store.claim(self.tenant, Claim(now=now, until=until, token=by, **values))

    def deliveries(self, **wanted: Any) -> list[Delivery]:
        """What is seen of the outbox."""
        with self.store.session() as session:
            return session.deliveries(self.tenant, DeliveryQuery(**wanted))

    def queues(self, now: datetime) -> dict[str, Queue]:
        """How each destination stands, by name."""
        with self.store.session() as session:
            return {queue.destination: queue for queue in session.queues(self.tenant, now)}

    def everything(self) -> dict[str, object]:
        """All that the tenant has, to see whether anything changed."""
        rows: dict[str, object] = {kind.__name__: self.founds(kind, Query()) for kind in KINDS}
        return rows | {"journal": self.journal(), "deliveries": self.deliveries()}


def changed(before: Entity, **changes: Any) -> Update:
    """An update of some fields; a record's version rises by one."""
    if isinstance(before, Record):
        changes["version"] = before.version + 1
    return Update(before, evolve(before, **changes))


def addition(
    id: str = "a-1", *, bounded: bool = True, version: int | None = None, **amounts: int
) -> Addition:
    """Counters of an account to be moved."""
    return Addition(kind=KitAccount, id=id, amounts=amounts, bounded=bounded, version=version)


class KitBase:
    """What every part of the kit shares: the fixtures, and the switches of the store under test."""

    capabilities: ClassVar[Capabilities] = Capabilities()

    @pytest.fixture
    def bench(self, store_factory: StoreFactory) -> Iterator[Bench]:
        """A store with the kit's kinds installed, and a tenant of the test's own."""
        store = store_factory()
        store.install(KINDS)
        yield Bench(store, new_tenant())
        store.close()

    def law_settings(self) -> settings:
        """The active Hypothesis profile, cut to what the store can bear."""
        most = self.capabilities.examples
        examples = settings.default.max_examples if settings.default else 100
        phases = set(Phase) if self.capabilities.shrink else {Phase.explicit, Phase.generate}
        return settings(
            max_examples=examples if most is None else min(most, examples), phases=phases, deadline=None
        )

    def need_threads(self) -> None:
        """Skip where only one session at a time is possible."""
        if not self.capabilities.concurrent_sessions:
            pytest.skip("the store has no concurrent sessions")

    def need_durable(self) -> None:
        """Skip where another store sees other data."""
        if not self.capabilities.durable:
            pytest.skip("the store is not durable")
