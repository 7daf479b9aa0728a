"""The journal replayed: from its entries alone, the fields of every record and part.

What cannot be is a `Misfit`: an old value that is not the one before, a version left out, a time that goes
back within one record's story. A personal value that was erased is `ERASED`: it fits everything.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from attrs import define, field, frozen

from pharmacrm.core.kernel.codec import loads, money_from, money_text
from pharmacrm.core.kernel.errors import PharmaCRMError
from pharmacrm.core.kernel.journal import Entry, Verb
from pharmacrm.core.kernel.money import Money

Key = tuple[str, str]
"""The name of a kind and an id."""

Fields = dict[str, Any]


class Erased:
    """Stands for a personal value that was erased: equal to any value."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        raise TypeError("what equals everything cannot be a key")

    def __repr__(self) -> str:
        return "ERASED"


ERASED: Final = Erased()


@frozen
class Misfit:
    """An entry that does not go with those before it: which, and what is wrong with it."""

    entry: str
    key: Key
    what: str


@define
class Replay:
    """What the entries taken in so far say: fields and versions by kind and id, and what did not fit."""

    state: dict[Key, Fields] = field(factory=dict)
    versions: dict[Key, int] = field(factory=dict)
    misfits: list[Misfit] = field(factory=list)
    last: dict[Key, str] = field(factory=dict)
    _times: dict[Key, datetime] = field(factory=dict)

    def take(self, entries: Iterable[Entry]) -> "Replay":
        """Go on with these entries, oldest first."""
        for entry in entries:
            try:
                self._take(entry)
            except (PharmaCRMError, AttributeError, KeyError, TypeError, ValueError):
                self._misfit(entry, "what it says cannot be read, or does not fit what is there")
        return self

    def _take(self, entry: Entry) -> None:
        key = (entry.kind, entry.subject)
        changes: Fields = entry.changed()
        self.last[key] = entry.id
        if entry.verb is Verb.ADDED:
            self._add(entry, self.state[key], changes)
        elif entry.verb in {Verb.CREATED, Verb.CHANGED}:
            self._written(entry, key, changes)
        elif changes and entry.verb is not Verb.RESTORED:
            self._misfit(entry, "it changed something, although it was refused")

    def _written(self, entry: Entry, key: Key, changes: Fields) -> None:
        if entry.version != self.versions.get(key, 0) + 1 or (entry.verb is Verb.CREATED) != (
            entry.version == 1
        ):
            self._misfit(entry, f"version {entry.version} does not follow {self.versions.get(key, 0)}")
        if key in self._times and entry.recorded_at <= self._times[key]:
            self._misfit(entry, "its recorded time is not later than the one before")
        self.versions[key], self._times[key] = entry.version, entry.recorded_at
        personal = {value.field: loads(value.value) for value in entry.personal}
        self.state.setdefault(key, {})
        for kind, parts in changes.pop("parts", {}).items():
            for id_, fields in parts.items():
                self._change(entry, (kind, id_), fields, personal, f"{kind}/{id_}/")
        self._change(entry, key, changes, personal, "")

    def _change(self, entry: Entry, key: Key, fields: Fields, personal: Mapping[str, Any], path: str) -> None:
        row = self.state.setdefault(key, {})
        for name, change in fields.items():
            old, new = (
                personal.get(path + name, (ERASED, ERASED))
                if isinstance(change, dict) and "personal" in change
                else change
            )
            if row.get(name) != old:
                self._misfit(entry, f"the old value of {name} is not the one before")
            if new is None:
                row.pop(name, None)
            else:
                row[name] = new
        if path and not row:
            del self.state[key]

    def _add(self, entry: Entry, row: Fields, changes: Fields) -> None:
        if not changes.pop("cause", ""):
            self._misfit(entry, "an addition without a cause")
        changes.pop("unbounded", None)
        for name, change in changes.items():
            before = money_from(row[name])
            row[name] = money_text(before + Money.of_minor(change["add"], before.currency))

    def _misfit(self, entry: Entry, what: str) -> None:
        self.misfits.append(Misfit(entry.id, (entry.kind, entry.subject), what))


def differences(told: Mapping[str, Any] | None, kept: Mapping[str, Any] | None) -> list[str]:
    """The names of the fields in which the journal and a table disagree; values are never shown."""
    one, other = told or {}, kept or {}
    return sorted(name for name in {*one, *other} if one.get(name) != other.get(name))
