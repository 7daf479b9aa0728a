"""Whether somebody can decide from a seat: what `chance` says of a request, read off its seats alone."""

from collections.abc import Iterable, Sequence

from pharmacrm.core.engines.approval.people import Person
from pharmacrm.core.engines.approval.routes.approvers import Seat
from pharmacrm.core.engines.approval.routes.model import ApprovalSeat


def in_whose_name(seats: Sequence[ApprovalSeat], person: Person, deputies: Iterable[Person]) -> str | None:
    """In whose name a person can decide a step that waits, from all its seats: '' is their own, None none.

    `deputies` are those for whom they stand in today, for such a document. Law: it is what `chance` finds.
    """
    others = tuple(deputies)
    if not person.active or not seats or _is_requesters(seats[0], person, others):
        return None
    if _sits(seats, person, person):
        return ""
    return next((one.id for one in others if _sits(seats, person, one)), None)


def _is_requesters(seat: ApprovalSeat, person: Person, deputies: tuple[Person, ...]) -> bool:
    """Whether the document is their own, or that of somebody for whom they stand in."""
    return not seat.requester_may_decide and seat.requester in {person.id, *(one.id for one in deputies)}


def _sits(seats: Sequence[ApprovalSeat], person: Person, authority: Person) -> bool:
    """Whether one of the seats is free for a person with this authority, and neither had their say."""
    if not authority.active or {person.id, authority.id} & {*seats[0].spoken}:
        return False
    return any(
        Seat(person=one.person, role=one.role, unit=one.unit).fits(authority) and authority.id not in one.away
        for one in seats
    )
