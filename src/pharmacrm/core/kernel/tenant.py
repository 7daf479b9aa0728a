"""The tenant: one company's books inside a store, with its zone, currency, language, calendar and rights."""

from typing import Annotated
from zoneinfo import ZoneInfo

from attrs import frozen

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

    `simulated` says for ever whether the entries of this tenant were made by a simulated clock.
    """

    zone: Annotated[str, Column(length=64)]
    currency: Annotated[str, Column(length=3)]
    language: Annotated[str, Column(length=35)] = "zh-CN"
    calendar: Annotated[str, Column(length=64)] = "weekends"
    simulated: bool = False
    grants: tuple[Grant, ...] = ()

    @property
    def tz(self) -> ZoneInfo:
        """The zone in which business dates are read."""
        return ZoneInfo(self.zone)
