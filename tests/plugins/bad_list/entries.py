"""What each entry of the list means for a hook: a hostile plugin, nothing that could be meant, or a place.

`BENT` has the entries about answers and calls, each as a function of the hook's trial that gives what the
plugin does; None where this hook's answer has nothing to bend, which `NOTHING_TO_BEND` proves by looking at
the fields of the answer. `ELSEWHERE` names the test or planted bug that has an entry, which has to exist.
"""

import datetime as dt
import decimal
import itertools
import locale
import logging
import os
import random
import sys
import threading
import time
import warnings
from collections.abc import Callable
from datetime import UTC
from io import StringIO
from pathlib import Path
from typing import Any

from attrs import fields, has

from pharmacrm.testing.company import an_order
from tests.plugins.bad_list.trials import Behave, Trial
from tests.plugins.hostile import raising
from tests.plugins.one_hook import changed
from tests.plugins.test_wall import SECRET, _NamelessError, _SpeechlessError

Bend = Callable[[Trial], Behave | None]


async def _async() -> None: ...


def _unpacked(answer: Any) -> Any:
    return answer[0] if type(answer) is list else answer


def _packed(trial: Trial, value: Any) -> Any:
    return [value] if type(trial.right()) is list else value


def _field(**by_kind: Any) -> Bend:
    """Change one field of the right answer, named by the class that has it; None where none of them is it."""

    def bend(trial: Trial) -> Behave | None:
        right = _unpacked(trial.right())
        if type(right).__name__ not in by_kind:
            return None
        return lambda _: _packed(trial, changed(_unpacked(trial.right()), **by_kind[type(right).__name__]))

    return bend


def _text(value: Any) -> Bend:
    """Change the text of the right answer."""
    return _field(
        Domain={"name": value},
        Reason={"message": value},
        RetryAfter={"why": value},
        WorkCalendar={"name": value},
        Pulled={"cursor": value},
        Anchor={"root": value},
        Appointed={"persons": (value,)},
        Signed={"reference": value},
    )


def _whole(make: Callable[[Any], Any]) -> Bend:
    """Another object in place of the right answer; None for hooks that answer nothing."""

    def bend(trial: Trial) -> Behave | None:
        if trial.right() is None:
            return None
        return lambda _: _packed(trial, make(_unpacked(trial.right())))

    return bend


def _always(behave: Behave) -> Bend:
    return lambda _: behave


def _evil(right: Any) -> Any:
    def refuse(*_: object) -> Any:
        raise ValueError(SECRET)

    kind = type("Evil", (type(right),), {"__eq__": refuse, "__hash__": refuse})
    return _copied(right, kind)


def _copied(right: Any, kind: type) -> Any:
    copy: Any = object.__new__(kind)
    for each in fields(type(right)):
        object.__setattr__(copy, each.name, getattr(right, each.name))
    return copy


def _changes_later(trial: Trial) -> Behave | None:
    """plugins-014: the same object each time, which another thread could change at any moment."""
    right = trial.right()
    if not (has(type(_unpacked(right)))):
        return None
    return lambda _: right


def _locale(_: object) -> Any:
    locale.setlocale(locale.LC_ALL, "C.UTF-8" if locale.setlocale(locale.LC_ALL) == "C" else "C")


def _zone(_: object) -> None:
    os.environ["TZ"] = "America/New_York"
    time.tzset()


def _process(_: object) -> None:
    _locale(_)
    _zone(_)
    warnings.simplefilter("ignore")
    random.random()


def _patched(_: object) -> None:
    dt.datetime = type("datetime", (), {})  # type: ignore[misc,assignment]  # the plugin does what no program should
    time.time = lambda: 0.0
    sys.stdout = StringIO()


def _decimal(_: object) -> None:
    decimal.getcontext().prec = 3
    decimal.setcontext(decimal.Context(prec=2))


def _thread(_: object) -> None:
    threading.Thread(target=lambda: None).start()


