"""What only MariaDB does: versions, collations, isolation, deadlocks that take the host's transaction."""

from collections.abc import Iterator
from threading import Thread
from typing import Any

import pymysql
import pytest
from sqlalchemy import Engine, create_engine, event, text

from pharmacrm import Conflict, StoreFailure, connect
from pharmacrm.core.orders import SalesOrder
from pharmacrm.crm import PharmaCRM
from pharmacrm.plugins.storage.sql.faults import translate
from pharmacrm.plugins.storage.sql.mariadb import refuse_old
from tests.flows.companies import closed
from tests.flows.house import SALES, credit, entities, open_house, placed, worth, yuan

__all__ = ["closed"]


@pytest.fixture
def crm(mariadb_url: str, request: pytest.FixtureRequest) -> PharmaCRM:
    """A company in a tenant of the test's own."""
    tenant = f"m{abs(hash(request.node.name)) % 10**9}"
    return open_house(mariadb_url, tenant=tenant, limit="1000.00")


@pytest.fixture
def engine(mariadb_url: str) -> Iterator[Engine]:
    engine = create_engine(mariadb_url)
    yield engine
    engine.dispose()


@pytest.mark.parametrize(
    "version", ["10.6.0-MariaDB", "5.5.5-10.11.6-MariaDB-0+deb12u1", "11.4.2-MariaDB-log", "12.0.1-MariaDB"]
)
def test_mariadb_from_10_6_on_is_taken(version: str) -> None:
    refuse_old(version)


@pytest.mark.parametrize("version", ["10.5.27-MariaDB", "5.5.5-10.3.39-MariaDB", "8.0.36", "8.4.0-log", ""])
def test_other_servers_are_refused(version: str) -> None:
    with pytest.raises(StoreFailure, match=r"MariaDB 10\.6") as caught:
        refuse_old(version)
    assert caught.value.code == "store.version"


def test_the_version_is_looked_at_before_anything_else(
    empty_mariadb_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pymysql.connections.Connection, "get_server_info", lambda _: "8.0.36")
    with pytest.raises(StoreFailure) as caught:
        connect(empty_mariadb_url)
    assert caught.value.code == "store.version"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ("CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci", "store.collation"),
        ("MODIFY id VARCHAR(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL", "store.collation"),
        ("ENGINE = Aria", "store.engine"),
    ],
)
def test_a_table_that_compares_or_stores_wrongly_is_refused(
    empty_mariadb_url: str, change: str, code: str
) -> None:
    crm = connect(empty_mariadb_url)
    crm.create_tables()
    engine = create_engine(empty_mariadb_url)
    with engine.begin() as connection:
        connection.execute(text(f"ALTER TABLE pharmacrm_customer {change}"))
    with pytest.raises(StoreFailure, match="ALTER TABLE pharmacrm_customer") as caught:
        connect(empty_mariadb_url)
    assert caught.value.code == code
    remedy = caught.value.message.partition(": ")[2]
    with engine.begin() as connection:
        connection.execute(text(remedy))
    connect(empty_mariadb_url).close()
    crm.close()
    engine.dispose()


@pytest.mark.parametrize(
    ("setting", "code"),
    [
        ("SET SESSION TRANSACTION ISOLATION LEVEL READ UNCOMMITTED", "bind.isolation"),
        ("SET NAMES latin1", "bind.charset"),
        ("SET SESSION sql_mode = ''", "bind.sql_mode"),
    ],
)
def test_a_session_of_the_hosts_that_would_go_wrong_is_refused(
    crm: PharmaCRM, engine: Engine, setting: str, code: str
) -> None:
    @event.listens_for(engine, "connect")
    def _settings(raw: Any, _: Any) -> None:
        raw.query(setting)

    with engine.connect() as connection, pytest.raises(StoreFailure) as caught:
        crm.bind(connection, actor=SALES)
    assert caught.value.code == code


def test_a_connection_by_the_name_of_mysql_is_mariadbs_too(crm: PharmaCRM, engine: Engine) -> None:
    mysql = create_engine(engine.url.set(drivername="mysql+pymysql"))
    with mysql.begin() as connection:
        crm.bind(connection, actor=SALES).do(worth("SO-1", 100)).expect()
    mysql.dispose()
    assert len(entities(crm, SalesOrder)) == 1


