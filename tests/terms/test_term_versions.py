"""Term sets in the store: versions that follow each other, and are never changed."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pharmacrm.core.kernel.decision import Decision
from pharmacrm.core.terms.model import PaymentTermSet, PaymentTermVersion
from pharmacrm.core.terms.rules import in_force, publish, withdraw
from pharmacrm.core.values.paying_days import PayingDays
from pharmacrm.core.values.term_sets import ImportedTerms
from pharmacrm.core.values.terms import parse_terms
from tests.covers import covers

TODAY = date(2026, 6, 1)
Known = tuple[PaymentTermSet | None, list[PaymentTermVersion]]
NOTHING: Known = (None, [])


def wanted(text: str, name: str = "", paying: str = "any day") -> ImportedTerms:
    return ImportedTerms(name, parse_terms(text), PayingDays.parse(paying))


def stored(known: Known, answer: Decision[PaymentTermSet]) -> Known:
    """What is stored after an answer."""
    versions = {each.id: each for each in known[1]}
    head = known[0]
    for change in answer.changes:
        entity: Any = change.entity  # type: ignore[union-attr] # only `save` is used here
        if isinstance(entity, PaymentTermVersion):
            versions[entity.id] = entity
        else:
            head = entity
    return head, sorted(versions.values(), key=lambda each: each.number)


def after(known: Known, text: str, day: str, *, on: date = TODAY, **more: Any) -> Known:
    answer = publish("W", wanted(text, **more), *known, valid_from=date.fromisoformat(day), on=on)
    assert not answer.refused, answer.reasons
    return stored(known, answer)


def spans(known: Known) -> list[tuple[int, str, str, str]]:
    return [(v.number, str(v.terms), str(v.valid_from), str(v.valid_to)) for v in known[1]]


FIRST = after(NOTHING, "net 30", "2026-01-01")


@covers("XT-25")
def test_a_new_version_ends_the_one_before_it_and_changes_nothing_else_of_it():
    head, versions = after(FIRST, "2/10 net 60", "2026-07-01")
    assert spans((head, versions)) == [
        (1, "net 30", "2026-01-01", "2026-06-30"),
        (2, "2/10 net 60", "2026-07-01", "None"),
    ]
    assert head is not None
    assert (head.id, head.name, head.latest) == ("W", "W", 2)


@pytest.mark.parametrize(
    ("text", "day", "codes"),
    [
        ("net 60", "2026-06-01", []),
        ("net 60", "2026-05-31", ["term_set.past"]),
        ("net 60", "2026-01-01", ["term_set.order", "term_set.past"]),
        ("net 30", "2026-01-01", []),  # the very same
        ("net 30", "2026-09-01", []),  # as it is by then anyway
        ("net 30", "2025-12-31", ["term_set.order", "term_set.past"]),
    ],
)
def test_what_was_in_force_on_a_day_that_has_passed_stays(text, day, codes):
    answer = publish("W", wanted(text), *FIRST, valid_from=date.fromisoformat(day), on=TODAY)
    assert [reason.code for reason in answer.reasons] == codes
    assert bool(answer.changes) is (not codes and text != "net 30")


def test_a_name_and_holidays_are_kept_with_the_version():
    named = after(NOTHING, "net 30", "2026-01-01", name="批发", paying="closed 2026-05-01 to 2026-05-05")
    assert named[0] is not None
    assert named[0].name == "批发"
    again = after(named, "net 30", "2026-07-01")  # without the holidays: another version
    assert again[0] is not None
    assert (again[0].name, again[0].latest) == ("批发", 2)
    assert [str(each.paying) for each in again[1]] == ["closed 2026-05-01 to 2026-05-05", "any day"]
    renamed = publish("W", wanted("net 30", "零售"), *FIRST, valid_from=TODAY, on=TODAY)
    assert renamed.expect().name == "零售"


@pytest.mark.parametrize(
    ("day", "codes", "ends"),
    [
        ("2026-06-01", [], "2026-06-01"),
        ("2027-01-01", [], "2027-01-01"),
        ("2026-05-31", ["term_set.past"], "None"),
    ],
)
def test_a_set_is_withdrawn_from_today_on(day, codes, ends):
    head, versions = FIRST
    assert head is not None
    answer = withdraw(head, versions, valid_to=date.fromisoformat(day), on=TODAY)
    assert [reason.code for reason in answer.reasons] == codes
    assert str(stored(FIRST, answer)[1][-1].valid_to) == ends


def test_what_is_withdrawn_may_end_earlier_never_later_and_not_before_it_begins():
    head, versions = after(NOTHING, "net 30", "2026-08-01")
    assert head is not None
    known = stored((head, versions), withdraw(head, versions, valid_to=date(2026, 9, 30), on=TODAY))
    later = withdraw(head, known[1], valid_to=date(2026, 10, 1), on=TODAY)
    assert (later.allowed, later.changes) == (True, ())
    never = withdraw(head, known[1], valid_to=date(2026, 7, 31), on=TODAY)
    assert [reason.code for reason in never.reasons] == ["term_set.order"]
    sooner = stored(known, withdraw(head, known[1], valid_to=date(2026, 8, 1), on=TODAY))
    assert spans(sooner) == [(1, "net 30", "2026-08-01", "2026-08-01")]
    assert in_force(sooner[1], date(2026, 8, 1)) == sooner[1][0]
    assert in_force(sooner[1], date(2026, 8, 2)) is None


def test_after_a_pause_a_version_follows_and_the_pause_stays():
    head, versions = FIRST
    assert head is not None
    over = stored(FIRST, withdraw(head, versions, valid_to=TODAY, on=TODAY))
    again = after(over, "net 30", "2026-09-01")
    assert spans(again) == [(1, "net 30", "2026-01-01", "2026-06-01"), (2, "net 30", "2026-09-01", "None")]
    assert in_force(again[1], date(2026, 8, 31)) is None


_steps = st.lists(
    st.tuples(st.booleans(), st.integers(1, 400), st.integers(0, 60), st.integers(1, 900)), max_size=8
)


@given(st.dates(date(1900, 1, 1), date(2150, 1, 1)), _steps, st.integers(0, 4000))
def test_law_no_day_ever_gets_other_terms_once_it_has_come(start, steps, asked):
    """Whatever is published or withdrawn later, a day that has come keeps its version, one at most."""
    today, known = start, NOTHING
    for publishes, net, ahead, passed in steps:
        before = [in_force(known[1], start + timedelta(days=back)) for back in range((today - start).days)]
        day = today + timedelta(days=ahead)
        if publishes or known[0] is None:
            answer = publish("W", wanted(f"net {net}"), *known, valid_from=day, on=today)
        else:
            answer = withdraw(known[0], known[1], valid_to=day, on=today)
        known = stored(known, answer)
        now = [in_force(known[1], start + timedelta(days=back)) for back in range((today - start).days)]
        assert [each and (each.id, each.terms) for each in now] == [
            each and (each.id, each.terms) for each in before
        ]
        today += timedelta(days=passed % 90)
    day = start + timedelta(days=asked)
    assert sum(each.validity.covers(day) for each in known[1]) <= 1
    assert [each.number for each in known[1]] == list(range(1, len(known[1]) + 1))
