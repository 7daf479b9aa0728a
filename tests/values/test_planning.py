"""The functions that hosts call: one amount, or many of one day."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pharmacrm import Baseline, Money, PayingDays, PaymentDays, parse_terms, schedule, schedules, taxable
from pharmacrm.core.kernel.calendar import Roll
from pharmacrm.core.kernel.errors import MalformedInput
from tests.covers import covers
from tests.values.strategies import amounts, anchors, calendars, payment_terms, rolls, switched_terms


@covers("XT-24", "XT-25")
def test_terms_and_dates_may_be_text():
    planned = schedule(
        "30% prepaid, rest net 30 from acceptance",
        Money("100.00", "CNY"),
        "2026-01-31",
        dates={Baseline.ORDER: date(2026, 1, 3), Baseline.ACCEPTANCE: date(2026, 2, 10)},
        roll=Roll.NONE,
        paying=PayingDays(PaymentDays((15,))),
    )
    assert [(str(line.due), str(line.amount.amount)) for line in planned.instalments] == [
        ("2026-01-03", "30.00"),
        ("2026-03-15", "70.00"),
    ]
    assert planned.assumed == ()


@pytest.mark.parametrize(
    ("terms", "on", "code"),
    [
        ("net", "2026-01-31", "terms.format"),
        ("net 30", "31.01.2026", "date.format"),
        ("net 30", "", "date.format"),
    ],
)
def test_what_cannot_be_meant_is_named(terms, on, code):
    with pytest.raises(MalformedInput) as caught:
        schedule(terms, Money("1", "CNY"), on)
    assert caught.value.code == code


DATES = ("choice.unknown", "dates")
ONE, THEN = Money("1.00", "CNY"), "net 30 from acceptance"
one: Any = schedule
several: Any = schedules
taxed: Any = taxable
WRONG = {
    "on": (lambda: one(THEN, ONE, "2026-02-30"), "date.format", "on"),
    "on, many": (lambda: several(THEN, (ONE,), 20260101), "date.type", "on"),
    "amount": (lambda: one(THEN, "1.00", "2026-01-31"), "money.type", "amount"),
    "no amount": (lambda: one(THEN, None, "2026-01-31"), "money.required", "amount"),
    "amounts": (lambda: several(THEN, (ONE, 1), "2026-01-31"), "money.type", "amounts[1]"),
    "untaxed": (lambda: one(THEN, ONE, "2026-01-31", untaxed=1), "money.type", "untaxed"),
    "taxable": (lambda: taxed("2/10 net 30", "1.00"), "money.type", "untaxed"),
    "event": (lambda: one(THEN, ONE, "2026-01-31", dates={"acceptence": "2026-02-01"}), *DATES),
    "its own": (lambda: one(THEN, ONE, "2026-01-31", dates={"document": "2026-02-01"}), *DATES),
    "many": (lambda: several(THEN, (ONE,), "2026-01-31", dates={1: "2026-02-01"}), *DATES),
    "day": (
        lambda: one(THEN, ONE, "2026-01-31", dates={"acceptance": "soon"}),
        "date.format",
        "dates.acceptance",
    ),
    "list": (lambda: one(THEN, ONE, "2026-01-31", dates=["2026-02-01"]), "terms.format", "dates"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_a_host_gives_wrongly_is_named(case):
    call, code, field = WRONG[case]
    with pytest.raises(MalformedInput) as caught:
        call()
    assert (caught.value.code, caught.value.field) == (code, field)


def test_an_event_that_there_is_not_is_shown_with_those_that_there_are():
    with pytest.raises(MalformedInput, match=r"acceptance, statement is wanted \(got 'acceptence'\)"):
        schedule(THEN, ONE, "2026-01-31", dates={"acceptence": "2026-02-01"})


@given(st.sampled_from(["order", "delivery", "invoice", "receipt", "acceptance", "statement"]), anchors)
def test_law_an_event_may_be_named_by_its_word_and_its_date_by_text(word, day):
    terms = "30% prepaid, rest net 30" if word == "order" else f"net 30 from {word}"
    planned = schedule(terms, ONE, "2026-01-31", dates={word: day.isoformat()})
    assert planned == schedule(terms, ONE, "2026-01-31", dates={Baseline(word): day})
    assert planned.assumed == ()
    assert day <= max(line.due for line in planned.instalments) or word == "order"


@given(payment_terms(), st.lists(amounts, max_size=4), anchors, calendars(), rolls)
def test_law_many_amounts_are_planned_as_each_alone(terms, several, anchor, calendar, roll):
    if terms.needs_untaxed:
        terms = parse_terms("30% net 10, rest 3 monthly")
    assert schedules(terms, several, anchor, calendar=calendar, roll=roll) == tuple(
        schedule(terms, amount, anchor, calendar=calendar, roll=roll) for amount in several
    )


@given(switched_terms(), amounts, st.dates(date(1900, 1, 1), date(2200, 12, 31)), rolls)
def test_law_in_all_of_1900_to_2200_it_sums_exactly_or_a_date_is_out_of_range(terms, amount, on, roll):
    try:
        planned = schedule(terms, amount, on, untaxed=amount, roll=roll)
    except MalformedInput as refused:
        found = refused.code
        assert (found, on > date(2080, 1, 1) or on < date(1901, 1, 1)) == ("date.range", True)
    else:
        assert Money.total((line.amount for line in planned.instalments), amount.currency) == amount
        assert schedule(str(terms), amount, on, untaxed=amount, roll=roll) == planned


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        ("2/10 net 30, discount of untaxed in advance", "98.00"),
        ("3/10 2/20 net 30, discount of untaxed in advance", "97.00"),
        ("50% 2/10 net 30, rest net 60, discount of untaxed in advance", "99.00"),
        ("2/10 net 30, discount of untaxed", "100.00"),
        ("2/10 net 30", "100.00"),
        ("net 30, discount of untaxed in advance", "100.00"),
    ],
)
def test_the_amount_that_is_taxed_in_advance(terms, expected):
    assert taxable(terms, Money("100.00", "CNY")) == Money(expected, "CNY")
    assert taxable(terms, Money("-100.00", "CNY")) == -Money(expected, "CNY")


@given(payment_terms(), amounts)
def test_law_what_is_taxed_is_never_more_than_the_amount(terms, amount):
    terms = parse_terms(f"{terms}, discount of untaxed in advance")
    found = taxable(terms, amount)
    assert abs(found) <= abs(amount)
    assert found.minor * amount.minor >= 0
    assert (found == amount) or any(part.discounts for part in terms.parts)
