"""What only MariaDB needs: its version, settings of our sessions and of a host's, and its error numbers."""

import re
from typing import Any

from sqlalchemy import Connection, Engine, Table, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.schema import CreateIndex, CreateTable

from pharmacrm.core.kernel.errors import MISSING, Conflict, PharmaCRMError, SchemaChanged, StoreFailure
from pharmacrm.plugins.storage.sql.cells import COLLATION

OLDEST = (10, 6)
"""SKIP LOCKED, which the outbox needs, came with 10.6."""

MODE = "STRICT_ALL_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION"
SETTINGS = (
    f"SET SESSION sql_mode = '{MODE}', time_zone = '+00:00'",
    "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED",
)
"""READ COMMITTED: a command that is decided again has to see what made it fail."""

_TAKEN = {1062, 1586}
_TRANSACTION = {1020, 1213, 1305, 1412}
"""Record changed since the snapshot, deadlock, savepoint gone with it, table altered."""
_NO_TABLE = {1146}
_GONE = {0, 1053, 1152, 1159, 1160, 1161, 1317, 1927, 2006, 2013, 2014, 2055}
_LOCKED = {1205, 1969, 3024}
_READ_ONLY = {1290, 1792, 1836}
_FULL = {1021, 1041, 1114}
_CROWDED = {1040, 1203, 1226}


def by_number(number: int) -> PharmaCRMError:
    """The error of a server's or a client's error number."""
    if number in _TAKEN:
        return Conflict("the id is taken already", retry="command")
    if number in _TRANSACTION:
        return Conflict("the database ended the transaction in favour of another", retry="transaction")
    if number in _NO_TABLE:
        return SchemaChanged("a table is missing: call install() or create_tables()", MISSING)
    for numbers, code, message in (
        (_LOCKED, "store.locked", "a lock was not given in time"),
        (_READ_ONLY, "store.read_only", "the database is read-only"),
        (_FULL, "store.full", "the database has no room"),
        (_CROWDED, "store.pool", "the server takes no more connections"),
    ):
        if number in numbers:
            return StoreFailure(message, code)
    return StoreFailure(f"the database failed with error {number}", unknown=number in _GONE)


def refuse_old(version: str) -> None:
    """MariaDB from 10.6 on; anything else is `store.version`."""
    numbers = [tuple(map(int, found)) for found in re.findall(r"(\d+)\.(\d+)\.\d+", version)]
    newest = max(numbers, default=(0, 0))  # some give 5.5.5-10.11.6-MariaDB
    if "mariadb" not in version.lower() or newest < OLDEST:
        raise StoreFailure(f"the server is {version}: MariaDB 10.6 or newer is wanted", "store.version")


def prepare(engine: Engine, patience: int) -> None:
    """Look at the server and set up the session whenever a connection is made, before anything else does.

    `patience` is for how many seconds a lock is waited for.
    """

    @event.listens_for(engine, "do_connect")
    def connect(dialect: Any, _: object, arguments: Any, options: Any) -> Any:
        connection = dialect.connect(*arguments, **options)
        refuse_old(connection.get_server_info())
        with connection.cursor() as cursor:
            for text in (*SETTINGS, f"SET SESSION innodb_lock_wait_timeout = {patience}"):
                cursor.execute(text)
        return connection


def refuse_settings(connection: Connection) -> bool:
    """Refuse a host's session that would read or write wrongly; give whether it reads an old snapshot.

    The isolation may differ from one transaction to the next, so this is asked of each that is joined.
    """
    asked = "SELECT @@tx_isolation, @@character_set_connection, @@character_set_client, @@sql_mode"
    try:
        isolation, *charsets, mode = connection.exec_driver_sql(asked).one()
    except DBAPIError as error:
        raise StoreFailure("the host's connection does not answer") from error
    if isolation == "READ-UNCOMMITTED":
        message = "isolation is READ UNCOMMITTED: bind with READ COMMITTED or REPEATABLE READ"
        raise StoreFailure(message, "bind.isolation")
    wrong = next((charset for charset in charsets if charset != "utf8mb4"), None)
    if wrong:
        message = f"the connection's charset is {wrong}: connect with ?charset=utf8mb4"
        raise StoreFailure(message, "bind.charset")
    if not {"STRICT_ALL_TABLES", "STRICT_TRANS_TABLES"} & set(mode.split(",")):
        message = f"sql_mode is {mode or 'empty'}: set STRICT_TRANS_TABLES, or texts are cut"
        raise StoreFailure(message, "bind.sql_mode")
    return bool(isolation == "REPEATABLE-READ")


def make_table(connection: Connection, table: Table) -> None:
    """Make a table with its indexes in one statement: each one is a commit of its own, and takes as long."""
    dialect = connection.dialect
    made, closing, options = str(CreateTable(table, if_not_exists=True).compile(dialect=dialect)).rpartition(
        ")"
    )
    indexes = (str(CreateIndex(index).compile(dialect=dialect)) for index in table.indexes)
    keys = sorted(re.sub(r"^CREATE (UNIQUE )?INDEX (\S+) ON \S+ ", r"\1KEY \2 ", index) for index in indexes)
    connection.exec_driver_sql(", ".join([made, *keys]) + closing + options)


def refuse_tables(connection: Connection, names: set[str], schema: str | None) -> None:
    """Refuse tables of ours whose text folds case or pads, or that know no transactions."""
    where = f"table_schema = {'%s' if schema else 'DATABASE()'}"
    values = (schema,) if schema else ()
    folding = connection.exec_driver_sql(
        "SELECT table_name, column_name, collation_name FROM information_schema.columns"
        f" WHERE {where} AND collation_name <> '{COLLATION['mariadb']}' ORDER BY 1, 2",
        values,
    )
    for table, column, collation in folding:
        if table in names:
            remedy = f"ALTER TABLE {table} CONVERT TO CHARACTER SET utf8mb4 COLLATE {COLLATION['mariadb']}"
            raise StoreFailure(f"{table}.{column} has collation {collation}: {remedy}", "store.collation")
    engines = connection.exec_driver_sql(
        f"SELECT table_name, engine FROM information_schema.tables WHERE {where} AND engine <> 'InnoDB'",
        values,
    )
    for table, engine in engines:
        if table in names:
            message = f"table {table} has engine {engine}: ALTER TABLE {table} ENGINE = InnoDB"
            raise StoreFailure(message, "store.engine")
