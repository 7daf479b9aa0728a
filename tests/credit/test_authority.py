"""Own authority is about the limit that results, of every day, however it is put together."""

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from pharmacrm.core.credit.authority import check_authority, check_policy
from pharmacrm.core.credit.dated import CreditLimit, Insurance, LimitKind, LimitRule, Stacking
from pharmacrm.core.credit.limits import grant, with_limits
from pharmacrm.core.credit.model import CreditLine
from pharmacrm.core.credit.policy import CreditRules
from pharmacrm.core.credit.reasons import LIMIT_APPROVAL, POLICY_AUTHORITY
from pharmacrm.core.credit.season import Season
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.words import Words
from tests.covers import covers
from tests.credit.books import line, yuan

DAY = date(2026, 11, 21)
RULES = CreditRules(own_authority=yuan(500))
BASE, TEMPORARY, SEASONAL, INSURED = (
    LimitKind.BASE,
    LimitKind.TEMPORARY,
    LimitKind.SEASONAL,
    LimitKind.INSURED,
)
WINTER = Season("12-01", "02-15")


def limit(kind: LimitKind, amount: int, first: int = 0, last: int | None = None) -> CreditLimit:
    """A limit that begins so many days from today."""
    return CreditLimit(
        number=0,
        kind=kind,
        amount=yuan(amount),
        starts_on=DAY + timedelta(first),
        ends_on=None if last is None else DAY + timedelta(last),
        season=WINTER if kind is SEASONAL else None,
    )


def account(*limits: CreditLimit) -> CreditLine:
    numbered = (evolve(each, number=number) for number, each in enumerate(limits, start=1))
    return with_limits(line(0), numbered, on=DAY)


def observed(before: CreditLine | None, after: CreditLine, rules: CreditRules = RULES) -> list[str]:
    found = check_authority(before, after, subject="H-001", on=DAY, rules=rules)
    return [reason.observed for reason in found]


@covers("XT-26")
@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ((), (limit(BASE, 500),), []),
        ((), (limit(BASE, 501),), ["CNY 501.00"]),
        ((limit(BASE, 900),), (limit(BASE, 900),), []),
        ((limit(BASE, 900),), (limit(BASE, 899),), []),  # lowering never waits
        ((limit(BASE, 900),), (limit(BASE, 901),), ["CNY 901.00"]),
        ((limit(BASE, 400),), (limit(BASE, 400), limit(TEMPORARY, 100, 0, 9)), []),
        ((limit(BASE, 400),), (limit(BASE, 400), limit(TEMPORARY, 101, 0, 9)), ["CNY 501.00"]),
        ((limit(BASE, 400),), (limit(BASE, 400), limit(TEMPORARY, 101, 5, 9)), ["CNY 501.00"]),
        ((limit(BASE, 400),), (limit(BASE, 400), limit(INSURED, 101)), ["CNY 501.00"]),
        ((limit(BASE, 400),), (limit(BASE, 400), limit(SEASONAL, 101)), ["CNY 501.00"]),  # from December on
        ((limit(BASE, 900),), (limit(BASE, 900), limit(TEMPORARY, 1, 0, 9)), ["CNY 901.00"]),
        # on no day do both of these hold
        (
            (limit(BASE, 300), limit(TEMPORARY, 200, 0, 4)),
            (limit(BASE, 300), limit(TEMPORARY, 200, 0, 4), limit(TEMPORARY, 200, 5, 9)),
            [],
        ),
        (
            (limit(BASE, 300), limit(TEMPORARY, 200, 0, 5)),
            (limit(BASE, 300), limit(TEMPORARY, 200, 0, 5), limit(INSURED, 100, 5)),
            ["CNY 600.00"],
        ),
    ],
)
def test_a_raise_above_the_own_authority_wants_approval(
    before: Sequence[CreditLimit], after: Sequence[CreditLimit], found: list[str]
) -> None:
    assert observed(account(*before), account(*after)) == found
    assert observed(account(*before), account(*after), CreditRules()) == []


def test_what_is_said_names_the_limit_and_the_authority() -> None:
    wanted = LIMIT_APPROVAL("H-001", field="limit", observed=yuan(501), expected=yuan(500))
    assert check_authority(None, account(limit(BASE, 501)), subject="H-001", on=DAY, rules=RULES) == (wanted,)
    without = LIMIT_APPROVAL(
        "H-001", field="unlimited", observed=Words("unlimited", "不限额"), expected=yuan(500)
    )
    free = line(1, unlimited=True)
    assert check_authority(None, free, subject="H-001", on=DAY, rules=RULES) == (without,)
    assert check_authority(line(1), free, subject="H-001", on=DAY, rules=RULES) == (without,)
    assert observed(free, free) == []


