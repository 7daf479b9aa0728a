"""One step of the story on one database, failed call by call: after each, all or nothing, and the retry."""

import sqlite3
from collections.abc import Iterator
from typing import Any

from attrs import define, field
from sqlalchemy import QueuePool, text

from pharmacrm.core.kernel.errors import PharmaCRMError
from pharmacrm.crm import PharmaCRM, SimulatedClock
from pharmacrm.plugins.storage.sql.store import SqlStore
from pharmacrm.testing.company import found_company
from pharmacrm.testing.crash.script import Notices
from pharmacrm.testing.doors import door_to
from pharmacrm.testing.faults.traps import ANY_CALL, COMMITS, Fault, Trap, trapped
from pharmacrm.testing.shelf import Rows, Shelf, alike, without_chance
from pharmacrm.testing.story import Closed, Step

OPEN_TRANSACTIONS = {
    "postgresql": "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND state LIKE 'idle in transaction%'",
    "mariadb": "SELECT count(*) FROM information_schema.innodb_trx"
    " JOIN information_schema.processlist ON id = trx_mysql_thread_id"
    " WHERE db = DATABASE() AND id <> CONNECTION_ID()",
}

Answered = tuple[str, str, str] | None
"""Outcome, codes and value of an answer, without what chance put in; None where there is none."""


@define
class Bench:
    """A company on a database of its own, with a trap in its driver."""

    store: SqlStore
    trap: Trap
    crm: PharmaCRM
    shelf: Shelf
    faults: int = 0
    wrongs: list[str] = field(factory=list)

    @classmethod
    def on(cls, store: SqlStore) -> "Bench":
        """Found the company; the trap only counts."""
        trap = trapped(store)
        crm = door_to(store, Notices(), Closed(), clock=SimulatedClock())
        found_company(crm)
        return cls(store, trap, crm, Shelf(store))

    def close(self) -> None:
        """Give back every connection."""
        self.crm.close()
        self.shelf.close()

    def fail(self, step: Step, key: str, chosen: "Chosen") -> None:
        """Do the step undisturbed to know what it does; then fail its calls; leave it done."""
        step.given(self.crm)
        before = self.shelf.rows()
        with self.store.session():  # made now, if the last fault has cost one, and not counted
            self.trap.set(0, Fault.BEFORE)
        answer = _said(step.run(self.crm, key))
        calls = list(self.trap.calls)
        if not calls:
            self.wrongs.append(f"idle: no database call of {type(step.make(self.crm)).__name__} was seen")
        after = self._alike(self.shelf.rows())
        name = f"{self.store.engine.dialect.name}: {type(step.make(self.crm)).__name__}"
        for number, call in enumerate(calls, start=1):
            for fault in COMMITS if call == "COMMIT" else ANY_CALL:
                if chosen():
                    self.shelf.put_back(before)
                    found = self._once(step, key, number, fault, before, after, answer)
                    self.wrongs += (f"{name}, call {number}, {fault}: {wrong}" for wrong in found)
                    self.faults += 1
        self.trap.set(0, Fault.BEFORE)

    def _once(
        self, step: Step, key: str, at: int, fault: Fault, before: Rows, after: Any, answer: Answered
    ) -> Iterator[str]:
        self.trap.set(at, fault)
        try:
            first = _said(step.run(self.crm, key))
            if first != answer:
                yield f"the answer was {first}, not {answer}"
        except (PharmaCRMError, KeyboardInterrupt):
            pass
        except Exception as error:  # noqa: BLE001 - whatever it is, it should have been one of ours
            yield f"raised {type(error).__name__}, which is none of ours"
        if not self.trap.sprung:
            yield "the call was not made this time"
        self.trap.set(0, Fault.BEFORE)
        yield from self._left_open()
        rows = self.shelf.rows()
        if rows != before and self._alike(rows) != after:
            yield "neither all nor nothing is stored"
        try:
            again = _said(step.run(self.crm, key))
        except Exception as error:  # noqa: BLE001 - whatever it is, the retry should have answered
            yield f"the retry raised {type(error).__name__}: {error}"
            return
        if again != answer:
            yield f"the retry was answered {again}, not {answer}"
        if self._alike(self.shelf.rows()) != after:
            yield "after the retry there is not exactly one effect"

    def _alike(self, rows: Rows) -> Any:
        return alike(rows, self.shelf.columns)

    def _left_open(self) -> Iterator[str]:
        """Connections that were not given back, and transactions that nobody ended."""
        pool = self.store.engine.pool
        if not isinstance(pool, QueuePool) or pool.checkedout():
            yield "a connection was not given back"
        if self.store.embedded:
            yield from self._locked()
            return
        with self.shelf.engine.connect() as connection:
            open_ = connection.execute(text(OPEN_TRANSACTIONS[self.store.engine.dialect.name])).scalar_one()
        if open_:
            yield "a transaction was left open"

    def _locked(self) -> Iterator[str]:
        lock = sqlite3.connect(self.store.url.database or "", timeout=0, isolation_level=None)
        try:
            lock.execute("BEGIN IMMEDIATE")
            lock.execute("ROLLBACK")
        except sqlite3.OperationalError:
            yield "a transaction was left open"
        finally:
            lock.close()


class Chosen:
    """Says of each fault whether it is to be tried: all of them, or a share drawn from the seed."""

    def __init__(self, draw: Any, share: float) -> None:
        self._draw, self._share = draw, share

    def __call__(self) -> bool:
        """Whether this one is tried."""
        return bool(self._share >= 1 or self._draw.random() < self._share)


def _said(answer: Any) -> Answered:
    if answer is None:
        return None
    return str(answer.outcome), ",".join(answer.codes), without_chance(repr(answer.expect()))
