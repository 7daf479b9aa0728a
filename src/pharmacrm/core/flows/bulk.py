"""Many documents at once: an answer for each, and none waits for another (批量审批)."""

from typing import Annotated

from attrs import field, frozen

from pharmacrm.core.engines.approval import reasons
from pharmacrm.core.engines.approval.routes.deciding import Act, Statement
from pharmacrm.core.engines.approval.routes.model import ApprovalRequest
from pharmacrm.core.engines.approval.routes.signing import Proof
from pharmacrm.core.flows.cases import read_case, said_of
from pharmacrm.core.flows.requests import Comment, Decide
from pharmacrm.core.kernel.change import KeepHeld, NoteRefusal
from pharmacrm.core.kernel.decision import Decision, Outcome, accept, refuse
from pharmacrm.core.kernel.domain import Domain
from pharmacrm.core.kernel.errors import MalformedInput, NotFound
from pharmacrm.core.kernel.message import Command, Reads
from pharmacrm.core.kernel.reason import Reason
from pharmacrm.core.kernel.strict import Limit, Ref, strict
from pharmacrm.core.values.roles import ROLES

MOST_DOCUMENTS = 1_000


@frozen(kw_only=True, field_transformer=strict)
class BulkItem:
    """One of many documents, and what was in view of it: its step and its digest, as `InboxItem` has them.

    Without `step` the first is meant that the actor can decide. `signature` is as in `Decide`, of this
    document.
    """

    document: Ref
    step: Annotated[str, Limit(64, empty=True)] = ""
    seen: Annotated[str, Limit(64, empty=True)] = ""
    signature: Proof = field(default="", repr=False)


@frozen(kw_only=True)
class BulkAnswer:
    """What became of one of them; `state` is where the document stands afterwards.

    One that is held has a case, as `Decide` would have: once its holds are passed it is decided.
    """

    document: str
    outcome: Outcome
    reasons: tuple[Reason, ...] = ()
    state: str = ""
    case: str = ""


@frozen(kw_only=True, field_transformer=strict)
class DecideMany(Command[tuple[BulkAnswer, ...]]):
    """Approve or reject many documents: those that the actor can decide are decided, the others say why not.

    Nothing is refused as a whole; each answer is about its document, and a refusal leaves a journal row under
    it (`WhyRefused` finds it). At most 1,000 documents.
    """

    subject_field = ""

    documents: tuple[BulkItem, ...]
    act: Act = Act.APPROVE
    comment: Comment = ""

    def __attrs_post_init__(self) -> None:
        """Refuse too many, one that stands twice, and acts that are about one document."""
        ids = [one.document for one in self.documents]
        if not 1 <= len(ids) <= MOST_DOCUMENTS:
            message = f"1 to {MOST_DOCUMENTS} documents are wanted"
            raise MalformedInput("list.length", message, field="documents", value=len(ids))
        if len(set(ids)) != len(ids):
            twice = next(id for id in ids if ids.count(id) > 1)
            raise MalformedInput("list.twice", "a document stands twice", field="documents", value=twice)
        if self.act not in {Act.APPROVE, Act.REJECT, Act.ABSTAIN}:
            message = "one of approve, reject, abstain is wanted"
            raise MalformedInput("choice.unknown", message, field="act", value=self.act.value)


@DecideMany.handler
def on_decide_many(command: DecideMany, read: Reads) -> Decision[tuple[BulkAnswer, ...]]:
    """Read each document's request; what is accepted is stored together, and each refusal written down."""
    decided = [(item.document, _one(item, command, read)) for item in command.documents]
    held = {
        item.document: KeepHeld(read.new_id(), _alone(item, command), decision.reasons)
        for item, (_, decision) in zip(command.documents, decided, strict=True)
        if decision.outcome is Outcome.HELD
    }
    answers = tuple(
        BulkAnswer(
            document=document,
            outcome=decision.outcome,
            reasons=decision.reasons,
            state=decision.value.state.value if decision.value and document not in held else "",
            case=held[document].id if document in held else "",
        )
        for document, decision in decided
    )
    refused = (NoteRefusal(document, decision.reasons) for document, decision in decided if decision.refused)
    done = (decision for _, decision in decided if decision.allowed)
    return accept(answers, *done, Decision(changes=(*refused, *held.values())))


def _alone(item: BulkItem, command: DecideMany) -> Decide:
    """The same about one document, as it is kept until a person passes what was found."""
    return Decide(
        document=item.document, act=command.act, step=item.step, seen=item.seen, comment=command.comment
    )


def _one(item: BulkItem, command: DecideMany, read: Reads) -> Decision[ApprovalRequest]:
    """The answer about one document."""
    try:
        case = read_case(read, item.document)
    except NotFound:
        return refuse(reasons.NOT_REQUESTED(item.document))
    said = Statement(
        act=command.act,
        step=item.step,
        seen=item.seen,
        comment=command.comment,
        signature=item.signature,
    )
    return said_of(case, said, read)


domain = Domain(
    name="bulk",
    handlers=(on_decide_many,),
    rights={role: (DecideMany,) for role in ROLES if role not in {"auditor", "erp"}},
)
