"""The same work on both sides in one run, in alternating rounds: a busy machine is busy for both."""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from decimal import Decimal
from statistics import median
from typing import Any

from attrs import frozen

from benchmarks.peer.link import Side
from benchmarks.place_order import MARK, Raw
from benchmarks.recording import ByHand, record
from pharmacrm import connect
from pharmacrm.testing.company import found_company

PROCESSES = 8
FEW, MANY, VERY_MANY = 15, 165, 1_000
"""Open orders of one customer; the last only on our side: the peer would take minutes."""

WHOLE_ROUND = 30
PRICE = 100


@frozen
class Raced:
    """What a race gave: answers, seconds of each order, and whether the sum stayed under the limit."""

    answers: Counter[str]
    seconds: tuple[float, ...]
    fitting: int
    over: bool

    @property
    def through(self) -> int:
        """Orders that were confirmed."""
        return self.answers["through"]

    @property
    def middle(self) -> float:
        """Median seconds."""
        return median(self.seconds)

    @property
    def slowest(self) -> float:
        """The 99th percentile, in seconds."""
        return sorted(self.seconds)[int(len(self.seconds) * 0.99)]


@frozen
class SideFigures:
    """What one side took, in seconds, and its race."""

    order: float
    flow: float
    few_open: float
    many_open: float
    race: Raced
    apart: Raced
    very_many_open: float | None = None


@frozen
class Compared:
    """One database: both sides, and the same rows by hand."""

    database: str
    ours: SideFigures
    floor: float
    theirs: SideFigures | None = None


@frozen
class Sizes:
    """How much is measured."""

    rounds: int = 5
    their_orders: int = 8
    race_orders: int = 48
    our_race_orders: int = 400


Opener = Callable[[], Side]


def compared(database: str, ours: Opener, theirs: Opener | None, url: str, sizes: Sizes) -> Compared:
    """Everything about one database."""
    with ExitStack() as stack:
        mine = stack.enter_context(ours())
        their = stack.enter_context(theirs()) if theirs else None
        known = {
            side: side.ask("found", sizes.rounds * WHOLE_ROUND + 40, "99999999.00")
            for side in _both(mine, their)
        }
        parties = {side: iter(_parties(found)) for side, found in known.items()}
        by_hand = ByTheHand(url)
        took: dict[Any, list[float]] = {side: [] for side in known} | {by_hand: []}
        flows: dict[Any, list[float]] = {side: [] for side in known}
        for number in range(sizes.rounds):
            for side in known:
                many = WHOLE_ROUND if side is mine else sizes.their_orders
                found = side.ask("orders", [next(parties[side]) for _ in range(many)])
                took[side] += found if number else found[1:]
                flows[side] += side.ask("flows", [next(parties[side]) for _ in range(2)]) if number else []
            took[by_hand] += by_hand.seconds(WHOLE_ROUND)
        by_hand.close()
        opened = {side: _opened(side, next(parties[side]), side is mine) for side in known}
    openers = {mine: ours} | ({their: theirs} if their and theirs else {})
    figures: dict[str, SideFigures] = {}
    for side, opener in openers.items():
        race = _races(opener, known[side], sizes.our_race_orders if side is mine else sizes.race_orders)
        figures[side.name] = _figures(took[side], flows[side], opened[side], race)
    return Compared(database, figures["pharmacrm"], median(took[by_hand]), figures.get("Tryton"))


def _figures(
    orders: Sequence[float], flows: Sequence[float], opened: Sequence[float], race: tuple[Raced, Raced]
) -> SideFigures:
    few, many, *more = opened
    return SideFigures(
        order=median(orders),
        flow=median(flows),
        few_open=few,
        many_open=many,
        race=race[0],
        apart=race[1],
        very_many_open=more[0] if more else None,
    )


def _both(mine: Side, their: Side | None) -> Sequence[Side]:
    return (mine, their) if their else (mine,)


def _parties(found: Any) -> list[Any]:
    return list(found["parties"] if isinstance(found, dict) else found)


def _opened(side: Side, party: Any, is_ours: bool) -> list[float]:  # noqa: FBT001 - which of two sides
    found = []
    for many in (FEW, MANY, VERY_MANY) if is_ours else (FEW, MANY):
        side.ask("pile", party, many)
        found.append(median(side.ask("orders", [party] * 5)))
    return found


def _races(opener: Opener, known: Any, orders: int) -> tuple[Raced, Raced]:
    """One hot customer under a limit that a third fits, then each process with a customer of its own."""
    with ExitStack() as stack:
        sides = [stack.enter_context(opener()) for _ in range(PROCESSES)]
        for side in sides:
            side.know(known)
        each = orders // PROCESSES
        fitting = orders // 3
        hot = sides[0].ask("open_accounts", 1, f"{fitting * PRICE}.00")[0]
        own = sides[0].ask("open_accounts", PROCESSES, f"{each * PRICE}.00")
        together = _race(sides, [hot] * PROCESSES, each)
        apart = _race(sides, own, each)
        over = Decimal(str(sides[0].ask("committed", hot))) > fitting * PRICE
    return Raced(*together, fitting, over), Raced(*apart, each * PROCESSES, over=False)


def _race(sides: Sequence[Side], parties: Sequence[Any], each: int) -> tuple[Counter[str], tuple[float, ...]]:
    start = time.time() + 1.0
    for side, party in zip(sides, parties, strict=True):
        side.begin("race", party, each, start)
    found = [answer for side in sides for answer in side.answer()]
    return Counter(what for what, _ in found), tuple(seconds for _, seconds in found)


class ByTheHand:
    """The statements of one of our orders through the raw driver, with new ids, texts and hashes."""

    def __init__(self, url: str) -> None:
        crm = connect(url, prefix="floor_")
        found_company(crm, limit="99999999.00")
        self._hand = ByHand.of(record(crm, MARK).by_hand(), MARK)
        crm.close()
        self._raw = Raw.to(url)
        self._number = 0

    def seconds(self, orders: int) -> list[float]:
        """Seconds of each order."""
        cursor = self._raw.connection.cursor()
        found = []
        for _ in range(orders):
            self._number += 1
            begun = time.perf_counter()
            self._hand.run(cursor, self._raw.begin, f"H-{self._number}")
            found.append(time.perf_counter() - begun)
        return found

    def close(self) -> None:
        """Give the connection back."""
        self._raw.connection.close()
