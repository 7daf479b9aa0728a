"""The journal replayed: from its entries alone, the fields of every record and part."""

from collections.abc import Iterable
from typing import Any

from pharmacrm.core.kernel.codec import loads, money_from, money_text, plain_fields
from pharmacrm.core.kernel.journal import Entry, Verb
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.record import Record
from pharmacrm.crm import PharmaCRM
from tests.flows.house import every

State = dict[tuple[str, str], dict[str, Any]]


def replayed(entries: Iterable[Entry]) -> tuple[State, dict[tuple[str, str], int]]:
    """The fields and the version of everything that the entries speak of; old values must fit."""
    state: State = {}
    versions: dict[tuple[str, str], int] = {}
    for entry in entries:
        key = (entry.kind, entry.subject)
        changes = entry.changed()
        if entry.verb in {Verb.REFUSED, Verb.DENIED}:
            assert changes == {}
        elif entry.verb is Verb.ADDED:
            _add(state[key], changes)
        else:
            assert entry.version == versions.get(key, 0) + 1
            versions[key] = entry.version
            personal = {value.field: loads(value.value) for value in entry.personal}
            for kind, parts in changes.pop("parts", {}).items():
                for id_, fields in parts.items():
                    _change(state, (kind, id_), fields, personal, f"{kind}/{id_}/")
            _change(state, key, changes, personal, "")
            state.setdefault(key, {})
    return state, versions


def _change(
    state: State, key: tuple[str, str], fields: dict[str, Any], personal: dict[str, Any], path: str
) -> None:
    row = state.setdefault(key, {})
    for name, change in fields.items():
        old, new = personal[path + name] if "personal" in change else change
        assert row.get(name) == old, (key, name)
        if new is None:
            del row[name]
        else:
            row[name] = new
    if path and not row:
        del state[key]


def _add(row: dict[str, Any], changes: dict[str, Any]) -> None:
    assert changes.pop("cause")
    changes.pop("unbounded", None)
    for name, change in changes.items():
        before = money_from(row[name])
        row[name] = money_text(before + Money.of_minor(change["add"], before.currency))


def stored(crm: PharmaCRM) -> tuple[State, dict[tuple[str, str], int]]:
    """The same, read from the tables."""
    state: State = {}
    versions: dict[tuple[str, str], int] = {}
    for name, kind in crm.registry.kinds.items():
        for found in every(crm, kind):
            state[name, found.entity.id] = plain_fields(found.entity)
            if isinstance(found.entity, Record):
                versions[name, found.entity.id] = found.entity.version
    return state, versions