@pytest.mark.parametrize("snapshot", ["ON", "OFF"])
def test_an_old_snapshot_gives_the_transaction_back(crm: PharmaCRM, engine: Engine, snapshot: str) -> None:
    """With innodb_snapshot_isolation the server says so itself (1020); without it, our versions do."""
    with engine.connect() as connection:
        connection.exec_driver_sql(f"SET SESSION innodb_snapshot_isolation = {snapshot}")
        bound = crm.bind(connection, actor=SALES)
        bound.find(SalesOrder)
        placed(crm, "SO-2", 600)
        with pytest.raises(Conflict) as caught:
            bound.do(worth("SO-1", 600))
        assert caught.value.retry == "transaction"
        connection.rollback()
        assert bound.do(worth("SO-1", 600)).codes == ("credit.over_limit",)
        connection.rollback()
    assert credit(crm).reserved == yuan(600)


def test_a_key_taken_meanwhile_is_answered_in_the_next_transaction(crm: PharmaCRM, engine: Engine) -> None:
    with engine.connect() as connection:
        bound = crm.bind(connection, actor=SALES)
        bound.find(SalesOrder)
        crm.do(worth("SO-1", 100), actor=SALES, key="web-1").expect()
        with pytest.raises(Conflict) as caught:
            bound.do(worth("SO-1", 100), key="web-1")
        assert caught.value.retry == "transaction"
        connection.rollback()
        assert bound.do(worth("SO-1", 100), key="web-1").replayed
        connection.rollback()
    assert credit(crm).reserved == yuan(100)


def test_a_deadlock_takes_the_hosts_transaction_and_says_so(crm: PharmaCRM, engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE IF NOT EXISTS erp_row (id INT PRIMARY KEY, n INT)"))
        connection.execute(text("REPLACE INTO erp_row VALUES (1, 0)"))
    with engine.connect() as ours, engine.connect() as theirs:
        line = f"UPDATE pharmacrm_credit_line SET recorded_at = recorded_at WHERE tenant = '{crm.tenant}'"
        for number in range(2, 60):  # the one that has written less is ended
            theirs.execute(text(f"REPLACE INTO erp_row VALUES ({number}, 0)"))
        theirs.execute(text(line))
        ours.execute(text("UPDATE erp_row SET n = 1 WHERE id = 1"))
        waiting = Thread(target=theirs.execute, args=(text("UPDATE erp_row SET n = 2 WHERE id = 1"),))
        waiting.start()
        with pytest.raises(Conflict) as caught:
            crm.bind(ours, actor=SALES).do(worth("SO-1", 100))
        waiting.join(30)
        assert caught.value.retry == "transaction"
        theirs.rollback()
        ours.rollback()
        assert ours.scalar(text("SELECT n FROM erp_row WHERE id = 1")) == 0
    assert entities(crm, SalesOrder) == []


@pytest.mark.parametrize(
    ("number", "code", "retry"),
    [
        (1062, "version.conflict", "command"),
        (1213, "version.conflict", "transaction"),
        (1205, "store.locked", None),
        (1020, "version.conflict", "transaction"),
        (1412, "version.conflict", "transaction"),
        (1146, "schema.missing", None),
        (1969, "store.locked", None),
        (1290, "store.read_only", None),
        (1114, "store.full", None),
        (1040, "store.pool", None),
        (2006, "store.unavailable", None),
        (1406, "store.unavailable", None),
    ],
)
def test_every_error_of_the_server_becomes_one_of_ours(number: int, code: str, retry: str | None) -> None:
    error = translate(pymysql.err.OperationalError(number, "…"))
    assert error.code == code
    assert getattr(error, "retry", None) == retry


def test_a_connection_that_does_not_answer_is_said_so(crm: PharmaCRM, engine: Engine) -> None:
    with engine.connect() as connection:
        number = connection.scalar(text("SELECT CONNECTION_ID()"))
        with engine.connect() as other:
            other.execute(text(f"KILL CONNECTION {number}"))
        with pytest.raises(StoreFailure):
            crm.bind(connection, actor=SALES)
