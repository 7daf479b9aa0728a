"""Traps in the database driver: the call of a chosen number fails, in a chosen way, once."""

import sqlite3
from collections.abc import Callable
from enum import StrEnum
from typing import Any

from attrs import define, field
from sqlalchemy import event

from pharmacrm.plugins.storage.sql.store import SqlStore


class Fault(StrEnum):
    """How a database call fails."""

    BEFORE = "before"
    """It was not made: the driver raises."""

    AFTER = "after"
    """It was made, and the driver raises all the same."""

    INTERRUPT = "interrupt"
    """It was made, and the user presses Ctrl-C."""

    COMMIT_LOST = "commit lost"
    """The connection broke before the commit reached the database."""

    COMMIT_UNKNOWN = "commit unknown"
    """The commit was made, and the connection broke before its answer came."""


ANY_CALL = (Fault.BEFORE, Fault.AFTER, Fault.INTERRUPT)
COMMITS = (*ANY_CALL, Fault.COMMIT_LOST, Fault.COMMIT_UNKNOWN)


@define
class Trap:
    """Counts the calls of a store's driver, and fails one of them."""

    error: Callable[[str], Exception]
    calls: list[str] = field(factory=list)
    at: int = 0
    fault: Fault = Fault.BEFORE
    sprung: bool = False

    def set(self, at: int, fault: Fault) -> None:
        """Let the call of this number fail (from 1); 0 lets all pass and only counts."""
        self.calls, self.at, self.fault, self.sprung = [], at, fault, False

    def call(self, text: object, make: Callable[[], Any], cut: Callable[[], None]) -> Any:
        """Make one call of the driver, or fail it; `cut` breaks the connection."""
        self.calls.append(str(text))
        if len(self.calls) != self.at:
            return make()
        self.sprung = True
        if self.fault is Fault.BEFORE:
            raise self.error("planted: before the call")
        if self.fault is Fault.COMMIT_LOST:
            cut()
            raise self.error("planted: the connection broke before the commit")
        made = make()
        if self.fault is Fault.COMMIT_UNKNOWN:
            cut()
        if self.fault is Fault.INTERRUPT:
            raise KeyboardInterrupt
        del made
        raise self.error("planted: after the call")


def trapped(store: SqlStore) -> Trap:
    """Put a trap into every connection that this store makes from now on; all supported drivers take one."""
    setters = {"sqlite": _sqlite, "postgresql": _postgresql, "mariadb": _mariadb, "mysql": _mariadb}
    trap, settings = setters[store.engine.dialect.name]()

    @event.listens_for(store.engine, "do_connect")
    def connecting(_: Any, __: Any, ___: Any, given: dict[str, Any]) -> None:
        given.update(settings)

    @event.listens_for(store.engine, "connect")
    def connected(connection: Any, _: Any) -> None:
        if "cursorclass" in settings:  # MariaDB's connections are made by a listener of the store
            connection.cursorclass = settings["cursorclass"]

    store.engine.dispose()  # what is connected already has no trap
    return trap


def _sqlite() -> tuple[Trap, dict[str, Any]]:
    trap = Trap(sqlite3.OperationalError)

    class Cursor(sqlite3.Cursor):
        def execute(self, text: str, values: Any = (), /) -> Any:
            return trap.call(text, lambda: super(Cursor, self).execute(text, values), self.connection.close)

    class Connection(sqlite3.Connection):
        def cursor(self, factory: Any = Cursor) -> Any:
            return super().cursor(factory)

    return trap, {"factory": Connection}


def _postgresql() -> tuple[Trap, dict[str, Any]]:
    import psycopg

    trap = Trap(psycopg.OperationalError)

    class Cursor(psycopg.Cursor[Any]):
        def execute(self, query: Any, params: Any = None, **how: Any) -> Any:
            make = super().execute
            return trap.call(query, lambda: make(query, params, **how), self.connection.close)

    return trap, {"cursor_factory": Cursor}


def _mariadb() -> tuple[Trap, dict[str, Any]]:
    import pymysql
    from pymysql.cursors import Cursor as Plain

    trap = Trap(pymysql.err.OperationalError)

    class Cursor(Plain):
        def execute(self, query: str, args: Any = None) -> Any:
            make = super().execute
            own: Any = self.connection
            cut = own._force_close  # noqa: SLF001 - close() says goodbye first, and cannot be called twice
            return trap.call(query, lambda: make(query, args), cut)

    return trap, {"cursorclass": Cursor}
