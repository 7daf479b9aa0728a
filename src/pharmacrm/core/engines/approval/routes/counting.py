"""Counting one vote: what it weighs, what the step wants, and whether the step has passed or failed."""

from collections.abc import Mapping

from attrs import frozen

from pharmacrm.core.engines.approval.routes.definition import Refusal, Step
from pharmacrm.core.engines.approval.routes.eligibility import Voice, weight_of
from pharmacrm.core.engines.approval.routes.model import Action, Effect
from pharmacrm.core.engines.approval.routes.progress import Progress
from pharmacrm.core.engines.approval.routes.quorum import by_head, needed


@frozen
class Count:
    """A vote as it was counted; `hopeless` says that the step could never pass after this abstention."""

    weight: int
    needed: int
    effect: Effect
    hopeless: bool = False


def counted(now: Progress, step: Step, action: Action, voice: Voice, weights: Mapping[str, int]) -> Count:
    """Count a vote at a waiting step; `weights` are of everybody who could decide it or has done so.

    Whoever abstains is not counted at all. A rejection fails the step at once, or (`Refusal.OUT_OF_REACH`)
    when those who are left can no longer make up its quorum.
    """
    heads = by_head(step.quorum)
    weight = 1 if heads else weight_of(now, voice.authority, step.name)
    spent = {Action.APPROVED: 0, Action.REJECTED: 0, Action.ABSTAINED: 0}
    for vote in now.votes:
        if vote.step == step.name and vote.action in spent:
            spent[vote.action] += vote.weight
    spent[action] += weight
    everybody = {
        voice.authority.id: weight,
        **{vote.acting_for or vote.person: vote.weight for vote in now.votes if vote.step == step.name},
    }
    everybody = {**{id: 1 if heads else one for id, one in weights.items()}, **everybody}
    total = sum(everybody.values()) - spent[Action.ABSTAINED]
    want = needed(step.quorum, total)
    if spent[Action.APPROVED] >= want:
        return Count(weight, want, Effect.PASSED)
    lost = total - spent[Action.REJECTED] < want
    if action is Action.ABSTAINED:
        return Count(weight, want, Effect.NONE, hopeless=lost)
    failed = action is Action.REJECTED and (step.refusal is Refusal.FIRST or lost)
    return Count(weight, want, Effect.FAILED if failed else Effect.NONE)
