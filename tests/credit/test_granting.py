"""Dated limits granted and ended: by whom, why, from when; each change works at once on the line."""

from datetime import date
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from pharmacrm.core.credit import EndCreditLimit, GrantCreditLimit, LimitKind, Season, SetCreditLimit
from pharmacrm.core.credit.events import CreditLimitSet
from pharmacrm.core.credit.handlers import end_credit_limit, grant_credit_limit, set_credit_limit
from pharmacrm.core.credit.limits import MOST_ENDED
from pharmacrm.core.credit.model import CreditLine
from pharmacrm.core.kernel.errors import MalformedInput, NotFound
from pharmacrm.core.kernel.money import Money
from tests.covers import covers
from tests.credit.books import line, yuan
from tests.fakes import FakeReads

TODAY, YESTERDAY = date(2026, 11, 21), date(2026, 11, 20)
LATER = date(2026, 12, 31)


def grant(kind: LimitKind = LimitKind.TEMPORARY, amount: int = 100, **more: Any) -> GrantCreditLimit:
    given: dict[str, Any] = {"ends_on": LATER} if kind is LimitKind.TEMPORARY else {}
    return GrantCreditLimit(customer="H-001", kind=kind, amount=yuan(amount), **(given | more))


def base_from(day: str) -> GrantCreditLimit:
    return grant(LimitKind.BASE, starts_on=day)


def books(limit: int = 500) -> FakeReads:
    read = FakeReads(actor="qian.qi")
    read.apply(set_credit_limit(SetCreditLimit(customer="H-001", limit=yuan(limit), reason="年度"), read))
    return read


def granted(read: FakeReads, *commands: GrantCreditLimit) -> CreditLine:
    for command in commands:
        decision = grant_credit_limit(command, read)
        assert decision.allowed, decision
        read.apply(decision)
    return read.get(CreditLine, "H-001")


@covers("XT-26")
def test_a_temporary_raise_counts_at_once_and_says_who_and_why() -> None:
    after = granted(books(), grant(reason="旺季备货"))
    new = after.limits[-1]
    assert (after.limit, after.changes_on) == (yuan(600), date(2027, 1, 1))
    assert (new.number, new.by, new.reason, new.starts_on, new.ends_on) == (
        2,
        "qian.qi",
        "旺季备货",
        TODAY,
        LATER,
    )


def test_the_first_limit_makes_the_line_and_one_without_dates_keeps_its_own() -> None:
    alone = granted(FakeReads(), grant())
    assert (alone.limit, alone.exposure) == (yuan(100), yuan(0))
    undated = granted(FakeReads([line(500)]), grant())
    assert (undated.limit, [each.amount for each in undated.limits]) == (yuan(600), [yuan(500), yuan(100)])


@covers("XT-26")
@pytest.mark.parametrize(
    ("first", "second", "codes"),
    [
        (grant(), grant(), ["limit.overlap"]),
        (grant(ends_on="2026-11-30"), grant(starts_on="2026-11-30", ends_on=LATER), ["limit.overlap"]),
        (grant(ends_on="2026-11-30"), grant(starts_on="2026-12-01", ends_on=LATER), []),
        (grant(LimitKind.INSURED), grant(LimitKind.INSURED), ["limit.overlap"]),
        (grant(LimitKind.INSURED), grant(), []),
        (
            grant(LimitKind.SEASONAL, season=Season("01-01", "03-31")),
            grant(LimitKind.SEASONAL, season=Season("04-01", "06-30")),
            [],
        ),
        (
            grant(LimitKind.SEASONAL, season=Season("11-15", "02-15")),
            grant(LimitKind.SEASONAL, season=Season("02-15", "06-30")),
            ["limit.overlap"],
        ),
        (base_from("2027-01-01"), base_from("2027-01-01"), ["limit.overlap"]),
        (base_from("2027-01-01"), base_from("2027-02-01"), []),
    ],
)  # fmt: skip
def test_credit_receivables_018_periods_of_one_kind_never_overlap(
    first: GrantCreditLimit, second: GrantCreditLimit, codes: list[str]
) -> None:
    read = books()
    granted(read, first)
    assert list(grant_credit_limit(second, read).codes) == codes


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (grant(ends_on="2026-11-20"), "limit.dates"),
        (grant(starts_on="2026-12-01", ends_on="2026-11-30"), "limit.dates"),
        (evolve(grant(), amount=Money(100, "USD")), "credit.currency_mismatch"),
    ],
)
def test_a_limit_that_cannot_hold_is_refused(command: GrantCreditLimit, code: str) -> None:
    decision = grant_credit_limit(command, books())
    assert (decision.codes, decision.changes) == ((code,), ())


