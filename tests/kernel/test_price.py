"""Unit prices, percentages and quantities: exact, rounded once."""

import copy
import pickle
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from attrs import field, frozen
from hypothesis import given
from hypothesis import strategies as st

from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.kernel.money import Money, Percentage, Price, as_percentage, as_price, as_quantity

FEN = Decimal("0.01")

prices = st.builds(Price.of_micros, st.integers(0, 10**12))
rates = st.builds(Percentage.of_units, st.integers(0, 1_000_000))
amounts = st.builds(Money.of_minor, st.integers(-(10**15), 10**15), st.just("CNY"))


def code(do: Any, *arguments: Any) -> str:
    with pytest.raises(MalformedInput) as caught:
        do(*arguments)
    return caught.value.code


@pytest.mark.parametrize(
    ("amount", "micros", "text"),
    [
        ("0.0363", 36_300, "0.0363"),
        ("12.5", 12_500_000, "12.50"),
        ("12.500000", 12_500_000, "12.50"),
        ("0.000001", 1, "0.000001"),
        (3, 3_000_000, "3.00"),
        (Decimal("0.10"), 100_000, "0.10"),
        ("0", 0, "0.00"),
        ("999999999999.999999", 10**18 - 1, "999999999999.999999"),
    ],
)
def test_prices(amount: Any, micros: int, text: str) -> None:
    assert Price(amount).micros == micros
    assert str(Price(amount)) == text
    assert repr(Price(amount)) == f"Price('{text}')"


@pytest.mark.parametrize(
    ("amount", "state"),
    [
        ("-0.01", "sign"),
        (-1, "sign"),
        ("0.0000001", "scale"),
        (10**12, "range"),
        ("-0", "negative_zero"),
        (0.0363, "type"),
        (True, "type"),
        (None, "required"),
        ("0.0363 CNY", "format"),
    ],
)
def test_prices_that_are_refused(amount: Any, state: str) -> None:
    assert code(Price, amount) == f"price.{state}"


@pytest.mark.parametrize(
    ("price", "quantity", "currency", "total"),
    [
        ("0.0363", 200, "CNY", "7.26"),
        ("0.0363", 1, "CNY", "0.04"),
        ("0.005", 1, "CNY", "0.01"),
        ("0.005", -1, "CNY", "-0.01"),
        ("0.004999", 1, "CNY", "0.00"),
        ("0.5", 1, "JPY", "1"),
        ("0.0005", 1, "KWD", "0.001"),
        ("0.00005", 1, "CLF", "0.0001"),
        ("12.50", 0, "CNY", "0"),
    ],
)
def test_a_line_rounds_once(price: str, quantity: int, currency: str, total: str) -> None:
    assert Price(price).times(quantity, currency) == Money(total, currency)


def test_lines_that_are_refused() -> None:
    price = Price("999999999999")
    assert code(price.times, 10**6, "CNY") == "money.range"
    assert code(price.times, 1, "RMB") == "money.currency"
    for quantity in (1.0, True, "1", None):
        assert code(price.times, quantity, "CNY") == "quantity.type"


@given(prices, st.integers(-(10**6), 10**6))
def test_a_line_is_rounded_like_decimal(price: Price, quantity: int) -> None:
    exact = Decimal(str(price)) * quantity
    assert price.times(quantity, "CNY").amount == exact.quantize(FEN, ROUND_HALF_UP)
    assert price.times(-quantity, "CNY") == -price.times(quantity, "CNY")


@given(prices, st.integers(0, 10**6), st.integers(0, 10**6))
def test_more_never_costs_less(price: Price, one: int, other: int) -> None:
    assert price.times(min(one, other), "CNY") <= price.times(max(one, other), "CNY")


@given(prices)
def test_prices_round_trip_as_text(price: Price) -> None:
    assert Price(str(price)) == as_price(str(price)) == price
    assert hash(Price(str(price))) == hash(price)
    assert copy.deepcopy(price) == pickle.loads(pickle.dumps(price)) == price


@given(prices, prices)
def test_prices_are_ordered(one: Price, other: Price) -> None:
    assert (one < other) == (one.micros < other.micros)
    assert (one >= other) == (one.micros >= other.micros)


def test_prices_compare_only_with_prices() -> None:
    one: Any = Price("1")
    assert one != 1
    assert one != Money("1", "CNY")
    with pytest.raises(TypeError):
        assert one < 2


