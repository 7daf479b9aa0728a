"""Reading entities of one tenant: what handlers, guards and adapters have in common."""

from collections.abc import Sequence
from typing import Protocol, TypeVar

from pharmacrm.core.kernel.errors import NotFound
from pharmacrm.core.kernel.query import Condition
from pharmacrm.core.kernel.record import Entity, kind_name

E = TypeVar("E", bound=Entity)


class Lookup(Protocol):
    """Plain reads within the tenant; it has no connection and writes nothing."""

    __slots__ = ()

    def get(self, kind: type[E], id: str) -> E:
        """One entity by id; `NotFound` if it does not exist."""
        found = self.seek(kind, id)
        if found is None:
            raise NotFound(kind_name(kind), id)
        return found

    def seek(self, kind: type[E], id: str) -> E | None:
        """One entity by id, or None."""

    def find(
        self,
        kind: type[E],
        *where: Condition,
        order: Sequence[str] = (),
        limit: int | None = None,
        after: E | None = None,
    ) -> list[E]:
        """The entities that satisfy every condition, in order (ties by id)."""
