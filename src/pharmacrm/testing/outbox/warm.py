"""What a relay needs, imported once: the server that forks relays loads this before the first of them."""

from contextlib import suppress
from importlib import import_module

from pharmacrm.crm import connect
from pharmacrm.testing.outbox import relays

DRIVERS = (
    "sqlalchemy.dialects.sqlite.pysqlite",
    "sqlalchemy.dialects.postgresql.psycopg",
    "sqlalchemy.dialects.mysql.pymysql",
    "psycopg",
    "pymysql",
)

connect("memory://").close()
for driver in DRIVERS:
    with suppress(ImportError):  # one that is not installed is not wanted either
        import_module(driver)

__all__ = ["relays"]
