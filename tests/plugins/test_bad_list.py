"""The 81 entries `plugins` of the list of bad inputs, against every hook: none is without a test.

An entry is a hostile plugin for a hook, or has nothing to bend in that hook's answer (which the answer's own
fields prove), or is proved in a test of its own, which has to exist.
"""

import ast
import datetime as dt
import decimal
import itertools
import json
import locale
import os
import sys
import time
import warnings
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from attrs import evolve

from pharmacrm.core.engines.approval.routes import Act
from pharmacrm.core.flows.requests import Decide, SubmitForApproval
from pharmacrm.core.flows.routing import PreviewApproval, PublishRoute
from pharmacrm.core.kernel.decision import Outcome
from pharmacrm.core.people import RegisterStaff
from pharmacrm.crm import PharmaCRM, SimulatedClock, connect
from pharmacrm.plugins.loading import HOOKS
from pharmacrm.plugins.types import PluginFault
from pharmacrm.testing.company import ADMIN, an_order, found_company
from tests.fakes import TENANT
from tests.plugins.bad_list import entries
from tests.plugins.bad_list.entries import BENT, CHANGED, ELSEWHERE, FINE, has_nothing_to_bend
from tests.plugins.bad_list.trials import TRIALS, Behave
from tests.plugins.hostile import MEMORY, Guard, raising
from tests.plugins.test_wall import SECRET

ROOT = Path(__file__).parents[2]
LISTED = json.loads((ROOT / "tests" / "data" / "bad_inputs_plugins.json").read_text(encoding="utf-8"))[
    "plugins"
]
IDS = [each["id"].removeprefix("plugins-") for each in LISTED]
CELLS = [(entry, hook) for entry in BENT for hook in TRIALS]
SELLER = "zhang.san"
BOARD = json.dumps(
    {
        "code": "contract_cn",
        "version": 1,
        "kind": "contract",
        "steps": [{"step": "board", "label_zh": "委员会", "by": [{"plugin": "board"}]}],
    }
)
SIGNED = json.dumps(
    {
        "code": "signed_cn",
        "version": 1,
        "kind": "signed",
        "steps": [{"step": "lead", "label_zh": "签字", "by": [{"role": "lead"}], "signature": True}],
    }
)
_numbers = itertools.count()


def _process() -> list[object]:
    """What no plugin may leave changed."""
    return [
        decimal.getcontext(),
        decimal.getcontext().prec,
        locale.setlocale(locale.LC_ALL),
        os.environ.get("TZ"),
        time.tzname,
        time.time,
        dt.datetime,
        sys.stdout,
        [*warnings.filters],
    ]


@pytest.fixture(autouse=True)
def _whole() -> Iterator[None]:
    before = _process()
    yield
    assert _process() == before
    for file in entries.KEPT:
        file.close()


def test_the_list_is_whole() -> None:
    assert [f"{number:03d}" for number in range(1, 82)] == IDS


def test_every_hook_is_tried() -> None:
    assert set(TRIALS) == set(HOOKS)


@pytest.mark.parametrize("entry", IDS)
def test_no_entry_is_uncovered(entry: str) -> None:
    about = entries.NOTHING_TO_BEND.get(entry)
    if entry in ELSEWHERE:
        assert entry not in BENT
        return
    uncovered = [
        hook
        for hook, trial in TRIALS.items()
        if (entry not in BENT or BENT[entry](trial) is None) and not has_nothing_to_bend(entry, trial)
    ]
    assert not uncovered, (entry, about)


@cache
def _names(path: str) -> set[str]:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    found = {node.name for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.ClassDef))}
    for node in tree.body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        found |= {target.id for target in targets if isinstance(target, ast.Name)}
    return found


@pytest.mark.parametrize("entry", ELSEWHERE)
def test_what_has_an_entry_elsewhere_exists(entry: str) -> None:
    for place in ELSEWHERE[entry]:
        path, _, name = place.partition("::")
        assert name in _names(path), place


@pytest.fixture(scope="module")
def doors() -> Iterator[dict[str, tuple[PharmaCRM, list[Behave]]]]:
    """For each hook that is asked once the door is open: a company, and what its plugin does now."""
    made: dict[str, tuple[PharmaCRM, list[Behave]]] = {}
    for hook, trial in TRIALS.items():
        behaviour: list[Behave] = [trial.answer]
        if trial.in_door:
            plugin = trial.plugin(_now(behaviour))
            crm = connect(MEMORY, clock=SimulatedClock(), plugins=[plugin])
            found_company(crm)
            crm.do(RegisterStaff(id="one", name="接口", roles=("erp",)), actor=ADMIN).expect()
            made[hook] = crm, behaviour
    yield made
    for crm, _ in made.values():
        crm.close()


def _now(behaviour: list[Behave]) -> Behave:
    """Do what is first in the list at the time of the call."""

    def behave(context: object) -> object:
        return behaviour[0](context)

    return behave


