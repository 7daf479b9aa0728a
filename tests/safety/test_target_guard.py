"""The helpers that destroy databases touch only what a test has made itself."""

import pytest
from sqlalchemy import create_engine, make_url, text

from tests import databases

# Nothing listens on port 1: a helper that connected before it looked would fail with another error.
NOWHERE = "postgresql+psycopg://postgres@127.0.0.1:1/"
WRONG = [
    pytest.param("postgres", id="the-servers-own"),
    pytest.param("pharmacrm", id="production"),
    pytest.param("pharmacrm_test", id="somebodys-test-database"),
    pytest.param("pharmacrm_test_", id="prefix-only"),
    pytest.param("copy_of_pharmacrm_test_0123456789abcdef", id="prefix-inside"),
    pytest.param('pharmacrm_test_0123456789abcdef"; DROP DATABASE postgres; --', id="injection"),
    pytest.param("pharmacrm_test_0123456789abcdef\n", id="line-end"),
    pytest.param("PHARMACRM_TEST_0123456789ABCDEF", id="upper-case"),
    pytest.param(None, id="no-name"),
]


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_target_is_refused_before_any_connection(name):
    target = make_url(NOWHERE).set(database=name) if name is not None else make_url(NOWHERE.rstrip("/"))
    with pytest.raises(databases.WrongTargetError, match="no test database"):
        databases.drop_postgresql(target, NOWHERE + "postgres")
    with pytest.raises(databases.WrongTargetError, match="no test database"):
        databases.empty_postgresql(target)
    with pytest.raises(databases.WrongTargetError, match="no test database"):
        databases.drop_mariadb(target, NOWHERE + "mysql")
    with pytest.raises(databases.WrongTargetError, match="no test database"):
        databases.empty_mariadb(target)


def test_the_right_name_passes():
    url = NOWHERE + "pharmacrm_test_0123456789abcdef"
    assert databases.guard(url).database == "pharmacrm_test_0123456789abcdef"


def test_what_is_created_may_be_dropped_and_is_gone(postgresql_server):
    url = databases.create_postgresql(postgresql_server)
    databases.drop_postgresql(url, postgresql_server)
    engine = create_engine(postgresql_server)
    with engine.connect() as connection:
        names = connection.scalars(text("SELECT datname FROM pg_database")).all()
    engine.dispose()
    assert make_url(url).database not in names


def test_what_is_created_on_mariadb_may_be_dropped_and_is_gone(mariadb_server):
    url = databases.create_mariadb(mariadb_server)
    databases.drop_mariadb(url, mariadb_server)
    engine = create_engine(mariadb_server)
    with engine.connect() as connection:
        names = connection.scalars(text("SHOW DATABASES")).all()
    engine.dispose()
    assert make_url(url).database not in names


@pytest.mark.parametrize("turn", [1, 2])
def test_any_url_is_empty_for_each_test(any_url, turn):
    engine = create_engine(any_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE leftover (n INTEGER)"))
        connection.execute(text("INSERT INTO leftover VALUES (:turn)"), {"turn": turn})
        assert connection.scalars(text("SELECT n FROM leftover")).all() == [turn]
    engine.dispose()
