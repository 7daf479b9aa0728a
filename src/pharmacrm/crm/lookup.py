"""Plain reads for plugins: no connection to take, nothing to write."""

from collections.abc import Sequence
from typing import TypeVar

from pharmacrm.core.kernel.lookup import Lookup
from pharmacrm.core.kernel.query import Condition, Query
from pharmacrm.core.kernel.record import Entity
from pharmacrm.core.kernel.store import Session, Store

E = TypeVar("E", bound=Entity)


class StoreLookup(Lookup):
    """Reads of one tenant's records as they are stored."""

    __slots__ = ("__session", "__tenant")

    def __init__(self, session: Session, tenant: str) -> None:
        self.__session = session
        self.__tenant = tenant

    def seek(self, kind: type[E], id: str) -> E | None:
        """One entity, or None."""
        found = self.__session.get(self.__tenant, kind, id)
        return None if found is None else found.entity

    def find(
        self,
        kind: type[E],
        *where: Condition,
        order: Sequence[str] = (),
        limit: int | None = None,
        after: E | None = None,
    ) -> list[E]:
        """Entities that satisfy every condition."""
        query = Query(where, tuple(order), limit, after)
        return [each.entity for each in self.__session.find(self.__tenant, kind, query)]


class FreshLookup(Lookup):
    """The same, with a session for each read: what others have stored meanwhile is seen, and none is kept."""

    __slots__ = ("__store", "__tenant")

    def __init__(self, store: Store, tenant: str) -> None:
        self.__store = store
        self.__tenant = tenant

    def seek(self, kind: type[E], id: str) -> E | None:
        """One entity, or None."""
        with self.__store.session() as session:
            return StoreLookup(session, self.__tenant).seek(kind, id)

    def find(
        self,
        kind: type[E],
        *where: Condition,
        order: Sequence[str] = (),
        limit: int | None = None,
        after: E | None = None,
    ) -> list[E]:
        """Entities that satisfy every condition."""
        with self.__store.session() as session:
            lookup = StoreLookup(session, self.__tenant)
            return lookup.find(kind, *where, order=order, limit=limit, after=after)
