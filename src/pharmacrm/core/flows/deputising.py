"""Who stands in is asked too (代理人通知): beside whoever sits at a step, their delegates."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from attrs import evolve, frozen

from pharmacrm.core.engines.approval.events import ApprovalAsked
from pharmacrm.core.engines.approval.routes.definition import Route
from pharmacrm.core.engines.approval.routes.delegations import Delegation, covers
from pharmacrm.core.engines.approval.routes.model import ApprovalRequest, ApprovalSeat, Errand
from pharmacrm.core.engines.approval.routes.planning import Document
from pharmacrm.core.engines.approval.routes.sitting import in_whose_name
from pharmacrm.core.flows.directory import StaffDirectory, people
from pharmacrm.core.kernel.change import Save
from pharmacrm.core.kernel.decision import Decision, accept, tell
from pharmacrm.core.kernel.domain import Domain
from pharmacrm.core.kernel.message import Reads
from pharmacrm.core.kernel.query import eq, ge, le


def in_force(read: Reads) -> list[Delegation]:
    """The delegations that are in force today, whoever gave them."""
    return read.find(
        Delegation, eq("revoked", value=False), le("valid_from", read.on), ge("valid_to", read.on)
    )


@frozen
class StandIn:
    """Somebody who could decide in the name of another today (代理人)."""

    person: str
    acting_for: str


def lent_for(route: Route, document: Document, directory: StaffDirectory) -> list[Delegation]:
    """The delegations of today under which somebody could decide a document on a route."""
    read = directory.read
    found = [
        one
        for one in in_force(read)
        if covers(one, kind=document.kind, amount=document.amount, on=read.on)
        and directory.active(one.delegate)
    ]
    if route.requester_may_decide:
        return found
    own = document.requester
    barred = {own, *(one.delegate for one in found if one.delegator == own)}
    return [one for one in found if one.delegator != own and one.delegate not in barred]


def stand_ins(persons: frozenset[str], lent: Iterable[Delegation]) -> tuple[StandIn, ...]:
    """Who stands in for these persons, and could not decide in their own name anyway."""
    pairs = {(one.delegate, one.delegator) for one in lent if one.delegator in persons}
    return tuple(StandIn(*pair) for pair in sorted(pairs) if pair[0] not in persons)


def deputies_asked(decision: Decision[Any], read: Reads) -> Decision[Any]:
    """Add one more `ApprovalAsked` for each delegate who could decide a step that has just opened."""
    asked = [event for event in decision.events if isinstance(event, ApprovalAsked)]
    lent = in_force(read) if asked else []
    if not lent:
        return decision
    saved = [change.entity for change in decision.changes if isinstance(change, Save)]
    told = [
        one
        for case in dict.fromkeys(event.case for event in asked)
        for one in _of_case([event for event in asked if event.case == case], saved, lent, read)
    ]
    return accept(decision.value, decision, tell(*told)) if told else decision


def _of_case(
    asked: Sequence[ApprovalAsked], saved: Sequence[object], lent: Sequence[Delegation], read: Reads
) -> Iterator[ApprovalAsked]:
    """The delegates of one request, for each step at which somebody is asked."""
    case = asked[0].case
    rows = {row.id: row for row in read.find(ApprovalSeat, eq("request", case))}
    rows |= {row.id: row for row in saved if isinstance(row, ApprovalSeat) and row.request == case}
    newest = [one for one in saved if isinstance(one, ApprovalRequest) and one.id == case]
    request = newest[-1] if newest else read.get(ApprovalRequest, case)
    lent = [one for one in lent if covers(one, kind=request.kind, amount=request.amount, on=read.on)]
    known = people(read, frozenset(id for one in lent for id in (one.delegator, one.delegate)), request.unit)
    lent = [one for one in lent if {one.delegator, one.delegate} <= known.keys()]
    for stage in dict.fromkeys(event.stage for event in asked):
        events = [event for event in asked if event.stage == stage]
        seats = _seats(rows.values(), events)
        for delegate in sorted({one.delegate for one in lent}):
            given = [known[one.delegator] for one in lent if one.delegate == delegate]
            name = in_whose_name(seats, known[delegate], given)
            if name:
                yield evolve(events[0], role="", unit="", person=delegate, acting_for=name)


def _seats(rows: Iterable[ApprovalSeat], asked: Iterable[ApprovalAsked]) -> tuple[ApprovalSeat, ...]:
    """The seats of a step whose holders are asked to decide."""
    wanted = {(event.stage, event.person, event.role, event.unit) for event in asked}
    return tuple(
        row
        for row in rows
        if row.errand is Errand.DECIDE and (row.step, row.person, row.role, row.unit) in wanted
    )


domain = Domain(name="deputising", completing=(deputies_asked,))
