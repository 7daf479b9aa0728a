"""A small `Reads` over a list of entities, for tests of handlers and flows without a store."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any, TypeVar

from attrs import evolve

from pharmacrm.core.kernel.appointing import Appointed, Appointment, NotAppointed
from pharmacrm.core.kernel.calendar import WEEKENDS, WorkCalendar
from pharmacrm.core.kernel.change import Add, Remove, Save, Touch
from pharmacrm.core.kernel.decision import Decision
from pharmacrm.core.kernel.journal import Entry, JournalQuery
from pharmacrm.core.kernel.lookup import Lookup
from pharmacrm.core.kernel.query import Condition, Query, Within, checked, matches, page
from pharmacrm.core.kernel.query import plain as plain_value
from pharmacrm.core.kernel.record import Entity, Record
from pharmacrm.core.kernel.signing import NotConfirmed, Signature, ToSign
from pharmacrm.core.kernel.store import Delivery, DeliveryQuery, Queue
from pharmacrm.core.kernel.summary import Summary, Summed
from pharmacrm.core.kernel.tenant import Tenant
from pharmacrm.core.plan import checked_summary, summarise

E = TypeVar("E", bound=Entity)

TENANT = Tenant(id="main", version=1, zone="Asia/Shanghai", currency="CNY")


class FakeReads(Lookup):
    """Entities in memory, read as a handler reads them; `apply` carries out what a decision wants stored."""

    def __init__(
        self,
        records: Iterable[Entity] = (),
        *,
        actor: str = "tester",
        roles: Iterable[str] = (),
        rights: Iterable[str] = (),
        on: date = date(2026, 11, 21),
        at: datetime = datetime(2026, 11, 21, 2, tzinfo=UTC),
        tenant: Tenant = TENANT,
        calendar: WorkCalendar = WEEKENDS,
        entries: Iterable[Entry] = (),
        deliveries: Iterable[Delivery] = (),
        destinations: tuple[str, ...] = (),
    ) -> None:
        self.actor = actor
        self.roles = frozenset(roles)
        self.rights = frozenset(rights)
        self.on = on
        self.at = at
        self.entities: dict[tuple[type[Entity], str], Entity] = {}
        self._tenant = tenant
        self._calendar = calendar
        self._entries = list(entries)
        self._deliveries = list(deliveries)
        self.destinations = destinations
        self._ids = 0
        self.named: dict[str, Appointed | NotAppointed] = {}
        self.put(*records)

    @property
    def tenant(self) -> Tenant:
        """The tenant given, or the one among the records once a decision has stored it."""
        return self.seek(Tenant, self._tenant.id) or self._tenant

    @tenant.setter
    def tenant(self, tenant: Tenant) -> None:
        self._tenant = tenant

    def put(self, *records: Entity) -> None:
        """Hold these entities as they are."""
        self.entities.update({(type(record), record.id): record for record in records})

    def seek(self, kind: type[E], id: str) -> E | None:
        found = self.entities.get((kind, id))
        assert found is None or isinstance(found, kind)
        return found

    def find(
        self,
        kind: type[E],
        *where: Condition,
        order: Sequence[str] = (),
        limit: int | None = None,
        after: E | None = None,
    ) -> list[E]:
        query = checked(kind, Query(where, tuple(order), limit, after))
        rows = [entity for entity in self._of(kind) if matches(entity, where, self._values)]
        return [row for row in page(rows, query) if isinstance(row, kind)]

    def count(self, kind: type[Entity], *where: Condition) -> int:
        return len(self.find(kind, *where))

    def summed(self, summary: Summary) -> list[Summed]:
        def found(kind: type[Entity], where: tuple[Condition, ...]) -> list[Entity]:
            return self.find(kind, *where)

        return summarise(found(summary.kind, summary.where), checked_summary(summary), found)

    def journal(self, query: JournalQuery) -> list[Entry]:
        return [
            entry
            for entry in self._entries
            if all(
                wanted is None or getattr(entry, name) == wanted
                for name, wanted in (
                    ("id", query.id),
                    ("subject", query.subject),
                    ("kind", query.kind),
                    ("actor", query.actor),
                    ("command", query.command),
                    ("key", query.key),
                )
            )
        ]

    def deliveries(self, query: DeliveryQuery) -> list[Delivery]:
        return [
            each
            for each in self._deliveries
            if query.state in {None, each.state}
            and query.destination in {None, each.destination}
            and (query.ids is None or each.id in query.ids)
        ][: query.limit]

    def queues(self) -> list[Queue]:
        return [
            Queue(
                destination=name,
                dead=sum(each.destination == name for each in self.deliveries(DeliveryQuery())),
            )
            for name in self.destinations
        ]

    def approvers(self, wanted: Appointment) -> Appointed | NotAppointed | None:
        return self.named.get(wanted.word)

    def signature(self, wanted: ToSign) -> Signature | NotConfirmed:
        return NotConfirmed("")

    def calendar(self) -> WorkCalendar:
        return self._calendar

    def new_id(self) -> str:
        self._ids += 1
        return f"new-{self._ids:04d}"

    def apply(self, decision: Decision[Any]) -> None:
        """Store the changes of a decision, with versions raised; bounds are not tested."""
        for change in decision.changes:
            match change:
                case Save(entity=Record() as record):
                    if record != self.seek(type(record), record.id):
                        self._store(record)
                case Save(entity=part):
                    self.put(part)
                case Touch(record=record):
                    self._store(self.get(type(record), record.id))
                case Remove(part=part):
                    del self.entities[type(part), part.id]
                case Add() as addition:
                    self._add(addition)

    def _store(self, record: Record) -> None:
        held = self.seek(type(record), record.id)
        self.put(evolve(record, version=(held.version if held else 0) + 1))

    def _add(self, addition: Add) -> None:
        record = self.get(addition.kind, addition.id)
        moved = {name: getattr(record, name) + amount for name, amount in addition.amounts.items()}
        self.put(evolve(record, **moved))

    def _of(self, kind: type[Entity]) -> list[Entity]:
        return [entity for (held, _), entity in self.entities.items() if held is kind]

    def _values(self, inner: Within) -> frozenset[Any]:
        rows = (entity for entity in self._of(inner.kind) if matches(entity, inner.where, self._values))
        return frozenset(plain_value(getattr(entity, inner.field)) for entity in rows)
