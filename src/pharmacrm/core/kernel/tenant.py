"""The tenant: one company's books inside a store, with its zone, currency, language, calendar and rights."""

from typing import Annotated
from zoneinfo import ZoneInfo

from attrs import frozen

from pharmacrm.core.kernel.office import OfficeHours
from pharmacrm.core.kernel.record import Column, Record


@frozen(kw_only=True)
class Grant:
    """A right given to a role, or taken from it, beyond the default table."""

    role: str
    right: str
    given: bool = True


@frozen(kw_only=True)
class Tenant(Record):
    """One company's settings; the id is the tenant's name. Every command reads it: changes act at once.

    `hours` are those in which people work on a working day of the calendar; none named, it is 9 to 18.
    `simulated` says for ever whether the entries of this tenant were made by a simulated clock.
    """

    zone: Annotated[str, Column(length=64)]
    currency: Annotated[str, Column(length=3)]
    language: Annotated[str, Column(length=35)] = "zh-CN"
    calendar: Annotated[str, Column(length=64)] = "weekends"
    hours: Annotated[tuple[OfficeHours, ...], Column(length=10_000, zh="办公时间")] = ()
    simulated: bool = False
    grants: tuple[Grant, ...] = ()

    @property
    def tz(self) -> ZoneInfo:
        """The zone in which business dates are read."""
        return ZoneInfo(self.zone)