def _file(_: object) -> None:
    KEPT.append(Path(os.devnull).open(encoding="ascii"))  # noqa: SIM115


def _logs(_: object) -> None:
    logging.getLogger("house").info("张三 13800138000")


KEPT: list[Any] = []


def _well(act: Callable[[object], None]) -> Bend:
    """Act, and answer rightly."""

    def bend(trial: Trial) -> Behave:
        def behave(context: object) -> Any:
            act(context)
            return trial.right()

        return behave

    return bend


def _reenters(trial: Trial) -> Behave | None:
    """Call back into the door, on the very order that is being placed."""
    if not trial.in_door:
        return None

    def behave(_: object) -> Any:
        DOORS[-1].do(an_order("SO-1"), actor="zhang.san")
        return trial.right()

    return behave


DOORS: list[Any] = []
"""The door under trial, for plugins that call back."""

BENT: dict[str, Bend] = {
    "001": _always(lambda _: None),
    "002": _always(lambda _: NotImplemented),
    "003": _always(lambda _: _async()),
    "004": _always(lambda _: (each for each in "ab")),
    "005": _always(lambda _: 42),
    "006": _field(Anchor={"tenant": "t2"}),
    "008": _always(lambda _: [None] * 10**7),
    "009": _always(lambda _: itertools.count()),
    "010": lambda trial: (lambda _: trial.right() * 2) if type(trial.right()) is list else _twice(trial),
    "012": _whole(lambda right: object.__new__(type(right))),
    "013": _whole(lambda right: _copied(right, type("More", (type(right),), {"tenant": "t2"}))),
    "014": _changes_later,
    "015": _whole(_evil),
    "016": _field(
        RetryAfter={"seconds": 0.5},
        WorkCalendar={"weekend": frozenset({6.5})},
        Reason={"observed": 1.5},
        Pulled={"cursor": 1.5},
        Anchor={"seal": 1.5},
    ),
    "017": _field(
        WorkCalendar={"exceptions": {dt.datetime(2026, 1, 1): False}},  # noqa: DTZ001
        Reason={"observed": dt.datetime(2026, 1, 1)},  # noqa: DTZ001
        Anchor={"made_at": dt.datetime(2026, 1, 1)},  # noqa: DTZ001
    ),
    "018": _field(
        RetryAfter={"seconds": 10**10},
        WorkCalendar={"exceptions": {dt.datetime(9999, 1, 1, tzinfo=UTC): False}},
        Anchor={"made_at": "2999-01-01"},
    ),
    "019": _text(b"one"),
    "020": _text("\ud800"),
    "021": _text("x" * 10**8),
    "022": _field(
        RetryAfter={"seconds": -1}, Anchor={"count": "-1"}, WorkCalendar={"weekend": frozenset(range(-1, 8))}
    ),
    "024": _field(
        Anchor={"count": decimal.Decimal("NaN")},
        RetryAfter={"seconds": decimal.Decimal("NaN")},
        Reason={"expected": decimal.Decimal("NaN")},
    ),
    "025": _field(
        RetryAfter={"seconds": "true"},
        Reason={"severity": "warn"},
        Pulled={"more": "true"},
        Anchor={"simulated": "true"},
        WorkCalendar={"exceptions": {dt.date(2026, 1, 1): "true"}},
    ),
    "026": _always(raising(Exception(SECRET))),
    "027": _always(raising(SystemExit(SECRET))),
    "028": _always(raising(_SpeechlessError())),
    "029": _always(raising(_NamelessError(SECRET))),
    "030": _always(lambda _: sys.exit(3)),
    "033": _reenters,
    "034": _reenters,
    "039": _well(_decimal),
    "040": _well(_process),
    "041": _well(_patched),
    "042": _well(_thread),
    "043": _well(_file),
    "044": _well(_logs),
    "045": _well(lambda _: print("hello")),  # noqa: T201
}


