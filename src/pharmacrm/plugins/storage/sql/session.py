"""One connection's view of the store: reads, and the flush of a batch, all or nothing."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from itertools import groupby
from typing import Any, Protocol

from attrs import define, frozen

from pharmacrm.core.kernel.errors import Conflict, StoreFailure
from pharmacrm.core.kernel.journal import Entry, JournalQuery
from pharmacrm.core.kernel.query import Condition, Query, checked
from pharmacrm.core.kernel.record import Entity, Record, kind_name
from pharmacrm.core.kernel.schema import schema_of
from pharmacrm.core.kernel.store import Addition, Batch, Expect, Found, Update
from pharmacrm.plugins.storage.sql.faults import translated
from pharmacrm.plugins.storage.sql.log import DELIVERY, ENTRY, PERSONAL, Log
from pharmacrm.plugins.storage.sql.statements import Statement, Statements

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

    def unit(self) -> AbstractContextManager[None]:
        """A transaction of our own, or a savepoint in the host's."""


@define
class SqlSession:
    """Reads and flushes through one driver."""

    driver: Driver
    statements: Statements
    log: Log

    def get(self, tenant: str, kind: type[Entity], id: str) -> Found | None:
        """One entity by id."""
        self._known(kind)
        statement = self.statements.get(kind)
        with translated():
            rows = self.driver.rows(statement.text, statement.bind({"tenant": tenant, "id": id}))
        return self._found(kind, rows[0]) if rows else None

    def find(self, tenant: str, kind: type[Entity], query: Query) -> list[Found]:
        """The entities that match, in order."""
        self._known(kind)
        statement = self.statements.find(kind, checked(kind, query))
        values = self.statements.values_of(kind, query.where)
        values |= {"tenant": tenant, "limit_": query.limit}
        if query.after is not None:
            codec = self.statements.codec(kind)
            values |= {f"after_{name}": codec.cell(name, getattr(query.after, name)) for name, _ in query.keys}
        with translated():
            return [self._found(kind, row) for row in self.driver.rows(statement.text, statement.bind(values))]

    def count(self, tenant: str, kind: type[Entity], where: tuple[Condition, ...]) -> int:
        """How many match."""
        self._known(kind)
        checked(kind, Query(where))
        statement = self.statements.count(kind, where)
        values = self.statements.values_of(kind, where) | {"tenant": tenant}
        with translated():
            return int(self.driver.rows(statement.text, statement.bind(values))[0][0])

    def journal(self, tenant: str, query: JournalQuery) -> list[Entry]:
        """Entries of the journal, in the order in which they were written."""
        with translated():
            return self.log.read(self.driver.rows, tenant, query)

    def _known(self, kind: type[Entity]) -> None:
        if kind not in self.statements.tables.by_kind:
            raise StoreFailure(f"the store holds no {kind_name(kind)}: it is not registered", "store.kind")

    def _found(self, kind: type[Entity], row: Sequence[Any]) -> Found:
        at = row[-1]
        return Found(self.statements.codec(kind).decode(row), row[-2], self.log.instant(at))  # type: ignore[arg-type]

    def flush(self, tenant: str, batch: Batch) -> None:
        """Store a batch whole, or raise and store nothing."""
        steps = list(self._steps(tenant, batch))
        with translated(), self.driver.unit():
            self.driver.run(steps)

    def _steps(self, tenant: str, batch: Batch) -> Iterator[Step]:
        stamp = (tenant, self.log.moment(batch.at))
        yield from self._inserts(batch.keys, stamp)
        for kind in sorted(_kinds(batch), key=kind_name):
            yield from self._expects(kind, [each for each in batch.expects if each.kind is kind], tenant)
            yield from self._inserts([each for each in batch.inserts if type(each) is kind], stamp)
            for update in sorted((u for u in batch.updates if type(u.after) is kind), key=lambda u: u.after.id):
                yield self._update(update, stamp)
            for part in batch.removals:
                if type(part) is kind:
                    values = {"tenant_": tenant, "id_": part.id}
                    yield _step(self.statements.delete(kind), values, 1, kind_name(kind))
        for addition in sorted(batch.additions, key=lambda each: (kind_name(each.kind), each.id)):
            yield self._addition(addition, tenant)
        yield from self._written(ENTRY, [self.log.entry(tenant, entry) for entry in batch.entries])
        yield from self._written(PERSONAL, [row for entry in batch.entries for row in self.log.personal(tenant, entry)])
        yield from self._written(DELIVERY, [self.log.delivery(tenant, each) for each in batch.deliveries])

    def _inserts(self, entities: Sequence[Entity], stamp: tuple[str, Any]) -> Iterator[Step]:
        for kind, same in groupby(entities, key=type):
            codec = self.statements.codec(kind)
            rows = [(*codec.encode(entity), *stamp) for entity in same]
            for start in range(0, len(rows), WIDEST):
                some = rows[start : start + WIDEST]
                text = self.statements.insert(kind, len(some)).text
                yield Step(text, tuple(cell for row in some for cell in row), len(some), what=kind_name(kind))

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
        return _step(self.statements.update(kind, names), values, 1, f"{kind_name(kind)} {update.after.id}")

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


def _kinds(batch: Batch) -> set[type[Entity]]:
    kinds: set[type[Entity]] = {expect.kind for expect in batch.expects}
    kinds |= {type(entity) for entity in batch.inserts}
    kinds |= {type(update.after) for update in batch.updates}
    return kinds | {type(part) for part in batch.removals}

