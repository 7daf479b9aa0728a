"""What belongs to the whole process: put back and recorded where a plugin changed it, and cheap where not."""

import datetime as dt
import decimal
import locale
import logging
import os
import random
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from io import StringIO
from typing import Any

import pytest

from pharmacrm.plugins.loading import HOOKS, Implementation
from pharmacrm.plugins.types import PluginFault
from pharmacrm.plugins.wall.calling import PATIENT, SLOW, Caller


def called(hook: str, behave: Callable[[Any], Any], *times: float) -> list[PluginFault]:
    """Call one implementation; the clock gives these times, or stands still."""
    faults: list[PluginFault] = []
    given = iter(times)
    caller = Caller(faults.append, lambda: next(given, 0.0))
    caller.call(Implementation("bad", hook, behave), None, lambda answer: answer)
    return faults


def _locale(_: object) -> None:
    locale.setlocale(locale.LC_ALL, "C.UTF-8" if locale.setlocale(locale.LC_ALL) == "C" else "C")


def _zone(_: object) -> None:
    os.environ["TZ"] = "America/New_York"
    time.tzset()


def _zone_without_env(_: object) -> None:
    _zone(_)
    del os.environ["TZ"]


def _warnings(_: object) -> None:
    warnings.simplefilter("ignore")


def _patch(module: Any, name: str, value: object) -> Callable[[object], None]:
    return lambda _: setattr(module, name, value)


class _LastYear(dt.datetime):
    pass


CHANGES: dict[str, tuple[Callable[[object], Any], str]] = {
    "plugins-040 locale": (_locale, "locale"),
    "plugins-040 time zone": (_zone, "time zone"),
    "plugins-040 time zone, not in the environment": (_zone_without_env, "time zone"),
    "plugins-040 warnings": (_warnings, "warning filters"),
    "plugins-040 no warnings": (lambda _: warnings.resetwarnings(), "warning filters"),
    "plugins-041 datetime": (_patch(dt, "datetime", _LastYear), "datetime"),
    "plugins-041 date": (_patch(dt, "date", _LastYear), "datetime"),
    "plugins-041 time": (_patch(time, "time", lambda: 0.0), "time"),
    "plugins-041 monotonic": (_patch(time, "monotonic", lambda: 0.0), "time"),
    "plugins-045 stdout": (_patch(sys, "stdout", StringIO()), "stdout"),
    "plugins-045 stderr": (_patch(sys, "stderr", None), "stderr"),
}


def _process() -> list[object]:
    return [
        locale.setlocale(locale.LC_ALL),
        os.environ.get("TZ"),
        time.tzname,
        [*warnings.filters],
        dt.datetime,
        dt.date,
        time.time,
        time.monotonic,
        sys.stdout,
        sys.stderr,
        decimal.getcontext(),
        decimal.getcontext().prec,
    ]


@pytest.fixture(autouse=True)
def _whole() -> Iterator[None]:
    before = _process()
    yield
    assert _process() == before


@pytest.mark.parametrize("raises", [False, True], ids=["answers", "raises"])
@pytest.mark.parametrize(("change", "named"), CHANGES.values(), ids=list(CHANGES))
def test_what_a_plugin_changed_is_put_back_and_recorded(change: Any, named: str, raises: bool) -> None:
    def behave(context: object) -> None:
        change(context)
        if raises:
            raise ValueError

    before = _process()
    first, *more = called(HOOKS[0], behave)
    assert _process() == before
    assert (first.what, first.message) == ("changed", f"left another {named}, which was put back")
    assert [fault.what for fault in more] == (["raised"] if raises else [])


def test_putting_back_is_not_vain() -> None:
    """The control: without the wall, each of these is still there after the call."""
    for change, _ in CHANGES.values():
        before = _process()
        with pytest.MonkeyPatch.context() as kept, warnings.catch_warnings():
            for module, name in ((dt, "datetime"), (dt, "date"), (time, "time"), (time, "monotonic"),
                                 (sys, "stdout"), (sys, "stderr")):  # fmt: skip
                kept.setattr(module, name, vars(module)[name])
            spoken, zone = locale.setlocale(locale.LC_ALL), os.environ.get("TZ")
            change(None)
            changed = _process() != before
            locale.setlocale(locale.LC_ALL, spoken)
            os.environ.pop("TZ", None)
            os.environ.update({} if zone is None else {"TZ": zone})
            time.tzset()
        assert changed


def test_warnings_shown_once_are_shown_again_after_a_change() -> None:
    """The interpreter's memory of what it decided is made invalid with the filters."""
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        called(HOOKS[0], _warnings)
        warnings.warn("still heard", UserWarning, stacklevel=1)
    assert [str(each.message) for each in seen] == ["still heard"]


def test_a_plugin_that_changes_nothing_has_no_fault() -> None:
    assert called(HOOKS[0], lambda _: None) == []


def test_what_is_left_alone_is_left_alone() -> None:
    """plugins-040, 042, 043, 044: as the manual says. What a plugin drew, started or logged is its own."""
    ended = threading.Event()
    state = random.getstate()
    left: list[threading.Thread] = []

    def behave(_: object) -> None:
        random.seed(1)
        left.append(threading.Thread(target=ended.wait, daemon=True))
        left[0].start()
        logging.getLogger("house").info("张三 has ordered")

    try:
        assert called(HOOKS[0], behave) == []
        assert random.getstate() != state
        assert left[0].is_alive()
    finally:
        ended.set()
        random.setstate(state)
        left[0].join()


@pytest.mark.parametrize("hook", HOOKS)
def test_a_slow_call_is_a_fault_and_its_answer_counts(hook: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """plugins-031: by the clock that the wall is given."""
    monkeypatch.setattr("pharmacrm.plugins.wall.calling.SLOW", SLOW)
    inline = {
        "pharmacrm_check",
        "pharmacrm_calendar",
        "pharmacrm_approvers",
        "pharmacrm_signature",
        "pharmacrm_fault",
    }
    limit = SLOW if hook in inline else PATIENT
    who = "the store took" if hook == "pharmacrm_store" else "took"
    [fault] = called(hook, lambda _: None, 10.0, 10.0 + limit + 0.1)
    assert (fault.hook, fault.what, fault.message) == (hook, "slow", f"{who} {limit + 0.1:.1f} s")
    assert called(hook, lambda _: None, 10.0, 10.0 + limit) == []


def test_the_logs_of_the_wall_hold_no_personal_data(caplog: pytest.LogCaptureFixture) -> None:
    """plugins-044: of an exception, its class is kept."""

    def behave(_: object) -> None:
        raise ValueError("张三 13800138000")

    with caplog.at_level(logging.DEBUG, "pharmacrm"):
        [fault] = called(HOOKS[0], behave)
    assert fault.message == "ValueError"
    assert "张三" not in caplog.text
