"""The one door: everything that a host does with pharmacrm goes through it."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from functools import partial
from typing import Any, TypeVar

from attrs import evolve

from pharmacrm.core.kernel.currencies import minor_digits
from pharmacrm.core.kernel.dates import local_date, zone
from pharmacrm.core.kernel.decision import Decision, save
from pharmacrm.core.kernel.errors import Conflict, MalformedInput, NotInstalled, SchemaChanged, StoreFailure
from pharmacrm.core.kernel.ids import as_id, as_text
from pharmacrm.core.kernel.journal import Entry, JournalQuery
from pharmacrm.core.kernel.message import Command, Question
from pharmacrm.core.kernel.query import Condition
from pharmacrm.core.kernel.record import Entity
from pharmacrm.core.kernel.store import Session, Store
from pharmacrm.core.kernel.tenant import Tenant
from pharmacrm.core.kernel.verification import Verification
from pharmacrm.core.people import RoleAssignment, Staff
from pharmacrm.crm.asking import as_conditions, given, looked_up, searched
from pharmacrm.crm.clocks import Clock, SystemClock
from pharmacrm.crm.copies import Copy, digest_now, drilled, exported, restored
from pharmacrm.crm.delivery import Delivered, delivered
from pharmacrm.crm.desk import Desk
from pharmacrm.crm.due import Due, carried_out_when_due
from pharmacrm.crm.feeding import Fed, fed
from pharmacrm.crm.ids import Ids
from pharmacrm.crm.pulling import Puller, TakenIn
from pharmacrm.crm.registry import Registry
from pharmacrm.crm.request import Request, requested
from pharmacrm.crm.rights import SYSTEM, claimed
from pharmacrm.crm.sealing import sealed_and_anchored
from pharmacrm.crm.stage import Act
from pharmacrm.crm.trying import TRIES, wait_before
from pharmacrm.crm.unit import Unit
from pharmacrm.crm.verifying import verified
from pharmacrm.crm.work import Bound, Work
from pharmacrm.plugins.manager import Plugins
from pharmacrm.plugins.types import StoreContext

T = TypeVar("T")
E = TypeVar("E", bound=Entity)


class PharmaCRM:
    """The door to one tenant's books. Make it with `connect`; one per process serves many threads."""

    def __init__(self, store: Store, desk: Desk) -> None:
        self._store = store
        self._desk = desk

    @property
    def tenant(self) -> str:
        """The name of the tenant that this door serves."""
        return self._desk.tenant

    @property
    def plugins(self) -> Plugins:
        """The loaded plugins, their order and their faults."""
        return self._desk.plugins

    @property
    def clock(self) -> Clock:
        """Where recorded times come from."""
        return self._desk.clock

    @property
    def registry(self) -> Registry:
        """Every kind, message, event, reason code and right that the door knows."""
        return self._desk.registry

    def for_tenant(self, tenant: str) -> "PharmaCRM":
        """The same door (pools, plugins, clock) for another tenant."""
        return PharmaCRM(self._store, evolve(self._desk, tenant=given("tenant", as_id, tenant)))

    def create_tables(self) -> None:
        """Make the tables that are missing, plugins' too; `install` does it as well."""
        self._store.install(tuple(self.registry.kinds.values()))

    def install(
        self,
        *,
        admin: str,
        name: str = "",
        zone_name: str = "Asia/Shanghai",
        currency: str = "CNY",
        language: str = "zh-CN",
        calendar: str = "cn",
    ) -> Tenant:
        """Make the tables, and this tenant with its first administrator; an installed one stays as it is."""
        zone(zone_name)
        minor_digits(currency)
        self.create_tables()
        with self._store.session() as session:
            unit = Unit(self._desk, session)
            found = session.get(self.tenant, Tenant, self.tenant)
            if found is not None and isinstance(found.entity, Tenant):
                self._desk.same_clock(found.entity)
                return found.entity
            tenant = Tenant(
                id=self.tenant,
                zone=zone_name,
                currency=currency,
                language=language,
                calendar=calendar,
                simulated=self.clock.simulated,
            )
            first = Staff(
                id=claimed(admin), name=given("name", as_text, name or admin), unit=None, manager=None
            )
            role = RoleAssignment(id=f"{first.id}/admin", staff=first.id, role="admin")
            at = self.clock.now()
            act = Act(
                tenant=self.tenant,
                actor=SYSTEM,
                roles=SYSTEM,
                command="Install",
                key="",
                on=local_date(at, tenant.tz),
                at=at,
            )
            unit.stage.apply(save(tenant, first, role).changes, act, Ids(at))
            session.flush(self.tenant, unit.stage.batch(at))
            return evolve(tenant, version=1)

    def tables(self, *, into: Any) -> tuple[Any, ...]:
        """Copy the tables into the host's SQLAlchemy `MetaData`, whose migrations then make and alter them.

        Every kind that the door knows is among them, plugins' too, and our own. `install` accepts what
        the host made, and refuses a table that differs from its record.
        """
        copied = getattr(self._store, "copy_tables", None)
        if copied is None:
            raise StoreFailure("this store has no tables of SQLAlchemy's", "store.tables")
        found: tuple[Any, ...] = copied(into)
        return found

    def tenants(self) -> tuple[str, ...]:
        """The tenants that are installed in this store, by name."""
        return self._store.tenants()

    def do(
        self, command: Command[T], *, actor: str, key: str = "", effective_at: date | str | None = None
    ) -> Decision[T]:
        """Carry out one command in one short transaction; it is decided again when others were faster.

        `key` makes it idempotent: the same command under the same key gives its first answer again.
        `effective_at` is the business date (today in the tenant's zone by default). A "no" is an answer with
        reasons; `NotPermitted`, `NotFound`, `MalformedInput` and `Conflict` are raised.
        """
        return self._do(requested(command, claimed(actor), key, effective_at))

    def _do(self, request: Request[T]) -> Decision[T]:
        ids = Ids(self.clock.now())
        for attempt in range(TRIES):
            ids.rewind()
            wait_before(attempt)
            try:
                with self._session() as session:
                    return Unit(self._desk, session).carry_out(request, ids)
            except Conflict:
                if attempt == TRIES - 1:
                    raise
        raise AssertionError("the last attempt either answers or raises")

    def ask(self, question: Question[T], *, actor: str) -> T:
        """Ask a question; asking changes nothing."""
        with self._session() as session:
            return Unit(self._desk, session).ask(question, claimed(actor), Ids(self.clock.now()))

    def get(self, kind: type[E], id: str, *, actor: str) -> E:
        """One record or part by id; `NotFound` if it does not exist."""
        with self._session() as session:
            reading = Unit(self._desk, session).reading_for(claimed(actor), kind, Ids(self.clock.now()))
            return looked_up(reading, kind, id)

    def find(
        self,
        kind: type[E],
        *where: Condition,
        actor: str,
        order: Sequence[str] = (),
        limit: int | None = None,
        after: E | None = None,
    ) -> list[E]:
        """Records or parts that satisfy every condition, in order; `after` is the last one seen."""
        with self._session() as session:
            reading = Unit(self._desk, session).reading_for(claimed(actor), kind, Ids(self.clock.now()))
            return searched(reading, kind, where, order, limit, after)

    def count(self, kind: type[Entity], *where: Condition, actor: str) -> int:
        """How many records or parts satisfy every condition."""
        with self._session() as session:
            reading = Unit(self._desk, session).reading_for(claimed(actor), kind, Ids(self.clock.now()))
            return reading.count(kind, *as_conditions(kind, where))

    def journal(self, query: JournalQuery, *, actor: str) -> list[Entry]:
        """Entries of the journal: who did what to what, when, old and new values; by default for auditors."""
        with self._session() as session:
            return Unit(self._desk, session).journal(query, claimed(actor), Ids(self.clock.now()))

    def feed(self, *, after: int = 0, limit: int = 100, actor: str) -> list[Fed]:
        """Sealed entries after a position, in the one order that never changes; for those who may read it.

        Nothing is ever sealed before what was fed already, however late it commits. Entries are sealed by
        `deliver`.
        """
        with self._session() as session:
            Unit(self._desk, session).may_read_journal(claimed(actor), Ids(self.clock.now()))
            return fed(session, self.tenant, after, limit)

    def work(self, *, actor: str) -> Work:
        """A block of several commands, stored together at its end."""
        return Work(self._desk, self._session(), actor)

    def bind(self, host: Any, *, actor: str) -> Bound:
        """Pharmacrm inside the transaction of the host's SQLAlchemy Connection or Session."""
        bound = getattr(self._store, "bound", None)
        if bound is None:
            raise StoreFailure("this store cannot work inside a host's transaction", "bind.unsupported")
        # A Session begins savepoints, and flushes what is pending, only as it is asked for its connection.
        return Bound(self._desk, partial(bound, host), actor, lasting=not hasattr(host, "flush"))

    def run_due(self) -> Due:
        """Do all timed work that is due by the clock, as the actor `system`; safe in several processes."""
        self._served()
        return carried_out_when_due(
            self._desk, self._store, lambda command: self._do(Request(command, SYSTEM))
        )

    def deliver(self, *, limit: int = 100) -> Delivered:
        """Seal and anchor the journal, then hand out what waits in the outbox, in order per subject.

        Safe in any number of processes.
        """
        self._served()
        sealed_and_anchored(self._desk, self._store)
        return delivered(self._desk, self._store, limit)

    def pull(self, name: str, *, limit: int = 500) -> TakenIn:
        """Take in what the plugin of this name has for us, until it has no more; safe in several processes.

        It acts as the member of staff of the same name, who holds the role `erp`. What cannot be taken in is
        set aside (`Quarantine`) and stops nothing else; `limit` is how many items are asked for at a time.
        """
        if type(limit) is not int or limit < 1:
            message = "a limit is a whole number of at least 1"
            raise MalformedInput("query.limit", message, field="limit", value=limit)
        self._served()
        source = given("name", as_id, name)
        opened: Callable[[str], Work] = lambda actor: self.work(actor=actor)  # noqa: E731 - one expression
        return Puller(self._desk, self._session, self._do, opened, source, limit).run()

    def verify(self, *, progress: Callable[[int], None] | None = None) -> Verification:
        """Check the whole journal: hashes, order, seals, anchors, and what it tells against the tables.

        It reads everything, within one moment and in bounded memory; `progress` hears how many entries are
        done. A host's operation, like `deliver`: whoever holds the door may call it.
        """
        return verified(self._desk, self._store, progress)

    def export(self, path: str | os.PathLike[str]) -> Copy:
        """Write a copy of the tenant as it is at this moment into a file that any store can take in."""
        return exported(self._desk, self._store, path)

    def restore(self, path: str | os.PathLike[str], *, actor: str, reason: str) -> Copy:
        """Take in a copy, all or nothing, into a store that holds nothing of the tenant.

        The restore is declared in the journal under this actor and reason, so that `verify` knows which
        anchors it left behind. A file that was changed or cut off is refused (`copy.broken`).
        """
        return restored(self._desk, self._store, path, actor=given("actor", as_id, actor), reason=reason)

    def drill(self, path: str | os.PathLike[str]) -> Verification:
        """Restore a copy into memory and verify it there; nothing of this door's store is touched."""
        return drilled(self._desk, path)

    def digest(self) -> str:
        """The digest of everything the tenant has: the one that a copy made now would carry."""
        return digest_now(self._desk, self._store)

    def _served(self) -> None:
        """Refuse a tenant that is not there: under a mistyped name nothing would be done for ever."""
        with self._session() as session:
            if session.get(self.tenant, Tenant, self.tenant) is None:
                raise NotInstalled(self.tenant)

    @contextmanager
    def _session(self) -> Iterator[Session]:
        """A session of the store; where there are no tables yet, that is what is said."""
        try:
            with self._store.session() as session:
                yield session
        except (StoreFailure, SchemaChanged) as failure:
            if failure.code == "store.pool" or self._store.installed():
                raise
            raise NotInstalled(self.tenant) from None

    def close(self) -> None:
        """Give back every connection, and end the worker processes of isolated plugins."""
        self._desk.plugins.close()
        self._store.close()


