"""What a handler reads: every entity remembered with its version, so that the flush can verify it."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any, TypeVar

from attrs import define, evolve, field

from pharmacrm.core.kernel.appointing import Appointed, Appointment, NotAppointed
from pharmacrm.core.kernel.calendar import WorkCalendar
from pharmacrm.core.kernel.errors import Conflict, UnsavedChanges
from pharmacrm.core.kernel.journal import Entry, JournalQuery
from pharmacrm.core.kernel.lookup import Lookup
from pharmacrm.core.kernel.query import Condition, Operator, Query, matches, page
from pharmacrm.core.kernel.record import Entity, Record, kind_name
from pharmacrm.core.kernel.schema import schema_of
from pharmacrm.core.kernel.signing import NotConfirmed, Signature, ToSign
from pharmacrm.core.kernel.store import Delivery, DeliveryQuery, Expect, Found, Queue, Session
from pharmacrm.core.kernel.summary import Summary, Summed
from pharmacrm.core.kernel.tenant import Tenant
from pharmacrm.core.plan import checked_summary, summarise, summed
from pharmacrm.crm.ids import Ids

E = TypeVar("E", bound=Entity)
Key = tuple[type[Entity], str]
"""A kind and an id: what is kept under it is an entity of that kind, or None where there is none."""


@define
class Seen:
    """Everything one unit of work has read: entities, their guards' versions, the newest recorded time.

    `torn` are records of which two versions were seen: a part was read before somebody else's commit, and its
    parent after it. What is kept then agrees with neither, so nothing may be stored that rests on it.
    """

    entities: dict[Key, Any] = field(factory=dict)
    versions: dict[tuple[type[Record], str], int] = field(factory=dict)
    newest: datetime | None = None
    torn: set[tuple[type[Record], str]] = field(factory=set)

    def note(self, kind: type[E], found: Found[E]) -> E:
        """Remember one entity as it was first read."""
        entity = found.entity
        if self.newest is None or found.recorded_at > self.newest:
            self.newest = found.recorded_at
        guard = guard_of(entity)
        if self.versions.setdefault(guard, found.version) != found.version:
            self.torn.add(guard)
        kept = self.entities.setdefault((kind, entity.id), entity)
        return entity if kept is None else kept

    def note_absent(self, kind: type[Entity], id: str) -> None:
        """Remember that there was no such record."""
        self.entities.setdefault((kind, id), None)
        if issubclass(kind, Record):
            self.versions.setdefault((kind, id), 0)

    def expects(self) -> list[Expect]:
        """What the flush has to find unchanged; a `Conflict` where it changed while it was read.

        An update is verified by the version that it was made from. That of a parent read late would hide that
        its parts were read early.
        """
        for kind, id in self.torn:
            raise Conflict(f"{kind_name(kind)} {id} was changed while it was read")
        return [Expect(kind, id, version) for (kind, id), version in self.versions.items()]


def guard_of(entity: Entity) -> tuple[type[Record], str]:
    """The record whose version guards an entity: itself, or a part's parent."""
    if isinstance(entity, Record):
        return type(entity), entity.id
    parent = schema_of(type(entity)).parent
    assert parent is not None  # noqa: S101 - schema_of refuses a part without one
    assert parent.parent is not None  # noqa: S101
    return parent.parent, str(getattr(entity, parent.name))


