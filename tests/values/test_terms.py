import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pharmacrm.core.kernel.calendar import Roll
from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.kernel.money import Money, Percentage
from pharmacrm.core.values.schedule import Plan, plan
from pharmacrm.core.values.terms import (
    REST,
    Baseline,
    DayOfMonthAfter,
    Due,
    EarlyDiscount,
    EndOfMonthAfter,
    EndOfMonthThenNet,
    Fixed,
    Monthly,
    MonthsAfter,
    Net,
    NetThenEndOfMonth,
    OnOrder,
    Part,
    PartKind,
    PaymentTerms,
    as_terms,
    parse_terms,
    text,
)
from tests.covers import covers
from tests.values.strategies import anchors, plain_dues, switched_terms

PAGE = (Path(__file__).parents[2] / "docs/reference/terms.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^\| `([^`]+)` \| [^|]+ \| ([^|]+) \|$", PAGE.split("## Rules")[0], re.MULTILINE)


def percent(share: str, due: Due, *discounts: EarlyDiscount) -> Part:
    return Part(Percentage(share), due, discounts)


TWO_TEN = EarlyDiscount(Percentage("2%"), 10)

MEANING = {
    "30% prepaid, rest net 60": PaymentTerms((percent("30%", OnOrder()), Part(REST, Net(60)))),
    "2/10 net 30": PaymentTerms((Part(REST, Net(30), (TWO_TEN,)),)),
    "net 30": PaymentTerms((Part(REST, Net(30)),)),
    "prepaid": PaymentTerms((Part(REST, OnOrder()),)),
    "50% net 30, rest net 60": PaymentTerms((percent("50%", Net(30)), Part(REST, Net(60)))),
    "50% net 30, 50% net 60": PaymentTerms((percent("50%", Net(30)), percent("50%", Net(60)))),
    "net 45 end of month": PaymentTerms((Part(REST, NetThenEndOfMonth(45)),)),
    "end of month + 30": PaymentTerms((Part(REST, EndOfMonthThenNet(30)),)),
    "end of month": PaymentTerms((Part(REST, EndOfMonthAfter(0)),)),
    "end of next month": PaymentTerms((Part(REST, EndOfMonthAfter(1)),)),
    "end of month + 3 months": PaymentTerms((Part(REST, EndOfMonthAfter(3)),)),
    "net 1 month": PaymentTerms((Part(REST, MonthsAfter(1)),)),
    "net 2 months": PaymentTerms((Part(REST, MonthsAfter(2)),)),
    "day 15 of next month": PaymentTerms((Part(REST, DayOfMonthAfter(15)),)),
    "day 31 of month + 2 months": PaymentTerms((Part(REST, DayOfMonthAfter(31, 2)),)),
    "1000.00 prepaid, rest net 30": PaymentTerms((Part(Fixed("1000.00"), OnOrder()), Part(REST, Net(30)))),
    "3 monthly": PaymentTerms((Part(REST, Monthly(3)),)),
    "20% prepaid, rest 3 monthly": PaymentTerms((percent("20%", OnOrder()), Part(REST, Monthly(3)))),
    "on delivery": PaymentTerms((Part(REST, Net(0)),)),
    "3/10 2/20 net 60": PaymentTerms(
        (Part(REST, Net(60), (EarlyDiscount(Percentage("3%"), 10), EarlyDiscount(Percentage("2%"), 20))),)
    ),
    "net 30, reserve 45 days": PaymentTerms((Part(REST, Net(30)),), reserve_days=45),
    "12.5% 1.25/7 net 30, rest net 60": PaymentTerms(
        (percent("12.5%", Net(30), EarlyDiscount(Percentage("1.25%"), 7)), Part(REST, Net(60)))
    ),
}


@covers("XT-25")
@pytest.mark.parametrize("written", MEANING)
def test_the_text_means_the_value_and_is_its_canonical_form(written):
    assert parse_terms(written) == MEANING[written]
    assert str(MEANING[written]) == written


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("100% prepaid", "prepaid"),
        ("rest net 60", "net 60"),
        ("100% net 60", "net 60"),
        ("rest 3 monthly", "3 monthly"),
        ("net 0", "on delivery"),
        ("net 1 months", "net 1 month"),
        ("end of month + 1 month", "end of next month"),
        ("end of month + 0 months", "end of month"),
        ("day 5 of month + 1 month", "day 5 of next month"),
        ("net 30, reserve 30 days", "net 30"),
        ("30% Prepaid, REST Net 60", "30% prepaid, rest net 60"),
        ("50.0% net 30, REST END OF MONTH", "50% net 30, rest end of month"),
        ("2.00/10 net 30", "2/10 net 30"),
    ],
)
def test_other_ways_of_writing(written, canonical):
    assert str(parse_terms(written)) == canonical
    assert parse_terms(written) == parse_terms(canonical)


