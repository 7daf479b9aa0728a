"""The rules of approval (审批): start a round, decide, withdraw, invalidate."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from attrs import evolve

from pharmacrm.core.engines.approval import events, reasons
from pharmacrm.core.engines.approval.ballots import about_ballot
from pharmacrm.core.engines.approval.check import sound
from pharmacrm.core.engines.approval.definition import Chain
from pharmacrm.core.engines.approval.eligibility import eligibility
from pharmacrm.core.engines.approval.holders import missing_approvers
from pharmacrm.core.engines.approval.model import ApprovalCase, CaseState, SignOff, case_id
from pharmacrm.core.engines.approval.people import NOBODY, Ballot, Holders, Person
from pharmacrm.core.engines.approval.signature import pinned, signature
from pharmacrm.core.engines.approval.transition import after, at_stage, ended, needed
from pharmacrm.core.kernel.change import Event
from pharmacrm.core.kernel.dates import as_instant
from pharmacrm.core.kernel.decision import Decision, accept, save, tell, touch


def start(
    chain: Chain,
    *,
    subject: str,
    round: int,
    content: str,
    requester: str,
    unit: str | None,
    at: datetime,
    holders: Holders,
) -> Decision[ApprovalCase]:
    """Open a round: the document waits at the first stage, or every stage that nobody could decide is named.

    `content` is the digest of what is to be approved, `unit` the requester's, `holders` who may decide where.

    Raises:
        MalformedInput: the chain itself is wrong (`chain.*`), or the instant has no zone (`time.naive`).

    """
    at = as_instant(at)
    case = ApprovalCase(
        id=case_id(subject, round),
        subject=subject,
        chain=sound(chain).name,
        round=round,
        state=CaseState.PENDING,
        stage="",
        position=0,
        waiting_role="",
        waiting_unit=None,
        requester=requester,
        unit=unit,
        content=content,
        opened_at=at,
        since=at,
    )
    case = at_stage(chain, case, 0, at)
    missing = missing_approvers(chain, subject=subject, requester=requester, unit=unit, holders=holders)
    return accept(case, missing, save(case), tell(*_news(case)))


def decide(
    chain: Chain,
    case: ApprovalCase,
    sign_offs: Sequence[SignOff],
    person: Person,
    ballot: Ballot,
    *,
    at: datetime,
    holders: Holders = NOBODY,
) -> Decision[ApprovalCase]:
    """Sign at the waiting stage: approve it, or reject the document for good, or hear every reason why not.

    `sign_offs` are all of the case. `holders` are wanted where a stage asks for ALL. A signature that does
    not make up the quorum still raises the version of the case: two never pass each other unseen.
    """
    pinned(chain, case)
    found = (
        *eligibility(chain, case, sign_offs, person, stage=ballot.stage),
        *about_ballot(chain, case, ballot),
    )
    if found:
        return accept(case, found)
    stage = chain.stages[case.position]
    wanted = needed(chain, case, sign_offs, person.id, holders)
    sign_off = evolve(signature(case, stage, person.id, ballot, sign_offs=sign_offs, at=at), needed=wanted)
    moved = after(chain, case, sign_offs, sign_off)
    change = touch(case) if moved == case else save(moved)
    told = events.StepDecided(
        subject=case.subject, case=case.id, stage=stage.name, person=person.id, verdict=ballot.verdict.value
    )
    news = () if moved == case else _news(moved, stage.name)
    return accept(moved, save(sign_off), change, tell(told, *news))


def withdraw(case: ApprovalCase, *, by: str, at: datetime) -> Decision[ApprovalCase]:
    """Take the document back (撤回): only its requester, and only while it waits."""
    found = []
    if case.state is not CaseState.PENDING:
        found.append(reasons.CLOSED(case.subject, observed=case.state))
    if by != case.requester:
        found.append(reasons.NOT_REQUESTER(case.subject))
    if found:
        return accept(case, found)
    back = ended(case, CaseState.WITHDRAWN, as_instant(at))
    return accept(back, save(back), tell(events.ApprovalWithdrawn(subject=case.subject, case=case.id)))


def invalidate(
    case: ApprovalCase, sign_offs: Iterable[SignOff], *, content: str, at: datetime
) -> Decision[ApprovalCase]:
    """End a waiting or approved round because the content changed: no signature under it counts any more.

    The same content changes nothing; a round that was rejected, withdrawn or invalidated stays as it ended.
    Signatures under documents that follow (outbound slips) are about those, and stay.
    """
    open_states = {CaseState.PENDING, CaseState.APPROVED}
    if content == case.content or case.state not in open_states:
        return accept(case)
    void = ended(case, CaseState.INVALIDATED, as_instant(at))
    signed = [
        evolve(sign_off, valid=False)
        for sign_off in sign_offs
        if sign_off.case == case.id and sign_off.subject == case.subject
    ]
    return accept(
        void, save(void, *signed), tell(events.ApprovalInvalidated(subject=case.subject, case=case.id))
    )


def _news(case: ApprovalCase, decided: str = "") -> tuple[Event, ...]:
    if case.state is CaseState.APPROVED:
        return (events.ApprovalGranted(subject=case.subject, case=case.id, requester=case.requester),)
    if case.state is CaseState.REJECTED:
        rejected = events.ApprovalRejected(
            subject=case.subject, case=case.id, stage=decided, requester=case.requester
        )
        return (rejected,)
    asked = events.ApprovalAsked(
        subject=case.subject,
        case=case.id,
        stage=case.stage,
        role=case.waiting_role,
        unit=case.waiting_unit,
        requester=case.requester,
    )
    return (asked,)
