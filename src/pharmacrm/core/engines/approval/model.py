"""Where an approval stands, and what a machine check told whoever signed."""

from enum import StrEnum

from attrs import frozen

from pharmacrm.core.kernel.reason import Severity


class CaseState(StrEnum):
    """Where an approval stands; PENDING waits for approvers, RETURNED for the requester, others are ends."""

    PENDING = "pending"
    RETURNED = "returned"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"

    @property
    def zh(self) -> str:
        """The Chinese name."""
        return _CASE_STATE_ZH[self]


_CASE_STATE_ZH = {
    CaseState.PENDING: "审批中",
    CaseState.RETURNED: "已退回",
    CaseState.APPROVED: "已通过",
    CaseState.REJECTED: "已驳回",
    CaseState.WITHDRAWN: "已撤回",
}


@frozen
class Finding:
    """One reason that a check showed to the signer."""

    code: str
    severity: Severity
    subject: str = ""
    observed: str = ""


@frozen
class Evidence:
    """What a machine check told the signer (机器核查结果): name, version of the rules, findings."""

    check: str
    version: str
    findings: tuple[Finding, ...] = ()
