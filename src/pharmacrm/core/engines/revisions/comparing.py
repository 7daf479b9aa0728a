"""What changed between two revisions: line by line and field by field, forwards and back."""

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum

from attrs import evolve, frozen

from pharmacrm.core.engines.revisions.model import Cell, Row, Snapshot
from pharmacrm.core.kernel.errors import MalformedInput


class LineFate(StrEnum):
    """What became of a line: it came, it went, or some of its fields changed."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"

    @property
    def zh(self) -> str:
        """The Chinese name."""
        return {"added": "新增", "removed": "删除", "changed": "修改"}[self]

    @property
    def reversed(self) -> "LineFate":
        """What it is when looked at from the other end."""
        return {LineFate.ADDED: LineFate.REMOVED, LineFate.REMOVED: LineFate.ADDED}.get(self, self)


@frozen
class FieldChange:
    """One field from what to what; None where it was, or is, left empty."""

    field: str
    was: str | None
    now: str | None


@frozen
class LineChange:
    """What became of one line, by its number: of one that came or went, all that it says."""

    number: int
    fate: LineFate
    fields: tuple[FieldChange, ...]


@frozen
class Difference:
    """Everything that differs between two snapshots, and nothing else."""

    head: tuple[FieldChange, ...] = ()
    lines: tuple[LineChange, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.head or self.lines)


def compare(before: Snapshot, after: Snapshot) -> Difference:
    """Give what has to happen to `before` to make it `after`: nothing if they are equal."""
    old, new = _rows(before), _rows(after)
    return Difference(
        head=_fields(before.head, after.head),
        lines=tuple(
            change for number in sorted(old.keys() | new.keys()) for change in _line(number, old, new)
        ),
    )


def apply(before: Snapshot, difference: Difference) -> Snapshot:
    """Make a snapshot what a difference says; `revision.mismatch` if it is not the one that was compared."""
    rows = _rows(before)
    for change in difference.lines:
        there = change.number in rows
        if there is (change.fate is LineFate.ADDED):
            raise MalformedInput("revision.mismatch", "another line was compared", value=change.number)
        cells = _changed(rows.pop(change.number, ()), change.fields)
        if change.fate is not LineFate.REMOVED:
            rows[change.number] = cells
    return Snapshot(
        head=_changed(before.head, difference.head),
        lines=tuple(Row(number, rows[number]) for number in sorted(rows)),
    )


def reverse(difference: Difference) -> Difference:
    """Give the way back: what makes `after` into `before` again."""
    return Difference(
        head=_back(difference.head),
        lines=tuple(
            evolve(line, fate=line.fate.reversed, fields=_back(line.fields)) for line in difference.lines
        ),
    )


def _rows(snapshot: Snapshot) -> dict[int, tuple[Cell, ...]]:
    return {row.number: row.cells for row in snapshot.lines}


def _line(
    number: int, old: Mapping[int, tuple[Cell, ...]], new: Mapping[int, tuple[Cell, ...]]
) -> Iterator[LineChange]:
    fate = LineFate.CHANGED
    if number not in old:
        fate = LineFate.ADDED
    elif number not in new:
        fate = LineFate.REMOVED
    fields = _fields(old.get(number, ()), new.get(number, ()))
    if fields or fate is not LineFate.CHANGED:
        yield LineChange(number, fate, fields)


def _fields(before: Iterable[Cell], after: Iterable[Cell]) -> tuple[FieldChange, ...]:
    old, new = ({cell.field: cell.value for cell in cells} for cells in (before, after))
    return tuple(
        FieldChange(name, old.get(name), new.get(name))
        for name in sorted(old.keys() | new.keys())
        if old.get(name) != new.get(name)
    )


def _changed(cells: Iterable[Cell], changes: Iterable[FieldChange]) -> tuple[Cell, ...]:
    values = {cell.field: cell.value for cell in cells}
    for change in changes:
        if values.pop(change.field, None) != change.was:
            raise MalformedInput("revision.mismatch", "another value was compared", field=change.field)
        if change.now is not None:
            values[change.field] = change.now
    return tuple(Cell(name, values[name]) for name in sorted(values))


def _back(changes: Iterable[FieldChange]) -> tuple[FieldChange, ...]:
    return tuple(FieldChange(change.field, change.now, change.was) for change in changes)
