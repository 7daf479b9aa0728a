"""The store in memory passes the kit that every other store has to pass."""

from datetime import UTC, datetime
from typing import ClassVar

import pytest

from pharmacrm.core.kernel.errors import StoreFailure
from pharmacrm.core.kernel.query import Query
from pharmacrm.plugins.storage.memory import MemoryStore
from pharmacrm.testing.storage import Capabilities, StorageKit
from pharmacrm.testing.storage.bench import StoreFactory
from pharmacrm.testing.storage.kinds import KitLine, KitOrder


class TestMemoryStore(StorageKit):
    capabilities: ClassVar[Capabilities] = Capabilities(durable=False, examples=None, shrink=True)

    @pytest.fixture
    def store_factory(self) -> StoreFactory:
        return MemoryStore


def test_nothing_is_installed_at_first() -> None:
    store = MemoryStore()
    assert not store.installed()
    with pytest.raises(StoreFailure) as caught:
        store.find("main", KitOrder, Query())
    assert caught.value.code == "store.kind"
    store.register([KitOrder])
    assert not store.installed()
    assert store.find("main", KitOrder, Query()) == []
    store.install([])
    assert store.installed()
    assert store.tenants() == ()
    with pytest.raises(StoreFailure, match="kit_line"):
        store.get("main", KitLine, "x")


def test_clock_is_the_one_it_was_given() -> None:
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    assert MemoryStore().now() is None
    assert MemoryStore(clock_now=lambda: moment).now() == moment
