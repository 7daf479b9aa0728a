"""The inbox of a folder: files of an ERP, taken in by name, each checked whole before its first row counts.

The ERP writes `receipts-7.csv`, then `receipts-7.totals.csv` with the number of rows and the sums: a file is
looked at once its totals are there, so nothing half-written is read. What was taken in moves to `done`, but
only when the cursor has come back: until then everything can be read again.
"""

import os
import threading
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Final
from urllib.parse import quote, unquote_to_bytes

from attrs import define, field, frozen

from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.reason import Reason
from pharmacrm.core.kernel.words import Words
from pharmacrm.core.pull import Totals
from pharmacrm.core.pull import reasons as why
from pharmacrm.plugins.disk import sync_folder
from pharmacrm.plugins.erp.columns import FILES, FileKind, kind_of
from pharmacrm.plugins.erp.sheets import Row, digest_of, rows_of, totals_of
from pharmacrm.plugins.types import Item, PullContext, Pulled, RetryAfter, Unreadable
from pharmacrm.plugins.wall.pulling import MOST_WHOLE, item_of, unreadable
from pharmacrm.plugins.wall.shielding import readable

LATER: Final = 60
"""Seconds after which a folder that could not be read may be tried again."""

DONE: Final = "done"
SUFFIX: Final = ".csv"
TOTALS: Final = ".totals.csv"
LONGEST_NAME: Final = 120


@frozen
class Mark:
    """A cursor taken apart: the file, its digest, the rows of it that were given, whether that was all."""

    name: str = ""
    digest: str = ""
    rows: int = 0
    ended: bool = False

    @classmethod
    def of(cls, cursor: str) -> "Mark":
        """The mark that a cursor stands for."""
        if not cursor:
            return cls()
        state, rows, digest, name = cursor.split(":", 3)
        return cls(os.fsdecode(unquote_to_bytes(name)), digest, int(rows), state == "end")

    def __str__(self) -> str:
        return f"{'end' if self.ended else 'at'}:{self.rows}:{self.digest}:{quote(os.fsencode(self.name))}"


@define
class Looked:
    """A file looked through: what is in it, what it says is in it, and what is wrong with it as a whole."""

    path: Path
    kind: FileKind | None
    digest: str = ""
    rows: int = 0
    sums: dict[str, Money] = field(factory=dict)
    claimed: Totals | None = None
    wrong: Reason | None = None

    @property
    def name(self) -> str:
        """Its name, fit to be shown and stored."""
        return readable(self.path.name, LONGEST_NAME)

    @property
    def amounts(self) -> tuple[Money, ...]:
        """The sum for each currency."""
        return tuple(self.sums[currency] for currency in sorted(self.sums))


