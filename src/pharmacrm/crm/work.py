"""Several commands as one: staged and stored together, or each inside the host's own transaction."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

from pharmacrm.core.kernel.decision import Decision
from pharmacrm.core.kernel.errors import Conflict, NotPermitted, StoreFailure
from pharmacrm.core.kernel.message import Command, Question
from pharmacrm.core.kernel.query import Condition
from pharmacrm.core.kernel.record import Entity
from pharmacrm.core.kernel.store import Session
from pharmacrm.crm.asking import looked_up, searched
from pharmacrm.crm.ids import Ids
from pharmacrm.crm.request import requested
from pharmacrm.crm.rights import claimed
from pharmacrm.crm.stage import Stage
from pharmacrm.crm.unit import Unit

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from pharmacrm.crm.desk import Desk

T = TypeVar("T")
E = TypeVar("E", bound=Entity)

BOUND_TRIES = 3
"""How often a command is decided inside the host's transaction, which may see an old snapshot for ever."""


@contextmanager
def whole(stage: Stage) -> Iterator[None]:
    """Take back what a command staged if it raises half-way; the versions that it has read stay verified.

    A denial is no half-way: its row stays.
    """
    staged, entities = dict(stage.staged), dict(stage.seen.entities)
    lists: tuple[list[Any], ...] = (
        stage.additions,
        stage.entries,
        stage.deliveries,
        stage.keys,
        stage.resolutions,
    )
    lengths = [len(each) for each in lists]
    try:
        yield
    except NotPermitted:
        raise
    except BaseException:
        stage.staged, stage.seen.entities = staged, entities
        for each, length in zip(lists, lengths, strict=True):
            del each[length:]
        raise


class Work:
    """A block of commands of one actor: answers are provisional until its end, which stores all or nothing.

    Later commands, `get`, `find` and `ask` see what is staged. A refused command stages nothing but its
    journal row. A conflict at the end raises `Conflict`, and nothing is stored.
    """

    def __init__(self, desk: "Desk", opened: "AbstractContextManager[Session]", actor: str) -> None:
        self._desk = desk
        self._opened = opened
        self._actor = claimed(actor)
        self._unit: Unit | None = None

    def __enter__(self) -> Self:
        self._unit = Unit(self._desk, self._opened.__enter__())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        unit, self._unit = self._now, None
        try:
            if kind is None:
                unit.flush()
        finally:
            self._opened.__exit__(kind, error, trace)

    @property
    def _now(self) -> Unit:
        if self._unit is None:
            raise StoreFailure("the block of work has ended", "work.ended")
        return self._unit

    def do(
        self, command: Command[T], *, key: str = "", effective_at: date | str | None = None
    ) -> Decision[T]:
        """Decide one command and stage it; a denial raises `NotPermitted`, its row stays in the block."""
        unit = self._now
        ids = Ids(self._desk.clock.now())
        with whole(unit.stage):
            return unit.perform(requested(command, self._actor, key, effective_at), ids)

    def ask(self, question: Question[T]) -> T:
        """Ask a question of the records as they stand with everything staged."""
        return self._now.ask(question, self._actor, Ids(self._desk.clock.now()))

    def get(self, kind: type[E], id: str) -> E:
        """One record as it stands; `NotFound` if it does not exist."""
        return looked_up(self._now.reading_for(self._actor, kind, Ids(self._desk.clock.now())), kind, id)

    def find(
        self,
        kind: type[E],
        *where: Condition,
        order: Sequence[str] = (),
        limit: int | None = None,
        after: E | None = None,
    ) -> list[E]:
        """Records as they stand."""
        reading = self._now.reading_for(self._actor, kind, Ids(self._desk.clock.now()))
        return searched(reading, kind, where, order, limit, after)


class Bound:
    """pharmacrm inside the host's transaction: each `do` reads, guards and flushes at once, in a savepoint.

    The host's rollback removes all of it; nothing of the host is ever committed, rolled back or closed. Rows
    that many orders share stay locked until the host commits: call it last.
    """

    def __init__(self, desk: "Desk", bound: Callable[[], Session], actor: str, *, lasting: bool) -> None:
        """`bound` joins what the host's transaction is now; a connection stays what it is (`lasting`)."""
        self._desk = desk
        self._bound = bound
        joined = bound()
        self._lasting = joined if lasting else None
        self._actor = claimed(actor)

    def do(
        self, command: Command[T], *, key: str = "", effective_at: date | str | None = None
    ) -> Decision[T]:
        """Carry out one command in a savepoint; a `transaction` conflict wants the host to begin again."""
        request = requested(command, self._actor, key, effective_at)
        ids = Ids(self._desk.clock.now())
        for _ in range(BOUND_TRIES):
            ids.rewind()
            try:
                return self._fresh().carry_out(request, ids)
            except Conflict as conflict:
                if conflict.retry == "transaction":
                    raise
        raise Conflict("the transaction keeps seeing what others have changed", retry="transaction")

    def ask(self, question: Question[T]) -> T:
        """Ask a question of what the host's transaction sees."""
        return self._fresh().ask(question, self._actor, Ids(self._desk.clock.now()))

    def get(self, kind: type[E], id: str) -> E:
        """One record as the host's transaction sees it."""
        return looked_up(self._fresh().reading_for(self._actor, kind, Ids(self._desk.clock.now())), kind, id)

    def find(
        self,
        kind: type[E],
        *where: Condition,
        order: Sequence[str] = (),
        limit: int | None = None,
        after: E | None = None,
    ) -> list[E]:
        """Records as the host's transaction sees them."""
        reading = self._fresh().reading_for(self._actor, kind, Ids(self._desk.clock.now()))
        return searched(reading, kind, where, order, limit, after)

    def _fresh(self) -> Unit:
        return Unit(self._desk, self._lasting or self._bound())
