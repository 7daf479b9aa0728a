"""Doors for tests of plugins, closed afterwards."""

from collections.abc import Iterator

import pytest

from pharmacrm.crm import PharmaCRM, SimulatedClock, connect
from tests.plugins.delivering import Found
from tests.plugins.hostile import MEMORY, company


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine makes no plugin slow: what is slow is told by a clock of the test's own."""
    monkeypatch.setattr("pharmacrm.plugins.wall.calling.SLOW", 1e9)


@pytest.fixture
def founded() -> Iterator[Found]:
    """Found companies (or open another door to one), and close their doors afterwards."""
    doors: list[PharmaCRM] = []

    def found(*plugins: object, url: str = MEMORY, new: bool = True) -> PharmaCRM:
        crm = company(*plugins, url=url) if new else connect(url, clock=SimulatedClock(), plugins=plugins)
        doors.append(crm)
        return crm

    yield found
    for crm in doors:
        crm.close()
