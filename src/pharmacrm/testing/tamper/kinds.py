"""Fourteen kinds of tampering. Each changes one thing and says where `verify` has to point."""

import json
import shutil
from collections.abc import Callable
from hashlib import sha256
from random import Random
from typing import Final

from attrs import frozen

from pharmacrm.core.kernel.codec import canonical
from pharmacrm.core.kernel.seal import NONE_BEFORE
from pharmacrm.testing.company import an_order
from pharmacrm.testing.tamper.books import PREFIX, Books, Forger


@frozen(kw_only=True)
class Trace:
    """Where the change was made: the position of the first bad row, or the record that was changed."""

    position: int = 0
    subject: str = ""


Kind = Callable[[Books, Books, Random], Trace]


def _on_row(change: Callable[[Forger, Random, str], None]) -> Kind:
    """A kind that changes one sealed row of the journal."""

    def tamper(books: Books, _: Books, random: Random) -> Trace:
        with books.forging() as forger:
            entry, position = random.choice(forger.entries())
            change(forger, random, entry)
        return Trace(position=position)

    return tamper


def _edit_change(forger: Forger, random: Random, entry: str) -> None:
    said = json.dumps({"forged": [None, str(random.random())]})
    forger.run(f"UPDATE {PREFIX}journal SET changes = ? WHERE id = ?", said, entry)


def _edit_actor(forger: Forger, random: Random, entry: str) -> None:
    forger.run(f"UPDATE {PREFIX}journal SET actor = ? WHERE id = ?", f"mallory-{random.random()}", entry)


def _edit_time(forger: Forger, random: Random, entry: str) -> None:
    at = f"2026-01-{random.randrange(6, 28):02d}T00:00:00.000000Z"
    forger.run(f"UPDATE {PREFIX}journal SET recorded_at = ? WHERE id = ?", at, entry)


def _delete_row(forger: Forger, _: Random, entry: str) -> None:
    forger.run(f"DELETE FROM {PREFIX}journal WHERE id = ?", entry)


def _edit_personal(books: Books, _: Books, random: Random) -> Trace:
    """Another name in a value that is kept beside the journal; no hash is there to be computed anew."""
    with books.forging() as forger:
        beside = forger.rows(f"SELECT entry, field FROM {PREFIX}journal_personal ORDER BY entry, field")
        entry, field = random.choice(beside)
        where = f"UPDATE {PREFIX}journal_personal SET value = ? WHERE entry = ? AND field = ?"
        forger.run(where, '[null,"forged"]', entry, field)
        return Trace(position=dict(forger.entries())[entry])


def _forge_row(books: Books, _: Books, random: Random) -> Trace:
    """A row that never was, put among the sealed ones: the last of them gives its place to it."""
    with books.forging() as forger:
        entry, position = random.choice(forger.entries())
        new = f"00000000-0000-7000-8000-{random.randrange(10**12):012d}"
        cells = [row[1] for row in forger.rows(f"PRAGMA table_info({PREFIX}journal)")]
        kept = ", ".join(f'"{name}"' for name in cells if name not in {"seq", "id"})
        columns = f"({kept}, id) SELECT {kept}, ?"
        forger.run(f"INSERT INTO {PREFIX}journal {columns} FROM {PREFIX}journal WHERE id = ?", new, entry)
        forger.run(f"UPDATE {PREFIX}journal_place SET entry = ? WHERE entry = ?", new, entry)
    return Trace(position=position)


def _swap_rows(books: Books, _: Books, random: Random) -> Trace:
    """Two neighbours change places."""
    with books.forging() as forger:
        entries = forger.entries()
        at = random.randrange(len(entries) - 1)
        (one, first), (other, second) = entries[at], entries[at + 1]
        for entry, position in ((other, first), (one, second)):
            text = f"UPDATE {PREFIX}journal_place SET entry = ? WHERE id = ?"
            forger.run(text, entry, f"{position:016d}")
    return Trace(position=first)