@covers("XT-25")
@pytest.mark.parametrize(
    ("rule", "anchor", "due"),
    [
        (NetThenEndOfMonth(45), "2021-09-13", "2021-10-31"),  # Dolibarr#18694 ...
        (EndOfMonthThenNet(45), "2021-09-13", "2021-11-14"),  # ... means either
        (EndOfMonthAfter(1), "2025-02-28", "2025-03-31"),  # OCA/account-payment#919
        (EndOfMonthAfter(1), "2026-01-31", "2026-02-28"),
        (EndOfMonthAfter(0), "2024-02-01", "2024-02-29"),
        (Net(30), "2026-01-31", "2026-03-02"),
        (Net(0), "2026-01-31", "2026-01-31"),
        (EndOfMonthThenNet(30), "2026-01-31", "2026-03-02"),
        (DayOfMonthAfter(15), "2026-01-31", "2026-02-15"),
        (DayOfMonthAfter(31), "2026-01-31", "2026-02-28"),
        (DayOfMonthAfter(31, 2), "2026-01-31", "2026-03-31"),
        (MonthsAfter(12), "2028-02-29", "2029-02-28"),
        (MonthsAfter(1), "2026-01-31", "2026-02-28"),
        (Monthly(3), "2026-01-31", "2026-02-28 2026-03-31 2026-04-30"),
        (OnOrder(), "2026-01-31", "2026-01-31"),
    ],
)
def test_golden_due_dates(rule, anchor, due):
    assert rule.dates(date.fromisoformat(anchor)) == tuple(map(date.fromisoformat, due.split()))


def test_as_terms_takes_both():
    terms = parse_terms("2/10 net 30")
    assert as_terms(terms) is terms
    assert as_terms("2/10 net 30") == terms


def test_a_part_is_prepaid_or_on_credit():
    terms = parse_terms("30% prepaid, rest on delivery")
    assert [part.kind for part in terms.parts] == [PartKind.PREPAY, PartKind.CREDIT]
    assert terms.has_prepayment
    assert not parse_terms("net 30").has_prepayment


def test_a_fixed_amount_takes_the_currency_of_the_document():
    assert Fixed("10.50").money("CNY") == Money("10.50", "CNY")
    with pytest.raises(MalformedInput, match=r"money\.scale"):
        Fixed("10.50").money("JPY")


@given(switched_terms())
def test_law_reading_what_was_written_is_the_identity(terms):
    assert parse_terms(str(terms)) == terms
    assert parse_terms(str(terms).upper()) == terms
    assert str(parse_terms(str(terms))) == str(terms)


@given(plain_dues, anchors)
def test_law_no_date_is_before_its_lower_bound_and_dates_rise(due, anchor):
    days = due.dates(anchor)
    assert list(days) == sorted(set(days))
    assert (days[0] - anchor).days >= due.earliest


@given(anchors, st.integers(1, 120))
def test_law_anchored_months_never_drift(anchor, times):
    days = Monthly(times).dates(anchor)
    assert days == tuple(MonthsAfter(n).dates(anchor)[0] for n in range(1, times + 1))
    assert all(day.day == anchor.day or (day.day < anchor.day and day.day >= 28) for day in days)
    assert [day.year * 12 + day.month - anchor.year * 12 - anchor.month for day in days] == [
        *range(1, times + 1)
    ]


def shown(planned: Plan) -> str:
    lines = (
        f"{line.due} {line.amount.amount}"
        + "".join(f" (by {offer.until} less {offer.amount.amount})" for offer in line.discounts)
        for line in planned.instalments
    )
    return "; ".join(lines)


EVENTS = {
    Baseline.INVOICE: date(2026, 2, 1),
    Baseline.RECEIPT: date(2026, 2, 3),
    Baseline.ACCEPTANCE: date(2026, 2, 10),
    Baseline.STATEMENT: date(2026, 2, 15),
}


@pytest.mark.parametrize(("written", "instalments"), EXAMPLES)
def test_the_examples_of_the_manual(written, instalments):
    planned = plan(
        parse_terms(written),
        Money("1000.00", "CNY"),
        anchor=date(2026, 1, 31),
        prepaid_on=date(2026, 1, 20),
        roll=Roll.NONE,
        untaxed=Money("884.96", "CNY"),
        dates=EVENTS,
    )
    assert shown(planned) == instalments


def test_the_manual_has_examples_and_the_grammar_of_the_code():
    assert len(EXAMPLES) >= 50
    grammar = re.search(r"```ebnf\n(.*?)```", PAGE, re.DOTALL)
    assert grammar
    assert all(f"    {line}" in (text.__doc__ or "") for line in grammar[1].splitlines())
