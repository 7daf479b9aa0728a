from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pharmacrm.core.kernel.calendar import WEEKENDS, Roll
from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.kernel.money import Money, Percentage
from pharmacrm.core.values.schedule import Plan, credit_plan, fill, plan, split, split_prepaid
from pharmacrm.core.values.terms import PartKind, parse_terms
from pharmacrm.core.values.timetable import timetable
from pharmacrm.plugins.calendars import china
from tests.covers import covers
from tests.values.strategies import amounts, anchors, calendars, payment_terms, rolls

JAN_31 = date(2026, 1, 31)


def cny(amount: str) -> Money:
    return Money(amount, "CNY")


def lines(planned: Plan) -> list[tuple[str, str]]:
    return [(line.due.isoformat(), str(line.amount.amount)) for line in planned.instalments]


def total(planned: Plan, currency: str) -> Money:
    return Money.total((line.amount for line in planned.instalments), currency)


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        ("10000.00", ["3333.34", "3333.33", "3333.33"]),
        ("0.05", ["0.02", "0.02", "0.01"]),
        ("5.47", ["1.83", "1.82", "1.82"]),  # frappe/erpnext#12057
        ("30000.00", ["10000.00", "10000.00", "10000.00"]),  # frappe/erpnext#26951
        ("-10000.00", ["-3333.34", "-3333.33", "-3333.33"]),
        ("0.01", ["0.01"]),
        ("0.00", ["0.00"]),
    ],
)
@covers("XT-24")
def test_golden_splits_in_three(amount, expected):
    planned = plan(parse_terms("3 monthly"), cny(amount), anchor=JAN_31, roll=Roll.NONE)
    assert [str(line.amount.amount) for line in planned.instalments] == expected


@pytest.mark.parametrize(
    ("written", "anchor", "due"),
    [
        ("3 monthly", "2026-01-31", "2026-02-28 2026-03-31 2026-04-30"),
        ("net 12 months", "2028-02-29", "2029-02-28"),
        ("net 30", "2026-01-31", "2026-03-02"),
        ("end of month + 30", "2026-01-31", "2026-03-02"),
        ("day 15 of next month", "2026-01-31", "2026-02-15"),
        ("net 45 end of month", "2021-09-13", "2021-10-31"),
        ("end of month + 45", "2021-09-13", "2021-11-14"),
        ("end of next month", "2025-02-28", "2025-03-31"),
    ],
)
@covers("XT-24", "XT-25")
def test_golden_due_dates(written, anchor, due):
    planned = plan(parse_terms(written), cny("100.00"), anchor=date.fromisoformat(anchor), roll=Roll.NONE)
    assert [line.due.isoformat() for line in planned.instalments] == due.split()


@pytest.mark.parametrize(
    ("written", "amount", "expected"),
    [
        ("30% prepaid, rest net 60", "0.05", [("2026-01-31", "0.02"), ("2026-04-01", "0.03")]),
        ("1000.00 prepaid, rest net 30", "1000.01", [("2026-01-31", "1000.00"), ("2026-03-02", "0.01")]),
        ("1000.00 prepaid, rest net 30", "999.99", [("2026-01-31", "999.99")]),
        ("1000.00 prepaid, rest net 30", "-1000.01", [("2026-01-31", "-1000.00"), ("2026-03-02", "-0.01")]),
        (
            "600.00 prepaid, 50% net 10, rest net 30",
            "1000.00",
            [("2026-01-31", "600.00"), ("2026-02-10", "400.00")],
        ),
        ("rest net 60, 30% net 30", "100.00", [("2026-03-02", "30.00"), ("2026-04-01", "70.00")]),
        ("30% prepaid, rest net 60", "0.00", [("2026-01-31", "0.00")]),
    ],
)
def test_amounts_by_parts(written, amount, expected):
    assert lines(plan(parse_terms(written), cny(amount), anchor=JAN_31, roll=Roll.NONE)) == expected


def test_currencies_have_their_own_minor_units():
    planned = plan(parse_terms("3 monthly"), Money("100", "JPY"), anchor=JAN_31)
    assert [str(line.amount.amount) for line in planned.instalments] == ["34", "33", "33"]
    with pytest.raises(MalformedInput, match=r"money\.scale"):
        plan(parse_terms("10.50 prepaid, rest net 30"), Money("100", "JPY"), anchor=JAN_31)


