"""Electronic signatures of votes (电子签名): what to sign, and having it confirmed before the vote counts."""

from collections.abc import Callable

from pharmacrm.core.engines.approval import reasons
from pharmacrm.core.engines.approval.routes.model import ApprovalRequest
from pharmacrm.core.engines.approval.routes.signing import Signable
from pharmacrm.core.kernel.decision import Decision, refuse
from pharmacrm.core.kernel.message import Reads
from pharmacrm.core.kernel.reason import Reason
from pharmacrm.core.kernel.signing import NotConfirmed, Signature, ToSign
from pharmacrm.core.kernel.words import Words


def signed(
    answer: Callable[..., Decision[ApprovalRequest]],
    what: Callable[[], Signable],
    proof: str,
    read: Reads,
) -> Decision[ApprovalRequest]:
    """The answer to a vote; one with a proof is answered again with the signature that a plugin confirms.

    A plugin is asked only about a vote that lacks nothing else, so that no proof is used up in vain.
    """
    first = answer()
    if not proof or first.codes != (reasons.SIGNATURE_WANTED.code,):
        return first
    found = what()
    wanted = ToSign(
        person=read.actor,
        document=found.document,
        kind=found.kind,
        step=found.step,
        content=found.content,
        text=found.text,
        proof=proof,
    )
    confirmed = read.signature(wanted)
    return answer(signature=confirmed) if isinstance(confirmed, Signature) else refuse(_why(found, confirmed))


def _why(found: Signable, answer: NotConfirmed) -> Reason:
    step = found.label.en
    if answer.why:
        return reasons.SIGNATURE_REFUSED(
            found.document, field=step, named=found.label, observed=answer.why, expected=answer.plugin
        )
    unknown = Words("no plugin confirms it", "没有插件负责确认")
    failed = Words(f"plugin {answer.plugin} failed", f"插件 {answer.plugin} 出错")
    observed = failed if answer.plugin else unknown
    return reasons.SIGNATURE_UNCONFIRMED(found.document, field=step, named=found.label, observed=observed)
