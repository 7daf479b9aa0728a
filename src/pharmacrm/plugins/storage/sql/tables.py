"""Tables derived from the records, and our own: the journal and what belongs to it, outbox, ledger."""

from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Any

from attrs import define, field
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Identity,
    Index,
    Integer,
    MetaData,
    Table,
    text,
)
from sqlalchemy.types import TypeEngine

from pharmacrm.core.kernel.record import Entity, Record
from pharmacrm.core.kernel.schema import Field, Form, schema_of
from pharmacrm.plugins.storage.sql.cells import (
    KEYED,
    LONG,
    TABLE_OPTIONS,
    instant_type,
    text_type,
    value_type,
)

TENANT, ID = 64, 200

_SIMPLE: dict[Form, Callable[[], TypeEngine[Any]]] = {
    Form.INTEGER: BigInteger,
    Form.TRUTH: Boolean,
    Form.DATE: Date,
    Form.MONEY: BigInteger,
    Form.PRICE: BigInteger,
    Form.PERCENTAGE: BigInteger,
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
        columns.append(Column("recorded_at", instant_type(self.dialect), nullable=False))
        name = self.prefix + schema.name
        indexes = [self._index(name, each) for each in schema.fields if each.column.index or each.parent]
        return Table(name, self.metadata, *columns, *indexes, schema=self.schema, **TABLE_OPTIONS)

    def _index(self, table: str, each: Field) -> Index:
        """An index on a field and what follows it; of a text that fits no key of MariaDB's, its beginning."""
        long = each.form in {Form.TEXT, Form.CHOICE} and each.column.length > KEYED
        part: dict[str, Any] = {f"{name}_length": {each.name: KEYED} for name in ("mariadb", "mysql") if long}
        return Index(f"ix_{table}_{each.name}", "tenant", each.name, *each.column.then, "id", **part)

    def _column(self, each: Field) -> "Column[object]":
        if each.form in {Form.TEXT, Form.CHOICE}:
            return self.text(each.name, each.column.length, optional=each.optional)
        return Column(each.name, self._type(each.form), nullable=each.optional)

    def _type(self, form: Form) -> TypeEngine[Any]:
        if form is Form.INSTANT:
            return instant_type(self.dialect)
        return value_type(self.dialect) if form is Form.VALUE else _SIMPLE[form]()

    def text(self, name: str, length: int, *, key: bool = False, optional: bool = False) -> "Column[object]":
        """A text column that compares bytewise."""
        return Column(name, text_type(self.dialect, length), primary_key=key, nullable=optional)

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
            Column("recorded_at", instant_type(self.dialect), nullable=False),
            Column("effective_on", Date, nullable=False),
            Column("claimed_at", instant_type(self.dialect)),
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
            **TABLE_OPTIONS,
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
            **TABLE_OPTIONS,
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
            Column("due_at", instant_type(self.dialect), nullable=False),
            self.text("state", 10),
            Column("starts", Integer, nullable=False),
            self.text("token", 36),
            Column("leased_until", instant_type(self.dialect)),
            self.text("fault", 500),
            Index(f"ix_{name}_queue", "tenant", "state", "destination", "subject", "id"),
            schema=self.schema,
            **TABLE_OPTIONS,
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
            **TABLE_OPTIONS,
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
