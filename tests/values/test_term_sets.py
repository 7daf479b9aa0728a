"""Term sets: versions that follow each other."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pharmacrm import TermSet, from_plain, parse_terms, to_plain
from pharmacrm.core.kernel.dates import Validity
from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.values.term_sets import TermVersion
from tests.covers import covers

WHOLESALE = TermSet.of("wholesale", "net 30", valid_from="2026-01-01")


@covers("XT-25")
def test_a_new_version_ends_the_one_before_it():
    both = WHOLESALE.publish("2/10 net 60", valid_from="2026-07-01")
    assert [(each.number, str(each.terms), each.validity) for each in both.versions] == [
        (1, "net 30", Validity("2026-01-01", "2026-06-30")),
        (2, "2/10 net 60", Validity("2026-07-01")),
    ]
    assert str(both.terms_on("2026-06-30")) == "net 30"
    assert str(both.terms_on(date(2026, 7, 1))) == "2/10 net 60"
    assert both.version_on("2030-01-01").number == 2
    assert WHOLESALE.version_on("2030-01-01").number == 1  # the value of before is what it was


def test_a_withdrawn_set_has_no_terms_any_more():
    over = WHOLESALE.withdrawn("2026-06-30")
    assert over.withdrawn("2026-12-31") == over
    for day in ("2025-12-31", "2026-07-01"):
        with pytest.raises(MalformedInput) as caught:
            over.terms_on(day)
        assert (caught.value.code, caught.value.field) == ("terms.not_valid", "day")
    again = over.publish("net 45", valid_from="2026-09-01")
    assert [each.number for each in again.versions] == [1, 2]
    assert again.versions[0] == over.versions[0]


V1 = TermVersion(1, parse_terms("net 30"), Validity("2026-01-01"))
REFUSED: list[tuple[Any, tuple[Any, ...], str]] = [
    (TermSet, ("wholesale", ()), "terms.version"),
    (
        TermSet,
        ("wholesale", (TermVersion(2, parse_terms("net 30"), Validity("2026-01-01")),)),
        "terms.version",
    ),
    (
        TermSet,
        ("wholesale", (V1, TermVersion(2, parse_terms("net 30"), Validity("2026-05-01")))),
        "terms.version",
    ),
]


@pytest.mark.parametrize("valid_from", ["2026-01-01", "2025-12-31"])
def test_what_was_valid_is_never_changed(valid_from):
    with pytest.raises(MalformedInput) as caught:
        WHOLESALE.publish("net 45", valid_from=valid_from)
    assert (caught.value.code, caught.value.field) == ("terms.version", "valid_from")


@pytest.mark.parametrize(("kind", "arguments", "code"), REFUSED)
def test_versions_follow_each_other(kind, arguments, code):
    with pytest.raises(MalformedInput) as caught:
        kind(*arguments)
    assert caught.value.code == code


def test_a_term_set_is_data():
    both = WHOLESALE.publish("30% prepaid, rest net 60", valid_from="2026-07-01")
    assert from_plain(TermSet, to_plain(both)) == both


@given(st.lists(st.integers(1, 400), max_size=5), st.integers(0, 3000))
def test_law_publishing_changes_nothing_before_its_day(gaps, asked):
    start = date(2026, 1, 1)
    day, known = start + timedelta(days=asked), WHOLESALE
    at = start
    for number, gap in enumerate(gaps, start=2):
        at += timedelta(days=gap)
        after = known.publish(f"net {number}", valid_from=at)
        assert after.terms_on(day) == (known.terms_on(day) if day < at else parse_terms(f"net {number}"))
        known = after
    assert sum(each.validity.covers(day) for each in known.versions) == 1
