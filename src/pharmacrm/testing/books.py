"""The books of a tenant as the database holds them, and what can be wrong with them after a fault.

Whatever happened, these must hold: every row of the journal carries its hash, the counters are the sums of
their additions, and the journal, replayed from its first entry, gives the tables.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from attrs import frozen
from sqlalchemy import select

from pharmacrm.core.kernel.journal import Entry, JournalQuery, Verb, row_hash
from pharmacrm.core.kernel.query import Query
from pharmacrm.core.kernel.record import Entity, kind_name
from pharmacrm.core.kernel.schema import schema_of
from pharmacrm.core.kernel.store import Answer, Delivery
from pharmacrm.crm.registry import Registry
from pharmacrm.plugins.storage.sql.log import DELIVERY
from pharmacrm.plugins.storage.sql.store import SqlStore
from pharmacrm.testing.replay import Mismatch, replayed, stored


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
                list(_deliveries(store, tenant)),
                {each.entity.id: each.entity for each in answers},
                found,
            )

    def wrongs(self) -> Iterator[str]:
        """Everything that contradicts itself."""
        for entry in self.entries:
            if row_hash(self.tenant, entry) != entry.hash:
                yield f"entry {entry.id}: its hash does not fit"
        yield from self._counters()
        try:
            state, versions = replayed(self.entries)
        except Mismatch as wrong:
            yield f"the journal does not fit itself: {wrong}"
            return
        held, kept = stored(self.found)
        for key in sorted(state.keys() | held.keys()):
            if state.get(key) != held.get(key) or versions.get(key) != kept.get(key):
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


def _deliveries(store: SqlStore, tenant: str) -> Iterator[Delivery]:
    table = store.tables.delivery
    columns = [table.c[name] for name in DELIVERY[1][1:]]
    statement = store.statements.compiled(select(*columns).where(table.c.tenant == tenant))
    with store.session() as session:
        for row in session.driver.rows(statement.text, statement.bind({})):
            yield store.log.delivery_from(row)
