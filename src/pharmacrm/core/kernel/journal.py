"""The journal: one append-only row for each change, refusal or denial; audit trail and change feed at once.

Row format `sha256-1`: the hash covers the canonical JSON of the list [algorithm, tenant, id, recorded_at,
effective_on, claimed_at, actor, roles, acting_for, command, key, verb, kind, subject, version, changes,
reasons, note]. Personal values stand in `journal_personal`, and only their salted digests are hashed, so that
erasing them leaves every hash true.
"""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from attrs import Factory, evolve, frozen

from pharmacrm.core.kernel.codec import canonical, dumps, instant_text, loads, plain_fields
from pharmacrm.core.kernel.memo import remembered
from pharmacrm.core.kernel.reason import Reason
from pharmacrm.core.kernel.record import Entity, kind_name
from pharmacrm.core.kernel.schema import schema_of

ALGORITHM = "sha256-1"


class Verb(StrEnum):
    """What happened to the subject."""

    CREATED = "created"
    CHANGED = "changed"
    ADDED = "added"
    REFUSED = "refused"
    DENIED = "denied"
    RESTORED = "restored"


@frozen
class PersonalValue:
    """A personal field of one entry: canonical JSON of [old, new], kept apart so that it can be erased."""

    field: str
    salt: str
    value: str

    @property
    def digest(self) -> str:
        """What stands for the value inside the hashed row."""
        return hashlib.sha256(f"{self.salt}{self.value}".encode()).hexdigest()


@frozen(kw_only=True)
class Entry:
    """One row of the journal. `changes` and `reasons` are canonical JSON; `hash` is set by `sealed_by`."""

    id: str
    recorded_at: datetime
    effective_on: date
    actor: str
    command: str
    verb: Verb
    kind: str
    subject: str
    claimed_at: datetime | None = None
    roles: str = ""
    acting_for: str = ""
    key: str = ""
    version: int = 0
    changes: str = "{}"
    reasons: str = "[]"
    note: str = ""
    algorithm: str = ALGORITHM
    hash: str = ""
    personal: tuple[PersonalValue, ...] = Factory(tuple)

    def changed(self) -> Any:
        """The changes as data: field -> [old, new], counters -> {"add": minor units}, parts below "parts"."""
        return loads(self.changes)

    def why(self) -> Any:
        """The reasons as data."""
        return loads(self.reasons)


@frozen(kw_only=True)
class JournalQuery:
    """Which entries are wanted, oldest first; what is left out does not restrict.

    `after` is the id of the entry after which to go on, so that a long journal is read in pages (with
    `newest_first`, the entries before it). `unsealed` leaves only those that no seal covers yet.
    """

    id: str | None = None
    subject: str | None = None
    kind: str | None = None
    actor: str | None = None
    command: str | None = None
    key: str | None = None
    verbs: tuple[Verb, ...] = ()
    ids: tuple[str, ...] | None = None
    subjects: tuple[str, ...] | None = None
    after: str | None = None
    unsealed: bool = False
    since: datetime | None = None
    until: datetime | None = None
    newest_first: bool = False
    limit: int | None = None


def row_hash(tenant: str, entry: Entry) -> str:
    """The hash that an entry must carry in this tenant's journal."""
    text = canonical(
        [
            entry.algorithm,
            tenant,
            entry.id,
            instant_text(entry.recorded_at),
            entry.effective_on.isoformat(),
            instant_text(entry.claimed_at) if entry.claimed_at else None,
            entry.actor,
            entry.roles,
            entry.acting_for,
            entry.command,
            entry.key,
            entry.verb.value,
            entry.kind,
            entry.subject,
            entry.version,
            entry.changes,
            entry.reasons,
            entry.note,
        ]
    )
    return hashlib.sha256(text.encode()).hexdigest()


def hashed(tenant: str, entry: Entry) -> Entry:
    """The entry with its hash."""
    return evolve(entry, hash=row_hash(tenant, entry))


@frozen
class Difference:
    """What changed in one aggregate: the JSON of the row, and the personal values beside it."""

    changes: str
    personal: tuple[PersonalValue, ...]


Pair = tuple[Entity | None, Entity | None]
"""An entity before and after; None where it was absent."""


def difference(record: Pair | None, parts: Sequence[Pair], salt: bytes) -> Difference:
    """Old and new values of a record and its parts; personal values are set apart, each under a salt."""
    personal: list[PersonalValue] = []
    changes = _fields(record, "", salt, personal) if record else {}
    below: dict[str, dict[str, Any]] = {}
    for before, after in parts:
        entity = after or before
        assert entity is not None  # noqa: S101 - a pair holds at least one side
        name = kind_name(type(entity))
        found = _fields((before, after), f"{name}/{entity.id}/", salt, personal)
        if found:
            below.setdefault(name, {})[entity.id] = found
    if below:
        changes["parts"] = below
    return Difference(canonical(changes), tuple(sorted(personal, key=lambda value: value.field)))


def _fields(pair: Pair, path: str, salt: bytes, personal: list[PersonalValue]) -> dict[str, Any]:
    before, after = pair
    entity = after if after is not None else before
    assert entity is not None  # noqa: S101 - a pair holds at least one side
    old = plain_fields(before) if before is not None else {}
    new = plain_fields(after) if after is not None else {}
    kept_apart, counters = _marked(type(entity))
    if before is None and not kept_apart:
        return {name: [None, now] for name, now in new.items()}
    changes: dict[str, Any] = {}
    for name in {**old, **new}:
        was, now = old.get(name), new.get(name)
        if was == now or (before is not None and name in counters):
            continue
        if name in kept_apart:
            value = PersonalValue(path + name, _salt(salt, path + name), canonical([was, now]))
            personal.append(value)
            changes[name] = {"personal": value.digest}
        else:
            changes[name] = [was, now]
    return changes


@remembered
def _marked(kind: type[Entity]) -> tuple[frozenset[str], frozenset[str]]:
    """The personal fields and the counters of a kind."""
    schema = schema_of(kind)
    return frozenset(field.name for field in schema.fields if field.personal), frozenset(schema.counters)


def _salt(secret: bytes, path: str) -> str:
    return hashlib.blake2b(path.encode(), key=secret[:64], digest_size=16).hexdigest()


def reasons_text(reasons: Iterable[Reason]) -> str:
    """Reasons as they stand in an entry."""
    return dumps(list(reasons))
