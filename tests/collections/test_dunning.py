"""Dunning: levels and letters, by examples and by laws."""

from datetime import date, timedelta
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from pharmacrm.core.collections import InterestTerms, RateStep, RateTable
from pharmacrm.core.collections.dunning import (
    Dunnable,
    DunnedItem,
    DunningClock,
    DunningLetter,
    DunningLevel,
    DunningPolicy,
    Suspension,
    letter_of,
    propose,
    send,
)
from pharmacrm.core.collections.dunning.policy import problems
from pharmacrm.core.kernel.change import Save
from pharmacrm.core.kernel.dates import end_of_month
from pharmacrm.core.kernel.decision import accept
from pharmacrm.core.kernel.money import Money

DAY = date(2026, 6, 1)
FEES = (None, Money("20", "CNY"), Money("50", "CNY"))


def yuan(amount):
    return Money(amount, "CNY")


def policy(*days: int, **more: Any) -> DunningPolicy:
    days = days or (10, 30, 60)
    levels = tuple(
        DunningLevel(days=each, name=f"{n}", fee=FEES[n % 3], interest=n > 0) for n, each in enumerate(days)
    )
    rates = InterestTerms(rates=RateTable((RateStep("2020-01-01", "5%"),)))
    return DunningPolicy(id="standard", version=3, levels=levels, **({"interest": rates} | more))


def late(days: int, amount: int | str = 100, **more: Any) -> Dunnable:
    fields = {"instalment": f"I-{days}", "due": DAY - timedelta(days), "open": yuan(amount)}
    return Dunnable(**(fields | more))


def proposed(items, by=None, **more: Any):
    return propose(by or policy(), "H-001", items, on=DAY, currency="CNY", **more)


@pytest.mark.parametrize(
    ("days", "before", "level"),
    [(0, 0, 0), (9, 0, 0), (10, 0, 1), (29, 1, 1), (30, 1, 2), (60, 2, 3), (400, 3, 3), (60, 0, 1),
     (60, 1, 2), (5, 2, 2)],
)  # fmt: skip
def test_a_level_is_reached_one_by_one(days, before, level):
    (found,) = proposed([late(days, level=before)]).items
    assert found.level == level


def test_levels_may_be_skipped():
    (found,) = proposed([late(60)], policy(one_at_a_time=False)).items
    assert found.level == 3


def clocked(*levels: tuple[int, DunningClock], **more: Any) -> DunningPolicy:
    """A policy whose levels count their days as said."""
    made = tuple(DunningLevel(days=days, name=f"{days}", counts_from=clock) for days, clock in levels)
    return DunningPolicy(id="standard", version=1, levels=made, **more)


DUE, MONTH_END, PREVIOUS = DunningClock


@pytest.mark.parametrize(
    ("due", "level"),
    [("2026-05-01", 1), ("2026-05-22", 1), ("2026-05-31", 1), ("2026-06-01", 0), ("2026-04-30", 1)],
)
def test_a_month_that_ends_is_when_the_days_begin(due, level):
    """One day after 31 May everything due in May has its level, however late it is, and nothing of June."""
    item = late(0, due=date.fromisoformat(due))
    assert proposed([item], clocked((1, MONTH_END))).items[0].level == level
    assert proposed([item], clocked((2, MONTH_END))).items[0].level == (due == "2026-04-30")


@pytest.mark.parametrize(
    ("level", "since", "reached"),
    [(0, None, 1), (1, 14, 1), (1, 15, 2), (1, 16, 2), (2, 3, 2), (2, 60, 2)],
)
def test_a_level_may_count_from_the_letter_before(level, since, reached):
    by = clocked((10, DUE), (15, PREVIOUS), one_at_a_time=False)
    item = late(90, level=level, level_on=None if since is None else DAY - timedelta(since))
    assert proposed([item], by).items[0].level == reached


def test_a_level_after_another_is_never_skipped():
    by = clocked((10, DUE), (15, PREVIOUS), (60, DUE), one_at_a_time=False)
    assert [proposed([late(90, level=n, level_on=DAY)], by).items[0].level for n in (0, 1, 2)] == [1, 1, 3]


