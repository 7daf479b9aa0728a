"""How a case moves: the one function by which decisions are taken and replayed."""

from collections.abc import Iterable
from datetime import datetime

from attrs import evolve, frozen

from pharmacrm.core.engines.approval.definition import All, Chain, Scope
from pharmacrm.core.engines.approval.eligibility import decided_by
from pharmacrm.core.engines.approval.model import ApprovalCase, CaseState, SignOff, Verdict
from pharmacrm.core.engines.approval.people import Holders
from pharmacrm.core.kernel.errors import MalformedInput


@frozen
class Ended:
    """A round that ended without a decision: WITHDRAWN or INVALIDATED."""

    state: CaseState
    at: datetime


def at_stage(chain: Chain, case: ApprovalCase, position: int, at: datetime) -> ApprovalCase:
    """The case, waiting at the stage of this position, or approved when there is no such stage."""
    if position >= len(chain.stages):
        return evolve(ended(case, CaseState.APPROVED, at), position=len(chain.stages))
    stage = chain.stages[position]
    unit = case.unit if stage.scope is Scope.UNIT else None
    return evolve(
        case, stage=stage.name, position=position, waiting_role=stage.role, waiting_unit=unit, since=at
    )


def ended(case: ApprovalCase, state: CaseState, at: datetime) -> ApprovalCase:
    """The case in one of its ends: nobody is waited for any more."""
    return evolve(case, state=state, stage="", waiting_role="", waiting_unit=None, since=at)


def after(chain: Chain, case: ApprovalCase, earlier: Iterable[SignOff], sign_off: SignOff) -> ApprovalCase:
    """The case after one more signature at its waiting stage."""
    if sign_off.verdict is Verdict.REJECTED:
        return ended(case, CaseState.REJECTED, sign_off.signed_at)
    if len(signers(case, (*earlier, sign_off))) < sign_off.needed:
        return case
    return at_stage(chain, case, case.position + 1, sign_off.signed_at)


def signers(case: ApprovalCase, sign_offs: Iterable[SignOff]) -> frozenset[str]:
    """The different people who have approved the waiting stage."""
    return frozenset(
        sign_off.person
        for sign_off in sign_offs
        if sign_off.case == case.id and sign_off.stage == case.stage and sign_off.verdict is Verdict.APPROVED
    )


def needed(
    chain: Chain, case: ApprovalCase, earlier: Iterable[SignOff], person: str, holders: Holders
) -> int:
    """How many different people the waiting stage wants, now that this person signs."""
    quorum = chain.stages[case.position].quorum
    if not isinstance(quorum, All):
        return quorum.persons
    return len(signers(case, earlier) | {person} | _remaining(chain, case, list(earlier), holders))


def replay(chain: Chain, case: ApprovalCase, steps: Iterable[SignOff | Ended]) -> ApprovalCase:
    """Take a case, as it was started, through what happened in it; the same steps always give the same case.

    Versions are the store's and are left alone.
    """
    earlier: list[SignOff] = []
    for step in steps:
        if isinstance(step, Ended):
            case = ended(case, step.state, step.at)
        elif case.state is CaseState.PENDING and step.stage == case.stage:
            case = after(chain, case, earlier, step)
            earlier.append(step)
    return case


def _remaining(chain: Chain, case: ApprovalCase, earlier: list[SignOff], holders: Holders) -> frozenset[str]:
    people = holders.get(case.stage)
    if not isinstance(people, frozenset):
        message = "a stage of all needs the ids of those who may decide"
        raise MalformedInput("approval.holders", message, field="holders", value=case.stage)
    free = people - {case.requester} if chain.exclude_requester else people
    return frozenset(
        person
        for person in free
        if not (chain.distinct_persons and any(True for _ in decided_by(case, earlier, person)))
    )
