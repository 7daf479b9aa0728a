"""The store port: the smallest thing to implement so that pharmacrm can keep its records there.

`pharmacrm.testing.storage` is the kit that proves an implementation right. Everything takes the tenant;
nothing of one tenant is ever visible to another. Text compares bytewise. Driver errors come out as `Conflict`
or `StoreFailure`.
"""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from enum import StrEnum
from typing import Annotated, ClassVar, Generic, Protocol, TypeVar

from attrs import Factory, frozen

from pharmacrm.core.kernel.journal import Entry, JournalQuery
from pharmacrm.core.kernel.query import Condition, Query
from pharmacrm.core.kernel.record import Column, Entity, Part, Record
from pharmacrm.core.kernel.seal import AnchorMark, JournalPlace, Seal

E = TypeVar("E", bound=Entity)
E_co = TypeVar("E_co", bound=Entity, covariant=True)


@frozen
class Found(Generic[E_co]):
    """An entity as read: the version that guards it (a part's is its parent's) and when it was recorded."""

    entity: E_co
    version: int
    recorded_at: datetime


@frozen(kw_only=True)
class Answer(Record):
    """The first answer given under an idempotency key; the id is the key.

    `kind` and `value` name the record that it gave; `given` is the value itself, where that is no record.
    """

    journalled: ClassVar[bool] = False

    digest: Annotated[str, Column(length=64)]
    command: Annotated[str, Column(length=100)]
    actor: Annotated[str, Column(length=64)]
    outcome: Annotated[str, Column(length=8)]
    reasons: Annotated[str, Column(length=1_000_000)] = "[]"
    kind: Annotated[str, Column(length=64)] = ""
    value: Annotated[str, Column(length=200)] = ""
    given: Annotated[str, Column(length=1_000_000)] = ""
    entry: Annotated[str, Column(length=36)] = ""


OWN_KINDS: tuple[type[Record], ...] = (Answer, Seal, JournalPlace, AnchorMark)
"""What every store keeps besides the registered kinds, under the same rules."""


@frozen
class Expect:
    """A record that was relied on: the flush fails unless it still has this version (0: is still absent)."""

    kind: type[Record]
    id: str
    version: int


@frozen
class Update:
    """A changed record: `after.version` is one more than `before.version`. Counters are left alone.

    An `exact` update also wants every counter as it is in `before`, else the flush fails: additions do not
    raise the version, and some decisions rest on the sums themselves.
    """

    before: Entity
    after: Entity
    exact: bool = False


@frozen(kw_only=True)
class Addition:
    """Counters of one record moved at once, in minor units.

    Each stays at least 0. If the sum of the record's bound rises and `bounded` is true, the bound must hold
    afterwards; else the flush fails. `version` is the version that was relied on, or None.
    """

    kind: type[Record]
    id: str
    amounts: Mapping[str, int]
    bounded: bool = True
    version: int | None = None


class DeliveryState(StrEnum):
    """Where a delivery stands."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    DEAD = "dead"
    DROPPED = "dropped"


@frozen(kw_only=True)
class Delivery:
    """One notice for one destination; `payload` is JSON of ids. `starts` counts attempts that were begun."""

    id: str
    destination: str
    topic: str
    subject: str
    entry: str
    payload: str
    due_at: datetime
    state: DeliveryState = DeliveryState.WAITING
    starts: int = 0
    token: str = ""
    leased_until: datetime | None = None
    fault: str = ""


@frozen(kw_only=True)
class Resolution:
    """What a person decided about a dead letter; the flush fails unless it is dead.

    WAITING: it is made again, due at a time, its starts counted anew, its fault forgotten. DROPPED: never.
    """

    id: str
    state: DeliveryState
    due_at: datetime


@frozen(kw_only=True)
class Batch:
    """Everything one decision stores, all or nothing, in this order; `at` is its recorded time.

    `sealed` are the ids of entries that a seal among the inserts covers from now on: each must have been
    stored before and not be sealed yet, else the flush fails.
    """

    at: datetime
    keys: tuple[Answer, ...] = Factory(tuple)
    expects: tuple[Expect, ...] = Factory(tuple)
    inserts: tuple[Entity, ...] = Factory(tuple)
    updates: tuple[Update, ...] = Factory(tuple)
    removals: tuple[Part, ...] = Factory(tuple)
    additions: tuple[Addition, ...] = Factory(tuple)
    entries: tuple[Entry, ...] = Factory(tuple)
    deliveries: tuple[Delivery, ...] = Factory(tuple)
    resolutions: tuple[Resolution, ...] = Factory(tuple)
    sealed: tuple[str, ...] = Factory(tuple)


@frozen(kw_only=True)
class DeliveryQuery:
    """Which deliveries are wanted, oldest id first; what is left out does not restrict.

    `after` is the id of the last one seen.
    """

    state: DeliveryState | None = None
    destination: str | None = None
    ids: tuple[str, ...] | None = None
    after: str | None = None
    limit: int | None = None


@frozen(kw_only=True)
class Queue:
    """How the deliveries of one destination stand: how many wait, are leased now, or are dead.

    `oldest` is the id of the oldest that waits, or empty. `next_at` is the earliest time at which one can be
    claimed: the head of its subject, due, and in nobody's lease; None if none waits.
    """

    destination: str
    waiting: int = 0
    leased: int = 0
    dead: int = 0
    oldest: str = ""
    next_at: datetime | None = None


@frozen(kw_only=True)
class Claim:
    """What a relay asks for: the head of each subject's queue, for its destinations, leased until a time."""

    destinations: tuple[str, ...]
    now: datetime
    until: datetime
    token: str
    limit: int = 50


