"""Reminders that people set for themselves: at an instant, sent once, cancelled with what they are about."""

from collections.abc import Iterable
from datetime import datetime

from attrs import evolve

from pharmacrm.core.engines.reminders import reasons
from pharmacrm.core.engines.reminders.events import ActivityReminderDue
from pharmacrm.core.engines.reminders.model import ActivityReminder, ActivityState
from pharmacrm.core.kernel.decision import Decision, accept, save, tell
from pharmacrm.core.kernel.reason import Reason


def set_reminder(
    reminder: ActivityReminder, old: ActivityReminder | None, *, at: datetime
) -> Decision[ActivityReminder]:
    """Set a reminder (设置提醒) for an instant still to come, under a free id."""
    exists = () if old is None else (reasons.REMINDER_EXISTS(reminder.id, field="id"),)
    return accept(reminder, exists, _past(reminder, at), save(reminder))


def call_off(reminder: ActivityReminder, *, by: str) -> Decision[ActivityReminder]:
    """Cancel a reminder (取消提醒) that is not sent yet, as the person it is for."""
    cancelled = evolve(reminder, state=ActivityState.CANCELLED)
    return accept(cancelled, _against(reminder, by), save(cancelled))


def ring(reminder: ActivityReminder, *, at: datetime, ended: bool) -> Decision[ActivityReminder]:
    """Send a reminder whose instant has come, once; if what it is about has `ended`, cancel it instead."""
    if reminder.state is not ActivityState.WAITING or at < reminder.at:
        return accept(None)
    if ended:
        return void_reminders((reminder,))
    sent = evolve(reminder, state=ActivityState.SENT)
    event = ActivityReminderDue(subject=reminder.id, person=reminder.person, about=reminder.about)
    return accept(sent, save(sent), tell(event))


def void_reminders(reminders: Iterable[ActivityReminder]) -> Decision[ActivityReminder]:
    """Cancel those that still wait: what they are about has ended (a plan cancelled, a task closed)."""
    waiting = (each for each in reminders if each.state is ActivityState.WAITING)
    return accept(None, save(*(evolve(each, state=ActivityState.CANCELLED) for each in waiting)))


def _past(reminder: ActivityReminder, at: datetime) -> tuple[Reason, ...]:
    if reminder.at > at:
        return ()
    observed = reminder.at.isoformat(timespec="minutes")
    return (reasons.INSTANT_PAST(reminder.id, field="at", observed=observed),)


def _against(reminder: ActivityReminder, by: str) -> Iterable[Reason]:
    if reminder.person != by:
        yield reasons.NOT_YOURS(reminder.id, field="person", observed=by, expected=reminder.person)
    if reminder.state is not ActivityState.WAITING:
        yield reasons.NOT_WAITING(reminder.id, field="state", observed=reminder.state)
