"""The books of a tenant as the database holds them, and what can be wrong with them after a fault.

Whatever happened, these must hold: every row of the journal carries its hash, the counters are the sums of
their additions, and the journal, replayed from its first entry, gives the tables.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from attrs import frozen

from pharmacrm.core.kernel.codec import plain_fields
from pharmacrm.core.kernel.journal import Entry, JournalQuery, Verb, row_hash
from pharmacrm.core.kernel.query import Query
from pharmacrm.core.kernel.record import Entity, Record, kind_name
from pharmacrm.core.kernel.replay import Fields, Key, Replay
from pharmacrm.core.kernel.schema import schema_of
from pharmacrm.core.kernel.store import Answer, Delivery, DeliveryQuery, Found
from pharmacrm.crm.registry import Registry
from pharmacrm.plugins.storage.sql.store import SqlStore


@frozen
class Books:
    """Everything one tenant has stored, read at one time."""

    tenant: str
    entries: list[Entry]
    deliveries: list[Delivery]
    answers: dict[str, Answer]
    found: Mapping[type[Entity], list[Any]]

    @classmethod
    def read(cls, store: SqlStore, registry: Registry, tenant: str = "main") -> "Books":
        """Read a store past all rights."""
        store.register(tuple(registry.kinds.values()))
        with store.session() as session:
            found = {kind: session.find(tenant, kind, Query()) for kind in registry.kinds.values()}
            answers = session.find(tenant, Answer, Query())
            return cls(
                tenant,
                session.journal(tenant, JournalQuery()),
                session.deliveries(tenant, DeliveryQuery()),
                {each.entity.id: each.entity for each in answers},
                found,
            )

    def wrongs(self) -> Iterator[str]:
        """Everything that contradicts itself."""
        for entry in self.entries:
            if row_hash(self.tenant, entry) != entry.hash:
                yield f"entry {entry.id}: its hash does not fit"
        yield from self._counters()
        told = Replay().take(self.entries)
        for misfit in told.misfits:
            yield f"{misfit.key[0]} {misfit.key[1]}: {misfit.what}"
        held, versions = stored(self.found)
        for key in sorted(told.state.keys() | held.keys()):
            if told.state.get(key) != held.get(key) or told.versions.get(key) != versions.get(key):
                yield f"{key[0]} {key[1]}: the tables differ from the journal"

    def _counters(self) -> Iterator[str]:
        """Counters that are not the sums of their additions."""
        sums: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
        for entry in self.entries:
            if entry.verb is Verb.ADDED:
                moved = {n: v["add"] for n, v in entry.changed().items() if isinstance(v, dict)}
                sums[entry.kind, entry.subject].update(moved)
        for kind, found in self.found.items():
            for each in found:
                booked = sums[kind_name(kind), each.entity.id]
                for name in schema_of(kind).counters:
                    if getattr(each.entity, name).minor != booked[name]:
                        yield f"{kind_name(kind)} {each.entity.id}: {name} is not the sum of its additions"


def stored(
    found: Mapping[type[Entity], Iterable[Found[Entity]]],
) -> tuple[dict[Key, Fields], dict[Key, int]]:
    """What the tables hold, as a replay tells it: the fields and the versions by kind and id."""
    state: dict[Key, Fields] = {}
    versions: dict[Key, int] = {}
    for kind, rows in found.items():
        for each in rows:
            key = (kind_name(kind), each.entity.id)
            state[key] = plain_fields(each.entity)
            if isinstance(each.entity, Record):
                versions[key] = each.entity.version
    return state, versions
