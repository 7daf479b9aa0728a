"""Notices as JSON lines."""

import json
import os
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.crm import SimulatedClock
from pharmacrm.plugins.notifications import JsonLines
from pharmacrm.plugins.notifications.jsonl import _line
from pharmacrm.plugins.types import DeliverContext, Delivered, Delivers, Result, RetryAfter
from pharmacrm.testing.company import an_order, release
from tests.fakes import FakeReads
from tests.plugins.hostile import company

AT = datetime(2026, 1, 5, 1, 0, 0, 7, tzinfo=UTC)
SELLER = "zhang.san"


def _notice(id: str = "n-1", **more: Any) -> DeliverContext:
    said = {"tenant": "main", "topic": "OrderSubmitted", "subject": "SO-1", "payload": {"buyer": "H-001"}}
    return DeliverContext(id=id, attempt=1, at=AT, simulated=True, read=FakeReads(), **(said | more))


def _lines(path: Path) -> list[Any]:
    return [json.loads(line) for line in path.read_bytes().splitlines()]


def _deliver(plugin: JsonLines, context: DeliverContext) -> Result:
    answer: Result = plugin.pharmacrm_deliver(context)
    return answer


def test_it_is_a_delivering_plugin() -> None:
    plugin: Delivers = JsonLines("notices.jsonl")
    assert (plugin.name, plugin.topics) == ("jsonl", ("*",))
    assert JsonLines("x", topics=["OrderReleased"], name="mine").topics == ("OrderReleased",)
    assert JsonLines.PHARMACRM_API == (1, 0)


def test_topics_are_no_text(tmp_path: Path) -> None:
    with pytest.raises(MalformedInput) as error:
        JsonLines(tmp_path / "x", topics="OrderReleased")
    assert (error.value.code, error.value.field) == ("plugin.topics", "topics")


def test_one_line_for_each_notice(tmp_path: Path) -> None:
    path = tmp_path / "notices.jsonl"
    plugin = JsonLines(path)
    assert _deliver(plugin, _notice()) == Delivered()
    assert _deliver(plugin, _notice("n-2", subject="订单-1")) == Delivered()
    first, second = _lines(path)
    assert first == {
        "id": "n-1",
        "tenant": "main",
        "topic": "OrderSubmitted",
        "subject": "SO-1",
        "payload": {"buyer": "H-001"},
        "at": "2026-01-05T01:00:00.000007Z",
    }
    assert (second["id"], second["subject"]) == ("n-2", "订单-1")


def test_a_double_is_known_by_its_id(tmp_path: Path) -> None:
    """After a crash between writing and saying so; a new process goes on in the same file."""
    path = tmp_path / "notices.jsonl"
    for _ in range(2):
        _deliver(JsonLines(path), _notice())
    assert [line["id"] for line in _lines(path)] == ["n-1", "n-1"]


@given(st.text(), st.dictionaries(st.text(), st.text() | st.integers()))
def test_a_notice_is_one_line_whatever_it_says(subject: str, payload: dict[str, Any]) -> None:
    line = _line(_notice(subject=subject, payload=payload))
    assert line.endswith(b"\n")
    assert line.decode("ascii").splitlines() == [line.decode("ascii").rstrip("\n")]
    assert not any(byte < 32 for byte in line[:-1])
    said = json.loads(line)
    assert (said["subject"], said["payload"]) == (subject, payload)


@pytest.mark.parametrize("text", ["a\nb", "a\r\nb", "\u2028", "\x85", "\0", "\ud800", '"}\n{"id": "forged'])
def test_control_characters_are_escapes(tmp_path: Path, text: str) -> None:
    path = tmp_path / "notices.jsonl"
    _deliver(JsonLines(path), _notice(payload={"text": text}))
    [line] = _lines(path)
    assert line["payload"] == {"text": text}


def test_a_torn_line_is_ended_first(tmp_path: Path) -> None:
    path = tmp_path / "notices.jsonl"
    path.write_bytes(b'{"id":"n-0"}\n{"id":"n-1","ten')
    _deliver(JsonLines(path), _notice())
    whole, torn, again = path.read_bytes().splitlines()
    assert json.loads(whole)["id"] == "n-0"
    with pytest.raises(json.JSONDecodeError):
        json.loads(torn)
    assert json.loads(again)["id"] == "n-1"


def test_a_folder_that_is_missing_is_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "later" / "notices.jsonl"
    plugin = JsonLines(path)
    answer = _deliver(plugin, _notice())
    assert answer == RetryAfter(60, "cannot write the file: No such file or directory")
    path.parent.mkdir()
    assert _deliver(plugin, _notice()) == Delivered()
    assert len(_lines(path)) == 1


def test_a_path_that_is_no_file(tmp_path: Path) -> None:
    answer = _deliver(JsonLines(tmp_path), _notice())
    assert isinstance(answer, RetryAfter)
    assert str(tmp_path) not in answer.why


def test_a_disk_that_does_not_keep_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Delivered is said only after the disk has the line."""

    def fail(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    answer = _deliver(JsonLines(tmp_path / "notices.jsonl"), _notice())
    assert answer == RetryAfter(60, "cannot write the file: No space left on device")


def test_lines_of_many_threads_do_not_mix(tmp_path: Path) -> None:
    path = tmp_path / "notices.jsonl"
    plugins = [JsonLines(path), JsonLines(path)]
    threads = [
        threading.Thread(target=_deliver, args=(plugins[n % 2], _notice(f"n-{n}", payload={"x": "y" * 5000})))
        for n in range(20)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(line["id"] for line in _lines(path)) == sorted(f"n-{n}" for n in range(20))


def test_from_an_order_to_a_line(tmp_path: Path, any_url: str) -> None:
    """The whole way, with a file that nobody can write at first; ids only, no personal data."""
    path = tmp_path / "later" / "notices.jsonl"
    crm = company(JsonLines(path, topics=("OrderSubmitted", "OrderReleased")), url=any_url)
    crm.do(an_order("SO-1"), actor=SELLER).expect()
    release(crm, "SO-1")
    assert (crm.deliver().postponed, crm.plugins.faults) == (1, ())
    path.parent.mkdir()
    assert isinstance(crm.clock, SimulatedClock)
    crm.clock.move_to("2026-01-05T02:00:00Z")
    assert crm.deliver().delivered == 2
    assert [(line["topic"], line["subject"]) for line in _lines(path)] == [
        ("OrderSubmitted", "SO-1"),
        ("OrderReleased", "SO-1"),
    ]
    assert "陈主任" not in path.read_text("unicode_escape")
    assert "64041990" not in path.read_text("ascii")
    crm.close()
