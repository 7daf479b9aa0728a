"""Approvals (审批): the records of the approval engine and of holds, and who may read them."""

from pharmacrm.core.engines import approval, holds
from pharmacrm.core.engines.approval.routes.delegations import Delegation
from pharmacrm.core.engines.approval.routes.model import (
    ApprovalMove,
    ApprovalRequest,
    ApprovalRoute,
    ApprovalSeat,
)
from pharmacrm.core.engines.holds import Hold
from pharmacrm.core.kernel.domain import Domain

RECORDS = (
    Hold,
    ApprovalRoute,
    ApprovalRequest,
    ApprovalMove,
    ApprovalSeat,
    Delegation,
)

ROLES = (
    "sales",
    "purchasing",
    "assistant",
    "dispatcher",
    "lead",
    "finance",
    "warehouse",
    "quality",
    "admin",
    "auditor",
)

ASKING = (*ROLES, "medrep")
"""Who may ask what waits for them and where documents stand; a medical rep requests, and sells nothing."""

domain = Domain(
    name="approvals",
    records=RECORDS,
    events=(*approval.EVENTS, *holds.EVENTS),
    reasons=(*approval.REASONS, *holds.REASONS),
    rights=dict.fromkeys(ROLES, RECORDS),
)

__all__ = [
    "ASKING",
    "RECORDS",
    "ROLES",
    "ApprovalMove",
    "ApprovalRequest",
    "ApprovalRoute",
    "ApprovalSeat",
    "Delegation",
    "Hold",
    "domain",
]
