"""Load the task; the engine decides."""

from pharmacrm.core.engines import tasks
from pharmacrm.core.engines.reminders import ActivityReminder, ActivityState, void_reminders
from pharmacrm.core.engines.tasks import ENDED, PENDING, Task, TaskState
from pharmacrm.core.kernel.decision import Decision, accept
from pharmacrm.core.kernel.journal import JournalQuery
from pharmacrm.core.kernel.message import Reads
from pharmacrm.core.kernel.query import eq, is_in
from pharmacrm.core.tasks.commands import (
    AcceptTask,
    CancelTask,
    CloseTask,
    DeclineTask,
    ReportTask,
    ReturnTask,
)
from pharmacrm.core.tasks.questions import MyTasks, TaskHistory, TaskStep, steps_of

STEERING = frozenset({"admin"})
"""Roles that act in the place of an assigner, who may have left."""

READING = frozenset({"lead", "admin", "auditor"})
"""Roles that may read the history of tasks that are not theirs."""


def steers(read: Reads) -> bool:
    """Whether the actor may act in the assigner's place."""
    return bool(read.roles & STEERING)


@AcceptTask.handler
def on_accept_task(command: AcceptTask, read: Reads) -> Decision[Task]:
    """Read the task."""
    return tasks.take_on(read.get(Task, command.task), by=read.actor)


@DeclineTask.handler
def on_decline_task(command: DeclineTask, read: Reads) -> Decision[Task]:
    """Read the task."""
    return tasks.decline(read.get(Task, command.task), command.reason, by=read.actor)


@ReportTask.handler
def on_report_task(command: ReportTask, read: Reads) -> Decision[Task]:
    """Read the task."""
    return tasks.report(read.get(Task, command.task), command.report, by=read.actor, at=read.at)


@ReturnTask.handler
def on_return_task(command: ReturnTask, read: Reads) -> Decision[Task]:
    """Read the task."""
    task = read.get(Task, command.task)
    return tasks.give_back(task, command.reason, by=read.actor, steers=steers(read))


@CloseTask.handler
def on_close_task(command: CloseTask, read: Reads) -> Decision[Task]:
    """Read the task and the reminders of it, which end with it."""
    closed = tasks.close(read.get(Task, command.task), by=read.actor, steers=steers(read))
    return accept(closed.value, closed, _reminders(command.task, read))


@CancelTask.handler
def on_cancel_task(command: CancelTask, read: Reads) -> Decision[Task]:
    """Read the task and the reminders of it, which end with it."""
    task = read.get(Task, command.task)
    cancelled = tasks.cancel(task, command.reason, by=read.actor, steers=steers(read))
    return accept(cancelled.value, cancelled, _reminders(task.id, read))


@MyTasks.handler
def on_my_tasks(question: MyTasks, read: Reads) -> tuple[Task, ...]:
    """Read the actor's tasks by an index."""
    states = sorted(frozenset(TaskState) - ENDED) if question.assigned else PENDING[:2]
    field = "assigner" if question.assigned else "assignee"
    where = (eq(field, read.actor), is_in("state", states))
    return tuple(read.find(Task, *where, order=("due_at",), limit=question.limit))


@TaskHistory.handler
def on_task_history(question: TaskHistory, read: Reads) -> tuple[TaskStep, ...]:
    """Read the task's rows of the journal, for those whom it concerns."""
    task = read.get(Task, question.task)
    if read.actor not in {task.assignee, task.assigner} and not read.roles & READING:
        return ()
    rows = read.journal(JournalQuery(subject=task.id, kind="task"))
    return steps_of([(row.recorded_at, row.actor, row.command, row.changed()) for row in rows])


def _reminders(task: str, read: Reads) -> Decision[ActivityReminder]:
    waiting = eq("state", ActivityState.WAITING)
    return void_reminders(read.find(ActivityReminder, eq("about", task), waiting))


HANDLERS = (
    on_accept_task,
    on_decline_task,
    on_report_task,
    on_return_task,
    on_close_task,
    on_cancel_task,
    on_my_tasks,
    on_task_history,
)
