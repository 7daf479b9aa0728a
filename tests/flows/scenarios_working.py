"""Scenarios of the reason codes of tasks, notes and reminders."""

from datetime import timedelta
from typing import Any

from pharmacrm.core.flows.noting import AddNote
from pharmacrm.core.flows.tasking import AssignTask, ReassignTask
from pharmacrm.core.kernel.reason import Reason
from pharmacrm.core.notes import NoteKind, NoteSubject
from pharmacrm.core.reminders import (
    CancelActivityReminder,
    ReminderKind,
    SetActivityReminder,
    SetReminderPlan,
)
from pharmacrm.core.tasks import (
    AcceptTask,
    CancelTask,
    CloseTask,
    DeclineTask,
    ReportTask,
    ReturnTask,
    TaskKind,
)
from pharmacrm.crm import PharmaCRM
from tests.flows.house import ADMIN, ASSISTANT, BUYER, LEAD, SALES
from tests.flows.scenarios import after, customer, hired, met


def task(crm: PharmaCRM, id: str = "T-1", *, days: int = 3, **more: Any) -> AssignTask:
    due_at = crm.clock.now() + timedelta(days=days)
    fields: dict[str, Any] = {"kind": TaskKind.MARKET, "title": "走访药房", "assignee": SALES}
    return AssignTask(id=id, due_at=due_at, **(fields | more))


def note(kind: NoteKind = NoteKind.COMMENT, **more: Any) -> AddNote:
    fields: dict[str, Any] = {"on": NoteSubject.TASK, "subject": "T-1", "text": "请补充数据"}
    return AddNote(kind=kind, **(fields | more))


@met("task.exists", "task.due_past", "task.assignee_unknown")
def _(crm: PharmaCRM) -> list[Reason]:
    again = task(crm, days=-1, assignee="nobody")
    return after(crm, (task(crm), LEAD), (again, LEAD))


@met("task.state", "task.not_assignee", "task.not_assigner", "task.reason_missing")
def _(crm: PharmaCRM) -> list[Reason]:
    return after(
        crm,
        (task(crm), LEAD),
        (ReportTask(task="T-1", report="已完成"), SALES),
        (DeclineTask(task="T-1"), ASSISTANT),
        (hired("other", "lead"), ADMIN),
        (CancelTask(task="T-1"), "other"),
        (ReturnTask(task="T-1", reason="不全"), LEAD),
    )


@met("task.report_missing")
def _(crm: PharmaCRM) -> list[Reason]:
    return after(crm, (task(crm), LEAD), (AcceptTask(task="T-1"), SALES), (CloseTask(task="T-1"), LEAD))


@met("medrep.no_sales_task")
def _(crm: PharmaCRM) -> list[Reason]:
    selling = task(crm, kind=TaskKind.SALES)
    return after(
        crm,
        (hired("x", "medrep"), ADMIN),
        (selling, LEAD),
        (ReassignTask(task="T-1", assignee="x"), LEAD),
    )


@met("note.exists", "note.addressee_unknown", "note.not_superior")
def _(crm: PharmaCRM) -> list[Reason]:
    return after(
        crm,
        (task(crm), LEAD),
        (note(id="N-1"), LEAD),
        (note(id="N-1", addressee="nobody"), SALES),
        (note(NoteKind.MESSAGE), SALES),
    )


@met("note.no_addressee")
def _(crm: PharmaCRM) -> list[Reason]:
    alone = note(on=NoteSubject.CUSTOMER, subject=BUYER)
    return after(crm, (customer(owner=None), ADMIN), (alone, SALES))


@met(
    "reminder_plan.moments",
    "reminder_plan.every",
    "reminder_plan.hours",
    "reminder_plan.moment_twice",
    "reminder_plan.moment_far",
    "reminder_plan.moment_before",
)
def _(crm: PharmaCRM) -> list[Reason]:
    none = SetReminderPlan(kind=ReminderKind.INSTALMENT, moments=(), every=-1, opens=18, closes=9)
    bad = SetReminderPlan(kind=ReminderKind.APPROVAL, moments=(0, 3, 3, 400))
    return after(crm, (none, ADMIN), (bad, ADMIN))


@met(
    "activity_reminder.past",
    "activity_reminder.exists",
    "activity_reminder.not_yours",
    "activity_reminder.not_waiting",
)
def _(crm: PharmaCRM) -> list[Reason]:
    now = crm.clock.now()
    wanted = SetActivityReminder(id="A-1", title="拜访", at=now + timedelta(hours=1))
    return after(
        crm,
        (wanted, SALES),
        (SetActivityReminder(id="A-1", title="拜访", at=now - timedelta(hours=1)), SALES),
        (CancelActivityReminder(reminder="A-1"), LEAD),
        (CancelActivityReminder(reminder="A-1"), SALES),
        (CancelActivityReminder(reminder="A-1"), SALES),
    )
