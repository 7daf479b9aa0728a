"""Ageing of many open instalments: the question at the door, beside the same sums written as SQL by hand.

Today, and on a past day, whose amounts are told from the allocations and adjustments in force on it.

    python -m benchmarks.ageing [--rows 1000000] [--pairs 5] [--db sqlite,postgresql] [--write]
"""

import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import islice
from statistics import median
from typing import Any

from attrs import frozen
from sqlalchemy import create_engine, text

from benchmarks.table import Rows, measure_databases
from pharmacrm import (
    Adjustment,
    AdjustmentKind,
    AgeingReport,
    Allocation,
    Instalment,
    Money,
    PartKind,
    connect,
)
from pharmacrm.core.kernel.record import Entity
from pharmacrm.core.kernel.store import Batch
from pharmacrm.core.receivables.model import SETTLED_BY
from pharmacrm.crm import PharmaCRM
from pharmacrm.testing.company import found_company

BATCH = 5_000
PREFIX = "ageing_"
ASKER = "qian.qi"
EDGES = (30, 60, 90, 120)
BACK = 90
"""Days from the past day until today."""

Answer = list[tuple[int, int, int]]
"""Class, minor units and items."""


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
    """Store open instalments of 2,000 customers with what lowered them, straight through the store."""
    made = entities(crm.clock.now().date(), rows)
    with crm._store.session() as session:  # noqa: SLF001 - a million orders would take hours
        while batch := tuple(islice(made, BATCH)):
            session.flush(crm.tenant, Batch(at=crm.clock.now(), inserts=batch))


def analyse(url: str) -> None:
    """Let the database count what it holds, as it does by itself in time: else the SQL by hand never ends."""
    tables = ", ".join(PREFIX + name for name in ("instalment", "allocation", "adjustment"))
    with create_engine(url, isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text(f"ANALYZE TABLE {tables}" if "mariadb" in url else "ANALYZE"))


def entities(today: date, rows: int) -> Iterator[Entity]:
    """Instalments opened over 400 days; every second was paid in part, every twentieth credited in part."""
    for number in range(rows):
        paid, credited = number % 50 if number % 2 else 0, number % 7 if number % 20 == 0 else 0
        opened = today - timedelta(number * 7919 % 400)
        undone = number % 10 == 1
        lowered = {"allocated": _yuan(0 if undone else paid), "credited": _yuan(credited)}
        yield Instalment(
            id=f"B-{number}/receivable/1",
            receivable=f"B-{number}/receivable",
            customer=f"C-{number % 2000}",
            number=1,
            kind=PartKind.CREDIT,
            opened_on=opened,
            due=opened + timedelta(30 + number % 61),
            amount=_yuan(100 + number * 104_729 % 10_000_000),
            **dict.fromkeys(SETTLED_BY, _yuan(0)) | lowered,
        )
        on = min(opened + timedelta(number % 120), today)
        if paid:
            yield _allocation(number, paid, on, undone_on=min(on + timedelta(20), today) if undone else None)
        if credited:
            yield _adjustment(number, credited, on)


def _yuan(minor: int) -> Any:
    return Money.of_minor(minor, "CNY")


def _allocation(number: int, paid: int, on: date, *, undone_on: date | None) -> Allocation:
    return Allocation(
        id=f"R-{number}/1",
        receipt=f"R-{number}",
        number=1,
        receivable=f"B-{number}/receivable",
        instalment=f"B-{number}/receivable/1",
        kind=PartKind.CREDIT,
        amount=_yuan(paid),
        discount=_yuan(0),
        on=on,
        undone=undone_on is not None,
        undone_on=undone_on,
    )


def _adjustment(number: int, credited: int, on: date) -> Adjustment:
    return Adjustment(
        id=f"N-{number}/1",
        receivable=f"B-{number}/receivable",
        instalment=f"B-{number}/receivable/1",
        kind=AdjustmentKind.CREDIT_NOTE,
        document=f"N-{number}",
        amount=_yuan(credited),
        on=on,
    )


