"""`run_due` goes on: one bad command, and one bad search, never stop the rest."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from pharmacrm.core.flows.timed import TIMED, Errand, FlagOverdueTask
from pharmacrm.core.kernel.decision import Decision
from pharmacrm.core.kernel.errors import Conflict, StoreFailure
from pharmacrm.core.kernel.message import Command
from pharmacrm.core.reminders import ReminderMark
from pharmacrm.core.tasks import AcceptTask, Task
from pharmacrm.crm import PharmaCRM, due
from pharmacrm.crm.due import FailedWork
from pharmacrm.crm.request import Request
from tests.flows.companies import closed
from tests.flows.house import ADMIN, LEAD, SALES, entities, open_house, pass_days, placed
from tests.flows.scenarios_working import task

__all__ = ["closed"]

Do = Callable[[Command[Any]], Decision[Any]]


def late_tasks(count: int = 5) -> PharmaCRM:
    """A company with tasks that are overdue, and credit that lapsed."""
    crm = open_house()
    placed(crm)
    for number in range(count):
        crm.do(task(crm, f"T-{number}"), actor=LEAD).expect()
    pass_days(crm, 60)
    return crm


def failing(crm: PharmaCRM, monkeypatch: pytest.MonkeyPatch, *bad: str, error: Exception) -> None:
    """Commands about these subjects raise."""
    do = crm._do

    def broken(request: Request[Any]) -> Decision[Any]:
        if request.command.subject in bad:
            raise error
        return do(request)

    monkeypatch.setattr(crm, "_do", broken)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (Conflict("somebody was faster"), "version.conflict"),
        (KeyError("a handler's mistake"), "KeyError"),
        (StoreFailure("the database is locked", "store.locked"), "store.locked"),
    ],
)
def test_one_bad_command_never_stops_the_rest(
    error: Exception, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    crm = late_tasks()
    failing(crm, monkeypatch, "T-1", "T-3", error=error)
    done = crm.run_due()
    assert done.done == 4  # three tasks, and the credit of the order
    assert set(done.failed) == {
        FailedWork(command=command, subject=id, code=code)
        for id in ("T-1", "T-3")
        for command in ("FlagOverdueTask", "SendReminder")
    }
    assert done.reminded == 3  # the order waits for its hold now, which is placed today
    monkeypatch.undo()
    again = crm.run_due()
    assert (again.done, again.failed) == (2, ())


def test_a_store_that_is_away_ends_the_call(monkeypatch: pytest.MonkeyPatch) -> None:
    crm = late_tasks()
    failing(crm, monkeypatch, "T-0", "T-1", "T-2", "T-3", error=StoreFailure("the database is away"))
    with pytest.raises(StoreFailure):
        crm.run_due()


def test_one_bad_search_never_stops_the_other_errands(monkeypatch: pytest.MonkeyPatch) -> None:
    crm = late_tasks()

    def broken(*_: object) -> Iterator[Command[Any]]:
        yield FlagOverdueTask(task="T-0")
        raise RuntimeError

    monkeypatch.setattr(due, "TIMED", (Errand(name="broken", commands=broken), *TIMED))
    done = crm.run_due()
    assert done.done == 6
    assert done.failed == (FailedWork(command="broken", subject="", code="RuntimeError"),)


def test_what_failed_is_tried_again_because_its_mark_was_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    crm = open_house()
    crm.do(task(crm), actor=LEAD).expect()
    crm.do(AcceptTask(task="T-1"), actor=SALES).expect()
    pass_days(crm, 2)
    failing(crm, monkeypatch, "T-1", error=RuntimeError())
    first = crm.run_due()
    assert (first.reminded, [each.command for each in first.failed]) == (0, ["SendReminder"])
    assert "task" not in {mark.id for mark in entities(crm, ReminderMark)}
    monkeypatch.undo()
    assert crm.run_due().reminded == 1
    assert "task" in {mark.id for mark in entities(crm, ReminderMark)}


def test_a_call_does_so_much_and_the_next_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(due, "AT_ONCE", 2)
    crm = late_tasks()
    flagged = partial(crm.find, Task, actor=ADMIN)
    counts = []
    while any(not each.overdue for each in flagged()):
        crm.run_due()
        counts.append(sum(each.overdue for each in flagged()))
    assert counts == [2, 4, 5]


def test_thousands_of_causes_cost_nothing_once_the_day_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    """After the pass of a day, a call reads the settings of each kind, and no cause at all."""
    crm = late_tasks()
    crm.run_due()
    seen: list[type] = []
    from pharmacrm.crm.lookup import StoreLookup

    find = StoreLookup.find

    def watched(self: StoreLookup, kind: type, *where: Any, **more: Any) -> Any:
        seen.append(kind)
        return find(self, kind, *where, **more)

    monkeypatch.setattr(StoreLookup, "find", watched)
    crm.run_due()
    assert {kind.__name__ for kind in seen} == {
        "CreditGroup",
        "CreditLine",
        "Reservation",
        "Task",
        "ActivityReminder",
        "ApprovalRequest",
        "DunningPolicy",
        "Quote",
    }
    usual = len(seen)
    seen.clear()
    crm.clock.advance(timedelta(days=7))  # type: ignore[attr-defined]  # a simulated clock
    crm.run_due()
    assert len(seen) > usual, "the control: another day is another pass"
