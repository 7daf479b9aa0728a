"""Dates and instants, read strictly: business dates are days, instants are aware and in UTC.

`date.*` codes are about days, `time.*` codes about instants and zones. Both lie in the years 1900 to 2200.
"""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Final, Literal, final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from attrs import field, frozen
from attrs.converters import optional
from dateutil.relativedelta import relativedelta

from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.kernel.numbers import wrong_type

FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2200
MAX_OFFSET: Final = timedelta(hours=14)  # Kiribati; the other way it is 12

_DATE: Final = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_INSTANT: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3])(?::[0-5][0-9]){2}(?:\.[0-9]{1,6})?"
    r"(Z|[+-][0-9]{2}:[0-5][0-9])?"
)
_ZONE: Final = re.compile(r"[A-Z][A-Za-z0-9_+-]{1,31}(?:/[A-Za-z0-9_+-]{1,31}){0,2}")
_NO_DATES: Final = (date(9999, 12, 31), date(1970, 1, 1), date(1900, 1, 1))
_PLACEHOLDERS: Final = frozenset[date | str]((*_NO_DATES, *map(str, _NO_DATES)))
_MOST_MONTHS: Final = 12 * (LAST_YEAR - FIRST_YEAR + 1)
_MOST_DAYS: Final = 31 * _MOST_MONTHS


def as_date(value: date | str) -> date:
    """Read a business date: exactly a `date`, or ASCII text `YYYY-MM-DD`, in the years 1900 to 2200.

    Raises:
        MalformedInput: `date.required`, `.type` (a datetime is not a date), `.format` or `.range`.

    """
    if type(value) is str:
        return _date_from_text(value)
    if type(value) is date:
        return _in_range(value)
    raise wrong_type(value, "date", "give a date or text YYYY-MM-DD, not a time")


def as_validity_date(value: date | str) -> date:
    """Read a date that bounds a validity: 9999-12-31, 1970-01-01 and 1900-01-01 are no dates there.

    Use None for "without end". Refuses with `date.placeholder` and the codes of `as_date`.
    """
    if type(value) in {date, str} and value in _PLACEHOLDERS:
        raise MalformedInput("date.placeholder", "leave the date out where there is none", value=value)
    return as_date(value)


def as_instant(value: datetime | str) -> datetime:
    """Read an instant and return it in UTC, to the microsecond.

    Takes exactly an aware `datetime`, or text of RFC 3339: `2026-02-03T10:00:00+08:00` or with `Z`, at most 6
    decimals of a second. A leap second (:60) has no place in a datetime and is refused.

    Raises:
        MalformedInput: `time.required`, `.type`, `.format`, `.naive`, `.offset` (over 14 hours) or `.range`.

    """
    if type(value) is datetime:
        return _to_utc(value)
    if type(value) is str:
        return _to_utc(_datetime_from_text(value))
    raise wrong_type(value, "time", "give an aware datetime or text of RFC 3339")


def zone(name: str) -> ZoneInfo:
    """Return a time zone by its IANA name, such as `Asia/Shanghai`; refuse anything else with `time.zone`."""
    if type(name) is str and _ZONE.fullmatch(name):
        try:
            return ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            pass
    raise MalformedInput("time.zone", "give an IANA name, such as Asia/Shanghai", value=name)


def local_instant(naive: datetime, zone: ZoneInfo, fold: Literal[0, 1] | None = None) -> datetime:
    """Return the instant, in UTC, at which clocks in a zone show a date and time.

    Where clocks are put back, a time comes twice: `fold` 0 means the first, 1 the second, None refuses.

    Raises:
        MalformedInput: `time.nonexistent` where clocks skip it, `time.ambiguous`, `time.type`, `time.range`.

    """
    if type(naive) is not datetime or naive.tzinfo is not None or fold not in {None, 0, 1}:
        raise MalformedInput("time.type", "give a datetime without zone, and fold 0, 1 or None", value=naive)
    first, second = (_to_utc(naive.replace(tzinfo=zone, fold=turn)) for turn in (0, 1))
    if first.astimezone(zone).replace(tzinfo=None, fold=0) != naive:
        raise MalformedInput("time.nonexistent", f"clocks in {zone.key} skip this time", value=naive)
    if first != second and fold is None:
        raise MalformedInput("time.ambiguous", f"clocks in {zone.key} show this time twice", value=naive)
    return second if fold else first


def local_date(instant: datetime, zone: ZoneInfo) -> date:
    """Return the day that it is in a zone at an instant; refuses like `as_instant`."""
    return as_instant(instant).astimezone(zone).date()


