"""What a document said at one time: its snapshot, and the record that keeps it."""

import hashlib
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Annotated, Any

from attrs import frozen

from pharmacrm.core.kernel.codec import canonical, plain_fields
from pharmacrm.core.kernel.record import Column, Part, Record
from pharmacrm.core.kernel.schema import schema_of


@frozen
class Cell:
    """One field as a text: money '1200.00 CNY', a date '2026-02-03', a quantity '200'."""

    field: str
    value: str


@frozen
class Row:
    """One line by its number, which it keeps through all revisions, with its fields by name."""

    number: int
    cells: tuple[Cell, ...]


@frozen
class Snapshot:
    """Everything that a document says: the fields of its head and its lines; empty ones are not there."""

    head: tuple[Cell, ...]
    lines: tuple[Row, ...] = ()

    @property
    def content(self) -> str:
        """The SHA-256 of all of it: what an approval is given for."""
        plain = [_plain(self.head), [[row.number, _plain(row.cells)] for row in self.lines]]
        return hashlib.sha256(canonical(plain).encode()).hexdigest()

    def part(self, names: Collection[str] | None = None) -> str:
        """The SHA-256 of some fields of the head; without names, of the lines."""
        if names is None:
            return Snapshot((), self.lines).content
        return Snapshot(tuple(cell for cell in self.head if cell.field in names)).content


@frozen(kw_only=True)
class Revision(Record):
    """One revision of a document (单据版次), never changed; the id is `{document}/revision/{number}`.

    Numbers begin with 1 and have no gaps. `content` is the digest of the snapshot: what was approved.
    """

    document: Annotated[str, Column(index=True, zh="单据")]
    kind: Annotated[str, Column(length=48, zh="单据类型")]
    number: Annotated[int, Column(zh="版次")]
    content: Annotated[str, Column(length=64, zh="内容摘要")]
    snapshot: Annotated[Snapshot, Column(length=4_000_000, zh="内容")]
    made_by: Annotated[str, Column(length=64, zh="修订人")]
    made_at: Annotated[datetime, Column(zh="修订时间")]


def revision_id(document: str, number: int) -> str:
    """Name a revision of a document."""
    return f"{document}/revision/{number}"


def frozen_as(
    record: Record,
    lines: Iterable[Part],
    *,
    without: Collection[str] = (),
    lines_without: Collection[str] = (),
) -> Snapshot:
    """Take the snapshot of a record and its lines, each of which has a `number`.

    `without` names the fields of the record that are no content: its state and what became of it;
    `lines_without` those of its lines.
    """
    rows = {
        int(plain_fields(line)["number"]): _cells(line, _own(line) | set(lines_without)) for line in lines
    }
    return Snapshot(
        head=_cells(record, frozenset(without)),
        lines=tuple(Row(number, rows[number]) for number in sorted(rows)),
    )


def _own(line: Part) -> frozenset[str]:
    """What a line says of where it stands, and not of what it is."""
    parent = schema_of(type(line)).parent
    return frozenset({"number", parent.name if parent else ""})


def _cells(entity: Record | Part, without: frozenset[str]) -> tuple[Cell, ...]:
    plain = plain_fields(entity)
    return tuple(Cell(name, _text(plain[name])) for name in sorted(plain.keys() - without))


def _text(value: Any) -> str:
    return value if isinstance(value, str) else canonical(value)


def _plain(cells: Iterable[Cell]) -> list[list[str]]:
    return [[cell.field, cell.value] for cell in cells]
