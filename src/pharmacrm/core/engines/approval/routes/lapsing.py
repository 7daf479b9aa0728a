"""What the clock does, as a decision: one alarm at a time, never before its time and never twice."""

from datetime import datetime

from attrs import evolve

from pharmacrm.core.engines.approval.definition import Meaning
from pharmacrm.core.engines.approval.people import SYSTEM
from pharmacrm.core.engines.approval.routes.definition import OnReject
from pharmacrm.core.engines.approval.routes.model import ApprovalRequest, Effect
from pharmacrm.core.engines.approval.routes.moving import Case, done
from pharmacrm.core.engines.approval.routes.progress import REQUESTER
from pharmacrm.core.engines.approval.routes.timing import alarms
from pharmacrm.core.kernel.dates import as_instant
from pharmacrm.core.kernel.decision import Decision, accept


def ring(case: Case, *, at: datetime) -> Decision[ApprovalRequest]:
    """Do the next thing that is due: remind, ask those above as well, or decide; nothing if none is due."""
    at = as_instant(at)
    due = [alarm for alarm in alarms(case.now, case.work) if alarm.at <= at]
    if not due:
        return accept(None)
    alarm = due[0]
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
    return done(case, evolve(move, effect=effect, meaning=meaning))
