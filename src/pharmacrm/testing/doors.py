"""Doors to stores of a driver's own: watched ones, and ones with a planted fault."""

from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from types import TracebackType
from typing import Any, Self

from attrs import evolve

from pharmacrm.core.kernel.errors import Conflict
from pharmacrm.core.kernel.store import Batch, Store
from pharmacrm.crm import PharmaCRM, connect
from pharmacrm.plugins.hookspecs import hookimpl
from pharmacrm.plugins.storage.sql.session import SqlSession
from pharmacrm.plugins.storage.sql.store import SqlStore
from pharmacrm.plugins.types import StoreContext

Rewrite = Callable[[Batch], tuple[Batch, ...]]


class Gives:
    """A plugin that gives the door this very store, whatever the URL."""

    name = "given-store"

    def __init__(self, store: Store) -> None:
        self._store = store

    @hookimpl
    def pharmacrm_store(self, context: StoreContext) -> Store:  # noqa: ARG002 - the hook's form
        """The store."""
        return self._store


def door_to(store: SqlStore, *plugins: object, **options: Any) -> PharmaCRM:
    """The door to a store that was made before."""
    url = store.url.render_as_string(hide_password=False)
    return connect(url, plugins=[Gives(store), *plugins], **options)


class Counting(SqlStore):
    """Counts its sessions: a command takes one for each time that it is decided."""

    sessions = 0

    def session(self) -> Any:
        """One more."""
        self.sessions += 1
        return super().session()


class Naive(Counting):
    """The planted fault of T4: what is read is checked, and then written without bound and versions."""

    def session(self) -> Any:
        """A session that forgets what was relied upon."""
        return _Rewriting(super().session(), unbounded)


class Halves(SqlStore):
    """The planted fault of T3: the records are committed, and then the journal in another transaction."""

    def session(self) -> Any:
        """A session that stores a batch in two."""
        return _Rewriting(super().session(), halved)


class ChecksThenActs(SqlStore):
    """The planted fault of T6: the key was looked for, and is not kept from being used twice."""

    def session(self) -> Any:
        """A session that stores no key in the same moment."""
        return _Rewriting(super().session(), keyless)


def keyless(batch: Batch) -> tuple[Batch, ...]:
    """The batch without its key, and a little later the key by itself, if nobody has it."""
    return (evolve(batch, keys=()), Batch(at=batch.at, keys=batch.keys))


def unbounded(batch: Batch) -> tuple[Batch, ...]:
    """The batch without its bounds, and without what was relied upon."""
    free = tuple(evolve(each, bounded=False, version=None) for each in batch.additions)
    return (evolve(batch, additions=free, expects=()),)


def halved(batch: Batch) -> tuple[Batch, ...]:
    """The records, and what is written about them."""
    about = Batch(at=batch.at, keys=batch.keys, entries=batch.entries, deliveries=batch.deliveries)
    return evolve(batch, keys=(), entries=(), deliveries=()), about


class _Rewriting:
    """A session whose batches are rewritten before they are stored."""

    def __init__(self, opened: AbstractContextManager[SqlSession], rewrite: Rewrite) -> None:
        self._opened, self._rewrite = opened, rewrite

    def __enter__(self) -> Self:
        self._session = self._opened.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._opened.__exit__(kind, error, trace)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._session, name)

    def flush(self, tenant: str, batch: Batch) -> None:
        """Store it rewritten."""
        first, *others = self._rewrite(batch)
        self._session.flush(tenant, first)
        for each in others:
            with suppress(Conflict):
                self._session.flush(tenant, each)
