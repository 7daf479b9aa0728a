"""The plans that every tenant has from the start, and what makes a plan of one's own sound."""

from collections import Counter
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from pharmacrm.core.engines.reminders import reasons
from pharmacrm.core.engines.reminders.model import ReminderKind, ReminderPlan
from pharmacrm.core.engines.reminders.moments import FARTHEST
from pharmacrm.core.kernel.reason import Reason, in_order

MOST_MOMENTS: Final = 24
DAY: Final = 24

DEFAULTS: Final[Mapping[ReminderKind, ReminderPlan]] = MappingProxyType(
    {
        ReminderKind.INSTALMENT: ReminderPlan(
            id=ReminderKind.INSTALMENT, moments=(-7, -3, 0, 1, 7, 30), every=30
        ),
        ReminderKind.LICENCE: ReminderPlan(id=ReminderKind.LICENCE, moments=(-90, -30, -7, 0)),
        ReminderKind.APPROVAL: ReminderPlan(id=ReminderKind.APPROVAL, moments=(2,), every=2),
        ReminderKind.HOLD: ReminderPlan(id=ReminderKind.HOLD, moments=(2,), every=2),
        ReminderKind.TASK: ReminderPlan(id=ReminderKind.TASK, moments=(-1, 1), every=7),
        ReminderKind.BILL: ReminderPlan(id=ReminderKind.BILL, moments=(-10, -3, 0), every=7),
    }
)
"""Days before and after for each kind, until the tenant sets its own (`SetReminderPlan`)."""


def default_plan(kind: ReminderKind) -> ReminderPlan:
    """The plan of a kind that was never set."""
    return DEFAULTS[kind]


def problems(plan: ReminderPlan, kind: ReminderKind) -> tuple[Reason, ...]:
    """Everything that is wrong with a plan, at once; a sound one gives nothing."""
    return in_order((*_moments(plan, kind), *_rhythm(plan, kind), *_hours(plan, kind)))


def _moments(plan: ReminderPlan, kind: ReminderKind) -> Iterator[Reason]:
    if plan.active and not 1 <= len(plan.moments) <= MOST_MOMENTS:
        expected = f"1-{MOST_MOMENTS}"
        yield reasons.MOMENTS(
            plan.id, field="moments", named=kind, observed=len(plan.moments), expected=expected
        )
    for moment, count in Counter(plan.moments).items():
        if count > 1:
            yield reasons.MOMENT_TWICE(plan.id, field="moments", named=kind, observed=moment)
        if abs(moment) > FARTHEST:
            yield reasons.MOMENT_FAR(plan.id, field="moments", named=kind, observed=moment, expected=FARTHEST)
        if kind.waits and moment < 1:
            yield reasons.MOMENT_BEFORE(plan.id, field="moments", named=kind, observed=moment)


def _rhythm(plan: ReminderPlan, kind: ReminderKind) -> Iterator[Reason]:
    if not 0 <= plan.every <= FARTHEST:
        yield reasons.EVERY(plan.id, field="every", named=kind, observed=plan.every, expected=FARTHEST)


def _hours(plan: ReminderPlan, kind: ReminderKind) -> Iterator[Reason]:
    if not 0 <= plan.opens < plan.closes <= DAY:
        yield reasons.HOURS(plan.id, field="opens", named=kind, observed=f"{plan.opens}-{plan.closes}")
