"""Where a request stands: its moves taken one after the other; the same moves always give the same."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from attrs import evolve, field, frozen

from pharmacrm.core.engines.approval.model import CaseState
from pharmacrm.core.engines.approval.routes.approvers import ByUser, Seat
from pharmacrm.core.engines.approval.routes.definition import Node, Route, Serial, Step, leaves
from pharmacrm.core.engines.approval.routes.model import (
    Action,
    ApprovalMove,
    Effect,
    PlannedStep,
)
from pharmacrm.core.engines.approval.routes.tree import pruned, standing_of, waiting, with_added

VOTES = frozenset({Action.APPROVED, Action.REJECTED, Action.ABSTAINED, Action.OVERRIDDEN})
"""What takes up a person: whoever did one of these has had their say."""

TIMED = frozenset({Action.REMINDED, Action.ESCALATED, Action.LAPSED})


@frozen(kw_only=True)
class Progress:
    """A request between two moves.

    `votes` are the moves that still count, `seats` who may decide each step, `away` who gave a step to
    somebody else, `questions` those that nobody has answered, `followed` the signatures under documents that
    follow. `since` is when each waiting step began to wait, `timed` what the clock has done to it since.
    """

    tree: Node
    state: CaseState = CaseState.PENDING
    passed: frozenset[str] = frozenset()
    failed: frozenset[str] = frozenset()
    votes: tuple[ApprovalMove, ...] = ()
    seats: Mapping[str, tuple[Seat, ...]] = field(factory=dict)
    above: Mapping[str, tuple[Seat, ...]] = field(factory=dict)
    away: frozenset[tuple[str, str]] = frozenset()
    questions: tuple[ApprovalMove, ...] = ()
    followed: tuple[ApprovalMove, ...] = ()
    since: Mapping[str, datetime] = field(factory=dict)
    timed: frozenset[tuple[str, Action]] = frozenset()

    @property
    def waiting(self) -> tuple[Step, ...]:
        """The steps that can be decided now; none while it waits for its requester or has ended."""
        if self.state is not CaseState.PENDING:
            return ()
        return tuple(waiting(self.tree, self.passed, self.failed))

    def step(self, name: str) -> Step | None:
        """A step that applies, an added one too."""
        return next((step for step in leaves(self.tree) if step.name == name), None)


def progress(
    route: Route, plan: Iterable[PlannedStep], moves: Iterable[ApprovalMove], *, round: int
) -> Progress:
    """Take a planned request through the moves of a round, from its submission on."""
    kept = [step for step in plan if not step.skipped]
    own = {step.name for step in leaves(route.root)}
    applied = [step for step in kept if step.name in own]
    tree = pruned(route.root, {step.name for step in applied}) or Serial(())
    now = Progress(
        tree=tree,
        seats={step.name: step.seats for step in kept},
        above={step.name: step.above for step in applied},
    )
    for move in sorted(moves, key=lambda one: one.number):
        if move.round == round:
            now = moved(now, move)
    return now


def moved(before: Progress, move: ApprovalMove) -> Progress:
    """A request after one more move."""
    after = _without(_did(before, move), move.void)
    after = evolve(after, state=_state(after, move))
    still = {step.name: before.since.get(step.name, move.at) for step in after.waiting}
    fresh = {name for name in still if name not in before.since or name in move.void}
    return evolve(
        after,
        since={name: move.at if name in fresh else at for name, at in still.items()},
        timed=frozenset((name, what) for name, what in after.timed if name in still and name not in fresh),
    )


def _did(now: Progress, move: ApprovalMove) -> Progress:
    match move.action:
        case Action.LAPSED if blocked(move):
            return evolve(now, timed=now.timed | {(move.step, move.action)})
        case Action.SIGNED:
            return evolve(now, followed=(*now.followed, move))
        case action if action in VOTES or action is Action.LAPSED:
            return _voted(now, move)
        case Action.FORWARDED:
            given = evolve(now, away=now.away | {(move.step, move.acting_for or move.person)})
            return _seated(given, move.step, move.target)
        case Action.ADDED_BEFORE | Action.ADDED_AFTER:
            return _added(now, move)
        case Action.ASKED:
            return evolve(now, questions=(*now.questions, move))
        case Action.ANSWERED:
            left = tuple(one for one in now.questions if (one.step, one.target) != (move.step, move.person))
            return evolve(now, questions=left)
        case Action.ESCALATED:
            seats = dict.fromkeys((*now.seats.get(move.step, ()), *now.above.get(move.step, ())))
            timed = now.timed | {(move.step, move.action)}
            return evolve(now, seats={**now.seats, move.step: tuple(seats)}, timed=timed)
        case Action.REMINDED:
            return evolve(now, timed=now.timed | {(move.step, move.action)})
        case _:
            return now


def blocked(move: ApprovalMove) -> bool:
    """Whether the time of a step was up, but something that no clock may pass stood against its approval."""
    return move.action is Action.LAPSED and move.effect is Effect.NONE and not move.target


def _voted(now: Progress, move: ApprovalMove) -> Progress:
    name = frozenset({move.step})
    return evolve(
        now,
        votes=(*now.votes, move),
        passed=now.passed | name if move.effect is Effect.PASSED else now.passed,
        failed=now.failed | name if move.effect is Effect.FAILED else now.failed,
        questions=tuple(one for one in now.questions if one.step != move.step)
        if move.effect is not Effect.NONE
        else now.questions,
    )


def added_name(step: str, number: int) -> str:
    """The name of a step that a move added."""
    return f"{step}+{number}"


def base_name(step: str) -> str:
    """The step beside which one was added; the name of a step of the route itself."""
    return step.partition("+")[0]


def _added(now: Progress, move: ApprovalMove) -> Progress:
    """One more step with one seat beside the step of the move."""
    name = added_name(move.step, move.number)
    step = Step(name, name, (ByUser(move.target),))
    before = move.action is Action.ADDED_BEFORE
    return _seated(
        evolve(now, tree=with_added(now.tree, step, at=move.step, before=before)), name, move.target
    )


def _seated(now: Progress, step: str, person: str) -> Progress:
    seats = dict.fromkeys((*now.seats.get(step, ()), Seat(person=person)))
    return evolve(now, seats={**now.seats, step: tuple(seats)})


def _without(now: Progress, void: tuple[str, ...]) -> Progress:
    """What was decided at these steps stops counting; who was asked or added to them stays."""
    if not void:
        return now
    gone = frozenset(void)
    return evolve(
        now,
        passed=now.passed - gone,
        failed=now.failed - gone,
        votes=tuple(vote for vote in now.votes if vote.step not in gone),
        questions=tuple(one for one in now.questions if one.step not in gone),
    )


def _state(now: Progress, move: ApprovalMove) -> CaseState:
    if move.action is Action.WITHDRAWN:
        return CaseState.WITHDRAWN
    if move.action in _RETURNING and move.target == REQUESTER:
        return CaseState.RETURNED
    if now.state in {CaseState.WITHDRAWN, CaseState.RETURNED}:
        return now.state
    if not any(True for _ in leaves(now.tree)):
        return CaseState.APPROVED
    return _STATES[standing_of(now.tree, now.passed, now.failed)]


REQUESTER = "requester"
"""Where a request is returned to when no step is named; no step may be called so."""

_RETURNING = frozenset({Action.RETURNED, Action.REJECTED, Action.LAPSED})
_STATES = {
    Effect.NONE: CaseState.PENDING,
    Effect.PASSED: CaseState.APPROVED,
    Effect.FAILED: CaseState.REJECTED,
}
