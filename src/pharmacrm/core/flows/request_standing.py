"""Where a document stands on its route: who can act on it now, and every reason why another person cannot."""

from collections.abc import Iterable, Iterator

from pharmacrm.core.engines.approval import CaseState, Eligibility, Person
from pharmacrm.core.engines.approval.routes.approvers import Seat
from pharmacrm.core.engines.approval.routes.delegations import Delegation, covers
from pharmacrm.core.engines.approval.routes.eligibility import Chance, chance, path
from pharmacrm.core.engines.approval.routes.following import may_follow_up
from pharmacrm.core.engines.approval.routes.moving import Case
from pharmacrm.core.engines.holds import Hold, HoldState, may_pass
from pharmacrm.core.flows.cases import read_case
from pharmacrm.core.flows.directory import people
from pharmacrm.core.flows.standing import OpenHold, Standing
from pharmacrm.core.kernel.message import Reads
from pharmacrm.core.kernel.query import Condition, eq, ge, is_in, le
from pharmacrm.core.people import RoleAssignment, Staff


def standing_of_request(read: Reads, document: str, asked: str | None) -> Standing:
    """Where a document stands, who can act on it now, and every reason why another person cannot.

    Once it is approved, it is said who can sign what follows.
    """
    case = read_case(read, document)
    request, now = case.request, case.now
    if asked is not None:
        read.get(Staff, asked)
    holds = read.find(Hold, eq("subject", document), eq("state", HoldState.OPEN), order=("code",))
    return Standing(
        subject=request.subject,
        case=request.id,
        state=request.state,
        stage=",".join(step.name for step in now.waiting),
        requester=request.requester,
        path=path(now),
        persons=tuple(
            Eligibility(one.voice.person.id, one.step, one.reasons) for one in _chances(case, read, asked)
        ),
        holds=tuple(_open_hold(read, case, hold, asked) for hold in holds),
    )


def _chances(case: Case, read: Reads, asked: str | None) -> Iterator[Chance]:
    """The named person, or everybody who holds a seat that is waited for, and whoever stands in for them."""
    request, names = case.request, _waited_for(case)
    seats = {name: case.now.seats.get(name, ()) for name in names}
    crowd = _holders(read, [seat for given in seats.values() for seat in given]) if asked is None else set()
    mine = is_in("delegator", sorted(crowd)) if asked is None else eq("delegate", asked)
    given = read.find(Delegation, mine, *_in_force(read)) if crowd or asked else []
    covered = [one for one in given if covers(one, kind=request.kind, amount=request.amount, on=read.on)]
    ids = frozenset({one.delegate for one in covered} | {one.delegator for one in covered} | crowd)
    everybody = people(read, ids | ({asked} if asked else frozenset()), request.unit)
    for id in [asked] if asked is not None else sorted({*crowd, *(one.delegate for one in covered)}):
        deputies = [everybody[one.delegator] for one in covered if one.delegate == id]
        if asked is not None and request.state is not CaseState.APPROVED:
            yield _chance(case, everybody[id], deputies, None)
            continue
        for name in names or ([""] if asked is not None else []):
            one = _chance(case, everybody[id], deputies, name)
            if asked is not None or not one.reasons or _concerned(everybody[id], seats[name]):
                yield one


def _chance(case: Case, person: Person, deputies: list[Person], name: str | None) -> Chance:
    if name and case.request.state is CaseState.APPROVED:
        return may_follow_up(case, person, deputies, step=name)
    return chance(case.route, case.request, case.now, person, deputies, step=name or None)


def _waited_for(case: Case) -> list[str]:
    """The steps that wait; once the document is approved, what is signed under those that follow."""
    if case.request.state is CaseState.APPROVED:
        return [one.name for one in case.route.after]
    return [step.name for step in case.now.waiting]


def _concerned(person: Person, seats: Iterable[Seat]) -> bool:
    """Whether a seat names somebody, or a role of theirs, in whatever unit and however long they are gone."""
    return any(person.id == seat.person or (seat.role and seat.role in person.roles) for seat in seats)


def _holders(read: Reads, seats: Iterable[Seat]) -> set[str]:
    """Everybody whom one of these seats could mean, active or not, of any unit."""
    given = list(seats)
    roles = sorted({seat.role for seat in given if seat.role})
    held = read.find(RoleAssignment, is_in("role", roles)) if roles else []
    return {seat.person for seat in given if seat.person} | {one.staff for one in held}


def _in_force(read: Reads) -> tuple[Condition, ...]:
    return eq("revoked", value=False), le("valid_from", read.on), ge("valid_to", read.on)


def _open_hold(read: Reads, case: Case, hold: Hold, asked: str | None) -> OpenHold:
    wanted = {asked} if asked is not None else _holders(read, [Seat(role=hold.may_pass)])
    everybody = people(read, frozenset(wanted), case.request.unit)
    persons = tuple(Eligibility(id, hold.code, may_pass(hold, everybody[id])) for id in sorted(everybody))
    return OpenHold(code=hold.code, may_pass=hold.may_pass, persons=persons)
