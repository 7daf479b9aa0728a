"""What every process does at once: orders for one account, for many, for two in opposite order."""

import random
import time
from collections.abc import Callable, Sequence

from attrs import frozen

from pharmacrm.core.flows.placing import PlaceOrder
from pharmacrm.core.kernel.errors import Conflict
from pharmacrm.crm import PharmaCRM
from pharmacrm.testing.company import an_order
from pharmacrm.testing.doors import Counting, Naive, door_to

WORTH = 100
"""Yuan of each order: 80 tablets at 1.25."""

TRIES = 20
"""How often a block of work is tried before its conflict counts as a failure."""


@frozen
class Attempt:
    """One order and what became of it."""

    buyer: str
    order: str
    outcome: str
    tries: int
    seconds: float


@frozen
class Race:
    """One form of the contest: how many accounts, and how a process chooses among them.

    In a `group` the accounts share one limit, which is also the cap of each.
    """

    name: str
    accounts: int
    together: bool = False
    group: bool = False

    @property
    def limits(self) -> int:
        """How many limits the orders compete for."""
        return 1 if self.group else self.accounts

    def buyers(self) -> tuple[str, ...]:
        """The ids of the accounts."""
        return tuple(f"H-{number:03}" for number in range(self.accounts))

    def demand(self, attempts: int, number: int, seed: int) -> list[tuple[str, ...]]:
        """For each attempt of a process the accounts it orders for."""
        buyers = self.buyers()
        if self.together:
            return [buyers if number % 2 else buyers[::-1]] * (attempts // len(buyers))
        draw = random.Random(f"{seed}/{self.name}/{number}")  # noqa: S311 - a run has to be repeatable
        return [(draw.choice(buyers),) for _ in range(attempts)]


HOT = Race("hot", 1)


def races(accounts: int) -> tuple[Race, ...]:
    """Every form."""
    return (
        HOT,
        Race("accounts", accounts),
        Race("opposite", 2, together=True),
        Race("group", 4, group=True),
        Race("group_opposite", 2, together=True, group=True),
    )


def worth(id: str, buyer: str) -> PlaceOrder:
    """An order of 100 yuan."""
    return an_order(id, buyer=buyer, quantity=80, product="ATO-20")


def compete(number: int, url: str, race: Race, attempts: int, seed: int, naive: bool) -> list[Attempt]:  # noqa: FBT001 - handed on by position to a process
    """What one process does; every order has an id of its own."""
    store = Naive(url) if naive else Counting(url)
    crm = door_to(store)
    order: Callable[[PharmaCRM, Counting, Sequence[str], str], list[Attempt]]
    order = _in_one_block if race.together else _one_by_one
    made: list[Attempt] = []
    for place, buyers in enumerate(race.demand(attempts, number, seed)):
        made += order(crm, store, buyers, f"SO-{number}-{place}")
    crm.close()
    return made


def _one_by_one(crm: PharmaCRM, store: Counting, buyers: Sequence[str], id: str) -> list[Attempt]:
    before, start = store.sessions, time.perf_counter()
    try:
        outcome = str(crm.do(worth(id, buyers[0]), actor="zhang.san", key=id).outcome)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is reported
        outcome = f"{type(error).__name__}: {error}"
    return [Attempt(buyers[0], id, outcome, store.sessions - before, time.perf_counter() - start)]


def _in_one_block(crm: PharmaCRM, store: Counting, buyers: Sequence[str], id: str) -> list[Attempt]:
    """An order for each account, staged together: the store alone decides in which order it locks."""
    before, start = store.sessions, time.perf_counter()
    outcomes: list[str] = []
    for _ in range(TRIES):
        try:
            with crm.work(actor="zhang.san") as work:
                answers = [work.do(worth(f"{id}-{buyer}", buyer), key=f"{id}-{buyer}") for buyer in buyers]
                outcomes = [str(answer.outcome) for answer in answers]
        except Conflict as error:
            outcomes = [f"{type(error).__name__}: {error}"] * len(buyers)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is reported
            outcomes = [f"{type(error).__name__}: {error}"] * len(buyers)
            break
        else:
            break
    tries, seconds = store.sessions - before, time.perf_counter() - start
    return [
        Attempt(buyer, f"{id}-{buyer}", outcome, tries, seconds)
        for buyer, outcome in zip(buyers, outcomes, strict=True)
    ]
