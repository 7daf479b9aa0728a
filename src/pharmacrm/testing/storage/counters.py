"""Bounded additions: never over the bound, never below zero, and never in the way of what lowers the sum."""

from typing import Any

import pytest
from attrs import evolve

from pharmacrm.core.kernel.store import Addition
from pharmacrm.testing.storage.bench import Bench, KitBase, addition, changed
from pharmacrm.testing.storage.kinds import KitAccount, KitTally, account, cny


def _state(bench: Bench) -> tuple[int, int, int]:
    have = bench.get(KitAccount, "a-1")
    return have.reserved.minor, have.posted.minor, have.paid.minor


def _tally(minor: int) -> KitTally:
    return KitTally(id="t-1", version=1, total=cny(minor))


PASSING: list[tuple[str, dict[str, int], dict[str, Any], tuple[int, int, int]]] = [
    ("up_to_the_limit", {}, {"reserved": 1_000}, (1_000, 0, 0)),
    ("rest_up_to_the_limit", {"reserved": 400, "posted": 500}, {"posted": 100}, (400, 600, 0)),
    ("paid_makes_room", {"posted": 1_000, "paid": 300}, {"reserved": 300}, (300, 1_000, 300)),
    ("unbounded", {"reserved": 1_000}, {"reserved": 5_000, "bounded": False}, (6_000, 0, 0)),
    ("lowered_while_over", {"posted": 5_000}, {"posted": -1}, (0, 4_999, 0)),
    ("received_while_over", {"posted": 5_000}, {"paid": 1}, (0, 5_000, 1)),
    ("moved_while_over", {"reserved": 5_000}, {"reserved": -700, "posted": 700}, (4_300, 700, 0)),
    ("rises_and_is_received", {"posted": 5_000}, {"posted": 10, "paid": 10}, (0, 5_010, 10)),
    ("three_at_once", {"reserved": 500}, {"reserved": -500, "posted": 500, "paid": 20}, (0, 500, 20)),
    (
        "to_zero",
        {"reserved": 3, "posted": 1, "paid": 2},
        {"reserved": -3, "paid": -2, "posted": -1},
        (0, 0, 0),
    ),
    ("nothing", {"posted": 5_000}, {"reserved": 0}, (0, 5_000, 0)),
    ("with_the_right_version", {}, {"reserved": 1, "version": 1}, (1, 0, 0)),
]

FAILING: list[tuple[str, dict[str, int], dict[str, Any]]] = [
    ("one_over", {}, {"reserved": 1_001}),
    ("one_over_the_rest", {"reserved": 400, "posted": 500}, {"posted": 101}),
    ("paid_taken_back", {"posted": 1_000, "paid": 300}, {"reserved": 300, "paid": -1}),
    ("rises_while_over", {"posted": 5_000}, {"reserved": 1}),
    ("paid_lowered_while_over", {"posted": 5_000, "paid": 10}, {"paid": -1}),
    ("two_together", {}, {"reserved": 500, "posted": 501}),
    ("below_zero", {"reserved": 5}, {"reserved": -6}),
    ("below_zero_beside_another", {"reserved": 5}, {"reserved": -6, "posted": 6}),
    ("below_zero_unbounded", {"paid": 5}, {"paid": -6, "bounded": False}),
    ("with_a_stale_version", {}, {"reserved": 1, "version": 2}),
]


