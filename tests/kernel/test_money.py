"""Money: strict reading, exact arithmetic, splits that sum."""

import copy
import pickle
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from itertools import pairwise
from typing import Any

import attrs
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from pharmacrm.core.kernel.currencies import minor_digits
from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.kernel.money import Money, not_negative, positive
from pharmacrm.core.kernel.numbers import apportion, decimal_text, half_up, parse_decimal

CURRENCIES = ("CNY", "JPY", "KWD", "CLF")

scaled = st.integers(1 - 10**18, 10**18 - 1)
some = st.integers(-(10**15), 10**15)
money = st.builds(Money.of_minor, some, st.just("CNY"))
any_money = st.builds(Money.of_minor, scaled, st.sampled_from(CURRENCIES))
weights = st.lists(st.integers(0, 10**6), min_size=1, max_size=12).filter(any)


def code(do: Any, *arguments: Any) -> str:
    with pytest.raises(MalformedInput) as caught:
        do(*arguments)
    return caught.value.code


def answer(do: Any, *arguments: Any, **options: Any) -> Any:
    """What a reader gives, or the error that it raises."""
    try:
        return do(*arguments, **options)
    except MalformedInput as error:
        return error


# ----------------------------------------------------------------------------------------------- currencies


@pytest.mark.parametrize(("currency", "digits"), [("CNY", 2), ("JPY", 0), ("KWD", 3), ("CLF", 4), ("USD", 2)])
def test_currencies_have_the_decimals_of_iso_4217(currency: str, digits: int) -> None:
    assert minor_digits(currency) == digits


@pytest.mark.parametrize(
    "currency", ["XAU", "XAG", "XTS", "XXX", "XDR", "DEM", "cny", " CNY", "CNY\n", 156, [], b"CNY"]
)
def test_other_codes_are_no_currency(currency: Any) -> None:
    assert code(minor_digits, currency) == "money.currency"


# -------------------------------------------------------------------------------------------------- reading


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [
        ("100.00", "CNY", 10_000),
        ("100", "CNY", 10_000),
        ("100.5", "CNY", 10_050),
        ("-0.01", "CNY", -1),
        ("007.10", "CNY", 710),
        ("1.000", "CNY", 100),
        ("0", "CNY", 0),
        pytest.param("0" * 5000 + "1", "CNY", 100, id="zeros in front"),
        pytest.param("1." + "0" * 5000, "CNY", 100, id="zeros behind"),
        ("9999999999999999.99", "CNY", 10**18 - 1),
        ("-9999999999999999.99", "CNY", 1 - 10**18),
        ("999999999999999999", "JPY", 10**18 - 1),
        ("1.234", "KWD", 1234),
        (7, "CNY", 700),
        (-7, "JPY", -7),
        (Decimal("100.5000"), "CNY", 10_050),
        (Decimal("1E+3"), "CNY", 100_000),
        (Decimal("0E+999999"), "CNY", 0),
        (Decimal("0E-999999"), "CNY", 0),
        (Decimal("-9999999999999999.99"), "CNY", 1 - 10**18),
    ],
)
def test_amounts_that_are_read(amount: Any, currency: str, minor: int) -> None:
    assert Money(amount, currency) == Money.of_minor(minor, currency)


