"""What is owed in other currencies, and what it counts for: shares of what stands, nothing for nothing."""

from datetime import date
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from pharmacrm.core.credit import CreditOutcome, RatePolicy
from pharmacrm.core.credit.checks import check_credit
from pharmacrm.core.credit.foreign import COUNTERS, ForeignCredit, empty_account, moved, revalued
from pharmacrm.core.credit.policy import CreditRules
from pharmacrm.core.credit.rate_policy import DEFAULT_RATES, check_rate
from pharmacrm.core.credit.standing import Surroundings
from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.reason import Severity
from pharmacrm.core.values.exchange import Exchange
from tests.credit.books import line, yuan

DAY = date(2026, 3, 2)
NOTHING = empty_account("H-001", "USD", "CNY")


def usd(amount: int | str) -> Money:
    return Money(amount, "USD")


def at(rate: str, *, as_of: date = DAY) -> Exchange:
    return Exchange(source="USD", target="CNY", on=DAY, rate=rate, as_of=as_of)


NO_RATE = Exchange(source="USD", target="CNY", on=DAY)


def moves(**amounts: int | str) -> dict[str, Money]:
    return {name: usd(amount) for name, amount in amounts.items()}


def after(*steps: tuple[str, dict[str, Money]], start: ForeignCredit = NOTHING) -> ForeignCredit:
    account = start
    for rate, amounts in steps:
        account, _ = moved(account, amounts, at(rate) if rate else NO_RATE)
    return account


ORDER = ("7", moves(reserved=100))
SLIP = ("9", moves(reserved=-60, posted=60, unbilled=60))


@pytest.mark.parametrize(
    ("steps", "counted"),
    [
        ((ORDER,), {"reserved": 700}),
        ((ORDER, ("8", moves(reserved=100))), {"reserved": 1500}),
        ((ORDER, ("8", moves(reserved=100)), ("9", moves(reserved=-50))), {"reserved": 1125}),  # the average
        ((ORDER, SLIP), {"reserved": 280, "posted": 420, "unbilled": 420}),  # at the rate of the order
        ((ORDER, SLIP, ("9", moves(unbilled=-20))), {"reserved": 280, "posted": 420, "unbilled": 280}),
        (
            (ORDER, SLIP, ("9", moves(paid=30, unbilled=-30))),
            {"reserved": 280, "posted": 420, "paid": 210, "unbilled": 210},
        ),
        ((("7", moves(unapplied=10)),), {"unapplied": 70}),
        (
            (ORDER, SLIP, ("8", moves(unapplied=60)), ("9", moves(unapplied=-60, paid=60, unbilled=-60))),
            {"reserved": 280, "posted": 420, "paid": 420},
        ),
        (
            (ORDER, SLIP, ("8", moves(paid=60, unbilled=-60)), ("9", moves(paid=-60))),
            {"reserved": 280, "posted": 420, "paid": 0},
        ),
        ((("7", moves(posted=10)),), {"posted": 70}),  # a charge
        ((("7", moves(posted=10)), ("8", moves(posted=-5))), {"posted": 35}),
        ((("", moves(reserved=100)),), {}),
        (
            (("", moves(reserved=100)), ("7", moves(reserved=100)), ("7", moves(reserved=-100))),
            {"reserved": 350},
        ),
        ((("7.1024", moves(reserved="0.01", unapplied="0.01")),), {"reserved": "0.08", "unapplied": "0.07"}),
    ],
)
def test_what_movements_count_for(steps: Any, counted: dict[str, Any]) -> None:
    found = after(*steps).counted
    assert {name: getattr(found, name) for name in COUNTERS if getattr(found, name)} == {
        name: yuan(amount) for name, amount in counted.items() if amount
    }


class Life:
    """An account, and a line that takes in what it is told."""

    def __init__(self) -> None:
        self.account = NOTHING
        self.line = dict.fromkeys(COUNTERS, yuan(0))

    def take(self, by: dict[str, Money]) -> None:
        for name, amount in by.items():
            assert amount.currency == "CNY"
            self.line[name] += amount

    def holds(self) -> None:
        """The identity, per currency and in that of the limit; nothing for nothing; nothing below zero."""
        account, counted = self.account, self.account.counted
        for name in COUNTERS:
            assert self.line[name] == getattr(counted, name)
            assert not getattr(counted, name).is_negative
        assert (
            account.reserved + account.unbilled + account.receivable - account.unapplied == account.exposure
        )
        debts, own = counted.posted - counted.paid, account.posted - account.paid
        assert yuan(0) <= counted.unbilled <= debts
        for whole, worth in (
            (account.reserved, counted.reserved),
            (own, debts),
            (account.unapplied, counted.unapplied),
        ):
            if not whole:
                assert not worth


def _some(draw: Any, most: Money) -> Money:
    return Money.of_minor(draw(st.one_of(st.just(most.minor), st.integers(0, most.minor))), "USD")


