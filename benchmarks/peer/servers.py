"""Databases of our own for the comparison, made on a server and dropped at the end."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

from sqlalchemy import URL, create_engine, make_url, text


@contextmanager
def own_database(server: str) -> Iterator[URL]:
    """An empty database with a name that nobody else has."""
    name = f"pharmacrm_test_{uuid4().hex[:12]}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    mariadb = engine.dialect.name in {"mysql", "mariadb"}
    quote, how, force = (
        ("`", " CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin", "")
        if mariadb
        else ('"', "", " WITH (FORCE)")
    )
    try:
        with engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {quote}{name}{quote}{how}"))
            try:
                yield make_url(server).set(database=name)
            finally:
                connection.execute(text(f"DROP DATABASE {quote}{name}{quote}{force}"))
    finally:
        engine.dispose()


def plain(url: URL) -> str:
    """The URL with its password."""
    return url.render_as_string(hide_password=False)
