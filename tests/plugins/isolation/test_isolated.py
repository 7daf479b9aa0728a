"""Isolated plugins behind the door: a guard holds, a notice waits, and nobody is left behind."""

import gc
import os
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from pharmacrm.core.kernel.decision import Outcome
from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.orders import SalesOrder
from pharmacrm.crm import PharmaCRM, SimulatedClock, connect
from pharmacrm.plugins.isolation import Isolated
from pharmacrm.plugins.manager import Plugins
from pharmacrm.testing.company import ADMIN, an_order, found_company
from tests.fakes import TENANT
from tests.plugins.hostile import MEMORY, Guard, company, raising
from tests.plugins.isolation import culprits
from tests.plugins.isolation.test_worker import gone

SELLER = "zhang.san"
HERE = culprits.__name__


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.chdir(tmp_path)
    yield
    gc.collect()


def _pids(crm: PharmaCRM) -> list[int]:
    return [worker.pid for worker in crm.plugins._loaded.workers if worker.pid is not None]


def test_a_guard_that_hangs_holds_the_order_and_the_next_one_is_asked() -> None:
    crm = company(
        Isolated(culprits.Culprit, {"case": "hangs", "then": "nothing"}, limit=1.0), Guard(name="second")
    )
    first, second = (crm.do(an_order(id), actor=SELLER) for id in ("SO-1", "SO-2"))
    assert (first.outcome, first.codes) == (Outcome.HELD, ("plugin.fault",))
    assert (second.outcome, second.codes) == (Outcome.HELD, ("plugin.fault",))  # a new worker begins anew
    faults = {(fault.plugin, fault.hook, fault.what) for fault in crm.plugins.faults}
    assert faults == {("culprit", "pharmacrm_check", "limit")}
    assert crm.plugins.explain("check").splitlines() == [
        "pharmacrm_check",
        "  1. culprit (isolated, limit 1 s)",
        "  2. second",
        "faults",
        *["  culprit pharmacrm_check limit: took longer than 1 s: its worker was ended"] * 2,
    ]
    crm.close()
    assert _pids(crm) == []


def test_reads_of_an_isolated_guard_are_those_of_the_unit(any_url: str) -> None:
    crm = company(Isolated(culprits.Culprit, {"case": "reads"}, limit=20.0), url=any_url)
    for id in ("SO-1", "SO-2", "SO-3"):
        crm.do(an_order(id), actor=SELLER).expect()
    answer = crm.do(an_order("SO-4"), actor=SELLER)
    [reason] = [each for each in answer.reasons if each.code == "culprit.says"]
    assert "['SO-3', 'SO-2'] None []" in reason.observed
    crm.close()


def test_an_isolated_guard_decides_like_an_inline_one() -> None:
    isolated = company(Isolated(culprits.Culprit, {"case": "blocks"}, limit=20.0))
    inline = company(culprits.Culprit("blocks"))
    answers = [crm.do(an_order("SO-1"), actor=SELLER) for crm in (isolated, inline)]
    assert answers[0].reasons == answers[1].reasons
    assert [answer.outcome for answer in answers] == [Outcome.REFUSED] * 2
    isolated.close()


def test_a_notice_is_carried_by_a_worker() -> None:
    crm = company(Isolated(f"{HERE}:Postman", limit=20.0))
    crm.do(an_order("SO-1"), actor=SELLER).expect()
    assert crm.deliver().delivered == 1
    topic, subject, pid, buyer = Path("post.txt").read_text(encoding="utf-8").split()
    assert (topic, subject, buyer) == ("OrderSubmitted", "SO-1", an_order("SO-1").buyer)
    assert [int(pid)] == _pids(crm)
    crm.close()
    assert gone(int(pid))


def test_a_notice_whose_carrier_dies_is_tried_again() -> None:
    crm = company(Isolated(culprits.Postman, {"case": "os._exit"}, limit=20.0))
    crm.do(an_order("SO-1"), actor=SELLER).expect()
    done = crm.deliver()
    assert (done.delivered, done.postponed, done.waiting) == (0, 1, 1)
    assert [(fault.hook, fault.what) for fault in crm.plugins.faults] == [("pharmacrm_deliver", "died")]
    crm.close()


def test_a_calendar_travels_and_is_looked_through_once() -> None:
    crm = company(Isolated(culprits.Closed, limit=20.0))
    tenant = evolve(TENANT, calendar="cn")
    calendars = [crm.plugins.calendar(tenant) for _ in range(2)]
    assert calendars[0] is calendars[1]
    assert sorted(calendars[0].published or ()) == [2026]
    assert crm.plugins.faults == ()
    crm.close()


def test_a_listener_hears_in_its_worker() -> None:
    crm = company(Isolated(culprits.Hears, limit=20.0), Guard(raising(ValueError())))
    assert crm.do(an_order("SO-1"), actor=SELLER).held
    assert Path("heard.txt").read_text(encoding="utf-8") == "guard raised\n"
    crm.close()


def test_what_cannot_be_isolated_is_refused_and_holds_as_a_guard_does() -> None:
    plugins = Plugins([Isolated(culprits.Registers)])
    assert [(fault.plugin, fault.message) for fault in plugins.faults] == [
        ("culprit", "pharmacrm_register cannot be isolated: give it to a plugin of its own")
    ]
    assert plugins._loaded.broken_guards == ["culprit"]
    assert [worker.pid for worker in plugins._loaded.workers] == [None]


def test_one_that_dies_at_start_may_be_a_guard() -> None:
    crm = connect(MEMORY, clock=SimulatedClock(), plugins=[Isolated(culprits.DiesAtStart)])
    crm.install(admin=ADMIN)
    assert [(fault.plugin, fault.what) for fault in crm.plugins.faults] == [
        (f"{HERE}:DiesAtStart"[:64], "died")
    ]
    assert crm.plugins._loaded.broken_guards


