"""The SQL store: SQLite, PostgreSQL and MariaDB, statements compiled once from Core and run as text."""

from pharmacrm.plugins.storage.sql.store import SqlStore

__all__ = ["SqlStore"]
