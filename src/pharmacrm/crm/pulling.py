"""Taking in what other systems have: item by item under keys of its own, then the cursor.

A process that ends anywhere leaves items done and the cursor where it was: the next one is given the same
items again, and their keys make the repetition harmless. So do the keys of two processes at once; of them,
only one moves the cursor.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from datetime import date
from typing import Any, Final, Protocol

from attrs import define, evolve, field, frozen

from pharmacrm.core.kernel.codec import canonical, from_plain, loads, to_brief
from pharmacrm.core.kernel.decision import Decision
from pharmacrm.core.kernel.errors import Conflict, MalformedInput, NotFound, NotPermitted
from pharmacrm.core.kernel.journal import reasons_text
from pharmacrm.core.kernel.message import Command
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.query import eq, is_in
from pharmacrm.core.kernel.reason import Reason
from pharmacrm.core.kernel.store import Session
from pharmacrm.core.kernel.tenant import Tenant
from pharmacrm.core.kernel.words import Words
from pharmacrm.core.people import RoleAssignment, Staff
from pharmacrm.core.pull import (
    AsideState,
    PullCursor,
    QuarantinedItem,
    RecordPull,
    SetItemAside,
    SettleItem,
    Sum,
    item_key,
)
from pharmacrm.core.pull.reasons import DENIED, NOT_WHOLE, UNKNOWN
from pharmacrm.core.pull.rules import WAITING, added_up
from pharmacrm.crm.desk import Desk
from pharmacrm.crm.lookup import StoreLookup
from pharmacrm.crm.request import Request, requested
from pharmacrm.crm.rights import SYSTEM, actor_of, claimed, may
from pharmacrm.crm.trying import TRIES, wait_before
from pharmacrm.plugins.types import Item, PullContext, Pulled, Unreadable
from pharmacrm.plugins.wall.pulling import unreadable

SHOWN: Final = 20
"""Reasons of a document that are kept, of those that its rows gave."""

Do = Callable[[Request[Any]], Decision[Any]]


class Block(Protocol):
    """What of `crm.work` is used here."""

    def do(self, command: Command[Any], *, key: str, effective_at: date | None) -> Decision[Any]:
        """Stage one command."""


Open = Callable[[str], AbstractContextManager[Block]]


@frozen(kw_only=True)
class TakenIn:
    """What one call of `pull` did, item by item; `why` says why it ended before the source was empty.

    done: carried out. repeated: done before under the same key. held: waits for a person. aside: in
    quarantine. retried: items of the quarantine that were taken in this time.
    """

    done: int = 0
    repeated: int = 0
    held: int = 0
    aside: int = 0
    retried: int = 0
    why: str = ""


class NotWhole(Exception):
    """A document that is taken in whole or not at all has rows that are refused."""


@frozen
class Fate:
    """What became of one item: `done`, `repeated`, `held` or `aside`, and why it was set aside."""

    item: Item | Unreadable
    what: str
    reasons: tuple[Reason, ...] = ()


@define
class Puller:
    """One call of `pull`: `do` is the door's for any actor, `work` opens a block of one actor."""

    desk: Desk
    session: Callable[[], AbstractContextManager[Session]]
    do: Do
    work: Open
    source: str
    limit: int
    taken: TakenIn = field(factory=TakenIn)

    def run(self) -> TakenIn:
        """Try again what people marked, then take in answer after answer until the source has no more."""
        self._permitted()
        self._retry()
        more = True
        while more:
            more = self._step()
        return self.taken

    def _permitted(self) -> None:
        """Stop before anything is read if there is no account: each item would be denied."""
        source = claimed(self.source)
        with self.session() as session:
            read = StoreLookup(session, self.desk.tenant)
            who = actor_of(source, read.seek(Staff, source), read.find(RoleAssignment, eq("staff", source)))
            tenant = read.get(Tenant, self.desk.tenant)
            if not may(who, PullCursor.__name__, self.desk.registry.rights, tenant):
                raise NotPermitted(source, PullCursor.__name__)

    def _step(self) -> bool:
        """Take in one answer; say whether to go on."""
        before = self._cursor()
        at = self.desk.clock.now()
        context = PullContext(
            tenant=self.desk.tenant,
            cursor=before,
            limit=self.limit,
            at=at,
            simulated=self.desk.clock.simulated,
        )
        answer = self.desk.plugins.pull(self.source, context, self.desk.registry.messages)
        if not isinstance(answer, Pulled):
            self.taken = evolve(self.taken, why=answer.why)
            return False
        if not answer.items and answer.cursor == before:
            return False
        fates = self._whole(answer) if answer.whole else [self._one(item) for item in answer.items]
        self._settle(answer, fates)
        return self._recorded(answer, before, fates) and answer.more

    def _cursor(self) -> str:
        with self.session() as session:
            found = StoreLookup(session, self.desk.tenant).seek(PullCursor, self.source)
        return found.cursor if found is not None else ""

    # ------------------------------------------------------------------------------------------- items

    def _one(self, item: Item | Unreadable) -> Fate:
        """Do one item by itself; whatever is wrong with it stops no other."""
        fate = self._tried(
            item, lambda one: self.do(requested(one.command, self.source, self._key(one), one.effective_at))
        )
        if fate.what == "aside":
            self._put_aside(item, fate.reasons)
        return fate

    def _key(self, item: Item | Unreadable) -> str:
        return item_key(self.source, item.id)

    def _tried(self, item: Item | Unreadable, do: Callable[[Item], Decision[Any]]) -> Fate:
        if isinstance(item, Unreadable):
            return Fate(item, "aside", tuple(item.reasons))
        subject = _where(item)
        try:
            answer = do(item)
        except NotPermitted as error:
            denied = DENIED(subject, observed=error.actor, expected=error.right)
            return Fate(item, "aside", (denied,))
        except NotFound as error:
            missing = Words(f"{error.kind} {error.id}", error.id)
            return Fate(item, "aside", (UNKNOWN(subject, observed=missing),))
        except MalformedInput as error:
            return Fate(item, "aside", (unreadable(subject, error),))
        if answer.refused:
            return Fate(item, "aside", answer.reasons)
        if answer.held:
            return Fate(item, "held", answer.reasons)
        return Fate(item, "repeated" if answer.replayed else "done")

    def _put_aside(self, item: Item | Unreadable, reasons: Sequence[Reason]) -> None:
        command = item.command if isinstance(item, Item) else None
        payload = canonical(to_brief(command)) if command is not None else ""
        on = item.effective_at if isinstance(item, Item) else None
        said = reasons_text(reasons)
        aside = SetItemAside(
            id=self._key(item),
            source=self.source,
            item=item.id,
            place=item.place,
            command=type(command).__name__ if command is not None else "",
            subject=command.subject if command is not None else "",
            payload=payload,
            effective_on=on.isoformat() if on is not None else "",
            digest=hashlib.sha256((payload or said).encode()).hexdigest(),
            reasons=said,
        )
        self.do(Request(aside, SYSTEM))

    # ------------------------------------------------------------------------------- whole or not at all

    def _whole(self, answer: Pulled) -> list[Fate]:
        """Take in every item in one transaction, or set the document aside with what its rows gave."""
        for attempt in range(TRIES):
            fates: list[Fate] = []
            wait_before(attempt)
            try:
                with self.work(self.source) as block:
                    fates += (self._staged(block, item) for item in answer.items)
                    if any(fate.what in {"aside", "held"} for fate in fates):
                        raise NotWhole  # noqa: TRY301 - leaving the block by an exception stores nothing
            except NotWhole:
                return self._none_of(answer, fates)
            except Conflict:
                if attempt == TRIES - 1:
                    raise
            else:
                return fates
        raise AssertionError("the last attempt either answers or raises")

    def _staged(self, block: Block, item: Item | Unreadable) -> Fate:
        return self._tried(
            item, lambda one: block.do(one.command, key=self._key(one), effective_at=one.effective_at)
        )

    def _none_of(self, answer: Pulled, fates: Sequence[Fate]) -> list[Fate]:
        name = answer.document
        rows = len(answer.items)
        wrong = [(place, fate) for place, fate in enumerate(fates, 1) if fate.what in {"aside", "held"}]
        shown = [
            reason
            for place, fate in wrong[:SHOWN]
            for reason in (
                NOT_WHOLE(name, field=str(place), observed=_where(fate.item)),
                *fate.reasons[:SHOWN],
            )
        ]
        if any(isinstance(fate.item, Unreadable) and fate.item.rows > 1 for fate in fates):
            rows = sum(fate.item.rows for fate in fates if isinstance(fate.item, Unreadable))
        refused = Unreadable(id=name, reasons=tuple(shown), place=name, rows=max(rows, 1))
        self._put_aside(refused, shown)
        return [Fate(refused, "aside", tuple(shown))]

    # --------------------------------------------------------------------------------------- writing down

    def _settle(self, answer: Pulled, fates: Iterable[Fate]) -> None:
        """Close what stood in quarantine and came in now, or the document that came in whole."""
        good = {self._key(fate.item) for fate in fates if fate.what != "aside"}
        if answer.document and answer.finishes and not any(fate.what == "aside" for fate in fates):
            good.add(item_key(self.source, answer.document))
        for id in self._waiting(good):
            self.do(Request(SettleItem(id=id), SYSTEM))

    def _waiting(self, ids: Iterable[str]) -> list[str]:
        wanted = sorted(ids)
        if not wanted:
            return []
        with self.session() as session:
            read = StoreLookup(session, self.desk.tenant)
            found = read.find(QuarantinedItem, eq("source", self.source), is_in("state", WAITING))
        return sorted({item.id for item in found} & set(wanted))

    def _recorded(self, answer: Pulled, before: str, fates: Sequence[Fate]) -> bool:
        """Move the cursor and write the counts down; False if another process was faster."""
        counts = {what: _count(fates, what) for what in ("done", "repeated", "held", "aside")}
        pull = RecordPull(
            source=self.source,
            before=before,
            cursor=answer.cursor,
            document=answer.document,
            **counts,
            sums=_sums(fates),
            claimed=answer.totals,
            begins=answer.begins,
            finished=answer.finishes,
        )
        moved = self.do(Request(pull, SYSTEM))
        add = {what: getattr(self.taken, what) + number for what, number in counts.items()}
        self.taken = evolve(self.taken, **add, why="" if moved.allowed else moved.reasons[0].message)
        return moved.allowed

    # ------------------------------------------------------------------------------------------- quarantine

    def _retry(self) -> None:
        """Do what people marked in quarantine, as it was, under the key that it had."""
        with self.session() as session:
            read = StoreLookup(session, self.desk.tenant)
            marked = read.find(
                QuarantinedItem, eq("source", self.source), eq("state", AsideState.RETRY), order=("item",)
            )
        for each in marked:
            item = self._kept(each)
            if item is not None and self._one(item).what != "aside":
                self.do(Request(SettleItem(id=each.id), SYSTEM))
                self.taken = evolve(self.taken, retried=self.taken.retried + 1)

    def _kept(self, each: QuarantinedItem) -> Item | None:
        """An item as it was set aside; None, and it stays, if its command has changed since then."""
        kind = self.desk.registry.messages.get(each.command)
        try:
            command = from_plain(kind, loads(each.payload)) if kind is not None else None
        except MalformedInput:
            command = None
        if command is None:
            self.taken = evolve(self.taken, why=f"{each.item} is no {each.command} any more")
            return None
        on = date.fromisoformat(each.effective_on) if each.effective_on else None
        return Item(each.item, command, each.place, on)


def _not_whole(name: str, place: int, item: Item | Unreadable) -> Reason:
    return NOT_WHOLE(name, field=str(place), observed=_where(item))


def _where(item: Item | Unreadable) -> str:
    return item.place or item.id


def _count(fates: Iterable[Fate], what: str) -> int:
    return sum(_rows(fate.item) for fate in fates if fate.what == what)


def _rows(item: Item | Unreadable) -> int:
    return item.rows if isinstance(item, Unreadable) else 1


def _amounts(item: Item | Unreadable) -> Sequence[Money]:
    """The money of an item: of a command what it calls its amount, as receipts do."""
    if isinstance(item, Unreadable):
        return item.amounts
    amount = getattr(item.command, "amount", None)
    return (amount,) if type(amount) is Money else ()


def _sums(fates: Iterable[Fate]) -> tuple[Sum, ...]:
    found = []
    for fate in fates:
        for money in _amounts(fate.item):
            nothing = Money.zero(money.currency)
            held, aside = fate.what == "held", fate.what == "aside"
            taken = nothing if held or aside else money
            found.append(Sum(taken, money if held else nothing, money if aside else nothing))
    return added_up(found)
