"""What must be true when all have called: one effect per key, one answer for everybody."""

from collections.abc import Iterator
from typing import Any

from attrs import frozen

from pharmacrm.core.orders import SalesOrder
from pharmacrm.crm import connect
from pharmacrm.plugins.storage.sql.store import SqlStore
from pharmacrm.testing.books import Books
from pharmacrm.testing.company import found_company
from pharmacrm.testing.idempotency.callers import Told, call
from pharmacrm.testing.processes import together
from pharmacrm.testing.targets import database


@frozen
class Called:
    """One contest on one database."""

    kind: str
    keys: int
    told: list[list[Told]]
    others: list[list[Told]]
    books: Books

    @property
    def effects(self) -> int:
        """How many orders there are."""
        return len(self.books.found[SalesOrder])

    @property
    def refused(self) -> int:
        """How many other commands under a used key were refused."""
        return sum(each.answer[:2] == ("refused", "key.reused") for some in self.others for each in some)

    def wrongs(self) -> Iterator[str]:
        """Every violation."""
        if self.effects != self.keys:
            yield f"{self.kind}: {self.keys} keys had {self.effects} effects"
        for answers in zip(*self.told, strict=True):
            different = sorted({each.answer for each in answers})
            if len(different) > 1 or different[0][0] != "allowed":
                yield f"{self.kind}: {answers[0].key} was answered {different}"
        if self.refused != sum(len(some) for some in self.others):
            yield f"{self.kind}: another command under a used key was not refused"
        yield from (f"{self.kind}: {each}" for each in self.books.wrongs())


def called(kind: str, *, workers: int, keys: int, planted: bool = False) -> Called:
    """Let processes call on a database of their own, and read what it then holds."""
    with database(kind) as url:
        crm = connect(url)
        found_company(crm, limit="90000000.00")
        found: list[Any] = together(call, url, keys, planted, workers=workers)
        store = SqlStore(url)
        books = Books.read(store, crm.registry)
        store.close()
        crm.close()
    return Called(kind, keys, [told for told, _ in found], [others for _, others in found], books)
