"""Processes that race: each opens the door by itself, waits for the others, and does its commands."""

import multiprocessing
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import sleep
from typing import Any

from attrs import evolve, frozen

from pharmacrm.core.flows.release import ApproveOrder
from pharmacrm.crm import PharmaCRM, SimulatedClock, connect
from tests.flows.house import SALES, WAREHOUSE, slip, worth

WORKERS = int(os.environ.get("PHARMACRM_TEST_RACERS", "8"))
EACH = int(os.environ.get("PHARMACRM_TEST_RACE_ORDERS", "12"))
"""The issue's size is 8 x 50; continuous integration runs a small form."""

Racer = Callable[[PharmaCRM, int, int], list[Any]]


@frozen
class Race:
    """What every process does at once, in a tenant of its own."""

    racer: Racer
    tenant: str
    each: int = EACH


def _run(races: tuple[Race, ...], url: str, number: int, gate: Any, answers: Any) -> None:
    try:
        crm = connect(url, clock=SimulatedClock())
        for race in races:
            gate.wait(120)
            answers.put((race.tenant, number, race.racer(crm.for_tenant(race.tenant), number, race.each)))
        crm.close()
    except BaseException as error:
        gate.abort()
        answers.put(("failed", number, f"{type(error).__name__}: {error}"))
        raise


def run(races: tuple[Race, ...], url: str, *, workers: int = WORKERS) -> dict[str, list[Any]]:
    """What each process answered in each race, by their numbers; they start once for all races."""
    spawn = multiprocessing.get_context("spawn")
    gate, answers = spawn.Barrier(workers), spawn.Queue()
    processes = [
        spawn.Process(target=_run, args=(races, url, number, gate, answers)) for number in range(workers)
    ]
    for process in processes:
        process.start()
    found: list[Any] = []
    while len(found) < workers * len(races) and not any(tenant == "failed" for tenant, _, _ in found):
        found.append(answers.get(timeout=120))
    for process in processes:
        process.join(30)
    return {
        race.tenant: [answer for tenant, _, answer in sorted(found) if tenant == race.tenant]
        for race in races
    }


def order_for(crm: PharmaCRM, buyer: str, id: str, key: str = "") -> str:
    """Place an order of 100 yuan and say what became of it: its outcome, or the error."""
    try:
        return str(crm.do(worth(id, 100, buyer=buyer), actor=SALES, key=key).outcome)
    except Exception as error:  # noqa: BLE001 - whatever it is, the test shows it
        return f"{type(error).__name__}: {error}"


def hot(crm: PharmaCRM, number: int, each: int) -> list[str]:
    """Everybody orders for one customer."""
    return [order_for(crm, "H-001", f"SO-{number}-{place}") for place in range(each)]


def cold(crm: PharmaCRM, number: int, each: int) -> list[str]:
    """Everybody orders for a customer of their own."""
    return [order_for(crm, f"H-{number}", f"SO-{number}-{place}") for place in range(each)]


def same_keys(crm: PharmaCRM, number: int, each: int) -> list[tuple[str, str]]:
    """Everybody gives the same commands under the same keys."""
    answers = []
    for place in range(each):
        answer = crm.do(worth("", 100), actor=SALES, key=f"web-{place}")
        answers.append((str(answer.outcome), answer.expect().id))
    return answers


def same_slip(crm: PharmaCRM, number: int, each: int) -> list[str]:
    """Everybody ships all of the same order."""
    return [str(crm.do(slip("SO-1", f"OUT-{number}", 80), actor=WAREHOUSE).outcome)]


def same_signature(crm: PharmaCRM, number: int, each: int) -> list[str]:
    """Everybody signs the same step."""
    answer = crm.do(ApproveOrder(order="SO-1", stage="qualification"), actor=f"signer-{number}")
    return [str(answer.outcome), *answer.codes]


def naive(crm: PharmaCRM, number: int, each: int) -> list[str]:
    """The control: what is read is checked, and then written without a bound and without a version."""
    session = crm._store.session

    @contextmanager
    def unguarded() -> Iterator[Any]:
        with session() as inner:
            yield Unbounded(inner)

    crm._store.session = unguarded  # type: ignore[method-assign]  # the fault is put in the place of the method
    return hot(crm, number, each)


class Unbounded:
    """A session that forgets what was relied upon, and every bound."""

    def __init__(self, inner: Any) -> None:
        self.inner = inner

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)

    def flush(self, tenant: str, batch: Any) -> None:
        sleep(0.002)
        free = tuple(evolve(each, bounded=False, version=None) for each in batch.additions)
        self.inner.flush(tenant, evolve(batch, additions=free, expects=()))