@frozen(kw_only=True)
class Settlement:
    """What became of a claimed delivery; ignored unless the token still holds the lease."""

    id: str
    token: str
    state: DeliveryState
    due_at: datetime
    fault: str = ""


class Reader(Protocol):
    """The reading half of a store."""

    def get(self, tenant: str, kind: type[E], id: str) -> Found[E] | None:
        """One entity by id."""

    def find(self, tenant: str, kind: type[E], query: Query) -> list[Found[E]]:
        """The entities that match, in order."""

    def count(self, tenant: str, kind: type[Entity], where: tuple[Condition, ...]) -> int:
        """How many match."""

    def journal(self, tenant: str, query: JournalQuery) -> list[Entry]:
        """Entries of the journal in the order in which they were recorded."""

    def deliveries(self, tenant: str, query: DeliveryQuery) -> list[Delivery]:
        """Deliveries of the outbox by id: those of any state, also those that are settled."""

    def queues(self, tenant: str, now: datetime) -> list[Queue]:
        """How each destination stands that has a delivery waiting or dead, by name."""


class Session(Reader, Protocol):
    """A store through one connection: reads outside any transaction, writes in one."""

    def flush(self, tenant: str, batch: Batch) -> None:
        """Store a batch whole, or raise `Conflict` or `StoreFailure` and store nothing."""


class Store(Protocol):
    """Where records, journal and outbox live."""

    def session(self) -> AbstractContextManager[Session]:
        """A session of its own, closed at the end of the block."""

    def transaction(self) -> AbstractContextManager[Session]:
        """A session that sees one moment, whatever others write meanwhile, and stores all or nothing.

        What its flushes store counts at the end of the block; an exception takes all of it back. For copies
        of everything (export, verification, restoring), not for commands: it may hold others up.
        """

    def durability(self) -> str:
        """What a committed transaction survives, in the database's own words, at most 64 characters."""

    def install(self, kinds: Sequence[type[Entity]]) -> None:
        """Make what is missing for these kinds, and refuse with `SchemaChanged` what differs."""

    def register(self, kinds: Sequence[type[Entity]]) -> None:
        """Know these kinds, without touching what is stored; `install` includes it."""

    def tenants(self) -> tuple[str, ...]:
        """The ids of every installed tenant, in order."""

    def installed(self) -> bool:
        """Whether the tables are there."""

    def now(self) -> datetime | None:
        """The database's own clock (aware, UTC), or None where it has none of its own."""

    def newest(self) -> datetime | None:
        """The recorded time of the newest journal entry of any tenant, or None."""

    def claim(self, tenant: str, claim: Claim) -> list[Delivery]:
        """Lease the head of each (destination, subject) that is due, and commit the count of its starts."""

    def settle(self, tenant: str, settlement: Settlement) -> bool:
        """Record what became of a delivery; False if the lease was lost meanwhile."""

    def waiting(self, tenant: str, destinations: tuple[str, ...]) -> int:
        """How many deliveries are still to be made."""

    def close(self) -> None:
        """Give back every connection."""