def test_a_customer_gets_one_letter_at_the_highest_level():
    found = proposed([late(12, 100), late(45, 200, level=1), late(3, 400)])
    assert found.letter
    assert (found.level, found.open, found.fee) == (2, yuan(300), yuan(20))
    assert [each.item.instalment for each in found.dunned] == ["I-12", "I-45"]


def test_the_fee_is_that_of_the_highest_level_which_is_new():
    found = proposed([late(12), late(90, level=3)])
    assert (found.letter, found.level, found.fee) == (True, 3, yuan(0))
    assert proposed([late(70, level=2), late(90, level=3)]).fee == yuan(50)


@pytest.mark.parametrize(
    ("more", "letter"),
    [
        ({}, True),
        ({"free_from": DAY}, True),
        ({"free_from": DAY + timedelta(1)}, False),
        ({"max_level": 0}, False),
        ({"max_level": 1}, True),
    ],
)
def test_what_stops_a_letter(more, letter):
    assert proposed([late(12)], **more).letter is letter


def test_a_pause_says_how_long_it_lasts():
    found = proposed([late(12)], free_from=DAY + timedelta(4))
    assert found.waits_until == DAY + timedelta(4)
    assert proposed([late(12, level=1)], free_from=DAY + timedelta(4)).waits_until is None


def test_less_than_the_minimum_is_no_reason_for_a_letter():
    found = proposed([late(12, "49.99")], policy(minimum=yuan(50)))
    assert (found.letter, found.below_minimum) == (False, True)
    assert proposed([late(12, 50)], policy(minimum=yuan(50))).letter
    assert proposed([late(12, 1)], policy(minimum=Money("50", "USD"))).letter


@pytest.mark.parametrize("why", [Suspension.BLOCKED, Suspension.DISPUTED, Suspension.PROMISED])
def test_what_is_suspended_has_no_level_and_the_rest_is_dunned(why):
    found = proposed([late(45, 200, level=1, suspended=why), late(12, 100)])
    assert (found.letter, found.level, found.open) == (True, 1, yuan(100))
    assert not proposed([late(45, level=1, suspended=why)]).letter


def test_nobody_is_dunned_by_a_policy_that_rests():
    assert not proposed([late(45)], policy(active=False)).letter


def test_only_new_interest_is_claimed_and_only_where_the_level_claims_it():
    accrued = {"accrued": yuan("3.00"), "claimed": yuan("1.25")}
    assert proposed([late(12, **accrued)]).interest == yuan(0)
    assert proposed([late(45, level=1, **accrued)]).interest == yuan("1.75")
    over = {"accrued": yuan("1.00"), "claimed": yuan("1.25")}
    assert proposed([late(45, level=1, **over)]).interest == yuan(0)


def sent(by, proposal):
    return send(letter_of(by, proposal), proposal)


def test_a_letter_has_its_items():
    found = sent(policy(), proposed([late(45, 200, level=1, accrued=yuan("1.23"))]))
    letter, item = [change.entity for change in found.changes if isinstance(change, Save)]
    assert isinstance(letter, DunningLetter)
    assert letter.id == "H-001/dunning/CNY/2026-06-01"
    assert (letter.policy_version, letter.level, letter.open) == (3, 2, yuan(200))
    assert (letter.fee, letter.interest) == (yuan(20), yuan("1.23"))
    assert isinstance(item, DunnedItem)
    assert (item.days_late, item.interest) == (45, yuan("1.23"))
    (event,) = found.events
    assert event.topic() == "DunningLetterSent"
    assert not proposed([late(3)]).letter


@pytest.mark.parametrize(
    ("bad", "codes"),
    [
        (policy(10, 10), ["dunning_policy.days"]),
        (policy(0), ["dunning_policy.days"]),
        (policy(4000), ["dunning_policy.days"]),
        (policy(*range(1, 11)), ["dunning_policy.levels"]),
        (policy(10, 20, interest=None), ["dunning_policy.rates"]),
        (policy(pause=-1), ["dunning_policy.pause"]),
        (clocked((10, PREVIOUS)), ["dunning_policy.first"]),
        (clocked((10, MONTH_END), (10, DUE), (5, PREVIOUS)), []),
        (clocked((10, MONTH_END), (12, DUE), (5, MONTH_END)), ["dunning_policy.days"]),
        (clocked((10, DUE), (0, PREVIOUS)), ["dunning_policy.days"]),
        (policy(), []),
    ],
)
def test_what_is_wrong_with_a_policy(bad, codes):
    assert [each.code for each in problems(bad)] == codes


