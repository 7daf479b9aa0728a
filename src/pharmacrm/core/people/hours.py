"""Which office hours a tenant may have: a pure function of the spans."""

from collections.abc import Iterable, Sequence
from itertools import pairwise

from attrs import evolve

from pharmacrm.core.kernel.decision import Decision, accept, save, tell
from pharmacrm.core.kernel.office import SUNDAY, OfficeHours, hours_on
from pharmacrm.core.kernel.reason import Reason
from pharmacrm.core.kernel.tenant import Tenant
from pharmacrm.core.kernel.words import Words
from pharmacrm.core.people import reasons as why
from pharmacrm.core.people.commands import SetOfficeHours
from pharmacrm.core.people.events import OfficeHoursSet

HOUR = 60
DAYS = {
    1: Words("Monday", "星期一"),
    2: Words("Tuesday", "星期二"),
    3: Words("Wednesday", "星期三"),
    4: Words("Thursday", "星期四"),
    5: Words("Friday", "星期五"),
    6: Words("Saturday", "星期六"),
    7: Words("Sunday", "星期日"),
}
ANY_DAY = Words("a day", "每个工作日")


def set_hours(command: SetOfficeHours, tenant: Tenant) -> Decision[Tenant]:
    """Set the office hours, or give every reason why people could not work so; the same again is nothing."""
    spans = tuple(sorted(command.hours, key=lambda one: (one.weekday or 0, one.first, one.last)))
    if spans == tenant.hours:
        return accept(tenant)
    changed = evolve(tenant, hours=spans)
    return accept(changed, _wrong(tenant.id, spans), save(changed), tell(OfficeHoursSet(subject=tenant.id)))


def _wrong(tenant: str, spans: Sequence[OfficeHours]) -> Iterable[Reason]:
    """What is wrong with the spans of each weekday that has its own, and with those of any day."""
    named = {one.weekday for one in spans}
    for weekday in sorted(named - {None}, key=lambda one: one or 0):
        yield from _of_day(tenant, DAYS[weekday or SUNDAY], [one for one in spans if one.weekday == weekday])
    if None in named:
        yield from _of_day(tenant, ANY_DAY, [one for one in spans if one.weekday is None])
    for weekday, name in DAYS.items():
        if not hours_on(spans, weekday):
            yield why.OFFICE_MISSING(tenant, field="hours", observed=name)


def _of_day(tenant: str, day: Words, spans: Sequence[OfficeHours]) -> Iterable[Reason]:
    for before, after in pairwise(spans):
        if after.first < before.last:
            yield why.OFFICE_OVERLAP(tenant, field="hours", observed=_said(after), expected=_said(before))
    if sum(one.last - one.first for one in spans) < HOUR:
        yield why.OFFICE_SHORT(tenant, field="hours", observed=day)


def _said(span: OfficeHours) -> str:
    return f"{span.opens}-{span.closes}"
