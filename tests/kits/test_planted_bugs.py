"""The kit has teeth: it finds every planted bug, and nothing in a store that has none."""

import pytest

from pharmacrm.plugins.storage.memory import MemoryStore
from pharmacrm.testing.storage import Capabilities, failures
from tests.kits.planted import (
    PLANTED,
    AbsentIsLess,
    FoldsCase,
    IgnoresExpectations,
    IgnoresTheBound,
    LeaksAcrossTenants,
    LimitZeroIsNone,
    PagesRepeatTies,
    Planted,
    StoresHalf,
    SwallowsVersionConflicts,
    UpdateOverwritesCounters,
    WrongGuardOfParts,
)

IN_MEMORY = Capabilities(durable=False)


@pytest.mark.parametrize("planted", PLANTED, ids=lambda planted: planted.name)
def test_planted_bug_is_caught(planted: Planted, record_property) -> None:
    caught = failures(planted.make, IN_MEMORY, but="_law_")
    tests = sorted({name.partition("[")[0] for name in caught})
    record_property("caught_by", ", ".join(tests))
    assert planted.found_by in tests, f"{planted.name} was caught by {tests or 'nothing'}"


def _found_by(law: str, store: type[MemoryStore]) -> bool:
    """Within a few runs: each draws examples of its own, and a rare mistake may slip through one of them."""
    full = Capabilities(durable=False, examples=None)
    return any(failures(store, full, only=law) for _ in range(6))


@pytest.mark.parametrize(
    "store", [FoldsCase, AbsentIsLess, LimitZeroIsNone, PagesRepeatTies, LeaksAcrossTenants]
)
def test_law_of_searches_finds_it_too(store: type[MemoryStore]) -> None:
    assert _found_by("test_law_random_searches", store)


def test_law_of_pages_finds_lost_ties() -> None:
    assert _found_by("test_law_random_pages", PagesRepeatTies)


@pytest.mark.parametrize(
    "store",
    [
        SwallowsVersionConflicts,
        IgnoresExpectations,
        IgnoresTheBound,
        StoresHalf,
        UpdateOverwritesCounters,
        WrongGuardOfParts,
    ],
)
def test_law_of_batches_finds_it_too(store: type[MemoryStore]) -> None:
    assert _found_by("test_law_random_batches", store)


def test_clean_store_passes() -> None:
    assert failures(MemoryStore, IN_MEMORY) == {}