@pytest.mark.parametrize(
    ("amount", "state"),
    [
        ("-0", "negative_zero"),
        ("-0.00", "negative_zero"),
        ("-0.000", "negative_zero"),
        ("-0.001", "scale"),
        ("1.001", "scale"),
        pytest.param("0." + "0" * 5000 + "1", "scale", id="5001 decimals"),
        ("10000000000000000", "range"),
        ("-10000000000000000.00", "range"),
        (".5", "format"),
        ("5.", "format"),
        ("+5", "format"),
        ("-", "format"),
        ("1e", "format"),
        ("1e+", "format"),
        ("1e5", "format"),
        ("1e-5", "format"),
        ("1e18", "format"),
        ("1e19", "range"),
        ("-1.5E+000000000000000000019", "range"),
        pytest.param("1e-" + "9" * 5000, "scale", id="long negative exponent"),
        pytest.param("1e" + "9" * 5000, "range", id="long exponent"),
        pytest.param("1e" + "0" * 5000, "format", id="long exponent of 0"),
        (Decimal("NaN"), "format"),
        (Decimal("sNaN"), "format"),
        (Decimal("-Infinity"), "format"),
        (Decimal("-0.00"), "negative_zero"),
        (Decimal("1E+999999999"), "range"),
        (Decimal("-1E-999999999"), "scale"),
        (Decimal("1.001"), "scale"),
        (10**16, "range"),
        pytest.param(10**5000, "range", id="5001 digits"),
    ],
)
def test_amounts_that_are_refused(amount: Any, state: str) -> None:
    assert code(Money, amount, "CNY") == f"money.{state}"


@given(scaled, st.sampled_from(CURRENCIES))
def test_text_round_trip_is_the_identity(minor: int, currency: str) -> None:
    money = Money.of_minor(minor, currency)
    assert Money(str(money.amount), currency) == Money(money.amount, currency) == money
    assert eval(repr(money), {"Money": Money}) == money


@given(any_money)
def test_amounts_do_not_depend_on_the_decimal_context(money: Money) -> None:
    exact = money.amount
    with localcontext(Context(prec=1)):
        assert money.amount == exact
        assert Money(exact, money.currency) == money
        assert Money(str(exact), money.currency) == money


@given(st.text("0123456789.-+eE_ ", max_size=30))
def test_any_text_is_read_as_decimal_reads_it_or_is_refused(text: str) -> None:
    minor = answer(parse_decimal, text, scale=2)
    if isinstance(minor, MalformedInput):
        assert minor.code.startswith("money.")
    else:
        assert Decimal(minor).scaleb(-2) == Decimal(text)


@given(st.decimals())
def test_any_decimal_is_read_exactly_or_is_refused(value: Decimal) -> None:
    minor = answer(parse_decimal, value, scale=2)
    if isinstance(minor, MalformedInput):
        assert minor.code in {f"money.{state}" for state in ("format", "scale", "range", "negative_zero")}
    else:
        assert Decimal(decimal_text(minor, 2)) == value


@given(st.decimals(allow_nan=False, allow_infinity=False), st.integers(0, 6))
def test_a_decimal_and_its_plain_text_have_one_answer(value: Decimal, scale: int) -> None:
    assume(-30 < value.adjusted() < 30)
    read, text = (answer(parse_decimal, given, scale=scale) for given in (value, f"{value:f}"))
    if isinstance(read, MalformedInput):
        assert {read.code, text.code} <= {"money.scale", "money.range"} or read.code == text.code
    else:
        assert read == text


# ------------------------------------------------------------------------------------------------- rounding


@pytest.mark.parametrize(
    ("numerator", "denominator", "rounded"),
    [
        (5, 2, 3),
        (-5, 2, -3),
        (5, -2, -3),
        (-5, -2, 3),
        (1, 3, 0),
        (2, 3, 1),
        (0, -7, 0),
        (149, 100, 1),
        (150, 100, 2),
    ],
)
def test_halves_go_away_from_zero(numerator: int, denominator: int, rounded: int) -> None:
    assert half_up(numerator, denominator) == rounded


@given(scaled, st.integers(1, 10**12) | st.integers(-(10**12), -1))
@example(1, 2)
@example(-1, 2)
def test_rounding_is_that_of_decimal(numerator: int, denominator: int) -> None:
    with localcontext(Context(prec=60)):
        exact = Decimal(numerator) / Decimal(denominator)
        assert half_up(numerator, denominator) == int(exact.quantize(Decimal(1), ROUND_HALF_UP))


