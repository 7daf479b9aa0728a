"""Tasks and notes through the door: rights, R-11, history, and who is told."""

import contextlib
from datetime import timedelta
from typing import Any

import pytest

from pharmacrm.core.flows.noting import AddNote
from pharmacrm.core.flows.tasking import OverdueTasks, ReassignTask, UnitTasks
from pharmacrm.core.kernel.errors import NotFound, NotPermitted
from pharmacrm.core.notes import NoteKind, NotesOn, NoteSubject
from pharmacrm.core.reminders import ActivityReminder, SetActivityReminder
from pharmacrm.core.tasks import (
    AcceptTask,
    CancelTask,
    CloseTask,
    MyTasks,
    ReportTask,
    Task,
    TaskHistory,
    TaskKind,
)
from pharmacrm.crm import PharmaCRM
from pharmacrm.plugins.hookspecs import hookimpl
from pharmacrm.plugins.types import DeliverContext, Delivered
from tests.covers import covers
from tests.flows.companies import closed
from tests.flows.house import ADMIN, ASSISTANT, LEAD, SALES, open_house, pass_days
from tests.flows.scenarios import hired
from tests.flows.scenarios_working import note, task

__all__ = ["closed"]


class Told:
    """A notifier that keeps what it was given."""

    name = "told"

    def __init__(self) -> None:
        self.notices: list[dict[str, Any]] = []

    @hookimpl
    def pharmacrm_deliver(self, context: DeliverContext) -> Delivered:
        self.notices.append(dict(context.payload))
        return Delivered()

    def of(self, crm: PharmaCRM, topic: str) -> list[dict[str, Any]]:
        crm.deliver(limit=1_000)
        return [each for each in self.notices if each["topic"] == topic]


@covers("UF-04", "UF-19")
def test_the_life_of_a_task() -> None:
    crm = open_house()
    crm.do(task(crm), actor=LEAD).expect()
    assert [each.id for each in crm.ask(MyTasks(), actor=SALES)] == ["T-1"]
    assert [each.id for each in crm.ask(MyTasks(assigned=True), actor=LEAD)] == ["T-1"]
    assert [each.id for each in crm.ask(UnitTasks(unit="east"), actor=LEAD)] == ["T-1"]
    crm.do(AcceptTask(task="T-1"), actor=SALES).expect()
    pass_days(crm, 4)
    assert [each.id for each in crm.ask(OverdueTasks(), actor=LEAD)] == ["T-1"]
    assert crm.ask(UnitTasks(unit="east", overdue=True), actor=LEAD) == ()
    assert crm.run_due().done == 1
    assert crm.run_due().done == 0
    assert [each.id for each in crm.ask(UnitTasks(unit="east", overdue=True), actor=LEAD)] == ["T-1"]
    crm.do(ReportTask(task="T-1", report="走访了三家药房"), actor=SALES).expect()
    assert crm.ask(OverdueTasks(), actor=LEAD) == ()
    assert crm.ask(MyTasks(), actor=SALES) == ()
    done = crm.do(CloseTask(task="T-1"), actor=LEAD).expect()
    assert (done.state.value, done.overdue, done.report) == ("closed", True, "走访了三家药房")
    commands = [each.command for each in crm.ask(TaskHistory(task="T-1"), actor=SALES)]
    assert commands == ["AssignTask", "AcceptTask", "FlagOverdueTask", "ReportTask", "CloseTask"]
    assert crm.ask(TaskHistory(task="T-1"), actor=ASSISTANT) == ()


@covers("UF-04")
def test_reassigning_keeps_the_history() -> None:
    crm = open_house()
    crm.do(task(crm), actor=LEAD).expect()
    crm.do(AcceptTask(task="T-1"), actor=SALES).expect()
    crm.do(ReportTask(task="T-1", report="第一次"), actor=SALES).expect()
    crm.do(ReassignTask(task="T-1", assignee=ASSISTANT), actor=LEAD).expect()
    found = crm.ask(TaskHistory(task="T-1"), actor=LEAD)
    assert [(each.state.value, each.assignee) for each in found] == [
        ("assigned", SALES),
        ("accepted", SALES),
        ("reported", SALES),
        ("assigned", ASSISTANT),
    ]
    with pytest.raises(NotPermitted):
        crm.do(CloseTask(task="T-1"), actor=SALES)


@covers("UF-15", "R-11")
@pytest.mark.parametrize("roles", [("medrep",), ("medrep", "sales")])
@pytest.mark.parametrize("kind", TaskKind)
def test_no_sales_task_for_a_filed_representative(roles: tuple[str, ...], kind: TaskKind) -> None:
    crm = open_house()
    crm.do(hired("rep", *roles), actor=ADMIN).expect()
    answer = crm.do(task(crm, kind=kind, assignee="rep"), actor=LEAD)
    assert answer.codes == (("medrep.no_sales_task",) if kind is TaskKind.SALES else ())
    assert [reason.rule for reason in answer.reasons] == ["R-11"] * len(answer.codes)
    assert crm.do(task(crm, "T-2", kind=kind), actor=LEAD).allowed


