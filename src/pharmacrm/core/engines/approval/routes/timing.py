"""What the clock does to a request: reminders, escalations, and decisions by lapse of time."""

from collections.abc import Iterator
from datetime import datetime

from attrs import frozen

from pharmacrm.core.engines.approval.routes.definition import Lapse, Step
from pharmacrm.core.engines.approval.routes.hours import WorkingTime, after_hours
from pharmacrm.core.engines.approval.routes.model import Action, Effect
from pharmacrm.core.engines.approval.routes.progress import Progress


@frozen
class Alarm:
    """Something that the clock will do to a waiting step, and when."""

    at: datetime
    step: str
    action: Action
    effect: Effect = Effect.NONE


def alarms(now: Progress, work: WorkingTime) -> tuple[Alarm, ...]:
    """What is still to ring for the steps that wait, the next first."""
    found = (alarm for step in now.waiting for alarm in _of(now, step, work))
    return tuple(sorted(found, key=lambda one: (one.at, one.step, one.action)))


def _of(now: Progress, step: Step, work: WorkingTime) -> Iterator[Alarm]:
    timeout = step.timeout
    if timeout is None:
        return
    lapse = Effect.PASSED if timeout.lapse is Lapse.APPROVE else Effect.FAILED
    wanted = (
        (timeout.remind, Action.REMINDED, Effect.NONE),
        (timeout.escalate, Action.ESCALATED, Effect.NONE),
        (timeout.decide, Action.LAPSED, lapse),
    )
    for hours, action, effect in wanted:
        if hours is not None and (step.name, action) not in now.timed:
            yield Alarm(after_hours(now.since[step.name], hours, work), step.name, action, effect)
