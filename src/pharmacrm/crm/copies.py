"""Copies of everything: one tenant as a file that any store can take in, with one digest wherever it lives.

A copy is gzipped JSON, one list a line: a head, the journal in its order, records and parts of every kind,
deliveries, and an end with the digest over all of it. It is written from one moment of the store, under
another name until it is whole. Restoring is all or nothing, into a store that holds nothing of the tenant,
and declares itself in the journal: anchors that are newer than the copy are then known to be left behind.
"""

import gzip
import hashlib
import os
import zlib
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from attrs import frozen

from pharmacrm.core.kernel.codec import canonical, from_plain, instant_text, loads, plain_fields, to_plain
from pharmacrm.core.kernel.dates import as_instant, local_date
from pharmacrm.core.kernel.errors import MalformedInput, NotInstalled, SchemaChanged, StoreFailure
from pharmacrm.core.kernel.ids import as_text
from pharmacrm.core.kernel.journal import Entry, JournalQuery, Verb, hashed
from pharmacrm.core.kernel.query import Query
from pharmacrm.core.kernel.record import Entity, Record, kind_name
from pharmacrm.core.kernel.schema import schema_of
from pharmacrm.core.kernel.seal import JournalPlace
from pharmacrm.core.kernel.store import OWN_KINDS, Batch, Delivery, DeliveryQuery, Session, Store
from pharmacrm.core.kernel.tenant import Tenant
from pharmacrm.core.kernel.verification import Verification
from pharmacrm.crm.asking import given
from pharmacrm.crm.desk import Desk
from pharmacrm.crm.ids import Ids
from pharmacrm.crm.sealing import newest_seal
from pharmacrm.crm.verifying import verified
from pharmacrm.plugins.disk import sync_folder, why
from pharmacrm.plugins.types import StoreContext

FORMAT: Final = "pharmacrm-copy-1"
PAGE: Final = 500
"""Rows that are read or written at once."""

Line = list[Any]


@frozen(kw_only=True)
class Copy:
    """A copy of one tenant: the digest of what it says, equal in whatever store it lives, and its lines."""

    tenant: str
    digest: str
    lines: int
    made_at: datetime


def exported(desk: Desk, store: Store, path: str | os.PathLike[str]) -> Copy:
    """Write a copy of the tenant as it is at one moment; the file is there whole, or not at all."""
    target = Path(path)
    unfinished = target.with_name(target.name + ".unfinished")
    try:
        copy = _written(desk, store, unfinished)
        unfinished.replace(target)
        sync_folder(target.parent)
    except OSError as error:
        raise StoreFailure(f"the copy cannot be written: {why(error)}", "copy.file") from error
    return copy


def _written(desk: Desk, store: Store, unfinished: Path) -> Copy:
    with store.transaction() as session, gzip.open(unfinished, "wt", encoding="utf-8", newline="\n") as file:
        made_at = desk.clock.now()
        digest, lines = hashlib.sha256(), 0
        for line in _lines(desk, session):
            text = canonical(line) + "\n"
            digest.update(text.encode())
            lines += 1
            file.write(text)
        copy = Copy(tenant=desk.tenant, digest=digest.hexdigest(), lines=lines, made_at=made_at)
        file.write(canonical(["end", copy.digest, copy.lines, instant_text(made_at)]) + "\n")
    with unfinished.open("rb+") as written:
        os.fsync(written.fileno())
    return copy


def looked_at(path: str | os.PathLike[str]) -> Copy:
    """What a copy says of itself, every line read and its digest checked.

    Raises:
        MalformedInput: `copy.broken`, if the file is cut off, was changed, or is no copy.
        StoreFailure: `copy.file`, if the file cannot be read at all.

    """
    digest, lines, head, end = hashlib.sha256(), 0, None, None
    for text, line in _read(Path(path)):
        if end is not None:
            raise _broken("it goes on after its end")
        if line[0] == "end":
            end = line
            continue
        head = head or line
        digest.update(text.encode())
        lines += 1
    if head is None or head[:2] != ["head", FORMAT] or end is None:
        raise _broken("it is cut off, or no copy of pharmacrm")
    if end[1:3] != [digest.hexdigest(), lines]:
        raise _broken("its digest is another")
    return Copy(tenant=head[2], digest=end[1], lines=lines, made_at=as_instant(end[3]))


