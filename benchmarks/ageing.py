"""Ageing of many open instalments: the question at the door, beside the same sums written as SQL by hand.

python -m benchmarks.ageing [--rows 1000000] [--pairs 5] [--url sqlite:///ageing.db]
"""

import argparse
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from statistics import median
from typing import Any

from attrs import frozen
from sqlalchemy import create_engine, text

from pharmacrm import AgeingReport, Instalment, Money, PartKind, connect
from pharmacrm.core.kernel.store import Batch
from pharmacrm.core.receivables.model import SETTLED_BY
from pharmacrm.crm import PharmaCRM
from pharmacrm.testing.company import found_company
from pharmacrm.testing.targets import database

BATCH = 5_000
PREFIX = "ageing_"
ASKER = "qian.qi"
EDGES = (30, 60, 90, 120)


@frozen
class Timed:
    """Seconds of each way, alternating in one run, and the rows that were summed."""

    rows: int
    ours: tuple[float, ...]
    by_hand: tuple[float, ...]

    @property
    def ratio(self) -> float:
        """How much longer ours takes, as the median over the pairs."""
        return median(ours / hand for ours, hand in zip(self.ours, self.by_hand, strict=True))


def fill(crm: PharmaCRM, rows: int) -> None:
    """Store open instalments of 2,000 customers, due over 400 days, straight through the store."""
    with crm._store.session() as session:  # noqa: SLF001 - a million orders would take hours
        made = instalments(crm, rows)
        for _ in range(0, rows, BATCH):
            batch = tuple(each for each, _ in zip(made, range(BATCH), strict=False))
            session.flush(crm.tenant, Batch(at=crm.clock.now(), inserts=batch))


def instalments(crm: PharmaCRM, rows: int) -> Iterator[Instalment]:
    today = crm.clock.now().date()
    untouched = dict.fromkeys(SETTLED_BY, Money.zero("CNY"))
    for number in range(rows):
        opened = today - timedelta(number * 7919 % 400)
        amounts: dict[str, Any] = untouched | {"allocated": Money.of_minor(number % 50, "CNY")}
        yield Instalment(
            id=f"B-{number}/receivable/1",
            receivable=f"B-{number}/receivable",
            customer=f"C-{number % 2000}",
            number=1,
            kind=PartKind.CREDIT,
            opened_on=opened,
            due=opened + timedelta(30 + number % 61),
            amount=Money.of_minor(100 + number * 104_729 % 10_000_000, "CNY"),
            **amounts,
        )


def by_hand(crm: PharmaCRM, url: str) -> Callable[[], list[tuple[int, int, int]]]:
    """The statement that a programmer of the host would write, over a connection that is open."""
    today = crm.clock.now().date()
    arms = " ".join(f"WHEN due >= :d{n} THEN {n}" for n in range(len(EDGES) + 1))
    owed = "amount - " + " - ".join(SETTLED_BY)
    statement = text(
        f"SELECT CASE {arms} ELSE {len(EDGES) + 1} END AS age, SUM({owed}), COUNT(*) FROM {PREFIX}instalment "
        "WHERE tenant = :tenant AND settled = :no AND opened_on <= :d0 AND currency = 'CNY' GROUP BY age"
    )
    days = {f"d{n}": today - timedelta(edge) for n, edge in enumerate((0, *EDGES))}
    connection = create_engine(url).connect()

    def run() -> list[tuple[int, int, int]]:
        found = connection.execute(statement, {"tenant": crm.tenant, "no": False, **days}).all()
        connection.rollback()
        return sorted((int(age), int(amount), int(items)) for age, amount, items in found)

    return run


def measured(url: str, *, rows: int, pairs: int) -> Timed:
    """Fill a store and ask both ways, in turn; their amounts are the same, or it fails."""
    crm = connect(url, prefix=PREFIX)
    found_company(crm)
    fill(crm, rows)
    hand = by_hand(crm, url)
    ours: list[float] = []
    theirs: list[float] = []
    for _ in range(pairs + 1):
        begun = time.perf_counter()
        answer = crm.ask(AgeingReport(edges=EDGES), actor=ASKER)
        between = time.perf_counter()
        wanted = hand()
        ended = time.perf_counter()
        found = [(n, each.amount.minor, each.items) for n, each in enumerate(answer.buckets) if each.items]
        assert found == wanted, (found, wanted)
        ours.append(between - begun)
        theirs.append(ended - between)
    crm.close()
    return Timed(rows, tuple(ours[1:]), tuple(theirs[1:]))  # the first pair fills the caches


def measure(url: str, name: str, *, rows: int = 1_000_000, pairs: int = 5) -> list[tuple[str, str]]:
    """The figures as rows of the page."""
    found = measured(url, rows=rows, pairs=pairs)
    what = f"{name}: ageing of {rows:,} open instalments"
    return [
        (f"{what}, milliseconds", f"{median(found.ours) * 1000:.0f}"),
        (f"{what}, beside SQL by hand", f"{found.ratio:.2f}x"),
    ]


def main() -> None:
    """Measure one database, a SQLite file unless another is named."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--rows", type=int, default=1_000_000)
    asked.add_argument("--pairs", type=int, default=5)
    asked.add_argument("--kind", default="sqlite", choices=("sqlite", "postgresql", "mariadb"))
    options = asked.parse_args()
    with database(options.kind) as url:
        for what, value in measure(url, options.kind, rows=options.rows, pairs=options.pairs):
            print(f"{what}: {value}")


if __name__ == "__main__":
    main()
