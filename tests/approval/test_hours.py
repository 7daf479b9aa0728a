"""Working hours by the tenant's office hours, and deadlines that stay as they were written."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from pharmacrm.core.engines.approval.routes import (
    Step,
    Timeout,
    WorkingTime,
    after_hours,
    migrate,
    plan,
    ring,
)
from pharmacrm.core.kernel.calendar import WEEKENDS, WorkCalendar
from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.kernel.office import OfficeHours, hours_on
from tests.approval.routed import AT, OFFICE, WORK, document, following, opened, routed, stage, waits, went

SHANGHAI = ZoneInfo("Asia/Shanghai")
NEW_YORK = ZoneInfo("America/New_York")
LUNCH = (
    OfficeHours("09:00", "12:00"),
    OfficeHours("13:30", "18:00"),
    OfficeHours("08:30", "11:30", weekday=5),
)
"""7 1/2 hours a day with a pause, 3 on Fridays."""
MAKE_UP = WorkCalendar("cn", {date(2026, 3, 7): True})
"""A Saturday on which people work."""


def work(hours: tuple[OfficeHours, ...] = LUNCH, calendar: WorkCalendar = WEEKENDS) -> WorkingTime:
    return WorkingTime(calendar, SHANGHAI, hours)


def local(text: str, zone: ZoneInfo = SHANGHAI) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2026-03-02T09:00", 3, "2026-03-02T12:00"),
        ("2026-03-02T09:00", 4, "2026-03-02T14:30"),
        ("2026-03-02T12:40", 1, "2026-03-02T14:30"),
        ("2026-03-02T17:30", 1, "2026-03-03T09:30"),
        ("2026-03-05T18:00", 2, "2026-03-06T10:30"),
        ("2026-03-06T10:30", 2, "2026-03-09T10:00"),
        ("2026-03-07T10:00", 1, "2026-03-09T10:00"),
    ],
)
def test_hours_pass_within_the_spans_of_each_weekday(start: str, hours: int, end: str) -> None:
    assert after_hours(local(start), hours, work()) == local(end)


def test_a_make_up_working_day_has_the_hours_of_any_day() -> None:
    assert after_hours(local("2026-03-06T11:30"), 4, work(calendar=MAKE_UP)) == local("2026-03-07T14:30")


def test_an_hour_that_the_clocks_repeat_is_two_hours_of_work() -> None:
    """The clocks go back at 02:00 on 1 November 2026, a Sunday: people work through that night."""
    night = WorkingTime(WorkCalendar("all", weekend=()), NEW_YORK, (OfficeHours("00:00", "24:00"),))
    assert after_hours(local("2026-11-01T00:00", NEW_YORK), 3, night) == local("2026-11-01T02:00", NEW_YORK)
    assert after_hours(local("2026-03-08T01:00", NEW_YORK), 2, night) == local("2026-03-08T04:00", NEW_YORK)


def quarters(day: int) -> Any:
    """Spans of a day between different quarters of an hour, an hour and more in all."""
    cuts = st.lists(st.integers(0, 96), min_size=2, max_size=8, unique=True).map(sorted)
    even = cuts.map(lambda found: found[: len(found) // 2 * 2])
    pairs = even.map(lambda found: list(zip(found[::2], found[1::2], strict=True)))
    enough = pairs.filter(lambda found: sum(last - first for first, last in found) >= 4)
    return enough.map(lambda found: tuple(OfficeHours(clock(a), clock(b), day or None) for a, b in found))


def clock(quarter: int) -> str:
    return f"{quarter // 4:02}:{quarter % 4 * 15:02}"


@given(quarters(0), quarters(5), st.integers(0, 4 * 24 * 10), st.integers(0, 20))
def test_law_working_hours_are_quarters_counted_one_by_one(
    spans: tuple[OfficeHours, ...], friday: tuple[OfficeHours, ...], start: int, hours: int
) -> None:
    office = work((*friday, *spans))
    at = local("2026-03-02T00:00") + timedelta(minutes=15 * start)
    left, now = 4 * hours, at
    while left:
        here = now.astimezone(SHANGHAI)
        minute = here.hour * 60 + here.minute
        working = here.isoweekday() < 6
        inside = any(one.first <= minute < one.last for one in hours_on(office.hours, here.isoweekday()))
        left -= working and inside
        now += timedelta(minutes=15)
    found = after_hours(at, hours, office)
    assert found == now if hours else found >= at


@pytest.mark.parametrize(
    ("opens", "closes", "weekday", "field", "code"),
    [
        ("9:00", "18:00", None, "opens", "time.clock"),
        ("09:00", "24:01", None, "closes", "time.clock"),
        ("09:00", "１８:00", None, "closes", "time.clock"),
        ("24:00", "24:00", None, "closes", "time.office"),
        ("18:00", "09:00", None, "closes", "time.office"),
        ("09:00", "18:00", 0, "weekday", "time.weekday"),
        ("09:00", "18:00", 8, "weekday", "time.weekday"),
        ("09:00", "18:00", True, "weekday", "number.type"),
    ],
)
def test_what_is_no_span_of_a_day(opens: str, closes: str, weekday: Any, field: str, code: str) -> None:
    with pytest.raises(MalformedInput) as error:
        OfficeHours(opens, closes, weekday)
    assert (error.value.field, error.value.code) == (field, code)


LATE = stage("lead", timeout=Timeout(remind=4, decide=12))
FINANCE = stage("finance", timeout=Timeout(remind=4))


def test_deadlines_that_are_written_stay_and_later_ones_follow_the_new_hours() -> None:
    case = opened(routed(LATE, FINANCE))
    written = [alarm.at for alarm in case.request.alarms]
    assert written == [AT + timedelta(hours=4), AT + timedelta(hours=27)]
    case = evolve(case, work=work())
    case = following(case, ring(case, at=written[0]))
    assert [alarm.at for alarm in case.request.alarms] == [case.request.due_at] == written[1:]
    assert ring(case, at=written[1] - timedelta(seconds=1)).changes == ()
    case = following(case, ring(case, at=written[1]))
    assert case.request.state.value == "rejected"
    assert (case.request.alarms, case.request.due_at) == ((), None)


def test_a_step_that_begins_to_wait_is_timed_by_the_hours_of_that_moment() -> None:
    case = evolve(opened(routed(stage("lead"), FINANCE)), work=work())
    case = went(case, ("li",))
    assert waits(case) == ("finance",)
    assert case.request.due_at == local("2026-03-02T14:30")


@pytest.mark.parametrize(("timeout", "moved"), [(Timeout(remind=4), False), (Timeout(remind=2), True)])
def test_a_version_with_another_timeout_writes_its_deadlines_anew(timeout: Timeout, *, moved: bool) -> None:
    case = evolve(opened(routed(FINANCE)), work=work((OfficeHours("10:00", "18:00"),)))
    version = routed(evolve(FINANCE, timeout=timeout), stage("lead"), version=2)
    wanted = plan(version, document(), OFFICE)
    after = following(case, migrate(case, version, wanted, by="he", at=AT, comment="新制度"))
    assert (after.request.alarms != case.request.alarms) is moved


@given(st.lists(st.sampled_from(["quality", "finance", "director"]), min_size=1, max_size=3, unique=True))
def test_law_the_next_deadline_is_the_first_that_is_written(roles: list[str]) -> None:
    steps: list[Step] = [stage(role, timeout=Timeout(remind=2, decide=9)) for role in roles]
    case = opened(routed(*steps))
    for _ in range(3 * len(steps)):
        first = case.request.due_at
        assert first == min((alarm.at for alarm in case.request.alarms), default=None)
        assert {alarm.step for alarm in case.request.alarms} <= set(waits(case))
        if first is None:
            break
        case = following(case, ring(case, at=first))
    assert case.request.due_at is None
    assert WORK.hours == ()
