"""The one task engine (任务引擎): assign, accept, report, close, overdue; for every kind of task (UF-04).

from pharmacrm.core.engines.tasks import KINDS, Task, assign, close, report, take_on
"""

from pharmacrm.core.engines.tasks.events import (
    EVENTS,
    TaskAccepted,
    TaskAssigned,
    TaskCancelled,
    TaskClosed,
    TaskDeclined,
    TaskOverdue,
    TaskReported,
    TaskReturned,
)
from pharmacrm.core.engines.tasks.model import ENDED, KINDS, PENDING, KindRules, Task, TaskKind, TaskState
from pharmacrm.core.engines.tasks.reasons import REASONS
from pharmacrm.core.engines.tasks.rules import (
    STEPS,
    Step,
    assign,
    cancel,
    close,
    decline,
    flag_overdue,
    give_back,
    is_overdue,
    late,
    reassign,
    report,
    take_on,
)

__all__ = [
    "ENDED",
    "EVENTS",
    "KINDS",
    "PENDING",
    "REASONS",
    "STEPS",
    "KindRules",
    "Step",
    "Task",
    "TaskAccepted",
    "TaskAssigned",
    "TaskCancelled",
    "TaskClosed",
    "TaskDeclined",
    "TaskKind",
    "TaskOverdue",
    "TaskReported",
    "TaskReturned",
    "TaskState",
    "assign",
    "cancel",
    "close",
    "decline",
    "flag_overdue",
    "give_back",
    "is_overdue",
    "late",
    "reassign",
    "report",
    "take_on",
]
