"""Line amounts round once, orders are sums, and shares of partial shipments sum exactly."""

import pytest
from attrs import fields
from hypothesis import given
from hypothesis import strategies as st

from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.kernel.money import Money, Percentage, Price
from pharmacrm.core.orders.amounts import credit_part, credit_share, draft, line_amounts, step_share
from pharmacrm.core.orders.values import Line
from pharmacrm.core.values.terms import parse_terms
from pharmacrm.core.values.trade import PaymentMethod, SalesChannel
from tests.covers import covers
from tests.orders.builders import head, order_of, yuan

prices = st.integers(0, 10**9).map(Price.of_micros)
rates = st.sampled_from([Percentage(rate) for rate in ("0%", "1%", "3%", "9%", "13%", "100%")])
lines = st.builds(Line, st.sampled_from(["A", "B", "C"]), st.integers(1, 10**6), prices, rates, st.booleans())


@covers("XT-04", "R-08")
@pytest.mark.parametrize(
    ("quantity", "price", "rate", "included", "net", "tax", "gross"),
    [
        (200, "0.0363", "13%", True, "6.42", "0.84", "7.26"),
        (1, "113", "13%", True, "100.00", "13.00", "113.00"),
        (1, "100", "13%", False, "100.00", "13.00", "113.00"),
        (3, "0.005", "0%", True, "0.02", "0.00", "0.02"),  # 0.015 rounds once, half up
        (1, "0.004", "13%", True, "0.00", "0.00", "0.00"),
        (10, "0.335", "9%", False, "3.35", "0.30", "3.65"),
        (7, "0", "13%", True, "0.00", "0.00", "0.00"),
    ],
)
def test_a_line_rounds_once_half_up(quantity, price, rate, included, net, tax, gross):
    sums = line_amounts(quantity, Price(price), Percentage(rate), included=included, currency="CNY")
    assert (sums.net, sums.tax, sums.gross) == (yuan(net), yuan(tax), yuan(gross))


def test_a_currency_without_minor_units_rounds_to_whole_ones():
    sums = line_amounts(3, Price("0.5"), Percentage("10%"), included=False, currency="JPY")
    assert (sums.net, sums.tax, sums.gross) == (Money(2, "JPY"), Money(0, "JPY"), Money(2, "JPY"))


@covers("XT-04")
@given(st.lists(lines, max_size=6))
def test_an_order_is_the_sum_of_its_lines(written):
    order, parts = draft(head(), written, currency="CNY")
    assert order.total == Money.total((part.gross for part in parts), "CNY")
    assert order.net + order.tax == order.total
    assert all(part.net + part.tax == part.gross for part in parts)
    assert [part.id for part in parts] == [f"SO-1/{number}" for number in range(1, len(written) + 1)]


def test_a_price_may_be_of_a_pack():
    order, (box, tablet) = draft(
        head(), [Line("A", 3, "12.50", unit="box"), Line("B", 7, "0.1")], currency="CNY", sizes=[24, 1]
    )
    assert (box.quantity, box.unit, box.per, box.gross) == (72, "box", 24, yuan("37.50"))
    assert (tablet.quantity, tablet.per, order.total) == (7, 1, yuan("38.20"))


def test_nothing_that_the_caller_wrote_is_lost():
    said = head(
        unit="east",
        channel=SalesChannel.RETAIL,
        method=PaymentMethod.CHEQUE,
        purchaser="letter-1",
        prescription="RX-9",
        identified=True,
        note="gate 3",
    )
    order, (part,) = draft(said, [Line("A", 3, "12.50", "9%", tax_included=False)], currency="CNY")
    for field in fields(type(said)):
        assert getattr(order, field.name) == getattr(said, field.name), field.name
    assert (part.order, part.product, part.number) == ("SO-1", "A", 1)
    assert (part.price, part.tax_rate, part.tax_included) == (Price("12.50"), Percentage("9%"), False)
    assert (order.net, order.tax) == (part.net, part.tax) == (yuan("37.50"), yuan("3.38"))


@given(st.integers(0, 10**12), st.lists(st.integers(1, 10**6), min_size=1, max_size=8))
def test_steps_sum_to_the_whole_and_none_is_negative(total, steps):
    whole, before, taken = sum(steps), 0, []
    for step in steps:
        taken.append(step_share(Money.of_minor(total, "CNY"), before, step, whole))
        before += step
    assert Money.total(taken, "CNY").minor == total
    assert all(not part.is_negative for part in taken)


@covers("XT-09", "XT-26")
@given(
    st.lists(st.integers(0, 10**9), min_size=1, max_size=6),
    st.sampled_from(["net 30", "30% prepaid, rest net 60", "33.3333% prepaid, rest net 1", "100% prepaid"]),
)
def test_credit_of_slips_sums_to_that_of_the_order_and_never_exceeds_a_slip(amounts, terms):
    total = sum(amounts)
    order, _ = order_of(Line("A", 1, Price.of_micros(total * 10_000)), terms=parse_terms(terms))
    credit, before, shares = credit_part(order), Money.zero("CNY"), []
    for minor in amounts:
        now = Money.of_minor(minor, "CNY")
        shares.append(credit_share(order.total, credit, before, now))
        assert Money.zero("CNY") <= shares[-1] <= now
        before += now
    assert Money.total(shares, "CNY") == credit


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"quantity": 0}, "quantity.zero", "quantity"),
        ({"quantity": True}, "quantity.type", "quantity"),
        ({"price": "-1"}, "price.sign", "price"),
        ({"price": 0.1}, "price.type", "price"),
        ({"tax_rate": "13"}, "percentage.format", "tax_rate"),
        ({"tax_included": 1}, "truth.type", "tax_included"),
        ({"product": " A"}, "id.malformed", "product"),
    ],
)
def test_a_line_is_read_strictly(change, code, field):
    with pytest.raises(MalformedInput) as error:
        Line(**{"product": "A", "quantity": 1, "price": "1", **change})
    assert (error.value.code, error.value.field) == (code, field)


def test_a_line_reads_as_in_the_manual():
    line = Line("AMX-500", 200, "0.0363")
    assert (line.price, line.tax_rate, line.tax_included, line.unit) == (
        Price("0.0363"),
        Percentage("13%"),
        True,
        "",
    )
