"""What makes a dunning policy sound, and setting it."""

from collections.abc import Sequence
from itertools import pairwise

from attrs import evolve

from pharmacrm.core.collections.dunning.model import DunningClock, DunningLevel, DunningPolicy
from pharmacrm.core.collections.dunning.reasons import (
    POLICY_DAYS,
    POLICY_FEE,
    POLICY_FIRST,
    POLICY_LEVELS,
    POLICY_PAUSE,
    POLICY_RATES,
)
from pharmacrm.core.collections.events import DunningPolicySet
from pharmacrm.core.kernel.decision import Decision, accept, save, tell
from pharmacrm.core.kernel.reason import Reason
from pharmacrm.core.kernel.words import listed

MOST_LEVELS, LONGEST = 9, 3650


def set_policy(old: DunningPolicy | None, new: DunningPolicy) -> Decision[DunningPolicy]:
    """Set a policy, or say what is wrong with it; setting the same again changes nothing.

    It counts from the next letter on: letters that were sent keep their levels, fees and interest.
    """
    wanted = evolve(new, version=old.version if old else 0)
    if wanted == old:
        return accept(old)
    return accept(wanted, problems(wanted), save(wanted), tell(DunningPolicySet(subject=wanted.id)))


def problems(policy: DunningPolicy) -> tuple[Reason, ...]:
    """Everything that is wrong with a policy, at once; a sound one gives nothing."""
    found = []
    levels = policy.levels
    if not 1 <= len(levels) <= MOST_LEVELS:
        found.append(
            POLICY_LEVELS(policy.id, field="levels", observed=len(levels), expected=f"1-{MOST_LEVELS}")
        )
    days = [each.days for each in levels]
    if any(not 1 <= each <= LONGEST for each in days) or not _rising(levels):
        found.append(POLICY_DAYS(policy.id, field="levels", observed=listed(days)))
    if levels and levels[0].counts_from is DunningClock.PREVIOUS:
        found.append(POLICY_FIRST(policy.id, field="levels"))
    fees = [each.fee for each in levels if each.fee is not None and not each.fee.is_positive]
    found += [POLICY_FEE(policy.id, field="levels", observed=fee) for fee in fees]
    if policy.interest is None and any(each.interest for each in levels):
        found.append(POLICY_RATES(policy.id, field="interest"))
    if not 0 <= policy.pause <= LONGEST:
        found.append(POLICY_PAUSE(policy.id, field="pause", observed=policy.pause, expected=LONGEST))
    return tuple(found)


def _rising(levels: Sequence[DunningLevel]) -> bool:
    """Whether a higher level comes later, as far as two are counted from the same day."""
    ways = (DunningClock.DUE, DunningClock.MONTH_END)
    alike = ([each.days for each in levels if each.counts_from is way] for way in ways)
    return all(a < b for days in alike for a, b in pairwise(days))
