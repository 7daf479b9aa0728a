"""What somebody would sign by a vote, before they give it."""

from hashlib import sha256
from typing import Annotated

from attrs import frozen

from pharmacrm.core import approvals
from pharmacrm.core.engines.approval.routes.deciding import COUNTED, Act, Statement
from pharmacrm.core.flows.cases import read_case, signable_by, stands_in_for
from pharmacrm.core.flows.directory import actor_in
from pharmacrm.core.kernel.domain import Domain
from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.kernel.message import Question, Reads
from pharmacrm.core.kernel.reason import Reason
from pharmacrm.core.kernel.strict import Limit, OptionalId, Ref, strict


@frozen(kw_only=True)
class SigningText:
    """The text that a vote signs (待签文本), its SHA-256, and whether its step wants a signature.

    Sign the text, or its digest, and hand in the proof as `Decide.signature`. Without a chance to vote there
    are reasons, and no text.
    """

    step: str
    wanted: bool
    text: str
    digest: str
    reasons: tuple[Reason, ...] = ()


@frozen(kw_only=True, field_transformer=strict)
class TextToSign(Question[SigningText]):
    """What the actor would sign by approving, rejecting or abstaining, as the document stands now."""

    document: Ref
    act: Act = Act.APPROVE
    step: Annotated[str, Limit(64, empty=True)] = ""
    acting_for: OptionalId = ""

    def __attrs_post_init__(self) -> None:
        """Refuse acts that are no votes."""
        if self.act not in COUNTED:
            message = "one of approve, reject, abstain is wanted"
            raise MalformedInput("choice.unknown", message, field="act", value=self.act.value)


@TextToSign.handler
def on_text_to_sign(question: TextToSign, read: Reads) -> SigningText:
    """Read the request and whom the actor stands in for."""
    case = read_case(read, question.document)
    said = Statement(act=question.act, step=question.step, acting_for=question.acting_for)
    unit = case.request.unit
    found = signable_by(case, said, actor_in(read, unit), stands_in_for(read, case.request))
    return SigningText(
        step=found.step,
        wanted=found.wanted,
        text=found.text,
        digest=sha256(found.text.encode()).hexdigest() if found.text else "",
        reasons=found.reasons,
    )


domain = Domain(
    name="signing",
    handlers=(on_text_to_sign,),
    rights=dict.fromkeys(approvals.ASKING, (TextToSign,)),
)