@given(some, some, st.integers(1, 10**9))
def test_rounding_is_monotone(one: int, other: int, denominator: int) -> None:
    low, high = sorted((one, other))
    assert half_up(low, denominator) <= half_up(high, denominator)


# ----------------------------------------------------------------------------------------------- arithmetic


@given(money, money, money)
def test_addition_is_that_of_integers(one: Money, two: Money, three: Money) -> None:
    assert (one + two) + three == one + (two + three)
    assert one + two == two + one
    assert one - two == -(two - one)
    assert one + two - two == one
    assert Money.total([one, two, three], "CNY") == one + two + three


@given(money, st.integers(-100, 100))
def test_multiplication_is_repeated_addition(one: Money, factor: int) -> None:
    assert one * factor == factor * one == Money.total([one if factor > 0 else -one] * abs(factor), "CNY")


@given(money, money)
def test_order_is_that_of_amounts(one: Money, two: Money) -> None:
    assert (one < two) == (one.amount < two.amount)
    assert (one <= two) == (one.amount <= two.amount)
    assert (one > two) == (one.amount > two.amount)
    assert (one >= two) == (one.amount >= two.amount)
    assert (one == two) == (one.amount == two.amount)
    assert one != two or hash(one) == hash(two)


@given(money)
def test_signs(one: Money) -> None:
    assert bool(one) == (one.amount != 0)
    assert one.is_positive == (one.amount > 0)
    assert one.is_negative == (one.amount < 0)
    assert abs(one).amount == abs(one.amount)
    assert one + -one == Money.zero("CNY")


@pytest.mark.parametrize("other", [0, 1.0, Decimal(1), "1", None])
def test_money_meets_only_money(other: Any) -> None:
    one = Money("1", "CNY")
    for operate in (
        lambda: one + other,
        lambda: other + one,
        lambda: one - other,
        lambda: other - one,
        lambda: one < other,
        lambda: one <= other,
        lambda: one > other,
        lambda: one >= other,
    ):
        with pytest.raises(TypeError):
            operate()


def test_results_out_of_range_are_refused() -> None:
    most = Money("9999999999999999.99", "CNY")
    fen = Money("0.01", "CNY")
    assert code(lambda: most + fen) == "money.range"
    assert code(lambda: -most - fen) == "money.range"
    assert code(lambda: most * -2) == "money.range"
    assert code(lambda: most.share(2, 1)) == "money.range"
    assert code(Money.total, [most, fen], "CNY") == "money.range"
    assert Money.total([most, fen, -fen], "CNY") == most


def test_the_sum_of_nothing_has_a_currency() -> None:
    assert Money.total([], "JPY") == Money.zero("JPY") == Money(0, "JPY")
    assert code(Money.total, [], "RMB") == "money.currency"
    assert code(Money.zero, "") == "money.currency"


# --------------------------------------------------------------------------------------------------- splits


@pytest.mark.parametrize(
    ("amount", "parts", "expected"),
    [
        ("10000.00", 3, ["3333.34", "3333.33", "3333.33"]),
        ("0.05", 3, ["0.02", "0.02", "0.01"]),
        ("5.47", 3, ["1.83", "1.82", "1.82"]),
        ("-0.05", 3, ["-0.02", "-0.02", "-0.01"]),
        ("0.01", 2, ["0.01", "0"]),
        ("0", 2, ["0", "0"]),
    ],
)
def test_splits(amount: str, parts: int, expected: list[str]) -> None:
    assert Money(amount, "CNY").split(parts) == tuple(Money(part, "CNY") for part in expected)


@pytest.mark.parametrize(
    ("amount", "weights", "expected"),
    [
        ("100.00", [30, 70], ["30.00", "70.00"]),
        ("0.01", [1, 1, 0], ["0.01", "0", "0"]),
        ("0.10", [0, 1, 2], ["0", "0.03", "0.07"]),
        ("1.00", [10**30, 10**30], ["0.50", "0.50"]),
    ],
)
def test_allocations(amount: str, weights: list[int], expected: list[str]) -> None:
    assert Money(amount, "CNY").allocate(weights) == tuple(Money(part, "CNY") for part in expected)


