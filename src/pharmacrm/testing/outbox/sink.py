"""The other side: a database that keeps each notice once, beside a log of everything it was given."""

import os
import sqlite3
import time
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Final

from attrs import frozen

from pharmacrm.plugins.hookspecs import hookimpl
from pharmacrm.plugins.types import DeliverContext, Delivered, Result

HANGS: Final = 3600
"""Seconds for which a notice that hangs holds its relay: until somebody ends it."""

FINE, LATE, SLOW, POISON, KILLER, HANG = "fine", "late", "slow", "poison", "killer", "hang"
"""What a notice does: nothing, end its relay after its first effect, take its time; then the bad ones."""

BAD: Final = (POISON, KILLER, HANG)


class PoisonError(Exception):
    """What a poisoned notice raises."""


@frozen
class Sink:
    """Where effects are counted."""

    path: Path

    def make(self) -> None:
        """The tables: effects, which a primary key keeps single, and the log, which keeps everything."""
        with closing(self._open()) as base:
            base.execute("PRAGMA journal_mode=WAL")
            base.execute("CREATE TABLE effect (msg TEXT PRIMARY KEY)")
            base.execute(
                "CREATE TABLE given (seq INTEGER PRIMARY KEY, msg TEXT, subject TEXT, number INTEGER, done)"
            )
            base.execute("CREATE TABLE mended (yes INTEGER)")

    def _open(self) -> sqlite3.Connection:
        return sqlite3.connect(self.path, timeout=60, isolation_level=None)

    def take(self, context: DeliverContext, *, done: bool) -> None:
        """Write down that a notice was given, and its effect if it has one."""
        number = context.payload["number"]
        with closing(self._open()) as base:
            base.execute("PRAGMA synchronous=OFF")
            base.execute("BEGIN IMMEDIATE")
            if done:
                base.execute("INSERT OR IGNORE INTO effect VALUES (?)", (context.id,))
            base.execute(
                "INSERT INTO given (msg, subject, number, done) VALUES (?, ?, ?, ?)",
                (context.id, context.subject, number, done),
            )
            base.execute("COMMIT")

    def mend(self) -> None:
        """From now on every notice is a good one."""
        with closing(self._open()) as base:
            base.execute("INSERT INTO mended VALUES (1)")

    def mended(self) -> bool:
        """Whether `mend` was called."""
        with closing(self._open()) as base:
            return base.execute("SELECT 1 FROM mended").fetchone() is not None

    def effects(self) -> Counter[str]:
        """How many effects each notice had."""
        with closing(self._open()) as base:
            return Counter(row[0] for row in base.execute("SELECT msg FROM effect"))

    def progress(self) -> int:
        """How many notices had an effect so far."""
        with closing(self._open()) as base:
            return int(base.execute("SELECT count(DISTINCT msg) FROM effect").fetchone()[0])

    def given(self) -> list[tuple[str, str, int]]:
        """Every good delivery in order: notice, subject, number."""
        with closing(self._open()) as base:
            return list(base.execute("SELECT msg, subject, number FROM given WHERE done ORDER BY seq"))

    def duplicates(self) -> int:
        """What a sink without a unique key would have done twice: the log is one."""
        return sum(times - 1 for times in Counter(msg for msg, _, _ in self.given()).values())

    def starts(self) -> Counter[str]:
        """How often each notice that never came through was begun."""
        with closing(self._open()) as base:
            return Counter(row[0] for row in base.execute("SELECT msg FROM given WHERE NOT done"))

    def inversions(self) -> int:
        """First deliveries that came before one of their subject with a lower number."""
        highest: dict[str, int] = {}
        seen: set[str] = set()
        found = 0
        for msg, subject, number in self.given():
            if msg in seen:
                continue
            seen.add(msg)
            found += number < highest.get(subject, -1)
            highest[subject] = max(number, highest.get(subject, -1))
        return found


class SinkPlugin:
    """Carries notices into the sink, and does with each what the notice says."""

    PHARMACRM_API = (1, 0)
    name = "sink"
    topics = ("ParcelSent",)

    def __init__(self, sink: Sink) -> None:
        self._sink = sink

    @hookimpl
    def pharmacrm_deliver(self, context: DeliverContext) -> Result:
        """Keep the notice; raise, end the process or hang where it says so."""
        behave = context.payload["behave"]
        if behave not in BAD or self._sink.mended():
            return self._carried(context, behave)
        self._sink.take(context, done=False)
        if behave == POISON:
            raise PoisonError
        if behave == KILLER:
            os.kill(os.getpid(), 9)
        time.sleep(HANGS)
        return Delivered()

    def _carried(self, context: DeliverContext, behave: str) -> Result:
        if behave == SLOW:
            time.sleep(0.3)
        self._sink.take(context, done=True)
        if behave == LATE and context.attempt == 1:
            os.kill(os.getpid(), 9)
        time.sleep(0.001)  # between the effect and the answer a kill makes a duplicate
        return Delivered()
