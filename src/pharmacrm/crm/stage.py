"""From decisions to a batch: versions raised, journal rows written, notices queued, all in memory."""

import secrets
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from attrs import define, evolve, field, frozen

from pharmacrm.core.kernel.change import Add, Change, Event, Remove, Resolve, Save, Touch
from pharmacrm.core.kernel.codec import canonical, to_plain
from pharmacrm.core.kernel.errors import Conflict
from pharmacrm.core.kernel.journal import Difference, Entry, Pair, Verb, difference, hashed
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.record import Entity, Part, Record, kind_name
from pharmacrm.core.kernel.schema import at_version, schema_of
from pharmacrm.core.kernel.store import (
    Addition,
    Answer,
    Batch,
    Delivery,
    DeliveryState,
    Expect,
    Resolution,
    Update,
)
from pharmacrm.crm.ids import Ids
from pharmacrm.crm.reading import Key, Seen, guard_of

TICK = timedelta(microseconds=1)


@frozen(kw_only=True)
class Act:
    """Who does what, when: what every journal row of one command has in common."""

    tenant: str
    actor: str
    roles: str
    command: str
    key: str
    on: date
    at: datetime
    note: str = ""


@define
class Stage:
    """Everything a unit of work will store, as it will stand; `seen` is what it relies on."""

    seen: Seen = field(factory=Seen)
    staged: dict[Key, Entity | None] = field(factory=dict)
    additions: list[Addition] = field(factory=list)
    exact: set[Key] = field(factory=set)
    originals: dict[Key, Entity] = field(factory=dict)
    entries: list[Entry] = field(factory=list)
    deliveries: list[Delivery] = field(factory=list)
    keys: list[Answer] = field(factory=list)
    resolutions: list[Resolution] = field(factory=list)
    secret: bytes = field(factory=lambda: secrets.token_bytes(32))

    @property
    def empty(self) -> bool:
        """Whether there is nothing to store."""
        return not (self.staged or self.additions or self.entries or self.keys)

    def moment(self, now: datetime) -> datetime:
        """The recorded time: now, but later than everything that was read."""
        newest = self.seen.newest
        return now if newest is None or now > newest else newest + TICK

    def apply(self, changes: Iterable[Change], act: Act, ids: Ids) -> None:
        """Stage the changes of one decision."""
        changes = tuple(changes)
        pairs: dict[tuple[type[Record], str], list[Pair]] = {}
        for entity in _last_saves(changes):
            pair = self._save(entity)
            if pair[0] is not pair[1]:
                pairs.setdefault(guard_of(entity), []).append(pair)
        self.exact |= {
            (type(change.record), change.record.id)
            for change in changes
            if isinstance(change, Touch) and change.exact
        }
        for change in changes:
            match change:
                case Touch(record):
                    pairs.setdefault((type(record), record.id), [])
                case Remove(part):
                    self.staged[type(part), part.id] = None
                    pairs.setdefault(guard_of(part), []).append((part, None))
                case Resolve(delivery, replay):
                    state = DeliveryState.WAITING if replay else DeliveryState.DROPPED
                    self.resolutions.append(Resolution(id=delivery, state=state, due_at=act.at))
                case _:
                    continue
        for guard, found in pairs.items():
            self._close(guard, found, act, ids)
        for change in changes:
            if isinstance(change, Add):
                self._add(change, act, ids)

    def now(self, key: Key) -> Entity | None:
        """An entity as it stands with everything staged so far; None where it is absent or was not read."""
        return self.staged[key] if key in self.staged else self.seen.entities.get(key)

    def _save(self, entity: Entity) -> tuple[Entity | None, Entity]:
        key = (type(entity), entity.id)
        before = self.now(key)
        after = entity
        if isinstance(entity, Record):
            if before is None:
                after = at_version(entity, 1)
            elif isinstance(before, Record):
                if entity.version not in {before.version, 0}:
                    raise Conflict(f"{kind_name(type(entity))} {entity.id} was changed meanwhile")
                after = entity if entity.version == before.version else at_version(entity, before.version)
                if counters := schema_of(type(entity)).counters:
                    after = evolve(after, **{name: getattr(before, name) for name in counters})
        if before == after and before is not None:
            return before, before
        if isinstance(after, Record) and before is not None:
            after = at_version(after, after.version + 1)
        self.staged[key] = after
        return before, after

    def _close(self, guard: tuple[type[Record], str], pairs: list[Pair], act: Act, ids: Ids) -> None:
        """Raise the guard's version if only parts changed, and write the row of the aggregate."""
        own: Pair | None = next((pair for pair in pairs if isinstance(pair[1], Record)), None)
        if own is None:
            before = self.now(guard)
            if not isinstance(before, Record):
                raise TypeError(f"{kind_name(guard[0])} {guard[1]} must be read before its parts are changed")
            after = at_version(before, before.version + 1)
            self.staged[guard] = after
            own = (before, after)
        if not guard[0].journalled:
            return
        after_record = own[1]
        assert isinstance(after_record, Record)  # noqa: S101
        parts = [pair for pair in pairs if pair is not own]
        verb = Verb.CREATED if own[0] is None else Verb.CHANGED
        entry_id = ids.next()
        found = difference(own, parts, self.secret + entry_id.encode())
        self._write(act, entry_id, verb, guard, after_record.version, found)

    def _write(
        self,
        act: Act,
        entry_id: str,
        verb: Verb,
        guard: tuple[type[Record], str],
        version: int,
        found: Difference,
    ) -> None:
        entry = Entry(
            id=entry_id,
            recorded_at=act.at,
            effective_on=act.on,
            actor=act.actor,
            roles=act.roles,
            command=act.command,
            key=act.key,
            verb=verb,
            kind=kind_name(guard[0]),
            subject=guard[1],
            version=version,
            changes=found.changes,
            note=act.note,
            personal=found.personal,
        )
        self.entries.append(hashed(act.tenant, entry))

    def _add(self, change: Add, act: Act, ids: Ids) -> None:
        amounts = {name: amount.minor for name, amount in change.amounts.items() if amount.minor}
        if not amounts:
            return
        version = self.seen.versions.get((change.kind, change.id))
        created = (change.kind, change.id) in self.staged
        self.additions.append(
            Addition(
                kind=change.kind,
                id=change.id,
                amounts=amounts,
                bounded=not change.unbounded,
                version=None if created else version,
            )
        )
        said: dict[str, Any] = {name: {"add": minor} for name, minor in sorted(amounts.items())}
        said["cause"] = change.cause
        if change.unbounded:
            said["unbounded"] = change.unbounded
        self._write(
            act,
            ids.next(),
            Verb.ADDED,
            (change.kind, change.id),
            version or 0,
            Difference(canonical(said), ()),
        )
        self._see_added(change)

    def _see_added(self, change: Add) -> None:
        """Let later commands of the same unit see the moved counters."""
        key = (change.kind, change.id)
        before = self.now(key)
        if before is None:
            return
        moved = {name: getattr(before, name) + amount for name, amount in change.amounts.items()}
        after = evolve(before, **moved)
        if key in self.staged:
            self.staged[key] = after
        else:
            self.originals.setdefault(key, before)
            self.seen.entities[key] = after

    def _updated(self, key: Key, before: Entity, after: Entity) -> Update:
        if key not in self.exact:
            return Update(before, after)
        return Update(self.originals.get(key, before), after, exact=True)

    def _as_made(self, entity: Entity) -> Entity:
        """A new record without what was added to it since: the store carries out the additions itself."""
        for addition in self.additions:
            if (addition.kind, addition.id) == (type(entity), entity.id):
                moved = {
                    name: Money.of_minor(minor, getattr(entity, name).currency)
                    for name, minor in addition.amounts.items()
                }
                entity = evolve(
                    entity, **{name: getattr(entity, name) - amount for name, amount in moved.items()}
                )
        return entity

    def tell(
        self, events: Iterable[Event], destinations: dict[str, tuple[str, ...]], act: Act, ids: Ids
    ) -> None:
        """Queue a notice of each event for each destination that listens to its topic."""
        entry = self.entries[-1].id if self.entries else ""
        for event in events:
            topic = event.topic()
            payload = canonical(
                {"topic": topic, "on": act.on.isoformat(), "actor": act.actor, **to_plain(event)}
            )
            for destination in destinations.get(topic, ()):
                self.deliveries.append(
                    Delivery(
                        id=ids.next(),
                        destination=destination,
                        topic=topic,
                        subject=event.subject,
                        entry=entry,
                        payload=payload,
                        due_at=act.at,
                    )
                )

    def batch(self, at: datetime) -> Batch:
        """The batch that stores all of it."""
        inserts: list[Entity] = []
        updates: list[Update] = []
        removals: list[Part] = []
        for key, after in self.staged.items():
            before = self.seen.entities.get(key)
            if after is None:
                if isinstance(before, Part):
                    removals.append(before)
            elif before is None:
                inserts.append(self._as_made(after))
            else:
                updates.append(self._updated(key, before, after))
        written = {(type(update.after), update.after.id) for update in updates}
        written |= {(type(entity), entity.id) for entity in inserts}
        written |= {(addition.kind, addition.id) for addition in self.additions}
        updated = {(type(update.after), update.after.id) for update in updates}
        additions = [
            evolve(each, version=None) if (each.kind, each.id) in updated else each for each in self.additions
        ]
        expects: list[Expect] = [each for each in self.seen.expects() if (each.kind, each.id) not in written]
        return Batch(
            at=at,
            keys=tuple(self.keys),
            expects=tuple(expects),
            inserts=tuple(inserts),
            updates=tuple(updates),
            removals=tuple(removals),
            additions=tuple(additions),
            entries=tuple(self.entries),
            deliveries=tuple(self.deliveries),
            resolutions=tuple(self.resolutions),
        )


def _last_saves(changes: Iterable[Change]) -> list[Entity]:
    """What one decision saves; of an entity that is saved several times, the last state counts."""
    saved: dict[Key, Entity] = {}
    for change in changes:
        if isinstance(change, Save):
            saved[type(change.entity), change.entity.id] = change.entity
    return list(saved.values())
