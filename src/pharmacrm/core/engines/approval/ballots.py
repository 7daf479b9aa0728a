"""What is looked at in a ballot, whoever casts it: the content, the comment, and what the machine found."""

from collections.abc import Iterator

from pharmacrm.core.engines.approval import reasons
from pharmacrm.core.engines.approval.definition import Chain
from pharmacrm.core.engines.approval.model import ApprovalCase, Verdict
from pharmacrm.core.engines.approval.people import Ballot
from pharmacrm.core.kernel.reason import Reason, Severity
from pharmacrm.core.kernel.words import Words


def about_ballot(chain: Chain, case: ApprovalCase, ballot: Ballot) -> Iterator[Reason]:
    """Say what is wrong with a ballot about the document itself."""
    if ballot.content != case.content or not seen_as_is(ballot):
        yield reasons.CONTENT_CHANGED(case.subject)
    if ballot.verdict is Verdict.REJECTED and not ballot.comment:
        yield reasons.REASON_MISSING(case.subject, field="comment")
    if ballot.verdict is Verdict.APPROVED:
        yield from blocked_by(case.subject, chain.label(case.stage), ballot)


def seen_as_is(ballot: Ballot) -> bool:
    """Whether the signer saw what the document is now, as far as that is known."""
    return ballot.seen is None or ballot.seen == ballot.content


def blocked_by(subject: str, stage: Words, ballot: Ballot) -> Iterator[Reason]:
    """A finding that blocks cannot be signed away by anybody."""
    for shown in ballot.evidence:
        for finding in shown.findings:
            if finding.severity is Severity.BLOCK:
                yield reasons.EVIDENCE_BLOCKS(subject, field=stage.en, named=stage, observed=finding.code)
