"""PlaceOrder with five lines beside the same reads and rows by hand through the raw driver, in pairs."""

import sqlite3
import time
from collections.abc import Callable
from statistics import median
from typing import Any

from attrs import frozen
from sqlalchemy import make_url

from benchmarks.recording import ByHand, Recording, record
from pharmacrm import PharmaCRM, PlaceOrder, connect
from pharmacrm.testing.company import an_order, found_company

MANY_OPEN = 10_000
FEW_OPEN = 15
MARK = "ORDER-TO-COPY"


@frozen
class Pair:
    """Seconds and CPU seconds per order, ours and by hand."""

    ours: float
    ours_cpu: float
    floor: float
    floor_cpu: float

    @property
    def ratio(self) -> float:
        """How many times the floor."""
        return self.ours / self.floor


@frozen
class Figures:
    """The outcome for one database."""

    name: str
    pairs: tuple[Pair, ...]
    refusals: float
    few: Recording
    many: Recording

    @property
    def ratio(self) -> float:
        """The median ratio."""
        return median(pair.ratio for pair in self.pairs)

    @property
    def cpu_over(self) -> float:
        """Median CPU microseconds per order over the floor."""
        return median(pair.ours_cpu - pair.floor_cpu for pair in self.pairs) * 1e6

    def rows(self) -> list[tuple[str, str]]:
        """The figures as (what, value)."""
        ratios = sorted(pair.ratio for pair in self.pairs)
        return [
            (f"{self.name}: times the floor, median of {len(self.pairs)} pairs", f"{self.ratio:.2f}"),
            (f"{self.name}: least and most", f"{ratios[0]:.2f} to {ratios[-1]:.2f}"),
            (f"{self.name}: ours, orders per second", f"{1 / median(pair.ours for pair in self.pairs):,.0f}"),
            (
                f"{self.name}: by hand, orders per second",
                f"{1 / median(pair.floor for pair in self.pairs):,.0f}",
            ),
            (f"{self.name}: CPU over the floor, microseconds per order", f"{self.cpu_over:,.0f}"),
            (f"{self.name}: refusals per second", f"{self.refusals:,.0f}"),
            (f"{self.name}: statements with {FEW_OPEN} open orders", str(self.few.statements)),
            (f"{self.name}: statements with {MANY_OPEN:,} open orders", str(self.many.statements)),
            (f"{self.name}: rows read with {FEW_OPEN} open orders", str(self.few.rows)),
            (f"{self.name}: rows read with {MANY_OPEN:,} open orders", str(self.many.rows)),
        ]


@frozen
class Raw:
    """A raw connection, and how its transactions begin."""

    connection: Any
    begin: str

    @classmethod
    def to(cls, url: str) -> "Raw":
        """Through sqlite3, PyMySQL or psycopg, with the durability that our store has."""
        if url.startswith("sqlite"):
            file = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None, timeout=30)
            file.execute("PRAGMA journal_mode=WAL")
            file.execute("PRAGMA synchronous=FULL")
            return cls(file, "BEGIN IMMEDIATE")
        if url.startswith("mariadb"):
            import pymysql

            at = make_url(url)
            connection = pymysql.connect(
                host=at.host or "",
                port=at.port or 3306,
                user=at.username,
                password=at.password or "",
                database=at.database,
                autocommit=True,
                ssl_disabled="ssl_disabled" in at.query,
            )
            return cls(connection, "BEGIN")
        import psycopg

        url = url.replace("postgresql+psycopg://", "postgresql://")
        return cls(psycopg.connect(url, autocommit=True), "BEGIN")


def timed(work: Callable[[], None], times: int) -> tuple[float, float]:
    """Seconds and CPU seconds of one call, on average."""
    wall, cpu = time.perf_counter(), time.process_time()
    for _ in range(times):
        work()
    return (time.perf_counter() - wall) / times, (time.process_time() - cpu) / times


def measure(url: str, name: str, *, pairs: int = 7, orders: int = 150) -> Figures:
    """Everything about PlaceOrder on one database."""
    crm = connect(url, prefix="bench_")
    found_company(crm, limit="99999999.00")
    for number in range(FEW_OPEN - 1):
        crm.do(an_order(f"OPEN-{number}", lines=5, quantity=100), actor="zhang.san").expect()
    few = record(crm, MARK)
    hand = ByHand.of(few.by_hand(), MARK)
    raw = Raw.to(url)
    cursor = raw.connection.cursor()
    found = tuple(_pair(crm, raw, hand, number, orders) for number in range(pairs + 1))[1:]
    refusals = _refusals(crm)
    placed = FEW_OPEN + (pairs + 1) * 2 * orders
    for number in range(max(0, MANY_OPEN - placed)):
        hand.run(cursor, raw.begin, f"MANY-{number}")
    many = record(crm, "LAST")
    raw.connection.close()
    crm.close()
    return Figures(name, found, refusals, few, many)


def _pair(crm: PharmaCRM, raw: Raw, hand: ByHand, number: int, orders: int) -> Pair:
    """One pair, alternating which side goes first; making the command is part of our side."""
    cursor = raw.connection.cursor()
    mine, theirs = iter(range(orders)), iter(range(orders))

    def ours() -> None:
        each = f"{number}-{next(mine)}"
        crm.do(an_order(f"O-{each}", lines=5, quantity=100), actor="zhang.san", key=f"key-O-{each}").expect()

    def by_hand() -> None:
        hand.run(cursor, raw.begin, f"H-{number}-{next(theirs)}")

    if number % 2:
        first, second = timed(ours, orders), timed(by_hand, orders)
    else:
        second, first = timed(by_hand, orders), timed(ours, orders)
    return Pair(*first, *second)


def _refusals(crm: PharmaCRM, times: int = 200) -> float:
    """Refusals per second: an order without consignee, telephone and address."""
    bad = PlaceOrder(buyer="H-001", lines=an_order(lines=5).lines, terms="net 60")
    seconds, _ = timed(lambda: assert_refused(crm, bad), times)
    return 1 / seconds


def assert_refused(crm: PharmaCRM, order: PlaceOrder) -> None:
    """Place an order that cannot pass."""
    if crm.do(order, actor="zhang.san").value is not None:
        raise AssertionError("the order was to be refused")
