"""The order in which domains complete decisions is declared, whatever they are called."""

import random

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from pharmacrm.core.kernel.domain import Domain, in_turn
from pharmacrm.crm.registry import Registry
from pharmacrm.plugins.manager import Plugins


def named(*domains: tuple[str, ...]) -> list[Domain]:
    return [Domain(name=name, after=tuple(after)) for name, *after in domains]


def turns(*domains: tuple[str, ...]) -> list[str]:
    return [one.name for one in in_turn(named(*domains))]


@pytest.mark.parametrize(
    ("domains", "order"),
    [
        ([("a",), ("b",)], ["a", "b"]),
        ([("b",), ("a",)], ["b", "a"]),
        ([("a", "b"), ("b",)], ["b", "a"]),
        ([("a", "*"), ("b",), ("c",)], ["b", "c", "a"]),
        ([("a", "*"), ("b", "a"), ("c",)], ["c", "a", "b"]),
        ([("a", "gone"), ("b",)], ["a", "b"]),
        ([("a", "b"), ("b", "a")], ["a", "b"]),
        ([("a", "*"), ("b", "*")], ["a", "b"]),
        ([], []),
    ],
)
def test_each_comes_after_those_that_it_names(domains: list[tuple[str, ...]], order: list[str]) -> None:
    assert turns(*domains) == order


@given(st.permutations(range(6)), st.sets(st.tuples(st.integers(0, 5), st.integers(0, 5))))
def test_law_a_wish_without_a_circle_is_always_met(names: list[int], wishes: set[tuple[int, int]]) -> None:
    after = {late: [f"d{early}" for early, one in wishes if one == late and early < late] for late in names}
    found = [one.name for one in in_turn(Domain(name=f"d{n}", after=tuple(after[n])) for n in names)]
    assert sorted(found) == sorted(f"d{n}" for n in names)
    assert all(found.index(early) < found.index(f"d{late}") for late in names for early in after[late])


def test_sums_are_made_up_in_the_order_declared_under_any_names_and_in_any_order() -> None:
    """Vouchers after invoices are matched, groups after every line that moved: by name it would be luck."""
    ours = Plugins(()).domains()
    plugin = Domain(name="zzz", completing=(lambda decision, _: decision,))
    mixed = [*ours, plugin]
    for seed in range(20):
        random.Random(seed).shuffle(mixed)
        swapped = {"pooling": "aaa", "billing": "yyy"}
        renamed = [
            evolve(
                one,
                name=swapped.get(one.name, one.name),
                after=tuple(swapped.get(name, name) for name in one.after),
            )
            for one in mixed
        ]
        for domains in (mixed, renamed):
            order = [each.__name__ for each in Registry.of(domains).completing]
            assert order.index("billed") < order.index("booked") < order.index("pooled")
            assert order[-2:] == ["exchanged", "pooled"]


def test_documents_follow_their_requests_before_any_sum_is_made() -> None:
    registry = Registry.of(Plugins(()).domains())
    assert len(registry.following) == 5
    assert {each.__name__ for each in registry.completing} == {
        "billed",
        "booked",
        "deputies_asked",
        "exchanged",
        "pooled",
    }
