"""SQL text, compiled once for each kind and shape from SQLAlchemy Core, and kept.

Every statement is a text with positional parameters and the order in which its named values go into them.
"""

from collections.abc import Callable, Sequence
from typing import Any

from attrs import define, field, frozen
from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Dialect,
    Select,
    and_,
    bindparam,
    false,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.sql import Executable
from sqlalchemy.sql.util import ClauseAdapter

from pharmacrm.core.kernel.query import Condition, Operator, Query, Within, checked
from pharmacrm.core.kernel.record import Entity, Record
from pharmacrm.core.kernel.schema import schema_of
from pharmacrm.plugins.storage.sql.rows import RowCodec, codec_for
from pharmacrm.plugins.storage.sql.tables import Tables

Shape = tuple[Any, ...]


def slot(name: str) -> BindParameter[Any]:
    """A named place for a value in a statement."""
    return bindparam(name)


@frozen
class Statement:
    """SQL text and the names of its parameters, in the order in which they stand."""

    text: str
    names: tuple[str, ...]
    fixed: dict[str, Any] = field(factory=dict)

    def bind(self, values: dict[str, Any]) -> tuple[Any, ...]:
        """The parameters in order; the literals of the statement itself are filled in."""
        known = {**self.fixed, **values} if self.fixed else values
        return tuple(map(known.__getitem__, self.names))


