"""Working time: the instant so many working hours later, by calendar, zone and office hours."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from attrs import frozen

from pharmacrm.core.kernel.calendar import WorkCalendar
from pharmacrm.core.kernel.dates import as_instant
from pharmacrm.core.kernel.errors import MalformedInput


@frozen
class WorkingTime:
    """When people work: on which days, in which zone, and between which full hours of a day."""

    calendar: WorkCalendar
    zone: ZoneInfo
    opens: int = 9
    closes: int = 18

    def __attrs_post_init__(self) -> None:
        """Refuse a day without an hour of work."""
        if not 0 <= self.opens < self.closes <= 23:  # noqa: PLR2004 - the hours of a day
            message = "an office opens before it closes, at a full hour from 0 to 23"
            raise MalformedInput("time.office", message, field="opens", value=(self.opens, self.closes))


def after_hours(at: datetime, hours: int, work: WorkingTime) -> datetime:
    """The instant at which so many working hours have passed since `at`."""
    local = as_instant(at).astimezone(work.zone).replace(tzinfo=None)
    left = timedelta(hours=hours)
    local = _in_office(local, work)
    while (rest := datetime.combine(local.date(), time(work.closes)) - local) < left:
        left -= rest
        local = datetime.combine(work.calendar.next_working(local.date()), time(work.opens))
    return (local + left).replace(tzinfo=work.zone).astimezone(UTC)


def _in_office(local: datetime, work: WorkingTime) -> datetime:
    """The moment itself if people work then, else the next one at which they do."""
    day = local.date()
    opening, closing = datetime.combine(day, time(work.opens)), datetime.combine(day, time(work.closes))
    if not work.calendar.is_working(day) or local >= closing:
        return datetime.combine(work.calendar.next_working(day), time(work.opens))
    return max(local, opening)