def _twice(trial: Trial) -> Behave | None:
    if trial.right() is None:
        return None
    return lambda _: [trial.right()] * 2


FINE: dict[str, tuple[str, ...]] = {
    "001": (
        "pharmacrm_store",
        "pharmacrm_check",
        "pharmacrm_calendar",
        "pharmacrm_approvers",
        "pharmacrm_signature",
        "pharmacrm_fault",
        "pharmacrm_anchor",
    ),
    "010": ("pharmacrm_check", "pharmacrm_anchored"),
    "014": ("*",),
    "020": ("pharmacrm_deliver",),
    "021": ("pharmacrm_deliver",),
    "033": ("pharmacrm_deliver",),
    "034": ("pharmacrm_deliver",),
    **dict.fromkeys(("039", "042", "043", "044", "045"), ("*",)),
}
"""Entries that are no fault for these hooks: legal there, contained, or left alone on purpose."""

CHANGED = ("040", "041")
"""Entries that are faults called `changed`, whose answer counts."""


def _types(trial: Trial) -> list[tuple[str, str]]:
    return [(each.name, str(each.type)) for kind in trial.made_of for each in fields(kind)]


NOTHING_TO_BEND: dict[str, Callable[[str, str], bool]] = {
    "006": lambda name, _: "tenant" in name,
    "007": lambda name, _: name in {"customer", "buyer", "owner"},
    "016": lambda _, kind: "int" in kind or "Money" in kind or "Price" in kind,
    "017": lambda _, kind: "datetime" in kind,
    "018": lambda _, kind: "datetime" in kind,
    "019": lambda _, kind: "bytes" in kind,
    "022": lambda _, kind: "Money" in kind or "Price" in kind or kind == "<class 'int'>",
    "023": lambda _, kind: "Money" in kind,
    "024": lambda _, kind: "Money" in kind or kind == "<class 'int'>",
    "025": lambda _, kind: "bool" in kind,
    **dict.fromkeys(("010", "012", "013", "014", "015", "020", "021"), lambda *_: True),
}
"""Which field of an answer an entry could be about: a hook whose answer has none has nothing to bend."""


def has_nothing_to_bend(entry: str, trial: Trial) -> bool:
    """Whether no field of the hook's answer could hold what the entry says; calls back want an open door."""
    if entry in {"033", "034"}:
        return not trial.in_door
    about = NOTHING_TO_BEND.get(entry)
    return about is not None and not any(about(name, kind) for name, kind in _types(trial))