class CsvInbox:
    """The files of one folder, given as items; one instance may serve many threads."""

    def __init__(self, folder: Path, *, encoding: str, totals: bool) -> None:
        self._folder = folder
        self._encoding = encoding
        self._totals = totals
        self._lock = threading.Lock()
        self._reading: tuple[str, Looked, Iterator[Row]] | None = None

    def pulled(self, context: PullContext) -> Pulled | RetryAfter:
        """What comes after a cursor: the rest of its file, or the next file."""
        with self._lock:
            mark = Mark.of(context.cursor)
            if mark.ended:
                self._put_away(mark)
            elif mark.name and (going_on := self._at(mark)) is not None:
                return self._rows(*going_on, mark.rows, context.limit)
            return self._next(context)

    # -------------------------------------------------------------------------------------- which file

    def _next(self, context: PullContext) -> Pulled | RetryAfter:
        there = sorted(self._files(), key=_place)
        for path in there:
            if self._complete(path):
                looked = self._look(path)
                return self._answer(looked, context.limit)
        if there:
            return RetryAfter(LATER, f"{len(there)} files wait for their totals")
        return Pulled(items=(), cursor=context.cursor)

    def _files(self) -> Iterator[Path]:
        for path in self._folder.iterdir():
            name = path.name
            hidden = name.startswith(".") or name.endswith(TOTALS)
            if name.endswith(SUFFIX) and not hidden and _there(path):
                yield path

    def _complete(self, path: Path) -> bool:
        return not self._totals or kind_of(path.name) is None or _totals(path).is_file()

    def _at(self, mark: Mark) -> tuple[Looked, Iterator[Row]] | None:
        """The file that was begun, at its next row; None if it is gone or is another one by now."""
        if self._reading is not None and self._reading[0] == str(mark):
            return self._reading[1:]
        path = self._folder / mark.name
        if not path.is_file():
            return None
        looked = self._look(path)
        if looked.digest != mark.digest or looked.wrong is not None or looked.kind is None:
            return None
        return looked, islice(self._read(path, looked.kind), mark.rows, None)

    # ------------------------------------------------------------------------------------ what is in it

    def _look(self, path: Path) -> Looked:
        """Go through a whole file, so that its first row counts only if its last one does."""
        looked = Looked(path, kind_of(path.name))
        try:
            _ordinary(path)
            looked.digest = digest_of(path)
            if looked.kind is None:
                known = ", ".join(kind.prefix for kind in FILES)
                raise MalformedInput("import.name", f"a file's name begins with one of {known}", field="name")  # noqa: TRY301 - one way to say what is wrong
            if _totals(path).is_file():
                looked.claimed = totals_of(_totals(path), self._encoding)
            self._count(looked, looked.kind)
            looked.wrong = _disagreement(looked)
        except MalformedInput as error:
            looked.wrong = unreadable(looked.name, error)
        return looked

    def _count(self, looked: Looked, kind: FileKind) -> None:
        sums: dict[str, Money] = {}
        for row in self._read(looked.path, kind):
            looked.rows += 1
            amount = kind.amount(row.cells)
            if amount is not None:
                sums[amount.currency] = sums.get(amount.currency, Money.zero(amount.currency)) + amount
        looked.sums = sums
        if kind.whole and looked.rows > MOST_WHOLE:
            raise MalformedInput("import.rows", f"such a file has at most {MOST_WHOLE} rows")

    def _read(self, path: Path, kind: FileKind) -> Iterator[Row]:
        columns = {name: column.required for name, column in kind.columns.items()}
        return rows_of(path, columns, self._encoding)

    # --------------------------------------------------------------------------------- what is answered

    def _answer(self, looked: Looked, limit: int) -> Pulled:
        if looked.wrong is not None or looked.kind is None:
            return self._refused(looked)
        rows = self._read(looked.path, looked.kind)
        return self._rows(looked, rows, 0, looked.rows + 1 if looked.kind.whole else limit)

    def _refused(self, looked: Looked) -> Pulled:
        reasons = (looked.wrong,) if looked.wrong is not None else ()
        whole = Unreadable(
            id=looked.name,
            reasons=reasons,
            place=looked.name,
            rows=max(looked.rows, 1),
            amounts=looked.amounts,
        )
        return self._given(looked, [whole], 0, ended=True)

    def _rows(self, looked: Looked, rows: Iterator[Row], begun: int, limit: int) -> Pulled:
        items = [_item(looked, row) for row in islice(rows, limit)]
        ended = begun + len(items) >= looked.rows
        answer = self._given(looked, items, begun, ended=ended)
        self._reading = None if ended else (answer.cursor, looked, rows)
        return answer

    def _given(
        self, looked: Looked, items: Sequence[Item | Unreadable], begun: int, *, ended: bool
    ) -> Pulled:
        mark = Mark(looked.path.name, looked.digest, begun + len(items), ended)
        return Pulled(
            items=items,
            cursor=str(mark),
            more=True,
            document=looked.name,
            begins=begun == 0,
            finishes=ended,
            totals=looked.claimed,
            whole=looked.wrong is None and looked.kind is not None and looked.kind.whole,
        )

    # ------------------------------------------------------------------------------------- afterwards

    def _put_away(self, mark: Mark) -> None:
        """Move a file that was taken in, and what belongs to it; moving it twice is moving it once."""
        path = self._folder / mark.name
        if mark.digest and _there(path) and (path.is_symlink() or digest_of(path) != mark.digest):
            return  # another file came under its name: it is still to be taken in
        done = self._folder / DONE
        moves = [each for each in (path, _totals(path)) if _there(each)]
        if not moves:
            return
        done.mkdir(exist_ok=True)
        for each in moves:
            each.replace(done / f"{each.name.removesuffix(SUFFIX)}.{mark.digest[:8] or 'unread'}{SUFFIX}")
        sync_folder(done)
        sync_folder(self._folder)


def _place(path: Path) -> tuple[int, str]:
    prefixes = [kind.prefix for kind in FILES]
    kind = kind_of(path.name)
    return (prefixes.index(kind.prefix) if kind is not None else len(prefixes), path.name)


def _totals(path: Path) -> Path:
    return path.with_name(path.name.removesuffix(SUFFIX) + TOTALS)


def _there(path: Path) -> bool:
    return path.is_symlink() or path.is_file()


def _ordinary(path: Path) -> None:
    if path.is_symlink() or not path.is_file():
        raise MalformedInput("import.file", "a link or a folder is no file", field="name")


def _item(looked: Looked, row: Row) -> Item | Unreadable:
    """One row as an item; its id names file, content and row, so that the same file again is the same."""
    assert looked.kind is not None  # noqa: S101 - a file of no kind is refused whole
    id = f"{looked.name}@{looked.digest[:16]}:{row.number}"
    place = f"{looked.name}:{row.number}"
    amount = looked.kind.amount(row.cells)
    amounts = (amount,) if amount is not None else ()
    try:
        plain = looked.kind.plain(row.cells)
    except MalformedInput as error:
        return Unreadable(id=id, reasons=(unreadable(place, error),), place=place, amounts=amounts)
    return item_of(id, looked.kind.command, plain, place=place, amounts=amounts)


def _disagreement(looked: Looked) -> Reason | None:
    claimed = looked.claimed
    if claimed is None:
        return None
    said = tuple(money for money in claimed.amounts if money)
    there = tuple(money for money in looked.amounts if money)
    if (claimed.rows, said) == (looked.rows, there):
        return None
    return why.TOTALS(
        looked.name, observed=_counted(looked.rows, there), expected=_counted(claimed.rows, said)
    )


def _counted(rows: int, amounts: Iterable[Money]) -> Words:
    money = ", ".join(map(str, amounts)) or "-"
    return Words(f"{rows} rows and {money}", f"{rows} 行、{money}")
