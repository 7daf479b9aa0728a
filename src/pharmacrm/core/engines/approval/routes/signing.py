"""What is signed when somebody votes (电子签名): one text that names everything that the vote is about."""

from collections.abc import Sequence
from functools import partial
from typing import Annotated, Final

from attrs import frozen

from pharmacrm.core.engines.approval.definition import Meaning
from pharmacrm.core.engines.approval.people import Person
from pharmacrm.core.engines.approval.routes.definition import Step
from pharmacrm.core.engines.approval.routes.eligibility import Voice, chance
from pharmacrm.core.engines.approval.routes.model import Action, ApprovalRequest
from pharmacrm.core.engines.approval.routes.moving import Case
from pharmacrm.core.kernel.codec import canonical
from pharmacrm.core.kernel.reason import Reason
from pharmacrm.core.kernel.record import Secret
from pharmacrm.core.kernel.strict import Limit
from pharmacrm.core.kernel.words import Words

Proof = Annotated[str, Limit(20_000, empty=True, multiline=True), Secret()]
"""What a signer hands over for a plugin to confirm: a signature, a token; nobody keeps it."""

SIGNING: Final = frozenset({Action.APPROVED, Action.REJECTED, Action.ABSTAINED})
"""What can be signed electronically: a vote."""


@frozen(kw_only=True)
class Signable:
    """A vote that a person may give, with the text to sign for it, or why they may not give it."""

    document: str
    kind: str
    content: str
    step: str
    label: Words
    wanted: bool = False
    text: str
    reasons: tuple[Reason, ...] = ()


def meaning_of(step: Step, action: Action) -> Meaning:
    """What a vote says in the trail."""
    return {
        Action.APPROVED: step.says,
        Action.REJECTED: Meaning(f"rejected at step {step.name}", f"{step.label_zh}：不同意"),
    }.get(action, Meaning(f"abstained at step {step.name}", f"{step.label_zh}：弃权"))


def text_of(request: ApprovalRequest, step: Step, action: Action, voice: Voice) -> str:
    """The text that is signed for a vote: canonical JSON, the same for the same vote, for no other one.

    It names the request and its round, so that a signature counts once.
    """
    meaning = meaning_of(step, action)
    return canonical(
        {
            "acting_for": voice.acting_for.id if voice.acting_for else "",
            "action": action.value,
            "content": request.content,
            "document": request.subject,
            "kind": request.kind,
            "meaning": {"en": meaning.en, "zh": meaning.zh},
            "person": voice.person.id,
            "request": request.id,
            "round": request.round,
            "step": step.name,
        }
    )


def signable(
    case: Case,
    person: Person,
    action: Action,
    *,
    step: str = "",
    acting_for: str = "",
    deputies: Sequence[Person] = (),
) -> Signable:
    """What somebody would sign by a vote, at the first step where they can give it or the one named."""
    now = case.now
    found = chance(
        case.route, case.request, now, person, deputies, step=step or None, acting_for=acting_for or None
    )
    known = now.step(found.step)
    about = partial(
        Signable, document=case.request.subject, kind=case.request.kind, content=case.request.content
    )
    if found.reasons or known is None:
        return about(step=found.step, label=Words(found.step, found.step), text="", reasons=found.reasons)
    text = text_of(case.request, known, action, found.voice)
    return about(step=known.name, label=known.label, wanted=known.signature, text=text)
