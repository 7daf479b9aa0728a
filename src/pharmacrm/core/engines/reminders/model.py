"""Reminders (提醒) as they are stored: plans, how far they are carried out, and what was sent."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

from attrs import frozen

from pharmacrm.core.kernel.record import Column, Personal, Record


class ReminderKind(StrEnum):
    """What people are reminded of; the anchor of each is named beside it."""

    INSTALMENT = "instalment"
    """Money that is to be paid: the due date."""
    LICENCE = "licence"
    """A licence on file: the day it expires."""
    APPROVAL = "approval"
    """A document that waits for a signature: the day it came to its stage."""
    HOLD = "hold"
    """A hold that waits to be passed: the day it was placed."""
    TASK = "task"
    """A task: the day it is due."""
    BILL = "bill"
    """A bank acceptance bill in hand: the day of its maturity."""

    @property
    def zh(self) -> str:
        """The Chinese name."""
        return _KIND_ZH[self]

    @property
    def waits(self) -> bool:
        """Whether days are working days after the anchor: something waits, and nothing is due."""
        return self in {ReminderKind.APPROVAL, ReminderKind.HOLD}


_KIND_ZH = {
    ReminderKind.INSTALMENT: "回款提醒",
    ReminderKind.LICENCE: "证照到期提醒",
    ReminderKind.APPROVAL: "待审提醒",
    ReminderKind.HOLD: "待放行提醒",
    ReminderKind.TASK: "任务提醒",
    ReminderKind.BILL: "票据到期提醒",
}


@frozen(kw_only=True)
class ReminderPlan(Record):
    """When people are reminded of one kind of thing; the id is the kind (提醒计划).

    `moments` are days after the anchor, negative before it; after the last one it goes on `every` so many
    days (0: not). Reminders are sent from `opens` to `closes` o'clock of working days, in the tenant's zone.
    """

    moments: Annotated[tuple[int, ...], Column(length=1000, zh="提醒天数")]
    every: Annotated[int, Column(zh="重复天数")] = 0
    opens: Annotated[int, Column(zh="开始时刻")] = 9
    closes: Annotated[int, Column(zh="结束时刻")] = 18
    active: Annotated[bool, Column(zh="启用")] = True


@frozen(kw_only=True)
class ReminderMark(Record):
    """How far the reminders of one kind are carried out: every moment up to this day; the id is the kind."""

    through: Annotated[date, Column(zh="已处理至")]


@frozen(kw_only=True)
class Reminder(Record):
    """One reminder: one moment of one cause under one anchor (提醒).

    The id is `{kind}/{cause}/{anchor}/{moment}`, so that none is given twice, whoever tries. It was `sent`,
    or skipped because a later moment had come when it was its turn.
    """

    kind: Annotated[ReminderKind, Column(length=16, index=True, zh="提醒类别")]
    cause: Annotated[str, Column(index=True, zh="提醒对象")]
    anchor: Annotated[date, Column(zh="基准日")]
    moment: Annotated[int, Column(zh="天数")]
    planned: Annotated[date, Column(zh="计划日期")]
    sent: Annotated[bool, Column(zh="已发送")]
    at: Annotated[datetime, Column(zh="处理时间")]


class ActivityState(StrEnum):
    """What became of a reminder that a person set."""

    WAITING = "waiting"
    SENT = "sent"
    CANCELLED = "cancelled"

    @property
    def zh(self) -> str:
        """The Chinese name."""
        return _ACTIVITY_ZH[self]


_ACTIVITY_ZH = {
    ActivityState.WAITING: "待提醒",
    ActivityState.SENT: "已提醒",
    ActivityState.CANCELLED: "已取消",
}


@frozen(kw_only=True)
class ActivityReminder(Record):
    """A reminder that a person set for themselves, of a subject at an instant (活动提醒, FP-18).

    `about` is the id of what is planned (a task, a visit): when that ends, the reminder is cancelled with it.
    The instant is meant as it is: it is moved neither to working days nor to working hours.
    """

    person: Annotated[str, Column(length=64, index=True, zh="提醒人")]
    title: Annotated[str, Column(length=200, zh="提醒主题"), Personal("work of the staff")]
    about: Annotated[str, Column(index=True, zh="相关对象")] = ""
    at: Annotated[datetime, Column(index=True, zh="提醒时间")]
    state: Annotated[ActivityState, Column(length=16, index=True, zh="状态")] = ActivityState.WAITING


def reminder_id(kind: ReminderKind, cause: str, anchor: date, moment: int) -> str:
    """The id of a reminder: a cause has one for each anchor and moment."""
    return f"{kind}/{cause}/{anchor.isoformat()}/{moment}"
