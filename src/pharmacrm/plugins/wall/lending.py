"""What a guard or an adapter may read: get, seek and find, while it is being called, and nothing else."""

from collections.abc import Callable, Sequence
from enum import Enum
from typing import Any, TypeVar

from attrs import fields, has

from pharmacrm.core.kernel.errors import (
    Conflict,
    PharmaCRMError,
    PluginFailure,
    StoreFailure,
    UnsavedChanges,
)
from pharmacrm.core.kernel.lookup import Lookup
from pharmacrm.core.kernel.query import Condition
from pharmacrm.core.kernel.record import Entity

E = TypeVar("E", bound=Entity)
T = TypeVar("T")

Find = Callable[..., list[Any]]
Seek = Callable[..., Any]

NOT_ITS_FAULT = (Conflict, StoreFailure, UnsavedChanges)
"""What the store says through the reads of a plugin: no fault of the plugin, whatever it makes of it."""

UNKNOWN_KIND = "store.kind"
"""What a store says of a kind that it does not know: the plugin asked for the wrong thing."""


class Facade(Lookup):
    """The reads that a plugin is lent: copies of records, no connection, nothing to write or to replace."""

    __slots__ = ("_find", "_seek")

    _find: Find
    _seek: Seek

    def __init__(self, seek: Seek, find: Find) -> None:
        object.__setattr__(self, "_seek", seek)
        object.__setattr__(self, "_find", find)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"the reads of a plugin cannot be changed: {name}")

    def seek(self, kind: type[E], id: str) -> E | None:
        """One entity, or None."""
        found: E | None = self._seek(kind, id)
        return found

    def find(
        self,
        kind: type[E],
        *where: Condition,
        order: Sequence[str] = (),
        limit: int | None = None,
        after: E | None = None,
    ) -> list[E]:
        """Entities that satisfy every condition."""
        found: list[E] = self._find(kind, *where, order=order, limit=limit, after=after)
        return found


class Loan:
    """Reads lent for one call: `trouble` is what the store said meanwhile that is no fault of the plugin."""

    def __init__(self, read: Lookup) -> None:
        self.trouble: PharmaCRMError | None = None
        self._read: Lookup | None = read
        self.facade = Facade(
            lambda *what: self._lent("seek", *what), lambda *what, **how: self._lent("find", *what, **how)
        )

    def end(self) -> None:
        """Take the reads back: what a plugin kept of them is of no use."""
        self._read = None

    def _lent(self, method: str, *what: Any, **how: Any) -> Any:
        if self._read is None:
            raise PluginFailure("the call of the hook is over, and so are its reads", "plugin.read_ended")
        try:
            return copied(getattr(self._read, method)(*what, **how))
        except NOT_ITS_FAULT as error:
            if error.code != UNKNOWN_KIND:
                self.trouble = error
            raise


def copied(value: T) -> T:
    """A copy that shares nothing which a plugin could change: of records, messages, reasons, all through."""
    kind: Any = type(value)
    copy: Any = value
    if kind in {tuple, list, frozenset}:
        copy = kind(copied(each) for each in copy)
    elif kind is dict:
        copy = {name: copied(each) for name, each in copy.items()}
    elif has(kind) and not isinstance(value, Enum):
        copy = object.__new__(kind)
        for attribute in fields(kind):
            object.__setattr__(copy, attribute.name, copied(getattr(value, attribute.name)))
    result: T = copy
    return result
