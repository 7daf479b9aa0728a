"""The story of daily work: tasks, notes, and the reminders that people set."""

from pharmacrm.core.flows.noting import AddNote
from pharmacrm.core.flows.tasking import AssignTask, ReassignTask
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
from pharmacrm.testing.company import ADMIN
from pharmacrm.testing.story.steps import LEAD, SALES, Make, Step, after, instant, said


def a_task(id: str, days: int = 3) -> Make:
    """A task that is due at noon, so many days later."""
    return lambda crm: AssignTask(
        id=id, kind=TaskKind.MARKET, title="走访药房", assignee=SALES, due_at=instant(crm, days)
    )


def a_reminder(id: str, days: int = 1) -> Make:
    """A reminder of one's own."""
    return lambda crm: SetActivityReminder(id=id, title="拜访", at=instant(crm, days))


_REPORTED = ReportTask(task="T-1", report="已完成")

WORKING: tuple[Step, ...] = (
    Step(LEAD, a_task("T-1")),
    said(SALES, AcceptTask(task="T-1")),
    said(SALES, _REPORTED),
    said(LEAD, ReturnTask(task="T-1", reason="不全")),
    said(LEAD, CloseTask(task="T-1"), (SALES, _REPORTED)),
    Step(SALES, lambda _: DeclineTask(task="T-2", reason="休假"), after((LEAD, a_task("T-2")))),
    said(LEAD, ReassignTask(task="T-2", assignee="li.si")),
    said(
        LEAD,
        AddNote(id="N-1", on=NoteSubject.TASK, subject="T-2", kind=NoteKind.COMMENT, text="请补充数据"),
    ),
    said(LEAD, CancelTask(task="T-2", reason="不需要")),
    said(ADMIN, SetReminderPlan(kind=ReminderKind.INSTALMENT, moments=(-3, 0, 5), every=10)),
    Step(SALES, a_reminder("A-1")),
    said(SALES, CancelActivityReminder(reminder="A-1")),
)
