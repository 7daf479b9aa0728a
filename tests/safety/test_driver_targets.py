"""Drivers destroy only databases that they have made (T0)."""

from typing import Any

import pytest

from pharmacrm.testing import targets

SERVER = "postgresql+psycopg://postgres@127.0.0.1:1/"
WRONG = ["postgres", "pharmacrm", targets.PREFIX + "01", "x_" + targets.PREFIX + "0123456789abcdef"]


@pytest.mark.parametrize("name", WRONG)
@pytest.mark.parametrize("destroy", [targets.drop, lambda url, _: targets.end_everybody(url)])
def test_a_wrong_database_is_refused_before_any_connection(name: str, destroy: Any) -> None:
    with pytest.raises(targets.WrongTargetError, match="no driver's database"):
        destroy(SERVER + name, SERVER + "postgres")


@pytest.mark.parametrize("url", ["sqlite:///crm.db", "sqlite://", "sqlite:////var/lib/pharmacrm_driver.db"])
def test_a_wrong_file_is_refused(url: str) -> None:
    with pytest.raises(targets.WrongTargetError):
        targets.guard(url)


@pytest.mark.parametrize("kind", ["oracle", "sqlite:///crm.db", ""])
def test_an_unknown_kind_is_refused_and_no_url_is_taken(kind: str) -> None:
    with pytest.raises(targets.WrongTargetError, match="unknown database"), targets.database(kind):
        pass


def test_a_server_that_nobody_named_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(targets.SERVERS["mariadb"], raising=False)
    with (
        pytest.raises(targets.WrongTargetError, match="set PHARMACRM_TEST_MARIADB_URL"),
        targets.database("mariadb"),
    ):
        pass
    assert targets.kinds_of("all") == ("sqlite", "postgresql")


def test_what_a_driver_makes_is_its_own() -> None:
    with targets.database("sqlite") as url:
        assert targets.guard(url)
