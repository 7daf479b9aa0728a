"""Who carries a summary out: the store, where it offers that, or else the plain rule over its rows."""

from collections.abc import Iterator
from typing import Final

from pharmacrm.core.kernel.query import Condition, Query
from pharmacrm.core.kernel.record import Entity
from pharmacrm.core.kernel.store import Reader
from pharmacrm.core.kernel.summary import Summary, Summed, Sums
from pharmacrm.core.plan.meaning import summarise

PAGE: Final = 1000
"""Rows that are read at a time where the plain rule adds them up."""


def summed(reader: Reader, tenant: str, summary: Summary) -> list[Summed]:
    """Give the groups of a checked summary, in order."""
    if isinstance(reader, Sums):
        return sorted(reader.summed(tenant, summary))

    def found(kind: type[Entity], where: tuple[Condition, ...]) -> Iterator[Entity]:
        return _rows(reader, tenant, kind, where)

    return summarise(found(summary.kind, summary.where), summary, found)


def _rows(reader: Reader, tenant: str, kind: type[Entity], where: tuple[Condition, ...]) -> Iterator[Entity]:
    last: Entity | None = None
    while True:
        found = reader.find(tenant, kind, Query(where, (), PAGE, last))
        yield from (each.entity for each in found)
        if len(found) < PAGE:
            return
        last = found[-1].entity
