"""The store on SQLite or PostgreSQL: its pool, its tables, and the host's connection if one is bound."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import cast

from sqlalchemy import (
    Connection,
    func,
    inspect,
    select,
)
from sqlalchemy.orm import Session as HostSession

from pharmacrm.core.kernel.errors import MalformedInput, SchemaChanged, StoreFailure
from pharmacrm.core.kernel.record import Entity
from pharmacrm.core.kernel.store import OWN_KINDS, Claim, Delivery, Session, Settlement
from pharmacrm.core.kernel.tenant import Tenant
from pharmacrm.plugins.storage.sql.drivers import (
    EmbeddedDriver,
    HostDriver,
    OwnDriver,
    PipelinedDriver,
    refuse_autocommit,
)
from pharmacrm.plugins.storage.sql.engine import as_url, engine_for, positional
from pharmacrm.plugins.storage.sql.faults import translated
from pharmacrm.plugins.storage.sql.log import Log
from pharmacrm.plugins.storage.sql.outbox import Outbox
from pharmacrm.plugins.storage.sql.session import SqlSession
from pharmacrm.plugins.storage.sql.statements import Statements
from pharmacrm.plugins.storage.sql.tables import Tables, digest_of


class SqlStore:
    """A store in the database of a SQLAlchemy URL: `sqlite:///crm.db`, `postgresql+psycopg://...`."""

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
        self.engine = engine_for(self.url, pool_size, durable=durable)
        self.tables = Tables(self.engine.dialect.name, prefix, schema)
        self.log_tables = (
            self.tables.journal,
            self.tables.personal,
            self.tables.unsealed,
            self.tables.delivery,
            self.tables.ledger,
        )
        self.statements = Statements(self.tables, positional(self.engine.dialect))
        self.log = Log(self.tables, self.statements)
        self.outbox = Outbox(self.tables, self.statements, self.log, self.session)

    def session(self) -> "_Opened":
        """A session on a connection of our own pool."""
        return _Opened(self)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """One transaction that sees one moment: a snapshot, and whatever is flushed, all or nothing."""
        begin = "BEGIN" if self.embedded else "BEGIN ISOLATION LEVEL REPEATABLE READ"
        with self.session() as session, translated(), cast("OwnDriver", session.driver).whole(begin):
            session.remembers = False
            yield session

    def durability(self) -> str:
        """What the database says of commits: SQLite's `synchronous`, PostgreSQL's `synchronous_commit`."""
        word = "PRAGMA synchronous" if self.embedded else "SHOW synchronous_commit"
        with translated(), self.session() as session:
            said = session.driver.rows(word, ())[0][0]
        if self.embedded:
            return f"sqlite synchronous={('OFF', 'NORMAL', 'FULL', 'EXTRA')[said]}"
        return f"{self.engine.dialect.name} synchronous_commit={said}"

    def bound(self, host: Connection | HostSession) -> Session:
        """A session inside the host's transaction, of which nothing is committed, rolled back or closed."""
        connection = host.connection() if isinstance(host, HostSession) else host
        if isinstance(host, HostSession):
            host.flush()
        if not isinstance(connection, Connection):
            raise MalformedInput("bind.type", "a SQLAlchemy connection or session is wanted", value=host)
        if connection.dialect.name != self.engine.dialect.name:
            message = f"the store speaks {self.engine.dialect.name}, the connection {connection.dialect.name}"
            raise StoreFailure(message, "bind.dialect")
        refuse_autocommit(connection)
        return SqlSession(HostDriver(connection, self.embedded), self.statements, self.log)

    def install(self, kinds: Sequence[type[Entity]]) -> None:
        """Make missing tables, and refuse what differs from the records."""
        self.register(kinds)
        with translated():
            self.tables.metadata.create_all(self.engine, checkfirst=True)
            self._verify(write=True)

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
        """Whether the tables are there; a table that differs from its record is refused.

        The ledger is filled last: while it is empty, an installation was interrupted and is to be done again.
        A table of a new kind may be missing still: `create_tables` makes it.
        """
        ledger = self.tables.ledger
        with translated(), self.engine.connect() as connection:
            if not inspect(connection).has_table(ledger.name, schema=self.tables.schema):
                return False
            if connection.execute(select(ledger.c.name).limit(1)).first() is None:
                return False
        self._verify(write=False)
        return True

    def _verify(self, *, write: bool) -> None:
        ledger = self.tables.ledger
        with self.engine.begin() as connection:
            known = {row.name: row for row in connection.execute(select(ledger))}
            for table in self.tables.metadata.sorted_tables:
                columns = self.tables.fingerprint(table)
                row = known.get(table.name)
                if row is not None and row.digest != digest_of(columns):
                    raise SchemaChanged(f"table {table.name}: {_differences(row.columns, columns)}")
                if row is None and write:
                    values = {"name": table.name, "digest": digest_of(columns), "columns": columns}
                    connection.execute(ledger.insert().values(values))

    def now(self) -> datetime | None:
        """PostgreSQL's clock; SQLite has none of its own."""
        if self.embedded:
            return None
        with translated(), self.session() as session:
            found: datetime = session.driver.rows("SELECT clock_timestamp()", ())[0][0]
        return found.astimezone(UTC)

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

    __slots__ = ("connection", "store")

    def __init__(self, store: SqlStore) -> None:
        self.store = store

    def __enter__(self) -> SqlSession:
        store = self.store
        with translated():
            self.connection = store.engine.raw_connection()
        if store.embedded:
            return SqlSession(EmbeddedDriver(self.connection, "BEGIN IMMEDIATE"), store.statements, store.log)
        return SqlSession(PipelinedDriver(self.connection, "BEGIN"), store.statements, store.log)

    def __exit__(self, *_: object) -> None:
        self.connection.close()


def _differences(old: str, new: str) -> str:
    before, after = set(old.split(", ")), set(new.split(", "))
    gone = ", ".join(sorted(before - after))
    come = ", ".join(sorted(after - before))
    return f"has [{gone}], the record wants [{come}]"
