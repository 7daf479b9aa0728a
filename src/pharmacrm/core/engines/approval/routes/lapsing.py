"""What the clock does, as a decision: one alarm at a time, never before its time and never twice."""

from datetime import datetime

from attrs import evolve

from pharmacrm.core.engines.approval.definition import Meaning
from pharmacrm.core.engines.approval.people import SYSTEM
from pharmacrm.core.engines.approval.routes.definition import OnReject
from pharmacrm.core.engines.approval.routes.inspection import altered, undecided
from pharmacrm.core.engines.approval.routes.model import Alarm, ApprovalMove, ApprovalRequest, Effect
from pharmacrm.core.engines.approval.routes.moving import Case, done
from pharmacrm.core.engines.approval.routes.progress import REQUESTER
from pharmacrm.core.kernel.dates import as_instant
from pharmacrm.core.kernel.decision import Decision, accept


def ring(case: Case, *, at: datetime) -> Decision[ApprovalRequest]:
    """Do the next thing that is due: remind, ask those above as well, or decide; nothing if none is due.

    While a hold is open the clock does nothing: nobody could. No clock passes a step against what its checks
    found: the step goes on waiting for a person, and the trail says that its time was up.
    """
    at = as_instant(at)
    due = [alarm for alarm in case.request.alarms if alarm.at <= at]
    if not due or case.inspected.stops:
        return accept(None)
    alarm = due[0]
    if alarm.effect is Effect.PASSED and _stopped(case, alarm.step):
        return done(case, _left_to_people(case, alarm, at))
    step = case.now.step(alarm.step)
    returned = alarm.effect is Effect.FAILED and step is not None and step.on_reject is OnReject.REQUESTER
    meaning = {
        Effect.PASSED: Meaning(
            f"step {alarm.step} approved by lapse of time", f"环节 {alarm.step} 逾期自动同意"
        ),
        Effect.FAILED: Meaning(
            f"step {alarm.step} rejected by lapse of time", f"环节 {alarm.step} 逾期自动驳回"
        ),
    }.get(alarm.effect)
    move = case.move(
        alarm.action,
        by=SYSTEM,
        at=at,
        step=alarm.step,
        target=REQUESTER if returned else "",
    )
    effect = Effect.NONE if returned else alarm.effect
    shown = case.inspected.at(alarm.step).evidence if alarm.effect is Effect.PASSED else ()
    return done(case, evolve(move, effect=effect, meaning=meaning, evidence=shown))


def _stopped(case: Case, step: str) -> bool:
    """Whether something stands against a step that only a person may pass, or nobody."""
    return undecided(case.inspected, step) or any(True for _ in altered(case.request, case.inspected))


def _left_to_people(case: Case, alarm: Alarm, at: datetime) -> ApprovalMove:
    """The move of a step whose time was up, and which no clock may pass."""
    move = case.move(alarm.action, by=SYSTEM, at=at, step=alarm.step)
    meaning = Meaning(
        f"time is up at step {alarm.step}, which its check stops",
        f"环节 {alarm.step} 已逾期，因核查结果不予自动同意",
    )
    return evolve(move, meaning=meaning, evidence=case.inspected.at(alarm.step).evidence)
