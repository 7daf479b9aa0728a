"""The change feed: sealed entries by position, for readers who may neither skip one nor see one twice."""

from attrs import frozen

from pharmacrm.core.kernel.errors import MalformedInput, StoreFailure
from pharmacrm.core.kernel.journal import Entry, JournalQuery
from pharmacrm.core.kernel.query import Query, gt
from pharmacrm.core.kernel.seal import JournalPlace, numbered
from pharmacrm.core.kernel.store import Session


@frozen
class Fed:
    """An entry and its position: keep the position, and go on after it."""

    position: int
    entry: Entry


def fed(session: Session, tenant: str, after: int, limit: int) -> list[Fed]:
    """The sealed entries after a position, in order."""
    for name, value in (("after", after), ("limit", limit)):
        if type(value) is not int or value < 0:
            raise MalformedInput(
                "query.limit", "a whole number of at least 0 is wanted", field=name, value=value
            )
    found = session.find(tenant, JournalPlace, Query((gt("id", numbered(after)),), limit=limit))
    ids = tuple(each.entity.entry for each in found)
    entries = {entry.id: entry for entry in session.journal(tenant, JournalQuery(ids=ids))}
    gone = [id_ for id_ in ids if id_ not in entries]
    if gone:
        raise StoreFailure(f"the sealed entry {gone[0]} is gone: run verify()", "journal.broken")
    return [Fed(each.entity.position, entries[each.entity.entry]) for each in found]
