"""The amounts of the parts: switches of rounding and over-allocation, percentages of three bases."""

from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.kernel.money import Money, Percentage
from pharmacrm.core.values.schedule import credit_plan, plan, split, split_prepaid
from pharmacrm.core.values.terms import (
    AmountPolicy,
    Base,
    DiscountBase,
    DiscountPolicy,
    Fixed,
    Overrun,
    Portion,
    Rounding,
    parse_terms,
    portion,
)
from tests.covers import covers
from tests.values.strategies import amounts, anchors, switched_terms


def cny(amount: str) -> Money:
    return Money(amount, "CNY")


def pieces(written: str, amount: str, untaxed: str | None = None) -> list[str]:
    found = split(parse_terms(written), cny(amount), untaxed=cny(untaxed) if untaxed else None)
    return [str(piece.amount) for piece in found]


@covers("XT-24", "XT-25")
@pytest.mark.parametrize(
    ("written", "amount", "expected"),
    [
        ("50% net 1, 50% net 2", "0.05", ["0.03", "0.02"]),
        ("50% net 1, 50% net 2, round half up", "0.05", ["0.03", "0.02"]),
        ("50% net 1, 50% net 2, round half even", "0.05", ["0.02", "0.03"]),
        ("50% net 1, 50% net 2, round half even", "0.07", ["0.04", "0.03"]),
        ("25% net 1, 25% net 2, 50% net 3, round half up", "0.02", ["0.01", "0.01", "0.00"]),
        ("33.3333% net 1, 33.3333% net 2, rest net 3", "5.47", ["1.82", "1.82", "1.83"]),
        ("33.3333% net 1, 33.3333% net 2, rest net 3", "30000.00", ["9999.99", "9999.99", "10000.02"]),
        ("33.333333% net 1, 33.333333% net 2, rest net 3", "30000.00", ["10000.00", "10000.00", "10000.00"]),
        ("33.3333% net 1, 33.3333% net 2, rest net 3, round to 10", "100.00", ["30.00", "30.00", "40.00"]),
        ("50% net 1, 50% net 2, round to 100", "1050.00", ["500.00", "550.00"]),
        ("rest net 9, 25% net 1, round to 100", "1000.00", ["700.00", "300.00"]),
        ("25% net 1, rest net 9, round half even, round to 100", "1000.00", ["200.00", "800.00"]),
        ("33.333333% net 1, 50% of rest net 2, rest net 3", "100.00", ["33.33", "33.34", "33.33"]),
        ("1000.00 net 1, 50% of rest net 2, rest net 3", "1500.00", ["1000.00", "250.00", "250.00"]),
        ("1000.00 net 1, 50% of rest net 2, rest net 3", "900.00", ["900.00", "0.00", "0.00"]),
        ("1500.00 net 1, rest net 2", "1000.00", ["1000.00", "0.00"]),
        ("1500.00 net 1, rest net 2, overrun negative", "1000.00", ["1500.00", "-500.00"]),
        ("1500.00 net 1, rest net 2, overrun negative", "-1000.00", ["-1500.00", "500.00"]),
        ("1500.00 net 1, rest net 2, overrun refused", "1500.00", ["1500.00", "0.00"]),
        ("25% net 1, 25% net 2, 25% net 3, rest net 4, round half up, overrun negative", "0.02",
         ["0.01", "0.01", "0.01", "-0.01"]),
        ("1500.00 net 1, rest net 2, overrun negative", "0.00", ["0.00", "0.00"]),
    ],
)  # fmt: skip
def test_golden_splits(written, amount, expected):
    assert pieces(written, amount) == expected
    assert pieces(written, str((-cny(amount)).amount)) == [str((-cny(piece)).amount) for piece in expected]


@pytest.mark.parametrize(
    ("written", "untaxed", "expected"),
    [
        ("30% of untaxed prepaid, rest net 60", "100.00", ["30.00", "83.00"]),
        ("100% of untaxed net 30, rest net 60", "100.00", ["100.00", "13.00"]),  # the tax later
        ("50% net 1, 50% of untaxed net 2, rest net 3", "100.00", ["56.50", "50.00", "6.50"]),
        ("50% net 1, 100% of untaxed net 2, rest net 3", "100.00", ["56.50", "56.50", "0.00"]),
    ],
)
def test_percentages_of_the_amount_without_tax(written, untaxed, expected):
    assert pieces(written, "113.00", untaxed) == expected


@pytest.mark.parametrize("untaxed", [None, "-0.01"])
def test_the_amount_without_tax_is_wanted_and_has_the_sign_of_the_amount(untaxed):
    with pytest.raises(MalformedInput) as caught:
        pieces("30% of untaxed prepaid, rest net 60", "113.00", untaxed)
    assert (caught.value.code, caught.value.field) == ("terms.untaxed", "untaxed")


def test_the_amount_without_tax_is_in_the_same_currency():
    with pytest.raises(MalformedInput, match=r"money\.mixed_currency"):
        split(parse_terms("net 30"), cny("1"), untaxed=Money("1", "JPY"))


def test_an_overrun_can_be_refused():
    with pytest.raises(MalformedInput) as caught:
        pieces("40% net 1, 900.00 net 2, rest net 3, overrun refused", "1499.99")
    assert (caught.value.code, caught.value.field) == ("terms.overrun", "amount")
    assert pieces("40% net 1, 900.00 net 2, rest net 3, overrun refused", "1500.00") == [
        "600.00",
        "900.00",
        "0.00",
    ]


def test_an_order_never_has_more_prepaid_than_its_amount():
    terms = parse_terms("1500.00 prepaid, rest net 30, overrun negative")
    assert split_prepaid(terms, cny("1000.00")) == (cny("1000.00"), cny("0.00"))


