"""The approval engine (审批流): who decides a document, in which order, and what their signatures say.

The routes on which every document runs are in `routes`; here is what they share with holds and with flows.
The engine knows no domain, no clock and no store; every function is pure.
"""

from pharmacrm.core.engines.approval.definition import SUBMISSION, Meaning, Scope
from pharmacrm.core.engines.approval.events import (
    EVENTS,
    ApprovalAsked,
    ApprovalGranted,
    ApprovalInvalidated,
    ApprovalRejected,
    ApprovalReturned,
    ApprovalWithdrawn,
)
from pharmacrm.core.engines.approval.evidence import evidence
from pharmacrm.core.engines.approval.model import CaseState, Evidence, Finding
from pharmacrm.core.engines.approval.people import SYSTEM, Eligibility, Person
from pharmacrm.core.engines.approval.reasons import REASONS

__all__ = [
    "EVENTS",
    "REASONS",
    "SUBMISSION",
    "SYSTEM",
    "ApprovalAsked",
    "ApprovalGranted",
    "ApprovalInvalidated",
    "ApprovalRejected",
    "ApprovalReturned",
    "ApprovalWithdrawn",
    "CaseState",
    "Eligibility",
    "Evidence",
    "Finding",
    "Meaning",
    "Person",
    "Scope",
    "evidence",
]