def by_hand(crm: PharmaCRM, url: str, day: date) -> Callable[[], Answer]:
    """The statement that a programmer of the host would write, over a connection that is open."""
    arms = " ".join(f"WHEN due >= :d{n} THEN {n}" for n in range(len(EDGES) + 1))
    age = f"CASE {arms} ELSE {len(EDGES) + 1} END AS age"
    statement = (
        _today(age) if day == crm.clock.now().date() else _then(age, "`on`" if "mariadb" in url else '"on"')
    )
    days = {f"d{n}": day - timedelta(edge) for n, edge in enumerate((0, *EDGES))}
    connection = create_engine(url).connect()

    def run() -> Answer:
        found = connection.execute(text(statement), {"tenant": crm.tenant, "no": False, **days}).all()
        connection.rollback()
        return sorted((int(age), int(amount), int(items)) for age, amount, items in found)

    return run


def _today(age: str) -> str:
    owed = "amount - " + " - ".join(SETTLED_BY)
    return (
        f"SELECT {age}, SUM({owed}), COUNT(*) FROM {PREFIX}instalment "
        "WHERE tenant = :tenant AND settled = :no AND opened_on <= :d0 AND currency = 'CNY' GROUP BY age"
    )


def _then(age: str, on: str) -> str:
    """What was open at the end of the day: the amount less what was in force then."""
    in_force = f"tenant = :tenant AND {on} <= :d0 AND (undone_on IS NULL OR undone_on > :d0)"
    paid = (
        f"SELECT instalment, SUM(amount + discount) AS paid FROM {PREFIX}allocation "
        f"WHERE {in_force} GROUP BY instalment"
    )
    less = (
        f"SELECT instalment, SUM(amount) AS less FROM {PREFIX}adjustment WHERE {in_force} GROUP BY instalment"
    )
    owed = (
        "i.amount - COALESCE(p.paid, 0) - COALESCE(l.less, 0)"
        " - CASE WHEN i.cancelled_on <= :d0 THEN i.cancelled ELSE 0 END"
    )
    return (
        f"SELECT {age}, SUM(owed), COUNT(*) FROM (SELECT i.due, {owed} AS owed FROM {PREFIX}instalment i "
        f"LEFT JOIN ({paid}) p ON p.instalment = i.id LEFT JOIN ({less}) l ON l.instalment = i.id "
        "WHERE i.tenant = :tenant AND i.opened_on <= :d0 AND i.currency = 'CNY') x "
        "WHERE owed <> 0 GROUP BY age"
    )


def measured(url: str, *, rows: int, pairs: int) -> dict[str, Timed]:
    """Fill a store and ask both ways, in turn, of today and of a past day; they agree, or it fails."""
    crm = connect(url, prefix=PREFIX)
    found_company(crm)
    fill(crm, rows)
    analyse(url)
    today = crm.clock.now().date()
    try:
        return {
            name: compared(crm, url, day, rows=rows, pairs=pairs)
            for name, day in (("today", today), (f"{BACK} days ago", today - timedelta(BACK)))
        }
    finally:
        crm.close()


def compared(crm: PharmaCRM, url: str, day: date, *, rows: int, pairs: int) -> Timed:
    """Ask about a day, both ways in turn; the first pair fills the caches and is not counted."""
    hand, ours, theirs = by_hand(crm, url, day), [], []
    for _ in range(pairs + 1):
        begun = time.perf_counter()
        answer = crm.ask(AgeingReport(as_of=day, edges=EDGES), actor=ASKER)
        between = time.perf_counter()
        wanted = hand()
        ended = time.perf_counter()
        found = [(n, each.amount.minor, each.items) for n, each in enumerate(answer.buckets) if each.items]
        assert found == wanted, (found, wanted)
        ours.append(between - begun)
        theirs.append(ended - between)
    return Timed(rows, tuple(ours[1:]), tuple(theirs[1:]))


def measure(url: str, name: str, rows: int, pairs: int) -> Rows:
    """The figures as rows of the page."""
    found = []
    for day, timed in measured(url, rows=rows, pairs=pairs).items():
        what = f"{name}: ageing of {rows:,} open instalments, {day}"
        found += [
            (f"{what}, milliseconds", f"{median(timed.ours) * 1000:.0f}"),
            (f"{what}, beside SQL by hand", f"{timed.ratio:.2f}x"),
        ]
    return found


if __name__ == "__main__":
    measure_databases("ageing", __doc__, measure, size="rows", of=1_000_000)
