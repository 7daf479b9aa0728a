"""The sessions of the store in memory: what is stored, searched, sealed and leased.

Everything lives in dictionaries under one lock. A batch is worked out on a copy of the rows it touches, so
that a refusal, whatever element causes it, leaves nothing behind.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from threading import RLock
from typing import Any, TypeVar

from attrs import evolve

from pharmacrm.core.kernel.errors import Conflict, StoreFailure, shown
from pharmacrm.core.kernel.journal import Entry, JournalQuery
from pharmacrm.core.kernel.query import Condition, Query, Within, checked, is_null, matches, page, plain
from pharmacrm.core.kernel.record import Entity, Record, kind_name
from pharmacrm.core.kernel.schema import schema_of
from pharmacrm.core.kernel.store import (
    OWN_KINDS,
    Batch,
    Claim,
    Delivery,
    DeliveryQuery,
    DeliveryState,
    Found,
    Queue,
    Resolution,
    Session,
    Settlement,
)
from pharmacrm.core.kernel.summary import Summary, Summed
from pharmacrm.core.kernel.tenant import Tenant
from pharmacrm.core.plan import summarise
from pharmacrm.plugins.storage.memory.staged import Row, Staged, Table

E = TypeVar("E", bound=Entity)
K = TypeVar("K")
V = TypeVar("V")

_UNSETTLED = (DeliveryState.WAITING, DeliveryState.DEAD)


class MemoryStore:
    """A store that forgets everything with the process; each session is the store itself."""

    def __init__(self, clock_now: Callable[[], datetime] | None = None) -> None:
        self._clock_now = clock_now
        self._lock = RLock()
        self._kinds: set[type[Entity]] = set()
        self._installed = False
        self._tables: defaultdict[tuple[str, type[Entity]], Table] = defaultdict(dict)
        self._entries: defaultdict[str, dict[str, Entry]] = defaultdict(dict)
        self._unsealed: defaultdict[str, dict[str, None]] = defaultdict(dict)
        self._deliveries: defaultdict[str, dict[str, Delivery]] = defaultdict(dict)
        self._newest: datetime | None = None

    @contextmanager
    def session(self) -> Iterator[Session]:
        """Hand out the store itself: there is no connection to open or close."""
        yield self

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Hand out the store with nobody else in it; if the block raises, everything is put back."""
        with self._lock:
            tables, entries = _copy(self._tables), _copy(self._entries)
            unsealed, deliveries, newest = _copy(self._unsealed), _copy(self._deliveries), self._newest
            try:
                yield self
            except BaseException:
                self._tables, self._entries = tables, entries
                self._unsealed, self._deliveries, self._newest = unsealed, deliveries, newest
                raise

    def durability(self) -> str:
        """Nothing outlives the process."""
        return "memory"

    def install(self, kinds: Sequence[type[Entity]]) -> None:
        """Make room for the kinds; one that the store does not know is refused later."""
        self.register(kinds)
        self._installed = True

    def register(self, kinds: Sequence[type[Entity]]) -> None:
        """Know these kinds."""
        with self._lock:
            self._kinds.update((*OWN_KINDS, *kinds))

    def installed(self) -> bool:
        """Whether `install` was called."""
        return self._installed

    def tenants(self) -> tuple[str, ...]:
        """The tenants that have settings here, by name."""
        with self._lock:
            return tuple(
                sorted(tenant for (tenant, kind), rows in self._tables.items() if kind is Tenant and rows)
            )

    def now(self) -> datetime | None:
        """The time of the clock it was given, or None."""
        return self._clock_now() if self._clock_now else None

    def newest(self) -> datetime | None:
        """The latest recorded time of any entry, or None."""
        return self._newest

    def close(self) -> None:
        """Do nothing: there is no connection to give back."""

    def get(self, tenant: str, kind: type[E], id: str) -> Found[E] | None:
        """One entity by id."""
        with self._lock:
            row = self._table(tenant, kind).get(id)
            return self._found(tenant, row) if row else None

    def find(self, tenant: str, kind: type[E], query: Query) -> list[Found[E]]:
        """The entities that match, in order."""
        checked(kind, query)
        with self._lock:
            rows = self._table(tenant, kind)
            chosen = page(self._match(tenant, kind, query.where), query)
            return [self._found(tenant, rows[entity.id]) for entity in chosen]

    def count(self, tenant: str, kind: type[Entity], where: tuple[Condition, ...]) -> int:
        """How many match."""
        checked(kind, Query(where))
        with self._lock:
            return len(self._match(tenant, kind, where))

    def summed(self, tenant: str, summary: Summary) -> list[Summed]:
        """The groups of a summary, by the plain rule."""
        with self._lock:
            found = partial(self._match, tenant)
            return summarise(found(summary.kind, summary.where), summary, found)

    def journal(self, tenant: str, query: JournalQuery) -> list[Entry]:
        """Entries in the order in which they were recorded, from `since` on and before `until`."""
        with self._lock:
            entries = list(self._entries[tenant].values())
            unsealed = set(self._unsealed[tenant])
        if query.newest_first:
            entries.reverse()
        if query.after is not None:
            ids = [entry.id for entry in entries]
            entries = entries[ids.index(query.after) + 1 :] if query.after in ids else []
        if query.unsealed:
            entries = [entry for entry in entries if entry.id in unsealed]
        found = [entry for entry in entries if _wanted(entry, query)]
        return found if query.limit is None else found[: query.limit]

    def flush(self, tenant: str, batch: Batch) -> None:
        """Store a batch whole, or raise `Conflict` and store nothing."""
        with self._lock:
            staged = Staged(lambda kind: self._table(tenant, kind), batch.at)
            staged.take(batch)
            _refuse_known("entry", [entry.id for entry in batch.entries], self._entries[tenant])
            _refuse_known("delivery", [each.id for each in batch.deliveries], self._deliveries[tenant])
            _refuse_known("a decision about delivery", [each.id for each in batch.resolutions], ())
            resolved = [self._resolved(tenant, each) for each in batch.resolutions]
            _refuse_sealed(batch.sealed, self._unsealed[tenant])
            self._store(tenant, staged.rows, batch)
            self._deliveries[tenant].update({each.id: each for each in resolved})

    def _resolved(self, tenant: str, resolution: Resolution) -> Delivery:
        """A dead letter as a person wants it."""
        delivery = self._deliveries[tenant].get(resolution.id)
        if delivery is None or delivery.state is not DeliveryState.DEAD:
            raise Conflict(f"delivery {shown(resolution.id)} is no dead letter")
        if resolution.state is not DeliveryState.WAITING:
            return evolve(delivery, state=resolution.state)
        return evolve(delivery, state=resolution.state, due_at=resolution.due_at, starts=0, fault="")

    def deliveries(self, tenant: str, query: DeliveryQuery) -> list[Delivery]:
        """Deliveries in the order of their ids."""
        with self._lock:
            by_id = sorted(self._deliveries[tenant].values(), key=lambda each: each.id)
        found = [
            each
            for each in by_id
            if query.state in {None, each.state}
            and query.destination in {None, each.destination}
            and (query.ids is None or each.id in query.ids)
            and each.id > (query.after or "")
        ]
        return found[: query.limit]

    def queues(self, tenant: str, now: datetime) -> list[Queue]:
        """How each destination stands, by name."""
        with self._lock:
            every = self._deliveries[tenant].values()
            names = {each.destination for each in every if each.state in _UNSETTLED}
            return [self._queue(tenant, name, now) for name in sorted(names)]

    def _queue(self, tenant: str, name: str, now: datetime) -> Queue:
        waiting = self._open(tenant, (name,))
        dead = DeliveryQuery(state=DeliveryState.DEAD, destination=name)
        return Queue(
            destination=name,
            waiting=len(waiting),
            leased=sum(each.leased_until is not None and each.leased_until > now for each in waiting),
            dead=len(self.deliveries(tenant, dead)),
            oldest=waiting[0].id if waiting else "",
            next_at=min((_free_at(each) for each in self._heads(tenant, (name,))), default=None),
        )

    def claim(self, tenant: str, claim: Claim) -> list[Delivery]:
        """Lease the head of each (destination, subject) that is due, oldest id first, and count the start."""
        with self._lock:
            free = [each for each in self._heads(tenant, claim.destinations) if _is_free(each, claim.now)]
            leased = [
                evolve(each, starts=each.starts + 1, token=claim.token, leased_until=claim.until)
                for each in free[: claim.limit]
            ]
            self._deliveries[tenant].update({each.id: each for each in leased})
        return leased

    def settle(self, tenant: str, settlement: Settlement) -> bool:
        """Record what became of a delivery; False if the lease was lost meanwhile."""
        with self._lock:
            delivery = self._deliveries[tenant].get(settlement.id)
            if delivery is None or not delivery.token or delivery.token != settlement.token:
                return False
            self._deliveries[tenant][settlement.id] = evolve(
                delivery,
                state=settlement.state,
                due_at=settlement.due_at,
                fault=settlement.fault,
                token="",
                leased_until=None,
            )
            return True

    def waiting(self, tenant: str, destinations: tuple[str, ...]) -> int:
        """How many deliveries are still to be made."""
        with self._lock:
            return len(self._open(tenant, destinations))

    def _table(self, tenant: str, kind: type[Entity]) -> Table:
        if kind not in self._kinds:
            raise StoreFailure(f"the store holds no {kind_name(kind)}: it is not registered", "store.kind")
        return self._tables[tenant, kind]

    def _found(self, tenant: str, row: Row) -> Found[Any]:
        return Found(row.entity, self._guard(tenant, row.entity), row.recorded_at)

    def _guard(self, tenant: str, entity: Entity) -> int:
        """The version that guards an entity: its own, or its parent's; 0 for an orphan."""
        if isinstance(entity, Record):
            return entity.version
        field = schema_of(type(entity)).parent
        if field is None or field.parent is None:
            return 0
        parent = self._table(tenant, field.parent).get(getattr(entity, field.name))
        return self._guard(tenant, parent.entity) if parent else 0

    def _match(self, tenant: str, kind: type[Entity], where: tuple[Condition, ...]) -> list[Entity]:
        known: dict[int, frozenset[Any]] = {}

        def values(semi: Within) -> frozenset[Any]:
            if id(semi) not in known:
                known[id(semi)] = self._values(tenant, semi)
            return known[id(semi)]

        entities = [row.entity for row in self._table(tenant, kind).values()]
        return [entity for entity in entities if matches(entity, where, values)]

    def _values(self, tenant: str, semi: Within) -> frozenset[Any]:
        checked(semi.kind, Query((*semi.where, is_null(semi.field))))
        found = self._match(tenant, semi.kind, semi.where)
        return frozenset(plain(getattr(entity, semi.field)) for entity in found)

    def _store(self, tenant: str, rows: Mapping[tuple[type[Entity], str], Row | None], batch: Batch) -> None:
        for (kind, id_), row in rows.items():
            if row is None:
                self._tables[tenant, kind].pop(id_, None)
            else:
                self._tables[tenant, kind][id_] = row
        self._entries[tenant].update({entry.id: entry for entry in batch.entries})
        self._unsealed[tenant].update(dict.fromkeys(entry.id for entry in batch.entries))
        for id_ in batch.sealed:
            del self._unsealed[tenant][id_]
        self._deliveries[tenant].update({delivery.id: delivery for delivery in batch.deliveries})
        times = [entry.recorded_at for entry in batch.entries]
        self._newest = max([*times, *([self._newest] if self._newest else [])], default=None)

    def _open(self, tenant: str, destinations: tuple[str, ...]) -> list[Delivery]:
        deliveries = sorted(self._deliveries[tenant].values(), key=lambda delivery: delivery.id)
        return [
            delivery
            for delivery in deliveries
            if delivery.state is DeliveryState.WAITING and delivery.destination in destinations
        ]

    def _heads(self, tenant: str, destinations: tuple[str, ...]) -> list[Delivery]:
        heads: dict[tuple[str, str], Delivery] = {}
        for delivery in self._open(tenant, destinations):
            heads.setdefault((delivery.destination, delivery.subject), delivery)
        return list(heads.values())


