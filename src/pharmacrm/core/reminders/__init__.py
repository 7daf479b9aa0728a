"""Reminders (提醒): the plans of the house, and reminders that people set; `flows.timed` carries them out."""

from pharmacrm.core.engines import reminders
from pharmacrm.core.engines.reminders import (
    ActivityReminder,
    Reminder,
    ReminderKind,
    ReminderMark,
    ReminderPlan,
)
from pharmacrm.core.kernel.domain import Domain
from pharmacrm.core.reminders.commands import (
    CancelActivityReminder,
    ReminderPlans,
    SetActivityReminder,
    SetReminderPlan,
)
from pharmacrm.core.reminders.handlers import HANDLERS, plan_of
from pharmacrm.core.values.roles import ROLES

_OWN = (SetActivityReminder, CancelActivityReminder, ReminderPlans)
_RECORDS = (Reminder, ReminderPlan, ReminderMark, ActivityReminder)

domain = Domain(
    name="reminders",
    records=_RECORDS,
    handlers=HANDLERS,
    events=reminders.EVENTS,
    reasons=reminders.REASONS,
    rights={
        **{role: _OWN for role in ROLES if role != "auditor"},
        "lead": (*_OWN, Reminder),
        "finance": (*_OWN, Reminder),
        "quality": (*_OWN, Reminder),
        "admin": (*_OWN, *_RECORDS, SetReminderPlan),
        "auditor": (*_RECORDS, ReminderPlans),
    },
)

__all__ = [
    "ActivityReminder",
    "CancelActivityReminder",
    "Reminder",
    "ReminderKind",
    "ReminderMark",
    "ReminderPlan",
    "ReminderPlans",
    "SetActivityReminder",
    "SetReminderPlan",
    "domain",
    "plan_of",
]
