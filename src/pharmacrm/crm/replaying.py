"""The journal's story against the tables: every record and part is what its rows say, nothing else is there.

Records are read in pages, and of the journal only the rows that speak of them: a page is told anew from its
first row on and compared. Values are never shown, only the names of the fields that differ.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, TypeVar

from attrs import evolve, frozen

from pharmacrm.core.kernel.codec import plain_fields
from pharmacrm.core.kernel.journal import Entry, JournalQuery, Verb
from pharmacrm.core.kernel.query import Query, is_in
from pharmacrm.core.kernel.record import Entity, Part, Record, kind_name
from pharmacrm.core.kernel.replay import Fields, Key, Replay, differences
from pharmacrm.core.kernel.schema import schema_of
from pharmacrm.core.kernel.seal import JournalPlace
from pharmacrm.core.kernel.store import Session
from pharmacrm.core.kernel.verification import Finding

R = TypeVar("R", bound=Record)

RECORDS: Final = 100
"""Records that are compared at once."""

ROWS: Final = 1000
"""Rows of the journal that are read at once."""


@frozen
class Compared:
    """One page: how many records, and what was found."""

    records: int
    findings: list[Finding]


def compared(
    session: Session, tenant: str, kind: type[Entity], kinds: Mapping[str, type[Entity]]
) -> Iterator[Compared]:
    """Tell every record of a kind anew, with its parts, page by page."""
    if not (issubclass(kind, Record) and kind.journalled):
        return
    parts = [each for each in kinds.values() if _belongs(each, kind)]
    after: Record | None = None
    while records := _page(session, tenant, kind, after):
        told = _told(session, tenant, kind_name(kind), [record.id for record in records])
        versions = {(kind_name(kind), record.id): record.version for record in records}
        kept = _kept(session, tenant, records, parts)
        found = [_placed(session, tenant, each) for each in _differing(told, kept, versions)]
        yield Compared(len(records), found)
        after = records[-1]


def gone_from_tables(
    session: Session, tenant: str, entries: Sequence[Entry], kinds: Mapping[str, type[Entity]]
) -> Iterator[Finding]:
    """Rows that speak of a record which is not in its table."""
    made: dict[str, dict[str, Entry]] = {}
    for entry in entries:
        if entry.verb is Verb.CREATED and entry.kind in kinds:
            made.setdefault(entry.kind, {})[entry.subject] = entry
    for name, first in made.items():
        found = session.find(tenant, kinds[name], Query((is_in("id", tuple(first)),)))
        for gone in set(first) - {each.entity.id for each in found}:
            yield Finding(what="only_in_journal", entry=first[gone].id, kind=name, subject=gone)


def _belongs(part: type[Entity], kind: type[Record]) -> bool:
    parent = schema_of(part).parent if issubclass(part, Part) else None
    return parent is not None and parent.parent is kind


def _page(session: Session, tenant: str, kind: type[R], after: Record | None) -> list[R]:
    query = Query(order=("id",), limit=RECORDS, after=after)
    return [each.entity for each in session.find(tenant, kind, query)]


def _told(session: Session, tenant: str, kind: str, ids: Sequence[str]) -> Replay:
    """What the journal says of these records."""
    replay = Replay()
    after: str | None = None
    while rows := session.journal(
        tenant, JournalQuery(kind=kind, subjects=tuple(ids), after=after, limit=ROWS)
    ):
        replay.take(rows)
        after = rows[-1].id
    return replay


def _kept(
    session: Session, tenant: str, records: Sequence[Record], parts: Iterable[type[Entity]]
) -> dict[Key, Fields]:
    """What the tables hold of these records and their parts."""
    kept: dict[Key, Fields] = {(kind_name(type(each)), each.id): plain_fields(each) for each in records}
    ids = tuple(record.id for record in records)
    for part in parts:
        parent = schema_of(part).parent
        where = (is_in(parent.name, ids),) if parent else ()
        for found in session.find(tenant, part, Query(where)):
            kept[kind_name(part), found.entity.id] = plain_fields(found.entity)
    return kept


def _differing(told: Replay, kept: Mapping[Key, Fields], versions: Mapping[Key, int]) -> Iterator[Finding]:
    for misfit in told.misfits:
        kind, subject = misfit.key
        yield Finding(what="story", entry=misfit.entry, kind=kind, subject=subject, detail=misfit.what)
    for key in sorted({*told.state, *kept}):
        names: list[Any] = differences(told.state.get(key), kept.get(key))
        if key in versions and versions[key] != told.versions.get(key, 0):
            names.append("version")
        if names or (key in kept) != (key in told.state):
            yield _difference(told, key, names, known=key in told.state, there=key in kept)


def _difference(told: Replay, key: Key, names: Sequence[str], *, known: bool, there: bool) -> Finding:
    what = "table" if known and there else ("only_in_journal" if known else "only_in_table")
    detail = f"fields: {', '.join(names)}" if what == "table" else ""
    return Finding(what=what, entry=told.last.get(key, ""), kind=key[0], subject=key[1], detail=detail)


def _placed(session: Session, tenant: str, finding: Finding) -> Finding:
    """A finding about a row, with its position if that is sealed; where a table is wrong, no row is bad."""
    if finding.what != "story":
        return finding
    found = session.find(tenant, JournalPlace, Query((is_in("entry", (finding.entry,)),), limit=1))
    return evolve(finding, position=found[0].entity.position) if found else finding
