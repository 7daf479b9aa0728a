"""Hostile calendars are passed over, and a calendar that nobody knows is no secret."""

from datetime import UTC, date, datetime
from typing import Any

from pharmacrm.core.kernel.calendar import WorkCalendar
from pharmacrm.crm import SimulatedClock, connect
from pharmacrm.testing.company import ADMIN, an_order
from tests.fakes import TENANT
from tests.plugins.hostile import MEMORY, company
from tests.plugins.one_hook import ANY_HOOK, Calendars, changed, of

SELLER = "zhang.san"


NO_CALENDAR = ANY_HOOK | {
    "a name that is none": lambda _: changed(WorkCalendar("x"), name=5),
    "a mapping of texts": lambda _: WorkCalendar("x", {"2026-01-01": False}),  # type: ignore[dict-item]  # wrong on purpose: what becomes of it is tested
    "a year that is text": lambda _: WorkCalendar("x", published=frozenset({"2026"})),  # type: ignore[arg-type]  # wrong on purpose: what becomes of it is tested
    "years in a list": lambda _: WorkCalendar("x", published=[2026]),  # type: ignore[arg-type]  # wrong on purpose: what becomes of it is tested
    "plugins-012 nothing in it": lambda _: object.__new__(WorkCalendar),
    "plugins-013 subclass": lambda _: type("More", (WorkCalendar,), {})("x"),
    "plugins-017 instants": lambda _: WorkCalendar("x", {datetime(2026, 1, 1, tzinfo=UTC): False}),
    "never a working day": lambda _: changed(WorkCalendar("x"), weekend=frozenset(range(1, 8))),
}


@of(NO_CALENDAR)
def test_a_calendar_that_cannot_be_used_is_passed_over(behave: Any) -> None:
    crm = company(Calendars(behave))
    assert crm.do(an_order("SO-1"), actor=SELLER).allowed
    calendar = crm.plugins.calendar(TENANT)
    assert calendar.name == "weekends"
    assert calendar.is_working(date(2026, 1, 5))
    assert {(fault.plugin, fault.hook) for fault in crm.plugins.faults} == {("one", "pharmacrm_calendar")}


def test_a_calendar_of_a_plugin_comes_before_ours() -> None:
    closed = WorkCalendar("weekends", {date(2026, 1, 5): False})
    crm = company(Calendars(lambda context: closed if context.name == "weekends" else None))
    assert not crm.plugins.calendar(TENANT).is_working(date(2026, 1, 5))
    assert crm.plugins.faults == ()


def test_a_calendar_that_is_changed_later_does_not_change_ours() -> None:
    mine = WorkCalendar("weekends")
    crm = company(Calendars(lambda _: mine))
    taken = crm.plugins.calendar(TENANT)
    object.__setattr__(mine, "weekend", frozenset(range(1, 8)))
    assert taken.is_working(date(2026, 1, 5))
    assert crm.plugins.calendar(TENANT).is_working(date(2026, 1, 5))


def test_a_calendar_that_nobody_knows_is_written_down_once_and_no_year_of_it_is_known() -> None:
    crm = connect(MEMORY, clock=SimulatedClock())
    tenant = crm.install(admin=ADMIN, calendar="mars")
    for _ in range(2):
        assert not crm.plugins.calendar(tenant).knows(date(2026, 1, 5))
    [fault] = crm.plugins.faults
    assert (fault.hook, fault.what) == ("pharmacrm_calendar", "unknown")
    assert "mars" in fault.message


def test_a_calendar_that_calls_back_does_not_call_itself() -> None:
    def reenter(_: object) -> WorkCalendar:
        return crm.plugins.calendar(TENANT)

    crm = company(Calendars(reenter))
    assert crm.plugins.calendar(TENANT).name == "weekends"
    [fault] = crm.plugins.faults
    assert fault.message == "PluginFailure"