@define
class Statements:
    """The statements of one store, by kind and shape."""

    tables: Tables
    dialect: Dialect
    codecs: dict[type[Entity], RowCodec] = field(factory=dict)
    kept: dict[Shape, Statement] = field(factory=dict)

    def codec(self, kind: type[Entity]) -> RowCodec:
        """The row codec of a kind."""
        found = self.codecs.get(kind)
        if found is None:
            found = self.codecs[kind] = codec_for(kind, self.tables.dialect)
        return found

    def compiled(self, statement: Any) -> Statement:
        """A Core statement as text with positional parameters."""
        compiled = statement.compile(dialect=self.dialect)
        fixed = {name: value for name, value in compiled.params.items() if value is not None}
        return Statement(str(compiled), tuple(compiled.positiontup or ()), fixed)

    def once(self, *key: object, make: Callable[[], Executable]) -> Statement:
        """The statement of a key, compiled when it is first wanted."""
        kept = self.kept.get(key)
        if kept is None:
            kept = self.kept[key] = self.compiled(make())
        return kept

    def get(self, kind: type[Entity]) -> Statement:
        """One entity by tenant and id."""
        key = ("get", kind)
        if key not in self.kept:
            table = self.tables.by_kind[kind]
            self.kept[key] = self.compiled(self._select(kind).where(table.c.id == slot("id")))
        return self.kept[key]

    def find(self, kind: type[Entity], query: Query) -> Statement:
        """Entities by the shape of a query; the values are bound later, by `values_of`."""
        key = ("find", kind, shape_of(query.where), query.order, query.limit is None, query.after is None)
        kept = self.kept.get(key)
        if kept is None or query.limit is not None or query.after is not None:
            checked(kind, query)
        if kept is None:
            kept = self.kept[key] = self.compiled(self._find(kind, query))
        return kept

    def _find(self, kind: type[Entity], query: Query) -> Select[Any]:
        table = self.tables.by_kind[kind]
        chosen = self._select(kind).where(*self.conditions(kind, query.where, "w"))
        if query.after is not None:
            chosen = chosen.where(_following(table, query.keys))
        for name, descending in query.keys:
            chosen = chosen.order_by(table.c[name].desc() if descending else table.c[name])
        return chosen if query.limit is None else chosen.limit(slot("limit_"))

    def count(self, kind: type[Entity], where: tuple[Condition, ...]) -> Statement:
        """How many match the shape of these conditions."""
        key = ("count", kind, shape_of(where))
        if key not in self.kept:
            checked(kind, Query(where))
            table = self.tables.by_kind[kind]
            chosen = select(func.count()).select_from(table).where(table.c.tenant == slot("tenant"))
            self.kept[key] = self.compiled(chosen.where(*self.conditions(kind, where, "w")))
        return self.kept[key]

    def _select(self, kind: type[Entity]) -> Select[Any]:
        table = self.tables.by_kind[kind]
        cells = [table.c[name] for name in self.codec(kind).columns]
        parent = schema_of(kind).parent
        if parent is None or parent.parent is None:
            return select(*cells, table.c.version, table.c.recorded_at).where(
                table.c.tenant == slot("tenant")
            )
        above = self.tables.by_kind[parent.parent]
        joined = table.join(above, and_(above.c.tenant == table.c.tenant, above.c.id == table.c[parent.name]))
        chosen = select(*cells, above.c.version, table.c.recorded_at).select_from(joined)
        return chosen.where(table.c.tenant == slot("tenant"))

    def conditions(
        self, kind: type[Entity], where: tuple[Condition, ...], path: str
    ) -> list[ColumnElement[bool]]:
        """Conditions as they stand in a WHERE or a CASE; their values are bound under `path`."""
        return [self._condition(kind, condition, f"{path}{number}") for number, condition in enumerate(where)]

    def _condition(self, kind: type[Entity], condition: Condition, name: str) -> ColumnElement[bool]:
        column = self.tables.by_kind[kind].c[condition.field]
        value = slot(name)
        match condition.operator:
            case Operator.EQ:
                return column == value
            case Operator.LT:
                return column < value
            case Operator.LE:
                return column <= value
            case Operator.GT:
                return column > value
            case Operator.GE:
                return column >= value
            case Operator.NULL:
                return column.is_(None)
            case Operator.PREFIX:
                size = slot(f"{name}_size")
                return and_(column >= value, func.substr(column, 1, size) == slot(f"{name}_text"))
            case Operator.IN:
                items = [slot(f"{name}_{number}") for number in range(len(condition.value))]
                return column.in_(items) if items else false()
            case Operator.WITHIN:
                return column.in_(self._values(condition.value, name))

    def _values(self, wanted: Within, name: str) -> Select[Any]:
        table = self.tables.by_kind[wanted.kind].alias(name + "t")
        inner = Statements(self.tables, self.dialect, self.codecs)
        chosen = select(table.c[wanted.field]).where(table.c.tenant == slot("tenant"))
        conditions = inner.conditions(wanted.kind, wanted.where, name + "_")
        adapted = [_moved(condition, table) for condition in conditions]
        return chosen.where(*adapted, table.c[wanted.field].is_not(None))

    def values_of(self, kind: type[Entity], where: tuple[Condition, ...], path: str = "w") -> dict[str, Any]:
        """The values of conditions, named as in their statement."""
        codec = self.codec(kind)
        found: dict[str, Any] = {}
        for number, condition in enumerate(where):
            name = f"{path}{number}"
            match condition.operator:
                case Operator.NULL:
                    continue
                case Operator.IN:
                    for place, item in enumerate(condition.value):
                        found[f"{name}_{place}"] = codec.cell(condition.field, item)
                case Operator.WITHIN:
                    found |= self.values_of(condition.value.kind, condition.value.where, name + "_")
                case Operator.PREFIX:
                    found |= {name: condition.value, f"{name}_text": condition.value}
                    found[f"{name}_size"] = len(condition.value)
                case _:
                    found[name] = codec.cell(condition.field, condition.value)
        return found

    def insert(self, kind: type[Entity], rows: int) -> Statement:
        """Several rows in one statement, cells in the codec's order, then tenant and time."""
        return self.rows(
            self.tables.by_kind[kind].name, (*self.codec(kind).columns, "tenant", "recorded_at"), rows
        )

    def rows(self, table_name: str, columns: tuple[str, ...], rows: int) -> Statement:
        """An INSERT of several rows into any of our tables."""
        key = ("rows", table_name, columns, rows)
        if key not in self.kept:
            self.kept[key] = self._rows(table_name, columns, rows)
        return self.kept[key]

    def _rows(self, table_name: str, columns: tuple[str, ...], rows: int) -> Statement:
        full = f"{self.tables.schema}.{table_name}" if self.tables.schema else table_name
        quote = self.dialect.identifier_preparer
        names = ", ".join(quote.quote(name) for name in columns)
        mark = "?" if self.dialect.paramstyle == "qmark" else "%s"
        row = f"({', '.join([mark] * len(columns))})"
        into = quote.format_table(self.tables.metadata.tables[full])
        return Statement(f"INSERT INTO {into} ({names}) VALUES {', '.join([row] * rows)}", columns * rows)

    def update(self, kind: type[Entity], changed: tuple[str, ...], exact: tuple[str, ...] = ()) -> Statement:
        """Change these columns of one record at a version and with these counters, or of one part."""
        key = ("update", kind, changed, exact)
        if key not in self.kept:
            table = self.tables.by_kind[kind]
            where = [table.c.tenant == slot("tenant_"), table.c.id == slot("id_")]
            if issubclass(kind, Record):
                where.append(table.c.version == slot("version_"))
            where += [table.c[name] == slot(f"x_{name}") for name in exact]
            values = {name: slot(f"n_{name}") for name in changed}
            self.kept[key] = self.compiled(update(table).where(*where).values(values))
        return self.kept[key]

    def delete(self, kind: type[Entity]) -> Statement:
        """Take one part away."""
        key = ("delete", kind)
        if key not in self.kept:
            table = self.tables.by_kind[kind]
            where = and_(table.c.tenant == slot("tenant_"), table.c.id == slot("id_"))
            self.kept[key] = self.compiled(table.delete().where(where))
        return self.kept[key]

    def expect(self, kind: type[Record], ids: int) -> Statement:
        """The versions of these records, held against change until the end of the transaction."""
        key = ("expect", kind, ids)
        if key not in self.kept:
            table = self.tables.by_kind[kind]
            chosen = (
                select(table.c.id, table.c.version)
                .where(
                    table.c.tenant == slot("tenant"),
                    table.c.id.in_([slot(f"i{number}") for number in range(ids)]),
                )
                .order_by(table.c.id)
            )
            self.kept[key] = self.compiled(chosen.with_for_update(read=True))
        return self.kept[key]

    def add(
        self, kind: type[Record], counters: tuple[str, ...], *, bounded: bool, versioned: bool
    ) -> Statement:
        """Move counters: each stays at least 0, and the record's bound holds if asked."""
        key = ("add", kind, counters, bounded, versioned)
        if key not in self.kept:
            self.kept[key] = self.compiled(self._add(kind, counters, bounded=bounded, versioned=versioned))
        return self.kept[key]

    def _add(
        self, kind: type[Record], counters: tuple[str, ...], *, bounded: bool, versioned: bool
    ) -> Executable:
        table = self.tables.by_kind[kind]
        where = [table.c.tenant == slot("tenant_"), table.c.id == slot("id_")]
        where += [table.c[name] + slot(f"c_{name}") >= 0 for name in counters]
        if bounded and kind.bound is not None:
            total = sum(
                (table.c[name] for name in kind.bound.plus[1:]), start=table.c[kind.bound.plus[0]] + 0
            )
            for name in kind.bound.minus:
                total = total - table.c[name]
            where.append(total + slot("rise_") <= table.c[kind.bound.limit])
        if versioned:
            where.append(table.c.version == slot("version_"))
        values = {name: table.c[name] + slot(f"a_{name}") for name in counters}
        return update(table).where(*where).values(values)


def _moved(condition: ColumnElement[bool], alias: Any) -> ColumnElement[bool]:
    return ClauseAdapter(alias).traverse(condition)


def _following(table: Any, keys: Sequence[tuple[str, bool]]) -> ColumnElement[bool]:
    arms = []
    for number, (name, descending) in enumerate(keys):
        same = [table.c[other] == slot(f"after_{other}") for other, _ in keys[:number]]
        mark = slot(f"after_{name}")
        arms.append(and_(*same, table.c[name] < mark if descending else table.c[name] > mark))
    return or_(*arms)


def shape_of(where: tuple[Condition, ...]) -> Shape:
    """What two conditions have in common that share a statement: everything but their values."""
    return tuple(
        (condition.field, condition.operator, _size(condition.value))
        if condition.operator in {Operator.IN, Operator.WITHIN}
        else (condition.field, condition.operator)
        for condition in where
    )


def _size(value: Any) -> Any:
    return (value.kind, value.field, shape_of(value.where)) if isinstance(value, Within) else len(value)
