"""A request on a route as the store has it: the case, what the actor may say of it, and who stands in."""

from collections.abc import Sequence
from functools import partial

from pharmacrm.core.engines.approval import Person
from pharmacrm.core.engines.approval.routes.approvers import Named
from pharmacrm.core.engines.approval.routes.deciding import (
    ACTIONS,
    COUNTED,
    PASSING,
    Act,
    Statement,
    decide,
    wants_crowd,
)
from pharmacrm.core.engines.approval.routes.definition import Route
from pharmacrm.core.engines.approval.routes.delegations import Delegation, covers
from pharmacrm.core.engines.approval.routes.hours import WorkingTime
from pharmacrm.core.engines.approval.routes.model import ApprovalMove, ApprovalRequest, ApprovalSeat
from pharmacrm.core.engines.approval.routes.moving import Case
from pharmacrm.core.engines.approval.routes.planning import Document
from pharmacrm.core.engines.approval.routes.signing import Signable, signable
from pharmacrm.core.flows.directory import actor_in, crowd_of, people
from pharmacrm.core.flows.inspecting import inspected
from pharmacrm.core.flows.routing import route_of
from pharmacrm.core.flows.signing import signed
from pharmacrm.core.kernel.decision import Decision
from pharmacrm.core.kernel.errors import NotFound
from pharmacrm.core.kernel.message import Reads
from pharmacrm.core.kernel.query import eq, ge, le


def said_of(case: Case, said: Statement, read: Reads) -> Decision[ApprovalRequest]:
    """The engine's answer to what the actor says of a request, with what the machine finds before a vote."""
    if said.act in COUNTED:
        case = inspected(case, read, said.step, passing=said.act in PASSING)
    request, now = case.request, case.now
    wanted = [one for one in now.waiting if said.step in {"", one.name} and wants_crowd(one, said.act)]
    seats = tuple(seat for one in wanted for seat in now.seats.get(one.name, ()))
    personal = said.act in {Act.ASK, Act.FORWARD, Act.ADD_BEFORE, Act.ADD_AFTER} and said.target
    target = people(read, frozenset({said.target}), request.unit) if personal else {}
    actor, deputies = actor_in(read, request.unit), stands_in_for(read, request)
    answer = partial(
        decide,
        case,
        actor,
        said,
        at=read.at,
        deputies=deputies,
        crowd=crowd_of(read, seats, request.unit),
        target=target.get(said.target),
    )
    return signed(answer, partial(signable_by, case, said, actor, deputies), said.signature, read)


def signable_by(case: Case, said: Statement, actor: Person, deputies: Sequence[Person]) -> Signable:
    """What somebody would sign by what they say."""
    return signable(
        case, actor, ACTIONS[said.act], step=said.step, acting_for=said.acting_for, deputies=deputies
    )


def read_case(read: Reads, document: str, *, kind: str = "") -> Case:
    """A document's newest request with its route and all that happened to it; of a kind, if one is given."""
    of_kind = (eq("kind", kind),) if kind else ()
    found = read.find(ApprovalRequest, eq("subject", document), *of_kind, order=("-number",), limit=1)
    if not found:
        raise NotFound("approval_request", document)
    moves = read.find(ApprovalMove, eq("request", found[0].id), order=("number",))
    read.find(ApprovalSeat, eq("request", found[0].id))  # what is stored of them, before they move
    return case_of(found[0], moves, route_of(found[0], read), read)


def case_of(request: ApprovalRequest, moves: Sequence[ApprovalMove], route: Route, read: Reads) -> Case:
    """A request with what was read of it."""
    return Case(route=route, request=request, moves=moves, work=working_time(read))


def working_time(read: Reads) -> WorkingTime:
    """When people of the tenant work."""
    return WorkingTime(read.calendar(), read.tenant.tz, read.tenant.hours)


def stands_in_for(read: Reads, request: ApprovalRequest) -> tuple[Person, ...]:
    """The people for whom the actor stands in today, for such a document."""
    ids = [
        one.delegator
        for one in delegations_to(read)
        if covers(one, kind=request.kind, amount=request.amount, on=read.on)
    ]
    found = people(read, frozenset(ids), request.unit)
    return tuple(found[id] for id in sorted(found))


def delegations_to(read: Reads) -> list[Delegation]:
    """The delegations to the actor that are in force today."""
    return read.find(
        Delegation,
        eq("delegate", read.actor),
        eq("revoked", value=False),
        le("valid_from", read.on),
        ge("valid_to", read.on),
    )


def stored_document(request: ApprovalRequest, named: Named) -> Document:
    """The document as it was handed in last; people for its `plugin` sources are named anew."""
    return Document(
        subject=request.subject,
        kind=request.kind,
        requester=request.requester,
        unit=request.unit,
        amount=request.amount,
        content=request.content,
        fields={one.name: one.value for one in request.fields},
        named=named,
    )
