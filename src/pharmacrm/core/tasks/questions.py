"""What people want to know of tasks."""

from datetime import datetime
from typing import Any

from attrs import frozen

from pharmacrm.core.engines.tasks import Task, TaskState
from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.kernel.message import Question
from pharmacrm.core.kernel.strict import Id, strict

MOST = 1_000


@frozen(kw_only=True, field_transformer=strict)
class MyTasks(Question[tuple[Task, ...]]):
    """The tasks that wait for the actor, the next due first; with `assigned`, those the actor assigned.

    Waiting are tasks to accept, to do and to report; for the assigner, every task that is not closed or
    cancelled.
    """

    assigned: bool = False
    limit: int = 100

    def __attrs_post_init__(self) -> None:
        """Refuse a limit that would read nothing or everything."""
        checked_limit(self.limit)


@frozen(kw_only=True)
class TaskStep:
    """One thing that happened to a task: which command, by whom, when, and what it changed."""

    at: datetime
    actor: str
    command: str
    state: TaskState
    assignee: str


@frozen(kw_only=True, field_transformer=strict)
class TaskHistory(Question[tuple[TaskStep, ...]]):
    """Everything that happened to a task, oldest first, from the journal: reassigning hides nothing.

    It is for the assignee, the assigner, leads, administrators and auditors; for others it is empty.
    """

    task: Id


def checked_limit(limit: int) -> None:
    """Refuse a limit that would read nothing or everything (`query.limit`)."""
    if not 1 <= limit <= MOST:
        raise MalformedInput("query.limit", f"1 to {MOST} is wanted", field="limit", value=limit)


def steps_of(changes: list[tuple[datetime, str, str, dict[str, Any]]]) -> tuple[TaskStep, ...]:
    """The steps of a task from the changes of its journal rows, oldest first."""
    state, assignee, steps = TaskState.ASSIGNED, "", []
    for at, actor, command, changed in changes:
        state = TaskState(changed["state"][1]) if "state" in changed else state
        assignee = changed["assignee"][1] if "assignee" in changed else assignee
        steps.append(TaskStep(at=at, actor=actor, command=command, state=state, assignee=assignee))
    return tuple(steps)