def restored(desk: Desk, store: Store, path: str | os.PathLike[str], *, actor: str, reason: str) -> Copy:
    """Take a copy into a store that holds nothing of the tenant, all or nothing, and declare it."""
    said = given("reason", as_text, reason)
    copy = looked_at(path)
    if copy.tenant != desk.tenant:
        raise StoreFailure(f"the copy is of tenant {copy.tenant}: open the door for it", "copy.tenant")
    store.install(tuple(desk.registry.kinds.values()))
    with store.transaction() as session:
        _refuse_unless_empty(desk, session)
        _put(desk, session, Path(path))
        tenant = session.get(desk.tenant, Tenant, desk.tenant)
        if tenant is None:
            raise _broken("it has no settings of the tenant")
        desk.same_clock(tenant.entity)
        if _digest(desk, session) != copy.digest:
            raise StoreFailure("the store does not hold what the copy says", "copy.not_equal")
        _declare(desk, session, copy, tenant.entity, actor=actor, reason=said)
    desk.clock.resume(store.newest())
    return copy


def drilled(desk: Desk, path: str | os.PathLike[str]) -> Verification:
    """Restore a copy into memory and verify it: a copy that was never restored is no copy."""
    store = desk.plugins.store(
        StoreContext(url="memory://", prefix="pharmacrm_", schema=None, pool_size=1, durable=True)
    )
    try:
        restored(desk, store, path, actor="system", reason="drill")
        return verified(desk, store, None)
    finally:
        store.close()


def digest_now(desk: Desk, store: Store) -> str:
    """The digest that a copy would have, if it were made now."""
    with store.transaction() as session:
        return _digest(desk, session)


def _digest(desk: Desk, session: Session) -> str:
    digest = hashlib.sha256()
    for line in _lines(desk, session):
        digest.update((canonical(line) + "\n").encode())
    return digest.hexdigest()


# ------------------------------------------------------------------------------------------------- out


def _lines(desk: Desk, session: Session) -> Iterator[Line]:
    """Everything of the tenant, in an order that every store gives."""
    tenant = session.get(desk.tenant, Tenant, desk.tenant)
    if tenant is None:
        raise NotInstalled(desk.tenant)
    kinds = _kinds(desk)
    yield ["head", FORMAT, desk.tenant, {name: _shape(kind) for name, kind in kinds.items()}]
    after: str | None = None
    while entries := session.journal(desk.tenant, JournalQuery(after=after, limit=PAGE)):
        yield from (["entry", to_plain(entry)] for entry in entries)
        after = entries[-1].id
    for name, kind in kinds.items():
        yield from _rows(desk, session, name, kind)
    last = ""
    while deliveries := session.deliveries(desk.tenant, DeliveryQuery(after=last, limit=PAGE)):
        yield from (["delivery", to_plain(each)] for each in deliveries)
        last = deliveries[-1].id


def _kinds(desk: Desk) -> dict[str, type[Entity]]:
    own: dict[str, type[Entity]] = {kind_name(kind): kind for kind in OWN_KINDS}
    return dict(sorted((own | desk.registry.kinds).items()))


def _shape(kind: type[Entity]) -> dict[str, str]:
    """A kind's fields and their forms: a copy is taken in only where they are the same."""
    return {field.name: field.form.value for field in schema_of(kind).fields}


def _rows(desk: Desk, session: Session, name: str, kind: type[Entity]) -> Iterator[Line]:
    last: Entity | None = None
    while found := session.find(desk.tenant, kind, Query(order=("id",), limit=PAGE, after=last)):
        for each in found:
            version = each.entity.version if isinstance(each.entity, Record) else None
            recorded = instant_text(each.recorded_at)
            yield ["row", name, recorded, each.entity.id, version, plain_fields(each.entity)]
        last = found[-1].entity


# -------------------------------------------------------------------------------------------------- in