items = st.lists(
    st.builds(
        Dunnable,
        instalment=st.uuids().map(str),
        due=st.integers(-10, 200).map(lambda days: DAY - timedelta(days)),
        open=st.integers(-5, 10**6).map(lambda minor: Money.of_minor(minor, "CNY")),
        level=st.integers(0, 3),
        level_on=st.none() | st.integers(0, 90).map(lambda days: DAY - timedelta(days)),
        suspended=st.sampled_from(Suspension),
        accrued=st.none() | st.integers(0, 10**4).map(lambda minor: Money.of_minor(minor, "CNY")),
        claimed=st.none() | st.integers(0, 10**4).map(lambda minor: Money.of_minor(minor, "CNY")),
    ),
    max_size=6,
)
policies = st.builds(
    lambda days, clocks, pause, one: evolve(
        policy(pause=pause, one_at_a_time=one),
        levels=tuple(
            evolve(level, days=each, counts_from=clock)
            for level, each, clock in zip(policy().levels, sorted(days), clocks, strict=True)
        ),
    ),
    st.sets(st.integers(1, 120), min_size=3, max_size=3),
    st.tuples(
        st.sampled_from([DUE, MONTH_END]), st.sampled_from(DunningClock), st.sampled_from(DunningClock)
    ),
    st.integers(0, 30),
    st.booleans(),
)


@given(items, policies, st.none() | st.integers(0, 3))
def test_a_letter_asks_for_what_it_says(dunned, by, most):
    found = proposed(dunned, by, max_level=most)
    decision = sent(by, found) if found.letter else accept(None)
    saved = [change.entity for change in decision.changes if isinstance(change, Save)]
    parts = [each for each in saved if isinstance(each, DunnedItem)]
    if not found.letter:
        assert saved == []
        return
    (letter,) = [each for each in saved if isinstance(each, DunningLetter)]
    assert Money.total((each.open for each in parts), "CNY") == letter.open
    assert Money.total((each.interest for each in parts), "CNY") == letter.interest
    assert letter.level == max(each.level for each in parts)
    assert all(each.level > 0 and each.open.is_positive for each in parts)
    assert any(each.rises for each in found.items)


@given(items, policies)
def test_what_was_dunned_is_not_dunned_again_the_same_day(dunned, by):
    """Once a letter gave the items their levels, the pause holds up the next one."""
    found = proposed(dunned, by)
    after = {each.item.instalment: each.level for each in found.items}
    again = [
        Dunnable(
            instalment=each.instalment,
            due=each.due,
            open=each.open,
            level=max(each.level, after[each.instalment]),
            level_on=DAY if after[each.instalment] > each.level else each.level_on,
            suspended=each.suspended,
        )
        for each in dunned
    ]
    pause = DAY + timedelta(max(by.pause, 1))
    assert not proposed(again, by, free_from=pause).letter


@given(items, policies, st.integers(0, 60))
def test_a_level_never_falls_while_a_debt_is_late(dunned, by, days):
    for item in dunned:
        now, later = (
            propose(by, "H", [item], on=DAY + timedelta(n), currency="CNY").items[0].level for n in (0, days)
        )
        assert now <= later


@given(items, policies, st.integers(0, 60))
def test_nobody_is_at_a_level_before_its_days_have_passed(dunned, by, days):
    """Each new level is due by its own count of days, and so is every level below it."""
    on = DAY + timedelta(days)
    for each in propose(by, "H", dunned, on=on, currency="CNY").items:
        if not each.rises:
            continue
        for number, level in enumerate(by.levels[: each.level], start=1):
            if level.counts_from is PREVIOUS:
                since = each.item.level_on or on
                assert number <= each.item.level or since + timedelta(level.days) <= on
            else:
                start = each.item.due if level.counts_from is DUE else end_of_month(each.item.due)
                assert start + timedelta(level.days) <= on
