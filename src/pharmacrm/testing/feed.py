"""Read the journal while writers commit late and out of turn: nothing may be skipped or come twice (T10).

Writers take their place in the journal, wait, and commit; three readers follow the sealed order, while
the sealer runs. Control: a reader that goes on from the last entry that it has seen has to miss some.

    python -m pharmacrm.testing.feed --writers 16 --rows 100000

The database is made for the run on PostgreSQL, under a name of its own, and dropped.
"""

import sys
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from random import Random
from typing import Final
from uuid import uuid4

from attrs import define, field

from pharmacrm.core.kernel.journal import Entry, JournalQuery, Verb, hashed
from pharmacrm.core.kernel.store import Batch, Store
from pharmacrm.crm import PharmaCRM, connect
from pharmacrm.plugins.storage.sql import SqlStore
from pharmacrm.testing.report import Control, Report, Stopwatch, arguments, concluded
from pharmacrm.testing.targets import database

TENANT: Final = "main"
READERS: Final = 3


@define
class Reader:
    """Follows the journal and keeps the ids that it was given, in order."""

    read: Callable[[str], list[tuple[str, str]]]
    seen: list[str] = field(factory=list)
    at: str = ""

    def go_on(self) -> None:
        """Read what is new; of each entry, its mark and its id."""
        for mark, id_ in self.read(self.at):
            self.at = mark
            self.seen.append(id_)

    def missed(self, written: set[str]) -> int:
        """How many never came."""
        return len(written - set(self.seen))

    @property
    def twice(self) -> int:
        """How many came again."""
        return len(self.seen) - len(set(self.seen))


def in_sealed_order(door: PharmaCRM) -> Callable[[str], list[tuple[str, str]]]:
    """Reads as hosts do, by position."""

    def read(after: str) -> list[tuple[str, str]]:
        fed = door.feed(after=int(after or 0), limit=500, actor="admin")
        return [(str(each.position), each.entry.id) for each in fed]

    return read


def by_last_seen(store: Store) -> Callable[[str], list[tuple[str, str]]]:
    """The control: reads what was written after the last entry that it has seen."""

    def read(after: str) -> list[tuple[str, str]]:
        with store.session() as session:
            entries = session.journal(TENANT, JournalQuery(after=after or None, limit=500))
        return [(entry.id, entry.id) for entry in entries]

    return read


def _entry(number: int) -> Entry:
    entry = Entry(
        id=str(uuid4()),
        recorded_at=datetime.now(UTC),
        effective_on=date(2026, 1, 5),
        actor="writer",
        command="Write",
        verb=Verb.REFUSED,
        kind="",
        subject=f"s-{number % 97}",
    )
    return hashed(TENANT, entry)


def _write(store: Store, rows: int, seed: str) -> list[str]:
    """Rows of one writer: each takes its place in the journal, and is committed up to 50 ms later."""
    random = Random(seed)  # noqa: S311 - a run that can be repeated
    written: list[str] = []
    for number in range(rows):
        entry = _entry(number)
        with store.transaction() as session:
            session.flush(TENANT, Batch(at=entry.recorded_at, entries=(entry,)))
            if random.random() < 1 / 5:
                time.sleep(random.uniform(0, 0.05))
        written.append(entry.id)
    return written


def _following(step: Callable[[], object], until: threading.Event) -> None:
    """Do it again and again, and once more after the end."""
    while not until.is_set():
        step()
        time.sleep(0.002)
    step()


def run(writers: int, rows: int, seed: int) -> Report:
    """Writers, sealer and readers at once; then everybody catches up, and the ids are compared."""
    watch, done = Stopwatch(), threading.Event()
    with database("postgresql") as url:
        store = SqlStore(url, pool_size=writers + READERS + 3)
        door: PharmaCRM = connect(url)
        door.install(admin="admin")
        readers = [Reader(in_sealed_order(door)) for _ in range(READERS)]
        control = Reader(by_last_seen(store))
        store.register(())
        with ThreadPoolExecutor(writers + READERS + 2) as pool:
            steps: list[Callable[[], object]] = [
                door.deliver,
                control.go_on,
                *(reader.go_on for reader in readers),
            ]
            following = [pool.submit(_following, step, done) for step in steps]
            writing = [
                pool.submit(_write, store, rows // writers, f"{seed}/{number}") for number in range(writers)
            ]
            try:
                written = {id_ for each in writing for id_ in each.result()}
            finally:
                done.set()
            for each in following:
                each.result()
        door.deliver()
        for reader in (*readers, control):
            _catch_up(reader)
        clean = door.verify()
        door.close()
        store.close()
    violations = [
        f"a reader missed {reader.missed(written)} entries" for reader in readers if reader.missed(written)
    ]
    violations += [f"a reader was given {reader.twice} entries twice" for reader in readers if reader.twice]
    violations += ["the readers do not agree about the order"] * (
        len({tuple(each.seen) for each in readers}) - 1
    )
    violations += [str(finding) for finding in clean.findings]
    return Report(
        driver="feed",
        promises=("T10",),
        seed=seed,
        settings={"writers": writers, "rows": rows, "readers": READERS},
        counts={"written": len(written), "seals": clean.seals},
        control=Control(planted="a cursor over the last entry seen", found=control.missed(written)),
        violations=violations,
        seconds=watch.seconds,
    )


def _catch_up(reader: Reader) -> None:
    before = -1
    while before != len(reader.seen):
        before = len(reader.seen)
        reader.go_on()


def main(argv: Sequence[str] | None = None) -> int:
    """Run from the command line."""
    parser = arguments("feed", "follow the journal while writers commit out of turn")
    parser.add_argument("--writers", type=int, default=16)
    parser.add_argument("--rows", type=int, default=10_000)
    given = parser.parse_args(argv)
    return concluded(run(given.writers, given.rows, given.seed))


if __name__ == "__main__":
    sys.exit(main())
