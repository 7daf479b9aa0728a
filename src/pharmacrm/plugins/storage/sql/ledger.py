"""Making our tables, and knowing whether they are what the records want, whoever made them.

The ledger keeps a fingerprint for each table, so that opening a store is one query. Where it says something
else, or nothing, the table itself is looked at: a host may make and migrate our tables with its own tools.
"""

import hashlib
from typing import Any

from attrs import define
from sqlalchemy import Connection, Engine, Inspector, MetaData, Table, inspect, select

from pharmacrm.core.kernel.errors import SchemaChanged, StoreFailure
from pharmacrm.plugins.storage.sql import mariadb
from pharmacrm.plugins.storage.sql.faults import opening
from pharmacrm.plugins.storage.sql.tables import Tables


@define
class Ledger:
    """The tables of one store in its database."""

    tables: Tables
    engine: Engine

    def make(self) -> None:
        """Make the tables that are missing, refuse those that differ, and note down what all look like."""
        with self._connected() as connection:
            seen = inspect(connection)
            self._want_schema(seen)
            there = set(seen.get_table_names(schema=self.tables.schema))
        missing = [table for table in self.tables.metadata.sorted_tables if table.name not in there]
        with self.engine.begin() as connection:
            self._create(connection, missing)
            self._note(connection, self._changed(connection))

    def holds(self) -> bool:
        """Whether the tables are there; one that differs from its record is refused.

        The ledger is filled last: while it is empty, an installation was interrupted and is to be done again.
        A table of a new kind may be missing still: `create_tables` makes it.
        """
        ledger = self.tables.ledger
        with self._connected() as connection:
            if not inspect(connection).has_table(ledger.name, schema=self.tables.schema):
                return False
            if connection.execute(select(ledger.c.name).limit(1)).first() is None:
                return False
            self._changed(connection)
        return True

    def copied(self, into: MetaData) -> tuple[Table, ...]:
        """The tables, copied into another metadata."""
        return tuple(table.to_metadata(into) for table in self.tables.metadata.sorted_tables)

    def _connected(self) -> Connection:
        with opening(self.engine.url):
            return self.engine.connect()

    def _create(self, connection: Connection, missing: list[Table]) -> None:
        if self.tables.dialect == "mariadb":
            for table in missing:
                mariadb.make_table(connection, table)
        else:
            self.tables.metadata.create_all(connection, tables=missing)

    def _want_schema(self, seen: Inspector) -> None:
        schema = self.tables.schema
        if schema is not None and schema not in seen.get_schema_names():
            raise StoreFailure(f"there is no schema {schema}: create it first", "store.schema")

    def _changed(self, connection: Connection) -> list[Table]:
        """The tables whose fingerprint is not noted down; each fits its record, or is refused."""
        known = {row.name: row.digest for row in connection.execute(select(self.tables.ledger))}
        tables = self.tables.metadata.sorted_tables
        if self.tables.dialect == "mariadb":
            mariadb.refuse_tables(connection, {table.name for table in tables}, self.tables.schema)
        prints = {table: digest_of(self.tables.fingerprint(table)) for table in tables}
        changed = [table for table in tables if known.get(table.name) != prints[table]]
        if changed:
            seen = inspect(connection)
            there = set(seen.get_table_names(schema=self.tables.schema))
            changed = [table for table in changed if table.name in there]
            for table in changed:
                _compare(seen, table)
        return changed

    def _note(self, connection: Connection, changed: list[Table]) -> None:
        ledger = self.tables.ledger
        rows = [(table.name, self.tables.fingerprint(table)) for table in changed]
        if rows:
            connection.execute(ledger.delete().where(ledger.c.name.in_([name for name, _ in rows])))
            noted = [{"name": name, "digest": digest_of(each), "columns": each} for name, each in rows]
            connection.execute(ledger.insert().values(noted))


def _compare(seen: Inspector, table: Table) -> None:
    """Refuse a table whose columns or primary key are not what its record wants."""
    found = seen.get_columns(table.name, schema=table.schema)
    have = {_told(each["name"], each["type"], nullable=each["nullable"]) for each in found}
    want = {_told(each.name, each.type, nullable=bool(each.nullable)) for each in table.columns}
    have.add(_key(seen.get_pk_constraint(table.name, schema=table.schema)["constrained_columns"]))
    want.add(_key([column.name for column in table.primary_key.columns]))
    if have != want:
        gone, come = ", ".join(sorted(have - want)), ", ".join(sorted(want - have))
        raise SchemaChanged(f"table {table.name}: has [{gone}], the record wants [{come}]")


def _told(name: str, kind: Any, *, nullable: bool) -> str:
    length = getattr(kind, "length", None)
    short = isinstance(length, int) and length < 2**16
    return name + (f" length={length}" if short else "") + ("?" if nullable else "")


def _key(names: list[str]) -> str:
    return f"primary key {'+'.join(names)}"


def digest_of(columns: str) -> str:
    """The short form of a fingerprint."""
    return hashlib.sha256(columns.encode()).hexdigest()
