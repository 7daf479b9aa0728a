"""Where a document on a route stands: who can act on it now, and every reason why another person cannot."""

from collections.abc import Iterator

from pharmacrm.core.engines.approval import Eligibility
from pharmacrm.core.engines.approval.routes.delegations import Delegation, covers
from pharmacrm.core.engines.approval.routes.eligibility import Chance, chance, path
from pharmacrm.core.engines.approval.routes.model import ApprovalRequest
from pharmacrm.core.engines.approval.routes.moving import Case
from pharmacrm.core.flows.cases import read_case
from pharmacrm.core.flows.directory import crowd_of, people
from pharmacrm.core.flows.standing import Standing
from pharmacrm.core.kernel.message import Reads
from pharmacrm.core.kernel.query import Condition, eq, ge, is_in, le
from pharmacrm.core.people import Staff


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
