"""What cannot be opened is named, with the driver's answer, and without user, password or options."""

from pathlib import Path

import pytest
from sqlalchemy import make_url

from pharmacrm import StoreFailure, connect


def failed(url: str) -> str:
    with pytest.raises(StoreFailure) as caught:
        connect(url)
    assert caught.value.code == "store.unavailable"
    assert not caught.value.unknown
    return caught.value.message


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    path = tmp_path / "missing" / "crm.db"
    said = failed(f"sqlite:///{path}")
    assert (
        said
        == f"sqlite database {path} cannot be opened: its folder must exist, and be readable and writable"
    )


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "crm.db"
    path.write_text("order;amount\n" * 100, encoding="utf-8")
    assert failed(f"sqlite:///{path}") == f"sqlite database {path} cannot be opened: file is not a database"


@pytest.mark.parametrize(
    ("backend", "answer"),
    [("postgresql", "Connection refused"), ("mariadb", "Can't connect to MySQL server on '127.0.0.1'")],
)
def test_a_server_that_is_not_there(backend: str, answer: str) -> None:
    said = failed(f"{backend}://someone:s3cret@127.0.0.1:1/crm?connect_timeout=3")
    assert said.startswith(f"{backend} database crm on 127.0.0.1:1 cannot be opened: ")
    assert answer in said
    assert "s3cret" not in said
    assert "connect_timeout" not in said


@pytest.mark.parametrize(
    ("fixture", "answer"), [("postgresql_server", "does not exist"), ("mariadb_server", "Unknown database")]
)
def test_a_database_that_is_not_there(fixture: str, answer: str, request: pytest.FixtureRequest) -> None:
    url = make_url(request.getfixturevalue(fixture)).set(database="pharmacrm_nowhere")
    said = failed(url.render_as_string(hide_password=False))
    assert "database pharmacrm_nowhere" in said
    assert answer in said
