"""What people may want of reminders: a plan of the house, or a reminder of their own."""

from datetime import datetime
from typing import Annotated, ClassVar

from attrs import field, frozen

from pharmacrm.core.engines.reminders import ActivityReminder, ReminderKind, ReminderPlan
from pharmacrm.core.kernel.dates import as_instant
from pharmacrm.core.kernel.message import Command, Question
from pharmacrm.core.kernel.record import Personal
from pharmacrm.core.kernel.strict import Id, Limit, OptionalId, strict


@frozen(kw_only=True, field_transformer=strict)
class SetReminderPlan(Command[ReminderPlan]):
    """Say when people are reminded of one kind of thing (提醒计划); it counts from the next working day.

    `moments` are days after what counts (the due date, the expiry), negative before it; of what waits, they
    are working days. After the last one it goes on `every` so many days, for a year; 0: not. Reminders are
    sent from `opens` to `closes` o'clock of working days, in the tenant's zone. Without `active` none are.
    """

    subject_field: ClassVar[str] = "kind"

    kind: ReminderKind
    moments: tuple[int, ...]
    every: int = 0
    opens: int = 9
    closes: int = 18
    active: bool = True


@frozen(kw_only=True, field_transformer=strict)
class SetActivityReminder(Command[ActivityReminder]):
    """Remind the actor of something at an instant (活动提醒, FP-18).

    `about` is the id of what it is for; a reminder of a task is cancelled when the task ends.
    """

    id: OptionalId = ""
    title: Annotated[str, Limit(200), Personal("work of the staff")]
    at: datetime = field(converter=as_instant)
    about: Annotated[str, Limit(200, empty=True)] = ""


@frozen(kw_only=True, field_transformer=strict)
class CancelActivityReminder(Command[ActivityReminder]):
    """Cancel a reminder that the actor set and that is not sent yet."""

    subject_field: ClassVar[str] = "reminder"

    reminder: Id


@frozen(kw_only=True, field_transformer=strict)
class ReminderPlans(Question[tuple[ReminderPlan, ...]]):
    """The plan of every kind that is in force: the tenant's own, or the one that is there from the start."""
