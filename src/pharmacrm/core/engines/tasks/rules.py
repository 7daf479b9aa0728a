"""The ways of a task: one table of states, and the steps that use it, each with every reason against it.

The assignee accepts, declines and reports. The assigner (or somebody who `steers` in their place) returns a
report, closes, cancels and reassigns. A closed or cancelled task stays so. The journal has what happened.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final

from attrs import evolve, frozen

from pharmacrm.core.engines.tasks import events, reasons
from pharmacrm.core.engines.tasks.model import ENDED, KINDS, PENDING, Task, TaskState
from pharmacrm.core.kernel.decision import Decision, Piece, accept, save, tell
from pharmacrm.core.kernel.query import Condition, is_in, le
from pharmacrm.core.kernel.reason import Reason


@frozen
class Step:
    """One step of a task: the states from which it may be taken, where it leads, and what is told."""

    sources: frozenset[TaskState]
    target: TaskState
    event: type[events.OfTask]


STEPS: Final[Mapping[str, Step]] = MappingProxyType(
    {
        "accept": Step(frozenset({TaskState.ASSIGNED}), TaskState.ACCEPTED, events.TaskAccepted),
        "decline": Step(frozenset({TaskState.ASSIGNED}), TaskState.DECLINED, events.TaskDeclined),
        "report": Step(frozenset({TaskState.ACCEPTED}), TaskState.REPORTED, events.TaskReported),
        "return": Step(frozenset({TaskState.REPORTED}), TaskState.ACCEPTED, events.TaskReturned),
        "close": Step(
            frozenset({TaskState.ACCEPTED, TaskState.REPORTED}), TaskState.CLOSED, events.TaskClosed
        ),
        "reassign": Step(frozenset(TaskState) - ENDED, TaskState.ASSIGNED, events.TaskAssigned),
        "cancel": Step(frozenset(TaskState) - ENDED, TaskState.CANCELLED, events.TaskCancelled),
    }
)
"""Every way of a task; what stands in no row cannot happen."""


def assign(task: Task, old: Task | None, *, at: datetime) -> Decision[Task]:
    """Open a task for its assignee (分配任务); its id must be free and its due time still to come."""
    exists = () if old is None else (reasons.TASK_EXISTS(task.id, field="id"),)
    return accept(task, exists, _due(task, at), save(task), tell(_told(events.TaskAssigned, task)))


def reassign(
    task: Task,
    assignee: str,
    *,
    unit: str | None,
    due_at: datetime | None,
    by: str,
    at: datetime,
    steers: bool,
) -> Decision[Task]:
    """Give a task to somebody else (改派), with a later due time if one is given.

    A new due time can be overdue again. What the former assignee reported stays in the journal.
    """
    moved = evolve(
        task,
        assignee=assignee,
        unit=unit,
        assigned_at=at,
        due_at=due_at or task.due_at,
        overdue=task.overdue and due_at in {None, task.due_at},
        report="",
        reported_at=None,
        reason="",
    )
    late = () if due_at is None else _due(moved, at)
    return _stepped(task, moved, "reassign", _may_steer(task, by, steers=steers), late)


def take_on(task: Task, *, by: str) -> Decision[Task]:
    """Accept a task (接受), as its assignee."""
    return _stepped(task, task, "accept", _own(task, by))


def decline(task: Task, reason: str, *, by: str) -> Decision[Task]:
    """Decline a task (拒绝) before accepting it, as its assignee, with a reason."""
    declined = evolve(task, reason=reason)
    return _stepped(task, declined, "decline", _own(task, by), _said(declined, TaskState.DECLINED))


def report(task: Task, text: str, *, by: str, at: datetime) -> Decision[Task]:
    """Say what came of an accepted task (反馈), as its assignee; the work is then the assigner's to judge."""
    return _stepped(task, evolve(task, report=text, reported_at=at), "report", _own(task, by))


def give_back(task: Task, reason: str, *, by: str, steers: bool) -> Decision[Task]:
    """Return a report that is not enough (退回), as its assigner, with a reason; the task goes on."""
    returned = evolve(task, reason=reason)
    steering = _may_steer(task, by, steers=steers)
    return _stepped(task, returned, "return", steering, _said(returned, TaskState.ACCEPTED))


def close(task: Task, *, by: str, steers: bool) -> Decision[Task]:
    """Close a task (关闭), as its assigner: after its report, or without one if its kind wants none."""
    wanted = KINDS[task.kind].report_required and task.state is TaskState.ACCEPTED
    missing = (reasons.REPORT_MISSING(task.id, field="report", observed=task.kind),) if wanted else ()
    return _stepped(task, task, "close", _may_steer(task, by, steers=steers), missing)


def cancel(task: Task, reason: str, *, by: str, steers: bool) -> Decision[Task]:
    """Cancel a task (取消) that is not closed, as its assigner, with a reason."""
    cancelled = evolve(task, reason=reason)
    steering = _may_steer(task, by, steers=steers)
    return _stepped(task, cancelled, "cancel", steering, _said(cancelled, TaskState.CANCELLED))


def is_overdue(task: Task, at: datetime) -> bool:
    """Whether the work is still owed after its due time (逾期)."""
    return task.state in PENDING and task.due_at <= at


def late(at: datetime) -> tuple[Condition, Condition]:
    """The search for what is overdue at an instant: the same as `is_overdue`, for a store."""
    return is_in("state", PENDING), le("due_at", at)


def flag_overdue(task: Task, *, at: datetime) -> Decision[Task]:
    """Flag a task whose due time has passed, once for each due time; before that nothing happens."""
    if task.overdue or not is_overdue(task, at):
        return accept(None)
    flagged = evolve(task, overdue=True)
    return accept(flagged, save(flagged), tell(_told(events.TaskOverdue, flagged)))


def _stepped(task: Task, changed: Task, name: str, *parts: Piece) -> Decision[Task]:
    step = STEPS[name]
    moved = evolve(changed, state=step.target)
    return accept(moved, *parts, _against(task, step), save(moved), tell(_told(step.event, moved)))


def _told(event: type[events.OfTask], task: Task) -> events.OfTask:
    return event(subject=task.id, assignee=task.assignee, assigner=task.assigner)


def _against(task: Task, step: Step) -> Iterator[Reason]:
    if task.state not in step.sources:
        yield reasons.TASK_STATE(task.id, field="state", observed=task.state, expected=step.target)


def _own(task: Task, by: str) -> Iterator[Reason]:
    if by != task.assignee:
        yield reasons.NOT_ASSIGNEE(task.id, field="assignee", observed=by, expected=task.assignee)


def _may_steer(task: Task, by: str, *, steers: bool) -> Iterator[Reason]:
    if by != task.assigner and not steers:
        yield reasons.NOT_ASSIGNER(task.id, field="assigner", observed=by, expected=task.assigner)


def _said(task: Task, wanted: TaskState) -> Iterator[Reason]:
    if not task.reason.strip():
        yield reasons.REASON_MISSING(task.id, field="reason", expected=wanted)


def _due(task: Task, at: datetime) -> tuple[Reason, ...]:
    if task.due_at > at:
        return ()
    return (reasons.DUE_PAST(task.id, field="due_at", observed=task.due_at.isoformat(timespec="minutes")),)
