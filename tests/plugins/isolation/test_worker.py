"""A worker process: what goes wrong in it stays in it, and the host hears one fault."""

import json
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from pharmacrm.core.kernel.lookup import Lookup
from pharmacrm.plugins.isolation import Isolated
from pharmacrm.plugins.isolation.host import MOST_STARTS, REST, StandIn, Worker
from pharmacrm.plugins.isolation.process import Process
from pharmacrm.plugins.types import CheckContext
from pharmacrm.plugins.wall.lending import Loan
from pharmacrm.plugins.wall.shielding import Outside
from pharmacrm.testing.company import an_order
from tests.fakes import FakeReads
from tests.plugins.isolation import culprits

CHECK = "pharmacrm_check"


@contextmanager
def working(case: str, then: str = "", *, limit: float = 20.0) -> Iterator[Worker]:
    """A worker with one culprit, its deadline far away unless the test is about the deadline."""
    worker = Worker(Isolated(culprits.Culprit, {"case": case, "then": then}, limit=limit))
    try:
        worker.described()
        yield worker
    finally:
        worker.close()


def a_context(read: Lookup | None = None) -> CheckContext:
    return CheckContext(
        tenant="main",
        command=an_order("SO-1"),
        actor="zhang.san",
        roles=frozenset({"sales", "lead"}),
        on=date(2026, 1, 5),
        at=datetime(2026, 1, 5, 1, 0, 0, 1, tzinfo=UTC),
        reasons=(),
        read=Loan(read or FakeReads()).facade,
    )


def asked(worker: Worker, read: Lookup | None = None) -> str:
    """What the culprit says."""
    [reason] = worker.ask(CHECK, a_context(read))
    return str(reason.observed)


def gone(pid: int) -> bool:
    """Whether a process has ended; a zombie that nobody waits for has."""
    for _ in range(1_000):
        try:
            if Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] == "Z":
                return True
            os.kill(pid, 0)
        except (ProcessLookupError, FileNotFoundError):
            return True
        time.sleep(0.02)
    return False


def test_a_worker_is_another_process_that_is_kept() -> None:
    with working("who") as worker:
        assert int(asked(worker)) == int(asked(worker)) == worker.pid
        assert worker.pid != os.getpid()


def test_the_context_arrives_whole() -> None:
    with working("sees") as worker:
        assert asked(worker).startswith("main zhang.san ['lead', 'sales'] 2026-01-05 ")


ENDS: dict[str, tuple[str, str]] = {
    "hangs": ("limit", "took longer than 1 s: its worker was ended"),
    "busy": ("limit", "took longer than 1 s: its worker was ended"),
    "prints for ever": ("limit", "took longer than 1 s: its worker was ended"),
    "os._exit": ("died", "its worker process ended"),
    "crashes": ("died", "its worker process ended"),
    "killed": ("died", "its worker process ended"),
    "speaks the protocol": ("died", "its worker spoke out of turn"),
}


@pytest.mark.parametrize("case", ENDS)
def test_a_worker_that_hangs_or_dies_is_replaced(case: str) -> None:
    """plugins-030, 031, 032: on the second call; the third has a new worker, which begins from the start."""
    with working("who", case, limit=1.0 if ENDS[case][0] == "limit" else 20.0) as worker:
        first = int(asked(worker))
        with pytest.raises(Outside) as caught:
            worker.ask(CHECK, a_context())
        assert (caught.value.what, caught.value.message) == ENDS[case]
        assert worker.pid is None
        assert gone(first)
        assert int(asked(worker)) not in {first, os.getpid()}


GOES_ON: dict[str, tuple[str, str]] = {
    "raises": ("raised", "KeyError"),
    "interrupts": ("raised", "KeyboardInterrupt"),
    "sys.exit": ("raised", "SystemExit"),
    "100 MB": ("type", "bytes, at most 4,000,000"),
    "pickled": ("type", "Bomb cannot travel between processes"),
}


