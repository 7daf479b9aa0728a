"""Reminders as timed work (XT-24): what has come is found by an index, and each is decided by itself.

A search looks only at the days since the last one that was carried out whole, which the mark of the kind
remembers. The command reads the cause again, so that nobody is reminded of what has ended meanwhile.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from functools import partial
from typing import Annotated, Any

from attrs import evolve, frozen

from pharmacrm.core.engines.reminders import (
    Days,
    Reminder,
    ReminderKind,
    ReminderMark,
    remind,
    reminder_id,
    window,
    working_day,
)
from pharmacrm.core.flows.timed.causes import CAUSES, Cause, day_of
from pharmacrm.core.flows.timed.errands import Errand, Situation, pages
from pharmacrm.core.kernel.decision import Decision, accept, save
from pharmacrm.core.kernel.lookup import Lookup
from pharmacrm.core.kernel.message import Command, Reads
from pharmacrm.core.kernel.query import is_in
from pharmacrm.core.kernel.record import Entity
from pharmacrm.core.kernel.schema import Form, schema_of
from pharmacrm.core.kernel.strict import Limit, strict
from pharmacrm.core.reminders import plan_of


@frozen(kw_only=True, field_transformer=strict)
class SendReminder(Command[Reminder]):
    """Remind of one cause: its newest moment after a day is told, those missed before it are skipped.

    `crm.run_due()` does it, as the actor `system`. A cause that has ended, or of which everything was told,
    is left alone.
    """

    subject_field = "cause"

    kind: ReminderKind
    cause: Annotated[str, Limit(200)]
    after: date


@frozen(kw_only=True, field_transformer=strict)
class MarkReminders(Command[ReminderMark]):
    """Remember that every reminder of a kind is carried out up to a day; it never goes back.

    `crm.run_due()` does it, as the actor `system`.
    """

    subject_field = "kind"

    kind: ReminderKind
    through: date


@SendReminder.handler
def send_reminder(command: SendReminder, read: Reads) -> Decision[Reminder]:
    """Read the cause as it is now, the plan, and what was told already."""
    cause = CAUSES[command.kind]
    plan, calendar = plan_of(read, command.kind), read.calendar()
    today = working_day(plan, read.tenant, calendar, read.at)
    entity = read.seek(cause.entity, command.cause)
    standing = cause.standing(entity, read) if entity is not None else None
    if standing is None or today is None:
        return accept(None)
    days = Days(kind=command.kind, plan=plan, calendar=calendar)
    passed = days.passed(standing.anchor, after=command.after, until=today, opened=standing.opened)
    ids = [reminder_id(command.kind, standing.cause, standing.anchor, each.moment) for each in passed]
    done = [id for id in ids if read.seek(Reminder, id) is not None]
    return remind(command.kind, standing, passed, done, today=today, at=read.at)


@MarkReminders.handler
def mark_reminders(command: MarkReminders, read: Reads) -> Decision[ReminderMark]:
    """Read the mark."""
    mark = read.seek(ReminderMark, command.kind.value)
    if mark is not None and mark.through >= command.through:
        return accept(None)
    moved = evolve(
        mark or ReminderMark(id=command.kind.value, through=command.through), through=command.through
    )
    return accept(moved, save(moved))


def reminders_due(kind: ReminderKind, lookup: Lookup, now: Situation) -> Iterator[Command[Any]]:
    """A command for each cause of which some moment has come and its newest one was not told."""
    span = _open_days(kind, lookup, now)
    if span is None:
        return
    after, until = span
    cause = CAUSES[kind]
    days = Days(kind=kind, plan=plan_of(lookup, kind), calendar=now.calendar)
    instants = schema_of(cause.entity).field(cause.anchor).form is Form.INSTANT
    for low, high in days.anchors(after=after, until=until):
        where = cause.between(low, high, now.tenant.tz, instants=instants)
        for found in pages(lookup, cause.entity, *where):
            for each in _untold(lookup, cause, days, found, now, span):
                yield SendReminder(kind=kind, cause=each, after=after)


def mark_due(kind: ReminderKind, lookup: Lookup, now: Situation) -> Command[Any] | None:
    """The mark of the day, if it is not set."""
    span = _open_days(kind, lookup, now)
    return None if span is None else MarkReminders(kind=kind, through=span[1])


def _open_days(kind: ReminderKind, lookup: Lookup, now: Situation) -> tuple[date, date] | None:
    """After which day until which one reminders are to be carried out; None outside working time."""
    plan = plan_of(lookup, kind)
    today = working_day(plan, now.tenant, now.calendar, now.at)
    if today is None:
        return None
    mark = lookup.seek(ReminderMark, kind.value)
    after, until = window(mark.through if mark else None, today)
    return (after, until) if after < until else None


def _untold(
    lookup: Lookup,
    cause: Cause[Any],
    days: Days,
    found: Sequence[Entity],
    now: Situation,
    span: tuple[date, date],
) -> Iterator[str]:
    """The ids of those whose newest moment was not told yet."""
    newest: dict[str, str] = {}
    zone = now.tenant.tz
    for each in found:
        value: date | datetime | None = getattr(each, cause.anchor)
        anchor = day_of(value, zone)
        if anchor is None:
            continue
        passed = days.passed(anchor, after=span[0], until=span[1], opened=cause.opened(each, zone))
        if passed:
            newest[each.id] = reminder_id(days.kind, each.id, anchor, passed[-1].moment)
    told = {each.id for each in lookup.find(Reminder, is_in("id", newest.values()))} if newest else set()
    return (id for id, reminder in newest.items() if reminder not in told)


ERRANDS = tuple(
    Errand(name=f"reminders/{kind}", commands=partial(reminders_due, kind), mark=partial(mark_due, kind))
    for kind in CAUSES
)
