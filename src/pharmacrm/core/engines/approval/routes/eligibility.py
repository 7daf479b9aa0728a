"""Who can decide a request now, in whose name, and why another person cannot."""

from collections.abc import Iterable, Iterator, Sequence

from attrs import frozen

from pharmacrm.core.engines.approval import reasons
from pharmacrm.core.engines.approval.model import CaseState
from pharmacrm.core.engines.approval.people import Person
from pharmacrm.core.engines.approval.routes.approvers import Seat
from pharmacrm.core.engines.approval.routes.definition import FollowUp, Route, Step, leaves
from pharmacrm.core.engines.approval.routes.model import ApprovalRequest, Effect
from pharmacrm.core.engines.approval.routes.progress import Progress
from pharmacrm.core.engines.approval.routes.tree import comes_before
from pharmacrm.core.kernel.reason import Reason, in_order
from pharmacrm.core.kernel.words import Words, listed
from pharmacrm.core.values.roles import role_name


@frozen
class Voice:
    """A person at a step, with their own authority or with that of somebody who delegated it to them."""

    person: Person
    acting_for: Person | None = None

    @property
    def authority(self) -> Person:
        """The person whose authority is used."""
        return self.acting_for or self.person

    @property
    def persons(self) -> frozenset[str]:
        """Everybody who would have had their say with this voice."""
        return frozenset({self.person.id, self.authority.id})


@frozen
class Chance:
    """A step at which a person could act, in whose name, and every reason why they cannot."""

    step: str
    voice: Voice
    reasons: tuple[Reason, ...] = ()


def chance(
    route: Route,
    request: ApprovalRequest,
    now: Progress,
    person: Person,
    deputies: Sequence[Person] = (),
    *,
    step: str | None = None,
    acting_for: str | None = None,
) -> Chance:
    """The best chance of a person to decide: an own seat first, then the seats of those who delegated.

    `deputies` are the people for whom this person stands in now, for such a document. Without `step` every
    waiting step is tried. If there is no way, the reasons are those of the way that lacks least; who sat at a
    step that others have closed, and sits at none that waits, is told so.
    """
    others = [one for one in deputies if route.requester_may_decide or one.id != request.requester]
    voices = [Voice(person), *(Voice(person, one) for one in others)]
    wanted = [voice for voice in voices if acting_for is None or voice.authority.id == acting_for]
    names = [one.name for one in now.waiting] if step is None else [step]
    tried = [
        Chance(name, voice, against(route, request, now, voice, name, deputies))
        for name in names or [""]
        for voice in wanted or [Voice(person)]
    ]
    if acting_for is not None and not wanted:
        stranger = reasons.NOT_DELEGATED(request.subject, field="acting_for", observed=acting_for)
        return Chance(tried[0].step, Voice(person), (stranger,))
    best = min(tried, key=lambda one: len(one.reasons))
    missed = _missed(now, wanted) if step is None else None
    return best if missed is None else _told_too_late(request, now, best, missed)


def against(
    route: Route,
    request: ApprovalRequest,
    now: Progress,
    voice: Voice,
    step: str,
    deputies: Iterable[Person] = (),
) -> tuple[Reason, ...]:
    """Give every reason why a voice cannot decide a step now; none: it can."""
    over = tuple(_over(request, now, step))
    if over:
        return over
    asked = now.step(step)
    found = [*barred(route, request, voice, deputies), *_spoken(route, request, now, voice, step)]
    if all(one.name != step for one in now.waiting):
        expected = listed(one.label for one in now.waiting)
        label = asked.label if asked else Words(step, step)
        found.append(reasons.NOT_YOUR_STAGE(request.subject, observed=label, expected=expected))
    if asked is not None and not any(one.code == reasons.ALREADY_DECIDED.code for one in found):
        found.extend(seatless(request, now, voice.authority, asked))
    return in_order(found)


def barred(
    route: Route, request: ApprovalRequest, voice: Voice, deputies: Iterable[Person] = ()
) -> Iterator[Reason]:
    """Whether somebody may have a say in this document at all: active, not the requester, not for them."""
    if not (voice.person.active and voice.authority.active):
        yield reasons.INACTIVE(request.subject)
    if route.requester_may_decide:
        return
    if request.requester in voice.persons:
        yield reasons.OWN_DOCUMENT(request.subject)
    elif any(one.id == request.requester for one in deputies):
        yield reasons.REQUESTERS_DELEGATE(request.subject, observed=request.requester)


def spoken_at(route: Route, now: Progress, step: str) -> frozenset[str]:
    """Everybody who had their say, in their own name or by another, where it stands against this step."""
    return frozenset(
        person
        for vote in (*now.votes, *now.followed)
        if route.one_signature_each or vote.step == step
        for person in (vote.person, vote.acting_for)
        if person
    )


