"""A store of one's own: everything in memory, and every batch a line of one append-only file.

    python examples/log_store.py

Processes and threads of one machine may share the file (Linux and macOS): whoever reads or writes holds its
lock, and first repeats what others have appended. A line is on the disk before its batch counts. What a power
cut left of a last line is cut off; damage anywhere else is refused. `docs/how-to/write-a-store.md` tells the
rest.
"""

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from fcntl import LOCK_EX, LOCK_UN, flock
from pathlib import Path
from threading import RLock
from typing import Any, TypeVar
from zlib import crc32

from attrs import evolve

import pharmacrm
from pharmacrm import Conflict, SchemaChanged, SimulatedClock, StoreContext, StoreFailure, hookimpl
from pharmacrm.core.kernel.codec import canonical, from_plain, instant_text, to_plain
from pharmacrm.core.kernel.dates import as_instant
from pharmacrm.core.kernel.journal import Entry, JournalQuery
from pharmacrm.core.kernel.query import Condition, Query
from pharmacrm.core.kernel.record import Entity, kind_name
from pharmacrm.core.kernel.schema import Form, schema_of
from pharmacrm.core.kernel.store import (
    OWN_KINDS,
    Addition,
    Answer,
    Batch,
    Claim,
    Delivery,
    DeliveryQuery,
    Found,
    Queue,
    Resolution,
    Session,
    Settlement,
    Update,
)
from pharmacrm.plugins.disk import sync_folder, why
from pharmacrm.plugins.storage.memory import MemoryStore
from pharmacrm.testing.company import an_order, found_company

E = TypeVar("E", bound=Entity)

PLAIN: dict[str, type] = {
    "keys": Answer,
    "entries": Entry,
    "deliveries": Delivery,
    "resolutions": Resolution,
}
"""Elements of a batch that are of one class each; the others say of which kind they are."""

READ: dict[Form, Any] = {Form.DATE: date.fromisoformat, Form.INSTANT: datetime.fromisoformat}
ANY_DAY, ANY_TIME = "2000-01-01", "2000-01-01T00:00:00Z"