@covers("XT-25")
def test_discounts_are_what_may_be_deducted_until_a_business_day():
    (line,) = plan(parse_terms("3/10 2/21 net 30"), cny("1000.01"), anchor=JAN_31).instalments
    assert [(offer.until, offer.amount) for offer in line.discounts] == [
        (date(2026, 2, 10), cny("30.00")),
        (date(2026, 2, 23), cny("20.00")),  # 21 February is a Saturday
    ]


@pytest.mark.parametrize(
    ("roll", "due"),
    [
        (Roll.NONE, "2026-02-15"),
        (Roll.FOLLOWING, "2026-02-24"),
        (Roll.PRECEDING, "2026-02-14"),
        (Roll.MODIFIED_FOLLOWING, "2026-02-24"),
    ],
)
@covers("XT-24")
def test_due_dates_step_over_the_spring_festival(roll, due):
    planned = plan(parse_terms("day 15 of next month"), cny("9"), anchor=JAN_31, calendar=china(), roll=roll)
    assert [line.due.isoformat() for line in planned.instalments] == [due]
    assert planned.unpublished == ()


def test_a_due_date_never_moves_before_the_anchor():
    sunday = date(2026, 2, 1)
    planned = plan(parse_terms("on delivery"), cny("9"), anchor=sunday, roll=Roll.PRECEDING)
    assert planned.instalments[0].due == sunday


def test_unpublished_years_are_named_once_each():
    planned = plan(parse_terms("24 monthly"), cny("2400"), anchor=date(2026, 6, 15), calendar=china())
    assert planned.unpublished == (2027, 2028)
    kept = plan(
        parse_terms("50% net 30, rest net 365"), cny("0.01"), anchor=date(2026, 6, 15), calendar=china()
    )
    assert kept.unpublished == ()  # the second instalment is nothing and left out


def test_prepaid_is_due_with_the_order():
    terms = parse_terms("30% prepaid, rest net 30")
    planned = plan(terms, cny("100"), anchor=JAN_31, prepaid_on=date(2026, 1, 3))
    assert [(line.due, line.kind) for line in planned.instalments] == [
        (date(2026, 1, 3), PartKind.PREPAY),
        (date(2026, 3, 2), PartKind.CREDIT),
    ]


@pytest.mark.parametrize(
    ("written", "amount", "prepaid", "credit"),
    [
        ("30% prepaid, rest net 60", "100.00", "30.00", "70.00"),
        ("30% prepaid, rest net 60", "0.01", "0.00", "0.01"),
        ("prepaid", "5.00", "5.00", "0.00"),
        ("net 30", "5.00", "0.00", "5.00"),
        ("10.00 prepaid, 10% prepaid, rest net 5", "-200.00", "-30.00", "-170.00"),
    ],
)
@covers("XT-25")
def test_prepaid_and_credit_sum_to_the_amount(written, amount, prepaid, credit):
    assert split_prepaid(parse_terms(written), cny(amount)) == (cny(prepaid), cny(credit))


def test_a_delivery_is_planned_by_the_credit_parts_alone():
    terms = parse_terms("30% prepaid, 40% net 30, rest net 60")
    planned = credit_plan(terms, cny("70.00"), anchor=JAN_31, roll=Roll.NONE)
    assert lines(planned) == [("2026-03-02", "40.00"), ("2026-04-01", "30.00")]


def test_a_fixed_amount_is_spread_over_the_deliveries_of_an_order():
    terms = parse_terms("1000.00 prepaid, 40% net 30, rest net 60")
    order = cny("10000.00")
    planned = credit_plan(terms, cny("900.00"), anchor=JAN_31, roll=Roll.NONE, order_total=order)
    assert lines(planned) == [("2026-03-02", "400.00"), ("2026-04-01", "500.00")]


def test_a_credit_plan_needs_something_on_credit():
    assert credit_plan(parse_terms("prepaid"), cny("0"), anchor=JAN_31) == Plan(())
    with pytest.raises(MalformedInput) as caught:
        credit_plan(parse_terms("prepaid"), cny("0.01"), anchor=JAN_31)
    assert (caught.value.code, caught.value.field) == ("terms.prepaid", "amount")


