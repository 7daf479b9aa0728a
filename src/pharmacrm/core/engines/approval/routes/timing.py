"""What the clock does to a request: reminders, escalations, and decisions by lapse of time."""

from collections.abc import Iterable, Iterator

from pharmacrm.core.engines.approval.routes.definition import Lapse, Step
from pharmacrm.core.engines.approval.routes.hours import WorkingTime, after_hours
from pharmacrm.core.engines.approval.routes.model import Action, Alarm, Effect
from pharmacrm.core.engines.approval.routes.progress import Progress


def alarms(
    now: Progress, work: WorkingTime, *, before: Progress, written: Iterable[Alarm]
) -> tuple[Alarm, ...]:
    """What is still to ring for the steps that wait, the next first.

    What was written for a step that waited `before` and waits still is not computed again.
    """
    kept = {step.name for step in now.waiting if _waited(step, now, before)}
    fresh = (alarm for step in now.waiting if step.name not in kept for alarm in _of(now, step, work))
    left = (one for one in written if one.step in kept and (one.step, one.action) not in now.timed)
    return tuple(sorted((*left, *fresh), key=lambda one: (one.at, one.step, one.action)))


def _waited(step: Step, now: Progress, before: Progress) -> bool:
    """Whether a step has been waiting since the same instant under the same timeout."""
    if before.since.get(step.name) != now.since[step.name]:
        return False
    was = before.step(step.name)
    return was is not None and was.timeout == step.timeout


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
