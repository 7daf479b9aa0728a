"""One move of a request: its number, what it changes, whom it asks, and what is told of it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property

from attrs import evolve, frozen

from pharmacrm.core.engines.approval import events
from pharmacrm.core.engines.approval.model import CaseState
from pharmacrm.core.engines.approval.routes.definition import Route
from pharmacrm.core.engines.approval.routes.eligibility import spoken_at
from pharmacrm.core.engines.approval.routes.hours import WorkingTime
from pharmacrm.core.engines.approval.routes.inspection import UNSEEN, Inspection
from pharmacrm.core.engines.approval.routes.model import (
    Action,
    ApprovalMove,
    ApprovalRequest,
    ApprovalSeat,
    Errand,
)
from pharmacrm.core.engines.approval.routes.progress import Progress, moved, progress
from pharmacrm.core.engines.approval.routes.timing import alarms
from pharmacrm.core.kernel.change import Event
from pharmacrm.core.kernel.decision import Decision, accept, remove, save, tell, touch


@frozen(kw_only=True)
class Case:
    """A request with its route, all its moves, and when people work: what every rule is asked about.

    `inspected` is what the machine found of the document, where it looked.
    """

    route: Route
    request: ApprovalRequest
    moves: Sequence[ApprovalMove]
    work: WorkingTime
    inspected: Inspection = UNSEEN

    @cached_property
    def now(self) -> Progress:
        """Where it stands: all its moves, taken one after the other."""
        return progress(self.route, self.request.plan, self.moves, round=self.request.round)

    def move(
        self,
        action: Action,
        *,
        by: str,
        at: datetime,
        step: str = "",
        target: str = "",
        comment: str = "",
        acting_for: str = "",
        void: tuple[str, ...] = (),
    ) -> ApprovalMove:
        """The next move, which has no effect on its step yet."""
        number = 1 + max((move.number for move in self.moves), default=0)
        return ApprovalMove(
            id=f"{self.request.id}/{number}",
            request=self.request.id,
            number=number,
            round=self.request.round,
            action=action,
            step=step,
            person=by,
            acting_for=acting_for,
            target=target,
            comment=comment,
            content=self.request.content,
            at=at,
            void=void,
        )


def done(case: Case, move: ApprovalMove, *, was: Case | None = None) -> Decision[ApprovalRequest]:
    """The request after a move, with the seats that wait now and what everybody is told.

    `was` is the case before, where the move came with another plan, round or content.
    """
    before = (was or case).now
    fresh = move.action in {Action.SUBMITTED, Action.CHANGED, Action.MIGRATED}
    after = evolve(case, moves=(*case.moves, move)).now if fresh else moved(before, move)
    ringing = alarms(after, case.work, before=before, written=(was or case).request.alarms)
    request = evolve(
        case.request,
        state=after.state,
        waiting=tuple(step.name for step in after.waiting),
        since=case.request.since if after.since == before.since and not fresh else move.at,
        alarms=ringing,
        due_at=ringing[0].at if ringing else None,
    )
    was = was or (None if move.action is Action.SUBMITTED else case)
    old = waited_for(was, before) if was else {}
    new = waited_for(evolve(case, request=request), after)
    return accept(
        request,
        touch(request) if was and request == was.request else save(request),
        save(move, *(row for key, row in new.items() if old.get(key) != row)),
        remove(*(row for key, row in old.items() if key not in new)),
        tell(*_news(request, move, before, after), *_asked(request, move, before, after, new, old)),
    )


def waited_for(case: Case, now: Progress) -> dict[str, ApprovalSeat]:
    """The seats that wait, by their ids: one for each seat of a waiting step, one for each open question."""
    return {row.id: row for row in (*_to_decide(case, now), *_to_answer(case, now))}


def _to_decide(case: Case, now: Progress) -> Iterator[ApprovalSeat]:
    for step in now.waiting:
        spoken = tuple(sorted(spoken_at(case.route, now, step.name)))
        away = tuple(sorted(person for name, person in now.away if name == step.name))
        for place, seat in enumerate(now.seats.get(step.name, ())):
            if seat.person not in away:
                yield evolve(
                    _seat(case.request, f"{step.name}/{place}", now, step.name, now.since[step.name]),
                    requester_may_decide=case.route.requester_may_decide,
                    person=seat.person,
                    role=seat.role,
                    unit=seat.unit,
                    spoken=spoken,
                    away=() if seat.person else away,
                )


def _to_answer(case: Case, now: Progress) -> Iterator[ApprovalSeat]:
    for question in now.questions if now.waiting else ():
        asked = _seat(case.request, f"question/{question.number}", now, question.step, question.at)
        yield evolve(asked, errand=Errand.ANSWER, person=question.target)


def _seat(request: ApprovalRequest, name: str, now: Progress, step: str, since: datetime) -> ApprovalSeat:
    """A seat at a step of a request, on which nobody sits yet."""
    known = now.step(step)
    return ApprovalSeat(
        id=f"{request.id}/{name}",
        request=request.id,
        subject=request.subject,
        kind=request.kind,
        requester=request.requester,
        amount=request.amount,
        content=request.content,
        step=step,
        label_zh=known.label_zh if known else step,
        errand=Errand.DECIDE,
        person="",
        role="",
        unit="",
        since=since,
    )


def _news(request: ApprovalRequest, move: ApprovalMove, before: Progress, after: Progress) -> Iterator[Event]:
    about = about_request(request)
    yield events.RequestMoved(
        **about, action=move.action.value, step=move.step, person=move.person, target=move.target
    )
    if any(vote.step in move.void for vote in before.votes) and move.action in {
        Action.CHANGED,
        Action.MIGRATED,
    }:
        yield events.ApprovalInvalidated(**about)
    if after.state is not before.state or move.action is Action.SUBMITTED:
        yield from _ended(request, move, about)


def about_request(request: ApprovalRequest) -> dict[str, str]:
    """What every event of a request tells of it."""
    return {
        "subject": request.subject,
        "case": request.id,
        "kind": request.kind,
        "content": request.content,
        "route": request.route,
    }


def _asked(
    request: ApprovalRequest,
    move: ApprovalMove,
    before: Progress,
    after: Progress,
    new: Mapping[str, ApprovalSeat],
    old: Mapping[str, ApprovalSeat],
) -> Iterator[Event]:
    """Everybody whose turn it has become: whose step has just begun to wait, or who was put there now."""
    again = move.action in {Action.SUBMITTED, Action.ESCALATED}
    waited = frozenset() if again else {step.name for step in before.waiting}
    opened = {step.name for step in after.waiting} - waited
    for row in new.values():
        if row.step in opened or row.id not in old:
            yield events.ApprovalAsked(
                **about_request(request),
                stage=row.step,
                role=row.role,
                unit=row.unit,
                requester=row.requester,
                person=row.person,
            )


def _ended(request: ApprovalRequest, move: ApprovalMove, about: dict[str, str]) -> Iterator[Event]:
    match request.state:
        case CaseState.APPROVED:
            yield events.ApprovalGranted(**about, requester=request.requester)
        case CaseState.REJECTED:
            yield events.ApprovalRejected(**about, stage=move.step, requester=request.requester)
        case CaseState.RETURNED:
            yield events.ApprovalReturned(**about, stage=move.step, requester=request.requester)
        case CaseState.WITHDRAWN:
            yield events.ApprovalWithdrawn(**about)
        case CaseState.PENDING:
            return