def test_a_limit_without_a_date_is_what_was_there() -> None:
    assert observed(line(900), account(limit(BASE, 900))) == []
    assert observed(line(900), account(limit(BASE, 901))) == ["CNY 901.00"]


def test_how_limits_meet_decides_what_results() -> None:
    before, after = account(limit(BASE, 400)), account(limit(BASE, 400), limit(INSURED, 900))
    caps = CreditRules(own_authority=yuan(500), limit_rule=LimitRule(insurance=Insurance.CAPS))
    assert observed(before, after, caps) == []
    two = (limit(TEMPORARY, 100, 0, 9), limit(TEMPORARY, 100, 0, 9))
    highest = CreditRules(own_authority=yuan(500), limit_rule=LimitRule(stacking=Stacking.HIGHEST))
    assert observed(before, account(limit(BASE, 400), *two), highest) == []
    assert observed(before, account(limit(BASE, 400), *two)) == ["CNY 600.00"]


def test_the_default_limit_counts_where_there_is_no_base() -> None:
    rules = evolve(RULES, limit=yuan(450))
    assert observed(None, account(limit(TEMPORARY, 50, 0, 9)), rules) == []
    assert observed(None, account(limit(TEMPORARY, 51, 0, 9)), rules) == ["CNY 501.00"]
    assert observed(None, account(limit(BASE, 450)), rules) == []


def test_an_authority_in_another_currency_covers_nothing() -> None:
    rules = CreditRules(own_authority=Money(500, "USD"))
    assert observed(account(limit(BASE, 1)), account(limit(BASE, 2)), rules) == ["CNY 2.00"]
    assert observed(account(limit(BASE, 2)), account(limit(BASE, 1)), rules) == []


kinds = st.sampled_from([BASE, TEMPORARY, INSURED])
steps = st.tuples(kinds, st.integers(0, 700), st.integers(0, 20), st.integers(0, 20))


@covers("XT-26")
@given(st.integers(0, 1500), st.lists(steps, max_size=8))
def test_law_no_row_of_steps_reaches_further_than_the_authority_or_where_it_began(
    began: int, wanted: list[tuple[LimitKind, int, int, int]]
) -> None:
    start = account(limit(BASE, began))
    now = start
    for kind, amount, first, days in wanted:
        done = grant(now, limit(kind, amount, first, None if kind is BASE else first + days), on=DAY)
        if done.value is None or done.refused:
            continue
        if not check_authority(now, done.value, subject="H-001", on=DAY, rules=RULES):
            now = done.value
    for days in range(60):
        on = DAY + timedelta(days)
        assert with_limits(now, now.limits, on=on).limit <= yuan(max(began, 500))


def rules_of(own_authority: int | None = None, limit: int | None = None) -> CreditRules:
    return CreditRules(
        own_authority=None if own_authority is None else yuan(own_authority),
        limit=None if limit is None else yuan(limit),
    )


@pytest.mark.parametrize(
    ("before", "after", "fields"),
    [
        ({}, {"own_authority": 900, "limit": 900}, []),  # nobody was bound
        ({"own_authority": 500}, {"own_authority": 500, "limit": 500}, []),
        ({"own_authority": 500}, {"own_authority": 400}, []),
        ({"own_authority": 500}, {"own_authority": 501}, ["own_authority"]),
        ({"own_authority": 500}, {}, ["own_authority"]),
        ({"own_authority": 500}, {"own_authority": 500, "limit": 501}, ["limit"]),
        ({"own_authority": 500, "limit": 900}, {"own_authority": 500, "limit": 900}, []),
        ({"own_authority": 500, "limit": 900}, {"own_authority": 500, "limit": 901}, ["limit"]),
        ({"own_authority": 500}, {"limit": 600}, ["own_authority", "limit"]),
    ],
)
def test_nobody_widens_the_authority_that_binds_them(
    before: dict[str, int], after: dict[str, int], fields: list[str]
) -> None:
    old, new = rules_of(**before), rules_of(**after)
    found = check_policy(old, new, subject="tenant")
    assert [reason.field for reason in found] == fields
    named = {
        "own_authority": new.own_authority or Words("unlimited", "不限额"),
        "limit": new.limit,
    }
    assert list(found) == [
        POLICY_AUTHORITY("tenant", field=field, observed=named[field], expected=yuan(500)) for field in fields
    ]


def test_a_default_stays_a_default_when_a_customer_gets_a_raise() -> None:
    inheriting = evolve(line(300), inherits=True)
    raised = grant(inheriting, limit(TEMPORARY, 100, 0, 9), on=DAY).expect()
    assert [each.kind for each in raised.limits] == [TEMPORARY]
