"""What the machine found about a document before somebody votes: its content now, its holds, its checks.

Whoever reads the store fills it in; the rules keep it with the vote, and nobody can sign away what blocks.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from attrs import field, frozen

from pharmacrm.core.engines.approval import reasons
from pharmacrm.core.engines.approval.evidence import evidence
from pharmacrm.core.engines.approval.model import Evidence
from pharmacrm.core.engines.approval.routes.definition import FollowUp, Step
from pharmacrm.core.engines.approval.routes.model import ApprovalRequest
from pharmacrm.core.kernel.reason import Reason, Severity


@frozen(kw_only=True)
class Shown:
    """What the checks of one step found: as it is kept with the vote, and as reasons of the answer."""

    evidence: tuple[Evidence, ...] = ()
    reasons: tuple[Reason, ...] = ()

    def __add__(self, other: "Shown") -> "Shown":
        """What two checks found."""
        return Shown(evidence=self.evidence + other.evidence, reasons=self.reasons + other.reasons)


@frozen(kw_only=True)
class Inspection:
    """A document as the machine found it at the moment of a vote.

    `content` is the digest of what it is now ("" where nobody keeps it), `stops` a reason for each of its
    open holds, `shown` what the checks of each waiting step found.
    """

    content: str = ""
    stops: tuple[Reason, ...] = ()
    shown: Mapping[str, Shown] = field(factory=dict)

    def at(self, step: str) -> Shown:
        """What was found for a step."""
        return self.shown.get(step, NOTHING_SHOWN)


NOTHING_SHOWN: Final = Shown()
UNSEEN: Final = Inspection()
"""Nobody looked: a document of which the library knows no more than its digest."""


def shown(check: str, version: str, found: Iterable[Reason]) -> Shown:
    """What one check found, under the version of its rules."""
    found = tuple(found)
    return Shown(evidence=(evidence(check, version, found),), reasons=found)


def altered(request: ApprovalRequest, inspected: Inspection) -> Iterator[Reason]:
    """Whether the document is no longer what was handed in."""
    if inspected.content and inspected.content != request.content:
        yield reasons.CONTENT_CHANGED(request.subject)


def standing_against(subject: str, step: Step | FollowUp, inspected: Inspection) -> Iterator[Reason]:
    """What stands against passing a step, whoever votes: open holds, and what its checks found."""
    found = inspected.at(step.name)
    yield from inspected.stops
    yield from found.reasons
    yield from blocking(subject, step, found.evidence)


def blocking(subject: str, step: Step | FollowUp, given: Iterable[Evidence]) -> Iterator[Reason]:
    """A finding that blocks cannot be signed away by anybody."""
    for one in given:
        for finding in one.findings:
            if finding.severity is Severity.BLOCK:
                yield reasons.EVIDENCE_BLOCKS(
                    subject, field=step.name, named=step.label, observed=finding.code
                )


def undecided(inspected: Inspection, step: str) -> bool:
    """Whether the checks of a step found something that blocks it, or that only a person may pass."""
    wanting = {Severity.BLOCK, Severity.APPROVE}
    return any(finding.severity in wanting for one in inspected.at(step).evidence for finding in one.findings)