# ---------------------------------------------------------------------------------------------- percentages


@pytest.mark.parametrize(
    ("text", "units", "written"),
    [
        ("13%", 130_000, "13%"),
        ("13.0%", 130_000, "13%"),
        ("12.5%", 125_000, "12.5%"),
        ("0.0001%", 1, "0.0001%"),
        ("0%", 0, "0%"),
        ("100%", 1_000_000, "100%"),
    ],
)
def test_percentages(text: str, units: int, written: str) -> None:
    assert Percentage(text) == Percentage.of_units(units)
    assert str(Percentage(text)) == written
    assert repr(Percentage(text)) == f"Percentage('{written}')"


@pytest.mark.parametrize(
    ("rate", "state"),
    [
        ("13", "format"),
        ("0.13", "format"),
        ("", "format"),
        ("%", "format"),
        ("13%%", "format"),
        ("13 %", "format"),
        ("%13", "format"),
        ("13\uff05", "format"),
        ("100.0001%", "range"),
        ("-1%", "range"),
        ("1e999999%", "range"),
        ("-0%", "negative_zero"),
        ("13.00001%", "scale"),
        (13, "type"),
        (0.13, "type"),
        (Decimal("0.13"), "type"),
        (None, "required"),
    ],
)
def test_percentages_that_are_refused(rate: Any, state: str) -> None:
    assert code(Percentage, rate) == f"percentage.{state}"


@pytest.mark.parametrize(
    ("rate", "amount", "part"),
    [("13%", "100.00", "13.00"), ("13%", "0.50", "0.07"), ("0%", "9.99", "0"), ("100%", "9.99", "9.99")],
)
def test_parts_of_amounts(rate: str, amount: str, part: str) -> None:
    assert Percentage(rate).of(Money(amount, "CNY")) == Money(part, "CNY")
    assert Percentage(rate).of(-Money(amount, "CNY")) == -Money(part, "CNY")


@pytest.mark.parametrize(
    ("rate", "gross", "tax"),
    [("13%", "113.00", "13.00"), ("13%", "100.00", "11.50"), ("3%", "1.00", "0.03"), ("0%", "100.00", "0")],
)
def test_tax_included(rate: str, gross: str, tax: str) -> None:
    assert Percentage(rate).included_in(Money(gross, "CNY")) == Money(tax, "CNY")


@given(rates, amounts)
def test_parts_are_rounded_like_decimal_and_never_exceed_the_whole(rate: Percentage, amount: Money) -> None:
    exact = amount.amount * rate.units / 1_000_000
    assert rate.of(amount).amount == exact.quantize(FEN, ROUND_HALF_UP)
    assert abs(rate.of(amount)) <= abs(amount)
    assert abs(rate.included_in(amount)) <= abs(rate.of(amount))


@given(rates, amounts)
def test_the_tax_of_a_net_amount_is_found_in_its_gross_amount(rate: Percentage, net: Money) -> None:
    tax = rate.of(net)
    assert abs(rate.included_in(net + tax).minor - tax.minor) <= 1


@given(rates)
def test_percentages_round_trip_as_text(rate: Percentage) -> None:
    assert as_percentage(str(rate)) == rate
    assert hash(Percentage(str(rate))) == hash(rate)
    assert copy.deepcopy(rate) == pickle.loads(pickle.dumps(rate)) == rate


# --------------------------------------------------------------------------------------------- quantities


@pytest.mark.parametrize("quantity", [1, 200, 10**12 - 1])
def test_quantities(quantity: int) -> None:
    assert as_quantity(quantity) == quantity


@pytest.mark.parametrize(
    ("quantity", "state"),
    [(0, "zero"), (-1, "sign"), (-(10**40), "sign"), (10**12, "range"), (10**40, "range")]
    + [(bad, "type") for bad in (1.0, True, "1", None, Decimal(1))],
)
def test_quantities_that_are_refused(quantity: Any, state: str) -> None:
    assert code(as_quantity, quantity) == f"quantity.{state}"


def test_converters_serve_attrs_fields() -> None:
    @frozen
    class Line:
        quantity: int = field(converter=as_quantity)
        price: Price = field(converter=as_price)
        tax: Percentage = field(converter=as_percentage)

    line = Line(200, "0.0363", "13%")
    assert line == Line(200, Price("0.0363"), Percentage("13%"))
    assert line.tax.of(line.price.times(line.quantity, "CNY")) == Money("0.94", "CNY")