def _asked(crm: PharmaCRM, hook: str) -> Outcome:
    """Make the hook be asked, whichever it is, by what a host does."""
    answer = crm.do(an_order(f"SO-{next(_numbers)}"), actor=SELLER)
    crm.deliver()
    crm.plugins.calendar(evolve(TENANT, calendar="weekends"))
    if hook == "pharmacrm_fault":
        crm.plugins.record(PluginFault(plugin="other", hook="", what="raised", message="ValueError"))
    if hook == "pharmacrm_approvers":
        crm.do(PublishRoute(definition=BOARD), actor=ADMIN).expect()
        crm.ask(PreviewApproval(kind="contract"), actor=SELLER)
    if hook == "pharmacrm_signature":
        _voted(crm)
    if hook == "pharmacrm_pull":
        crm.pull("one")
    if hook == "pharmacrm_anchored":
        crm.verify()
    return answer.outcome


def _voted(crm: PharmaCRM) -> None:
    """Make a signature be confirmed: a vote at a step that wants one."""
    paper = f"CT-{next(_numbers)}"
    crm.do(PublishRoute(definition=SIGNED), actor=ADMIN).expect()
    crm.do(SubmitForApproval(document=paper, kind="signed", content="1"), actor=SELLER).expect()
    crm.do(Decide(document=paper, act=Act.REJECT, comment="x", signature=SECRET), actor="zhao.liu")


def _of_plugin(crm: PharmaCRM, hook: str, seen: int = 0) -> list[str]:
    faults = [fault for fault in crm.plugins.faults[seen:] if fault.plugin != "other"]
    assert all(fault.hook == hook for fault in faults)
    assert all(fault.message.isprintable() and SECRET not in fault.message for fault in faults)
    return [fault.what for fault in faults]


def _judged(entry: str, hook: str, found: list[str]) -> None:
    if {"*", hook} & set(FINE.get(entry, ())):
        assert found == []
    elif entry in CHANGED:
        assert set(found) == {"changed"}
    else:
        assert found
        assert set(found) <= {"raised", "type"}


@pytest.mark.parametrize(("entry", "hook"), [cell for cell in CELLS if TRIALS[cell[1]].in_door])
def test_a_hostile_plugin_in_an_open_door(doors, entry: str, hook: str) -> None:
    trial, (crm, behaviour) = TRIALS[hook], doors[hook]
    behave = BENT[entry](trial)
    if behave is None:
        assert has_nothing_to_bend(entry, trial)
        return
    seen, behaviour[0] = len(crm.plugins.faults), behave
    entries.DOORS.append(crm)
    try:
        outcome = _asked(crm, hook)
    finally:
        behaviour[0] = trial.answer
    found = _of_plugin(crm, hook, seen)
    _judged(entry, hook, found)
    faulty = bool({"raised", "type"} & set(found))
    assert outcome is (Outcome.HELD if faulty and trial.holds else Outcome.ALLOWED)
    assert _asked(crm, hook) is Outcome.ALLOWED  # the host goes on, and so does the plugin


@pytest.mark.parametrize(("entry", "hook"), [cell for cell in CELLS if not TRIALS[cell[1]].in_door])
def test_a_hostile_plugin_while_the_door_opens(entry: str, hook: str) -> None:
    trial = TRIALS[hook]
    behave = BENT[entry](trial)
    if behave is None:
        assert has_nothing_to_bend(entry, trial)
        return
    crm = connect(MEMORY, clock=SimulatedClock(), plugins=[trial.plugin(behave)])
    crm.install(admin=ADMIN)
    _judged(entry, hook, _of_plugin(crm, hook))
    crm.close()


@pytest.mark.parametrize("error", [KeyboardInterrupt, MemoryError])
@pytest.mark.parametrize("hook", TRIALS)
def test_what_the_host_has_to_see_is_seen(doors, hook: str, error: type[BaseException]) -> None:
    """plugins-027: whichever hook it was in, the next one is asked as before."""
    trial = TRIALS[hook]
    if not trial.in_door:
        with pytest.raises(error):
            connect(MEMORY, plugins=[trial.plugin(raising(error()))])
        return
    crm, behaviour = doors[hook]
    behaviour[0] = raising(error())
    try:
        with pytest.raises(error):
            _asked(crm, hook)
    finally:
        behaviour[0] = trial.answer
    assert _asked(crm, hook) is Outcome.ALLOWED


def test_a_trial_tells_good_from_bad() -> None:
    """The control: a plugin that answers rightly has no fault, so that one in a trial is the entry's."""
    for hook, trial in TRIALS.items():
        crm = connect(MEMORY, clock=SimulatedClock(), plugins=[trial.plugin(trial.answer)])
        found_company(crm)
        crm.do(RegisterStaff(id="one", name="接口", roles=("erp",)), actor=ADMIN).expect()
        assert _asked(crm, hook) is Outcome.ALLOWED
        assert _of_plugin(crm, hook) == []
        crm.close()
    assert Guard().behave(None) is None  # type: ignore[arg-type]  # wrong on purpose: what becomes of it is tested
