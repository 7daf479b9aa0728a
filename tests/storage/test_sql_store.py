"""What a SQL store says of its URL, its tables, its schema and its connections."""

from collections.abc import Iterator
from typing import Annotated

import pytest
from attrs import frozen
from sqlalchemy import create_engine, inspect, text

from pharmacrm import Column, MalformedInput, Record, SchemaChanged, StoreFailure, Tenant, connect
from pharmacrm.core.kernel.errors import NotInstalled
from pharmacrm.plugins.storage.sql import SqlStore
from pharmacrm.testing.company import an_order, found_company
from tests.covers import covers


def widget(*, longer: bool) -> type[Record]:
    """Two versions of one record class."""
    length = 90 if longer else 80

    @frozen(kw_only=True)
    class Widget(Record):
        name: Annotated[str, Column(length=length)]

    return Widget


@pytest.fixture
def store(any_url: str) -> Iterator[SqlStore]:
    store = SqlStore(any_url)
    yield store
    store.close()


def test_installing_twice_is_harmless(store: SqlStore) -> None:
    kind = widget(longer=False)
    assert not store.installed()
    store.install((kind,))
    store.install((kind,))
    assert store.installed()


def test_a_table_that_differs_is_refused_with_the_difference(store: SqlStore, any_url: str) -> None:
    store.install((widget(longer=False),))
    other = SqlStore(any_url)
    with pytest.raises(SchemaChanged) as caught:
        other.install((widget(longer=True),))
    other.close()
    assert caught.value.code == "schema.changed"
    assert "pharmacrm_widget" in caught.value.message
    assert "length=80" in caught.value.message
    assert "length=90" in caught.value.message


def test_a_table_of_a_new_kind_is_made_later(store: SqlStore, any_url: str) -> None:
    store.install(())
    kind = widget(longer=False)
    other = SqlStore(any_url)
    other.register((kind,))
    assert other.installed()
    with other.session() as session, pytest.raises(SchemaChanged, match="missing"):
        session.get("main", kind, "W")
    other.install((kind,))
    with other.session() as session:
        assert session.get("main", kind, "W") is None
    other.close()


def test_an_interrupted_installation_is_done_again(store: SqlStore, any_url: str) -> None:
    store.register((widget(longer=False), Tenant))
    store.tables.metadata.create_all(store.engine)  # the process died before the ledger was filled
    assert not store.installed()
    assert store.tenants() == ()
    crm = connect(any_url)
    found_company(crm)
    assert crm.tenants() == ("main",)
    crm.close()


def test_an_empty_database_has_no_tenants(any_url: str) -> None:
    crm = connect(any_url)
    assert crm.tenants() == ()
    crm.close()


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("mysql://localhost/x", "mysql"),
        ("nonsense", "URL"),
        ("sqlite://", "memory://"),
        ("sqlite:///:memory:", "memory://"),
        ("", "URL"),
    ],
)
def test_a_url_that_cannot_be_served_is_named(url: str, said: str) -> None:
    with pytest.raises(MalformedInput) as caught:
        connect(url)
    assert caught.value.code == "store.url"
    assert said in str(caught.value)


def test_a_server_that_does_not_answer_is_a_store_failure() -> None:
    with pytest.raises(StoreFailure) as caught:
        connect("postgresql+psycopg://nobody@127.0.0.1:9/none")
    assert caught.value.code == "store.unavailable"


@covers("UF-02")
def test_prefix_and_tables_are_ours_alone(any_url: str) -> None:
    crm = connect(any_url, prefix="erp_crm_")
    found_company(crm)
    assert crm.do(an_order("O-1"), actor="zhang.san").allowed
    engine = create_engine(any_url)
    names = set(inspect(engine).get_table_names())
    engine.dispose()
    crm.close()
    assert {"erp_crm_sales_order", "erp_crm_journal", "erp_crm_delivery"} <= names
    assert all(name.startswith(("erp_crm_", "sqlite_")) for name in names)


def test_text_compares_bytewise_in_the_database_itself(any_url: str) -> None:
    crm = connect(any_url)
    found_company(crm, buyers=("b", "B", "a", "Z", "中", "é"))
    engine = create_engine(any_url)
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT id FROM pharmacrm_customer ORDER BY id"))
        found = [row[0] for row in rows]
    engine.dispose()
    crm.close()
    assert found == sorted(found)


def test_an_empty_store_wants_install_first(any_url: str) -> None:
    crm = connect(any_url)
    crm.create_tables()
    with pytest.raises(NotInstalled) as caught:
        crm.do(an_order(), actor="zhang.san")
    crm.close()
    assert caught.value.code == "tenant.not_installed"