def connect(  # noqa: PLR0913 - every setting of a door, each with its default
    url: str,
    *,
    tenant: str = "main",
    plugins: Sequence[object] = (),
    entry_points: bool = False,
    require: Mapping[str, Sequence[type[Command[Any]]]] | None = None,
    isolate: Mapping[str, float] | None = None,
    clock: Clock | None = None,
    prefix: str = "pharmacrm_",
    schema: str | None = None,
    pool_size: int = 5,
    durable: bool = True,
) -> PharmaCRM:
    """Open a store: `sqlite:///crm.db`, `postgresql+psycopg://...`, `mariadb+pymysql://...` or `memory://`.

    `plugins` run in the order given; `entry_points=True` also loads installed ones; `require` names plugins
    without which the commands given for them are held; `isolate` names entry points that run in worker
    processes, with their limits in seconds (list others as `Isolated(...)`). `clock` may be a
    `SimulatedClock`. `prefix` and `schema` place the tables; `durable=False` trades SQLite's last commits at
    a power cut for speed.
    """
    loaded = Plugins(plugins, entry_points=entry_points, require=require, isolate=isolate)
    context = StoreContext(url=url, prefix=prefix, schema=schema, pool_size=pool_size, durable=durable)
    try:
        return _opened(loaded, context, given("tenant", as_id, tenant), clock)
    except BaseException:
        loaded.close()
        raise


def _opened(loaded: Plugins, context: StoreContext, tenant: str, clock: Clock | None) -> PharmaCRM:
    registry = Registry.of(loaded.domains())
    store: Store = loaded.store(context)
    store.register(tuple(registry.kinds.values()))
    chosen = clock or SystemClock(store.now)
    if store.installed():
        chosen.resume(store.newest())
    return PharmaCRM(store, Desk(tenant, chosen, registry, loaded))
