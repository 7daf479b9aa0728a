"""Books to be tampered with: a company in a SQLite file, sealed and anchored, and a forger's hands."""

import shutil
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

from attrs import evolve, frozen

from pharmacrm.core.kernel.journal import Entry, JournalQuery, row_hash
from pharmacrm.core.kernel.query import Query
from pharmacrm.core.kernel.seal import NONE_BEFORE, JournalPlace, Seal, digest_of, numbered, root_of
from pharmacrm.core.kernel.verification import Verification
from pharmacrm.crm import PharmaCRM, SimulatedClock, connect
from pharmacrm.plugins.anchors import AnchorFile
from pharmacrm.plugins.storage.sql import SqlStore
from pharmacrm.testing.company import an_order, found_company, release

PREFIX: Final = "pharmacrm_"
TENANT: Final = "main"
ORDERS: Final = 20


@frozen
class Books:
    """A folder with the database and the file of anchors, both by name."""

    folder: Path

    @property
    def database(self) -> Path:
        """The SQLite file."""
        return self.folder / "crm.db"

    @property
    def anchors(self) -> Path:
        """The append-only file that the forger cannot reach, except where the kind of tampering says so."""
        return self.folder / "anchors.jsonl"

    @contextmanager
    def door(self, *, anchored: bool = True) -> Iterator[PharmaCRM]:
        """The door to these books; without its anchors it knows the chain alone."""
        plugins = [AnchorFile(self.anchors)] if anchored else []
        crm = connect(f"sqlite:///{self.database}", clock=SimulatedClock(), plugins=plugins, durable=False)
        try:
            yield crm
        finally:
            crm.close()

    def verified(self, *, anchored: bool = True) -> Verification:
        """What `verify` says of them."""
        with self.door(anchored=anchored) as crm:
            return crm.verify()

    def copied(self, folder: Path) -> "Books":
        """The same books elsewhere."""
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.folder, folder)
        return Books(folder)

    @contextmanager
    def forging(self) -> Iterator["Forger"]:
        """The database past every door, its changes kept at the end."""
        connection = sqlite3.connect(self.database)
        try:
            yield Forger(connection)
            connection.commit()
        finally:
            connection.close()


def kept_books(folder: Path) -> tuple[Books, Books]:
    """Books of a few days, and the same as they were half-way: what an old backup holds."""
    folder.mkdir(parents=True, exist_ok=True)
    books = Books(folder)
    old = books
    with books.door() as crm:
        found_company(crm)
        for number in range(ORDERS):
            crm.do(
                an_order(f"SO-{number}", quantity=100 + number), actor="zhang.san", key=f"k-{number}"
            ).expect()
            if number % 5 == 0:
                release(crm, f"SO-{number}")
            if number % 3 == 0:
                crm.deliver()
            if number == ORDERS // 2:
                old = _kept(crm, books)
        crm.deliver()
    return books, old


def _kept(crm: PharmaCRM, books: Books) -> Books:
    """A backup of the database file as it is now."""
    crm.deliver()
    folder = books.folder.with_name(books.folder.name + "-old")
    folder.mkdir(exist_ok=True)
    with (
        closing(sqlite3.connect(books.database)) as source,
        closing(sqlite3.connect(folder / "crm.db")) as to,
    ):
        source.backup(to)
    return Books(folder)


@frozen
class Forger:
    """SQL by hand."""

    connection: sqlite3.Connection

    def rows(self, text: str, *values: object) -> list[tuple[Any, ...]]:
        """What a SELECT gives."""
        return self.connection.execute(text, values).fetchall()

    def run(self, text: str, *values: object) -> None:
        """Change something, which must be there."""
        count = self.connection.execute(text, values).rowcount
        assert count > 0, f"nothing was changed by {text}"

    def place(self, id: str, entry: str, at: object) -> None:
        """Put an entry at a position."""
        into = f"INSERT INTO {PREFIX}journal_place (tenant, id, version, entry, recorded_at)"
        self.run(f"{into} VALUES (?, ?, 1, ?, ?)", TENANT, id, entry, at)

    def entries(self) -> list[tuple[str, int]]:
        """Sealed entries with their positions, in order."""
        found = self.rows(f"SELECT entry, id FROM {PREFIX}journal_place ORDER BY id")
        return [(entry, int(position)) for entry, position in found]


def rehashed(books: Books) -> None:
    """What an insider does after every change: hash each row anew, then every root and the chain of seals.

    Positions are given anew, too, so that a row taken out or put in leaves no gap.
    """
    store = SqlStore(f"sqlite:///{books.database}")
    store.register(())
    with store.session() as session:
        entries = session.journal(TENANT, JournalQuery())
        places = [each.entity for each in session.find(TENANT, JournalPlace, Query(order=("id",)))]
        seals = [each.entity for each in session.find(TENANT, Seal, Query(order=("id",)))]
    store.close()
    with books.forging() as forger:
        hashes = {entry.id: _rehash(forger, entry) for entry in entries}
        _reseal(forger, seals, places, hashes)


def _rehash(forger: Forger, entry: Entry) -> str:
    right = row_hash(TENANT, entry)
    if right != entry.hash:
        forger.run(f"UPDATE {PREFIX}journal SET hash = ? WHERE id = ?", right, entry.id)
    return right


def _reseal(
    forger: Forger, seals: Sequence[Seal], places: Sequence[JournalPlace], hashes: Mapping[str, str]
) -> None:
    before: Seal | None = None
    at = forger.rows(f"SELECT recorded_at FROM {PREFIX}journal_place LIMIT 1")[0][0]
    forger.run(f"DELETE FROM {PREFIX}journal_place")
    for seal in seals:
        ids = [place.entry for place in places if seal.first <= place.position <= seal.last]
        ids = [id_ for id_ in ids if id_ in hashes]
        first = before.last + 1 if before else 1
        after = evolve(
            seal,
            first=first,
            count=len(ids),
            root=root_of([hashes[id_] for id_ in ids]),
            previous=before.digest if before else NONE_BEFORE,
        )
        before = evolve(after, digest=digest_of(TENANT, after))
        forger.run(
            f"UPDATE {PREFIX}seal SET first = ?, count = ?, root = ?, previous = ?, digest = ? WHERE id = ?",
            *(before.first, before.count, before.root, before.previous, before.digest, before.id),
        )
        for position, id_ in enumerate(ids, first):
            forger.place(numbered(position), id_, at)
