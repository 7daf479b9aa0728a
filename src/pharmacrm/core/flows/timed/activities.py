"""Reminders that people set, when their instant has come (FP-18)."""

from collections.abc import Iterator
from typing import Any

from attrs import frozen

from pharmacrm.core.engines.reminders import ActivityReminder, ActivityState, ring
from pharmacrm.core.engines.tasks import ENDED, Task
from pharmacrm.core.flows.timed.errands import Errand, Situation, pages
from pharmacrm.core.kernel.decision import Decision
from pharmacrm.core.kernel.lookup import Lookup
from pharmacrm.core.kernel.message import Command, Reads
from pharmacrm.core.kernel.query import eq, le
from pharmacrm.core.kernel.strict import Id, strict


@frozen(kw_only=True, field_transformer=strict)
class SendActivityReminder(Command[ActivityReminder]):
    """Send a reminder that a person set, once its instant has come, or cancel it if its task has ended.

    `crm.run_due()` does it, as the actor `system`.
    """

    subject_field = "reminder"

    reminder: Id


@SendActivityReminder.handler
def send_activity_reminder(command: SendActivityReminder, read: Reads) -> Decision[ActivityReminder]:
    """Read the reminder, and the task that it may be about."""
    reminder = read.get(ActivityReminder, command.reminder)
    task = read.seek(Task, reminder.about) if reminder.about else None
    return ring(reminder, at=read.at, ended=task is not None and _over(task, reminder.person))


def _over(task: Task, person: str) -> bool:
    """Whether a task has ended, or is no longer this person's."""
    return task.state in ENDED or person not in {task.assignee, task.assigner}


def activity_reminders(lookup: Lookup, now: Situation) -> Iterator[Command[Any]]:
    """The reminders whose instant has come and that still wait."""
    due = (eq("state", ActivityState.WAITING), le("at", now.at))
    for found in pages(lookup, ActivityReminder, *due, order=("at",)):
        yield from (SendActivityReminder(reminder=each.id) for each in found)


ERRAND = Errand(name="activities", commands=activity_reminders)
