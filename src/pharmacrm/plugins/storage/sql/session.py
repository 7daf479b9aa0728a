"""One connection's view of the store: reads, and the flush of a batch, all or nothing."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, Protocol, TypeVar

from attrs import define, field, frozen

from pharmacrm.core.kernel.errors import Conflict, StoreFailure
from pharmacrm.core.kernel.journal import Entry, JournalQuery
from pharmacrm.core.kernel.query import Condition, Query
from pharmacrm.core.kernel.record import Entity, Part, Record, kind_name
from pharmacrm.core.kernel.schema import schema_of
from pharmacrm.core.kernel.store import (
    Addition,
    Batch,
    Delivery,
    DeliveryQuery,
    Expect,
    Found,
    Queue,
    Resolution,
    Update,
)
from pharmacrm.core.kernel.summary import Summary, Summed
from pharmacrm.plugins.storage.sql.faults import ours, translated
from pharmacrm.plugins.storage.sql.letters import Letters
from pharmacrm.plugins.storage.sql.log import DELIVERY, ENTRY, PERSONAL, UNSEALED, Log
from pharmacrm.plugins.storage.sql.statements import Statement, Statements
from pharmacrm.plugins.storage.sql.sums import Summing

E = TypeVar("E", bound=Entity)

WIDEST = 60
"""Rows in one INSERT."""


@frozen
class Step:
    """One statement of a flush, and what its result has to satisfy."""

    text: str
    values: tuple[Any, ...]
    rows: int | None = None
    versions: dict[str, int] | None = None
    what: str = ""

    def judge(self, count: int, fetch: Callable[[], Sequence[Any]]) -> None:
        """Raise `Conflict` where somebody else was faster."""
        if self.versions is not None:
            found = {row[0]: row[1] for row in fetch()}
            for id, version in self.versions.items():
                if found.get(id, 0) != version:
                    raise Conflict(f"{self.what} {id} was changed meanwhile")
        elif self.rows is not None and count != self.rows:
            raise Conflict(f"{self.what} was changed meanwhile, or its bound is reached")


class Driver(Protocol):
    """A connection, whoever owns it."""

    def rows(self, text: str, values: tuple[Any, ...]) -> Sequence[Any]:
        """The rows of a SELECT."""

    def run(self, steps: Sequence[Step]) -> None:
        """Run statements in order and judge each."""

    def unchanged(self) -> bool:
        """Whether nobody else can have written since the first read: then no read needs verifying."""

    def unit(self) -> AbstractContextManager[None]:
        """A transaction of our own, or a savepoint in the host's."""


