"""A database that fails by itself: no room, no writing, a lock that is kept, a commit without an answer.

Each is a typed error that says what to do, nothing is stored of the command, and once the cause is gone the
same command succeeds. Where a real cause would need a server of its own, the driver's call fails instead.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from itertools import count
from typing import Any

import psycopg
import pymysql
import pytest
from sqlalchemy import create_engine, event, text

from pharmacrm import Decision, StoreFailure
from pharmacrm.crm import PharmaCRM
from pharmacrm.testing.books import Books
from pharmacrm.testing.faults.traps import Fault, trapped
from tests.flows.companies import closed
from tests.flows.house import SALES, credit, open_house, worth, yuan

__all__ = ["closed"]

READ_ONLY = {
    "sqlite": "PRAGMA query_only = 1",
    "postgresql": "SET default_transaction_read_only = on",
    "mariadb": "SET SESSION TRANSACTION READ ONLY",
}
IMPATIENT = {
    "sqlite": "PRAGMA busy_timeout = 50",
    "postgresql": "SET lock_timeout = '50ms'",
    "mariadb": "SET SESSION innodb_lock_wait_timeout = 1",
}
PATIENT = {
    "sqlite": ("PRAGMA busy_timeout", 30_000),
    "postgresql": ("SHOW lock_timeout", "30s"),
    "mariadb": ("SELECT @@innodb_lock_wait_timeout", 30),
}
NO_ROOM: dict[str, Callable[[str], Exception]] = {
    "postgresql": psycopg.errors.DiskFull,
    "mariadb": partial(pymysql.err.OperationalError, 1021),
}
"""Errors as the servers' drivers raise them."""


def store(crm: PharmaCRM) -> Any:
    return crm._store


@contextmanager
def every_connection(crm: PharmaCRM, statement: str) -> Iterator[None]:
    """Say this on each connection that the store makes meanwhile."""
    engine = store(crm).engine

    def say(connection: Any, _: object) -> None:
        cursor = connection.cursor()
        cursor.execute(statement)
        cursor.close()

    event.listen(engine, "connect", say)
    engine.dispose()
    yield
    event.remove(engine, "connect", say)
    engine.dispose()


@contextmanager
def locked(url: str) -> Iterator[None]:
    """Somebody else, such as a report of the host, keeps the lock that an order wants."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            connection.execute(text("BEGIN IMMEDIATE"))
        else:
            connection.execute(text("START TRANSACTION"))
            assert connection.execute(text("SELECT id FROM pharmacrm_credit_line FOR UPDATE")).all()
        yield
        connection.execute(text("ROLLBACK"))
    engine.dispose()


def order(crm: PharmaCRM, id: str = "SO-1") -> Decision[Any]:
    return crm.do(worth(id, 100), actor=SALES, key=f"web-{id}")


def fails(crm: PharmaCRM) -> StoreFailure:
    """What an order ends with; no connection is kept, and the driver's text is not passed on."""
    with pytest.raises(StoreFailure) as caught:
        order(crm)
    assert store(crm).engine.pool.checkedout() == 0
    assert "planted" not in str(caught.value)
    return caught.value


def changes_nothing(crm: PharmaCRM, begin: Callable[[], None] = lambda: None) -> str:
    """The code of an order that fails and leaves every table as it was; the cause begins just before it."""
    before = Books.read(store(crm), crm.registry)
    begin()
    error = fails(crm)
    assert Books.read(store(crm), crm.registry) == before
    assert not error.unknown
    return error.code


def goes_through(crm: PharmaCRM) -> None:
    """The same order under the same key, now that the cause is gone: once."""
    before = credit(crm).reserved
    assert not order(crm).replayed
    assert order(crm).replayed
    assert credit(crm).reserved - before == yuan(100)


def test_plugins_070_a_full_disk(sqlite_url: str) -> None:
    crm = open_house(sqlite_url)
    with every_connection(crm, "PRAGMA max_page_count = 1"):  # taken as: no page more than there are now
        with suppress(StoreFailure):
            for number in count(2):
                order(crm, f"SO-{number}")
        assert changes_nothing(crm) == "store.full"
    goes_through(crm)


@pytest.mark.parametrize("kind", NO_ROOM)
def test_plugins_070_a_server_without_room(kind: str, request: pytest.FixtureRequest) -> None:
    crm = open_house(request.getfixturevalue(f"empty_{kind}_url"))
    trap = trapped(store(crm))
    for number in (2, 3):
        trap.set(0, Fault.BEFORE)
        order(crm, f"SO-{number}")
    writing = next(at for at, call in enumerate(trap.calls, 1) if "INSERT" in call)
    trap.error = NO_ROOM[kind]
    assert changes_nothing(crm, lambda: trap.set(writing, Fault.BEFORE)) == "store.full"
    goes_through(crm)


def test_plugins_071_a_database_that_cannot_be_written(any_url: str) -> None:
    crm = open_house(any_url)
    with every_connection(crm, READ_ONLY[store(crm).engine.dialect.name]):
        assert changes_nothing(crm) == "store.read_only"
    goes_through(crm)


def test_plugins_072_a_lock_that_somebody_keeps(any_url: str) -> None:
    crm = open_house(any_url)
    order(crm, "SO-2")
    with every_connection(crm, IMPATIENT[store(crm).engine.dialect.name]), locked(any_url):
        assert changes_nothing(crm) == "store.locked"
    goes_through(crm)


def test_nobody_waits_for_a_lock_for_ever(any_url: str) -> None:
    crm = open_house(any_url)
    asked, said = PATIENT[store(crm).engine.dialect.name]
    with store(crm).session() as session:
        assert list(session.driver.rows(asked, ())) == [(said,)]


@pytest.mark.parametrize("fault", [Fault.COMMIT_LOST, Fault.COMMIT_UNKNOWN])
def test_plugins_069_a_commit_whose_answer_is_lost(any_url: str, fault: Fault) -> None:
    crm = open_house(any_url)
    trap = trapped(store(crm))
    for number in (2, 3):
        trap.set(0, Fault.BEFORE)
        order(crm, f"SO-{number}")
    assert trap.calls[-1] == "COMMIT"
    at = len(trap.calls)
    before = credit(crm).reserved
    trap.set(at, fault)
    assert fails(crm).unknown
    assert trap.sprung
    assert order(crm).replayed is (fault is Fault.COMMIT_UNKNOWN)
    assert credit(crm).reserved - before == yuan(100)
