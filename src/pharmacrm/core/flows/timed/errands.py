"""Errands: timed work as a search for commands, and a mark of what is done."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any, Final, TypeVar

from attrs import field, frozen

from pharmacrm.core.kernel.calendar import WorkCalendar
from pharmacrm.core.kernel.lookup import Lookup
from pharmacrm.core.kernel.message import Command
from pharmacrm.core.kernel.query import Condition
from pharmacrm.core.kernel.record import Entity
from pharmacrm.core.kernel.tenant import Tenant

E = TypeVar("E", bound=Entity)

PAGE: Final = 200
"""What one search reads at a time."""


@frozen(kw_only=True)
class Situation:
    """When timed work is looked for, and in whose zone and by whose calendar."""

    at: datetime
    tenant: Tenant
    calendar: WorkCalendar


def _no_mark(_: Lookup, __: Situation) -> Command[Any] | None:
    return None


@frozen(kw_only=True)
class Errand:
    """One kind of timed work.

    `commands` gives what is due, found page by page as it is carried out; each command decides by itself, so
    that one which another process was faster with does nothing. Once all are carried out and none has
    failed, `mark` says so with a command of its own, or None where nothing has to be remembered.
    """

    name: str
    commands: Callable[[Lookup, Situation], Iterator[Command[Any]]]
    mark: Callable[[Lookup, Situation], Command[Any] | None] = field(default=_no_mark)


def pages(
    lookup: Lookup, kind: type[E], *where: Condition, order: Sequence[str] = ()
) -> Iterator[Sequence[E]]:
    """Everything that matches, a page at a time; what is carried out in between leaves no gap."""
    last: E | None = None
    while True:
        found = lookup.find(kind, *where, order=order, limit=PAGE, after=last)
        if found:
            yield found
        if len(found) < PAGE:
            return
        last = found[-1]
