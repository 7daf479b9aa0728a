"""The plainest model of a store, dictionaries and loops: what the laws compare a store with."""

from collections.abc import Iterable
from functools import cmp_to_key
from typing import Any

from attrs import evolve

from pharmacrm.core.kernel.query import Condition, Operator, Query, Within
from pharmacrm.core.kernel.record import Entity, Record
from pharmacrm.core.kernel.store import Addition, Batch, Expect, Update
from pharmacrm.testing.storage.kinds import KitAccount, KitLine

Rows = dict[tuple[type[Entity], str], Entity]


class Clash(Exception):
    """What the model says instead of `Conflict`."""


def cell(entity: Entity, field: str) -> Any:
    """A value as something that compares like its stored form; None if absent."""
    return stored(getattr(entity, field))


def stored(value: Any) -> Any:
    """Text as UTF-8, numbers of every sort as whole numbers, the rest as it is."""
    for name in ("minor", "micros", "units", "value"):
        value = getattr(value, name, value)
    return value.encode() if isinstance(value, str) else value


def search(rows: Rows, kind: type[Entity], query: Query) -> list[Entity]:
    """What a search has to find."""

    def compare(one: Entity, two: Entity) -> int:
        return _compare(one, two, query)

    found = sorted(_matching(rows, kind, query.where), key=cmp_to_key(compare))
    after = query.after
    if after is not None:
        found = [each for each in found if _compare(each, after, query) > 0]
    return found if query.limit is None else found[: query.limit]


def _matching(rows: Rows, kind: type[Entity], where: Iterable[Condition]) -> list[Entity]:
    found = [entity for (its, _), entity in rows.items() if its is kind]
    for condition in where:
        found = [entity for entity in found if _holds(rows, entity, condition)]
    return found


def _holds(rows: Rows, entity: Entity, condition: Condition) -> bool:
    have, wanted = cell(entity, condition.field), condition.value
    if condition.operator is Operator.NULL or have is None:
        return condition.operator is Operator.NULL and have is None
    if isinstance(wanted, Within):
        return any(cell(other, wanted.field) == have for other in _matching(rows, wanted.kind, wanted.where))
    if condition.operator is Operator.IN:
        return any(stored(each) == have for each in wanted)
    value = stored(wanted)
    if condition.operator is Operator.PREFIX:
        return bool(have[: len(value)] == value)
    answers = {"eq": have == value, "lt": have < value, "le": have <= value, "gt": have > value}
    return bool(answers.get(condition.operator.value, have >= value))


def _compare(one: Entity, two: Entity, query: Query) -> int:
    for name in (*query.order, "id"):
        here, there = cell(one, name.lstrip("-")), cell(two, name.lstrip("-"))
        if here != there:
            return (1 if here > there else -1) * (-1 if name.startswith("-") else 1)
    return 0


def guard(rows: Rows, entity: Entity) -> int:
    """The version that guards an entity."""
    if isinstance(entity, KitLine):
        (entity,) = [
            other for (_, id_), other in rows.items() if id_ == entity.order and isinstance(other, Record)
        ]
    return int(getattr(entity, "version", 0))


def after(rows: Rows, batch: Batch) -> Rows:
    """The rows that a batch leaves, or `Clash`."""
    rows = dict(rows)
    for expect in batch.expects:
        _expect(rows, expect)
    for entity in batch.inserts:
        _must(((type(entity), entity.id)) not in rows)
        rows[type(entity), entity.id] = entity
    for update in batch.updates:
        _update(rows, update)
    for part in batch.removals:
        _must((type(part), part.id) in rows)
        del rows[type(part), part.id]
    for addition in batch.additions:
        _add(rows, addition)
    return rows


def _must(truth: object) -> None:
    if not truth:
        raise Clash


def _expect(rows: Rows, expect: Expect) -> None:
    have = rows.get((expect.kind, expect.id))
    _must((guard(rows, have) if have else 0) == expect.version)


def _update(rows: Rows, update: Update) -> None:
    key = (type(update.after), update.after.id)
    _must(key in rows)
    have = rows[key]
    if isinstance(have, Record):
        _must(have.version == getattr(update.before, "version", 0))
    kept = {
        name: getattr(have, name) for name in ("reserved", "posted", "paid") if isinstance(have, KitAccount)
    }
    rows[key] = evolve(update.after, **kept)


def _add(rows: Rows, addition: Addition) -> None:
    have = rows.get((addition.kind, addition.id))
    _must(isinstance(have, KitAccount))
    assert isinstance(have, KitAccount)
    _must(addition.version in {None, have.version})
    old = {name: getattr(have, name) for name in ("reserved", "posted", "paid")}
    sums = {name: money.minor + addition.amounts.get(name, 0) for name, money in old.items()}
    exposure = sums["reserved"] + sums["posted"] - sums["paid"]
    rises = exposure > old["reserved"].minor + old["posted"].minor - old["paid"].minor
    _must(min(sums.values()) >= 0)
    _must(not addition.bounded or not rises or exposure <= have.limit.minor)
    moved: dict[str, Any] = {name: evolve_money(money, sums[name]) for name, money in old.items()}
    rows[KitAccount, have.id] = evolve(have, **moved)


def evolve_money(money: Any, minor: int) -> Any:
    """The same currency, another amount."""
    return type(money).of_minor(minor, money.currency)
