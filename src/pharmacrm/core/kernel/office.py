"""Office hours: between which minutes of a working day people work (办公时间)."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Final
from zoneinfo import ZoneInfo

from attrs import frozen

from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.kernel.strict import Limit, strict

_CLOCK: Final = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])|24:00", re.ASCII)
SUNDAY: Final = 7


@frozen(field_transformer=strict)
class OfficeHours:
    """One span of a day (办公时段), such as 09:00 to 12:00, in the tenant's zone; "24:00" ends a day.

    Without `weekday` (ISO, Monday is 1) it is of every working day that has no spans of its own.
    """

    opens: Annotated[str, Limit(5)]
    closes: Annotated[str, Limit(5)]
    weekday: int | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse what is no time of a day, a span without a minute, and what is no weekday."""
        for name in ("opens", "closes"):
            if not _CLOCK.fullmatch(value := getattr(self, name)):
                raise MalformedInput("time.clock", "a time such as 09:30 is wanted", field=name, value=value)
        if self.first >= self.last:
            value = f"{self.opens}-{self.closes}"
            raise MalformedInput(
                "time.office", "an office opens before it closes", field="closes", value=value
            )
        if self.weekday is not None and not 1 <= self.weekday <= SUNDAY:
            message = "a weekday is 1 (Monday) to 7"
            raise MalformedInput("time.weekday", message, field="weekday", value=self.weekday)

    @property
    def first(self) -> int:
        """The minute of the day at which it opens."""
        return _minute(self.opens)

    @property
    def last(self) -> int:
        """The minute of the day at which it closes; 1440 is midnight."""
        return _minute(self.closes)

    def instants(self, day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """When it opens and closes on a day."""
        return _instant(day, self.first, zone), _instant(day, self.last, zone)


def hours_on(hours: Iterable[OfficeHours], weekday: int) -> tuple[OfficeHours, ...]:
    """The spans of an ISO weekday in order: its own, else those of every day."""
    known = tuple(hours) or NINE_TO_SIX
    own = [one for one in known if one.weekday == weekday]
    return tuple(sorted(own or (one for one in known if one.weekday is None), key=lambda one: one.first))


def _minute(clock: str) -> int:
    return int(clock[:2]) * 60 + int(clock[3:])


def _instant(day: date, minute: int, zone: ZoneInfo) -> datetime:
    local = datetime.combine(day, time()) + timedelta(minutes=minute)
    return local.replace(tzinfo=zone).astimezone(UTC)


NINE_TO_SIX: Final = (OfficeHours("09:00", "18:00"),)
"""When people work where nobody has said anything."""
