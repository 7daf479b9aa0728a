"""The one reminder engine (提醒引擎): declared plans, working days, once for each moment (XT-24).

from pharmacrm.core.engines.reminders import Days, default_plan, remind
"""

from pharmacrm.core.engines.reminders.activities import call_off, ring, set_reminder, void_reminders
from pharmacrm.core.engines.reminders.events import EVENTS, ActivityReminderDue, ReminderDue
from pharmacrm.core.engines.reminders.model import (
    ActivityReminder,
    ActivityState,
    Reminder,
    ReminderKind,
    ReminderMark,
    ReminderPlan,
    reminder_id,
)
from pharmacrm.core.engines.reminders.moments import (
    CATCH_UP,
    FARTHEST,
    Days,
    Planned,
    moments_of,
    window,
    working_day,
)
from pharmacrm.core.engines.reminders.plan import DEFAULTS, default_plan, problems
from pharmacrm.core.engines.reminders.reasons import REASONS
from pharmacrm.core.engines.reminders.rules import Recipient, Standing, remind

__all__ = [
    "CATCH_UP",
    "DEFAULTS",
    "EVENTS",
    "FARTHEST",
    "REASONS",
    "ActivityReminder",
    "ActivityReminderDue",
    "ActivityState",
    "Days",
    "Planned",
    "Recipient",
    "Reminder",
    "ReminderDue",
    "ReminderKind",
    "ReminderMark",
    "ReminderPlan",
    "Standing",
    "call_off",
    "default_plan",
    "moments_of",
    "problems",
    "remind",
    "reminder_id",
    "ring",
    "set_reminder",
    "void_reminders",
    "window",
    "working_day",
]