def add_days(day: date, days: int) -> date:
    """Return the date so many days later (earlier if negative): net 30 from 2026-01-31 is 2026-03-02.

    Refuses with `date.type` unless the days are exactly an `int`, and with `date.range` outside 1900 to 2200.
    """
    return _in_range(as_date(day) + timedelta(days=_count(days, _MOST_DAYS)))


def add_months(anchor: date, months: int) -> date:
    """Return the same day so many months later, or the month's last day where there is no such day.

    Count every date from the anchor, never from the date before it: from 31 Jan come 28 Feb, then 31 Mar.
    Refuses like `add_days`.
    """
    start = as_date(anchor)
    return _in_range(start + relativedelta(months=_count(months, _MOST_MONTHS)))


def end_of_month(day: date) -> date:
    """Return the last day of a date's month (月末)."""
    return as_date(day) + relativedelta(day=31)


@final
@frozen
class Period:
    """Days from `start` until before `end` (half-open); without `end` it is open.

    An end at or before the start is refused with `period.empty`.
    """

    start: date = field(converter=as_date)
    end: date | None = field(default=None, converter=optional(as_date))

    def __attrs_post_init__(self) -> None:
        """Refuse a period without a day."""
        if self.end is not None and self.end <= self.start:
            raise MalformedInput("period.empty", "a period ends after its start", field="end", value=self.end)

    def covers(self, day: date) -> bool:
        """Tell whether a day lies in the period; its end does not."""
        return self.start <= day and (self.end is None or day < self.end)

    def overlaps(self, other: "Period") -> bool:
        """Tell whether two periods have a day in common."""
        return (self.end is None or other.start < self.end) and (other.end is None or self.start < other.end)


@final
@frozen
class Validity:
    """Days on which a document is valid (有效期), both ends included; without `valid_to` it has no end.

    One day is a validity. A `valid_to` before `valid_from` is refused with `validity.order`, a stand-in for
    "no date" such as 9999-12-31 with `date.placeholder`.
    """

    valid_from: date = field(converter=as_validity_date)
    valid_to: date | None = field(default=None, converter=optional(as_validity_date))

    def __attrs_post_init__(self) -> None:
        """Refuse an end before the beginning."""
        if self.valid_to is not None and self.valid_to < self.valid_from:
            message = "valid_to is not before valid_from"
            raise MalformedInput("validity.order", message, field="valid_to", value=self.valid_to)

    def covers(self, day: date) -> bool:
        """Tell whether the document is valid on a day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


def _in_range(day: date) -> date:
    if FIRST_YEAR <= day.year <= LAST_YEAR:
        return day
    raise MalformedInput("date.range", f"a date lies in {FIRST_YEAR} to {LAST_YEAR}", value=day)


def _date_from_text(text: str) -> date:
    match = _DATE.fullmatch(text)
    if match is None:
        raise MalformedInput("date.format", "write a date as YYYY-MM-DD", value=text)
    year, month, day = map(int, match.groups())
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise MalformedInput("date.range", f"a date lies in {FIRST_YEAR} to {LAST_YEAR}", value=text)
    try:
        return date(year, month, day)
    except ValueError:
        raise MalformedInput("date.format", "the calendar has no such day", value=text) from None


def _datetime_from_text(text: str) -> datetime:
    match = _INSTANT.fullmatch(text)
    if match is None:
        raise MalformedInput("time.format", "write a time as 2026-02-03T10:00:00+08:00", value=text)
    if match[1] is None:
        raise MalformedInput("time.naive", "add the offset from UTC, such as +08:00", value=text)
    if match[1] != "Z" and int(match[1][1:3]) * 60 + int(match[1][4:]) > MAX_OFFSET / timedelta(minutes=1):
        raise MalformedInput("time.offset", "no place is more than 14 hours from UTC", value=text)
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise MalformedInput("time.format", "the calendar has no such day", value=text) from None


def _to_utc(moment: datetime) -> datetime:
    offset = moment.utcoffset()
    if offset is None:
        raise MalformedInput("time.naive", "give a datetime with its zone", value=moment)
    if abs(offset) > MAX_OFFSET:
        raise MalformedInput("time.offset", "no place is more than 14 hours from UTC", value=moment)
    near = FIRST_YEAR - 1 <= moment.year <= LAST_YEAR + 1  # so that the next line cannot overflow
    instant = moment.astimezone(UTC) if near else moment
    if not FIRST_YEAR <= instant.year <= LAST_YEAR:
        raise MalformedInput("time.range", f"a time lies in {FIRST_YEAR} to {LAST_YEAR}", value=moment)
    return instant


def _count(number: int, most: int) -> int:
    if type(number) is not int:
        raise MalformedInput("date.type", "give a whole number of days or months", value=number)
    if abs(number) > most:
        raise MalformedInput("date.range", f"a date lies in {FIRST_YEAR} to {LAST_YEAR}", value=number)
    return number
