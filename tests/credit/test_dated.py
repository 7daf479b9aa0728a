"""The limit of a day: base, temporary, seasonal and insured limits, put together by a stated rule."""

from datetime import date, timedelta
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from pharmacrm.core.credit import CreditLimit, Insurance, LimitKind, LimitRule, Season, Stacking
from pharmacrm.core.credit.dated import RAISES, limit_on, next_change
from pharmacrm.core.credit.model import in_force
from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.kernel.money import Money
from tests.covers import covers
from tests.credit.books import line, yuan

WINTER = Season("11-15", "02-15")


def limit(number: int, kind: LimitKind, amount: int, starts: str, ends: str = "", **more: Any) -> CreditLimit:
    return CreditLimit(
        number=number,
        kind=kind,
        amount=yuan(amount),
        starts_on=date.fromisoformat(starts),
        ends_on=date.fromisoformat(ends) if ends else None,
        **more,
    )


YEAR = (
    limit(1, LimitKind.BASE, 500, "2026-01-01"),
    limit(2, LimitKind.BASE, 600, "2026-07-01"),
    limit(3, LimitKind.TEMPORARY, 100, "2026-11-01", "2026-11-30"),
    limit(4, LimitKind.SEASONAL, 80, "2026-01-01", season=WINTER),
    limit(5, LimitKind.INSURED, 250, "2026-04-01", "2027-03-31"),
)


@covers("XT-26")
@pytest.mark.parametrize(
    ("day", "amount"),
    [
        ("2025-12-31", 0),
        ("2026-01-01", 580),  # base and season
        ("2026-02-15", 580),
        ("2026-02-16", 500),
        ("2026-04-01", 750),  # insured
        ("2026-06-30", 750),
        ("2026-07-01", 850),  # the later base takes the place of the earlier one
        ("2026-10-31", 850),
        ("2026-11-01", 950),  # temporary
        ("2026-11-14", 950),
        ("2026-11-15", 1030),  # and the season again
        ("2026-11-30", 1030),
        ("2026-12-01", 930),
        ("2027-04-01", 600),
    ],
)
def test_the_limit_of_a_day(day: str, amount: int) -> None:
    assert limit_on(YEAR, date.fromisoformat(day), currency="CNY").amount == yuan(amount)


@pytest.mark.parametrize(
    ("rule", "amount"),
    [
        (LimitRule(), 1030),
        (LimitRule(stacking=Stacking.HIGHEST), 950),
        (LimitRule(insurance=Insurance.CAPS), 250),
        (LimitRule(stacking=Stacking.HIGHEST, insurance=Insurance.CAPS), 250),
    ],
)
def test_the_rule_is_a_switch(rule: LimitRule, amount: int) -> None:
    found = limit_on(YEAR, date(2026, 11, 20), currency="CNY", rule=rule)
    assert found.amount == yuan(amount)


def test_without_insurance_nothing_is_insured() -> None:
    rule = LimitRule(insurance=Insurance.CAPS)
    assert limit_on(YEAR[:4], date(2026, 11, 20), currency="CNY", rule=rule).amount == yuan(0)


def test_the_inherited_limit_stands_in_for_a_base_only() -> None:
    day = date(2026, 11, 20)
    found = limit_on(YEAR[2:3], day, currency="CNY", inherited=yuan(300))
    assert (found.amount, found.inherited) == (yuan(400), yuan(300))
    found = limit_on(YEAR, day, currency="CNY", inherited=yuan(300))
    assert (found.amount, found.inherited) == (yuan(1030), None)


def test_each_part_is_explained_in_both_languages() -> None:
    rule = LimitRule(stacking=Stacking.HIGHEST)
    found = limit_on(YEAR, date(2026, 11, 20), currency="CNY", rule=rule)
    assert found.explain() == (
        "base CNY 500.00 from 2026-01-01 (not counted)\n"
        "base CNY 600.00 from 2026-07-01 (counted)\n"
        "temporary CNY 100.00 from 2026-11-01 to 2026-11-30 (counted)\n"
        "seasonal CNY 80.00 from 2026-01-01 (not counted)\n"
        "insured CNY 250.00 from 2026-04-01 to 2027-03-31 (counted)\n"
        "limit CNY 950.00"
    )
    few = limit_on(YEAR[2:3], date(2026, 11, 20), currency="CNY", inherited=yuan(300))
    assert few.explain("zh-CN") == (
        "默认额度 CNY 300.00\n临时额度 CNY 100.00 自 2026-11-01 至 2026-11-30（计入）\n额度 CNY 400.00"
    )


