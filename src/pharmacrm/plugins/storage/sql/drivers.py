"""Two ways to run a statement: on a connection of our own pool, or on the host's connection."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any, TypeVar

from attrs import define, field
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import PoolProxiedConnection

from pharmacrm.core.kernel.errors import Conflict, StoreFailure
from pharmacrm.plugins.storage.sql.faults import opening
from pharmacrm.plugins.storage.sql.session import Step

T = TypeVar("T")


@define
class OwnDriver:
    """A connection of our own pool, in autocommit between our transactions."""

    engine: Engine
    begin: str
    connection: PoolProxiedConnection = field(init=False)
    proven: bool = field(default=False, init=False)
    inside: bool = field(default=False, init=False)

    def __attrs_post_init__(self) -> None:
        """Take a connection from the pool."""
        self.connection = self._opened()

    def _opened(self) -> PoolProxiedConnection:
        with opening(self.engine.url):
            return self.engine.raw_connection()

    def rows(self, text: str, values: tuple[Any, ...]) -> Sequence[Any]:
        """The rows of a SELECT, outside any transaction of ours or inside the open one."""
        return self._alive(self._rows, text, values)

    def _rows(self, text: str, values: tuple[Any, ...]) -> Sequence[Any]:
        cursor = self.connection.cursor()
        try:
            cursor.execute(text, values)
            return cursor.fetchall()
        finally:
            cursor.close()

    def run(self, steps: Sequence[Step]) -> None:
        """Each statement in turn, judged at once."""
        cursor = self.connection.cursor()
        try:
            for step in steps:
                cursor.execute(step.text, step.values)
                step.judge(cursor.rowcount, cursor.fetchall)
        finally:
            cursor.close()

    def unchanged(self) -> bool:
        """Never sure: other connections write at the same time."""
        return False

    @contextmanager
    def unit(self) -> Iterator[None]:
        """BEGIN, then COMMIT, or ROLLBACK when anything is raised; inside `whole`, that decides."""
        if self.inside:
            yield
            return
        try:
            # Inside: an interrupt that comes with the answer to BEGIN leaves a transaction to be ended, too.
            self._alive(self._say, self.begin)
            yield
            self._say("COMMIT")
        except BaseException:
            self._abandon()
            raise

    @contextmanager
    def whole(self, *begin: str) -> Iterator[None]:
        """One transaction, begun with these words, around everything in the block."""
        for each in begin[:-1]:
            self._alive(self._say, each)
        self.begin = begin[-1]
        with self.unit():
            self.inside = True
            yield
            self.inside = False

    def _alive(self, work: Callable[..., T], *arguments: Any) -> T:
        """Do the first thing on a connection; if its server ended it in the pool, on a new one.

        Nothing is lost with it: between two units there is no transaction. It costs no round trip, as asking
        each connection whether it is alive would.
        """
        if self.proven:
            return work(*arguments)
        try:
            found = work(*arguments)
        except Exception as error:
            if not self._ended(error):
                raise
            self.connection.invalidate()
            self.engine.dispose()  # the others were most likely ended with it
            self.connection = self._opened()
            found = work(*arguments)
        self.proven = True
        return found

    def _ended(self, error: Exception) -> bool:
        dialect, raw = self.engine.dialect, self.connection.dbapi_connection
        own = dialect.loaded_dbapi.Error
        return isinstance(error, own) and dialect.is_disconnect(error, raw, None)

    def close(self) -> None:
        """Give the connection back."""
        self.connection.close()

    def _say(self, text: str) -> None:
        cursor = self.connection.cursor()
        try:
            cursor.execute(text)
        finally:
            cursor.close()

    def _abandon(self) -> None:
        try:
            self._say("ROLLBACK")
        except Exception:  # noqa: BLE001 - the connection is broken: what matters is the error on its way out
            self.connection.invalidate()


@define
class EmbeddedDriver(OwnDriver):
    """SQLite: one writer at a time, and a counter that tells whether another connection has written."""

    seen: int = field(init=False)

    def __attrs_post_init__(self) -> None:
        """Look at the counter before the first read."""
        super().__attrs_post_init__()
        try:
            self.seen = self._counter()
        except BaseException:
            self.close()
            raise

    def unchanged(self) -> bool:
        """Whether, with the one write lock held, the file is as it was before the first read."""
        return self._counter() == self.seen

    def _counter(self) -> int:
        return int(self.rows("PRAGMA data_version", ())[0][0])


@define
class PipelinedDriver(OwnDriver):
    """psycopg: a whole flush in one round trip, the commit in a second."""

    def run(self, steps: Sequence[Step]) -> None:
        """Send every statement, then read and judge every result.

        Nothing is prepared on the way: a pipeline that fails skips what comes after, and psycopg would go on
        to use prepared statements that the server never made.
        """
        own: Any = self.connection.dbapi_connection
        cursors = []
        with own.pipeline():
            for step in steps:
                cursor = own.cursor()
                cursor.execute(step.text, step.values, prepare=False)
                cursors.append(cursor)
        for step, cursor in zip(steps, cursors, strict=True):
            step.judge(cursor.rowcount, cursor.fetchall)


@define
class HostDriver:
    """The host's connection: its transaction is the unit, ours are savepoints in it."""

    connection: Connection
    embedded: bool
    old_snapshot: bool = False

    def rows(self, text: str, values: tuple[Any, ...]) -> Sequence[Any]:
        """The rows of a SELECT, inside the host's transaction."""
        self._ready()
        return self.connection.exec_driver_sql(text, values).fetchall()

    def run(self, steps: Sequence[Step]) -> None:
        """Each statement in turn, judged at once; the host's own event listeners see them."""
        for step in steps:
            result = self.connection.exec_driver_sql(step.text, step.values)
            step.judge(result.rowcount, result.fetchall)

    def unchanged(self) -> bool:
        """Never sure: the host's transaction may have begun long ago."""
        return False

    @contextmanager
    def unit(self) -> Iterator[None]:
        """A savepoint, released at the end; the host alone commits.

        A deadlock on MariaDB takes the whole transaction with it, our savepoint too: what is raised is the
        deadlock. A transaction that reads an old snapshot would decide the same again: it has to begin anew.
        """
        self._ready()
        savepoint = self.connection.begin_nested()
        try:
            yield
            savepoint.commit()
        except BaseException as error:
            with suppress(DBAPIError):
                savepoint.rollback()
            if self.old_snapshot and isinstance(error, Conflict) and error.retry == "command":
                raise Conflict(error.message, retry="transaction") from error
            raise

    def _ready(self) -> None:
        """On SQLite: begin the host's transaction if nobody has, so that its ROLLBACK takes ours too."""
        if not self.embedded:
            return
        if not self.connection.in_transaction():
            self.connection.begin()  # a host that writes BEGIN itself does so now
        raw: Any = self.connection.connection.driver_connection
        if not raw.in_transaction:
            self.connection.exec_driver_sql("BEGIN IMMEDIATE")


def refuse_autocommit(connection: Connection) -> None:
    """A connection in autocommit has no transaction to be part of."""
    if _in_autocommit(connection):
        message = "the connection is in autocommit: there is no transaction to be part of"
        raise StoreFailure(message, "bind.autocommit")


def _in_autocommit(connection: Connection) -> bool:
    """Ask the driver; on SQLite the host, whose driver says the same of a host that writes BEGIN itself."""
    dialect = connection.dialect
    if dialect.name != "sqlite":
        raw: Any = connection.connection.dbapi_connection
        try:
            return bool(dialect.detect_autocommit_setting(raw))
        except DBAPIError as error:
            raise StoreFailure("the host's connection does not answer") from error
    wanted = connection.get_execution_options().get("isolation_level")
    return (wanted or getattr(dialect, "_on_connect_isolation_level", None)) == "AUTOCOMMIT"
