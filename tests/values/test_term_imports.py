"""Imports of term sets: the words of Tryton, Odoo, OCA and ERPNext in ours, and what cannot be meant."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from attrs import evolve
from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st

from pharmacrm.core.kernel.calendar import Roll
from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.values.paying_days import Closure, PayingDays
from pharmacrm.core.values.term_sets import from_erpnext, from_oca, from_odoo, from_tryton, read_term_sets
from pharmacrm.core.values.terms import parse_terms
from pharmacrm.core.values.timetable import timetable
from tests.covers import covers

Term = dict[str, Any]
AFTER_MONTH = "Day(s) after the end of the invoice month"


def tryton(*lines: Term) -> Term:
    return {"name": "T", "lines": list(lines)}


def rest(*deltas: Term) -> Term:
    return {"type": "remainder", "relativedeltas": list(deltas)}


def odoo(*lines: Term, **more: Any) -> Term:
    return {"name": "T", "line_ids": list(lines), **more}


def share(value_amount: Any, delay: str = "days_after", nb_days: int = 0, **more: Any) -> Term:
    return {"value": "percent", "value_amount": value_amount, "delay_type": delay, "nb_days": nb_days, **more}


def row(portion: Any, days: int = 0, based_on: str = "Day(s) after invoice date", **more: Any) -> Term:
    return {"invoice_portion": portion, "credit_days": days, "due_date_based_on": based_on, **more}


def erpnext(*rows: Term) -> Term:
    return {"template_name": "T", "terms": list(rows)}


MEANING: list[tuple[Any, Term, str]] = [
    (from_tryton, tryton(rest()), "on delivery"),
    (from_tryton, tryton(rest({"days": 30}, {"day": 31})), "net 30 end of month"),
    (from_tryton, tryton(rest({"day": 31}, {"days": 30})), "end of month + 30"),
    (from_tryton, tryton(rest({"months": 1, "day": 31, "days": 10})), "end of next month then net 10"),
    (from_tryton, tryton(rest({"days": 30}, {"day": 15})), "net 30 then day 15 of month"),
    (from_tryton, tryton(rest({"weeks": 2, "weekday": 4})), "net 2 weeks then on friday"),
    (from_tryton, tryton(rest({"weeks": 2, "days": 3})), "net 17"),
    (from_tryton, tryton(rest({"month": 9, "day": 31})), "in september then end of month"),
    (
        from_tryton,
        tryton(
            {"type": "percent_on_total", "ratio": "0.3"},
            {"type": "fixed", "amount": "9.50"},
            rest({"months": 1}),
        ),
        "30% on delivery, 9.5 on delivery, rest net 1 month, round half even",
    ),
    (
        from_tryton,
        tryton({"type": "percent", "ratio": "0.33333333"}, rest({"days": 60})),
        "33.333333% on delivery, rest net 60, round half even",
    ),
    (from_odoo, odoo(share(100)), "on delivery"),
    (from_odoo, odoo(share(100, nb_days=30)), "net 30"),
    (from_odoo, odoo(share(100, "days_after_end_of_month", 30)), "end of month + 30"),
    (from_odoo, odoo(share(100, "days_after_end_of_next_month", 0)), "end of next month"),
    (from_odoo, odoo(share(100, "days_after_end_of_next_month", 10)), "end of next month then net 10"),
    (
        from_odoo,
        odoo(share(100, "days_end_of_month_on_the", 30, days_next_month="10")),
        "net 30 then day 10 of next month",
    ),
    (from_odoo, odoo(share(100, "days_end_of_month_on_the", 45, days_next_month="0")), "net 45 end of month"),
    (
        from_odoo,
        odoo(share(Decimal("33.33"), nb_days=30), share("33.33", nb_days=60), share(33, nb_days=90)),
        "33.33% net 30, 33.33% net 60, rest net 90, round half up",
    ),
    (
        from_odoo,
        odoo({"value": "fixed", "value_amount": 100, "delay_type": "days_after"}, share(100, nb_days=30)),
        "100.00 on delivery, rest net 30, overrun negative",
    ),
    (
        from_odoo,
        odoo(
            share(100, nb_days=30),
            early_discount=True,
            discount_percentage=2,
            discount_days=7,
            early_pay_discount_computation="excluded",
        ),
        "2/7 net 30, discount of untaxed",
    ),
    (
        from_odoo,
        odoo(
            share(100, nb_days=30),
            early_discount=True,
            discount_percentage=2,
            discount_days=7,
            early_pay_discount_computation="mixed",
        ),
        "2/7 net 30, discount of untaxed in advance",
    ),
    (
        from_odoo,  # 16
        odoo(
            {"value": "balance", "months": 1, "days": 5, "end_month": True, "days_after": 10},
            {"value": "percent", "value_amount": 30, "discount_percentage": 2, "discount_days": 7, "days": 9},
        ),
        "rest net 1 month then net 5 then end of month then net 10, 30% 2/7 net 9, round half up",
    ),
    (from_oca, odoo(share(100, "weeks_after", 2)), "net 2 weeks"),
    (from_oca, odoo(share(100, "weeks_after_end_of_month", 2)), "end of month then net 2 weeks"),
    (from_oca, odoo(share(100, "months_after", 2)), "net 2 months"),
    (from_oca, odoo(share(100, "weeks_after")), "on delivery"),
    (from_oca, odoo(share(100, "months_after")), "on delivery"),
    (from_oca, odoo(share(100, "", option="after_invoice_month", days=10)), "end of month + 10"),
    (from_oca, odoo(share(100, "months_after_end_of_month", 1)), "end of next month"),
    (from_oca, odoo(share(100, nb_days=30, payment_days="20, 5")), "net 30 then payment days 5,20"),
    (from_oca, odoo(share(100, nb_days=30, payment_days="5-20")), "net 30 then payment days 5,20"),
    (
        from_oca,
        odoo(share(50, nb_days=30), share(50, nb_days=15), sequential_lines=True),
        "50% net 30, rest net 30 then net 15, round half up",
    ),
    (
        from_oca,
        odoo({"value": "percent_amount_untaxed", "value_amount": 30}, share(70, nb_days=15)),
        "30% of untaxed on delivery, rest net 15, round half up",
    ),
    (
        from_oca,
        odoo(share(50, nb_days=30, amount_round=Decimal("10.00")), share(50, nb_days=60)),
        "50% net 30, rest net 60, round half up, round to 10",
    ),
    (
        from_oca,  # before 17
        odoo(
            share(30, "", option="day_after_invoice_date", weeks=1, days=1),
            {"value": "percent", "value_amount": 30, "option": "day_current_month", "days": 15},
            {"value": "balance", "option": "day_following_month", "days": 31},
        ),
        "30% net 8, 30% day 15 of month, rest end of next month, round half up",
    ),
    (from_erpnext, erpnext(row(100, 30)), "net 30"),
    (
        from_erpnext,
        erpnext(
            row("30", 0, discount=2, discount_validity=0),
            row("70", 0, "Month(s) after the end of the invoice month", credit_months=1),
        ),
        "30% 2/0 on delivery, 70% end of next month",
    ),
    (from_erpnext, erpnext(row(100, 15, "Day(s) after the end of the invoice month")), "end of month + 15"),
    (from_erpnext, erpnext(row(100, 0, "Day(s) after the end of the invoice month")), "end of month"),
]  # fmt: skip


@covers("XT-25")
@pytest.mark.parametrize(("importer", "term", "written"), MEANING)
def test_their_words_in_ours(importer, term, written):
    imported = importer(term)
    assert str(imported.terms) == written
    assert imported.terms == parse_terms(written)
    assert imported.name == "T"
    assert importer(json.dumps(term, default=str)) == imported


REFUSED: list[tuple[Any, Any, str]] = [
    (from_tryton, tryton(), "lines"),
    (from_tryton, {"name": "T"}, "lines"),
    (from_tryton, {"name": "T", "lines": "remainder"}, "lines"),
    (from_tryton, {"name": "T", "lines": ["remainder"]}, "lines[0]"),
    (from_tryton, tryton({"type": "percent", "ratio": "0.5"}), "lines"),
    (from_tryton, tryton({"type": "ratio"}, rest()), "lines[0].type"),
    (from_tryton, tryton({"type": "percent", "ratio": 0.5}, rest()), "lines[0].ratio"),
    (from_tryton, tryton({"type": "percent", "ratio": "half"}, rest()), "lines[0].ratio"),
    (from_tryton, tryton({"type": "percent", "ratio": True}, rest()), "lines[0].ratio"),
    (from_tryton, tryton({"type": "percent", "ratio": "NaN"}, rest()), "lines[0].ratio"),
    (from_tryton, tryton({"type": "percent", "ratio": "1.5"}, rest()), "lines[0].ratio"),
    (from_tryton, tryton({"type": "percent_on_total", "ratio": "1"}, rest()), "lines"),
    (from_tryton, tryton({"type": "fixed", "amount": "-5"}, rest()), "lines[0].amount"),
    (from_tryton, tryton(rest({"days": -5})), "lines[0].relativedeltas[0].days"),
    (from_tryton, tryton(rest({"days": 1}, {"months": 1, "month": 3})), "lines[0].relativedeltas[1].month"),
    (from_tryton, tryton(rest({"month": 13})), "lines[0].relativedeltas[0].month"),
    (from_tryton, tryton(rest({"weekday": 7})), "lines[0].relativedeltas[0].weekday"),
    (from_tryton, tryton(rest(*[{"days": 1}] * 9)), "lines[0].steps"),
    (from_tryton, "{", ""),
    (from_tryton, "[]", ""),
    (from_tryton, {"name": 5, "lines": [rest()]}, "name"),
    (from_tryton, {"name": "T", "lines": [{"type": 7}]}, "lines[0].type"),
    (from_odoo, odoo(), "line_ids"),
    (from_odoo, odoo(share(100, "fortnights")), "line_ids[0].delay_type"),
    (from_odoo, odoo(share(100, nb_days=9999)), "line_ids[0].days"),
    (from_odoo, odoo(share(0), share(100)), "line_ids[0].value_amount"),
    (from_odoo, odoo({"value": "half"}, share(100)), "line_ids[0].value"),
    (from_odoo, odoo(share(100), share(0)), "line_ids"),
    (from_odoo, odoo(share(50), share(50), early_discount=True), "early_discount"),
    (
        from_odoo,
        odoo(share(100, nb_days=5), early_discount=True, discount_percentage=2, discount_days=7),
        "line_ids[0].discounts",
    ),
    (
        from_odoo,
        odoo(share(100), early_discount=True, discount_percentage=2, early_pay_discount_computation="net"),
        "early_pay_discount_computation",
    ),
    (from_oca, odoo(share(100, payment_days="5;20")), "line_ids[0].payment_days"),
    (from_oca, odoo(share(100, payment_days="0,5")), "line_ids[0].payment_days"),
    (from_oca, odoo({"value": "balance", "option": "someday"}), "line_ids[0].option"),
    (from_oca, odoo(share(30, amount_round=5), share(30, amount_round=10), share(40)), "line_ids"),
    (
        from_oca,
        odoo(share(100), holiday_ids=[{"holiday": "2026-05-01", "date_postponed": "2026-04-30"}]),
        "holiday_ids[0].to",
    ),
    (from_erpnext, erpnext(), "terms"),
    (from_erpnext, erpnext(row(50, 30), row(50, 30)), "terms[1].due_date_based_on"),
    (from_erpnext, erpnext(row(50, 30), row(40, 60)), "terms"),
    (from_erpnext, erpnext(row(100, 30, "the moon")), "terms[0].due_date_based_on"),
    (from_erpnext, erpnext(row(100, 30, discount=5, discount_type="Gift")), "terms[0].discount_type"),
    (from_erpnext, erpnext(row(100, 30, discount=-5, discount_type="Amount")), "terms[0].discount"),
    (
        from_erpnext,
        erpnext(row(100, 30, discount=5, discount_validity_based_on=AFTER_MONTH)),
        "terms[0].discount_validity_based_on",
    ),
    (from_erpnext, erpnext(row(100, 30, discount=101)), "terms[0].discount"),
]  # fmt: skip


@pytest.mark.parametrize(("importer", "term", "field"), REFUSED)
def test_what_cannot_be_meant_names_the_line(importer, term, field):
    with pytest.raises(MalformedInput) as caught:
        importer(term)
    assert caught.value.field == field
    assert caught.value.code.startswith("terms.") or caught.value.code.startswith("closure.")


def test_a_fixed_amount_is_in_the_currency_of_the_documents():
    term = tryton({"type": "fixed", "amount": "5", "currency": "EUR"}, rest())
    assert str(from_tryton(term, currency="EUR").terms) == "5.00 on delivery, rest on delivery"
    with pytest.raises(MalformedInput) as caught:
        from_tryton(term, currency="CNY")
    assert caught.value.field == "lines[0].currency"


def test_duplicates_are_refused_like_in_erpnext_unless_allowed():
    assert (
        str(from_erpnext(erpnext(row(50, 30), row(50, 30)), duplicates=True).terms)
        == "50% net 30, 50% net 30"
    )


def test_postponed_holidays_come_as_closures():
    term = odoo(share(100), holiday_ids=[{"holiday": "2026-05-01", "date_postponed": "2026-05-06"}])
    closure = Closure(date(2026, 5, 1), date(2026, 5, 1), date(2026, 5, 6))
    assert from_oca(term).paying == PayingDays(None, (closure,))


def test_many_are_read_and_one_that_is_refused_stops_no_other():
    sets = read_term_sets(from_odoo, [odoo(share(100)), odoo(), odoo(share(100, nb_days=30))])
    assert [str(each.terms) for each in sets.read] == ["on delivery", "net 30"]
    assert [(each.number, each.field) for each in sets.refused] == [(1, "line_ids")]
    assert "at least one line" in sets.refused[0].message


@given(
    st.lists(
        st.fixed_dictionaries(
            {},
            optional={
                "months": st.integers(0, 24),
                "weeks": st.integers(0, 8),
                "days": st.integers(0, 120),
                "day": st.integers(1, 31),
                "weekday": st.integers(0, 6),
            },
        ),
        min_size=1,
        max_size=2,
    ),
    st.dates(date(1950, 1, 1), date(2150, 12, 31)),
)
def test_law_tryton_s_deltas_mean_what_relativedelta_says(deltas, anchor):
    expected = anchor
    for delta in deltas:
        expected += relativedelta(**delta)
    terms = from_tryton(tryton(rest(*deltas))).terms
    table = timetable(terms, anchor=anchor, roll=Roll.NONE)
    assert table.slots[0].due == max(expected, anchor)


WORDS = ["type", "ratio", "value", "value_amount", "invoice_portion", "delay_type", "nb_days"]
SETS = ["name", "lines", "line_ids", "terms"]
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.floats(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(WORDS), inner),
    max_leaves=8,
)


@given(
    st.dictionaries(st.text(max_size=8) | st.sampled_from(SETS), anything),
    st.sampled_from([from_tryton, from_odoo, from_oca, from_erpnext]),
)
def test_law_anything_is_terms_or_a_typed_error(term, importer):
    try:
        imported = importer(term)
    except MalformedInput as error:
        found = error.code.partition(".")[0]
        assert found in {"terms", "closure", "date"}
    else:
        assert parse_terms(str(imported.terms)) == imported.terms
        assert evolve(imported) == imported
