"""The approval engine (审批流): chains of stages, cases that wait, signatures that count once.

A flow starts a case with the digest of a document, asks `decide` for each signature, and stores what it
answers. The engine knows no domain, no clock and no store; every function is pure.
"""

from pharmacrm.core.engines.approval.check import check_chain, sound
from pharmacrm.core.engines.approval.definition import (
    ALL,
    ANY,
    SUBMISSION,
    All,
    AtLeast,
    Chain,
    Meaning,
    Quorum,
    Scope,
    Stage,
)
from pharmacrm.core.engines.approval.eligibility import Eligibility, eligibility, path, who_can_act
from pharmacrm.core.engines.approval.events import (
    EVENTS,
    ApprovalAsked,
    ApprovalGranted,
    ApprovalInvalidated,
    ApprovalRejected,
    ApprovalWithdrawn,
    StepDecided,
)
from pharmacrm.core.engines.approval.evidence import evidence
from pharmacrm.core.engines.approval.holders import missing_approvers
from pharmacrm.core.engines.approval.model import (
    ApprovalCase,
    CaseState,
    Evidence,
    Finding,
    SignOff,
    Verdict,
    case_id,
)
from pharmacrm.core.engines.approval.people import NOBODY, SYSTEM, Ballot, Holders, Person
from pharmacrm.core.engines.approval.reasons import REASONS
from pharmacrm.core.engines.approval.rules import decide, invalidate, start, withdraw
from pharmacrm.core.engines.approval.signature import may_sign_extra, sign_extra, sign_submission
from pharmacrm.core.engines.approval.transition import Ended, replay

__all__ = [
    "ALL",
    "ANY",
    "EVENTS",
    "NOBODY",
    "REASONS",
    "SUBMISSION",
    "SYSTEM",
    "All",
    "ApprovalAsked",
    "ApprovalCase",
    "ApprovalGranted",
    "ApprovalInvalidated",
    "ApprovalRejected",
    "ApprovalWithdrawn",
    "AtLeast",
    "Ballot",
    "CaseState",
    "Chain",
    "Eligibility",
    "Ended",
    "Evidence",
    "Finding",
    "Holders",
    "Meaning",
    "Person",
    "Quorum",
    "Scope",
    "SignOff",
    "Stage",
    "StepDecided",
    "Verdict",
    "case_id",
    "check_chain",
    "decide",
    "eligibility",
    "evidence",
    "invalidate",
    "may_sign_extra",
    "missing_approvers",
    "path",
    "replay",
    "sign_extra",
    "sign_submission",
    "sound",
    "start",
    "who_can_act",
    "withdraw",
]
