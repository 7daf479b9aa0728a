"""Signatures under documents that follow an approval (出库单): one for each, by nobody who signed a step."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Annotated

from attrs import evolve, frozen

from pharmacrm.core.engines.approval import reasons
from pharmacrm.core.engines.approval.model import CaseState
from pharmacrm.core.engines.approval.people import Person
from pharmacrm.core.engines.approval.routes.definition import FollowUp
from pharmacrm.core.engines.approval.routes.eligibility import (
    Chance,
    Voice,
    barred,
    has_spoken,
    role_of,
    seatless,
)
from pharmacrm.core.engines.approval.routes.inspection import standing_against
from pharmacrm.core.engines.approval.routes.model import Action, ApprovalMove, ApprovalRequest
from pharmacrm.core.engines.approval.routes.moving import Case, done
from pharmacrm.core.kernel.dates import as_instant
from pharmacrm.core.kernel.decision import Decision, accept, refuse
from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.kernel.reason import Reason, in_order
from pharmacrm.core.kernel.record import Personal
from pharmacrm.core.kernel.strict import Limit, Ref, strict
from pharmacrm.core.kernel.words import Words, listed


@frozen(kw_only=True, field_transformer=strict)
class Signing:
    """A signature under a document that follows: which of the route's `after`, and under what.

    `content` is the digest of the document that follows, `seen` the one that was in view.
    """

    step: Annotated[str, Limit(48)]
    document: Ref
    content: Annotated[str, Limit(64)]
    seen: Annotated[str, Limit(64, empty=True)] = ""
    comment: Annotated[str, Limit(2_000, empty=True, multiline=True), Personal("approval trail")] = ""


def may_follow_up(
    case: Case, person: Person, deputies: Sequence[Person] = (), *, step: str, document: str = ""
) -> Chance:
    """Whether a person could sign such a document now: an own seat first, then those of who delegated.

    `document` is the one to be signed; without it any that is not signed yet is meant. `step` names one of
    the route's `after`.

    Raises:
        MalformedInput: the route has no such signature (`choice.unknown`).

    """
    wanted = _wanted(case, step)
    may_decide = case.route.requester_may_decide
    others = [one for one in deputies if may_decide or one.id != case.request.requester]
    voices = [Voice(person), *(Voice(person, one) for one in others)]
    tried = [
        Chance(step, voice, in_order(_against(case, wanted, voice, deputies, document))) for voice in voices
    ]
    return min(tried, key=lambda one: len(one.reasons))


def follow_up(
    case: Case, person: Person, signed: Signing, *, at: datetime, deputies: Sequence[Person] = ()
) -> Decision[ApprovalRequest]:
    """Sign a document that follows an approved one, or give every reason why not.

    Who signed such a document may sign the next one, never the same one twice, and nobody does who decided a
    step.
    """
    wanted = case.route.follow_up(signed.step)
    if wanted is None:
        return refuse(_no_such(case, signed.step))
    found = may_follow_up(case, person, deputies, step=signed.step, document=signed.document)
    wrong = [*found.reasons, *standing_against(signed.document, wanted, case.inspected)]
    if signed.seen not in {"", signed.content}:
        wrong.append(reasons.CONTENT_CHANGED(signed.document))
    voice = found.voice
    move = evolve(
        case.move(
            Action.SIGNED,
            by=person.id,
            at=as_instant(at),
            step=signed.step,
            acting_for=voice.acting_for.id if voice.acting_for else "",
            target=signed.document,
            comment=signed.comment,
        ),
        content=signed.content,
        meaning=wanted.says,
        role=role_of(case.now, voice.authority, signed.step),
        evidence=case.inspected.at(signed.step).evidence,
    )
    moved = done(case, move)
    return accept(moved.value, wrong, moved)


def counting(case: Case) -> tuple[ApprovalMove, ...]:
    """The signatures that count for the document as it is, in their order.

    The requester's own is the newest; what a change took back, and what stood under an earlier round, counts
    no more. Nothing counts of what was returned, withdrawn or made invalid.
    """
    now, request = case.now, case.request
    if request.state not in {CaseState.PENDING, CaseState.APPROVED, CaseState.REJECTED}:
        return now.followed
    own = [one for one in case.moves if one.action in HANDED_IN and one.round == request.round]
    return tuple(sorted((*own[-1:], *now.votes, *now.followed), key=lambda one: one.number))


HANDED_IN = frozenset({Action.SUBMITTED, Action.CHANGED})
"""What the requester signs: the document as it was handed in."""


def _no_such(case: Case, step: str) -> Reason:
    """The route wants no such signature after its approval; those that it wants are named."""
    known = [one.name for one in case.route.after]
    expected = listed(known) if known else Words("none", "无")
    return reasons.NOT_YOUR_STAGE(case.request.subject, field="step", observed=step, expected=expected)


def _wanted(case: Case, step: str) -> FollowUp:
    found = case.route.follow_up(step)
    if found is None:
        known = ", ".join(one.name for one in case.route.after) or "none"
        message = f"the route's signatures after approval: {known}"
        raise MalformedInput("choice.unknown", message, field="step", value=step)
    return found


def _against(
    case: Case, wanted: FollowUp, voice: Voice, deputies: Sequence[Person], document: str
) -> Iterator[Reason]:
    route, request, now = case.route, case.request, case.now
    yield from barred(route, request, voice, deputies)
    if request.state is not CaseState.APPROVED:
        yield reasons.NOT_APPROVED(request.subject, observed=request.state)
    others = evolve(now, followed=tuple(one for one in now.followed if one.step != wanted.name))
    before = has_spoken(route, others, voice.persons, wanted.name)
    twice = any(
        one.step == wanted.name and one.target == document and voice.persons & {one.person, one.acting_for}
        for one in now.followed
    )
    if before is not None or twice:
        yield reasons.ALREADY_DECIDED(request.subject, observed=route.label(before or wanted.name))
    else:
        yield from seatless(request, now, voice.authority, wanted)
