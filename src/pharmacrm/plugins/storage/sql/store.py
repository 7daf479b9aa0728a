"""The store on SQLite or PostgreSQL: its pool, its tables, and the host's connection if one is bound."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from attrs import evolve
from sqlalchemy import (
    Connection,
    Dialect,
    Engine,
    create_engine,
    event,
    func,
    inspect,
    or_,
    select,
    update,
)
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError
from sqlalchemy.orm import Session as HostSession

from pharmacrm.core.kernel.errors import Conflict, MalformedInput, SchemaChanged, StoreFailure
from pharmacrm.core.kernel.record import Entity
from pharmacrm.core.kernel.store import Answer, Claim, Delivery, DeliveryState, Session, Settlement
from pharmacrm.core.kernel.tenant import Tenant
from pharmacrm.plugins.storage.sql.drivers import (
    EmbeddedDriver,
    HostDriver,
    PipelinedDriver,
    refuse_autocommit,
)
from pharmacrm.plugins.storage.sql.faults import translated
from pharmacrm.plugins.storage.sql.log import DELIVERY, Log
from pharmacrm.plugins.storage.sql.session import SqlSession, Step
from pharmacrm.plugins.storage.sql.statements import Statements, slot
from pharmacrm.plugins.storage.sql.tables import Tables, digest_of

PATIENCE = 30
"""Seconds that a writer waits for SQLite's one lock."""

SUPPORTED = {"sqlite": "pysqlite", "postgresql": "psycopg"}


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
        self.url = _url(url)
        self.embedded = self.url.get_backend_name() == "sqlite"
        self.engine = _engine(self.url, pool_size, durable=durable)
        self.tables = Tables(self.engine.dialect.name, prefix, schema)
        self.log_tables = (
            self.tables.journal,
            self.tables.personal,
            self.tables.delivery,
            self.tables.ledger,
        )
        self.statements = Statements(self.tables, _positional(self.engine.dialect))
        self.log = Log(self.tables, self.statements)

    def session(self) -> "_Opened":
        """A session on a connection of our own pool."""
        return _Opened(self)

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
        self.tables.add((Answer, *kinds))

    def tenants(self) -> tuple[str, ...]:
        """The installed tenants by name."""
        table = self.tables.by_kind[Tenant]
        statement = self.statements.compiled(select(table.c.id).order_by(table.c.id))
        with translated(), self.session() as session:
            return tuple(row[0] for row in session.driver.rows(statement.text, ()))

    def installed(self) -> bool:
        """Whether the tables are there; a table that differs from its record is refused."""
        with translated(), self.engine.connect() as connection:
            if not inspect(connection).has_table(self.tables.ledger.name, schema=self.tables.schema):
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
                if row is None and not write:
                    raise SchemaChanged(f"table {table.name} is missing: call install()")
                if row is None:
                    values = {"name": table.name, "digest": digest_of(columns), "columns": columns}
                    connection.execute(ledger.insert().values(values))

    def now(self) -> datetime | None:
        """PostgreSQL's clock; SQLite has none of its own."""
        if self.embedded:
            return None
        with translated(), self.session() as session:
            found = session.driver.rows("SELECT clock_timestamp()", ())[0][0]
        return found.astimezone(UTC)  # type: ignore[no-any-return]

    def newest(self) -> datetime | None:
        """The recorded time of the newest entry of the journal."""
        statement = self.statements.compiled(select(func.max(self.tables.journal.c.recorded_at)))
        with translated(), self.session() as session:
            return self.log.instant(session.driver.rows(statement.text, ())[0][0])  # type: ignore[no-any-return]

    def claim(self, tenant: str, claim: Claim) -> list[Delivery]:
        """Lease the head of each queue, and count the start, in a commit of its own."""
        if not claim.destinations:
            return []
        with translated(), self.session() as session:
            driver = session.driver
            with driver.unit():
                text, values = self._heads(tenant, claim)
                found = [self.log.delivery_from(row) for row in driver.rows(text, values)]
                leased = [self._leased(each, claim) for each in found]
                driver.run([self._lease(tenant, each) for each in leased])
        return leased

    def _heads(self, tenant: str, claim: Claim) -> tuple[str, tuple[Any, ...]]:
        table = self.tables.delivery
        earlier = table.alias("earlier")
        ahead = select(earlier.c.id).where(
            earlier.c.tenant == table.c.tenant,
            earlier.c.destination == table.c.destination,
            earlier.c.subject == table.c.subject,
            earlier.c.state == DeliveryState.WAITING.value,
            earlier.c.id < table.c.id,
        )
        marks = [slot(f"d{number}") for number in range(len(claim.destinations))]
        chosen = (
            select(*(table.c[name] for name in DELIVERY[1][1:]))
            .where(
                table.c.tenant == slot("tenant"),
                table.c.state == DeliveryState.WAITING.value,
                table.c.destination.in_(marks),
                table.c.due_at <= slot("now"),
                or_(table.c.leased_until.is_(None), table.c.leased_until <= slot("now_")),
                ~ahead.exists(),
            )
            .order_by(table.c.id)
            .limit(slot("limit_"))
            .with_for_update(skip_locked=True, of=table)
        )
        statement = self.statements.compiled(chosen)
        now = self.log.moment(claim.now)
        values: dict[str, Any] = {"tenant": tenant, "now": now, "now_": now, "limit_": claim.limit}
        values |= {f"d{number}": name for number, name in enumerate(claim.destinations)}
        return statement.text, statement.bind(values)

    def _leased(self, each: Delivery, claim: Claim) -> Delivery:
        return evolve(each, starts=each.starts + 1, token=claim.token, leased_until=claim.until)

    def _lease(self, tenant: str, each: Delivery) -> Step:
        table = self.tables.delivery
        chosen = (
            update(table)
            .where(table.c.tenant == slot("tenant_"), table.c.id == slot("id_"))
            .values(starts=slot("starts_"), token=slot("token_"), leased_until=slot("until_"))
        )
        values = {"starts_": each.starts, "token_": each.token, "until_": self.log.moment(each.leased_until)}
        statement = self.statements.compiled(chosen)
        return Step(
            statement.text, statement.bind(values | {"tenant_": tenant, "id_": each.id}), 1, what="delivery"
        )

    def settle(self, tenant: str, settlement: Settlement) -> bool:
        """Write down what became of a delivery, if its lease still holds."""
        table = self.tables.delivery
        chosen = (
            update(table)
            .where(
                table.c.tenant == slot("tenant_"),
                table.c.id == slot("id_"),
                table.c.token == slot("token_"),
                table.c.token != "",
            )
            .values(
                state=slot("state_"),
                due_at=slot("due_"),
                fault=slot("fault_"),
                leased_until=None,
                token="",
            )
        )
        statement = self.statements.compiled(chosen)
        values = {
            "tenant_": tenant,
            "id_": settlement.id,
            "token_": settlement.token,
            "state_": settlement.state.value,
            "due_": self.log.moment(settlement.due_at),
            "fault_": settlement.fault[:500],
            "leased_until": None,
            "token": "",
        }
        step = Step(statement.text, statement.bind(values), 1, what="delivery")
        try:
            with translated(), self.session() as session, session.driver.unit():
                session.driver.run([step])
        except Conflict:
            return False
        return True

    def waiting(self, tenant: str, destinations: tuple[str, ...]) -> int:
        """How many deliveries are still to be made."""
        if not destinations:
            return 0
        table = self.tables.delivery
        marks = [slot(f"d{number}") for number in range(len(destinations))]
        chosen = select(func.count()).where(
            table.c.tenant == slot("tenant"),
            table.c.state == slot("waiting"),
            table.c.destination.in_(marks),
        )
        statement = self.statements.compiled(chosen)
        values = {"tenant": tenant, "waiting": DeliveryState.WAITING.value}
        values |= {f"d{number}": name for number, name in enumerate(destinations)}
        with translated(), self.session() as session:
            return int(session.driver.rows(statement.text, statement.bind(values))[0][0])

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


