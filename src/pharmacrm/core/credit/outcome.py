"""What may come of a credit check (授信结果): from nothing said to no way around."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from pharmacrm.core.credit.reasons import OVERRIDE_REQUIRED
from pharmacrm.core.kernel.reason import Reason, Severity
from pharmacrm.core.kernel.words import Words


class CreditOutcome(StrEnum):
    """What a finding means: nothing, a warning, a remark, a hold, no way, or one named person's override."""

    ALLOW = "allow"
    WARN = "warn"
    WATCH = "watch"
    HOLD = "hold"
    BLOCK = "block"
    OVERRIDE = "override"

    @property
    def zh(self) -> str:
        """The Chinese name."""
        return _ZH[self]

    @property
    def passes(self) -> bool:
        """Whether the document goes on."""
        return self in {CreditOutcome.ALLOW, CreditOutcome.WARN, CreditOutcome.WATCH}


_ZH = {
    CreditOutcome.ALLOW: "放行",
    CreditOutcome.WARN: "预警",
    CreditOutcome.WATCH: "关注",
    CreditOutcome.HOLD: "暂挂",
    CreditOutcome.BLOCK: "阻断",
    CreditOutcome.OVERRIDE: "特批",
}

SEVERITIES: Final[Mapping[CreditOutcome, Severity]] = MappingProxyType(
    {
        CreditOutcome.WARN: Severity.WARN,
        CreditOutcome.WATCH: Severity.INFO,
        CreditOutcome.HOLD: Severity.APPROVE,
        CreditOutcome.BLOCK: Severity.BLOCK,
    }
)


def weighed(finding: Reason, outcome: CreditOutcome) -> tuple[Reason, ...]:
    """A finding as a policy weighs it: with the severity of the outcome, or as an override that is wanted.

    A hold is finance's to pass; an override is a document of its own, which a route of approval grants.
    """
    if outcome is CreditOutcome.ALLOW:
        return ()
    if outcome is CreditOutcome.OVERRIDE:
        observed = Words(finding.message, finding.message_zh)
        return (OVERRIDE_REQUIRED(finding.subject, field=finding.field, observed=observed),)
    return (finding.weighed(SEVERITIES[outcome]),)