def test_a_line_without_dated_limits_keeps_its_limit() -> None:
    assert in_force(line(500), date(2026, 11, 20)) == line(500)
    dated = in_force(evolve(line(0), limits=YEAR), date(2026, 11, 20))
    assert (dated.limit, dated.changes_on) == (yuan(1030), date(2026, 12, 1))


days = st.dates(date(1990, 1, 1), date(2150, 12, 31))
seasons = st.builds(
    lambda first, last: Season(f"{first:%m-%d}", f"{last:%m-%d}"),
    st.dates(date(2024, 1, 1), date(2024, 12, 31)),
    st.dates(date(2024, 1, 1), date(2024, 12, 31)),
)


@st.composite
def dated(draw: st.DrawFn) -> list[CreditLimit]:
    start = draw(st.dates(date(2000, 1, 1), date(2100, 1, 1)))
    found = []
    for number in range(draw(st.integers(0, 6))):
        kind = draw(st.sampled_from(LimitKind))
        starts = start + timedelta(draw(st.integers(0, 700)))
        length = draw(st.integers(0, 700) if kind is LimitKind.TEMPORARY else st.none() | st.integers(0, 700))
        ends = None if length is None else starts + timedelta(length)
        season = draw(seasons) if kind is LimitKind.SEASONAL else None
        amount = Money.of_minor(draw(st.integers(1, 10**12)), "CNY")
        found.append(
            CreditLimit(
                number=number + 1, kind=kind, amount=amount, starts_on=starts, ends_on=ends, season=season
            )
        )
    return found


rules = st.builds(LimitRule, stacking=st.sampled_from(Stacking), insurance=st.sampled_from(Insurance))


@covers("XT-26")
@given(dated(), days, rules)
def test_law_the_parts_that_count_make_the_limit(
    limits: list[CreditLimit], day: date, rule: LimitRule
) -> None:
    found = limit_on(limits, day, currency="CNY", rule=rule)
    counted = [part.limit for part in found.parts if part.counted]
    assert {part.limit.number for part in found.parts} == {x.number for x in limits if x.holds_on(day)}
    cover = Money.total((x.amount for x in counted if x.kind is LimitKind.INSURED), "CNY")
    company = Money.total((x.amount for x in counted if x.kind is not LimitKind.INSURED), "CNY")
    assert found.amount == (company + cover if rule.insurance is Insurance.ADDS else min(company, cover))
    assert sum(x.kind is LimitKind.BASE for x in counted) <= 1
    if rule.stacking is Stacking.HIGHEST:
        assert sum(x.kind in RAISES for x in counted) <= 1


@given(dated(), days, rules)
def test_law_the_order_of_the_limits_does_not_matter(
    limits: list[CreditLimit], day: date, rule: LimitRule
) -> None:
    forward = limit_on(limits, day, currency="CNY", rule=rule)
    assert limit_on(limits[::-1], day, currency="CNY", rule=rule) == forward


@given(dated(), st.dates(date(2000, 1, 1), date(2103, 1, 1)), st.integers(0, 900))
def test_law_nothing_changes_before_the_next_change(limits: list[CreditLimit], day: date, later: int) -> None:
    change = next_change(limits, day)
    between = day + timedelta(later)
    if change is None or between < change:
        here = limit_on(limits, day, currency="CNY")
        assert evolve(limit_on(limits, between, currency="CNY"), on=day) == here


@covers("XT-26")
@given(seasons, seasons)
def test_law_seasons_that_meet_share_a_day(one: Season, other: Season) -> None:
    year = [date(2024, 1, 1) + timedelta(each) for each in range(366)]
    assert one.meets(other) == any(one.holds(day) and other.holds(day) for day in year)
    assert one.meets(other) == other.meets(one)


@pytest.mark.parametrize(
    ("season", "day", "holds"),
    [
        (WINTER, "2026-11-14", False),
        (WINTER, "2026-11-15", True),
        (WINTER, "2026-12-31", True),
        (WINTER, "2027-01-01", True),
        (WINTER, "2027-02-15", True),
        (WINTER, "2027-02-16", False),
        (Season("02-29", "03-31"), "2027-03-01", True),
        (Season("02-29", "03-31"), "2027-02-28", False),
        (Season("01-01", "02-29"), "2027-02-28", True),
        (Season("01-01", "02-29"), "2027-03-01", False),
    ],
)
def test_a_season_of_every_year(season: Season, day: str, holds: bool) -> None:
    assert season.holds(date.fromisoformat(day)) is holds


@pytest.mark.parametrize("text", ["", "1-1", "13-01", "02-30", "04-31", "00-10", "11-15 ", "１１-15", None])
def test_a_day_of_every_year_is_read_strictly(text: Any) -> None:
    with pytest.raises(MalformedInput) as error:
        Season(text, "12-31")
    assert error.value.code == "season.format"
