"""Tasks (任务): what people do for one another; assigning them stands in `flows.tasking`."""

from pharmacrm.core.engines import tasks
from pharmacrm.core.engines.tasks import Task, TaskKind, TaskState
from pharmacrm.core.kernel.domain import Domain
from pharmacrm.core.tasks.commands import (
    AcceptTask,
    CancelTask,
    CloseTask,
    DeclineTask,
    ReportTask,
    ReturnTask,
)
from pharmacrm.core.tasks.handlers import HANDLERS
from pharmacrm.core.tasks.questions import MyTasks, TaskHistory, TaskStep
from pharmacrm.core.values.roles import ROLES

_DOING = (Task, AcceptTask, DeclineTask, ReportTask, MyTasks, TaskHistory)
_ASSIGNING = (ReturnTask, CloseTask, CancelTask)

domain = Domain(
    name="tasks",
    records=(Task,),
    handlers=HANDLERS,
    events=tasks.EVENTS,
    reasons=tasks.REASONS,
    rights={
        **{role: _DOING for role in ROLES if role != "auditor"},
        **dict.fromkeys(("lead", "admin"), (*_DOING, *_ASSIGNING)),
        "auditor": (Task, TaskHistory),
    },
)

__all__ = [
    "AcceptTask",
    "CancelTask",
    "CloseTask",
    "DeclineTask",
    "MyTasks",
    "ReportTask",
    "ReturnTask",
    "Task",
    "TaskHistory",
    "TaskKind",
    "TaskState",
    "TaskStep",
    "domain",
]