@pytest.mark.parametrize("case", GOES_ON)
def test_a_worker_that_answers_wrongly_goes_on(case: str, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    with working(case) as worker:
        pid = worker.pid
        for _ in range(2):
            with pytest.raises(Outside) as caught:
                worker.ask(CHECK, a_context())
            assert caught.value.what == GOES_ON[case][0]
            assert GOES_ON[case][1] in caught.value.message
        assert worker.pid == pid
    assert list(tmp_path.iterdir()) == []


def test_printing_does_not_get_into_the_protocol(capfd: pytest.CaptureFixture[str]) -> None:
    with working("prints") as worker:
        assert asked(worker) == asked(worker) == "printed"
    assert capfd.readouterr().out == ""


def test_its_children_end_with_it(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    with working("children", limit=3.0) as worker, pytest.raises(Outside):
        worker.ask(CHECK, a_context())
    assert gone(int((tmp_path / "child.pid").read_text(encoding="ascii")))


def test_threads_that_it_leaves_do_not_keep_it() -> None:
    with working("threads") as worker:
        assert asked(worker) == "2"
        pid = worker.pid
    assert pid is not None
    assert gone(pid)


def test_reads_end_with_the_call() -> None:
    with working("keeps the reads") as worker:
        assert [asked(worker), asked(worker)] == ["kept", "plugin.read_ended"]


def test_reads_that_make_no_sense_are_told_so() -> None:
    with working("reads wrongly") as worker:
        codes = "['query.field', 'json.type', 'query.limit', 'kind.type', 'not_found']"
        assert asked(worker) == codes


def test_a_store_that_takes_its_time_is_no_fault_of_the_plugin() -> None:
    """The clock of the host moves by an hour during each read, and by nothing else."""
    now = [0.0]

    class Slow(FakeReads):
        def seek(self, kind: Any, id: str) -> Any:
            now[0] += 3_600
            return super().seek(kind, id)

    with working("reads wrongly") as worker:
        assert worker._process is not None
        worker.clock = worker._process.channel.clock = lambda: now[0]
        assert "not_found" in asked(worker, Slow())
    assert now[0] >= 3_600


def test_many_threads_share_one_worker() -> None:
    answers: list[str] = []
    with working("who") as worker:
        threads = [threading.Thread(target=lambda: answers.append(asked(worker))) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert answers == [str(worker.pid)] * 8


def test_a_plugin_that_dies_at_start_is_left_alone_after_five_times() -> None:
    now, begun = [0.0], []

    def start() -> Process:
        begun.append(now[0])
        raise Outside("died", "its worker process ended")

    worker = Worker(Isolated(culprits.Culprit), clock=lambda: now[0], start=start)

    def why() -> str:
        with pytest.raises(Outside) as caught:
            worker.ask(CHECK, a_context())
        return caught.value.what

    assert [why() for _ in range(MOST_STARTS + 2)] == ["died"] * MOST_STARTS + ["resting"] * 2
    assert len(begun) == MOST_STARTS
    now[0] = REST
    assert [why(), why()] == ["died", "died"]


@pytest.mark.parametrize(
    ("kind", "what", "message"),
    [
        (culprits.DiesAtStart, "died", "its worker process ended"),
        (culprits.RaisesAtStart, "not loaded", "its import failed: ValueError"),
        ("no_such_module:Plugin", "not loaded", "its import failed: ModuleNotFoundError"),
        ("json:dumps", "not loaded", "it has no function of any hook"),
        ("json:", "not loaded", "it has no function of any hook"),
    ],
)
def test_what_is_no_plugin_is_told_at_start(kind: Any, what: str, message: str) -> None:
    worker = Worker(Isolated(kind))
    with pytest.raises(Outside) as caught:
        StandIn(worker)
    assert (caught.value.what, caught.value.message) == (what, message)
    assert worker.pid is None


class _Scripted:
    """A worker that says what it was told to, in place of a process."""

    def __init__(self, *lines: object) -> None:
        self.lines = [each if isinstance(each, bytes) else json.dumps(each).encode() for each in lines]
        self.pid = 1
        self.channel: Any = self

    def send(self, line: bytes, deadline: float) -> None: ...

    def receive(self, deadline: float) -> bytes:
        return self.lines.pop(0)

    def end(self) -> None: ...


REPLIES: dict[str, object] = {
    "no JSON": b"\x80\x04\x95",
    "no text": b"\xff{}",
    "NaN": b'{"call":1,"answer":NaN}',
    "a float": b'{"call":1,"answer":1.5}',
    "a key twice": b'{"call":1,"call":1}',
    "deep": b'{"call":1,"answer":' + b"[" * 10**5 + b"]" * 10**5 + b"}",
    "a list": [1],
    "another class": {"call": 1, "answer": {"$": "made", "class": "os:system", "of": {}}},
    "another hook's class": {
        "call": 1,
        "answer": {"$": "made", "class": "pharmacrm.plugins.types:Delivered", "of": {}},
    },
    "no fields": {
        "call": 1,
        "answer": {"$": "made", "class": "pharmacrm.core.kernel.reason:Reason", "of": 5},
    },
    "more fields": {
        "call": 1,
        "answer": {
            "$": "made",
            "class": "pharmacrm.core.kernel.reason:Reason",
            "of": {"code": "a.b", "severity": "warn", "tenant": "t2"},
        },
    },
    "no class": {"call": 1, "answer": {"$": "made"}},
    "a tag of its own": {"call": 1, "answer": {"$": "eval", "of": "1"}},
    "reads in an answer": {"call": 1, "answer": {"$": "read"}},
    "a class that is none": {"call": 1, "answer": {"$": "made", "class": [], "of": 1}},
    "a tag that is none": {"call": 1, "answer": {"$": [], "of": 1}},
}


@pytest.mark.parametrize("reply", REPLIES.values(), ids=list(REPLIES))
def test_whatever_a_worker_says_is_data(reply: object) -> None:
    scripted: Callable[[], Any] = lambda: _Scripted({"name": "x"}, reply)  # noqa: E731
    worker = Worker(Isolated(culprits.Culprit), start=scripted)
    with pytest.raises(Outside) as caught:
        worker.ask(CHECK, a_context())
    assert caught.value.what in {"type", "died"}


@pytest.mark.parametrize(
    "question",
    [
        {"read": "drop"},
        {"read": "seek", "kind": 5},
        {"read": "find", "kind": "os:x"},
        {"read": "seek", "kind": "pharmacrm.core.orders.model:SalesOrder", "id": 5},
    ],
)
def test_a_read_that_is_none_is_answered_as_one(question: dict[str, object]) -> None:
    scripted = _Scripted({"name": "x"}, {"call": 1, **question}, {"call": 1, "answer": None})
    start: Callable[[], Any] = lambda: scripted  # noqa: E731
    worker = Worker(Isolated(culprits.Culprit), start=start)
    assert worker.ask(CHECK, a_context()) is None