@st.composite
def _lives(draw: Any) -> Life:
    """Orders, slips, invoices, money, settlements, reversals and revaluations, at rates that come and go."""
    life = Life()
    for _ in range(draw(st.integers(1, 12))):
        deed = draw(
            st.sampled_from(["order", "end", "slip", "bill", "money", "settle", "undo", "charge", "revalue"])
        )
        exchange = at(str(draw(st.integers(1, 99)))) if draw(st.integers(0, 9)) else NO_RATE
        now, fresh = life.account, Money.of_minor(draw(st.integers(0, 10**6)), "USD")
        if deed == "revalue":
            life.account, by = revalued(now, exchange, exchange.up(now.reserved))
            life.take(by)
            life.holds()
            continue
        debts = now.posted - now.paid
        part = _some(
            draw,
            {
                "end": now.reserved,
                "slip": now.reserved,
                "bill": now.unbilled,
                "undo": now.paid,
                "settle": min(debts, now.unapplied),
            }.get(deed, usd(0)),
        )
        asked = {
            "order": {"reserved": fresh},
            "end": {"reserved": -part},
            "slip": {"reserved": -part, "posted": part, "unbilled": part},
            "bill": {"unbilled": -part},
            "money": {"unapplied": fresh},
            "settle": {
                "unapplied": -part,
                "paid": part,
                "unbilled": -max(usd(0), now.unbilled - debts + part),
            },
            "undo": {"unapplied": part, "paid": -part},
            "charge": {"posted": fresh},
        }[deed]
        life.account, by = moved(now, asked, exchange)
        life.take(by)
        life.holds()
    return life


@given(_lives())
def test_the_line_counts_what_the_accounts_count_for_and_nothing_owed_is_nothing_counted(life: Life) -> None:
    life.holds()


@given(_lives(), st.integers(1, 99))
def test_revalued_is_what_the_rate_says_and_doing_it_twice_is_doing_it_once(life: Life, rate: int) -> None:
    exchange = at(str(rate))
    worth = exchange.up(life.account.reserved)
    once, _ = revalued(life.account, exchange, worth)
    assert once.counted.exposure == Money.of_minor(once.exposure.minor * rate, "CNY")
    assert revalued(once, exchange, worth) == (once, {})


# --------------------------------------------------------------------------------------------- the policy


@pytest.mark.parametrize(
    ("exchange", "policy", "found"),
    [
        (at("7"), DEFAULT_RATES, []),
        (at("7", as_of=date(2026, 1, 30)), DEFAULT_RATES, []),  # 31 days
        (at("7", as_of=date(2026, 1, 29)), DEFAULT_RATES, [("credit.rate_stale", Severity.APPROVE)]),
        (at("7", as_of=date(2026, 3, 1)), RatePolicy(max_age=0), [("credit.rate_stale", Severity.APPROVE)]),
        (at("7"), RatePolicy(max_age=0), []),
        (at("7", as_of=date(2025, 1, 1)), RatePolicy(max_age=31, stale=CreditOutcome.ALLOW), []),
        (
            at("7", as_of=date(2025, 1, 1)),
            RatePolicy(max_age=31, stale=CreditOutcome.WARN),
            [("credit.rate_stale", Severity.WARN)],
        ),
        (
            at("7", as_of=date(2025, 1, 1)),
            RatePolicy(max_age=31, stale=CreditOutcome.BLOCK),
            [("credit.rate_stale", Severity.BLOCK)],
        ),
        (
            at("7", as_of=date(2025, 1, 1)),
            RatePolicy(max_age=31, stale=CreditOutcome.OVERRIDE),
            [("credit.override_required", Severity.APPROVE)],
        ),
        (NO_RATE, DEFAULT_RATES, [("credit.rate_missing", Severity.APPROVE)]),
        (
            NO_RATE,
            RatePolicy(max_age=31, missing=CreditOutcome.BLOCK),
            [("credit.rate_missing", Severity.BLOCK)],
        ),
        (NO_RATE, RatePolicy(max_age=31, missing=CreditOutcome.ALLOW), []),
    ],
)
def test_what_a_policy_makes_of_a_rate(exchange: Exchange, policy: RatePolicy, found: list[Any]) -> None:
    reasons = check_rate(exchange, policy, subject="SO-1")
    assert [(each.code, each.severity) for each in reasons] == found


def test_the_reasons_name_both_currencies_and_the_day() -> None:
    (missing,) = check_rate(NO_RATE, DEFAULT_RATES, subject="SO-1")
    assert missing.message == "SO-1: no exchange rate of USD/CNY by 2026-03-02"
    (stale,) = check_rate(at("7", as_of=date(2025, 1, 1)), RatePolicy(max_age=5), subject="SO-1")
    assert stale.message == "SO-1 counts at the rate USD/CNY 7 of 2025-01-01, older than 5 days"


@pytest.mark.parametrize("age", [-1, 3661])
def test_an_age_that_means_nothing(age: int) -> None:
    with pytest.raises(MalformedInput) as caught:
        RatePolicy(max_age=age)
    assert caught.value.code == "rate_policy.age"


@pytest.mark.parametrize(
    ("rate", "amount", "codes"),
    [
        ("7", 100, []),  # the limit itself
        ("7.0001", 100, ["credit.over_limit"]),
        ("7", "100.01", ["credit.over_limit"]),
        ("", 100, ["credit.rate_missing"]),
        ("", 0, []),
        ("", -1, ["credit.negative_amount"]),
    ],
)
def test_more_in_another_currency_counts_what_it_is_worth(rate: str, amount: Any, codes: list[str]) -> None:
    around = Surroundings(exchange=at(rate) if rate else NO_RATE, rules=CreditRules())
    found = check_credit(line(700), usd(amount), subject="SO-1", around=around)
    assert [each.code for each in found] == codes
    blocked = check_credit(evolve(line(700), blocked=True), usd(amount), subject="SO-1", around=around)
    assert ("credit.blocked" in [each.code for each in blocked]) == (usd(amount).is_positive)
