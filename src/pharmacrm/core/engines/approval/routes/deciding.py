"""What an approver can say: approve, reject, abstain, return, ask, forward, add somebody."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Annotated

from attrs import evolve, field, frozen

from pharmacrm.core.engines.approval import reasons
from pharmacrm.core.engines.approval.definition import Meaning
from pharmacrm.core.engines.approval.model import CaseState
from pharmacrm.core.engines.approval.people import Person
from pharmacrm.core.engines.approval.routes.counting import Count, counted
from pharmacrm.core.engines.approval.routes.definition import OnReject, Refusal, Step, leaves
from pharmacrm.core.engines.approval.routes.eligibility import (
    Chance,
    Voice,
    barred,
    chance,
    has_spoken,
    role_of,
    weight_of,
)
from pharmacrm.core.engines.approval.routes.inspection import (
    altered,
    standing_against,
)
from pharmacrm.core.engines.approval.routes.model import (
    Action,
    ApprovalMove,
    ApprovalRequest,
    Attachment,
    Effect,
)
from pharmacrm.core.engines.approval.routes.moving import Case, done
from pharmacrm.core.engines.approval.routes.progress import REQUESTER, Progress
from pharmacrm.core.engines.approval.routes.quorum import by_share
from pharmacrm.core.engines.approval.routes.signing import Proof, meaning_of, text_of
from pharmacrm.core.engines.approval.routes.tree import comes_before, from_step
from pharmacrm.core.kernel.dates import as_instant
from pharmacrm.core.kernel.decision import Decision, accept, refuse
from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.kernel.reason import Reason, Severity
from pharmacrm.core.kernel.record import Personal
from pharmacrm.core.kernel.signing import Signature
from pharmacrm.core.kernel.strict import Limit, OptionalId, strict


class Act(StrEnum):
    """What an approver says of the step that waits for them."""

    APPROVE = "approve"
    REJECT = "reject"
    ABSTAIN = "abstain"
    RETURN = "return"
    ASK = "ask"
    ANSWER = "answer"
    FORWARD = "forward"
    ADD_BEFORE = "add_before"
    ADD_AFTER = "add_after"


ACTIONS = {
    Act.APPROVE: Action.APPROVED,
    Act.REJECT: Action.REJECTED,
    Act.ABSTAIN: Action.ABSTAINED,
    Act.RETURN: Action.RETURNED,
    Act.ASK: Action.ASKED,
    Act.ANSWER: Action.ANSWERED,
    Act.FORWARD: Action.FORWARDED,
    Act.ADD_BEFORE: Action.ADDED_BEFORE,
    Act.ADD_AFTER: Action.ADDED_AFTER,
}
COUNTED = frozenset({Act.APPROVE, Act.REJECT, Act.ABSTAIN})
PASSING = frozenset({Act.APPROVE, Act.ABSTAIN})
"""Votes by which a step may pass: nobody gives one against a hold, or against what a check found."""
MOST_ATTACHMENTS = 20
"""Papers that one statement may bring."""
COMMENTED = frozenset({Act.REJECT, Act.RETURN, Act.ASK, Act.ANSWER})
"""Acts that want a comment: a reason, a question, an answer."""


@frozen(kw_only=True, field_transformer=strict)
class Statement:
    """What an approver says, about which step and content, and to or about whom.

    Without `step` the first is meant at which the person can act. `seen` is the digest of what was in view.
    `target` is who is asked, forwarded to or added, or the earlier step returned to ("": the requester).
    `signature` is the proof of an electronic signature, where the vote is signed.
    """

    act: Act
    step: Annotated[str, Limit(64, empty=True)] = ""
    acting_for: OptionalId = ""
    seen: Annotated[str, Limit(64, empty=True)] = ""
    target: Annotated[str, Limit(64, empty=True)] = ""
    comment: Annotated[str, Limit(2_000, empty=True, multiline=True), Personal("approval trail")] = ""
    attachments: tuple[Attachment, ...] = ()
    signature: Proof = field(default="", repr=False)

    def __attrs_post_init__(self) -> None:
        """Refuse more papers than anybody looks at (`list.length`)."""
        if len(self.attachments) > MOST_ATTACHMENTS:
            message = f"at most {MOST_ATTACHMENTS} attachments are kept"
            raise MalformedInput("list.length", message, field="attachments", value=len(self.attachments))


Crowd = Mapping[str, Person]
"""Everybody who may be on the seats of a step now, by id."""


def wants_crowd(step: Step, act: Act) -> bool:
    """Whether a vote can only be counted by somebody who knows everybody that could decide the step."""
    counted_refusal = act is Act.REJECT and step.refusal is Refusal.OUT_OF_REACH
    return act in COUNTED and (by_share(step.quorum) or act is Act.ABSTAIN or counted_refusal)


def decide(
    case: Case,
    person: Person,
    said: Statement,
    *,
    at: datetime,
    deputies: Sequence[Person] = (),
    crowd: Crowd = {},  # noqa: B006 - never written to
    target: Person | None = None,
    signature: Signature | None = None,
) -> Decision[ApprovalRequest]:
    """Take what a person says about a request, or give every reason why not.

    `deputies` are those whom this person stands in for, `crowd` everybody who could decide the step (wanted
    by shares, abstentions and refusals that count), `target` the person whom the statement names, if known.
    `signature` is what was confirmed of the proof that the statement brings; without it the vote of a step
    that wants one, and a vote with a proof, is `approval.signature_wanted`.
    """
    at = as_instant(at)
    if said.act is Act.ANSWER:
        return _answer(case, person, said, at)
    now = case.now
    found = chance(
        case.route,
        case.request,
        now,
        person,
        deputies,
        step=said.step or None,
        acting_for=said.acting_for or None,
    )
    wrong = [*found.reasons, *_about(case.request, said)]
    step = now.step(found.step)
    if said.act in COUNTED:
        wrong.extend(altered(case.request, case.inspected))
    if said.act in PASSING and step is not None:
        wrong.extend(standing_against(case.request.subject, step, case.inspected))
    if found.reasons or step is None:
        return refuse(*wrong)
    if said.act in COUNTED:
        return _vote(case, step, found, said, crowd, at, wrong, signature)
    wrong.extend(_of_target(case, now, step, found, said, target))
    returned = said.act is Act.RETURN
    move = case.move(
        ACTIONS[said.act],
        by=person.id,
        at=at,
        step=step.name,
        acting_for=_for(found.voice),
        target=said.target or (REQUESTER if returned else ""),
        comment=said.comment,
        void=from_step(now.tree, said.target) if returned and said.target else (),
    )
    moved = done(case, evolve(move, attachments=said.attachments))
    return accept(moved.value, wrong, moved)


def override(
    case: Case,
    person: Person,
    *,
    step: str,
    comment: str,
    at: datetime,
    deputies: Sequence[Person] = (),
) -> Decision[ApprovalRequest]:
    """Pass a waiting step without its approvers (破例): neither the requester nor a signer may.

    What blocks a vote blocks this too: the approvers are left out, the checks and holds are not. Nor is a
    signature: a step that wants one is passed by nobody without it.
    """
    now, request = case.now, case.request
    voice = Voice(person)
    found: list[Reason] = []
    if now.state is not CaseState.PENDING:
        found.append(reasons.CLOSED(request.subject, observed=now.state))
    elif all(one.name != step for one in now.waiting):
        found.append(
            reasons.NOT_YOUR_STAGE(
                request.subject, observed=step, expected=", ".join(one.name for one in now.waiting)
            )
        )
    found.extend(barred(case.route, request, voice, deputies))
    before = has_spoken(case.route, now, voice.persons, step)
    if before is not None:
        found.append(reasons.ALREADY_DECIDED(request.subject, observed=before))
    if not comment:
        found.append(reasons.MOVE_REASON(request.subject, field="comment"))
    found.extend(altered(request, case.inspected))
    known = now.step(step)
    if known is not None:
        found.extend(standing_against(request.subject, known, case.inspected))
        if known.signature:
            found.append(reasons.SIGNATURE_WANTED(request.subject, field=step, named=known.label))
    move = case.move(Action.OVERRIDDEN, by=person.id, at=as_instant(at), step=step, comment=comment)
    if any(one.severity is Severity.BLOCK for one in found):
        return refuse(*found)
    meaning = Meaning(f"step {step} overridden", f"环节 {step} 破例通过")
    shown = case.inspected.at(step).evidence
    moved = done(case, evolve(move, effect=Effect.PASSED, meaning=meaning, evidence=shown))
    return accept(moved.value, found, moved)


def _vote(
    case: Case,
    step: Step,
    found: Chance,
    said: Statement,
    crowd: Crowd,
    at: datetime,
    wrong: Sequence[Reason],
    signature: Signature | None,
) -> Decision[ApprovalRequest]:
    action, now = ACTIONS[said.act], case.now
    wrong = [*wrong, *_unsigned(case.request, step, said, found.voice, signature)]
    count = counted(now, step, action, found.voice, _weights(case, now, step, crowd))
    if count.hopeless:
        return refuse(*wrong, reasons.LAST_VOICE(case.request.subject, field=step.name, named=step.label))
    effect, target, void = _led(now, step, count)
    move = case.move(
        action,
        by=found.voice.person.id,
        at=at,
        step=step.name,
        acting_for=_for(found.voice),
        target=target,
        comment=said.comment,
        void=void,
    )
    counted_move = evolve(
        move,
        effect=effect,
        meaning=meaning_of(step, action),
        weight=count.weight,
        needed=count.needed,
        role=role_of(now, found.voice.authority, step.name),
        evidence=case.inspected.at(step.name).evidence if said.act in PASSING else (),
        attachments=said.attachments,
        signature=signature,
    )
    moved = done(case, counted_move)
    return accept(moved.value, wrong, moved)


def _unsigned(
    request: ApprovalRequest, step: Step, said: Statement, voice: Voice, signature: Signature | None
) -> Iterator[Reason]:
    """Whether a signature is wanted and not there, or is one of another text."""
    if not (step.signature or said.signature):
        return
    if signature is None or signature.text != text_of(request, step, ACTIONS[said.act], voice):
        yield reasons.SIGNATURE_WANTED(request.subject, field=step.name, named=step.label)


def _led(now: Progress, step: Step, count: Count) -> tuple[Effect, str, tuple[str, ...]]:
    """Where a vote leads: its effect, to whom the request returns, and which steps begin anew."""
    if count.effect is not Effect.FAILED:
        return count.effect, "", ()
    if step.back_to and now.step(step.back_to) is not None:
        return Effect.NONE, step.back_to, from_step(now.tree, step.back_to)
    match step.on_reject:
        case OnReject.RESTART:
            return Effect.NONE, "", tuple(one.name for one in leaves(now.tree))
        case OnReject.REQUESTER:
            return Effect.NONE, REQUESTER, ()
        case OnReject.END:
            return Effect.FAILED, "", ()


def _weights(case: Case, now: Progress, step: Step, crowd: Crowd) -> dict[str, int]:
    """What everybody weighs who could still decide the step, or has done so."""
    return {
        id: weight_of(now, person, step.name)
        for id, person in crowd.items()
        if person.active
        and (step.name, id) not in now.away
        and (case.route.requester_may_decide or id != case.request.requester)
        and has_spoken(case.route, now, frozenset({id}), step.name) in {None, step.name}
        and weight_of(now, person, step.name)
    }


def _about(request: ApprovalRequest, said: Statement) -> Iterator[Reason]:
    if said.seen and said.seen != request.content:
        yield reasons.CONTENT_CHANGED(request.subject)
    if said.act in COMMENTED and not said.comment:
        yield reasons.MOVE_REASON(request.subject, field="comment")


def _of_target(
    case: Case, now: Progress, step: Step, found: Chance, said: Statement, target: Person | None
) -> Iterator[Reason]:
    request = case.request
    if said.act is Act.RETURN:
        if said.target and not comes_before(now.tree, said.target, step.name):
            yield reasons.NOT_EARLIER(
                request.subject, field="target", observed=said.target, expected=step.label
            )
        return
    unsuited: Collection[str] = found.voice.persons
    if said.act is not Act.ASK and not case.route.requester_may_decide:
        unsuited = {*unsuited, request.requester}
    spoken = (
        said.act is not Act.ASK
        and has_spoken(case.route, now, frozenset({said.target}), step.name) is not None
    )
    if target is None or not target.active or said.target in unsuited or spoken:
        yield reasons.PERSON_UNSUITED(request.subject, field="target", observed=said.target)


def _answer(case: Case, person: Person, said: Statement, at: datetime) -> Decision[ApprovalRequest]:
    now, request = case.now, case.request
    asked = [
        one
        for one in now.questions
        if one.target == person.id and said.step in {"", one.step} and now.waiting
    ]
    wrong = list(_about(request, said))
    if not asked:
        wrong.append(reasons.NO_QUESTION(request.subject, observed=person.id))
        return refuse(*wrong)
    move: ApprovalMove = case.move(
        Action.ANSWERED,
        by=person.id,
        at=at,
        step=asked[0].step,
        comment=said.comment,
        target=asked[0].person,
    )
    moved = done(case, evolve(move, attachments=said.attachments))
    return accept(moved.value, wrong, moved)


def _for(voice: Voice) -> str:
    return voice.acting_for.id if voice.acting_for else ""
