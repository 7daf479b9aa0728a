"""The cross-check with Tryton 8.2: its seven terms, imported, give the 78 schedules that it computed."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pharmacrm.core.kernel.calendar import Roll
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.values.schedule import plan
from pharmacrm.core.values.term_sets import from_tryton
from pharmacrm.core.values.terms import parse_terms
from tests.covers import covers

TRYTON = json.loads((Path(__file__).parents[1] / "data/tryton_terms.json").read_text(encoding="utf-8"))

IN_OUR_WORDS = {
    "net30": "net 30",
    "30/60/90 thirds": "33.3333% net 30, 50% of rest net 60, rest net 90, round half even",
    "50/50 1m/2m": "50% net 1 month, rest net 2 months, round half even",
    "eom+1m": "end of next month",
    "25th next month": "day 25 of next month",
    "10pct now, 60pct 45d, rest 3m eom": (
        "10% on delivery, 66.6667% of rest net 45, rest end of month + 3 months, round half even"
    ),
    "fixed 1000 then rest": "1000 net 15, rest net 2 months",
}


def name(case: dict[str, Any]) -> str:
    return f"{case['term']['name']} {case['date']} {case['amount']}"


def as_exported(term: dict[str, Any]) -> dict[str, Any]:
    """The term with the field names of Tryton's models."""
    sizes = {"fixed": "amount", "percent": "ratio", "percent_on_total": "ratio"}
    return {
        "name": term["name"],
        "lines": [
            {"type": kind, "relativedeltas": deltas} | ({sizes[kind]: size} if kind in sizes else {})
            for kind, size, deltas in term["lines"]
        ],
    }


def test_there_are_78_cases_and_we_express_all_of_them():
    assert len(TRYTON) == 78
    assert {case["term"]["name"] for case in TRYTON} == set(IN_OUR_WORDS)


@pytest.mark.parametrize("written", IN_OUR_WORDS)
def test_the_import_says_it_in_our_words(written):
    term = next(case["term"] for case in TRYTON if case["term"]["name"] == written)
    imported = from_tryton(as_exported(term))
    assert imported.name == written
    assert imported.terms == parse_terms(IN_OUR_WORDS[written])
    assert from_tryton(json.dumps(as_exported(term))) == imported


@pytest.mark.parametrize("case", TRYTON, ids=name)
@covers("XT-24", "XT-25")
def test_dates_and_amounts_are_tryton_s_to_the_cent(case):
    terms = from_tryton(as_exported(case["term"])).terms
    amount = Money(case["amount"], "CNY")
    planned = plan(terms, amount, anchor=date.fromisoformat(case["date"]), roll=Roll.NONE)
    assert [[str(line.due), str(line.amount.amount)] for line in planned.instalments] == case["result"]
