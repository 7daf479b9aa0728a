"""Tasks (任务) as they are stored: who is to do what for whom, until when, and how far it has come."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Annotated, Final

from attrs import frozen

from pharmacrm.core.kernel.record import Column, Personal, Record

WORK: Final = "work of the staff"
"""Why a task holds free text, in which people may be named."""


class TaskKind(StrEnum):
    """What a task is about; `KINDS` says what follows from it."""

    MARKET = "market"
    CHANNEL = "channel"
    SALES = "sales"
    SERVICE = "service"

    @property
    def zh(self) -> str:
        """The Chinese name."""
        return _TASK_KIND_ZH[self]


_TASK_KIND_ZH = {
    TaskKind.MARKET: "市场任务",
    TaskKind.CHANNEL: "渠道任务",
    TaskKind.SALES: "销售任务",
    TaskKind.SERVICE: "服务任务",
}


@frozen(kw_only=True)
class KindRules:
    """What a kind of task asks for: whether it closes only after a report, and whether it is selling."""

    report_required: bool = True
    selling: bool = False


KINDS: Final[Mapping[TaskKind, KindRules]] = MappingProxyType(
    {
        TaskKind.MARKET: KindRules(),
        TaskKind.CHANNEL: KindRules(),
        TaskKind.SALES: KindRules(selling=True),
        TaskKind.SERVICE: KindRules(report_required=False),
    }
)
"""One row for each kind: a new kind of task is a new row, no new code."""


class TaskState(StrEnum):
    """Where a task stands; `STEPS` has the table of its ways."""

    ASSIGNED = "assigned"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    REPORTED = "reported"
    CLOSED = "closed"
    CANCELLED = "cancelled"

    @property
    def zh(self) -> str:
        """The Chinese name."""
        return _TASK_STATE_ZH[self]


_TASK_STATE_ZH = {
    TaskState.ASSIGNED: "已分配",
    TaskState.ACCEPTED: "已接受",
    TaskState.DECLINED: "已拒绝",
    TaskState.REPORTED: "已反馈",
    TaskState.CLOSED: "已关闭",
    TaskState.CANCELLED: "已取消",
}

ENDED: Final = frozenset({TaskState.CLOSED, TaskState.CANCELLED})
"""States in which nothing more happens to a task."""

PENDING: Final = (TaskState.ASSIGNED, TaskState.ACCEPTED, TaskState.DECLINED)
"""States in which somebody still owes the work: only these can be overdue."""


@frozen(kw_only=True)
class Task(Record):
    """Something that one person is asked to do by another (任务).

    `assigner` is who asked for it, `unit` the assignee's when it was assigned, `about` the id of what it
    concerns (a customer, an order). `report` is the newest feedback of the assignee; `reason` says why the
    task was last declined, returned or cancelled. `overdue` is set once for each due time.
    """

    kind: Annotated[TaskKind, Column(length=16, index=True, zh="任务类别")]
    title: Annotated[str, Column(length=200, zh="任务名称"), Personal(WORK)]
    details: Annotated[str, Column(length=2000, zh="任务内容"), Personal(WORK)] = ""
    about: Annotated[str, Column(length=200, index=True, zh="相关对象")] = ""
    assigner: Annotated[str, Column(length=64, index=True, zh="分配人")]
    assignee: Annotated[str, Column(length=64, index=True, zh="执行人")]
    unit: Annotated[str | None, Column(length=64, index=True, zh="部门")] = None
    state: Annotated[TaskState, Column(length=16, index=True, zh="状态")] = TaskState.ASSIGNED
    assigned_at: Annotated[datetime, Column(zh="分配时间")]
    due_at: Annotated[datetime, Column(index=True, zh="截止时间")]
    overdue: Annotated[bool, Column(zh="已逾期")] = False
    report: Annotated[str, Column(length=4000, zh="反馈"), Personal(WORK)] = ""
    reported_at: Annotated[datetime | None, Column(zh="反馈时间")] = None
    reason: Annotated[str, Column(length=2000, zh="原因"), Personal(WORK)] = ""
