"""A database of a driver's own: made under a name that nobody uses, and dropped at the end."""

import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import NullPool, create_engine, make_url, text


@contextmanager
def own_database(url: str) -> Iterator[str]:
    """The URL of a new database: a file for `sqlite://`, else one on the server that the URL names.

    Nothing that the URL itself names is touched; `memory://` needs nothing.
    """
    if url.startswith("memory"):
        yield url
    elif url.startswith("sqlite"):
        with tempfile.TemporaryDirectory() as folder:
            yield f"sqlite:///{Path(folder) / 'own.db'}"
    else:
        name = f"pharmacrm_own_{secrets.token_hex(8)}"
        _say(url, f"CREATE DATABASE {name}")
        try:
            yield make_url(url).set(database=name).render_as_string(hide_password=False)
        finally:
            _say(url, f"DROP DATABASE {name}")


def _say(url: str, statement: str) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()
