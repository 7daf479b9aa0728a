"""The drivers of the journal in small: each keeps its promises, and finds what its control planted."""

import json
import subprocess
import sys

import pytest

from pharmacrm.testing import clock, feed, targets
from pharmacrm.testing.tamper import __main__ as tamper
from pharmacrm.testing.tamper.books import PREFIX, kept_books, rehashed
from pharmacrm.testing.tamper.kinds import KINDS, Trace
from tests.covers import covers


@covers("SC-32", "SC-33")
def test_every_kind_of_tampering_is_found(tmp_path) -> None:
    report = tamper.run(2 * len(KINDS), tuple(KINDS), 1, tmp_path)
    assert report.kept, report.line()
    assert all(report.counts[kind] == 2 for kind in KINDS)


@covers("SC-32")
def test_the_last_row_of_a_seal_that_an_insider_takes_away_is_named(tmp_path) -> None:
    books, _ = kept_books(tmp_path / "books")
    copy = books.copied(tmp_path / "copy")
    with copy.forging() as forger:
        ((last,),) = forger.rows(f"SELECT first + count - 1 FROM {PREFIX}seal ORDER BY id LIMIT 1 OFFSET 1")
        entry = next(entry for entry, position in forger.entries() if position == last)
        forger.run(f"DELETE FROM {PREFIX}journal WHERE id = ?", entry)
    rehashed(copy)
    assert tamper.missed(copy.verified(), Trace(position=last)) == ""


@covers("SC-33")
def test_clocks_that_are_moved_change_no_recorded_time() -> None:
    report = clock.run(1500, 1)
    assert report.kept, report.line()
    assert report.counts["time.moved_back"] + report.counts["time.future"] > 0


@covers("SC-38")
@pytest.mark.postgresql
def test_readers_skip_nothing_and_see_nothing_twice(
    postgresql_server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(targets.SERVERS["postgresql"], postgresql_server)
    report = feed.run(8, 240, 1)
    assert report.kept, report.line()
    assert report.counts["written"] == 240


def test_the_drivers_speak_from_the_command_line() -> None:
    command = [sys.executable, "-m", "pharmacrm.testing.clock", "--commands", "300", "--seed", "7"]
    said = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert json.loads(said.stdout)["seed"] == 7
    assert (said.returncode == 0) is json.loads(said.stdout)["kept"]


def test_an_unknown_kind_is_refused(capsys) -> None:
    with pytest.raises(SystemExit):
        tamper.main(["--only", "nothing"])
    assert "there are edit_change" in capsys.readouterr().err
