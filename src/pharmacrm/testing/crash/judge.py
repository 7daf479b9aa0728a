"""What must be true after the kills: records, journal, outbox and answer of a command, all or none."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from attrs import frozen

from pharmacrm.core.kernel.store import Answer
from pharmacrm.crm import connect
from pharmacrm.plugins.storage.sql.store import SqlStore
from pharmacrm.testing.books import Books
from pharmacrm.testing.company import found_company
from pharmacrm.testing.crash.script import BUYERS, SCRIPT, Notices, key_of, step_of
from pharmacrm.testing.targets import database

Traces = Counter[str]
"""What one command left: rows of the journal, of the outbox and of the answers, by what they are."""


def open_company(url: str) -> None:
    """A company whose customers may order for a long time."""
    crm = connect(url, plugins=[Notices()])
    found_company(crm, limit="90000000.00", buyers=BUYERS)
    crm.close()


def books_of(url: str) -> Books:
    """The books of the one tenant of a database, read by a door that was opened after the kills."""
    crm = connect(url, plugins=[Notices()])
    store = SqlStore(url)
    try:
        return Books.read(store, crm.registry)
    finally:
        store.close()
        crm.close()


@frozen
class Pattern:
    """What each step of the script leaves where nobody is killed."""

    steps: tuple[Traces, ...]

    @classmethod
    def learnt(cls) -> "Pattern":
        """Watch one order go through undisturbed."""
        with database("sqlite") as url:
            open_company(url)
            crm = connect(url, plugins=[Notices()])
            for step, (_, actor, make) in enumerate(SCRIPT):
                crm.do(make(crm, "SO-0-0", BUYERS[0]), actor=actor, key=key_of(0, 0, step)).expect()
            crm.close()
            left = traces(books_of(url))
        return cls(tuple(left[key_of(0, 0, step)] for step in range(len(SCRIPT))))


def traces(books: Books) -> dict[str, Traces]:
    """What stands in the books under each idempotency key."""
    left: defaultdict[str, Traces] = defaultdict(Counter)
    keys = {entry.id: entry.key for entry in books.entries}
    for entry in books.entries:
        if entry.key:
            left[entry.key][f"journal: {entry.verb} {entry.kind}"] += 1
    for delivery in books.deliveries:
        key = keys.get(delivery.entry, f"nothing: {delivery.entry}")
        if key:
            left[key][f"outbox: {delivery.topic}"] += 1
    for key, answer in books.answers.items():
        left[key][f"answer: {answer.outcome}"] += 1
    return left


def wrongs(books: Books, answered: Mapping[str, Any], begun: set[str], pattern: Pattern) -> Iterator[str]:
    """Every violation: lost, half, doubled, or not agreeing with what the caller was told."""
    left = traces(books)
    for key in answered.keys() - left.keys():
        yield f"lost: {key} was answered and left nothing"
    for key, found in left.items():
        if not key.startswith("w"):
            yield f"half: {key}"
        elif found != pattern.steps[step_of(key)]:
            yield f"half: {key} left {dict(found)}"
        if key not in answered and key not in begun:
            yield f"stray: {key} was begun by nobody who lives"
    for key in answered.keys() & books.answers.keys():
        if answered[key] is not None and answered[key][:3] != _kept(books.answers[key]):
            yield f"answer: {key} was told {answered[key][:3]}, kept is {_kept(books.answers[key])}"
    yield from books.wrongs()


def _kept(answer: Answer) -> tuple[str, str, str]:
    return answer.outcome, answer.value, answer.entry
