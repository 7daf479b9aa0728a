"""Discounts of an amount: off the whole part, shared by what it is paid in, never more than that."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.kernel.money import Money, Percentage
from pharmacrm.core.values.planning import taxable
from pharmacrm.core.values.schedule import credit_plan, plan, split_prepaid
from pharmacrm.core.values.term_sets import from_erpnext
from pharmacrm.core.values.terms import EarlyDiscount, Fixed, parse_terms
from tests.covers import covers

DAY = date(2026, 1, 31)


def yuan(text: str) -> Money:
    return Money(text, "CNY")


@covers("XT-25")
@pytest.mark.parametrize(
    ("text", "amount", "offs"),
    [
        ("less 20.00/10 net 30", "1000.00", ["20.00"]),
        ("less 20.00/10 net 30", "15.00", ["15.00"]),  # never more than there is to pay
        ("less 20.00/10 net 30", "-1000.00", ["-20.00"]),
        ("less 30/10 less 20/20 net 60", "1000.00", ["30.00", "20.00"]),
        ("less 10.00/10 3 monthly", "1000.00", ["3.33", "3.34", "3.33"]),
        ("50% less 10.00/10 net 30, rest 2/10 net 60", "100.00", ["10.00", "1.00"]),
    ],
)
def test_an_amount_is_off_the_part(text, amount, offs):
    made = plan(parse_terms(text), yuan(amount), anchor=DAY)
    found = [offer.amount for part in made.instalments for offer in part.discounts]
    assert found == [yuan(each) for each in offs]


def test_what_the_customer_pays_less_has_its_tax():
    made = plan(parse_terms("less 20.00/10 net 30"), yuan("113.00"), anchor=DAY, untaxed=yuan("100.00"))
    assert made.instalments[0].discounts[0].tax == yuan("2.30")
    stays = parse_terms("less 20.00/10 net 30, discount of untaxed")
    made = plan(stays, yuan("113.00"), anchor=DAY, untaxed=yuan("100.00"))
    assert (made.instalments[0].discounts[0].amount, made.instalments[0].discounts[0].tax) == (
        yuan("20.00"),
        yuan("0.00"),
    )
    advance = parse_terms("less 20.00/10 net 30, discount of untaxed in advance")
    assert taxable(advance, yuan("100.00")) == yuan("80.00")
    assert taxable(advance, yuan("-100.00")) == yuan("-80.00")
    assert taxable(advance, yuan("15.00")) == yuan("0.00")


def test_deliveries_of_an_order_share_it():
    terms = parse_terms("30% prepaid, rest less 70.00/10 net 30")
    whole = yuan("1000.00")
    (part,) = credit_plan(terms, yuan("350.00"), anchor=DAY, order_total=whole).instalments
    assert part.discounts[0].amount == yuan("35.00")
    (alone,) = credit_plan(terms, yuan("350.00"), anchor=DAY).instalments
    assert alone.discounts[0].amount == yuan("70.00")  # taken for the whole order


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("less 20/10 less 20/20 net 30", "terms.discount"),
        ("less 20/10 less 30/20 net 30", "terms.discount"),
        ("less 20/10 1/20 net 30", "terms.discount"),
        ("less 20/31 net 30", "terms.discount"),
        ("less 0/10 net 30", "terms.format"),
        ("less 20%/10 net 30", "terms.format"),
        ("less  20/10 net 30", "terms.format"),
        ("less 20/10 prepaid", "terms.prepaid"),
    ],
)
def test_what_cannot_be_meant_is_refused(text, code):
    with pytest.raises(MalformedInput) as caught:
        parse_terms(text)
    assert caught.value.code == code


def test_more_decimals_than_the_currency_has():
    with pytest.raises(MalformedInput) as caught:
        plan(parse_terms("less 0.5/10 net 30"), Money("100", "JPY"), anchor=DAY)
    assert caught.value.code == "money.scale"


def test_erpnext_has_them():
    row = {
        "invoice_portion": 100,
        "credit_days": 30,
        "discount_type": "Amount",
        "discount": Decimal("12.50"),
        "discount_validity": 10,
    }
    assert str(from_erpnext({"template_name": "A", "terms": [row]}).terms) == "less 12.5/10 net 30"


_parts = st.lists(st.integers(1, 10**9), min_size=1, max_size=6)
_anchors = st.dates(date(1900, 1, 1), date(2190, 1, 1))


@given(st.integers(-(10**11), 10**11), st.integers(1, 10**7), st.integers(1, 40), _anchors)
def test_law_the_shares_of_the_instalments_sum_to_it_and_none_is_too_much(minor, off, times, anchor):
    terms = parse_terms(f"less {off}/10 {times} monthly")
    made = plan(terms, Money.of_minor(minor, "CNY"), anchor=anchor)
    pairs = [(part.amount.minor, offer.amount.minor) for part in made.instalments for offer in part.discounts]
    assert abs(sum(share for _, share in pairs)) == min(off * 100, abs(minor))
    assert all(abs(share) <= abs(each) and share * each >= 0 for each, share in pairs)


@given(_parts, st.integers(1, 10**6), st.integers(0, 90))
def test_law_deliveries_never_get_more_than_a_minor_unit_each_beside_it(parts, off, prepaid):
    terms = parse_terms((f"{prepaid}% prepaid, rest " if prepaid else "") + f"less {off}/10 net 30")
    total = Money.of_minor(sum(parts), "CNY")
    credit = split_prepaid(terms, total)[1]
    shares = []
    for piece in credit.allocate(parts):
        for part in credit_plan(terms, piece, anchor=DAY, order_total=total).instalments:
            assert all(offer.amount <= part.amount for offer in part.discounts)
            shares += [offer.amount.minor for offer in part.discounts]
    assert abs(sum(shares) - min(off * 100, credit.minor)) <= len(parts)


@given(st.integers(1, 10**8), st.integers(1, 10**8))
def test_law_only_the_larger_of_a_kind_beats(one, other):
    first, second = EarlyDiscount(Fixed(str(one)), 1), EarlyDiscount(Fixed(str(other)), 2)
    assert first.beats(second) is (one > other)
    assert not first.beats(EarlyDiscount(Percentage("1%"), 2))
    assert not EarlyDiscount(Percentage("1%"), 2).beats(first)