ELSEWHERE: dict[str, tuple[str, ...]] = {
    "011": ("tests/plugins/test_wall.py::test_reasons_count_once_and_in_order",),
    "031": (
        "tests/plugins/test_wall_process.py::test_a_slow_call_is_a_fault_and_its_answer_counts",
        "tests/plugins/isolation/test_worker.py::test_a_worker_that_hangs_or_dies_is_replaced",
    ),
    "032": ("tests/plugins/isolation/test_worker.py::test_a_worker_that_hangs_or_dies_is_replaced",),
    "035": ("tests/plugins/test_wall_bound.py::test_a_plugin_has_no_way_to_the_hosts_transaction",),
    "036": ("tests/plugins/test_wall_bound.py::test_a_plugin_has_no_way_to_the_hosts_transaction",),
    "037": ("tests/plugins/test_wall_bound.py::test_what_a_plugin_writes_by_itself_is_its_own",),
    "038": ("tests/plugins/test_wall_bound.py::test_a_plugin_has_no_way_to_the_hosts_transaction",),
    "046": ("tests/plugins/test_loading.py::test_the_same_plugin_twice_is_loaded_once",),
    "047": ("tests/plugins/test_loading.py::WRONG", "tests/plugins/test_wall_register.py::NO_DOMAIN"),
    "048": ("tests/plugins/test_entry_points.py::test_an_entry_point_that_cannot_be_made_is_a_fault",),
    "049": (
        "tests/plugins/test_entry_points.py::test_an_import_that_takes_long_is_a_fault_and_the_plugin_is_loaded",
    ),
    "050": ("tests/plugins/test_loading.py::WRONG",),
    "051": ("tests/plugins/test_loading.py::test_no_version_is_ours",),
    "052": (
        "tests/plugins/test_loading.py::WRONG",
        "tests/plugins/test_wall_store_fault.py::test_a_store_that_cannot_be_used_is_passed_over",
    ),
    "053": ("tests/plugins/test_loading.py::WRONG",),
    "054": ("tests/plugins/isolation/test_worker.py::test_many_threads_share_one_worker",),
    "055": ("tests/kits/planted.py::DropsAnInsert",),
    "056": ("src/pharmacrm/testing/storage/writing.py::test_insert_of_an_id_twice_in_one_batch_conflicts",),
    "057": ("tests/kits/planted.py::ChecksThenActs",),
    "058": ("tests/kits/planted.py::StoresHalf",),
    "059": ("tests/kits/planted.py::SwallowsVersionConflicts",),
    "060": ("tests/kits/planted.py::LosesMicroseconds",),
    "061": ("tests/kits/planted.py::NumbersAreFloats",),
    "062": ("tests/kits/planted.py::Truncates",),
    "063": ("tests/kits/planted.py::FoldsCase", "tests/kits/planted.py::StripsSpaces"),
    "064": ("src/pharmacrm/testing/storage/forms.py::TEXTS",),
    "065": ("src/pharmacrm/testing/storage/paging.py::test_ties_are_broken_by_id",),
    "066": ("src/pharmacrm/testing/storage/writing.py::test_removed_id_may_come_back",),
    "067": ("src/pharmacrm/testing/storage/sessions.py::test_reader_sees_whole_batches",),
    "068": ("tests/embedding/test_embedding.py::test_we_never_commit_roll_back_or_close",),
    "069": ("tests/storage/test_surroundings.py::test_plugins_069_a_commit_whose_answer_is_lost",),
    "070": (
        "tests/storage/test_surroundings.py::test_plugins_070_a_full_disk",
        "tests/storage/test_surroundings.py::test_plugins_070_a_server_without_room",
    ),
    "071": ("tests/storage/test_surroundings.py::test_plugins_071_a_database_that_cannot_be_written",),
    "072": ("tests/storage/test_surroundings.py::test_plugins_072_a_lock_that_somebody_keeps",),
    "073": ("tests/plugins/test_delivery.py::test_notices_come_in_order_per_subject",),
    "074": (
        "tests/plugins/test_delivery.py::test_a_failing_plugin_is_tried_again_later_and_later_and_then_given_up",
    ),
    "075": ("tests/plugins/test_csv_folder.py::test_the_same_again_is_the_same_file",),
    "076": (
        "tests/pull/test_pull_rules.py::test_plugins_076_one_number_for_one_thing",
        "tests/plugins/test_pull.py::test_plugins_076_077_and_079_numbers_of_an_erp_that_is_confused",
    ),
    "077": ("tests/plugins/test_pull.py::test_plugins_076_077_and_079_numbers_of_an_erp_that_is_confused",),
    "078": ("tests/plugins/test_pull.py::test_plugins_078_an_answer_that_is_none_changes_nothing",),
    "079": ("tests/plugins/test_pull.py::test_plugins_076_077_and_079_numbers_of_an_erp_that_is_confused",),
    "080": ("tests/stock/test_stock.py::test_plugins_080_a_clock_that_is_off",),
    "081": (
        "tests/plugins/test_csv_folder.py::test_what_begins_like_a_formula_is_text",
        "tests/plugins/test_csv_inbox.py::test_plugins_081_formula_texts_come_back",
    ),
}
"""Entries whose test is not one of the hook's answer: what has them, as file::name."""
