"""The SQL store: SQLite and PostgreSQL through SQLAlchemy Core, statements compiled once and run as text."""

from pharmacrm.plugins.storage.sql.store import SqlStore

__all__ = ["SqlStore"]
