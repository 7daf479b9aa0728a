"""The days on which reminders fall: moments of a plan, moved to working days, and found again from a day.

Before the anchor and on it, a day off moves to the working day before (model section 7); after it, to the
working day that follows, so that nobody is dunned on the due date itself. Of things that wait, working days
are counted. `planned` never decreases in the anchor, which is what `anchors` relies upon.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Final

from attrs import field, frozen

from pharmacrm.core.engines.reminders.model import ReminderKind, ReminderPlan
from pharmacrm.core.kernel.calendar import Roll, WorkCalendar
from pharmacrm.core.kernel.dates import add_days, local_date
from pharmacrm.core.kernel.tenant import Tenant

CATCH_UP: Final = 31
"""Days after which a moment that nobody carried out is no longer worth a reminder."""

ONE_DAY: Final = timedelta(days=1)

FARTHEST: Final = 366
"""Days from the anchor at which reminders end, in either direction."""


@frozen(kw_only=True)
class Planned:
    """A moment of a cause, and the working day on which it falls."""

    moment: int
    day: date


@frozen(kw_only=True)
class Days:
    """How the moments of one kind become days: its plan, and the tenant's work calendar."""

    kind: ReminderKind
    plan: ReminderPlan
    calendar: WorkCalendar
    moments: tuple[int, ...] = field(init=False)

    @moments.default
    def _of_plan(self) -> tuple[int, ...]:
        return moments_of(self.plan)

    def planned(self, anchor: date, moment: int) -> date:
        """The working day of a moment."""
        if self.kind.waits:
            return self.calendar.working_days_after(anchor, moment)
        rule = Roll.FOLLOWING if moment > 0 else Roll.PRECEDING
        return self.calendar.roll(add_days(anchor, moment), rule).day

    def passed(self, anchor: date, *, after: date, until: date, opened: date | None = None) -> list[Planned]:
        """The moments that fall after one day and until another, in order; none before the cause was there.

        A moment on the very day that a cause was opened had passed already.
        """
        first = after if opened is None else max(after, opened)
        found = self._waited(anchor, until) if self.kind.waits else self._dated(anchor, after, until)
        return [each for each in found if first < each.day <= until]

    def _waited(self, anchor: date, until: date) -> Iterator[Planned]:
        """Every moment of something that waits until a day: its working days are counted once."""
        day, count = anchor, 0
        while day < until and count < FARTHEST:
            day += ONE_DAY
            if self.calendar.is_working(day):
                count += 1
                if count in self.moments:
                    yield Planned(moment=count, day=day)

    def _dated(self, anchor: date, after: date, until: date) -> Iterator[Planned]:
        """The moments that rolling may bring between two days; of the others no day is computed."""
        low = self.calendar.previous_working(add_days(after, 1)) - anchor
        high = self.calendar.next_working(until) - anchor
        for moment in self.moments:
            if low.days <= moment <= high.days:
                yield Planned(moment=moment, day=self.planned(anchor, moment))

    def anchors(self, *, after: date, until: date) -> list[tuple[date, date]]:
        """The ranges of anchors, first and last day, of which some moment may fall into these days."""
        first = add_days(after, 1)
        ranges = self._waiting(first, until) if self.kind.waits else self._of_dates(first, until)
        merged: list[tuple[date, date]] = []
        for low, high in sorted(ranges):
            if merged and low <= merged[-1][1] + ONE_DAY:
                merged[-1] = (merged[-1][0], max(high, merged[-1][1]))
            else:
                merged.append((low, high))
        return merged

    def _waiting(self, first: date, last: date) -> Iterator[tuple[date, date]]:
        """For each moment, from the working day one more before the first day, to that before the last."""
        most = max(self.moments, default=0)
        lows = self._back(first, most + 1)
        highs = self._back(self.calendar.next_working(last), most)
        return ((lows[moment + 1], highs[moment]) for moment in self.moments)

    def _of_dates(self, first: date, last: date) -> Iterator[tuple[date, date]]:
        """For each moment, the days that it brings between the two, rolled as `planned` rolls them."""
        opened = self.calendar.previous_working(first) + ONE_DAY
        closed = self.calendar.next_working(last) - ONE_DAY
        for moment in self.moments:
            low, high = (opened, last) if moment > 0 else (first, closed)
            yield low - timedelta(days=moment), high - timedelta(days=moment)

    def _back(self, day: date, most: int) -> list[date]:
        """A day, and the working days before it, the nearest first."""
        found = [day]
        while len(found) <= most:
            found.append(self.calendar.previous_working(found[-1]))
        return found


def moments_of(plan: ReminderPlan) -> tuple[int, ...]:
    """Every moment of a plan in order, repetitions included, up to a year after the anchor."""
    if not plan.active:
        return ()
    return tuple(sorted({*plan.moments, *_repeated(plan)}))


def _repeated(plan: ReminderPlan) -> Iterator[int]:
    if plan.every and plan.moments:
        yield from range(max(plan.moments) + plan.every, FARTHEST + 1, plan.every)


def working_day(plan: ReminderPlan, tenant: Tenant, calendar: WorkCalendar, at: datetime) -> date | None:
    """The day that it is in the tenant's zone, if reminders may be sent at this instant; else None."""
    here = at.astimezone(tenant.tz)
    day = local_date(at, tenant.tz)
    return day if calendar.is_working(day) and plan.opens <= here.hour < plan.closes else None


def window(through: date | None, today: date) -> tuple[date, date]:
    """The days to carry out: after the last one carried out, but at most a month, until today."""
    oldest = add_days(today, -CATCH_UP)
    return (oldest if through is None else max(oldest, through)), today