def _on_record(table: str, text: str) -> Kind:
    """A kind that changes a business table."""

    def tamper(books: Books, _: Books, random: Random) -> Trace:
        with books.forging() as forger:
            ids = [row[0] for row in forger.rows(f"SELECT id FROM {PREFIX}{table} ORDER BY id")]
            chosen = random.choice(ids)
            forger.run(text.format(table=PREFIX + table), chosen)
        return Trace(subject=chosen)

    return tamper


def _truncate(books: Books, _: Books, random: Random) -> Trace:
    """The newest rows are gone, with their places and seals, as if they had never been."""
    with books.forging() as forger:
        seals = forger.rows(f"SELECT id, first FROM {PREFIX}seal ORDER BY id DESC")
        number, first = seals[random.randrange(min(3, len(seals)))]
        beyond = f"(SELECT entry FROM {PREFIX}journal_place WHERE id >= ?)"
        forger.run(f"DELETE FROM {PREFIX}journal WHERE id IN {beyond}", f"{first:016d}")
        forger.run(f"DELETE FROM {PREFIX}journal_place WHERE id >= ?", f"{first:016d}")
        forger.run(f"DELETE FROM {PREFIX}seal WHERE id >= ?", number)
        forger.connection.execute(f"UPDATE {PREFIX}anchor_mark SET seal = 0")
    return Trace(position=first)


def _restore(books: Books, old: Books, _: Random) -> Trace:
    """The database of some days ago takes the place of today's."""
    with old.forging() as forger:
        first = len(forger.entries()) + 1
    for leftover in books.folder.glob("crm.db*"):
        leftover.unlink()
    shutil.copy(old.database, books.database)
    return Trace(position=first)


def _fork(books: Books, old: Books, random: Random) -> Trace:
    """The same, and then another history is written, sealed as it should be."""
    trace = _restore(books, old, random)
    with books.door(anchored=False) as crm:
        for number in range(random.randrange(1, 4)):
            order = an_order(f"FORKED-{number}", quantity=random.randrange(1, 50))
            crm.do(order, actor="zhang.san").expect()
            crm.deliver()
    return trace


def _edit_anchor(books: Books, _: Books, random: Random) -> Trace:
    """What stands outside is changed: the anchor, not the journal, is the forgery."""
    lines = books.anchors.read_text(encoding="utf-8").splitlines()
    number = random.randrange(len(lines))
    known = json.loads(lines[number])
    known["anchor"]["root"] = sha256(str(random.random()).encode()).hexdigest()
    lines[number] = canonical(known)
    books.anchors.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return Trace()


def rechained(books: Books) -> None:
    """What an insider does to the file of anchors: chain its lines anew."""
    last: dict[str, object] | None = None
    lines = []
    for line in books.anchors.read_text(encoding="utf-8").splitlines():
        known = json.loads(line)
        known["chain"] = sha256(canonical(last).encode()).hexdigest() if last else NONE_BEFORE
        last = known
        lines.append(canonical(known))
    books.anchors.write_text("\n".join(lines) + "\n", encoding="utf-8")


KINDS: Final[dict[str, Kind]] = {
    "edit_change": _on_row(_edit_change),
    "edit_actor": _on_row(_edit_actor),
    "edit_time": _on_row(_edit_time),
    "edit_personal": _edit_personal,
    "delete_row": _on_row(_delete_row),
    "forge_row": _forge_row,
    "swap_rows": _swap_rows,
    "edit_record": _on_record("customer", "UPDATE {table} SET name = 'forged' WHERE id = ?"),
    "edit_counter": _on_record("credit_line", "UPDATE {table} SET reserved = reserved + 1 WHERE id = ?"),
    "delete_record": _on_record("sales_order", "DELETE FROM {table} WHERE id = ?"),
    "truncate": _truncate,
    "restore": _restore,
    "fork": _fork,
    "edit_anchor": _edit_anchor,
}
