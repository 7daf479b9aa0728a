"""Load what the rules about reminders need."""

from pharmacrm.core.engines.reminders import (
    ActivityReminder,
    ReminderKind,
    ReminderPlan,
    call_off,
    default_plan,
    problems,
    set_reminder,
)
from pharmacrm.core.kernel.decision import Decision, accept, save
from pharmacrm.core.kernel.lookup import Lookup
from pharmacrm.core.kernel.message import Reads
from pharmacrm.core.reminders.commands import (
    CancelActivityReminder,
    ReminderPlans,
    SetActivityReminder,
    SetReminderPlan,
)


def plan_of(read: Lookup, kind: ReminderKind) -> ReminderPlan:
    """The plan of a kind that is in force."""
    return read.seek(ReminderPlan, kind.value) or default_plan(kind)


@SetReminderPlan.handler
def on_set_reminder_plan(command: SetReminderPlan, read: Reads) -> Decision[ReminderPlan]:
    """Read the plan that is replaced."""
    old = read.seek(ReminderPlan, command.kind.value)
    plan = ReminderPlan(
        id=command.kind.value,
        version=old.version if old else 0,
        moments=tuple(sorted(command.moments)),
        every=command.every,
        opens=command.opens,
        closes=command.closes,
        active=command.active,
    )
    return accept(plan, problems(plan, command.kind), save(plan))


@SetActivityReminder.handler
def on_set_activity_reminder(command: SetActivityReminder, read: Reads) -> Decision[ActivityReminder]:
    """Read whether the id is free."""
    id = command.id or read.new_id()
    wanted = ActivityReminder(
        id=id, person=read.actor, title=command.title, about=command.about, at=command.at
    )
    return set_reminder(wanted, read.seek(ActivityReminder, id), at=read.at)


@CancelActivityReminder.handler
def on_cancel_activity_reminder(command: CancelActivityReminder, read: Reads) -> Decision[ActivityReminder]:
    """Read the reminder."""
    return call_off(read.get(ActivityReminder, command.reminder), by=read.actor)


@ReminderPlans.handler
def on_reminder_plans(_: ReminderPlans, read: Reads) -> tuple[ReminderPlan, ...]:
    """Read the plan of each kind."""
    return tuple(plan_of(read, kind) for kind in ReminderKind)


HANDLERS = (
    on_set_reminder_plan,
    on_set_activity_reminder,
    on_cancel_activity_reminder,
    on_reminder_plans,
)