def test_a_delivery_is_split_like_its_order_with_shares_of_the_untaxed_amount():
    terms = parse_terms("100% of untaxed net 30, rest net 60")
    planned = credit_plan(
        terms,
        cny("56.50"),
        anchor=date(2026, 1, 31),
        order_total=cny("113.00"),
        order_untaxed=cny("100.00"),
    )
    assert [str(line.amount.amount) for line in planned.instalments] == ["50.00", "6.50"]


REFUSED: list[tuple[Any, tuple[Any, ...], str]] = [
    (Portion, (0, Base.REST), "terms.sum"),
    (Portion, (100_000_001, Base.REST), "terms.sum"),
    (Portion, (True, Base.REST), "terms.sum"),
    (AmountPolicy, ("half up",), "terms.format"),
    (AmountPolicy, (Rounding.HALF_UP, Overrun.STOP, "10"), "terms.format"),
    (DiscountPolicy, ("untaxed",), "terms.format"),
    (Portion, (1, "rest"), "terms.format"),
    (Portion, (100, Base.TOTAL), "terms.format"),
    (portion, ("-1", Base.TOTAL), "terms.sum"),
]


@pytest.mark.parametrize(("kind", "arguments", "code"), REFUSED)
def test_portions_that_cannot_be_meant(kind, arguments, code):
    with pytest.raises(MalformedInput) as caught:
        kind(*arguments)
    assert caught.value.code == code


def test_a_portion_of_the_total_that_is_a_percentage_is_one():
    assert portion("30") == Percentage("30%")
    assert portion("33.333333") == Portion(33_333_333, Base.TOTAL)


@given(switched_terms(), amounts, st.integers(0, 1000))
def test_law_whatever_the_switches_the_parts_sum_exactly(terms, amount, thousandths):
    untaxed = amount.share(thousandths, 1000)
    found = split(terms, amount, untaxed=untaxed)
    assert Money.total(found, amount.currency) == amount
    prepaid, credit = split_prepaid(terms, amount, untaxed=untaxed)
    assert prepaid + credit == amount
    assert abs(prepaid) <= abs(amount)
    assert split(terms, -amount, untaxed=-untaxed) == tuple(-piece for piece in found)


@given(switched_terms(), amounts, anchors)
def test_law_whatever_the_switches_plans_sum_exactly(terms, amount, anchor):
    planned = plan(terms, amount, anchor=anchor, untaxed=amount)
    assert Money.total((line.amount for line in planned.instalments), amount.currency) == amount
    for line in planned.instalments:
        assert all(abs(offer.amount) <= abs(line.amount) for offer in line.discounts)


@given(
    st.sampled_from([Rounding.HALF_UP, Rounding.HALF_EVEN]),
    st.integers(1, 999_999),
    st.integers(-(10**12), 10**12),
)
def test_law_each_rounds_by_itself_to_the_nearest_minor_unit(rounding, units, minor):
    terms = parse_terms(f"{Percentage.of_units(units)} net 1, rest net 2")
    terms = evolve(terms, amounts=evolve(terms.amounts, rounding=rounding, overrun=Overrun.NEGATIVE))
    first, _ = split(terms, Money.of_minor(minor, "CNY"))
    exact = Fraction(abs(minor) * units, 1_000_000)
    assert abs(abs(first.minor) - exact) <= Fraction(1, 2)
    if rounding is Rounding.HALF_EVEN:
        assert abs(first.minor) == round(exact)


@given(st.integers(1, 10**6), st.integers(1, 99), st.integers(0, 10**9))
def test_law_all_but_the_last_line_are_multiples(multiple, percent, minor):
    terms = parse_terms(f"{percent}% net 1, rest net 2")
    terms = evolve(terms, amounts=evolve(terms.amounts, multiple=Fixed(str(multiple))))
    first, rest = split(terms, Money.of_minor(minor, "CNY"))
    assert first.minor % (multiple * 100) == 0 or not rest


def test_the_base_of_a_discount_and_its_tax():
    found = {}
    for base in DiscountBase:
        terms = parse_terms("50% 2/10 net 30, rest net 60")
        terms = evolve(terms, discounting=evolve(terms.discounting, base=base))
        planned = plan(terms, cny("113.00"), anchor=date(2026, 1, 5), untaxed=cny("100.00"))
        offer = planned.instalments[0].discounts[0]
        found[base] = (str(offer.amount.amount), str("" if offer.tax is None else offer.tax.amount))
    assert found == {
        DiscountBase.TOTAL: ("1.13", "0.13"),
        DiscountBase.UNTAXED: ("1.00", "0.00"),
        DiscountBase.IN_ADVANCE: ("1.00", "0.00"),
    }


@given(switched_terms(), amounts, st.integers(0, 1000), anchors)
def test_law_a_returned_delivery_mirrors_it_discounts_included(terms, amount, thousandths, anchor):
    if not any(part.kind.on_credit for part in terms.parts):
        return
    untaxed = amount.share(thousandths, 1000)
    there = credit_plan(terms, amount, anchor=anchor, order_total=amount, order_untaxed=untaxed)
    back = credit_plan(terms, -amount, anchor=anchor, order_total=-amount, order_untaxed=-untaxed)
    assert Money.total((line.amount for line in there.instalments), amount.currency) == amount
    for one, other in zip(there.instalments, back.instalments, strict=True):
        assert (one.due, one.amount) == (other.due, -other.amount)
        assert [offer.amount for offer in one.discounts] == [-offer.amount for offer in other.discounts]
