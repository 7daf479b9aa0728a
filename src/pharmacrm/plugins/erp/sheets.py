"""CSV files of others, read so that nothing is guessed: what is not plainly a table is refused."""

import csv
import hashlib
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Final

from attrs import frozen

from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.pull import Totals
from pharmacrm.plugins.erp.cells import plain

MOST_BYTES: Final = 100 * 1024 * 1024
MOST_ROWS: Final = 1_000_000
MOST_COLUMNS: Final = 200
LONGEST_LINE: Final = 1024 * 1024
"""Characters of one line; the csv module itself refuses a cell of more than 131,072."""

ENCODINGS: Final = {"utf-8": "utf-8-sig", "gb18030": "gb18030"}
"""What may be chosen; a byte order mark is no part of the text."""

TOTALS: Final = ("rows", "currency", "amount")

COUNT: Final = re.compile("[0-9]{1,7}")

Columns = Mapping[str, bool]
"""Names of columns, with whether each is required."""


@frozen
class Row:
    """One row: its number as a spreadsheet program counts (the header is 1), and its cells by column."""

    number: int
    cells: Mapping[str, str]


def digest_of(path: Path) -> str:
    """The SHA-256 of a file; one that is too large is refused before it is read."""
    if path.stat().st_size > MOST_BYTES:
        raise MalformedInput("import.size", f"a file has at most {MOST_BYTES} bytes")
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def rows_of(path: Path, columns: Columns, encoding: str) -> Iterator[Row]:
    """The rows of a file one by one, each as wide as its header.

    Raises:
        MalformedInput: `import.*`, and nothing else, whatever stands in the file.

    """
    try:
        with path.open(encoding=ENCODINGS[encoding], newline="") as file:
            yield from _rows(file, columns)
    except UnicodeError:
        raise MalformedInput("import.encoding", f"this is no {encoding} text") from None


def _rows(file: IO[str], columns: Columns) -> Iterator[Row]:
    reader = csv.reader(_lines(file), strict=True)
    header = _header(_next(reader), columns)
    number = 1
    while (cells := _next(reader)) is not None:
        if not cells:
            continue  # an empty line
        number += 1
        if number > MOST_ROWS + 1:
            raise MalformedInput("import.rows", f"a file has at most {MOST_ROWS} rows", field=f"row {number}")
        if len(cells) != len(header):
            message = f"{len(header)} cells are wanted, there are {len(cells)}"
            raise MalformedInput("import.width", message, field=f"row {number}")
        yield Row(number, dict(zip(header, cells, strict=True)))


def _next(reader: "Iterator[list[str]]") -> list[str] | None:
    try:
        return next(reader, None)
    except csv.Error:
        raise MalformedInput("import.csv", "quotes or cells are not as CSV wants them") from None


def _lines(file: IO[str]) -> Iterator[str]:
    while line := file.readline(LONGEST_LINE + 1):
        if len(line) > LONGEST_LINE:
            raise MalformedInput("import.size", f"a line has at most {LONGEST_LINE} characters")
        if "\0" in line:
            raise MalformedInput("import.nul", "there is a NUL in the text")
        yield line


def _header(cells: list[str] | None, columns: Columns) -> tuple[str, ...]:
    if not cells:
        raise MalformedInput("import.empty", "the first line names the columns; there is none")
    if len(cells) > MOST_COLUMNS:
        raise MalformedInput("import.columns", f"a file has at most {MOST_COLUMNS} columns", field="header")
    for name in cells:
        if name not in columns:
            raise MalformedInput("import.column_unknown", "there is no such column", field="header")
        if cells.count(name) > 1:
            raise MalformedInput("import.column_twice", "a column stands twice", field=name)
    for name, required in columns.items():
        if required and name not in cells:
            raise MalformedInput("import.column_missing", "a column is missing", field=name)
    return tuple(cells)


def totals_of(path: Path, encoding: str) -> Totals:
    """What an ERP says of a file in the file beside it: rows, and the sum for each currency."""
    rows, amounts = set(), []
    for row in rows_of(path, dict.fromkeys(TOTALS, True), encoding):
        cells = {name: plain(cell) for name, cell in row.cells.items()}
        if not COUNT.fullmatch(cells["rows"]):
            raise MalformedInput("import.number", "write a whole number, in digits only", field="rows")
        rows.add(int(cells["rows"]))
        if cells["amount"] or cells["currency"]:
            amounts.append(Money(cells["amount"], cells["currency"]))
    if len(rows) != 1 or len({money.currency for money in amounts}) != len(amounts):
        raise MalformedInput("import.totals", "one number of rows is wanted, and each currency once")
    return Totals(rows=rows.pop(), amounts=tuple(sorted(amounts, key=lambda money: money.currency)))