def _url(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise MalformedInput("store.url", "this is no SQLAlchemy database URL", field="url") from None
    backend = parsed.get_backend_name()
    if backend not in SUPPORTED:
        known = ", ".join(SUPPORTED)
        raise MalformedInput("store.url", f"the store speaks {known}", field="url", value=backend)
    if backend == "sqlite" and not parsed.database:
        raise MalformedInput("store.url", "use memory:// for a store without a file", field="url", value=url)
    return parsed if backend == "sqlite" else parsed.set(drivername=f"{backend}+{SUPPORTED[backend]}")


def _engine(url: URL, pool_size: int, *, durable: bool) -> Engine:
    try:
        if url.get_backend_name() != "sqlite":
            return create_engine(
                url,
                isolation_level="AUTOCOMMIT",
                pool_size=pool_size,
                max_overflow=20,
                pool_reset_on_return=None,
            )
        engine = create_engine(
            url,
            connect_args={"isolation_level": None, "timeout": PATIENCE, "check_same_thread": False},
            pool_size=pool_size,
            max_overflow=20,
            pool_reset_on_return=None,
        )
    except (ModuleNotFoundError, NoSuchModuleError) as error:
        raise StoreFailure(f"the driver of {url.drivername} is not installed", "store.driver") from error
    _prepare(engine, durable=durable)
    return engine


def _prepare(engine: Engine, *, durable: bool) -> None:
    @event.listens_for(engine, "connect")
    def settings(connection: Any, _: object) -> None:
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute(f"PRAGMA synchronous={'FULL' if durable else 'NORMAL'}")
        cursor.close()


def _positional(dialect: Dialect) -> Dialect:
    style = "qmark" if dialect.name == "sqlite" else "format"
    return type(dialect)(paramstyle=style)  # type: ignore[call-arg]


def _differences(old: str, new: str) -> str:
    before, after = set(old.split(", ")), set(new.split(", "))
    gone = ", ".join(sorted(before - after))
    come = ", ".join(sorted(after - before))
    return f"has [{gone}], the record wants [{come}]"
