"""Working time: the instant so many working hours later, by calendar, zone and office hours."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from attrs import frozen

from pharmacrm.core.kernel.calendar import WorkCalendar
from pharmacrm.core.kernel.dates import as_instant
from pharmacrm.core.kernel.office import OfficeHours, hours_on


@frozen
class WorkingTime:
    """When people work: on which days, in which zone, and in which hours of a day (none named: 9 to 18)."""

    calendar: WorkCalendar
    zone: ZoneInfo
    hours: tuple[OfficeHours, ...] = ()


def after_hours(at: datetime, hours: int, work: WorkingTime) -> datetime:
    """The instant at which so many working hours have passed since `at`."""
    at, left = as_instant(at), timedelta(hours=hours)
    spans = _spans(at, work)
    while True:
        opens, closes = next(spans)
        begin = max(at, opens)
        if begin + left <= closes:
            return begin + left
        left -= max(closes - begin, timedelta())
        at = max(at, closes)


def _spans(at: datetime, work: WorkingTime) -> Iterator[tuple[datetime, datetime]]:
    """The spans in which people work from the day of an instant on."""
    today = at.astimezone(work.zone).date()
    day = today if work.calendar.is_working(today) else work.calendar.next_working(today)
    while True:
        for span in hours_on(work.hours, day.isoweekday()):
            yield span.instants(day, work.zone)
        day = work.calendar.next_working(day)