def test_entry_points_named_for_it_are_not_imported_here(monkeypatch: pytest.MonkeyPatch) -> None:
    points = [
        EntryPoint(name="post", value=f"{HERE}:Postman", group="pharmacrm"),
        EntryPoint(name="odd", value="what is this", group="pharmacrm"),
    ]
    monkeypatch.setattr("pharmacrm.plugins.loading.entry_points", lambda group: points)
    isolate = {"post": 3.0, "odd": 1, "gone": 1}
    plugins = Plugins(entry_points=True, isolate=isolate, require={"gone": (type(an_order()),)})
    assert plugins.explain("deliver").splitlines()[:2] == [
        "pharmacrm_deliver",
        "  1. post (isolated, limit 3 s)",
    ]
    assert {fault.plugin: fault.what for fault in plugins.faults} == {
        "odd": "not loaded",
        "gone": "not loaded",
    }
    assert "  required but not loaded: gone" in plugins.explain().splitlines()
    plugins.close()


LOCAL = type("Local", (), {"__qualname__": "f.<locals>.Local"})


def isolating(isolate: Any) -> object:
    return connect(MEMORY, entry_points=True, isolate=isolate)


WRONG: dict[str, tuple[Any, str]] = {
    "a lambda": (lambda: Isolated(print), "isolated.plugin"),
    "a script's own": (lambda: Isolated("__main__:Plugin"), "isolated.plugin"),
    "a local class": (lambda: Isolated(LOCAL), "isolated.plugin"),
    "a path": (lambda: Isolated("../plugin.py"), "isolated.plugin"),
    "an object among the arguments": (lambda: Isolated("a:B", {"x": object()}), "isolated.arguments"),
    "a tuple among the arguments": (lambda: Isolated("a:B", {"x": (1,)}), "isolated.arguments"),
    "NaN among the arguments": (lambda: Isolated("a:B", {"x": float("nan")}), "isolated.arguments"),
    "no dict": (lambda: Isolated("a:B", [1]), "isolated.arguments"),
    "no limit": (lambda: Isolated("a:B", limit=0), "isolated.limit"),
    "a limit without end": (lambda: Isolated("a:B", limit=float("inf")), "isolated.limit"),
    "True for a limit": (lambda: Isolated("a:B", limit=True), "isolated.limit"),
    "entry points not asked for": (lambda: connect(MEMORY, isolate={"a": 1.0}), "plugins.isolate"),
    "isolate as a list": (lambda: isolating(["a"]), "plugins.isolate"),
    "isolate without a limit": (lambda: isolating({"a": None}), "isolated.limit"),
}


@pytest.mark.parametrize(("make", "code"), WRONG.values(), ids=list(WRONG))
def test_what_cannot_be_meant_is_refused_by_name(make: Any, code: str) -> None:
    with pytest.raises(MalformedInput) as caught:
        make()
    assert caught.value.code == code


def test_arguments_may_be_secret() -> None:
    assert "hunter2" not in repr(Isolated("a:B", {"password": "hunter2"}))


def test_a_door_that_does_not_open_leaves_no_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[Plugins] = []
    given = Plugins.domains

    def remembering(self: Plugins) -> Any:
        opened.append(self)
        return given(self)

    monkeypatch.setattr(Plugins, "domains", remembering)
    with pytest.raises(MalformedInput):
        connect("shelf://x", plugins=[Isolated(culprits.Postman)])
    assert [worker.pid for worker in opened[0]._loaded.workers] == [None]


SCRIPT = """
import os, signal, sys
sys.path.insert(0, {root!r})
from pharmacrm import Isolated, connect
crm = connect("memory://", plugins=[Isolated({plugin!r}, limit=60)])
worker = crm.plugins._loaded.workers[0]
print(worker.pid, flush=True)
{end}
"""
ENDS = {
    "exit": "",
    "an exception": "raise SystemExit(3)",
    "killed": "os.kill(os.getpid(), signal.SIGKILL)",
    "a fork that goes on": (
        "if os.fork() == 0:\n"
        "    try:\n"
        "        assert worker.described()['name'] == 'postman' and worker.pid != worker\n"
        "        print(worker.pid, flush=True)\n"
        "        crm.close()\n"
        "    finally:\n"
        "        os._exit(0)\n"
        "os.wait()\n"
        "assert os.kill(worker.pid, 0) is None\n"
        "os.kill(os.getpid(), signal.SIGKILL)"
    ),
}


@pytest.mark.parametrize("end", ENDS.values(), ids=list(ENDS))
def test_no_worker_outlives_its_host(end: str) -> None:
    root = str(Path(culprits.__file__).parents[3])
    script = SCRIPT.format(root=root, plugin=f"{HERE}:Postman", end=end)
    done = subprocess.run(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, timeout=120, text=True, check=False
    )
    pids = [int(each) for each in done.stdout.split()]
    assert len(pids) == len(set(pids)) == (2 if "fork" in end else 1)
    assert all(gone(pid) for pid in pids)
    assert os.getpid() not in pids


def test_found_company_with_an_isolated_guard_that_says_nothing() -> None:
    crm = connect(MEMORY, clock=SimulatedClock(), plugins=[Isolated(culprits.Culprit, limit=20.0)])
    found_company(crm)
    assert crm.do(an_order("SO-1"), actor=SELLER).allowed
    assert crm.get(SalesOrder, "SO-1", actor=ADMIN).id == "SO-1"
    crm.close()
