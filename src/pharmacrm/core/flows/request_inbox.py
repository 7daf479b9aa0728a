"""What waits for a person on routes, in their own name and for others; where a requested document stands."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from attrs import evolve, frozen

from pharmacrm.core.engines.approval import CaseState, Eligibility, Person
from pharmacrm.core.engines.approval.routes.delegations import Delegation, covers
from pharmacrm.core.engines.approval.routes.eligibility import Chance, chance, path
from pharmacrm.core.engines.approval.routes.model import (
    ApprovalMove,
    ApprovalRequest,
    ApprovalRoute,
    ApprovalSeat,
    Errand,
)
from pharmacrm.core.engines.approval.routes.moving import Case
from pharmacrm.core.flows.approvers import actor_everywhere, units_down
from pharmacrm.core.flows.cases import case_of, delegations_to, read_case
from pharmacrm.core.flows.directory import crowd_of, people
from pharmacrm.core.flows.routing import parsed
from pharmacrm.core.flows.standing import InboxItem, Standing, Waiting
from pharmacrm.core.kernel.message import Reads
from pharmacrm.core.kernel.query import Condition, eq, ge, is_in, le, within
from pharmacrm.core.people import RoleAssignment, Staff

MOST_PAGES = 5
"""Pages of seats that one question reads at most, so that its reads do not grow with what waits."""


@frozen
class _Self:
    """The actor and those whom they stand in for, each with every unit whose documents they may decide."""

    person: Person
    others: Mapping[str, Person]
    delegations: Sequence[Delegation]


def requests_for(read: Reads, limit: int) -> Iterator[InboxItem]:
    """What the actor can do now about requests, longest waiting first: a bounded number of reads."""
    me = _myself(read)
    found = 0
    for page in _pages(read, me, limit):
        cases = _cases(read, {seat.request for seat in page})
        done: set[tuple[str, str]] = set()
        for seat in page:
            item = _item(seat, cases[seat.request], me, read) if seat.request in cases else None
            if item is not None and (item.id, item.step) not in done:
                done.add((item.id, item.step))
                found += 1
                yield item
        if found >= limit:
            return


def requested(read: Reads, document: str) -> bool:
    """Whether a document was ever handed in on a route."""
    return bool(read.find(ApprovalRequest, eq("subject", document), limit=1))


def standing_of_request(read: Reads, document: str, asked: str | None) -> Standing:
    """Where a document stands, who can act on it now, and every reason why another person cannot."""
    case = read_case(read, document)
    request, now = case.request, case.now
    if asked is not None:
        read.get(Staff, asked)
    persons = tuple(_chances(case, read, asked))
    return Standing(
        subject=request.subject,
        case=request.id,
        state=request.state,
        stage=",".join(step.name for step in now.waiting),
        requester=request.requester,
        path=path(now),
        persons=tuple(Eligibility(one.voice.person.id, one.step, one.reasons) for one in persons),
    )


def _chances(case: Case, read: Reads, asked: str | None) -> Iterator[Chance]:
    """The named person, or everybody who sits at a waiting step and whoever stands in for them."""
    now, request = case.now, case.request
    seats = tuple(seat for step in now.waiting for seat in now.seats.get(step.name, ()))
    crowd = crowd_of(read, seats, request.unit) if asked is None else {}
    mine = is_in("delegator", sorted(crowd)) if asked is None else eq("delegate", asked)
    given = read.find(Delegation, mine, *_in_force(read)) if crowd or asked else []
    covered = [one for one in given if covers(one, kind=request.kind, amount=request.amount, on=read.on)]
    ids = frozenset({one.delegate for one in covered} | {one.delegator for one in covered} | set(crowd))
    everybody = people(read, ids | ({asked} if asked else frozenset()), request.unit)
    for id in [asked] if asked is not None else sorted({*crowd, *(one.delegate for one in covered)}):
        deputies = [everybody[one.delegator] for one in covered if one.delegate == id]
        if asked is not None:
            yield chance(case.route, request, now, everybody[id], deputies)
            continue
        for step in now.waiting:
            one = chance(case.route, request, now, everybody[id], deputies, step=step.name)
            if not one.reasons or any(seat.fits(everybody[id]) for seat in now.seats.get(step.name, ())):
                yield one


def _in_force(read: Reads) -> tuple[Condition, ...]:
    return eq("revoked", value=False), le("valid_from", read.on), ge("valid_to", read.on)


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


def _pages(read: Reads, me: _Self, limit: int) -> Iterator[list[ApprovalSeat]]:
    """Seats on which the actor may sit, oldest first, at most so many pages of each sort.

    A page leaves room for what waits at their seats and is not theirs to decide: own documents, and those in
    which they had their say already.
    """
    everybody = [me.person, *me.others.values()]
    ids = sorted(one.id for one in everybody)
    open_ones = eq("state", CaseState.PENDING)
    own = read.count(ApprovalRequest, is_in("requester", ids), open_ones)
    said = read.count(
        ApprovalMove, is_in("person", ids), within(ApprovalRequest, "id", open_ones, on="request")
    )
    size = limit + own + said
    roles = sorted({role for one in everybody for role in one.roles})
    units = sorted({"", *(unit for one in everybody for unit in one.units)})
    sorts = [
        (is_in("person", ids),),
        *([(is_in("role", roles), is_in("unit", units))] if roles else []),
    ]
    last: list[ApprovalSeat | None] = [None] * len(sorts)
    for _ in range(MOST_PAGES):
        page: list[ApprovalSeat] = []
        for place, where in enumerate(sorts):
            if where is not None:
                got = read.find(ApprovalSeat, *where, order=("since",), limit=size, after=last[place])
                last[place] = got[-1] if got else last[place]
                page.extend(got)
        if not page:
            return
        yield sorted(page, key=lambda seat: (seat.since, seat.id))


def _cases(read: Reads, ids: Iterable[str]) -> dict[str, Case]:
    """These requests with all that their decisions need, read together."""
    wanted = sorted(ids)
    requests = read.find(ApprovalRequest, is_in("id", wanted))
    moves: dict[str, list[ApprovalMove]] = {id: [] for id in wanted}
    for move in read.find(ApprovalMove, is_in("request", wanted), order=("number",)):
        moves[move.request].append(move)
    routes = {
        one.id: parsed(one.text)
        for one in read.find(ApprovalRoute, is_in("id", sorted({one.route for one in requests})))
    }
    return {one.id: case_of(one, moves[one.id], routes[one.route], read) for one in requests}


def _item(seat: ApprovalSeat, case: Case, me: _Self, read: Reads) -> InboxItem | None:
    request = case.request
    if seat.errand is Errand.ANSWER:
        if seat.person != me.person.id:
            return None
        return _shown(seat, case, Waiting.QUESTION, seat.since, "")
    deputies = [
        _within(me.others[one.delegator], request)
        for one in me.delegations
        if one.delegator in me.others and covers(one, kind=request.kind, amount=request.amount, on=read.on)
    ]
    found = chance(case.route, request, case.now, _within(me.person, request), deputies, step=seat.step)
    if found.reasons:
        return None
    name = found.voice.acting_for.id if found.voice.acting_for else ""
    return _shown(seat, case, Waiting.REQUEST, seat.since, name)


def _within(person: Person, request: ApprovalRequest) -> Person:
    """A person with only the unit of the document, if it is one of theirs."""
    return evolve(person, units=person.units & {request.unit}) if request.unit else person


def _shown(seat: ApprovalSeat, case: Case, waiting: Waiting, since: datetime, name: str) -> InboxItem:
    step = case.now.step(seat.step)
    return InboxItem(
        waiting=waiting,
        subject=case.request.subject,
        step=seat.step,
        label_zh=step.label_zh if step else seat.step,
        id=case.request.id,
        requester=case.request.requester,
        since=since,
        content=case.request.content,
        acting_for=name,
    )
