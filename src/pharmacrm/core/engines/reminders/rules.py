"""Carrying out the reminders of one cause: the newest moment is sent, those missed before it are skipped."""

from collections.abc import Collection
from datetime import date, datetime

from attrs import field, frozen

from pharmacrm.core.engines.reminders.events import ReminderDue
from pharmacrm.core.engines.reminders.model import Reminder, ReminderKind, reminder_id
from pharmacrm.core.engines.reminders.moments import Planned
from pharmacrm.core.kernel.decision import Decision, accept, save, tell


@frozen(kw_only=True)
class Recipient:
    """Who is reminded: the holders of a role (of a unit and above, if one is named), or one person."""

    role: str = ""
    unit: str = ""
    person: str = ""


@frozen(kw_only=True)
class Standing:
    """A cause that people are to be reminded of: what it is about, which day counts, and whom it concerns.

    `opened` is the day since which it exists, if that is known.
    """

    cause: str
    subject: str
    anchor: date
    opened: date | None = None
    recipients: tuple[Recipient, ...] = field(default=())
    amount: str = ""


def remind(
    kind: ReminderKind,
    standing: Standing,
    passed: list[Planned],
    done: Collection[str],
    *,
    today: date,
    at: datetime,
) -> Decision[Reminder]:
    """Record what has passed and was not done, and tell everybody concerned once, of the newest moment.

    `done` holds the ids of the reminders that exist. Where nothing is left, nothing happens: doing it twice
    is doing it once.
    """
    if not passed:
        return accept(None)
    *missed, newest = (
        Reminder(
            id=reminder_id(kind, standing.cause, standing.anchor, each.moment),
            kind=kind,
            cause=standing.cause,
            anchor=standing.anchor,
            moment=each.moment,
            planned=each.day,
            sent=each is passed[-1],
            at=at,
        )
        for each in passed
    )
    new = [each for each in missed if each.id not in done]
    if newest.id in done:
        return accept(None, save(*new))
    told = [_told(newest, standing, each, today) for each in standing.recipients]
    return accept(newest, save(*new, newest), tell(*told))


def _told(reminder: Reminder, standing: Standing, recipient: Recipient, today: date) -> ReminderDue:
    return ReminderDue(
        subject=standing.subject,
        kind=reminder.kind.value,
        cause=reminder.cause,
        anchor=reminder.anchor.isoformat(),
        moment=reminder.moment,
        days_left=(reminder.anchor - today).days,
        role=recipient.role,
        unit=recipient.unit,
        person=recipient.person,
        amount=standing.amount,
    )