def has_spoken(route: Route, now: Progress, persons: frozenset[str], step: str) -> str | None:
    """The step at which one of these persons has had their say, where that stands against another."""
    for vote in (*now.votes, *now.followed):
        if persons & {vote.person, vote.acting_for} and (route.one_signature_each or vote.step == step):
            return vote.step
    return None


def weight_of(now: Progress, authority: Person, step: str) -> int:
    """What somebody weighs at a step: the heaviest of their seats, 0 without one."""
    return max((seat.weight for seat in now.seats.get(step, ()) if seat.fits(authority)), default=0)


def _over(request: ApprovalRequest, now: Progress, step: str) -> Iterator[Reason]:
    done = step and step in (now.passed | now.failed)
    if now.state is CaseState.APPROVED or (now.state is CaseState.PENDING and done):
        label = next(
            (one.label for one in [now.step(step)] if one), Words(step or "approval", step or "审批")
        )
        yield reasons.ALREADY_DONE(request.subject, observed=label, expected=_closed(now, step))
    elif now.state is not CaseState.PENDING:
        yield reasons.CLOSED(request.subject, observed=now.state)


def _missed(now: Progress, voices: Iterable[Voice]) -> Step | None:
    """The last step at which one of these voices had a seat, and which others have closed or passed by."""
    given = tuple(voices)
    waiting = [one.name for one in now.waiting]
    behind = [
        one
        for one in leaves(now.tree)
        if one.name in now.passed | now.failed
        or (waiting and all(comes_before(now.tree, one.name, name) for name in waiting))
    ]
    return next((one for one in reversed(behind) if any(_sat(now, voice, one) for voice in given)), None)


def _sat(now: Progress, voice: Voice, step: Step) -> bool:
    authority = voice.authority
    return (step.name, authority.id) not in now.away and weight_of(now, authority, step.name) > 0


def _told_too_late(request: ApprovalRequest, now: Progress, found: Chance, missed: Step) -> Chance:
    """A chance that fails for want of a seat, with the step that is over in place of the seat."""
    left = [one for one in found.reasons if one.code != reasons.NOT_AN_APPROVER.code]
    if len(left) == len(found.reasons):
        return found
    late = reasons.ALREADY_DONE(request.subject, observed=missed.label, expected=_closed(now, missed.name))
    return Chance(missed.name, found.voice, in_order((*left, late)))


def _closed(now: Progress, step: str) -> Words:
    """Who closed a step and when; of one that was passed by, or of the whole, whoever decided last."""
    decisive = [vote for vote in now.votes if vote.effect is not Effect.NONE]
    own = [vote for vote in decisive if vote.step == step] or decisive
    if not own:
        return Words("nobody was asked", "无须审批")
    at = f"{own[-1].at:%Y-%m-%d %H:%M} UTC"
    return Words(f"{own[-1].person}, {at}", f"{own[-1].person}，{at}")


def _spoken(
    route: Route, request: ApprovalRequest, now: Progress, voice: Voice, step: str
) -> Iterator[Reason]:
    before = has_spoken(route, now, voice.persons, step)
    if before is not None:
        label = next((one.label for one in [now.step(before)] if one), route.label(before))
        yield reasons.ALREADY_DECIDED(request.subject, observed=label)


def role_of(now: Progress, authority: Person, step: str) -> str:
    """The role by which somebody sits at a step, the heaviest of their seats; "" where none is wanted."""
    fitting = [seat for seat in now.seats.get(step, ()) if seat.fits(authority)]
    return max(fitting, key=lambda seat: seat.weight).role if fitting else ""


def seatless(
    request: ApprovalRequest, now: Progress, authority: Person, step: Step | FollowUp
) -> Iterator[Reason]:
    """Say why somebody has no seat at a step: given away, or never theirs."""
    if (step.name, authority.id) in now.away:
        yield reasons.DELEGATED_AWAY(request.subject, field=step.name, named=step.label)
    elif not weight_of(now, authority, step.name):
        seats = now.seats.get(step.name, ())
        expected = listed(map(_sitter, seats))
        yield reasons.NOT_AN_APPROVER(
            request.subject,
            field=step.name,
            named=step.label,
            observed=", ".join(sorted(authority.roles)),
            expected=expected,
        )


def _sitter(seat: Seat) -> Words:
    """Who could sit on a seat, as a sentence names them."""
    if seat.person:
        return Words(seat.person, seat.person)
    role = role_name(seat.role)
    if not seat.unit:
        return role
    return Words(f"{role.en} of unit {seat.unit} or above", f"部门 {seat.unit} 或其上级部门的{role.zh}")


def path(now: Progress) -> tuple[str, ...]:
    """The steps that are still to be passed, in the order of the route; empty once it is over."""
    if not now.waiting:
        return ()
    return tuple(step.name for step in leaves(now.tree) if step.name not in now.passed | now.failed)
