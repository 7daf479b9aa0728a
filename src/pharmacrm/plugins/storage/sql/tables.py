"""Tables derived from the records, and our own: the journal and what belongs to it, outbox, ledger."""

import hashlib
from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Any

from attrs import define, field
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Identity,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    text,
)
from sqlalchemy.types import TypeEngine

from pharmacrm.core.kernel.record import Entity, Record
from pharmacrm.core.kernel.schema import Field, Form, schema_of

TENANT, ID = 64, 200
LONG = 4000

_SIMPLE: dict[Form, Callable[[], TypeEngine[Any]]] = {
    Form.INTEGER: BigInteger,
    Form.TRUTH: Boolean,
    Form.DATE: Date,
    Form.INSTANT: lambda: DateTime(timezone=True),
    Form.MONEY: BigInteger,
    Form.PRICE: BigInteger,
    Form.PERCENTAGE: BigInteger,
    Form.VALUE: Text,
}


@define(slots=False)
class Tables:
    """The tables of one store, by kind, under one prefix and schema."""

    dialect: str
    prefix: str = "pharmacrm_"
    schema: str | None = None
    metadata: MetaData = field(factory=MetaData)
    by_kind: dict[type[Entity], Table] = field(factory=dict)

    def add(self, kinds: Iterable[type[Entity]]) -> None:
        """Derive the tables of these kinds, once each."""
        for kind in kinds:
            if kind not in self.by_kind:
                self.by_kind[kind] = self._derive(kind)

    def _derive(self, kind: type[Entity]) -> Table:
        schema = schema_of(kind)
        columns: list[Column[object]] = [self.text("tenant", TENANT, key=True), self.text("id", ID, key=True)]
        if issubclass(kind, Record):
            columns.append(Column("version", Integer, nullable=False))
        columns += [self._column(each) for each in schema.fields]
        if schema.money and all(each.name != "currency" for each in schema.fields):
            columns.append(self.text("currency", 3, optional=True))
        columns.append(Column("recorded_at", DateTime(timezone=True), nullable=False))
        name = self.prefix + schema.name
        indexes = [
            Index(f"ix_{name}_{each.name}", "tenant", each.name, "id")
            for each in schema.fields
            if each.column.index or each.parent
        ]
        return Table(name, self.metadata, *columns, *indexes, schema=self.schema)

    def _column(self, each: Field) -> "Column[object]":
        if each.form in {Form.TEXT, Form.CHOICE}:
            return self.text(each.name, each.column.length, optional=each.optional)
        return Column(each.name, _SIMPLE[each.form](), nullable=each.optional)

    def text(self, name: str, length: int, *, key: bool = False, optional: bool = False) -> "Column[object]":
        """A text column that compares bytewise."""
        collation = {"postgresql": "C", "mysql": "utf8mb4_nopad_bin", "mariadb": "utf8mb4_nopad_bin"}.get(
            self.dialect
        )
        kind: TypeEngine[str] = String(length, collation) if length <= LONG else Text(collation=collation)
        return Column(name, kind, primary_key=key, nullable=optional)

    def fingerprint(self, table: Table) -> str:
        """What a table must look like, as one line: its columns with type and nullability."""
        return ", ".join(
            f"{column.name} {column.type!r}{'?' if column.nullable else ''}" for column in table.columns
        )

    @cached_property
    def journal(self) -> Table:
        """The append-only journal; `seq` is an identity with gaps, `tx` PostgreSQL's transaction id."""
        name = self.prefix + "journal"
        transaction = text("(pg_current_xact_id()::text)::bigint") if self.dialect == "postgresql" else None
        return Table(
            name,
            self.metadata,
            Column("seq", BigInteger().with_variant(Integer, "sqlite"), Identity(), primary_key=True),
            Column("tx", BigInteger, server_default=transaction),
            self.text("tenant", TENANT),
            self.text("id", 36),
            Column("recorded_at", DateTime(timezone=True), nullable=False),
            Column("effective_on", Date, nullable=False),
            Column("claimed_at", DateTime(timezone=True)),
            *(self.text(each, size) for each, size in JOURNAL_TEXTS),
            Column("version", Integer, nullable=False),
            *(self.text(each, LONG + 1) for each in ("changes", "reasons", "note")),
            self.text("algorithm", 20),
            self.text("hash", 64),
            Index(f"ux_{name}_id", "tenant", "id", unique=True),
            Index(f"ix_{name}_subject", "tenant", "subject", "seq"),
            Index(f"ix_{name}_recorded", "tenant", "recorded_at", "seq"),
            Index(
                f"ix_{name}_key",
                "tenant",
                "key",
                postgresql_where=text("key <> ''"),
                sqlite_where=text("key <> ''"),
            ),
            schema=self.schema,
        )

    @cached_property
    def personal(self) -> Table:
        """Personal values beside the journal, each under a salt: erasing one leaves every hash true."""
        return Table(
            self.prefix + "journal_personal",
            self.metadata,
            self.text("tenant", TENANT, key=True),
            self.text("entry", 36, key=True),
            self.text("field", 300, key=True),
            self.text("salt", 64),
            self.text("value", LONG + 1),
            schema=self.schema,
        )

    @cached_property
    def unsealed(self) -> Table:
        """The entries that no seal covers yet, written with them: a late commit can never be passed over."""
        return Table(
            self.prefix + "journal_unsealed",
            self.metadata,
            self.text("tenant", TENANT, key=True),
            self.text("entry", 36, key=True),
            schema=self.schema,
        )

    @cached_property
    def delivery(self) -> Table:
        """The outbox: one mutable row per delivery, pointing at the journal."""
        name = self.prefix + "delivery"
        return Table(
            name,
            self.metadata,
            self.text("tenant", TENANT, key=True),
            self.text("id", 36, key=True),
            *(self.text(each, size) for each, size in DELIVERY_TEXTS),
            self.text("payload", LONG + 1),
            Column("due_at", DateTime(timezone=True), nullable=False),
            self.text("state", 10),
            Column("starts", Integer, nullable=False),
            self.text("token", 36),
            Column("leased_until", DateTime(timezone=True)),
            self.text("fault", 500),
            Index(f"ix_{name}_queue", "tenant", "state", "destination", "subject", "id"),
            schema=self.schema,
        )

    @cached_property
    def ledger(self) -> Table:
        """One row per table with the fingerprint of its columns."""
        return Table(
            self.prefix + "schema",
            self.metadata,
            self.text("name", ID, key=True),
            self.text("digest", 64),
            self.text("columns", LONG + 1),
            schema=self.schema,
        )


JOURNAL_TEXTS = (
    ("actor", 64),
    ("roles", 400),
    ("acting_for", 64),
    ("command", 100),
    ("key", 64),
    ("verb", 10),
    ("kind", 64),
    ("subject", ID),
)
DELIVERY_TEXTS = (("destination", 64), ("topic", 100), ("subject", ID), ("entry", 36))


def digest_of(columns: str) -> str:
    """The short form of a fingerprint."""
    return hashlib.sha256(columns.encode()).hexdigest()