@define
class Reading(Lookup):
    """The `Reads` of one command or question, over the store and over what is staged but not yet stored."""

    session: Session
    name: str
    seen: Seen
    staged: dict[Key, Any]
    ids: Ids
    actor: str
    on: date
    at: datetime
    calendar_of: Callable[[Tenant], WorkCalendar]
    approvers_of: Callable[[Appointment, "Reading"], Appointed | NotAppointed | None]
    signature_of: Callable[[ToSign, "Reading"], Signature | NotConfirmed]
    rights: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
    known: Tenant | None = None
    destinations: tuple[str, ...] = ()
    asked: dict[object, Any] = field(factory=dict)

    @property
    def tenant(self) -> Tenant:
        """The tenant's settings."""
        if self.known is None:
            self.known = self.get(Tenant, self.name)
        return self.known

    def seek(self, kind: type[E], id: str) -> E | None:
        """One entity by id, or None."""
        key = (kind, id)
        for known in (self.staged, self.seen.entities):
            if key in known:
                kept: E | None = known[key]
                return kept
        found = self.session.get(self.name, kind, id)
        if found is None:
            self.seen.note_absent(kind, id)
            return None
        return self.seen.note(kind, found)

    def find(
        self,
        kind: type[E],
        *where: Condition,
        order: Sequence[str] = (),
        limit: int | None = None,
        after: E | None = None,
    ) -> list[E]:
        """The entities that satisfy every condition, in order (ties by id)."""
        query = Query(where, tuple(order), limit, after)
        mine = {key: entity for key, entity in self.staged.items() if key[0] is kind}
        self._refuse_hidden(where)
        wide = evolve(query, limit=limit + len(mine)) if mine and limit is not None else query
        found = self.session.find(self.name, kind, wide)
        read = [self.seen.note(kind, each) for each in found if (kind, each.entity.id) not in mine]
        if not mine:
            return read
        new = [
            entity for entity in mine.values() if entity is not None and matches(entity, where, self._values)
        ]
        return page([*read, *new], query)

    def count(self, kind: type[Entity], *where: Condition) -> int:
        """How many entities satisfy every condition."""
        if any(key[0] is kind for key in self.staged):
            return len(self.find(kind, *where))
        self._refuse_hidden(where)
        return self.session.count(self.name, kind, where)

    def summed(self, summary: Summary) -> list[Summed]:
        """The groups of a summary, in order: by the store, or by the plain rule where it cannot."""
        checked_summary(summary)
        if summary.kinds & {key[0] for key in self.staged}:
            return summarise(self._found(summary.kind, summary.where), summary, self._found)
        for where in (summary.where, *(total.where for total in summary.totals)):
            self._refuse_hidden(where)
        return summed(self.session, self.name, summary)

    def _found(self, kind: type[Entity], where: tuple[Condition, ...]) -> list[Entity]:
        return self.find(kind, *where)

    def journal(self, query: JournalQuery) -> list[Entry]:
        """Entries of the journal, oldest first."""
        if self.staged:
            raise UnsavedChanges("the journal cannot be asked while changes are staged")
        return self.session.journal(self.name, query)

    def deliveries(self, query: DeliveryQuery) -> list[Delivery]:
        """Notices of the outbox, oldest first."""
        self._refuse_outbox()
        return self.session.deliveries(self.name, query)

    def queues(self) -> list[Queue]:
        """How each destination of the outbox stands, also one that is loaded and has nothing to deliver."""
        self._refuse_outbox()
        known = {queue.destination: queue for queue in self.session.queues(self.name, self.at)}
        idle = {name: Queue(destination=name) for name in self.destinations if name not in known}
        return [queue for _, queue in sorted((known | idle).items())]

    def _refuse_outbox(self) -> None:
        if self.staged:
            raise UnsavedChanges("the outbox cannot be asked while changes are staged")

    def calendar(self) -> WorkCalendar:
        """The tenant's work calendar."""
        return self.calendar_of(self.tenant)

    def approvers(self, wanted: Appointment) -> Appointed | NotAppointed | None:
        """Whom a plugin names for a word of an approval route."""
        return self.approvers_of(wanted, self)

    def signature(self, wanted: ToSign) -> Signature | NotConfirmed:
        """What a plugin confirms of a signature; asked once, however often the command is decided again."""
        if wanted not in self.asked:
            self.asked[wanted] = self.signature_of(wanted, self)
        found: Signature | NotConfirmed = self.asked[wanted]
        return found

    def new_id(self) -> str:
        """A new id, time-ordered."""
        return self.ids.next()

    def _refuse_hidden(self, where: Sequence[Condition]) -> None:
        staged = {key[0] for key in self.staged}
        for condition in where:
            if condition.operator is Operator.WITHIN and condition.value.kind in staged:
                name = kind_name(condition.value.kind)
                raise UnsavedChanges(f"a search within {name} cannot see the changes staged for it")

    def _values(self, _: object) -> frozenset[object]:
        raise UnsavedChanges("a search within another kind cannot be answered for staged changes")