def _refuse_known(what: str, ids: Iterable[str], known: Collection[str]) -> None:
    seen = set(known)
    for id_ in ids:
        if id_ in seen:
            raise Conflict(f"{what} {shown(id_)} exists already")
        seen.add(id_)


def _refuse_sealed(ids: Sequence[str], unsealed: Collection[str]) -> None:
    if len(set(ids)) != len(ids) or not set(ids) <= set(unsealed):
        raise Conflict("an entry is sealed already, or was never stored")


def _copy(tables: defaultdict[K, dict[str, V]]) -> defaultdict[K, dict[str, V]]:
    return defaultdict(dict, {key: dict(rows) for key, rows in tables.items()})


def _is_free(delivery: Delivery, now: datetime) -> bool:
    return delivery.due_at <= now and (delivery.leased_until is None or delivery.leased_until <= now)


def _free_at(delivery: Delivery) -> datetime:
    return max(delivery.due_at, delivery.leased_until or delivery.due_at)


def _wanted(entry: Entry, query: JournalQuery) -> bool:
    equal = all(
        want is None or getattr(entry, name) == want
        for name, want in (
            ("id", query.id),
            ("subject", query.subject),
            ("kind", query.kind),
            ("actor", query.actor),
            ("command", query.command),
            ("key", query.key),
        )
    )
    return (
        equal
        and (query.ids is None or entry.id in query.ids)
        and (query.subjects is None or entry.subject in query.subjects)
        and (not query.verbs or entry.verb in query.verbs)
        and (query.since is None or entry.recorded_at >= query.since)
        and (query.until is None or entry.recorded_at < query.until)
    )
