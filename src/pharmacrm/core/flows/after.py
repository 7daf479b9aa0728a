"""What a decision leaves behind, read as if it were stored: what is, with what it saves laid over it."""

from collections.abc import Iterable, Sequence
from typing import TypeVar

from pharmacrm.core.kernel.change import Change, Save
from pharmacrm.core.kernel.lookup import Lookup
from pharmacrm.core.kernel.query import Condition, Query, Within, checked, matches, page
from pharmacrm.core.kernel.record import Entity

E = TypeVar("E", bound=Entity)


class After(Lookup):
    """The records as they will stand; conditions compare fields, and look into no other kind."""

    def __init__(self, read: Lookup, changes: Iterable[Change]) -> None:
        self._read = read
        saves = (change.entity for change in changes if isinstance(change, Save))
        self._saved = {(type(entity), entity.id): entity for entity in saves}

    def saved(self, kind: type[E]) -> list[E]:
        """The entities of a kind that the decision saves, each as it is saved last."""
        return [entity for entity in self._saved.values() if isinstance(entity, kind)]

    def seek(self, kind: type[E], id: str) -> E | None:
        """One entity by id, or None."""
        saved = self._saved.get((kind, id))
        return saved if isinstance(saved, kind) else self._read.seek(kind, id)

    def find(
        self,
        kind: type[E],
        *where: Condition,
        order: Sequence[str] = (),
        limit: int | None = None,
        after: E | None = None,
    ) -> list[E]:
        """The entities that satisfy every condition, in order (ties by id)."""
        query = checked(kind, Query(where, tuple(order), limit, after))
        found = {each.id: each for each in self._read.find(kind, *where)}
        for saved in self.saved(kind):
            found.pop(saved.id, None)
            if matches(saved, where, _nothing):
                found[saved.id] = saved
        return page(found.values(), query)


def _nothing(_: Within) -> frozenset[object]:
    return frozenset()
