"""Fixtures: companies on each kind of store, founded once per worker where that is dear."""

import itertools
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from pharmacrm.crm import PharmaCRM, SimulatedClock
from tests.flows import house

KINDS = ("memory", "sqlite", "postgresql")
SERVERS = {"postgresql": "postgresql_url", "mariadb": "mariadb_url"}
_numbers = itertools.count(1)


def _to_monday_morning(crm: PharmaCRM) -> None:
    """Where other tests have left the database's time: a working hour, as in a file of its own."""
    if isinstance(crm.clock, SimulatedClock):
        now = crm.clock.now()
        day = now.date() + timedelta(days=-now.weekday() % 7 or 7)
        crm.clock.move_to(datetime.combine(day, time(1), UTC))


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    yield
    house.close_all()


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with a company in it."""
    path = tmp_path_factory.mktemp("company") / "founded.db"
    house.open_house(f"sqlite:///{path}")
    house.close_all()
    return path


@pytest.fixture
def company_on(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[..., PharmaCRM]:
    """Give a founded company on a kind of store: a file of its own, or a tenant of its own."""

    def found(kind: str, **options: Any) -> PharmaCRM:
        if kind == "sqlite":
            path = tmp_path / f"company{next(_numbers)}.db"
            shutil.copy(request.getfixturevalue("founded"), path)
            return house.opened(f"sqlite:///{path}", **options)
        if kind in SERVERS:
            tenant = f"tenant-{next(_numbers)}"
            url = request.getfixturevalue(SERVERS[kind])
            crm = house.open_house(url, **({"tenant": tenant} | options))
            _to_monday_morning(crm)
            return crm
        return house.open_house(**options)

    return found
