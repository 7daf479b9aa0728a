"""The engine of a store: which databases there are, and how their connections are set up."""

import os
from typing import Any
from weakref import WeakSet

from sqlalchemy import Dialect, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from pharmacrm.core.kernel.errors import MalformedInput, StoreFailure
from pharmacrm.plugins.storage.sql import mariadb

PATIENCE = 30
"""Seconds that a writer waits for a lock that another one holds; then it is `store.locked`."""

OVERFLOW = 20
"""Connections over the size of the pool, closed as soon as they are given back."""

ARGUMENTS: dict[str, dict[str, Any]] = {
    "sqlite": {"isolation_level": None, "timeout": PATIENCE, "check_same_thread": False},
    "mariadb": {"charset": "utf8mb4"},
}

SUPPORTED = {"sqlite": "pysqlite", "postgresql": "psycopg", "mariadb": "pymysql"}


def as_url(url: str) -> URL:
    """A URL of a database that the store speaks, with our driver; anything else is `store.url`."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise MalformedInput(
            "store.url", "write a database URL, such as sqlite:///crm.db", field="url"
        ) from None
    backend = parsed.get_backend_name()
    if backend not in SUPPORTED:
        known = ", ".join(SUPPORTED)
        raise MalformedInput("store.url", f"the store speaks {known}", field="url", value=backend)
    if backend == "sqlite" and parsed.database in {None, "", ":memory:"}:
        raise MalformedInput("store.url", "use memory:// for a store without a file", field="url", value=url)
    return parsed if backend == "sqlite" else parsed.set(drivername=f"{backend}+{SUPPORTED[backend]}")


def engine_for(url: URL, pool_size: int, *, durable: bool) -> Engine:
    """A pool whose connections are in autocommit between our own transactions."""
    try:
        engine = create_engine(
            url,
            connect_args=ARGUMENTS.get(url.get_backend_name(), {}),
            pool_size=pool_size,
            max_overflow=OVERFLOW,
            pool_reset_on_return=None,
            **({} if url.get_backend_name() == "sqlite" else {"isolation_level": "AUTOCOMMIT"}),
        )
    except (ModuleNotFoundError, NoSuchModuleError) as error:
        extra = f'install it with pip install "pharmacrm[{url.get_backend_name()}]"'
        raise StoreFailure(
            f"the driver of {url.drivername} is not installed: {extra}", "store.driver"
        ) from error
    if engine.dialect.name == "sqlite":
        _prepare_sqlite(engine, durable=durable)
    elif engine.dialect.name == "postgresql":
        _prepare_postgresql(engine)
    else:
        mariadb.prepare(engine, PATIENCE)
    _engines.add(engine)
    return engine


_engines: WeakSet[Engine] = WeakSet()
_inherited: list[object] = []


def _leave_to_the_parent() -> None:
    """In a forked child: begin with an empty pool; what was open is the parent's, and is never closed."""
    for engine in _engines:
        _inherited.append(engine.pool)
        engine.dispose(close=False)


if hasattr(os, "register_at_fork"):  # not on Windows
    os.register_at_fork(after_in_child=_leave_to_the_parent)


def _prepare_sqlite(engine: Engine, *, durable: bool) -> None:
    @event.listens_for(engine, "connect")
    def settings(connection: Any, _: object) -> None:
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute(f"PRAGMA synchronous={'FULL' if durable else 'NORMAL'}")
        cursor.close()


def _prepare_postgresql(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def settings(connection: Any, _: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"SET lock_timeout = '{PATIENCE}s'")


def positional(dialect: Dialect) -> Dialect:
    """The same dialect, with parameters by position: what drivers take fastest."""
    style = "qmark" if dialect.name == "sqlite" else "format"
    kind: Any = type(dialect)  # every built-in dialect takes the style
    made: Dialect = kind(paramstyle=style)
    return made
