"""Clocks never go backwards, and ids sort by the time they were made."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pharmacrm import SimulatedClock
from pharmacrm.crm.ids import Ids

START = datetime(2000, 1, 1, tzinfo=UTC)
INSTANTS = st.integers(0, 150 * 365 * 86_400 * 10**6).map(
    lambda micros: START + timedelta(microseconds=micros)
)


@given(INSTANTS, INSTANTS)
def test_law_ids_sort_by_microseconds(one: datetime, two: datetime) -> None:
    first, second = Ids(one).next(), Ids(two).next()
    apart = abs((one - two).total_seconds()) > 1e-6
    if apart:
        assert (first < second) == (one < two)


@given(INSTANTS, st.integers(1, 50))
def test_law_a_sequence_rises_and_is_the_same_after_rewinding(at: datetime, count: int) -> None:
    ids = Ids(at)
    first = [ids.next() for _ in range(count)]
    ids.rewind()
    assert [ids.next() for _ in range(count)] == first == sorted(set(first))
    assert all(each[14] == "7" and each[19] in "89ab" for each in first)


def test_a_simulated_clock_stands_still_until_it_is_moved() -> None:
    clock = SimulatedClock("2026-01-05T01:00:00Z")
    first = clock.now()
    assert clock.now() - first == timedelta(microseconds=1)
    clock.advance(timedelta(days=2))
    assert clock.now().date().isoformat() == "2026-01-07"
    clock.move_to("2026-01-06T00:00:00Z")
    assert clock.now().date().isoformat() == "2026-01-07"
    with pytest.raises(ValueError, match="backwards"):
        clock.advance(timedelta(seconds=-1))


def test_a_simulated_clock_goes_on_from_the_newest_entry() -> None:
    clock = SimulatedClock("2026-01-05T01:00:00Z")
    clock.resume(datetime(2026, 3, 1, tzinfo=UTC))
    assert clock.now() > datetime(2026, 3, 1, tzinfo=UTC)
    clock.resume(None)