@pytest.mark.parametrize(
    ("kind", "more", "code", "field"),
    [
        (LimitKind.TEMPORARY, {"ends_on": None}, "limit.end", "ends_on"),
        (LimitKind.TEMPORARY, {"amount": 0}, "limit.amount", "amount"),
        (LimitKind.INSURED, {"amount": 0}, "limit.amount", "amount"),
        (LimitKind.SEASONAL, {}, "limit.season", "season"),
        (LimitKind.BASE, {"season": Season("01-01", "02-01")}, "limit.season", "season"),
        (LimitKind.BASE, {"starts_on": "2026-02-30"}, "date.invalid", "starts_on"),
    ],
)
def test_what_cannot_be_meant_is_malformed(kind: LimitKind, more: Any, code: str, field: str) -> None:
    with pytest.raises(MalformedInput) as error:
        grant(kind, **more)
    assert (error.value.field, error.value.code.split(".")[0]) == (field, code.split(".", maxsplit=1)[0])


@covers("XT-26")
def test_a_limit_ends_today_or_on_a_day_and_only_once() -> None:
    read = books()
    granted(read, grant())
    later = EndCreditLimit(customer="H-001", number=2, ends_on=LATER)
    assert end_credit_limit(later, read).codes == ("limit.ended",)
    past = EndCreditLimit(customer="H-001", number=2, ends_on="2026-11-19")
    assert end_credit_limit(past, read).codes == ("limit.dates",)
    read.apply(end_credit_limit(EndCreditLimit(customer="H-001", number=2, reason="不再需要"), read))
    after = read.get(CreditLine, "H-001")
    assert (after.limit, after.limits[-1].ends_on, after.reason) == (yuan(500), YESTERDAY, "不再需要")
    again = end_credit_limit(EndCreditLimit(customer="H-001", number=2), read)
    assert again.codes == ("limit.ended",)
    with pytest.raises(NotFound):
        end_credit_limit(EndCreditLimit(customer="H-001", number=9), read)


def test_ending_a_raise_below_the_exposure_warns() -> None:
    read = books()
    granted(read, grant())
    read.put(evolve(read.get(CreditLine, "H-001"), posted=yuan(550)))
    ended = end_credit_limit(EndCreditLimit(customer="H-001", number=2), read)
    assert (ended.codes, ended.events) == (
        ("credit.limit_below_exposure",),
        (CreditLimitSet(subject="H-001"),),
    )


def test_a_new_base_ends_the_one_before_and_takes_the_place_of_one_of_the_same_day() -> None:
    read = books()
    read.on, read.at = LATER, read.at.replace(month=12, day=31)
    read.apply(set_credit_limit(SetCreditLimit(customer="H-001", limit=yuan(700)), read))
    read.apply(set_credit_limit(SetCreditLimit(customer="H-001", limit=yuan(800)), read))
    found = [(each.amount, each.starts_on, each.ends_on) for each in read.get(CreditLine, "H-001").limits]
    assert found == [(yuan(500), TODAY, date(2026, 12, 30)), (yuan(800), LATER, None)]


def test_limits_that_are_over_do_not_pile_up() -> None:
    read = books()
    for number in range(2, MOST_ENDED + 5):
        granted(read, grant())
        last = read.get(CreditLine, "H-001").limits[-1]
        assert last.number == number
        read.apply(end_credit_limit(EndCreditLimit(customer="H-001", number=number), read))
    kept = read.get(CreditLine, "H-001")
    assert len(kept.limits) == MOST_ENDED + 1
    assert kept.limit == yuan(500)


@covers("XT-26")
@given(st.integers(0, 10**6), st.integers(1, 10**6), st.integers(0, 10**6))
def test_law_a_raise_granted_and_ended_leaves_the_limit_and_the_exposure(
    base: int, more: int, posted: int
) -> None:
    read = books(base)
    read.put(evolve(read.get(CreditLine, "H-001"), posted=yuan(posted)))
    assert granted(read, grant(amount=more)).limit == yuan(base + more)
    read.apply(end_credit_limit(EndCreditLimit(customer="H-001", number=2), read))
    after = read.get(CreditLine, "H-001")
    assert (after.limit, after.exposure) == (yuan(base), yuan(posted))
