"""What a kind of reminder has to say of its causes: how they are found, and how one stands."""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final, Generic, TypeVar
from zoneinfo import ZoneInfo

from attrs import field, frozen

from pharmacrm.core.engines.policy import MEDREP
from pharmacrm.core.engines.reminders import Recipient, ReminderKind, Standing
from pharmacrm.core.kernel.dates import local_date
from pharmacrm.core.kernel.message import Reads
from pharmacrm.core.kernel.query import Condition, eq, ge, lt
from pharmacrm.core.kernel.record import Entity
from pharmacrm.core.people import RoleAssignment, Staff, roles_of

E = TypeVar("E", bound=Entity)

DAY: Final = timedelta(days=1)


def _unknown(_: Any, __: ZoneInfo) -> date | None:
    return None


@frozen(kw_only=True)
class Cause(Generic[E]):
    """One kind of thing that people are reminded of.

    `anchor` names the indexed field with the day (or instant) that counts, `where` what those have in common
    that are not over. `standing` reads everything else of one of them: None once there is nothing left to
    remind of. `opened` gives the day since which it exists, if that is known.
    """

    kind: ReminderKind
    entity: type[E]
    anchor: str
    where: tuple[Condition, ...]
    standing: Callable[[E, Reads], Standing | None]
    opened: Callable[[E, ZoneInfo], date | None] = field(default=_unknown)

    def between(self, low: date, high: date, zone: ZoneInfo, *, instants: bool) -> tuple[Condition, ...]:
        """The conditions of those whose anchor lies on these days, the first and the last included."""
        after = high + DAY
        if instants:
            return *self.where, ge(self.anchor, midnight(low, zone)), lt(self.anchor, midnight(after, zone))
        return *self.where, ge(self.anchor, low), lt(self.anchor, after)


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The instant at which a day begins in a zone."""
    return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)


def day_of(value: date | datetime | None, zone: ZoneInfo) -> date | None:
    """The day of an anchor, in the tenant's zone."""
    return local_date(value, zone) if isinstance(value, datetime) else value


def sellers(read: Reads, people: Iterable[str | None]) -> Iterator[Recipient]:
    """Those of some people who may be reminded of money: active, and no filed representatives (R-11)."""
    for person in sorted({person for person in people if person}):
        staff = read.seek(Staff, person)
        if staff is None or not staff.active:
            continue
        if MEDREP not in roles_of(read.find(RoleAssignment, eq("staff", person))):
            yield Recipient(person=person)
