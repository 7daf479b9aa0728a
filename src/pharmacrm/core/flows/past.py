"""The past as it can be read: the records of some entries of the journal, as they stood at a moment."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import TypeVar

from pharmacrm.core.kernel.codec import from_plain
from pharmacrm.core.kernel.journal import Entry, JournalQuery
from pharmacrm.core.kernel.lookup import Lookup
from pharmacrm.core.kernel.message import Reads
from pharmacrm.core.kernel.query import Condition, Query, Within, checked, matches, page
from pharmacrm.core.kernel.record import Entity, Record, kind_name
from pharmacrm.core.kernel.replay import Replay
from pharmacrm.core.kernel.tenant import Tenant

E = TypeVar("E", bound=Entity)


class Past(Lookup):
    """What entries of the journal tell, read as the present is read; the tenant's settings are today's."""

    def __init__(self, at: datetime, tenant: Tenant) -> None:
        self.at = at
        self.tenant = tenant
        self.told = Replay()

    def take(self, entries: Iterable[Entry]) -> None:
        """Go on with what was recorded before the moment."""
        self.told.take(entry for entry in entries if entry.recorded_at < self.at)

    def seek(self, kind: type[E], id: str) -> E | None:
        """One entity as it stood, or None if it was not there, or none of its entries were taken."""
        key = (kind_name(kind), id)
        fields = self.told.state.get(key)
        if fields is None:
            return None
        own = {"id": id} | ({"version": self.told.versions[key]} if issubclass(kind, Record) else {})
        return from_plain(kind, fields | own)

    def find(
        self,
        kind: type[E],
        *where: Condition,
        order: Sequence[str] = (),
        limit: int | None = None,
        after: E | None = None,
    ) -> list[E]:
        """The entities that stood and satisfy every condition."""
        query = checked(kind, Query(where, tuple(order), limit, after))
        return page((each for each in self._all(kind) if matches(each, where, _nothing)), query)

    def _all(self, kind: type[E]) -> Iterator[E]:
        for name, id in list(self.told.state):
            if name == kind_name(kind) and (found := self.seek(kind, id)) is not None:
                yield found


def _nothing(_: Within) -> frozenset[object]:
    """No search of the past looks into another kind."""
    return frozenset()


def story(read: Reads, kind: type[Record], *subjects: str) -> list[Entry]:
    """Every entry of these records, or of all of a kind, oldest first."""
    return read.journal(JournalQuery(kind=kind_name(kind), subjects=subjects or None))
