"""The store on SQLite or PostgreSQL: its pool, its tables, and the host's connection if one is bound."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import cast

from sqlalchemy import Connection, MetaData, Table, func, select
from sqlalchemy.orm import Session as HostSession

from pharmacrm.core.kernel.errors import MalformedInput, StoreFailure
from pharmacrm.core.kernel.record import Entity
from pharmacrm.core.kernel.store import OWN_KINDS, Claim, Delivery, Session, Settlement
from pharmacrm.core.kernel.tenant import Tenant
from pharmacrm.plugins.storage.sql import mariadb
from pharmacrm.plugins.storage.sql.cells import instant_in
from pharmacrm.plugins.storage.sql.drivers import (
    EmbeddedDriver,
    HostDriver,
    OwnDriver,
    PipelinedDriver,
    refuse_autocommit,
)
from pharmacrm.plugins.storage.sql.engine import as_url, engine_for, positional
from pharmacrm.plugins.storage.sql.faults import translated
from pharmacrm.plugins.storage.sql.ledger import Ledger
from pharmacrm.plugins.storage.sql.log import Log
from pharmacrm.plugins.storage.sql.outbox import Outbox
from pharmacrm.plugins.storage.sql.session import SqlSession
from pharmacrm.plugins.storage.sql.statements import Statements
from pharmacrm.plugins.storage.sql.tables import Tables

MOMENTS = {
    "sqlite": ("BEGIN",),
    "postgresql": ("BEGIN ISOLATION LEVEL REPEATABLE READ",),
    "mariadb": (
        "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ",
        "START TRANSACTION WITH CONSISTENT SNAPSHOT",
    ),
}
"""How a transaction begins that sees one moment."""

COMMITS = {
    "sqlite": ("PRAGMA synchronous", "synchronous"),
    "postgresql": ("SHOW synchronous_commit", "synchronous_commit"),
    "mariadb": ("SELECT @@innodb_flush_log_at_trx_commit", "innodb_flush_log_at_trx_commit"),
}
"""What a commit waits for: how to ask, and the name of the setting."""


class SqlStore:
    """A store in the database of a SQLAlchemy URL: `sqlite:///crm.db`, `mariadb+pymysql://...`."""

    def __init__(
        self,
        url: str,
        *,
        prefix: str = "pharmacrm_",
        schema: str | None = None,
        pool_size: int = 5,
        durable: bool = True,
    ) -> None:
        """`durable=False` lets SQLite lose the last commits at a power cut (synchronous=NORMAL) for speed."""
        self.url = as_url(url)
        self.embedded = self.url.get_backend_name() == "sqlite"
        if self.embedded and schema is not None:
            raise StoreFailure("SQLite has no schemas: leave schema out, use prefix", "store.schema")
        self.engine = engine_for(self.url, pool_size, durable=durable)
        self.driver, self.begin = DRIVERS[self.engine.dialect.name]
        self.tables = Tables(self.engine.dialect.name, prefix, schema)
        self.log_tables = (
            self.tables.journal,
            self.tables.personal,
            self.tables.unsealed,
            self.tables.delivery,
            self.tables.ledger,
        )
        self.ledger = Ledger(self.tables, self.engine)
        self.statements = Statements(self.tables, positional(self.engine.dialect))
        self.log = Log(self.tables, self.statements)
        self.outbox = Outbox(self.tables, self.statements, self.log, self.session)

    def session(self) -> "_Opened":
        """A session on a connection of our own pool."""
        return _Opened(self)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """One transaction that sees one moment: a snapshot, and whatever is flushed, all or nothing."""
        begin = MOMENTS[self.tables.dialect]
        with self.session() as session, translated(), cast("OwnDriver", session.driver).whole(*begin):
            session.remembers = False
            yield session

    def durability(self) -> str:
        """What the database says of commits, by the name of its own setting."""
        asked, setting = COMMITS[self.tables.dialect]
        with translated(), self.session() as session:
            said = session.driver.rows(asked, ())[0][0]
        word = ("OFF", "NORMAL", "FULL", "EXTRA")[said] if self.embedded else said
        return f"{self.tables.dialect} {setting}={word}"

    def bound(self, host: Connection | HostSession) -> Session:
        """A session inside the host's transaction, of which nothing is committed, rolled back or closed."""
        connection = host.connection() if isinstance(host, HostSession) else host
        if isinstance(host, HostSession):
            host.flush()
        if not isinstance(connection, Connection):
            raise MalformedInput("bind.type", "a SQLAlchemy connection or session is wanted", value=host)
        dialect = "mariadb" if getattr(connection.dialect, "is_mariadb", False) else connection.dialect.name
        if dialect != self.tables.dialect:
            message = f"the store speaks {self.tables.dialect}, the connection {dialect}"
            raise StoreFailure(message, "bind.dialect")
        refuse_autocommit(connection)
        old_snapshot = dialect == "mariadb" and mariadb.refuse_settings(connection)
        return SqlSession(HostDriver(connection, self.embedded, old_snapshot), self.statements, self.log)

    def install(self, kinds: Sequence[type[Entity]]) -> None:
        """Make missing tables, and refuse what differs from the records."""
        self.register(kinds)
        with translated():
            self.ledger.make()

    def register(self, kinds: Sequence[type[Entity]]) -> None:
        """Know these kinds, without touching the database."""
        self.tables.add((*OWN_KINDS, *kinds))

    def tenants(self) -> tuple[str, ...]:
        """The installed tenants by name; none in an empty database."""
        if not self.installed():
            return ()
        table = self.tables.by_kind[Tenant]
        statement = self.statements.compiled(select(table.c.id).order_by(table.c.id))
        with translated(), self.session() as session:
            return tuple(row[0] for row in session.driver.rows(statement.text, ()))

    def installed(self) -> bool:
        """Whether the tables are there; a table that differs from its record is refused."""
        with translated():
            return self.ledger.holds()

    def copy_tables(self, into: MetaData) -> tuple[Table, ...]:
        """Copy the tables of every kind known so far into a host's metadata."""
        return self.ledger.copied(into)

    def now(self) -> datetime | None:
        """The server's clock; SQLite has none of its own."""
        if self.embedded:
            return None
        asked = "SELECT UTC_TIMESTAMP(6)" if self.tables.dialect == "mariadb" else "SELECT clock_timestamp()"
        with translated(), self.session() as session:
            return instant_in(session.driver.rows(asked, ())[0][0])

    def newest(self) -> datetime | None:
        """The recorded time of the newest entry of the journal."""
        statement = self.statements.compiled(select(func.max(self.tables.journal.c.recorded_at)))
        with translated(), self.session() as session:
            found: datetime | None = self.log.instant(session.driver.rows(statement.text, ())[0][0])
        return found

    def claim(self, tenant: str, claim: Claim) -> list[Delivery]:
        """Lease the head of each queue, and count the start, in a commit of its own."""
        return self.outbox.claim(tenant, claim)

    def settle(self, tenant: str, settlement: Settlement) -> bool:
        """Write down what became of a delivery, if its lease still holds."""
        return self.outbox.settle(tenant, settlement)

    def waiting(self, tenant: str, destinations: tuple[str, ...]) -> int:
        """How many deliveries are still to be made."""
        return self.outbox.waiting(tenant, destinations)

    def close(self) -> None:
        """Give back every connection."""
        self.engine.dispose()


class _Opened:
    """A pooled connection for the length of a block."""

    __slots__ = ("driver", "store")

    def __init__(self, store: SqlStore) -> None:
        self.store = store

    def __enter__(self) -> SqlSession:
        store = self.store
        with translated():
            self.driver = store.driver(store.engine, store.begin)
        return SqlSession(self.driver, store.statements, store.log)

    def __exit__(self, *_: object) -> None:
        self.driver.close()


DRIVERS: dict[str, tuple[type[OwnDriver], str]] = {
    "sqlite": (EmbeddedDriver, "BEGIN IMMEDIATE"),
    "postgresql": (PipelinedDriver, "BEGIN"),
    "mariadb": (OwnDriver, "BEGIN"),
}