@given(any_money, weights)
def test_allocated_parts_sum_to_the_whole_within_one_minor_unit(money: Money, weights: list[int]) -> None:
    parts = money.allocate(weights)
    assert Money.total(parts, money.currency) == money
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part.minor * sum(weights) - money.minor * weight) < sum(weights)
        assert weight or not part


@given(any_money, weights)
def test_allocation_follows_the_sign_and_the_weights(money: Money, weights: list[int]) -> None:
    parts = money.allocate(weights)
    assert tuple(-part for part in parts) == (-money).allocate(weights)
    ordered = sorted(zip(weights, (abs(part.minor) for part in parts), strict=True))
    assert all(one <= two for (low, one), (high, two) in pairwise(ordered) if low < high)


@given(any_money, st.integers(1, 50))
def test_equal_parts_differ_by_one_minor_unit_the_larger_first(money: Money, parts: int) -> None:
    sizes = [abs(part.minor) for part in money.split(parts)]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] - sizes[-1] <= 1
    assert sum(sizes) == abs(money.minor)


def test_scores_are_apportioned_in_their_own_family() -> None:
    assert apportion(100, (1, 1, 1)) == (34, 33, 33)
    assert code(lambda: apportion(100, (), family="score")) == "score.weights"


@pytest.mark.parametrize(
    ("numerator", "denominator", "expected"),
    [(1, 3, "3.33"), (1, 200, "0.05"), (-1, 3, "-3.33"), (0, 1, "0")],
)
def test_shares(numerator: int, denominator: int, expected: str) -> None:
    assert Money("10.00", "CNY").share(numerator, denominator) == Money(expected, "CNY")
    assert Money("-10.00", "CNY").share(numerator, denominator) == -Money(expected, "CNY")


@pytest.mark.parametrize(
    ("numerator", "denominator"), [(1, 0), (1, -3), (0.5, 1), (1, 2.0), (True, 1), (1, None)]
)
def test_shares_of_nothing_are_refused(numerator: Any, denominator: Any) -> None:
    assert code(Money("10.00", "CNY").share, numerator, denominator) == "money.share"


# ---------------------------------------------------------------------------------------- text and behaviour


@pytest.mark.parametrize(
    ("amount", "currency", "text", "code_text"),
    [
        ("1234.5", "CNY", "CNY 1,234.50", "Money('1234.50', 'CNY')"),
        ("-1234567.89", "CNY", "CNY -1,234,567.89", "Money('-1234567.89', 'CNY')"),
        ("-0.05", "CNY", "CNY -0.05", "Money('-0.05', 'CNY')"),
        ("1234", "JPY", "JPY 1,234", "Money('1234', 'JPY')"),
        ("0", "KWD", "KWD 0.000", "Money('0.000', 'KWD')"),
    ],
)
def test_texts(amount: str, currency: str, text: str, code_text: str) -> None:
    assert str(Money(amount, currency)) == text
    assert repr(Money(amount, currency)) == code_text


def test_money_is_a_frozen_value() -> None:
    one: Any = Money("1.50", "CNY")
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        one.minor = 2
    with pytest.raises((AttributeError, TypeError)):
        one.other = 2
    assert copy.deepcopy(one) == pickle.loads(pickle.dumps(one)) == one


def test_signs_are_checked_with_the_name_of_the_field() -> None:
    one, none = Money("1", "CNY"), Money.zero("CNY")
    assert positive(one, "amount") is one
    assert not_negative(none) is none
    for check, amount, expected in (
        (positive, none, "money.zero"),
        (positive, -one, "money.sign"),
        (not_negative, -one, "money.sign"),
    ):
        with pytest.raises(MalformedInput) as caught:
            check(amount, "amount")
        assert (caught.value.code, caught.value.field) == (expected, "amount")