@define
class SqlSession:
    """Reads and flushes through one driver.

    `read` holds the versions that were read, which a flush need not verify again where nobody else has
    written (`remembers` is off for whole copies, which would remember everything).
    """

    driver: Driver
    statements: Statements
    log: Log
    read: set[tuple[str, str, str, int]] = field(factory=set)
    remembers: bool = True

    def get(self, tenant: str, kind: type[E], id: str) -> Found[E] | None:
        """One entity by id."""
        self._known(kind)
        statement = self.statements.get(kind)
        rows = self._rows(statement, {"tenant": tenant, "id": id})
        if not rows:
            self.read.add((tenant, kind_name(kind), id, 0))
            return None
        return self._found(tenant, kind, rows[:1])[0]

    def find(self, tenant: str, kind: type[E], query: Query) -> list[Found[E]]:
        """The entities that match, in order."""
        self._known(kind)
        statement = self.statements.find(kind, query)
        values = self.statements.values_of(kind, query.where)
        values |= {"tenant": tenant, "limit_": query.limit}
        if query.after is not None:
            codec = self.statements.codec(kind)
            values |= {
                f"after_{name}": codec.cell(name, getattr(query.after, name)) for name, _ in query.keys
            }
        return self._found(tenant, kind, self._rows(statement, values))

    def count(self, tenant: str, kind: type[Entity], where: tuple[Condition, ...]) -> int:
        """How many match."""
        self._known(kind)
        statement = self.statements.count(kind, where)
        values = self.statements.values_of(kind, where) | {"tenant": tenant}
        return int(self._rows(statement, values)[0][0])

    def summed(self, tenant: str, summary: Summary) -> list[Summed]:
        """The groups of a summary, in one statement."""
        self._known(summary.kind)
        asked = Summing(self.statements, summary)
        return [asked.group(row) for row in self._rows(asked.statement(), asked.values(tenant))]

    def journal(self, tenant: str, query: JournalQuery) -> list[Entry]:
        """Entries of the journal, in the order in which they were written."""
        with translated():
            return self.log.read(self.driver.rows, tenant, query)

    def deliveries(self, tenant: str, query: DeliveryQuery) -> list[Delivery]:
        """Deliveries of the outbox, by id."""
        with translated():
            return Letters(self.log).read(self.driver.rows, tenant, query)

    def queues(self, tenant: str, now: datetime) -> list[Queue]:
        """How each destination of the outbox stands, by name."""
        with translated():
            return Letters(self.log).queues(self.driver.rows, tenant, now)

    def _rows(self, statement: Statement, values: dict[str, Any]) -> Sequence[Any]:
        """Run a SELECT; a plain `try` because it runs for every single read."""
        try:
            return self.driver.rows(statement.text, statement.bind(values))
        except Exception as error:
            better = ours(error)
            if better is error:
                raise
            raise better from error

    def _known(self, kind: type[Entity]) -> None:
        if kind not in self.statements.tables.by_kind:
            raise StoreFailure(f"the store holds no {kind_name(kind)}: it is not registered", "store.kind")

    def _found(self, tenant: str, kind: type[E], rows: Sequence[Any]) -> list[Found[E]]:
        """Rows as entities; which record at which version guards them is remembered."""
        decode, instant = self.statements.codec(kind).decode, self.log.instant
        parent = schema_of(kind).parent
        guard = kind_name(parent.parent if parent and parent.parent else kind)
        found = [Found(decode(row), row[-2], instant(row[-1])) for row in rows]
        for each in found if self.remembers else ():
            id = each.entity.id if parent is None else getattr(each.entity, parent.name)
            self.read.add((tenant, guard, id, each.version))
        return found

    def flush(self, tenant: str, batch: Batch) -> None:
        """Store a batch whole, or raise and store nothing."""
        steps = self._steps(tenant, batch)
        with translated(), self.driver.unit():
            if self.driver.unchanged():
                steps = [step for step in steps if not self._read_here(tenant, step)]
            self.read.clear()
            self.driver.run(steps)

    def _read_here(self, tenant: str, step: Step) -> bool:
        """Whether a verification is of versions that this very session has read."""
        wanted = step.versions
        return wanted is not None and all(
            (tenant, step.what, id, version) in self.read for id, version in wanted.items()
        )

    def _steps(self, tenant: str, batch: Batch) -> list[Step]:
        """Every statement of a batch, in the one order of locks: kind, then id; counters last."""
        stamp = (tenant, self.log.moment(batch.at))
        steps = list(self._inserts(batch.keys, stamp))
        for kind, group in sorted(_by_kind(batch).items(), key=lambda each: kind_name(each[0])):
            steps += self._expects(kind, group.expects, tenant)
            steps += self._inserts(group.inserts, stamp)
            steps += [
                self._update(each, stamp) for each in sorted(group.updates, key=lambda each: each.after.id)
            ]
            steps += [self._removal(part, tenant) for part in group.removals]
        additions = sorted(batch.additions, key=lambda each: (kind_name(each.kind), each.id))
        steps += [self._addition(each, tenant) for each in additions]
        personal = [row for entry in batch.entries for row in self.log.personal(tenant, entry)]
        steps += self._written(ENTRY, [self.log.entry(tenant, entry) for entry in batch.entries])
        steps += self._written(UNSEALED, [(tenant, entry.id) for entry in batch.entries])
        steps += self._written(PERSONAL, personal)
        steps += self._written(DELIVERY, [self.log.delivery(tenant, each) for each in batch.deliveries])
        steps += [
            self._resolution(each, tenant) for each in sorted(batch.resolutions, key=lambda one: one.id)
        ]
        steps += self._sealed(tenant, batch.sealed)
        return steps

    def _resolution(self, resolution: Resolution, tenant: str) -> Step:
        text, values = Letters(self.log).resolve(tenant, resolution)
        return Step(text, values, 1, what=f"dead letter {resolution.id}")

    def _sealed(self, tenant: str, ids: Sequence[str]) -> Iterator[Step]:
        """Each of these entries was still to be sealed, and no longer is."""
        for start in range(0, len(ids), WIDEST):
            some = ids[start : start + WIDEST]
            yield Step(*self.log.no_longer_unsealed(tenant, some), len(some), what="the seal")

    def _removal(self, part: Part, tenant: str) -> Step:
        kind = type(part)
        return _step(self.statements.delete(kind), {"tenant_": tenant, "id_": part.id}, 1, kind_name(kind))

    def _inserts(self, entities: Sequence[Entity], stamp: tuple[str, Any]) -> Iterator[Step]:
        """Rows of one kind, several in a statement."""
        for start in range(0, len(entities), WIDEST):
            some = entities[start : start + WIDEST]
            kind = type(some[0])
            encode = self.statements.codec(kind).encode
            cells: list[Any] = []
            for entity in some:
                cells += encode(entity)
                cells += stamp
            yield Step(
                self.statements.insert(kind, len(some)).text, tuple(cells), len(some), what=kind_name(kind)
            )

    def _written(self, table: tuple[str, tuple[str, ...]], rows: Sequence[tuple[Any, ...]]) -> Iterator[Step]:
        name, columns = self.log.prefix + table[0], table[1]
        for start in range(0, len(rows), WIDEST):
            some = rows[start : start + WIDEST]
            text = self.statements.rows(name, columns, len(some)).text
            yield Step(text, tuple(cell for row in some for cell in row), len(some), what=table[0])

    def _expects(self, kind: Any, expects: Sequence[Expect], tenant: str) -> Iterator[Step]:
        wanted = {expect.id: expect.version for expect in sorted(expects, key=lambda each: each.id)}
        if wanted:
            statement = self.statements.expect(kind, len(wanted))
            values = {"tenant": tenant} | {f"i{number}": id for number, id in enumerate(wanted)}
            yield Step(statement.text, statement.bind(values), versions=wanted, what=kind_name(kind))

    def _update(self, update: Update, stamp: tuple[str, Any]) -> Step:
        kind = type(update.after)
        codec = self.statements.codec(kind)
        counters = schema_of(kind).counters
        old, new = codec.encode(update.before), codec.encode(update.after)
        changed = {
            f"n_{name}": cell
            for name, before, cell in zip(codec.columns, old, new, strict=True)
            if before != cell and name not in counters
        }
        names = (*(name.removeprefix("n_") for name in changed), "recorded_at")
        values = changed | {"n_recorded_at": stamp[1], "tenant_": stamp[0], "id_": update.after.id}
        if isinstance(update.before, Record):
            values["version_"] = update.before.version
        exact = counters if update.exact else ()
        values |= {f"x_{name}": getattr(update.before, name).minor for name in exact}
        statement = self.statements.update(kind, names, exact)
        return _step(statement, values, 1, f"{kind_name(kind)} {update.after.id}")

    def _addition(self, addition: Addition, tenant: str) -> Step:
        bound = addition.kind.bound
        rise = 0
        if bound is not None:
            rise += sum(addition.amounts.get(name, 0) for name in bound.plus)
            rise -= sum(addition.amounts.get(name, 0) for name in bound.minus)
        bounded = addition.bounded and rise > 0
        statement = self.statements.add(
            addition.kind, tuple(addition.amounts), bounded=bounded, versioned=addition.version is not None
        )
        values = {"tenant_": tenant, "id_": addition.id, "rise_": rise, "version_": addition.version}
        for name, amount in addition.amounts.items():
            values[f"a_{name}"] = values[f"c_{name}"] = amount
        return _step(statement, values, 1, f"{kind_name(addition.kind)} {addition.id}")


def _step(statement: Statement, values: dict[str, Any], rows: int, what: str) -> Step:
    return Step(statement.text, statement.bind(values), rows, what=what)


@define
class Group:
    """What a batch does to one kind."""

    expects: list[Expect] = field(factory=list)
    inserts: list[Entity] = field(factory=list)
    updates: list[Update] = field(factory=list)
    removals: list[Part] = field(factory=list)


def _by_kind(batch: Batch) -> dict[type[Entity], Group]:
    groups: defaultdict[type[Entity], Group] = defaultdict(Group)
    for expect in batch.expects:
        groups[expect.kind].expects.append(expect)
    for entity in batch.inserts:
        groups[type(entity)].inserts.append(entity)
    for update in batch.updates:
        groups[type(update.after)].updates.append(update)
    for part in batch.removals:
        groups[type(part)].removals.append(part)
    return groups