class LogStore:
    """A store in one file."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._path = Path(path)
        try:
            self._file = self._path.open("a+b", buffering=0)
            sync_folder(self._path.parent)
        except OSError as error:
            raise StoreFailure(f"the file cannot be opened: {why(error)}") from error
        self._mutex = RLock()
        self._kinds: dict[str, type[Entity]] = {kind_name(kind): kind for kind in OWN_KINDS}
        self._pending: list[Any] | None = None
        self._forget()

    # --------------------------------------------------------------------------------------- the file

    def _forget(self) -> None:
        """Believe nothing but the file: the next turn repeats it from its beginning."""
        self._memory, self._end = MemoryStore(), 0
        self._shapes: dict[str, list[str]] = {}

    @contextmanager
    def _turn(self) -> Iterator[MemoryStore]:
        """The store to ourselves, among threads and processes, as the file has it; its end stores all."""
        with self._mutex:
            if self._pending is not None:  # within our own transaction
                yield self._memory
                return
            flock(self._file, LOCK_EX)
            try:
                self._repeat()
                self._pending = []
                yield self._memory
                self._append(self._pending)
            except BaseException as error:
                if self._pending != [] or not isinstance(error, Conflict):  # a plain refusal changed nothing
                    self._forget()
                raise
            finally:
                self._pending = None
                flock(self._file, LOCK_UN)

    def _repeat(self) -> None:
        """Do what others have appended since; a torn end is cut off: its batch was never acknowledged."""
        self._file.seek(self._end)
        *lines, rest = self._file.read().split(b"\n")
        for number, line in enumerate(lines):
            if line[:8] != b"%08x" % crc32(line[9:]):
                if number < len(lines) - 1 or rest:
                    raise StoreFailure(f"the line at byte {self._end} is damaged", "store.broken")
                rest = line
                break
            for operation in json.loads(line[9:]):
                self._redo(*operation)
            self._end += len(line) + 1
        if rest:
            self._file.truncate(self._end)
        if lines or rest:
            os.fsync(self._file)  # whoever wrote it may have died before it was safe

    def _append(self, operations: list[Any]) -> None:
        if not operations:
            return
        text = canonical(operations).encode()
        line = b"%08x %s\n" % (crc32(text), text)
        try:
            if self._file.write(line) != len(line):
                raise OSError(0, "the disk took only a part")  # noqa: TRY301 - it is told below as the system's own
            os.fsync(self._file)
        except OSError as error:
            self._forget()
            raise StoreFailure(f"the file cannot be written: {why(error)}", unknown=True) from error
        self._end += len(line)

    def _did(self, *operation: Any) -> None:
        assert self._pending is not None  # noqa: S101 - only ever called within a turn
        self._pending.append(operation)

    def _redo(self, name: str, tenant: str, plain: Any) -> None:
        match name:
            case "install":
                self._shapes |= plain
                self._memory.install([self._kind(each) for each in plain])
            case "flush":
                self._memory.flush(tenant, self._batch(plain))
            case "claim":
                self._memory.claim(tenant, from_plain(Claim, plain))
            case "settle":
                self._memory.settle(tenant, from_plain(Settlement, plain))

    # ----------------------------------------------------------------------------------- batches as JSON

    def _kind(self, name: str) -> type[Entity]:
        if name not in self._kinds:
            raise StoreFailure(f"the file holds {name}, which no plugin registers", "store.kind")
        return self._kinds[name]

    def _entity(self, name: str, plain: dict[str, Any]) -> Any:
        """An entity back; its days are read apart, for the codec refuses years that nobody means."""
        kind = self._kind(name)
        days = {
            field.name: READ[field.form](plain[field.name])
            for field in schema_of(kind).fields
            if field.form in READ and plain[field.name] is not None
        }
        others = {name: ANY_DAY if type(day) is date else ANY_TIME for name, day in days.items()}
        return evolve(from_plain(kind, plain | others), **days)

    def _batch(self, plain: Any) -> Batch:
        """What a line told, without its expectations: they were met when it was written."""
        return Batch(
            at=as_instant(plain["at"]),
            inserts=tuple(self._entity(*each) for each in plain["inserts"]),
            removals=tuple(self._entity(*each) for each in plain["removals"]),
            updates=tuple(
                Update(self._entity(name, old), self._entity(name, new))
                for name, old, new in plain["updates"]
            ),
            additions=tuple(
                Addition(kind=self._kind(name), id=id, amounts=amounts, bounded=bounded)  # type: ignore[arg-type]  # only records have counters
                for name, id, amounts, bounded in plain["additions"]
            ),
            sealed=tuple(plain["sealed"]),
            **{name: tuple(from_plain(kind, each) for each in plain[name]) for name, kind in PLAIN.items()},
        )

    # ------------------------------------------------------------------------------------ the store's port

    @contextmanager
    def session(self) -> Iterator[Session]:
        """Hand out the store itself: the turns are taken call by call."""
        yield self

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """One turn for the whole block: one moment, and one line at its end."""
        with self._turn():
            yield self

    def durability(self) -> str:
        """Every batch is on the disk before it is acknowledged."""
        return "append-only file, fsync for each batch"

    def install(self, kinds: Sequence[type[Entity]]) -> None:
        """Note down what the records look like; refuse one that looks another way than it did."""
        self.register(kinds)
        with self._turn() as memory:
            self._refuse_changed()
            new = {name: _shape(kind) for name, kind in self._kinds.items() if name not in self._shapes}
            memory.install(list(self._kinds.values()))
            if new:
                self._shapes |= new
                self._did("install", "", new)

    def register(self, kinds: Sequence[type[Entity]]) -> None:
        """Know these kinds; the lines that tell of them can be read from now on."""
        with self._mutex:
            self._kinds |= {kind_name(kind): kind for kind in kinds}
            self._memory.register(kinds)

    def installed(self) -> bool:
        """Whether somebody has installed, and the records still look as they did."""
        with self._turn() as memory:
            self._refuse_changed()
            return memory.installed()

    def _refuse_changed(self) -> None:
        for name, shape in self._shapes.items():
            if name in self._kinds and _shape(self._kinds[name]) != shape:
                raise SchemaChanged(f"record {name} was {', '.join(shape)}")

    def tenants(self) -> tuple[str, ...]:
        """The tenants that have settings here, by name."""
        with self._turn() as memory:
            return memory.tenants()

    def now(self) -> datetime | None:
        """A file has no clock."""
        return None

    def newest(self) -> datetime | None:
        """The latest recorded time of any entry, or None."""
        with self._turn() as memory:
            return memory.newest()

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def get(self, tenant: str, kind: type[E], id: str) -> Found[E] | None:
        """One entity by id."""
        with self._turn() as memory:
            return memory.get(tenant, kind, id)

    def find(self, tenant: str, kind: type[E], query: Query) -> list[Found[E]]:
        """The entities that match, in order."""
        with self._turn() as memory:
            return memory.find(tenant, kind, query)

    def count(self, tenant: str, kind: type[Entity], where: tuple[Condition, ...]) -> int:
        """How many match."""
        with self._turn() as memory:
            return memory.count(tenant, kind, where)

    def journal(self, tenant: str, query: JournalQuery) -> list[Entry]:
        """Entries in the order of the file."""
        with self._turn() as memory:
            return memory.journal(tenant, query)

    def deliveries(self, tenant: str, query: DeliveryQuery) -> list[Delivery]:
        """Deliveries in the order of their ids."""
        with self._turn() as memory:
            return memory.deliveries(tenant, query)

    def queues(self, tenant: str, now: datetime) -> list[Queue]:
        """How each destination stands, by name."""
        with self._turn() as memory:
            return memory.queues(tenant, now)

    def waiting(self, tenant: str, destinations: tuple[str, ...]) -> int:
        """How many deliveries are still to be made."""
        with self._turn() as memory:
            return memory.waiting(tenant, destinations)

    def flush(self, tenant: str, batch: Batch) -> None:
        """Store a batch whole: in memory, which may refuse it, and then in the file."""
        with self._turn() as memory:
            memory.flush(tenant, batch)
            self._did("flush", tenant, _told(batch))

    def claim(self, tenant: str, claim: Claim) -> list[Delivery]:
        """Lease what is due; what was leased is a line, so that no other process leases it too."""
        with self._turn() as memory:
            leased = memory.claim(tenant, claim)
            if leased:
                self._did("claim", tenant, to_plain(claim))
            return leased

    def settle(self, tenant: str, settlement: Settlement) -> bool:
        """Record what became of a delivery; False if the lease was lost meanwhile."""
        with self._turn() as memory:
            settled = memory.settle(tenant, settlement)
            if settled:
                self._did("settle", tenant, to_plain(settlement))
            return settled


def _shape(kind: type[Entity]) -> list[str]:
    """A kind's fields with their forms, for comparison."""
    return [f"{field.name} {field.form.name}{'?' * field.optional}" for field in schema_of(kind).fields]


