"""The built-in SQL stores behave as the port says: the kit, on SQLite, PostgreSQL and MariaDB."""

from collections.abc import Callable

import pytest

from pharmacrm.core.kernel.store import Store
from pharmacrm.plugins.storage.sql import SqlStore
from pharmacrm.testing.storage import StorageKit


class TestSqlite(StorageKit):
    """The kit on SQLite."""

    @pytest.fixture
    def store_factory(self, sqlite_url: str) -> Callable[[], Store]:
        """A store in a new file."""
        return lambda: SqlStore(sqlite_url)


class TestPostgresql(StorageKit):
    """The kit on PostgreSQL."""

    @pytest.fixture
    def store_factory(self, postgresql_url: str) -> Callable[[], Store]:
        """A store in this worker's database."""
        return lambda: SqlStore(postgresql_url)


class TestMariadb(StorageKit):
    """The kit on MariaDB."""

    @pytest.fixture
    def store_factory(self, mariadb_url: str) -> Callable[[], Store]:
        """A store in this worker's database."""
        return lambda: SqlStore(mariadb_url)
