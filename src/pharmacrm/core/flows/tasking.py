"""Assigning tasks to people: who they are, which unit is theirs, and what the law lets them do (R-11)."""

from datetime import datetime
from typing import Annotated, ClassVar

from attrs import field, frozen
from attrs.converters import optional

from pharmacrm.core.engines import tasks
from pharmacrm.core.engines.policy import CN_MEDREP, MEDREP
from pharmacrm.core.engines.tasks import KINDS, PENDING, Task, TaskKind
from pharmacrm.core.engines.tasks.model import WORK
from pharmacrm.core.flows.approvers import units_down
from pharmacrm.core.kernel.dates import as_instant
from pharmacrm.core.kernel.decision import Decision, accept
from pharmacrm.core.kernel.domain import Domain
from pharmacrm.core.kernel.message import Command, Question, Reads
from pharmacrm.core.kernel.query import eq, is_in
from pharmacrm.core.kernel.reason import Reason, ReasonCode, Severity
from pharmacrm.core.kernel.record import Personal
from pharmacrm.core.kernel.strict import Id, Limit, OptionalId, strict
from pharmacrm.core.people import RoleAssignment, Staff, roles_of
from pharmacrm.core.tasks.handlers import steers
from pharmacrm.core.tasks.questions import checked_limit

ASSIGNEE_UNKNOWN = ReasonCode(
    "task.assignee_unknown",
    Severity.BLOCK,
    "task {subject} goes to {observed}, who is not an active member of staff",
    "任务 {subject} 的执行人 {observed} 不是在职员工",
    remedy="choose somebody who is registered and active",
)
NO_SALES_TASK = ReasonCode(
    "medrep.no_sales_task",
    Severity.BLOCK,
    "{observed} is a filed medical representative: {field} {subject} is forbidden",
    "{observed} 是备案医药代表，不得承担{field} {subject}",
    remedy="assign it to somebody who sells",
    rule="R-11",
)


@frozen(kw_only=True, field_transformer=strict)
class AssignTask(Command[Task]):
    """Ask a member of staff to do something until an instant (分配任务).

    `kind` says what it is about: a sales task is not for filed medical representatives (R-11). `about` may
    hold the id of what it concerns: a customer, an order, a product.
    """

    id: OptionalId = ""
    kind: TaskKind
    title: Annotated[str, Limit(200), Personal(WORK)]
    details: Annotated[str, Limit(2000, empty=True, multiline=True), Personal(WORK)] = ""
    assignee: Id
    due_at: datetime = field(converter=as_instant)
    about: Annotated[str, Limit(200, empty=True)] = ""


@frozen(kw_only=True, field_transformer=strict)
class ReassignTask(Command[Task]):
    """Give a task that is not closed or cancelled to somebody else, with a new due time if one is given."""

    subject_field: ClassVar[str] = "task"

    task: Id
    assignee: Id
    due_at: datetime | None = field(default=None, converter=optional(as_instant))


@frozen(kw_only=True, field_transformer=strict)
class UnitTasks(Question[tuple[Task, ...]]):
    """The open tasks of a unit and of the units below it, the next due first; `overdue`: only late ones."""

    unit: Id
    overdue: bool = False
    limit: int = 100

    def __attrs_post_init__(self) -> None:
        """Refuse a limit that would read nothing or everything."""
        checked_limit(self.limit)


@frozen(kw_only=True, field_transformer=strict)
class OverdueTasks(Question[tuple[Task, ...]]):
    """The tasks of everybody whose due time has passed without a report, the longest overdue first (逾期)."""

    limit: int = 100

    def __attrs_post_init__(self) -> None:
        """Refuse a limit that would read nothing or everything."""
        checked_limit(self.limit)


@AssignTask.handler
def on_assign_task(command: AssignTask, read: Reads) -> Decision[Task]:
    """Read the assignee and whether the id is free."""
    staff = read.seek(Staff, command.assignee)
    task = Task(
        id=command.id or read.new_id(),
        kind=command.kind,
        title=command.title,
        details=command.details,
        about=command.about,
        assigner=read.actor,
        assignee=command.assignee,
        unit=staff.unit if staff else None,
        assigned_at=read.at,
        due_at=command.due_at,
    )
    opened = tasks.assign(task, read.seek(Task, task.id), at=read.at)
    return accept(opened.value, opened, _may_do(task, command.assignee, staff, read))


@ReassignTask.handler
def on_reassign_task(command: ReassignTask, read: Reads) -> Decision[Task]:
    """Read the task and the new assignee."""
    task = read.get(Task, command.task)
    staff = read.seek(Staff, command.assignee)
    moved = tasks.reassign(
        task,
        command.assignee,
        unit=staff.unit if staff else None,
        due_at=command.due_at,
        by=read.actor,
        at=read.at,
        steers=steers(read),
    )
    return accept(moved.value, moved, _may_do(task, command.assignee, staff, read))


@UnitTasks.handler
def on_unit_tasks(question: UnitTasks, read: Reads) -> tuple[Task, ...]:
    """Read the tasks of the unit and those below, by an index."""
    units = is_in("unit", sorted(units_down(read, question.unit)))
    late = (eq("overdue", value=True), is_in("state", PENDING))
    where = late if question.overdue else (is_in("state", sorted(frozenset(tasks.TaskState) - tasks.ENDED)),)
    return tuple(read.find(Task, units, *where, order=("due_at",), limit=question.limit))


@OverdueTasks.handler
def on_overdue_tasks(question: OverdueTasks, read: Reads) -> tuple[Task, ...]:
    """Read what is pending and past its time, flagged already or not."""
    found = read.find(Task, *tasks.late(read.at), order=("due_at",), limit=question.limit)
    return tuple(found)


def _may_do(task: Task, person: str, staff: Staff | None, read: Reads) -> tuple[Reason, ...]:
    """Whether a person can be asked to do a task at all, and by the law of the day."""
    if staff is None or not staff.active:
        return (ASSIGNEE_UNKNOWN(task.id, field="assignee", observed=person),)
    if not KINDS[task.kind].selling or MEDREP not in roles_of(read.find(RoleAssignment, eq("staff", person))):
        return ()
    forbidden = NO_SALES_TASK(task.id, field="assignee", named=task.kind, observed=person)
    return CN_MEDREP.weigh((forbidden,), read.on)


domain = Domain(
    name="tasking",
    handlers=(on_assign_task, on_reassign_task, on_unit_tasks, on_overdue_tasks),
    reasons=(ASSIGNEE_UNKNOWN, NO_SALES_TASK),
    rights={
        **dict.fromkeys(("lead", "admin"), (AssignTask, ReassignTask, UnitTasks, OverdueTasks)),
        "auditor": (UnitTasks, OverdueTasks),
    },
)
