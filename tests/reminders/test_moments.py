"""The days of reminders: a table of examples, and laws over any plan and calendar (XT-24)."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pharmacrm.core.engines.reminders import (
    DEFAULTS,
    Days,
    Planned,
    Recipient,
    Reminder,
    ReminderKind,
    ReminderPlan,
    Standing,
    default_plan,
    moments_of,
    problems,
    remind,
    window,
    working_day,
)
from pharmacrm.core.kernel.calendar import WEEKENDS, WorkCalendar
from pharmacrm.plugins.calendars import china
from tests.covers import covers
from tests.fakes import TENANT

MONDAY = date(2026, 2, 2)
AT = datetime(2026, 2, 2, 1, tzinfo=UTC)


def days(kind: ReminderKind, *moments: int, every: int = 0, calendar: WorkCalendar = WEEKENDS) -> Days:
    return Days(kind=kind, plan=ReminderPlan(id=kind.value, moments=moments, every=every), calendar=calendar)


@covers("XT-24")
@pytest.mark.parametrize(
    ("anchor", "moment", "planned"),
    [
        ("2026-02-11", -7, "2026-02-04"),
        ("2026-02-14", -7, "2026-02-06"),  # a Saturday: the Friday before
        ("2026-02-15", 0, "2026-02-13"),
        ("2026-02-13", 1, "2026-02-16"),  # after the due date, the working day that follows
        ("2026-02-11", 30, "2026-03-13"),
    ],
)
def test_a_reminder_on_a_day_off_moves(anchor: str, moment: int, planned: str) -> None:
    found = days(ReminderKind.INSTALMENT, moment).planned(date.fromisoformat(anchor), moment)
    assert found == date.fromisoformat(planned)


@covers("XT-24")
def test_holidays_and_make_up_days_of_china_are_known() -> None:
    of = days(ReminderKind.INSTALMENT, -3, 0, 1, calendar=china())
    assert of.planned(date(2026, 2, 20), -3) == date(2026, 2, 14)  # a Saturday that is worked
    assert of.planned(date(2026, 2, 14), 1) == date(2026, 2, 24)


@pytest.mark.parametrize(("moment", "planned"), [(1, "2026-02-09"), (2, "2026-02-10"), (5, "2026-02-13")])
def test_what_waits_counts_working_days(moment: int, planned: str) -> None:
    of = days(ReminderKind.APPROVAL, 1, 2, 5)
    assert of.planned(date(2026, 2, 6), moment) == date.fromisoformat(planned)


@pytest.mark.parametrize(
    ("at", "day"),
    [
        ("2026-02-02T00:59:59Z", None),  # 08:59 in Shanghai
        ("2026-02-02T01:00:00Z", "2026-02-02"),
        ("2026-02-02T09:59:59Z", "2026-02-02"),
        ("2026-02-02T10:00:00Z", None),
        ("2026-02-01T03:00:00Z", None),  # a Sunday
        ("2026-02-01T23:00:00Z", None),  # Monday already, but 07:00
    ],
)
def test_reminders_are_sent_in_working_time(at: str, day: str | None) -> None:
    instant = datetime.fromisoformat(at)
    found = working_day(default_plan(ReminderKind.TASK), TENANT, WEEKENDS, instant)
    assert found == (date.fromisoformat(day) if day else None)


def test_a_plan_goes_on_after_its_last_moment_for_a_year() -> None:
    plan = ReminderPlan(id="instalment", moments=(-1, 30), every=100)
    assert moments_of(plan) == (-1, 30, 130, 230, 330)
    assert moments_of(ReminderPlan(id="instalment", moments=(1,), active=False)) == ()


def test_the_window_is_a_month_at_most() -> None:
    assert window(None, MONDAY) == (MONDAY - timedelta(days=31), MONDAY)
    assert window(date(2020, 1, 1), MONDAY) == (MONDAY - timedelta(days=31), MONDAY)
    assert window(date(2026, 1, 30), MONDAY) == (date(2026, 1, 30), MONDAY)


@pytest.mark.parametrize("kind", ReminderKind)
def test_what_every_tenant_has_from_the_start_is_sound(kind: ReminderKind) -> None:
    assert problems(DEFAULTS[kind], kind) == ()
    assert DEFAULTS[kind].id == kind


# ---------------------------------------------------------------------------------------------------- laws

KINDS = st.sampled_from(ReminderKind)
ANCHORS = st.dates(date(2026, 1, 1), date(2026, 12, 31))


@st.composite
def any_days(draw: st.DrawFn) -> Days:
    kind = draw(KINDS)
    least = 1 if kind.waits else -40
    moments = draw(st.lists(st.integers(least, 60), min_size=1, max_size=6, unique=True))
    calendar = draw(st.sampled_from([WEEKENDS, china()]))
    return days(kind, *moments, every=draw(st.sampled_from([0, 1, 7])), calendar=calendar)


@given(of=any_days(), anchor=ANCHORS, after=ANCHORS, span=st.integers(1, 31))
def test_what_has_passed_is_exactly_what_is_planned(of: Days, anchor: date, after: date, span: int) -> None:
    """The short ways of counting give the same as planning every moment."""
    until = after + timedelta(days=span)
    plain = [
        Planned(moment=each, day=day)
        for each in moments_of(of.plan)
        if after < (day := of.planned(anchor, each)) <= until
    ]
    assert of.passed(anchor, after=after, until=until) == plain


@given(of=any_days(), anchor=ANCHORS, after=ANCHORS, span=st.integers(1, 31))
def test_the_search_misses_no_anchor(of: Days, anchor: date, after: date, span: int) -> None:
    until = after + timedelta(days=span)
    if of.passed(anchor, after=after, until=until):
        assert any(low <= anchor <= high for low, high in of.anchors(after=after, until=until))


@given(of=any_days(), anchor=ANCHORS, step=st.integers(0, 40))
def test_later_anchors_are_never_reminded_of_earlier(of: Days, anchor: date, step: int) -> None:
    for moment in moments_of(of.plan)[:8]:
        first = of.planned(anchor, moment)
        assert of.calendar.is_working(first)
        assert first <= of.planned(anchor + timedelta(days=step), moment)


@given(of=any_days(), anchor=ANCHORS, after=ANCHORS, cuts=st.lists(st.integers(1, 30), max_size=5))
def test_running_often_carries_out_the_same_as_running_once(
    of: Days, anchor: date, after: date, cuts: list[int]
) -> None:
    until = after + timedelta(days=31)
    stops = sorted({after, until, *(after + timedelta(days=cut) for cut in cuts)})
    often = [each for start, stop in pairwise(stops) for each in of.passed(anchor, after=start, until=stop)]
    assert sorted(often, key=lambda each: each.moment) == of.passed(anchor, after=after, until=until)


# --------------------------------------------------------------------------------- carrying out one cause

STANDING = Standing(
    cause="R-1/1",
    subject="SO-1",
    anchor=date(2026, 2, 11),
    recipients=(Recipient(role="finance"), Recipient(person="zhang.san")),
    amount="1.00 CNY",
)


def passed(*moments: int) -> list[Planned]:
    of = days(ReminderKind.INSTALMENT, *moments)
    return [Planned(moment=each, day=of.planned(STANDING.anchor, each)) for each in moments]


def test_the_newest_is_told_and_the_missed_are_skipped() -> None:
    answer = remind(ReminderKind.INSTALMENT, STANDING, passed(-7, -3, 1), (), today=date(2026, 2, 13), at=AT)
    saved = [change.entity for change in answer.changes]  # type: ignore[union-attr]  # only saves are expected
    assert [(each.moment, each.sent) for each in saved if isinstance(each, Reminder)] == [
        (-7, False),
        (-3, False),
        (1, True),
    ]
    told = [(event.role, event.person, event.moment, event.days_left) for event in answer.events]  # type: ignore[attr-defined]  # reminders
    assert told == [("finance", "", 1, -2), ("", "zhang.san", 1, -2)]


def test_what_was_told_is_not_told_again() -> None:
    first = remind(ReminderKind.INSTALMENT, STANDING, passed(-7), (), today=MONDAY, at=AT)
    done = {first.expect().id}
    again = remind(ReminderKind.INSTALMENT, STANDING, passed(-7), done, today=MONDAY, at=AT)
    assert (again.value, again.changes, again.events) == (None, (), ())
    assert remind(ReminderKind.INSTALMENT, STANDING, [], (), today=MONDAY, at=AT).changes == ()
