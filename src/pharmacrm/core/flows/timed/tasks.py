"""Tasks whose due time has passed: flagged once, and told (UF-04)."""

from collections.abc import Iterator
from typing import Any

from attrs import frozen

from pharmacrm.core.engines.tasks import Task, flag_overdue, late
from pharmacrm.core.flows.timed.errands import Errand, Situation, pages
from pharmacrm.core.kernel.decision import Decision
from pharmacrm.core.kernel.lookup import Lookup
from pharmacrm.core.kernel.message import Command, Reads
from pharmacrm.core.kernel.query import eq
from pharmacrm.core.kernel.strict import Id, strict


@frozen(kw_only=True, field_transformer=strict)
class FlagOverdueTask(Command[Task]):
    """Flag a task whose due time has passed without a report, and tell assignee and assigner.

    `crm.run_due()` does it, as the actor `system`, once for each due time.
    """

    subject_field = "task"

    task: Id


@FlagOverdueTask.handler
def flag_overdue_task(command: FlagOverdueTask, read: Reads) -> Decision[Task]:
    """Read the task as it is now."""
    return flag_overdue(read.get(Task, command.task), at=read.at)


def overdue_tasks(lookup: Lookup, now: Situation) -> Iterator[Command[Any]]:
    """The tasks that are overdue and not flagged yet."""
    unflagged = (eq("overdue", value=False), *late(now.at))
    for found in pages(lookup, Task, *unflagged, order=("due_at",)):
        yield from (FlagOverdueTask(task=each.id) for each in found)


ERRAND = Errand(name="tasks", commands=overdue_tasks)
