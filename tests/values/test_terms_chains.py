"""Date rules one behind the other, from events other than the document, and in instalments."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pharmacrm.core.kernel.calendar import WEEKENDS, Roll, WorkCalendar
from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.values.schedule import fill, plan
from pharmacrm.core.values.terms import (
    REST,
    AmountPolicy,
    Baseline,
    Chain,
    CutOff,
    DayOfMonth,
    EndOfMonthAfter,
    EndOfMonthThenNet,
    Every,
    Fixed,
    InstalmentsOf,
    Interval,
    Monthly,
    MonthsAfter,
    Net,
    NetThenEndOfMonth,
    OnOrder,
    OnWeekday,
    Part,
    PartKind,
    PaymentDays,
    PaymentTerms,
    Unit,
    WorkingDaysAfter,
    chain,
    every,
    parse_terms,
)
from pharmacrm.core.values.timetable import timetable
from pharmacrm.plugins.calendars import china
from tests.covers import covers
from tests.values.strategies import amounts, anchors, chains, several, single_steps

JAN_31 = date(2026, 1, 31)
CNY_1000 = Money("1000.00", "CNY")


def due(written: str, anchor: str, **more) -> str:
    planned = plan(parse_terms(written), CNY_1000, anchor=date.fromisoformat(anchor), roll=Roll.NONE, **more)
    return " ".join(str(line.due) for line in planned.instalments)


@covers("XT-24", "XT-25")
@pytest.mark.parametrize(
    ("written", "anchor", "expected"),
    [
        ("net 45 end of month", "2021-09-13", "2021-10-31"),  # Dolibarr#18694 ...
        ("end of month + 45", "2021-09-13", "2021-11-14"),  # ... means either
        ("end of month then net 1 month", "2025-02-28", "2025-03-28"),  # the day of a month stays ...
        ("end of month + 1 month", "2025-02-28", "2025-03-31"),  # ... its end moves: OCA/account-payment#919
        ("net 1 month then end of month", "2025-02-28", "2025-03-31"),  # frappe/erpnext#22201
        ("end of next month then net 10", "2025-01-31", "2025-03-10"),
        ("net 30 then on friday", "2026-03-04", "2026-04-03"),  # 3 April is a Friday
        ("net 30 then on monday", "2026-03-04", "2026-04-06"),
        ("payment days 5,20", "2026-03-05", "2026-03-05"),
        ("payment days 5,20", "2026-03-06", "2026-03-20"),
        ("payment days 5,20", "2026-12-21", "2027-01-05"),
        ("payment days 30,31", "2026-02-10", "2026-02-28"),
        ("payment days 31", "2026-01-31", "2026-01-31"),
        ("net 1 then payment days 31", "2026-01-31", "2026-02-28"),  # the next month's own last day
        ("cut-off 25 then day 10 of next month", "2026-03-25", "2026-04-10"),
        ("cut-off 25 then day 10 of next month", "2026-03-26", "2026-05-10"),
        ("cut-off 20 then end of next month", "2026-12-21", "2027-02-28"),
        ("net 30 then day 15 of month", "2026-03-04", "2026-04-15"),
        ("day 15 of month", "2026-03-20", "2026-03-20"),  # never before the anchor
        ("in september", "2026-10-15", "2027-09-15"),
        ("in february", "2026-01-31", "2026-02-28"),
        ("in january then end of month", "2026-01-31", "2026-01-31"),
        ("net 5 working days", "2026-01-30", "2026-02-06"),
        ("3 monthly then end of month", "2026-02-28", "2026-03-31 2026-04-30 2026-05-31"),
        ("end of month then 3 monthly", "2026-01-15", "2026-02-28 2026-03-31 2026-04-30"),
        ("3 instalments every 10 days", "2026-01-31", "2026-02-10 2026-02-20 2026-03-02"),
        ("2 instalments every 3 months", "2026-11-30", "2027-02-28 2027-05-30"),
        ("instalments of 400.00 every 2 weeks", "2026-01-31", "2026-02-14 2026-02-28 2026-03-14"),
        ("net 30 then instalments of 600.00 every 1 month", "2026-01-01", "2026-02-28 2026-03-31"),
    ],
)
def test_golden_chains(written, anchor, expected):
    assert due(written, anchor) == expected


def test_working_days_follow_the_calendar_and_name_the_years_it_does_not_know():
    terms = parse_terms("net 10 working days")
    planned = plan(terms, CNY_1000, anchor=date(2026, 2, 10), calendar=china(), roll=Roll.NONE)
    assert planned.instalments[0].due == date(2026, 3, 2)  # the Spring Festival of 2026 lies between
    later = plan(terms, CNY_1000, anchor=date(2026, 12, 28), calendar=china(), roll=Roll.NONE)
    assert later.unpublished == (2027,)


@pytest.mark.parametrize(
    ("written", "expected", "assumed"),
    [
        ("net 30 from acceptance", "2026-03-12", ()),
        ("end of month from statement", "2026-02-28", ()),
        ("net 10 from month of statement", "2026-03-10", ()),
        ("net 30 from invoice", "2026-03-02", (Baseline.INVOICE,)),
        ("50% net 0 from receipt, rest net 0 from invoice", "2026-01-31 2026-01-31", "both"),
    ],
)
def test_parts_count_from_their_events_or_from_the_anchor_while_those_are_unknown(written, expected, assumed):
    dates = {Baseline.ACCEPTANCE: date(2026, 2, 10), Baseline.STATEMENT: date(2026, 2, 5)}
    planned = plan(parse_terms(written), CNY_1000, anchor=JAN_31, roll=Roll.NONE, dates=dates)
    assert " ".join(str(line.due) for line in planned.instalments) == expected
    assert planned.assumed == ((Baseline.RECEIPT, Baseline.INVOICE) if assumed == "both" else assumed)


def test_a_retention_is_on_credit_and_of_its_own_kind():
    planned = plan(
        parse_terms("30% prepaid, 65% net 30, rest retention net 12 months"), CNY_1000, anchor=JAN_31
    )
    assert [(line.kind, line.amount.minor) for line in planned.instalments] == [
        (PartKind.PREPAY, 30000),
        (PartKind.CREDIT, 65000),
        (PartKind.RETAINED, 5000),
    ]


def test_chains_with_a_name_are_given_by_it_and_chains_within_are_opened():
    assert chain(Net(45), EndOfMonthAfter(0)) == NetThenEndOfMonth(45)
    assert chain(EndOfMonthAfter(0), Net(45)) == EndOfMonthThenNet(45)
    assert chain(Net(45)) == Net(45)
    inner = chain(Net(1), OnWeekday(5))
    assert chain(inner, CutOff(20)) == Chain((Net(1), OnWeekday(5), CutOff(20)))
    assert chain(NetThenEndOfMonth(30), Net(10)) == Chain((Net(30), EndOfMonthAfter(0), Net(10)))
    assert every(3, Interval(1, Unit.MONTH)) == Monthly(3)


@pytest.mark.parametrize(
    ("written", "code", "field"),
    [
        ("net 30 then", "terms.format", "parts[0]"),
        ("net 30 then sometime", "terms.format", "parts[0]"),
        ("net 30 then prepaid", "terms.chain", "parts[0].steps"),
        ("on delivery from receipt", "terms.format", "parts[0]"),
        ("net 30 from document", "terms.format", "parts[0]"),
        ("net 30 from yesterday", "terms.format", "parts[0]"),
        ("prepaid from order", "terms.prepaid", "parts[0].anchor"),
        ("3 monthly then 2 monthly", "terms.chain", "parts[0].steps"),
        (" then ".join(["net 1"] * 9), "terms.chain", "parts[0].steps"),
        ("cut-off 31", "terms.days", "parts[0].day"),
        ("payment days 20,5", "terms.days", "parts[0].days"),
        ("payment days 5,5", "terms.days", "parts[0].days"),
        ("payment days 32", "terms.days", "parts[0].day"),
        ("payment days 5, 20", "terms.sum", "parts[0]"),
        ("net 0 weeks", "terms.days", "parts[0].weeks"),
        ("121 instalments every 1 day", "terms.days", "parts[0].times"),
        ("3 instalments every 0 days", "terms.days", "parts[0].count"),
        ("3 instalments every 121 months", "terms.days", "parts[0].count"),
        ("instalments of 0.00 every 1 week", "terms.format", "parts[0].amount"),
        ("30% of gross net 5, rest net 9", "terms.format", "parts[0]"),
        ("100.000001% net 5", "terms.sum", "parts[0]"),
        ("0% of rest net 5, rest net 9", "terms.sum", "parts[0]"),
        ("60% net 5, 40% of rest net 9", "terms.sum", "parts"),
        ("60% of untaxed net 5", "terms.sum", "parts"),
        ("retention prepaid", "terms.prepaid", "parts[0].retained"),
        ("retention 2/10 net 30", "terms.discount", "parts[0].discounts"),
        ("2/10 day 15 of month", "terms.discount", "parts[0].discounts"),
        ("net 30, round up", "terms.format", "options"),
        ("rest net 30, round up", "terms.format", "options"),
        ("2/32 instalments of 5.00 every 1 month", "terms.discount", "parts[0].discounts"),
        ("net 30, grace 61 days", "terms.days", "grace_days"),
        ("net 30, round half up, round half even", "terms.format", "options"),
        ("net 30, round to 0", "terms.format", "amount"),
    ],
)
def test_what_cannot_be_meant_is_named(written, code, field):
    with pytest.raises(MalformedInput) as caught:
        parse_terms(written)
    assert (caught.value.code, caught.value.field) == (code, field)


REFUSED: list[tuple[Any, tuple[Any, ...], str]] = [
    (Chain, ((Net(1),),), "terms.chain"),
    (Chain, ((Net(1), EndOfMonthAfter(0)),), "terms.chain"),
    (Chain, ((Net(1), OnOrder()),), "terms.format"),
    (Chain, ("net",), "terms.format"),
    (chain, (OnOrder(), Net(1)), "terms.chain"),
    (chain, (), "terms.chain"),
    (PaymentDays, (5,), "terms.days"),
    (PaymentDays, ((5, True),), "terms.days"),
    (PaymentDays, ((),), "terms.days"),
    (Interval, (1, "day"), "terms.days"),
    (Every, (3, "week"), "terms.format"),
    (InstalmentsOf, ("5.00", Interval(1, Unit.DAY)), "terms.format"),
    (InstalmentsOf, (Fixed("5.00"), 7), "terms.format"),
    (Part, (REST, Net(1), (), "receipt"), "terms.format"),
    (Part, (REST, Net(1), (), Baseline.DOCUMENT, 1), "terms.format"),
    (Part, (REST, OnOrder(), (), Baseline.RECEIPT), "terms.prepaid"),
    (PaymentTerms, ((Part(REST, Net(1)),), 30, "half up"), "terms.format"),
    (PaymentTerms, ((Part(REST, Net(1)),), 30, AmountPolicy(), "untaxed"), "terms.format"),
]


@pytest.mark.parametrize(("kind", "arguments", "code"), REFUSED)
def test_values_that_cannot_be_meant_are_refused(kind, arguments, code):
    with pytest.raises(MalformedInput) as caught:
        kind(*arguments)
    assert caught.value.code == code


@pytest.mark.parametrize(
    "written",
    [
        "instalments of 500.00 every 1 month",
        "30% prepaid, rest end of month then instalments of 0.5 every 2 weeks from acceptance",
        "2/10 instalments of 100 every 30 days",
    ],
)
def test_instalments_by_amount_are_written_as_they_are_read(written):
    assert str(parse_terms(written)) == written


def test_instalments_of_an_amount_are_at_most_120():
    table = timetable(parse_terms("instalments of 1.00 every 1 day"), anchor=JAN_31)
    assert len(fill(table, Money("119.50", "CNY")).instalments) == 120
    with pytest.raises(MalformedInput) as caught:
        fill(table, Money("120.01", "CNY"))
    assert (caught.value.code, caught.value.field) == ("terms.instalments", "amount")


@given(chains, anchors)
def test_law_a_chain_is_its_rules_one_behind_the_other(rule, anchor):
    steps = rule.steps if isinstance(rule, Chain) else (rule,)
    days = [anchor]
    for step in steps:
        days = [moved for day in days for moved in step.dates(day)]
    assert rule.dates(anchor) == tuple(sorted(days))
    assert max((min(days) - anchor).days, 0) >= rule.earliest


@given(single_steps, anchors)
def test_law_a_step_keeps_its_lower_bound(step, anchor):
    (day,) = step.dates(anchor)
    assert (day - anchor).days >= step.earliest


@given(st.sets(st.integers(1, 31), min_size=1, max_size=3), anchors)
def test_law_payment_days_are_the_first_on_or_after(days, anchor):
    (paid,) = PaymentDays(tuple(sorted(days))).dates(anchor)
    between = [anchor.fromordinal(n) for n in range(anchor.toordinal(), paid.toordinal() + 1)]
    assert [day for day in between if any(DayOfMonth(n).dates(day) == (day,) for n in days)] == [paid]


@given(st.integers(1, 60), anchors)
def test_law_working_days_are_counted(days, anchor):
    (due,) = WorkingDaysAfter(days).dates(anchor)
    between = range(anchor.toordinal() + 1, due.toordinal() + 1)
    assert sum(WEEKENDS.is_working(date.fromordinal(n)) for n in between) == days


@given(several, anchors)
def test_law_instalments_are_counted_from_the_anchor(rule, anchor):
    interval = rule.interval if isinstance(rule, Every) else Interval(1, Unit.MONTH)
    firsts = [interval.after(anchor, n) for n in (1, 2) if n <= rule.times]
    if interval.unit is Unit.MONTH:
        firsts = [MonthsAfter(interval.count * n).dates(anchor)[0] for n in (1, 2) if n <= rule.times]
    assert firsts == list(rule.dates(anchor)[:2])


@given(st.integers(1, 500), amounts, anchors)
def test_law_instalments_of_an_amount_are_that_amount_but_the_last(size, amount, anchor):
    each = Money.of_minor(size + abs(amount.minor) // 100, amount.currency)
    rule = InstalmentsOf(Fixed(str(abs(each.amount))), Interval(1, Unit.MONTH))
    terms = PaymentTerms((Part(REST, rule),))
    planned = plan(terms, amount, anchor=anchor, roll=Roll.NONE).instalments
    assert Money.total((line.amount for line in planned), amount.currency) == amount
    assert {abs(line.amount) for line in planned[:-1]} <= {each}
    assert [line.due for line in planned] == [
        MonthsAfter(n).dates(anchor)[0] for n in range(1, len(planned) + 1)
    ]


def test_an_unknown_calendar_year_is_only_named_where_working_days_are_counted():
    calendar = WorkCalendar("none", {}, published=frozenset({2026}))
    planned = plan(
        parse_terms("net 400"), CNY_1000, anchor=date(2026, 6, 1), calendar=calendar, roll=Roll.NONE
    )
    assert planned.unpublished == ()