def test_what_rounding_leaves_is_still_planned():
    terms = parse_terms("5.00 prepaid, 10% net 10, rest net 30")
    planned = credit_plan(terms, cny("0.01"), anchor=JAN_31, roll=Roll.NONE, order_total=cny("5.00"))
    assert lines(planned) == [("2026-03-02", "0.01")]


def test_the_end_of_time_is_an_error_of_ours():
    with pytest.raises(MalformedInput, match=r"date\.range"):
        plan(parse_terms("net 30"), cny("1"), anchor=date(2200, 12, 31))


@given(payment_terms(), amounts, anchors, calendars(), rolls)
@covers("XT-24")
def test_law_plans_sum_exactly_in_order_and_never_before_the_anchor(terms, amount, anchor, calendar, roll):
    planned = plan(terms, amount, anchor=anchor, calendar=calendar, roll=roll, untaxed=amount)
    dues = [line.due for line in planned.instalments]
    assert total(planned, amount.currency) == amount
    assert dues == sorted(dues)
    assert dues[0] >= anchor
    assert all(line.amount.is_negative == amount.is_negative for line in planned.instalments if line.amount)
    assert all(line.amount for line in planned.instalments) or len(dues) == 1


@given(payment_terms(), amounts, anchors, calendars(), rolls)
def test_law_discounts_end_between_anchor_and_due_date_and_never_exceed_it(
    terms, amount, anchor, calendar, roll
):
    for line in plan(terms, amount, anchor=anchor, calendar=calendar, roll=roll, untaxed=amount).instalments:
        untils = [offer.until for offer in line.discounts]
        assert untils == sorted(untils)
        assert all(anchor <= until <= line.due for until in untils)
        assert all(abs(offer.amount) <= abs(line.amount) for offer in line.discounts)


@given(payment_terms(), amounts, anchors)
def test_law_a_credit_note_mirrors_its_invoice(terms, amount, anchor):
    invoice = plan(terms, amount, anchor=anchor, untaxed=amount).instalments
    note = plan(terms, -amount, anchor=anchor, untaxed=-amount).instalments
    assert [(line.due, -line.amount) for line in invoice] == [(line.due, line.amount) for line in note]


@given(payment_terms(), st.lists(amounts, max_size=4), anchors, calendars(), rolls)
def test_law_one_timetable_serves_every_amount(terms, several, anchor, calendar, roll):
    table = timetable(terms, anchor=anchor, calendar=calendar, roll=roll)
    assert [fill(table, amount, untaxed=amount) for amount in several] == [
        plan(terms, amount, anchor=anchor, calendar=calendar, roll=roll, untaxed=amount) for amount in several
    ]


@given(payment_terms(), amounts)
def test_law_parts_sum_exactly_and_percentages_are_within_a_minor_unit(terms, amount):
    pieces = split(terms, amount, untaxed=amount)
    assert Money.total(pieces, amount.currency) == amount
    assert sum(split_prepaid(terms, amount, untaxed=amount), Money.zero(amount.currency)) == amount
    for part, piece in zip(terms.parts, pieces, strict=True):
        if isinstance(part.share, Percentage):
            units = part.share.units
            assert abs(piece.minor) * 1_000_000 < abs(amount.minor) * units + 1_000_000


@given(payment_terms(), amounts, amounts, anchors, rolls)
def test_law_a_credit_plan_sums_to_its_delivery(terms, amount, order, anchor, roll):
    assume(any(part.kind.on_credit for part in terms.parts))
    order_total = Money.of_minor(order.minor, amount.currency)
    planned = credit_plan(terms, amount, anchor=anchor, roll=roll, order_total=order_total)
    assert total(planned, amount.currency) == amount
    assert all(line.kind.on_credit for line in planned.instalments)


@given(anchors, st.integers(1, 60))
def test_law_rolled_months_stay_near_their_anchored_dates(anchor, times):
    planned = plan(parse_terms(f"{times} monthly"), cny("1000000"), anchor=anchor)
    exact = plan(parse_terms(f"{times} monthly"), cny("1000000"), anchor=anchor, roll=Roll.NONE)
    for rolled, raw in zip(planned.instalments, exact.instalments, strict=True):
        assert timedelta() <= rolled.due - raw.due <= timedelta(days=2)
        assert WEEKENDS.is_working(rolled.due)
