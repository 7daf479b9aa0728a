"""A batch worked out on a copy of the rows it touches, so that a refusal leaves nothing behind."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from attrs import evolve, frozen

from pharmacrm.core.kernel.errors import Conflict, shown
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.record import Bound, Entity, Record, kind_name
from pharmacrm.core.kernel.schema import schema_of
from pharmacrm.core.kernel.store import Addition, Batch, Expect, Update


@frozen
class Row:
    """An entity as stored, and the recorded time of the batch that stored it."""

    entity: Entity
    recorded_at: datetime


Table = dict[str, Row]


class Staged:
    """The rows that a batch would leave: what it touched lies over what is stored."""

    def __init__(self, table: Callable[[type[Entity]], Table], at: datetime) -> None:
        self._table = table
        self._at = at
        self.rows: dict[tuple[type[Entity], str], Row | None] = {}

    def take(self, batch: Batch) -> None:
        """Carry out the batch in its order, or raise `Conflict`."""
        for answer in batch.keys:
            self._insert(answer)
        for expect in batch.expects:
            self._expect(expect)
        for entity in batch.inserts:
            self._insert(entity)
        for update in batch.updates:
            self._update(update)
        for part in batch.removals:
            self._present(type(part), part.id)
            self.rows[type(part), part.id] = None
        for addition in batch.additions:
            self._add(addition)

    def _row(self, kind: type[Entity], id: str) -> Row | None:
        stored = self._table(kind).get(id)
        return self.rows.get((kind, id), stored)

    def _present(self, kind: type[Entity], id: str) -> Row:
        row = self._row(kind, id)
        if row is None:
            raise Conflict(f"{kind_name(kind)} {shown(id)} is not there")
        return row

    def _put(self, entity: Entity, at: datetime) -> None:
        self.rows[type(entity), entity.id] = Row(entity, at)

    def _insert(self, entity: Entity) -> None:
        if self._row(type(entity), entity.id) is not None:
            raise Conflict(f"{kind_name(type(entity))} {shown(entity.id)} exists already")
        self._put(entity, self._at)

    def _expect(self, expect: Expect) -> None:
        row = self._row(expect.kind, expect.id)
        have = getattr(row.entity, "version", None) if row else None
        if have != (expect.version or None):
            raise _changed(expect.kind, expect.id, expect.version)

    def _update(self, update: Update) -> None:
        stored = self._present(type(update.after), update.after.id).entity
        if isinstance(update.before, Record):
            _same_version(stored, update.before.version)
        if update.exact:
            _same_counters(stored, update.before)
        self._put(evolve(stored, **_changes(update)), self._at)

    def _add(self, addition: Addition) -> None:
        row = self._present(addition.kind, addition.id)
        if addition.version is not None:
            _same_version(row.entity, addition.version)
        amounts: dict[str, Any] = {
            name: _moved(row.entity, name, by) for name, by in addition.amounts.items()
        }
        moved = evolve(row.entity, **amounts)
        if addition.bounded and addition.kind.bound and _rise(addition.kind.bound, addition.amounts) > 0:
            _refuse_beyond(addition.kind.bound, moved)
        self._put(moved, row.recorded_at)


def _changes(update: Update) -> dict[str, Any]:
    """The fields that an update writes: those that differ, never a counter."""
    names = [field.name for field in schema_of(type(update.after)).fields if not field.counter]
    if isinstance(update.after, Record):
        names.append("version")
    return {name: getattr(update.after, name) for name in names if _differs(update, name)}


def _differs(update: Update, name: str) -> bool:
    return bool(getattr(update.after, name) != getattr(update.before, name))


def _same_version(stored: Entity, version: int) -> None:
    if getattr(stored, "version", None) != version:
        raise _changed(type(stored), stored.id, version)


def _same_counters(stored: Entity, before: Entity) -> None:
    for name in schema_of(type(before)).counters:
        if getattr(stored, name) != getattr(before, name):
            raise Conflict(f"{name} of {kind_name(type(stored))} {shown(stored.id)} has moved")


def _changed(kind: type[Entity], id: str, version: int) -> Conflict:
    return Conflict(f"{kind_name(kind)} {shown(id)} is no longer at version {version}")


def _moved(entity: Entity, name: str, by: int) -> Money:
    counter: Money = getattr(entity, name)
    if counter.minor + by < 0:
        raise Conflict(f"{name} of {kind_name(type(entity))} {shown(entity.id)} would be negative")
    return Money.of_minor(counter.minor + by, counter.currency)


def _rise(bound: Bound, amounts: Mapping[str, int]) -> int:
    plus, minus = (sum(amounts.get(name, 0) for name in names) for names in (bound.plus, bound.minus))
    return plus - minus


def _refuse_beyond(bound: Bound, entity: Entity) -> None:
    amounts = {name: getattr(entity, name).minor for name in (*bound.plus, *bound.minus)}
    if _rise(bound, amounts) > getattr(entity, bound.limit).minor:
        raise Conflict(f"{kind_name(type(entity))} {shown(entity.id)} would be over its {bound.limit}")
