"""Exchange of currencies: exact rates, one rounding, there and back within a unit."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.values.exchange import SCALE, Exchange, as_rate

DAY = date(2026, 1, 5)
RATES = st.integers(1, 10**14).map(lambda units: as_rate(Decimal(units).scaleb(-SCALE)))


def exchange(rate: str, source: str = "USD", target: str = "CNY", **more: Any) -> Exchange:
    return Exchange(source=source, target=target, on=DAY, rate=rate, as_of=DAY, **more)


@pytest.mark.parametrize(
    ("given_", "written"),
    [("7.10", "7.1"), (7, "7"), (Decimal("0.0002816910"), "0.000281691"), ("0.0000000001", "0.0000000001")],
)
def test_a_rate_is_written_one_way(given_: Any, written: str) -> None:
    assert as_rate(given_) == written


@pytest.mark.parametrize(
    ("given_", "code"),
    [
        (0, "rate.sign"),
        ("-7.1", "rate.sign"),
        (7.1, "rate.type"),
        (None, "rate.required"),
        (True, "rate.type"),
        ("7,1", "rate.format"),
        ("NaN", "rate.format"),
        ("0.00000000001", "rate.scale"),
        ("1000000000", "rate.range"),
    ],
)
def test_what_is_no_rate(given_: Any, code: str) -> None:
    with pytest.raises(MalformedInput) as caught:
        as_rate(given_)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("source", "target", "rate", "inverse", "amount", "up", "down"),
    [
        ("USD", "CNY", "7.1024", False, "100.00", "710.24", "710.24"),
        ("USD", "CNY", "7.1024", False, "0.01", "0.08", "0.07"),
        ("CNY", "USD", "7.1024", True, "100.00", "14.08", "14.07"),
        ("JPY", "CNY", "0.0462", False, "1000", "46.20", "46.20"),
        ("CNY", "JPY", "0.0462", True, "46.20", "1000", "1000"),
        ("KWD", "JPY", "511.25", False, "0.001", "1", "0"),
        ("VND", "CNY", "0.0002816", False, "1", "0.01", "0.00"),
        ("USD", "CNY", "7.1", False, "0", "0", "0"),
    ],
)
def test_what_an_amount_is_worth(
    source: str, target: str, rate: str, inverse: bool, amount: str, up: str, down: str
) -> None:
    found = exchange(rate, source, target, inverse=inverse)
    money = Money(amount, source)
    assert (found.up(money), found.down(money)) == (Money(up, target), Money(down, target))


def test_without_a_rate_nothing_is_worth_anything() -> None:
    nothing = Exchange(source="USD", target="CNY", on=DAY)
    assert not nothing.known
    assert nothing.age is None
    assert nothing.up(Money(5, "USD")) == nothing.down(Money(5, "USD")) == Money(0, "CNY")
    assert nothing.explain() == "no rate of USD/CNY by 2026-01-05"
    assert nothing.explain("zh-CN") == "2026-01-05 及以前没有 USD/CNY 汇率"


def test_only_the_currency_of_the_rate_is_exchanged() -> None:
    with pytest.raises(MalformedInput) as caught:
        exchange("7").up(Money(1, "EUR"))
    assert caught.value.code == "money.mixed_currency"


def test_a_rate_says_how_it_was_recorded() -> None:
    found = Exchange(source="CNY", target="USD", on=DAY, rate="7.1", as_of=date(2025, 12, 31), inverse=True)
    assert (found.pair, found.age) == ("USD/CNY", 5)
    assert found.explain() == "rate USD/CNY 7.1 of 2025-12-31"
    assert found.explain("zh-CN") == "汇率 USD/CNY 7.1（2025-12-31）"


@given(RATES, st.integers(0, 10**12), st.booleans(), st.sampled_from(["CNY", "JPY", "KWD"]))
def test_the_worth_is_exact_but_for_one_unit(rate: str, minor: int, inverse: bool, target: str) -> None:
    """Rounding never gives away, nor takes, as much as a unit; up and down enclose the exact worth."""
    found = exchange(rate, "USD", target, inverse=inverse)
    digits = {"CNY": 2, "JPY": 0, "KWD": 3}[target]
    ratio = 1 / Fraction(rate) if inverse else Fraction(rate)
    exact = minor * ratio * Fraction(10) ** (digits - 2)
    money = Money.of_minor(minor, "USD")
    if exact >= 10**17:
        return
    up, down = found.up(money).minor, found.down(money).minor
    assert down <= exact <= up
    assert up - down == (exact.denominator != 1)


@given(RATES, st.integers(0, 10**12))
def test_there_and_back_is_within_a_unit(rate: str, minor: int) -> None:
    """What was rounded up comes back as at least itself, and by less than a unit of either currency more."""
    there, back = exchange(rate), exchange(rate, "CNY", "USD", inverse=True)
    money = Money.of_minor(minor, "USD")
    if minor * Fraction(rate) >= 10**17:
        return
    again = back.down(there.up(money)).minor
    assert minor <= again < minor + 1 + 1 / Fraction(rate)
