"""What the people of a task may want once it is assigned."""

from typing import Annotated, ClassVar

from attrs import frozen

from pharmacrm.core.engines.tasks import Task
from pharmacrm.core.engines.tasks.model import WORK
from pharmacrm.core.kernel.message import Command
from pharmacrm.core.kernel.record import Personal
from pharmacrm.core.kernel.strict import Id, Limit, strict

Why = Annotated[str, Limit(2000, empty=True, multiline=True), Personal(WORK)]


@frozen(kw_only=True, field_transformer=strict)
class AcceptTask(Command[Task]):
    """Accept a task that was assigned to the actor (接受任务)."""

    subject_field: ClassVar[str] = "task"

    task: Id


@frozen(kw_only=True, field_transformer=strict)
class DeclineTask(Command[Task]):
    """Decline a task that was assigned to the actor, with a reason (拒绝任务)."""

    subject_field: ClassVar[str] = "task"

    task: Id
    reason: Why = ""


@frozen(kw_only=True, field_transformer=strict)
class ReportTask(Command[Task]):
    """Report what came of a task that the actor has accepted (反馈)."""

    subject_field: ClassVar[str] = "task"

    task: Id
    report: Annotated[str, Limit(4000, multiline=True), Personal(WORK)]


@frozen(kw_only=True, field_transformer=strict)
class ReturnTask(Command[Task]):
    """Return a report that is not enough, with a reason: the assignee goes on (退回反馈)."""

    subject_field: ClassVar[str] = "task"

    task: Id
    reason: Why = ""


@frozen(kw_only=True, field_transformer=strict)
class CloseTask(Command[Task]):
    """Close a task that the actor assigned: after its report, if its kind wants one (关闭任务)."""

    subject_field: ClassVar[str] = "task"

    task: Id


@frozen(kw_only=True, field_transformer=strict)
class CancelTask(Command[Task]):
    """Cancel a task that the actor assigned and no longer wants, with a reason (取消任务)."""

    subject_field: ClassVar[str] = "task"

    task: Id
    reason: Why = ""
