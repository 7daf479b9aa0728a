"""What reminders tell: ids, days and an amount, never personal data."""

from attrs import frozen

from pharmacrm.core.kernel.change import Event


@frozen(kw_only=True)
class ReminderDue(Event):
    """Somebody is to be reminded of something: one event for each recipient, a role or a person.

    The subject is the document concerned, `cause` what it is about (an instalment, a licence, a task).
    `anchor` is the day that counts, `moment` the day after it (negative: before), `days_left` the calendar
    days from the sending to the anchor, negative once it has passed. A role may be one of a `unit` and the
    units above it. `amount` is what is open, where there is money.
    """

    kind: str
    cause: str
    anchor: str
    moment: int
    days_left: int
    role: str = ""
    unit: str = ""
    person: str = ""
    amount: str = ""


@frozen(kw_only=True)
class ActivityReminderDue(Event):
    """The instant of a reminder that a person set has come; the subject is the reminder, with its text."""

    person: str
    about: str


EVENTS = (ReminderDue, ActivityReminderDue)
