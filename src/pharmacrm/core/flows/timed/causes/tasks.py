"""Tasks that are due (任务提醒): the assignee is reminded, and once it is overdue the assigner as well."""

from datetime import date
from zoneinfo import ZoneInfo

from pharmacrm.core.engines.reminders import Recipient, ReminderKind, Standing
from pharmacrm.core.engines.tasks import PENDING, Task, is_overdue
from pharmacrm.core.flows.timed.causes.cause import Cause
from pharmacrm.core.kernel.dates import local_date
from pharmacrm.core.kernel.message import Reads
from pharmacrm.core.kernel.query import is_in


def _standing(task: Task, read: Reads) -> Standing | None:
    if task.state not in PENDING:
        return None
    late = {task.assigner} if is_overdue(task, read.at) else set()
    return Standing(
        cause=task.id,
        subject=task.id,
        anchor=local_date(task.due_at, read.tenant.tz),
        opened=_opened(task, read.tenant.tz),
        recipients=tuple(Recipient(person=person) for person in sorted({task.assignee} | late)),
    )


def _opened(task: Task, zone: ZoneInfo) -> date:
    return local_date(task.assigned_at, zone)


TASKS = Cause(
    kind=ReminderKind.TASK,
    entity=Task,
    anchor="due_at",
    where=(is_in("state", PENDING),),
    standing=_standing,
    opened=_opened,
)
