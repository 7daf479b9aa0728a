"""Tables where the host wants them: under its prefix, in its schema, in its metadata, by its migrations."""

from collections.abc import Iterator
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata, produce_migrations
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Column, Engine, Integer, MetaData, Table, create_engine, inspect, make_url, text

from pharmacrm import SchemaChanged, StoreFailure, connect
from pharmacrm.plugins.storage.sql import SqlStore
from pharmacrm.testing.company import an_order, found_company
from tests import databases
from tests.storage.test_sql_store import widget


@pytest.fixture
def engine(any_url: str) -> Iterator[Engine]:
    engine = create_engine(any_url)
    yield engine
    engine.dispose()


@pytest.fixture(params=["postgresql", "mariadb"])
def placed(request: pytest.FixtureRequest) -> Iterator[tuple[str, str]]:
    """A database, and the name of a schema in it that is not the one of its connections."""
    url = str(request.getfixturevalue(f"empty_{request.param}_url"))
    if request.param == "mariadb":
        server = request.getfixturevalue("mariadb_server")
        other = databases.create_mariadb(server)
        yield url, make_url(other).database or ""
        databases.drop_mariadb(other, server)
    else:
        engine = create_engine(url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text("CREATE SCHEMA crm"))
        engine.dispose()
        yield url, "crm"


def test_everything_stands_in_the_schema(placed: tuple[str, str]) -> None:
    url, schema = placed
    crm = connect(url, schema=schema, prefix="p_")
    found_company(crm)
    assert crm.do(an_order("O-1"), actor="zhang.san").allowed
    engine = create_engine(url)
    assert inspect(engine).get_table_names() == []
    assert "p_sales_order" in inspect(engine).get_table_names(schema=schema)
    with engine.begin() as connection:
        assert crm.bind(connection, actor="zhang.san").do(an_order("O-2")).allowed
    again = connect(url, schema=schema, prefix="p_")
    assert again.tenants() == ("main",)
    for each in (crm, again):
        each.close()
    engine.dispose()


def test_a_schema_that_is_missing_is_named(placed: tuple[str, str]) -> None:
    crm = connect(placed[0], schema="nowhere")
    with pytest.raises(StoreFailure, match="nowhere") as caught:
        crm.create_tables()
    crm.close()
    assert caught.value.code == "store.schema"


def test_sqlite_has_no_schemas(sqlite_url: str) -> None:
    with pytest.raises(StoreFailure) as caught:
        connect(sqlite_url, schema="crm")
    assert caught.value.code == "store.schema"


def migrated(engine: Engine, metadata: MetaData) -> list[Any]:
    """Carry out what Alembic finds missing; give what it finds missing afterwards."""
    with engine.begin() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        operations = Operations(context)
        script = produce_migrations(context, metadata)
        assert script.upgrade_ops is not None
        todo = list(script.upgrade_ops.ops)
        while todo:
            each = todo.pop(0)
            nested = getattr(each, "ops", None)
            if nested is None:
                operations.invoke(each)
            else:
                todo[:0] = nested
    with engine.connect() as connection:
        return list(compare_metadata(MigrationContext.configure(connection), metadata))


def test_alembic_makes_the_tables_and_install_accepts_them(engine: Engine, any_url: str) -> None:
    metadata = MetaData()
    Table("erp_invoice", metadata, Column("id", Integer, primary_key=True))
    crm = connect(any_url)
    copied = crm.tables(into=metadata)
    assert {table.metadata for table in copied} == {metadata}
    assert "pharmacrm_schema" in metadata.tables
    assert migrated(engine, metadata) == []
    assert crm.tenants() == ()
    found_company(crm)
    assert crm.do(an_order("O-1"), actor="zhang.san").allowed
    crm.close()
    assert migrated(engine, metadata) == []


def test_the_hosts_own_create_all_does_too(engine: Engine, any_url: str) -> None:
    metadata = MetaData()
    crm = connect(any_url)
    crm.tables(into=metadata)
    metadata.create_all(engine)
    found_company(crm)
    assert crm.tenants() == ("main",)
    crm.close()


@pytest.mark.parametrize("change", ["DROP COLUMN name", "ADD COLUMN more INTEGER"])
def test_a_table_of_the_hosts_that_differs_is_refused(engine: Engine, any_url: str, change: str) -> None:
    store = SqlStore(any_url)
    store.register((widget(longer=False),))
    metadata = MetaData()
    store.copy_tables(metadata)
    metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(text(f"ALTER TABLE pharmacrm_widget {change}"))
    with pytest.raises(SchemaChanged, match="pharmacrm_widget: has"):
        store.install(())
    store.close()


def test_a_table_that_the_host_has_migrated_is_accepted(engine: Engine, any_url: str) -> None:
    old, new = SqlStore(any_url), SqlStore(any_url)
    old.install((widget(longer=False),))
    new.register((widget(longer=True),))
    with pytest.raises(SchemaChanged):
        new.installed()
    name = "pharmacrm_widget"
    with engine.begin() as connection:
        connection.execute(text(f"DROP TABLE {name}"))
        new.tables.metadata.tables[name].create(connection)
    assert new.installed()
    new.install(())
    assert new.installed()
    with pytest.raises(SchemaChanged, match="length=90"):
        old.installed()
    for store in (old, new):
        store.close()


def test_a_store_in_memory_has_no_tables() -> None:
    with pytest.raises(StoreFailure) as caught:
        connect("memory://").tables(into=MetaData())
    assert caught.value.code == "store.tables"
