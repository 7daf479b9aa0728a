"""Driver exceptions as ours: what to do again, and what is broken."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from pharmacrm.core.kernel.errors import MISSING, Conflict, PharmaCRMError, SchemaChanged, StoreFailure
from pharmacrm.plugins.storage.sql.mariadb import by_number

UNAVAILABLE = "store.unavailable"
_AGAIN = {"40001", "40P01"}
_TAKEN = {"23505", "23P01"}
_LOCKED = {"55P03", "57014"}
_DRIVERS = {"sqlite3", "psycopg", "pymysql", "MySQLdb"}
_GONE = {"08000", "08003", "08006", "57P01", "57P02", "57P03"}


def ours(error: Exception) -> Exception:
    """What to raise instead of an exception from below: a driver's is translated, any other stays."""
    if isinstance(error, PharmaCRMError):
        return error
    if isinstance(error, DBAPIError):
        return translate(error.orig or error)
    if isinstance(error, PoolTimeout):
        return StoreFailure("every connection of the pool is in use: raise pool_size", "store.pool")
    return translate(error) if _from_driver(error) else error


@contextmanager
def translated() -> Iterator[None]:
    """Let only our own exceptions out of a block that talks to a driver."""
    try:
        yield
    except Exception as error:
        better = ours(error)
        if better is error:
            raise
        raise better from error


@contextmanager
def opening(url: URL) -> Iterator[None]:
    """Say which database could not be connected to, and what the driver answered: no data is in that yet."""
    try:
        yield
    except Exception as error:
        better = ours(error)
        if better is error:
            raise
        if isinstance(better, StoreFailure) and better.code == UNAVAILABLE:
            better = StoreFailure(f"{_place(url)} cannot be opened: {_answered(error)}")
        raise better from error


def _place(url: URL) -> str:
    """A database as people name it, without user, password and options."""
    if url.host is None:
        return f"{url.get_backend_name()} database {url.database}"
    port = f":{url.port}" if url.port else ""
    return f"{url.get_backend_name()} database {url.database} on {url.host}{port}"


def _answered(error: Exception) -> str:
    """The first line of what a driver says of a connection that it did not get."""
    if isinstance(error, DBAPIError) and error.orig is not None:
        error = error.orig if isinstance(error.orig, Exception) else error
    said = str(error.args[-1] if error.args else error).strip().partition("\n")[0]
    if said == "unable to open database file":
        return "its folder must exist, and be readable and writable"
    return said.rpartition(" failed: ")[2].removeprefix("FATAL:").strip() or type(error).__name__


def _from_driver(error: BaseException) -> bool:
    return any(base.__module__.split(".")[0] in _DRIVERS for base in type(error).__mro__)


def translate(error: BaseException) -> PharmaCRMError:
    """One driver exception as one of ours; the driver's text stays in `__cause__`, which may hold data."""
    if type(error).__module__.split(".")[0] in {"pymysql", "MySQLdb"}:
        return by_number(error.args[0] if error.args and isinstance(error.args[0], int) else 0)
    state = getattr(error, "sqlstate", None)
    if state is not None:
        return _by_state(str(state))
    name = getattr(error, "sqlite_errorname", "")
    if name in {"SQLITE_CONSTRAINT_PRIMARYKEY", "SQLITE_CONSTRAINT_UNIQUE"}:
        return Conflict("the id is taken already", retry="command")
    if name == "SQLITE_BUSY_SNAPSHOT":
        return Conflict("the transaction reads an old snapshot", retry="transaction")
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return StoreFailure("the database is locked by another writer", "store.locked")
    if name.startswith("SQLITE_READONLY"):
        return StoreFailure("the database is read-only", "store.read_only")
    if str(error).startswith("no such table"):
        return SchemaChanged("a table is missing: call install() or create_tables()", MISSING)
    if name == "SQLITE_FULL":
        return StoreFailure("the disk is full", "store.full")
    return StoreFailure(f"the database failed: {type(error).__name__}", unknown=not name)


def _by_state(state: str) -> PharmaCRMError:
    if state in _TAKEN:
        return Conflict("the id is taken already", retry="command")
    if state in _AGAIN:
        return Conflict("the database ended the transaction in favour of another", retry="transaction")
    if state in _LOCKED:
        return StoreFailure("a lock was not given in time", "store.locked")
    if state == "42P01":
        return SchemaChanged("a table is missing: call install() or create_tables()", MISSING)
    if state == "25006":
        return StoreFailure("the database is read-only", "store.read_only")
    if state.startswith("53"):
        return StoreFailure("the database has no room", "store.full")
    return StoreFailure(f"the database failed with state {state}", unknown=state in _GONE)