@covers("FP-20", "FP-16")
def test_a_note_is_told_to_its_addressee() -> None:
    told = Told()
    crm = open_house(plugins=[told])
    crm.do(task(crm), actor=LEAD).expect()
    crm.do(note(NoteKind.MESSAGE, id="N-1"), actor=LEAD).expect()
    crm.do(note(NoteKind.SUGGESTION, id="N-2"), actor=SALES).expect()
    refused = crm.do(note(NoteKind.MESSAGE, id="N-3"), actor=SALES)
    assert refused.codes == ("note.not_superior",)
    found = told.of(crm, "NoteAdded")
    assert [(each["note"], each["kind"], each["addressee"]) for each in found] == [
        ("N-1", "message", SALES),
        ("N-2", "suggestion", LEAD),
    ]
    assert "text" not in found[0]
    kept = crm.ask(NotesOn(on=NoteSubject.TASK, subject="T-1"), actor=SALES)
    assert [(each.author, each.roles) for each in kept] == [(LEAD, "lead"), (SALES, "sales")]


@covers("FP-20")
def test_a_note_and_its_notice_are_stored_together_or_not_at_all() -> None:
    told = Told()
    crm = open_house(plugins=[told])
    crm.do(task(crm), actor=LEAD).expect()
    with contextlib.suppress(KeyError), crm.work(actor=LEAD) as work:
        work.do(note(id="N-1")).expect()
        raise KeyError
    assert told.of(crm, "NoteAdded") == []
    assert crm.ask(NotesOn(on=NoteSubject.TASK, subject="T-1"), actor=LEAD) == ()


def test_a_note_on_nothing_is_not_found() -> None:
    with pytest.raises(NotFound):
        open_house().do(note(), actor=LEAD)


def test_a_manager_may_leave_a_message_without_being_a_lead() -> None:
    crm = open_house()
    crm.do(hired("boss", "assistant"), actor=ADMIN).expect()
    crm.do(hired(SALES, "sales", manager="boss"), actor=ADMIN).expect()
    crm.do(task(crm), actor=LEAD).expect()
    message = AddNote(on=NoteSubject.TASK, subject="T-1", kind=NoteKind.MESSAGE, text="做得好")
    assert crm.do(message, actor="boss").expect().addressee == SALES


# --------------------------------------------------------------------------- reminders that people set


def ringing(crm: PharmaCRM, id: str = "A-1", *, hours: int = 30, about: str = "T-1") -> None:
    at = crm.clock.now() + timedelta(hours=hours)
    crm.do(SetActivityReminder(id=id, title="去走访", at=at, about=about), actor=SALES).expect()


@covers("FP-18")
def test_a_reminder_rings_once_at_its_instant() -> None:
    told = Told()
    crm = open_house(plugins=[told])
    ringing(crm, about="")
    pass_days(crm, 1)
    assert crm.run_due().reminded == 0
    pass_days(crm, 1)
    assert [crm.run_due().reminded for _ in range(3)] == [1, 0, 0]
    (notice,) = told.of(crm, "ActivityReminderDue")
    assert (notice["subject"], notice["person"]) == ("A-1", SALES)


@covers("FP-18")
@pytest.mark.parametrize("ending", [CancelTask(task="T-1", reason="不需要"), None])
def test_a_reminder_is_cancelled_with_its_task(ending: CancelTask | None) -> None:
    crm = open_house()
    crm.do(task(crm), actor=LEAD).expect()
    ringing(crm)
    if ending:
        crm.do(ending, actor=LEAD).expect()
    pass_days(crm, 2)
    assert crm.run_due().reminded == (0 if ending else 2)  # the day before the task is due, another one
    state = crm.get(ActivityReminder, "A-1", actor=ADMIN).state.value
    assert state == ("cancelled" if ending else "sent")


@covers("FP-18")
def test_a_reminder_of_a_task_that_went_to_somebody_else_is_cancelled() -> None:
    crm = open_house()
    crm.do(task(crm, days=30), actor=LEAD).expect()
    ringing(crm)
    crm.do(ReassignTask(task="T-1", assignee=ASSISTANT), actor=LEAD).expect()
    pass_days(crm, 2)
    assert crm.run_due().reminded == 0
    assert crm.get(ActivityReminder, "A-1", actor=ADMIN).state.value == "cancelled"
    assert crm.get(Task, "T-1", actor=SALES).assignee == ASSISTANT
