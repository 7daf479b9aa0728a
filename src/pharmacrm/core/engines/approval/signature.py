"""Signatures (签字): at a stage, under the own submission, and on the documents that follow an approval."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from attrs import evolve

from pharmacrm.core.engines.approval import reasons
from pharmacrm.core.engines.approval.ballots import blocked_by, seen_as_is
from pharmacrm.core.engines.approval.definition import SUBMISSION, Chain, Stage
from pharmacrm.core.engines.approval.eligibility import decided_by, not_an_approver, standing
from pharmacrm.core.engines.approval.model import ApprovalCase, CaseState, Evidence, SignOff, Verdict
from pharmacrm.core.engines.approval.people import Ballot, Person
from pharmacrm.core.kernel.dates import as_instant
from pharmacrm.core.kernel.decision import Decision, accept, save, touch
from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.kernel.reason import Reason, in_order


def pinned(chain: Chain, case: ApprovalCase) -> Chain:
    """Return the chain if it is the version under which the case was opened; else raise `chain.version`."""
    if chain.name != case.chain:
        message = f"the case runs under {case.chain}"
        raise MalformedInput("chain.version", message, field="chain", value=chain.name)
    return chain


def sign_submission(
    chain: Chain, case: ApprovalCase, *, role: str, evidence: tuple[Evidence, ...] = ()
) -> Decision[SignOff]:
    """Record the requester's own signature under the submission, in the same decision as `start`."""
    sign_off = SignOff(
        id=f"{case.id}/1",
        case=case.id,
        number=1,
        subject=case.subject,
        stage=SUBMISSION,
        person=case.requester,
        role=role,
        verdict=Verdict.SUBMITTED,
        meaning=pinned(chain, case).submission,
        content=case.content,
        signed_at=case.opened_at,
        evidence=evidence,
    )
    return accept(sign_off, save(sign_off))


def signature(
    case: ApprovalCase,
    stage: Stage,
    person: str,
    ballot: Ballot,
    *,
    sign_offs: Sequence[SignOff],
    at: datetime,
) -> SignOff:
    """The signature of a person at a stage, numbered after those that are there; nothing is checked here."""
    number = 1 + max((sign_off.number for sign_off in sign_offs), default=0)
    return SignOff(
        id=f"{case.id}/{number}",
        case=case.id,
        number=number,
        subject=case.subject,
        stage=stage.name,
        person=person,
        role=stage.role,
        verdict=ballot.verdict,
        meaning=stage.meaning if ballot.verdict is Verdict.APPROVED else stage.refusal,
        comment=ballot.comment,
        content=ballot.content,
        signed_at=as_instant(at),
        evidence=ballot.evidence,
    )


def may_sign_extra(
    chain: Chain,
    case: ApprovalCase,
    sign_offs: Iterable[SignOff],
    person: Person,
    *,
    stage: str,
    subject: str,
) -> tuple[Reason, ...]:
    """Give every reason why a person cannot sign a document that follows the approval; empty means: can."""
    wanted = _follower(pinned(chain, case), stage)
    found = [*standing(chain, case, person), *not_an_approver(case, wanted, person)]
    if case.state is not CaseState.APPROVED:
        found.append(reasons.NOT_APPROVED(case.subject, observed=case.state))
    for earlier in decided_by(case, sign_offs, person.id):
        elsewhere = chain.distinct_persons and earlier.stage != stage
        if elsewhere or (earlier.stage == stage and earlier.subject == subject):
            found.append(reasons.ALREADY_DECIDED(case.subject, observed=chain.label(earlier.stage)))
            break
    return in_order(found)


def sign_extra(
    chain: Chain,
    case: ApprovalCase,
    sign_offs: Sequence[SignOff],
    person: Person,
    ballot: Ballot,
    *,
    subject: str,
    at: datetime,
) -> Decision[SignOff]:
    """Sign a document that follows an approved one (出库单), as no requester or signer of another stage.

    `ballot.stage` names one of the chain's `after` stages, `ballot.content` the digest of the document that
    follows, `subject` its id. Whoever signed such a document may sign the next one, never the same one twice.
    """
    if ballot.verdict is not Verdict.APPROVED:
        message = "approved is wanted"
        raise MalformedInput("choice.unknown", message, field="verdict", value=str(ballot.verdict))
    stage = _follower(chain, ballot.stage)
    found = [*may_sign_extra(chain, case, sign_offs, person, stage=stage.name, subject=subject)]
    found.extend(blocked_by(subject, stage.label, ballot))
    if not seen_as_is(ballot):
        found.append(reasons.CONTENT_CHANGED(subject))
    sign_off = evolve(signature(case, stage, person.id, ballot, sign_offs=sign_offs, at=at), subject=subject)
    return accept(sign_off, found, save(sign_off), touch(case))


def _follower(chain: Chain, stage: str | None) -> Stage:
    for found in chain.after:
        if found.name == stage:
            return found
    known = ", ".join(found.name for found in chain.after) or "none"
    raise MalformedInput(
        "chain.stage", f"the chain's stages after approval: {known}", field="stage", value=stage
    )
