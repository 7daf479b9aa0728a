"""Every door that a test opens is closed after it."""

from collections.abc import Iterator

import pytest

from tests.flows import house


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    house.close_all()