def _read(path: Path) -> Iterator[tuple[str, Line]]:
    try:
        with gzip.open(path, "rt", encoding="utf-8", newline="\n") as file:
            for text in file:
                line = loads(text)
                if not isinstance(line, list) or not line:
                    raise _broken("a line is no list")
                yield text, line
    except (EOFError, gzip.BadGzipFile, UnicodeDecodeError, zlib.error) as error:
        raise _broken("it is cut off, or was changed") from error
    except OSError as error:
        raise StoreFailure(f"the copy cannot be read: {why(error)}", "copy.file") from error
    except MalformedInput as error:
        raise _broken("a line cannot be read") from error


def _put(desk: Desk, session: Session, path: Path) -> None:
    """Write every line of a copy, a page at a time."""
    kinds = _kinds(desk)
    lines = (line for _, line in _read(path) if line[0] != "end")
    head = next(lines)
    _refuse_other_shapes(kinds, head[3])
    waiting: list[Line] = []
    for line in lines:
        if waiting and (len(waiting) == PAGE or line[0] != waiting[0][0]):
            _write(desk.tenant, session, kinds, waiting)
            waiting = []
        waiting.append(line)
    _write(desk.tenant, session, kinds, waiting)


def _write(tenant: str, session: Session, kinds: dict[str, type[Entity]], lines: Sequence[Line]) -> None:
    """One page of lines of one sort."""
    at = as_instant("2000-01-01T00:00:00Z")
    match lines[0][0]:
        case "entry":
            entries = tuple(from_plain(Entry, line[1]) for line in lines)
            session.flush(tenant, Batch(at=at, entries=entries))
        case "delivery":
            deliveries = tuple(from_plain(Delivery, line[1]) for line in lines)
            session.flush(tenant, Batch(at=at, deliveries=deliveries))
        case "row":
            for recorded, rows in groupby(sorted(lines, key=lambda line: line[2]), lambda line: line[2]):
                entities = tuple(_entity(kinds[row[1]], row) for row in rows)
                sealed = tuple(each.entry for each in entities if isinstance(each, JournalPlace))
                session.flush(tenant, Batch(at=as_instant(recorded), inserts=entities, sealed=sealed))
        case _:
            raise _broken("a line is of no known sort")


def _entity(kind: type[Entity], row: Line) -> Entity:
    _, _, _, id_, version, fields = row
    versioned = {} if version is None else {"version": version}
    absent = {field.name: None for field in schema_of(kind).fields}
    return from_plain(kind, {"id": id_} | versioned | absent | fields)


def _refuse_unless_empty(desk: Desk, session: Session) -> None:
    if session.get(desk.tenant, Tenant, desk.tenant) or session.journal(desk.tenant, JournalQuery(limit=1)):
        raise StoreFailure("the store holds something of this tenant already", "copy.not_empty")


def _refuse_other_shapes(kinds: dict[str, type[Entity]], shapes: dict[str, Any]) -> None:
    for name, shape in shapes.items():
        known = _shape(kinds[name]) if name in kinds else None
        if known != shape:
            what = "is not registered here" if known is None else "has other fields here"
            raise SchemaChanged(f"the copy's record {name} {what}")


def _declare(desk: Desk, session: Session, copy: Copy, tenant: Tenant, *, actor: str, reason: str) -> None:
    """One entry that says what was restored: who, why, and up to which seal."""
    seal = newest_seal(session, desk.tenant)
    newest = session.journal(desk.tenant, JournalQuery(newest_first=True, limit=1))
    at = max(desk.clock.now(), *(entry.recorded_at + timedelta(microseconds=1) for entry in newest))
    said = {"seal": seal.number if seal else 0, "digest": copy.digest, "made_at": instant_text(copy.made_at)}
    entry = Entry(
        id=Ids(at).next(),
        recorded_at=at,
        effective_on=local_date(at, tenant.tz),
        actor=actor,
        command="Restore",
        verb=Verb.RESTORED,
        kind="",
        subject=desk.tenant,
        changes=canonical(said),
        note=reason,
    )
    session.flush(desk.tenant, Batch(at=at, entries=(hashed(desk.tenant, entry),)))


def _broken(why: str) -> MalformedInput:
    return MalformedInput("copy.broken", f"the file cannot be used: {why}", field="path")
