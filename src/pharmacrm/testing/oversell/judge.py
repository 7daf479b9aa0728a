"""What must be true after a race: nothing oversold, nothing that fits refused, nothing missing."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from attrs import frozen

from pharmacrm.core.credit import CreditGroup, CreditLine, JoinCreditGroup, Reservation, SetCreditGroup
from pharmacrm.core.credit.groups import COUNTERS
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.orders import SalesOrder
from pharmacrm.crm import PharmaCRM, connect
from pharmacrm.plugins.storage.sql.store import SqlStore
from pharmacrm.testing.books import Books
from pharmacrm.testing.company import found_company
from pharmacrm.testing.oversell.races import TRIES, WORTH, Attempt, Race, compete
from pharmacrm.testing.processes import together
from pharmacrm.testing.targets import database

FINANCE = "qian.qi"

FITS = 0.75
"""The share of what an account is expected to be asked for that fits under its limit."""


@frozen
class Raced:
    """One race on one database."""

    race: Race
    kind: str
    fits: int
    attempts: list[Attempt]
    books: Books

    @property
    def oversold(self) -> list[str]:
        """The accounts and groups over their limit."""
        lines = [each.entity for kind in (CreditLine, CreditGroup) for each in self.books.found[kind]]
        return [line.id for line in lines if (line.reserved + line.posted).minor > line.limit.minor]

    @property
    def slowest(self) -> tuple[float, float]:
        """Median and 99th percentile of one call, in milliseconds."""
        took = sorted(each.seconds for each in self.attempts)
        return took[len(took) // 2] * 1000, took[len(took) * 99 // 100] * 1000

    @property
    def retries(self) -> tuple[int, int]:
        """All tries beyond the first, and the most of one call."""
        return sum(each.tries - 1 for each in self.attempts), max(each.tries for each in self.attempts) - 1

    def wrongs(self) -> Iterator[str]:
        """Every violation."""
        where = f"{self.kind}, {self.race.name}"
        for account in self.oversold:
            yield f"{where}: {account} is oversold"
        yield from (f"{where}: {each}" for each in self._refused())
        yield from (f"{where}: {each}" for each in self._missing())
        yield from (f"{where}: {each}" for each in self._uneven())
        if self.retries[1] > TRIES:
            yield f"{where}: a command was decided {self.retries[1]} times more"
        yield from (f"{where}: {each}" for each in self.books.wrongs())

    def _refused(self) -> Iterator[str]:
        """Answers that are none, and orders that fitted and were held."""
        outcomes: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for each in self.attempts:
            outcomes["the group" if self.race.group else each.buyer][each.outcome] += 1
        for buyer, found in outcomes.items():
            wanted = min(found.total(), self.fits)
            if found["allowed"] != wanted or found["held"] != found.total() - wanted:
                yield f"{buyer} got {dict(found)}, where {wanted} orders fit"

    def _uneven(self) -> Iterator[str]:
        """Groups that are not the sum of their members."""
        for group in (each.entity for each in self.books.found[CreditGroup]):
            members = [each.entity for each in self.books.found[CreditLine] if each.entity.group == group.id]
            for name in COUNTERS:
                counted, owed = getattr(group, name).minor, sum(getattr(each, name).minor for each in members)
                if counted != owed:
                    yield f"{group.id} counts {name} {counted}, its members {owed}"

    def _missing(self) -> Iterator[str]:
        """Acknowledged orders without their rows."""
        orders = {each.entity.id for each in self.books.found[SalesOrder]}
        reserved = {each.entity.id: each.entity for each in self.books.found[Reservation]}
        for each in self.attempts:
            if each.outcome in {"allowed", "held"} and each.order not in orders:
                yield f"{each.order} was acknowledged and is missing"
            if each.outcome == "allowed" and f"{each.order}/credit" not in reserved:
                yield f"{each.order} was allowed and holds no credit"


def found_group(crm: PharmaCRM, members: Sequence[str], limit: Money) -> None:
    """Let the accounts share a limit."""
    group = SetCreditGroup(group="G-1", name="示例集团", limit=limit, reason="集团授信")
    crm.do(group, actor=FINANCE).expect()
    for member in members:
        crm.do(JoinCreditGroup(customer=member, group="G-1"), actor=FINANCE).expect()


def raced(kind: str, race: Race, *, workers: int, attempts: int, seed: int, naive: bool = False) -> Raced:
    """Let processes compete on a database of their own, and read what it then holds."""
    fits = max(1, int(workers * attempts * FITS / race.limits))
    with database(kind) as url:
        crm = connect(url)
        found_company(crm, limit=f"{fits * WORTH}.00", buyers=race.buyers())
        if race.group:
            found_group(crm, race.buyers(), Money(fits * WORTH, "CNY"))
        found = together(compete, url, race, attempts, seed, naive, workers=workers)
        store = SqlStore(url)
        books = Books.read(store, crm.registry)
        store.close()
        crm.close()
    made: list[Any] = [attempt for each in found for attempt in each]
    return Raced(race, kind, fits, made, books)
