"""The story of what falls due: done by the system, each command as `run_due` does it."""

from pharmacrm.core.flows.timed import (
    ExpireReservation,
    FlagOverdueTask,
    MarkReminders,
    SendActivityReminder,
    SendReminder,
)
from pharmacrm.core.reminders import ReminderKind
from pharmacrm.crm import PharmaCRM
from pharmacrm.testing.company import an_order
from pharmacrm.testing.story.steps import LEAD, SALES, Step, after, day, due, later
from pharmacrm.testing.story.working import a_reminder, a_task


def _two_days_later(crm: PharmaCRM) -> None:
    after((LEAD, a_task("T-3", 1)), (SALES, a_reminder("A-2")))(crm)
    later(crm, 2)


def _a_month_later(crm: PharmaCRM) -> None:
    after((SALES, lambda _: an_order("SO-4")))(crm)
    later(crm, 31)


TIMED: tuple[Step, ...] = (
    due(lambda _: FlagOverdueTask(task="T-3"), _two_days_later),
    due(lambda _: SendActivityReminder(reminder="A-2")),
    due(lambda crm: SendReminder(kind=ReminderKind.TASK, cause="T-3", after=day(crm, -2))),
    due(lambda crm: MarkReminders(kind=ReminderKind.TASK, through=day(crm))),
    due(lambda _: ExpireReservation(order="SO-4"), _a_month_later),
)
