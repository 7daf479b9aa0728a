"""The journal replayed: from its entries alone, the fields of every record and part."""

from collections.abc import Iterable, Mapping
from typing import Any

from pharmacrm.core.kernel.codec import loads, money_from, money_text, plain_fields
from pharmacrm.core.kernel.journal import Entry, Verb
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.record import Entity, Record, kind_name
from pharmacrm.core.kernel.store import Found

Key = tuple[str, str]
State = dict[Key, dict[str, Any]]
Versions = dict[Key, int]


class Mismatch(ValueError):
    """An entry that does not go on from the one before."""


def replayed(entries: Iterable[Entry]) -> tuple[State, Versions]:
    """The fields and the version of everything that the entries speak of; old values must fit."""
    state: State = {}
    versions: Versions = {}
    for entry in entries:
        key = (entry.kind, entry.subject)
        changes = entry.changed()
        if entry.verb in {Verb.REFUSED, Verb.DENIED}:
            _must(changes == {}, entry, "a refusal changes something")
        elif entry.verb is Verb.ADDED:
            _must(key in state, entry, "adds to what is not there")
            _add(state[key], changes)
        else:
            _must(entry.version == versions.get(key, 0) + 1, entry, "a version is missing")
            versions[key] = entry.version
            personal = {value.field: loads(value.value) for value in entry.personal}
            for kind, parts in changes.pop("parts", {}).items():
                for id_, fields in parts.items():
                    _change(state, (kind, id_), fields, personal, f"{kind}/{id_}/")
            _change(state, key, changes, personal, "")
            state.setdefault(key, {})
    return state, versions


def _must(holds: bool, entry: Entry, what: str) -> None:  # noqa: FBT001 - it reads like an assertion
    if not holds:
        raise Mismatch(f"{entry.kind} {entry.subject}: {what}")


def _change(state: State, key: Key, fields: dict[str, Any], personal: dict[str, Any], path: str) -> None:
    row = state.setdefault(key, {})
    for name, change in fields.items():
        old, new = personal[path + name] if "personal" in change else change
        if row.get(name) != old:
            raise Mismatch(f"{key[0]} {key[1]}: the old value of {name} is another")
        if new is None:
            del row[name]
        else:
            row[name] = new
    if path and not row:
        del state[key]


def _add(row: dict[str, Any], changes: dict[str, Any]) -> None:
    for name, change in changes.items():
        if isinstance(change, dict) and "add" in change:
            before = money_from(row[name])
            row[name] = money_text(before + Money.of_minor(change["add"], before.currency))


def stored(found: Mapping[type[Entity], Iterable[Found[Entity]]]) -> tuple[State, Versions]:
    """The same, of what the tables hold."""
    state: State = {}
    versions: Versions = {}
    for kind, rows in found.items():
        for each in rows:
            key = (kind_name(kind), each.entity.id)
            state[key] = plain_fields(each.entity)
            if isinstance(each.entity, Record):
                versions[key] = each.entity.version
    return state, versions