class CountersKit(KitBase):
    """Counters."""

    @pytest.mark.parametrize(
        ("start", "moves", "wanted"), [pytest.param(*case, id=name) for name, *case in PASSING]
    )
    def test_addition_passes(
        self, bench: Bench, start: dict[str, Any], moves: dict[str, Any], wanted: tuple[int, int, int]
    ) -> None:
        """The bound is tested only by what raises the sum, and it may be reached."""
        bench.flush(account(**start))
        bench.flush(additions=(addition(**moves),))
        assert _state(bench) == wanted

    @pytest.mark.parametrize(("start", "moves"), [pytest.param(*case, id=name) for name, *case in FAILING])
    def test_addition_conflicts(self, bench: Bench, start: dict[str, Any], moves: dict[str, Any]) -> None:
        """One fen over the bound or below zero is a conflict, and nothing moves."""
        bench.flush(account(**start))
        assert bench.conflict(additions=(addition(**moves),)).retry == "command"
        assert bench.get(KitAccount, "a-1") == account(**start)

    def test_addition_does_not_raise_the_version(self, bench: Bench) -> None:
        """Orders do not disturb whoever is changing the limit: the version stays."""
        bench.flush(account())
        bench.flush(additions=(addition(reserved=1),))
        bench.flush(updates=(changed(account(), name="two"),), additions=(addition(reserved=1),))
        assert bench.get(KitAccount, "a-1") == evolve(account(reserved=2), name="two", version=2)

    def test_exact_update_wants_the_counters_that_were_read(self, bench: Bench) -> None:
        """A decision that rests on the sums is not stored once one of them has moved."""
        bench.flush(account(reserved=5, paid=2))
        bench.flush(additions=(addition(reserved=1),))
        for stale in (account(reserved=5, paid=2), account(reserved=6, paid=3)):
            exact = evolve(changed(stale, name="two"), exact=True)
            assert bench.conflict(updates=(exact,)).retry == "command"
        now = evolve(changed(account(reserved=6, paid=2), name="two"), exact=True)
        bench.flush(updates=(now,), additions=(addition(reserved=1),))
        assert bench.get(KitAccount, "a-1") == evolve(account(reserved=7, paid=2), name="two", version=2)

    def test_additions_are_deltas(self, bench: Bench) -> None:
        """Additions in one batch and in several add up."""
        bench.flush(account())
        for amount in (1, 10, 100):
            bench.flush(additions=(addition(reserved=amount), addition(reserved=amount, posted=amount)))
        assert _state(bench) == (222, 111, 0)

    def test_additions_of_one_batch_stand_in_their_order(self, bench: Bench) -> None:
        """Room that an addition makes is there for the next one, and not for the one before."""
        bench.flush(account(reserved=1_000))
        bench.flush(additions=(addition(reserved=-10), addition(posted=10)))
        bench.conflict(additions=(addition(posted=10), addition(reserved=-10)))
        assert _state(bench) == (990, 10, 0)

    def test_limit_is_the_stored_one(self, bench: Bench) -> None:
        """After the limit is lowered nothing rises, and what is lowered passes."""
        bench.flush(account(reserved=500))
        bench.flush(updates=(changed(account(), limit=cny(400)),))
        bench.conflict(additions=(addition(reserved=1),))
        bench.flush(additions=(addition(reserved=-101),))
        bench.flush(additions=(addition(reserved=1),))
        assert _state(bench) == (400, 0, 0)

    def test_counter_without_a_bound(self, bench: Bench) -> None:
        """A kind without a bound only keeps its counters from falling below zero."""
        bench.flush(_tally(0))
        bench.flush(additions=(Addition(kind=KitTally, id="t-1", amounts={"total": 10**15}),))
        bench.conflict(additions=(Addition(kind=KitTally, id="t-1", amounts={"total": -(10**15) - 1}),))
        assert bench.get(KitTally, "t-1") == _tally(10**15)

    def test_accounts_do_not_share_their_bound(self, bench: Bench) -> None:
        """Each record has a bound of its own."""
        bench.flush(account(reserved=1_000), account("a-2"))
        bench.flush(additions=(addition("a-2", reserved=1_000),))
        assert bench.find(KitAccount) == [account(reserved=1_000), account("a-2", reserved=1_000)]

    def test_large_amounts(self, bench: Bench) -> None:
        """Amounts near the largest one add up exactly."""
        near = 10**17
        bench.flush(account(limit=4 * near, reserved=near))
        bench.flush(additions=(addition(reserved=near, posted=2 * near),))
        bench.conflict(additions=(addition(posted=1),))
        assert _state(bench) == (2 * near, 2 * near, 0)