def _named(entity: Entity) -> list[Any]:
    return [kind_name(type(entity)), to_plain(entity)]


def _told(batch: Batch) -> dict[str, Any]:
    """A batch as JSON can say it."""
    return {
        "at": instant_text(batch.at),
        "inserts": [_named(each) for each in batch.inserts],
        "removals": [_named(each) for each in batch.removals],
        "updates": [[*_named(each.before), to_plain(each.after)] for each in batch.updates],
        "additions": [
            [kind_name(each.kind), each.id, dict(each.amounts), each.bounded] for each in batch.additions
        ],
        "sealed": list(batch.sealed),
        **{name: [to_plain(each) for each in getattr(batch, name)] for name in PLAIN},
    }


class LogFiles:
    """The plugin that gives the door its store for `log:///crm.log`."""

    @hookimpl
    def pharmacrm_store(self, context: StoreContext) -> LogStore | None:
        """Open the file of our URLs, and leave the others to other plugins."""
        scheme, found, path = context.url.partition("log:///")
        return LogStore(path) if found and not scheme else None


def main() -> None:
    """Store an order, open the file anew, and find the order and a journal that is whole."""
    clock = SimulatedClock()
    crm = pharmacrm.connect("log:///crm.log", clock=clock, plugins=[LogFiles()])
    found_company(crm)
    order = crm.do(an_order("SO-1"), actor="zhang.san", key="web-1").expect()
    crm.close()

    crm = pharmacrm.connect("log:///crm.log", clock=clock, plugins=[LogFiles()])
    print(crm.get(type(order), "SO-1", actor="zhang.san").id, "is stored; journal clean:", crm.verify().clean)
    crm.close()


if __name__ == "__main__":
    main()
