"""What waits for a person on routes, in their own name and for others, read off the seats alone.

Every sort of seat is one search by an index that gives the oldest first: those of a person, and those of
each of their roles, for everybody and for their units. A second, larger page of them is read only where what
stands first is not theirs to decide. So the number of reads depends on roles and delegations, never on what
waits.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from attrs import define, field, frozen

from pharmacrm.core.engines.approval import CaseState, Person
from pharmacrm.core.engines.approval.routes.delegations import Delegation, covers
from pharmacrm.core.engines.approval.routes.model import (
    ApprovalMove,
    ApprovalRequest,
    ApprovalSeat,
    Errand,
)
from pharmacrm.core.engines.approval.routes.sitting import in_whose_name
from pharmacrm.core.engines.holds import Hold, HoldState
from pharmacrm.core.flows.approvers import actor_everywhere, units_down
from pharmacrm.core.flows.cases import delegations_to
from pharmacrm.core.flows.standing import InboxItem, Waiting
from pharmacrm.core.kernel.message import Reads
from pharmacrm.core.kernel.query import Condition, eq, is_in, le, within
from pharmacrm.core.people import RoleAssignment, Staff

MOST_PAGES = 4
"""Pages of each sort of seats that one question reads at most."""
ROOM = 50
"""Seats that the first page reads beyond what is asked for."""


@frozen
class _Self:
    """The actor and those whom they stand in for, each with every unit whose documents they may decide."""

    person: Person
    others: Mapping[str, Person]
    delegations: Sequence[Delegation]

    @property
    def ids(self) -> list[str]:
        return sorted({self.person.id, *self.others})


@define
class _Sort:
    """Seats of one sort, oldest first, as far as they were read."""

    where: tuple[Condition, ...]
    last: ApprovalSeat | None = None
    more: bool = True

    def page(self, read: Reads, size: int) -> list[ApprovalSeat]:
        if not self.more:
            return []
        found = read.find(ApprovalSeat, *self.where, order=("since",), limit=size, after=self.last)
        self.more = len(found) == size
        self.last = found[-1] if found else self.last
        return found


@define
class _Found:
    """Seats by what they are about; those that are not settled yet, and what the settled ones give."""

    open: dict[tuple[str, str, Errand], list[ApprovalSeat]] = field(factory=dict)
    items: list[InboxItem] = field(factory=list)

    def add(self, seats: Iterable[ApprovalSeat]) -> None:
        for seat in seats:
            self.open.setdefault((seat.request, seat.step, seat.errand), []).append(seat)

    def settle(self, me: _Self, read: Reads, before: datetime | None) -> None:
        """Settle what began to wait before a moment: all of its seats have been read."""
        settled: list[InboxItem] = []
        for key, seats in sorted(self.open.items(), key=lambda one: (one[1][0].since, one[0])):
            if before is None or seats[0].since < before:
                settled.extend(_items(self.open.pop(key), me, read))
        held = _held(settled, read)
        self.items.extend(one for one in settled if one.subject not in held)


def requests_for(read: Reads, limit: int) -> Iterable[InboxItem]:
    """What the actor can do now about requests, longest waiting first."""
    me = _myself(read)
    sorts = [_Sort(where) for where in _sorts(me)]
    found = _Found()
    size = limit + ROOM
    for number in range(MOST_PAGES):
        for sort in sorts:
            found.add(sort.page(read, size))
        cut = [sort.last.since for sort in sorts if sort.more and sort.last]
        found.settle(me, read, min(cut, default=None))
        if len(found.items) >= limit or not cut:
            break
        size = limit + _room(read, me) if not number else size
    found.settle(me, read, None)
    return found.items


def _myself(read: Reads) -> _Self:
    """The actor, and those who have delegated to them, by a handful of reads."""
    delegations = delegations_to(read)
    ids = sorted({one.delegator for one in delegations})
    roles: dict[str, set[str]] = {}
    for held in read.find(RoleAssignment, is_in("staff", ids)) if ids else []:
        roles.setdefault(held.staff, set()).add(held.role)
    others = {
        one.id: Person(
            one.id, frozenset(roles.get(one.id, ())), units_down(read, one.unit), active=one.active
        )
        for one in (read.find(Staff, is_in("id", ids)) if ids else [])
    }
    return _Self(actor_everywhere(read), others, delegations)


def _sorts(me: _Self) -> Iterator[tuple[Condition, ...]]:
    """Every search for seats: the actor's own, and for each delegation those that it covers."""
    yield from _seats_of(me.person)
    for one in me.delegations:
        if one.delegator in me.others:
            kinds = (is_in("kind", one.kinds),) if one.kinds else ()
            amount = (le("amount", one.up_to),) if one.up_to else ()
            to_decide = eq("errand", Errand.DECIDE)
            for where in _seats_of(me.others[one.delegator]):
                yield (*where, to_decide, *kinds, *amount)


def _seats_of(person: Person) -> Iterator[tuple[Condition, ...]]:
    yield (eq("person", person.id),)
    for role in sorted(person.roles):
        yield eq("role", role), eq("unit", "")
        if person.units:
            yield eq("role", role), is_in("unit", sorted(person.units))


def _room(read: Reads, me: _Self) -> int:
    """How many documents may wait at their seats that are not theirs to decide: own, decided, held."""
    open_ones = eq("state", CaseState.PENDING)
    own = read.count(ApprovalRequest, is_in("requester", me.ids), open_ones)
    theirs = within(ApprovalRequest, "id", open_ones, on="request")
    said = sum(read.count(ApprovalMove, is_in(name, me.ids), theirs) for name in ("person", "acting_for"))
    return own + said + read.count(Hold, eq("state", HoldState.OPEN))


def _items(seats: Sequence[ApprovalSeat], me: _Self, read: Reads) -> Iterator[InboxItem]:
    """What somebody can do at a step, from all the seats there that may be theirs."""
    seat = seats[0]
    if seat.errand is Errand.ANSWER:
        yield _shown(seat, Waiting.QUESTION, "")
        return
    deputies = (
        me.others[one.delegator]
        for one in me.delegations
        if one.delegator in me.others and covers(one, kind=seat.kind, amount=seat.amount, on=read.on)
    )
    name = in_whose_name(seats, me.person, deputies)
    if name is not None:
        yield _shown(seat, Waiting.APPROVAL, name)


def _held(items: Iterable[InboxItem], read: Reads) -> frozenset[str]:
    """The documents that wait for a hold to be passed: nobody can approve them yet."""
    subjects = sorted({one.subject for one in items if one.waiting is Waiting.APPROVAL})
    if not subjects:
        return frozenset()
    holds = read.find(Hold, eq("state", HoldState.OPEN), is_in("subject", subjects))
    return frozenset(hold.subject for hold in holds)


def _shown(seat: ApprovalSeat, waiting: Waiting, acting_for: str) -> InboxItem:
    return InboxItem(
        waiting=waiting,
        subject=seat.subject,
        kind=seat.kind,
        step=seat.step,
        label_zh=seat.label_zh,
        id=seat.request,
        requester=seat.requester,
        since=seat.since,
        content=seat.content,
        acting_for=acting_for,
    )
