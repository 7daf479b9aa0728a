"""The driver of random searches: clean stores keep the promise, and its control is found."""

import json

import pytest

from pharmacrm.testing import queries


@pytest.mark.parametrize("db", ["memory", "sqlite"])
def test_a_small_run(db: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert queries.main(["--queries", "100", "--db", db, "--seed", "7"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["counts"]["queries"] >= 100
    assert said["control"]["found"] >= 1


def test_a_store_that_differs_fails_the_run(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "pharmacrm_store", lambda _: queries.LosesTies())
    assert queries.main(["--queries", "200", "--seed", "7"]) == 1
    assert json.loads(capsys.readouterr().out)["violations"] >= 1
