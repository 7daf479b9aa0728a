"""Connections: many threads, forks, a pool that is empty, and a server that ended what lay in the pool."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import NullPool, create_engine, text

from pharmacrm import Inbox, StoreFailure
from pharmacrm.core.orders import SalesOrder
from pharmacrm.crm import PharmaCRM
from tests.flows.companies import closed
from tests.flows.house import ASSISTANT, SALES, credit, entities, open_house, worth, yuan

__all__ = ["closed"]

THREADS, EACH = 8, 3

KILL = {
    "postgresql": "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()",
    "mariadb": "SELECT id FROM information_schema.processlist"
    " WHERE db = DATABASE() AND id <> CONNECTION_ID()",
}


def pool(crm: PharmaCRM) -> Any:
    return crm._store.engine.pool  # type: ignore[attr-defined]  # the store of this test is a SqlStore


def end_sessions(url: str) -> int:
    """End every other connection to a test's database, as a restart of the server would; give how many."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        found = connection.scalars(text(KILL[engine.dialect.name])).all()
        for number in found:
            if engine.dialect.name == "mariadb":
                connection.execute(text(f"KILL CONNECTION {number}"))
    return len(found)


@pytest.fixture(params=["postgresql", "mariadb"])
def server_url(request: pytest.FixtureRequest) -> str:
    return str(request.getfixturevalue(f"empty_{request.param}_url"))


def test_many_threads_go_through_one_door(any_url: str) -> None:
    crm = open_house(any_url)

    def work(number: int) -> None:
        for place in range(EACH):
            crm.do(worth(f"SO-{number}-{place}", 100), actor=SALES).expect()
            crm.ask(Inbox(), actor=ASSISTANT)

    with ThreadPoolExecutor(THREADS) as threads:
        list(threads.map(work, range(THREADS)))
    assert len(entities(crm, SalesOrder)) == THREADS * EACH
    assert credit(crm).reserved == yuan(100 * THREADS * EACH)
    assert pool(crm).checkedout() == 0


FORKED = """
import os, sys
from pharmacrm import Inbox
from pharmacrm.crm import SimulatedClock, connect
from pharmacrm.testing.company import an_order, found_company

crm = connect(sys.argv[1], clock=SimulatedClock())
found_company(crm)
crm.do(an_order("before"), actor="zhang.san").expect()
child = os.fork()
name = "parent" if child else "child"
try:
    for number in range(5):
        crm.do(an_order(f"{name}-{number}"), actor="zhang.san").expect()
        crm.ask(Inbox(), actor="li.si")
except BaseException as error:
    print(name, type(error), error, flush=True)
    os._exit(1)
if not child:
    os._exit(0)
assert os.waitpid(child, 0)[1] == 0
assert crm.do(an_order("after"), actor="zhang.san").allowed
print(len(crm.ask(Inbox(), actor="li.si")))
crm.close()
"""


@pytest.mark.skipif(not hasattr(__import__("os"), "fork"), reason="the system cannot fork")
def test_a_fork_shares_no_connection(any_url: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FORKED, any_url], capture_output=True, text=True, timeout=120, check=False
    )
    assert (done.stdout.strip(), done.returncode) == ("12", 0), done.stdout + done.stderr


def test_an_empty_pool_is_named(server_url: str) -> None:
    crm = open_house(server_url, pool_size=1)
    pool(crm)._max_overflow, pool(crm)._timeout = 0, 0.05
    with crm._store.session(), pytest.raises(StoreFailure) as caught:
        crm.do(worth("SO-1", 100), actor=SALES)
    assert caught.value.code == "store.pool"
    assert crm.do(worth("SO-1", 100), actor=SALES).allowed
    assert pool(crm).checkedout() == 0


def test_connections_ended_in_the_pool_are_replaced_unseen(server_url: str) -> None:
    crm = open_house(server_url)
    with crm._store.session(), crm._store.session(), crm._store.session():
        pass  # three connections lie in the pool
    assert end_sessions(server_url) >= 1
    assert crm.do(worth("SO-1", 100), actor=SALES).allowed
    end_sessions(server_url)
    assert crm.ask(Inbox(), actor=ASSISTANT)
    end_sessions(server_url)
    assert crm.deliver().delivered == 0
    assert len(entities(crm, SalesOrder)) == 1


def test_a_connection_ended_in_the_middle_is_a_failure_and_the_next_command_works(server_url: str) -> None:
    crm = open_house(server_url)
    with pytest.raises(StoreFailure), crm._store.session() as session:  # noqa: PT012 - the middle is the point
        assert session.count("main", SalesOrder, ()) == 0
        end_sessions(server_url)
        session.count("main", SalesOrder, ())
    assert crm.do(worth("SO-1", 100), actor=SALES).allowed
    assert pool(crm).checkedout() == 0
