"""What a machine check found, as it is kept with a signature (机器核查结果)."""

from collections.abc import Iterable

from pharmacrm.core.engines.approval.model import Evidence, Finding
from pharmacrm.core.kernel.reason import Reason


def evidence(check: str, version: str, found: Iterable[Reason]) -> Evidence:
    """What a check found, under the version of its rules."""
    return Evidence(
        check,
        version,
        tuple(Finding(reason.code, reason.severity, reason.subject, reason.observed) for reason in found),
    )
