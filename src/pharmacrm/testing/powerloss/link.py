"""Our own SQLite store over a watched disk: the same SQL and the same settings, another SQLite library.

The store's driver is that of Python's standard library, whose file system layer cannot be watched. So its
engine is given connections of APSW in a thin coat that looks like the standard driver's.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import apsw
from sqlalchemy import event

from pharmacrm.plugins.storage.sql.store import SqlStore
from pharmacrm.testing.powerloss.disk import Disk, Layer

OFTEN = 100
"""Pages after which the log is brought into the database: often, so that cuts hit it."""


class WatchedStore(SqlStore):
    """The store on a disk that remembers; `sync` overrides what the store itself asks for."""

    def __init__(self, path: Path, disk: Disk, sync: str) -> None:
        super().__init__(f"sqlite:///{path}", durable=sync != "NORMAL")
        self.layer = Layer(f"watched-{id(disk)}", disk)
        self.sync = sync
        event.listen(self.engine, "do_connect", self._connected)
        event.listen(self.engine, "connect", self._weakened)

    def _connected(self, *_: Any) -> "Link":
        return Link(apsw.Connection(str(self.url.database), vfs=self.layer.name))

    def _weakened(self, link: "Link", _: Any) -> None:
        """After the store's own settings."""
        if self.sync == "OFF":
            link.cursor().execute("PRAGMA synchronous=OFF")


class Link:
    """A connection of APSW, seen as one of the standard driver."""

    isolation_level = None

    def __init__(self, own: apsw.Connection) -> None:
        self._own = own
        # The layer has no shared memory: one connection keeps the file to itself.
        own.execute("PRAGMA locking_mode=EXCLUSIVE")
        own.wal_autocheckpoint(OFTEN)

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open."""
        return self._own.in_transaction

    def cursor(self) -> "Cursor":
        """A cursor of its own."""
        return Cursor(self._own)

    def create_function(self, name: str, arguments: int, function: Any, **_: Any) -> None:
        """SQLAlchemy gives each connection a few."""
        self._own.create_scalar_function(name, function, arguments)

    def commit(self) -> None:
        """Commit what is open."""
        if self._own.in_transaction:
            self._own.execute("COMMIT")

    def rollback(self) -> None:
        """Undo what is open."""
        if self._own.in_transaction:
            self._own.execute("ROLLBACK")

    def close(self) -> None:
        """Close it."""
        self._own.close()


class Cursor:
    """A cursor that has read all its rows."""

    arraysize = 1
    lastrowid = None

    def __init__(self, own: apsw.Connection) -> None:
        self._own = own
        self._rows: list[tuple[Any, ...]] = []
        self.description: Any = None
        self.rowcount = -1

    def execute(self, text: str, values: Sequence[Any] = ()) -> "Cursor":
        """Run a statement and read what it gives."""
        cursor = self._own.cursor()
        cursor.exec_trace = self._described
        self._rows = list(cursor.execute(text, tuple(values)))
        self.rowcount = self._own.changes() if self.description is None else -1
        return self

    def executemany(self, text: str, many: Sequence[Sequence[Any]]) -> "Cursor":
        """Run a statement for each set of values."""
        for values in many:
            self.execute(text, values)
        return self

    def _described(self, cursor: apsw.Cursor, _: str, __: Any) -> bool:
        names = cursor.get_description()
        self.description = [(name, *(None,) * 6) for name, *_ in names] or None
        return True

    def fetchall(self) -> list[tuple[Any, ...]]:
        """The rows that are left."""
        rows, self._rows = self._rows, []
        return rows

    def fetchone(self) -> tuple[Any, ...] | None:
        """The next row."""
        return self._rows.pop(0) if self._rows else None

    def fetchmany(self, size: int = 1) -> list[tuple[Any, ...]]:
        """The next rows."""
        rows, self._rows = self._rows[:size], self._rows[size:]
        return rows

    def close(self) -> None:
        """Nothing is left to close."""
