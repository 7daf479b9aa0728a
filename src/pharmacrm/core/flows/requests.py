"""Documents on routes: handing in, changing, deciding, withdrawing; the host's documents of any kind."""

from typing import Annotated, ClassVar

from attrs import field, frozen

from pharmacrm.core.engines.approval import reasons
from pharmacrm.core.engines.approval.routes.deciding import Act, Statement, override
from pharmacrm.core.engines.approval.routes.following import Signing, follow_up
from pharmacrm.core.engines.approval.routes.model import ApprovalRequest, Attachment, DocumentField
from pharmacrm.core.engines.approval.routes.planning import Document
from pharmacrm.core.engines.approval.routes.signing import Proof
from pharmacrm.core.engines.approval.routes.submitting import migrate, withdraw
from pharmacrm.core.flows.appointing import planned
from pharmacrm.core.flows.cases import read_case, said_of, stands_in_for, stored_document
from pharmacrm.core.flows.directory import actor_in
from pharmacrm.core.flows.documents import open_request, update_request
from pharmacrm.core.flows.inspecting import inspected
from pharmacrm.core.flows.order_documents import stored_order
from pharmacrm.core.flows.routing import (
    Kind,
    as_declared,
    by_name,
    document_of,
    doubled,
    route_named,
)
from pharmacrm.core.kernel.decision import Decision, refuse
from pharmacrm.core.kernel.domain import Domain
from pharmacrm.core.kernel.message import Command, Reads
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.query import eq, is_in
from pharmacrm.core.kernel.reason import Reason
from pharmacrm.core.kernel.record import Personal
from pharmacrm.core.kernel.strict import Id, Limit, OptionalId, Ref, strict
from pharmacrm.core.values.document_kinds import LIBRARY_KINDS, DocumentKind, kind_name
from pharmacrm.core.values.roles import ROLES

Comment = Annotated[str, Limit(2_000, empty=True, multiline=True), Personal("approval trail")]
Digest = Annotated[str, Limit(64)]


@frozen(field_transformer=strict)
class NamedApprovers:
    """The people whom the host names for a `plugin` source of the route; then no plugin is asked."""

    name: Annotated[str, Limit(48)]
    persons: tuple[Id, ...]


@frozen(kw_only=True, field_transformer=strict)
class SubmitForApproval(Command[ApprovalRequest]):
    """Hand any document in for approval (提交审批): the actor is its requester.

    `document` is its id, `content` a digest of all of it, `fields` what the route looks at; one that
    looks at the amount wants it. Without `route` the one of its kind that fits is taken.
    """

    subject_field: ClassVar[str] = "document"

    document: Ref
    kind: Kind
    content: Digest
    amount: Money | None = None
    fields: tuple[DocumentField, ...] = ()
    named: tuple[NamedApprovers, ...] = ()
    route: Annotated[str, Limit(64, empty=True)] = ""
    comment: Comment = ""


@frozen(kw_only=True, field_transformer=strict)
class ResubmitForApproval(Command[ApprovalRequest]):
    """Hand in what a document has become: after a return as a new round, else with what still stands.

    The route's guards say which decisions a changed field takes back; an approved document may need approval
    again.
    """

    subject_field: ClassVar[str] = "document"

    document: Ref
    content: Digest
    amount: Money | None = None
    fields: tuple[DocumentField, ...] = ()
    named: tuple[NamedApprovers, ...] = ()
    comment: Comment = ""


@frozen(kw_only=True, field_transformer=strict)
class Decide(Command[ApprovalRequest]):
    """Decide a document, return it, ask, answer, forward it, or add somebody (审批).

    Without `step` the first is meant that the actor can decide; `acting_for` names whose authority is used,
    where it is not the own. `seen` is the digest that was in view: hand back `InboxItem.content`. `target` is
    the person asked, forwarded to or added, or the step returned to ("" is the requester). `attachments` are
    papers that the host keeps, at most 20. `signature` is the proof of an electronic signature over the text
    that `TextToSign` gives: a plugin confirms it, and what it answers is kept, never the proof.
    """

    subject_field: ClassVar[str] = "document"

    document: Ref
    act: Act
    step: Annotated[str, Limit(64, empty=True)] = ""
    acting_for: OptionalId = ""
    seen: Annotated[str, Limit(64, empty=True)] = ""
    target: Annotated[str, Limit(64, empty=True)] = ""
    comment: Comment = ""
    attachments: tuple[Attachment, ...] = ()
    signature: Proof = field(default="", repr=False)


@frozen(kw_only=True, field_transformer=strict)
class SignFollowUp(Command[ApprovalRequest]):
    """Sign a document that follows an approved one (后续签字), such as a delivery note under a contract.

    `step` is one of the `after` of its route, `follows` the id of what is signed, `content` its digest, and
    `seen` the digest that was in view. Whoever decided a step of the route signs nothing that follows.
    """

    subject_field: ClassVar[str] = "document"

    document: Ref
    step: Annotated[str, Limit(48)]
    follows: Ref
    content: Digest
    seen: Annotated[str, Limit(64, empty=True)] = ""
    comment: Comment = ""


@frozen(kw_only=True, field_transformer=strict)
class OverrideStep(Command[ApprovalRequest]):
    """Pass a waiting step without its approvers (破例放行), with a reason that stays in the trail."""

    subject_field: ClassVar[str] = "document"

    document: Ref
    step: Annotated[str, Limit(64)]
    comment: Comment


@frozen(kw_only=True, field_transformer=strict)
class WithdrawRequest(Command[ApprovalRequest]):
    """Take a document back (撤回) before the last decision; only its requester can."""

    subject_field: ClassVar[str] = "document"

    document: Ref
    comment: Comment = ""


@frozen(kw_only=True, field_transformer=strict)
class MigrateRequest(Command[ApprovalRequest]):
    """Move a document under way to another version of its route (迁移流程版本), with a reason.

    `route` names the version, such as quote_cn@2. Nothing else ever does this: publishing a version leaves
    what is under way alone.
    """

    subject_field: ClassVar[str] = "document"

    document: Ref
    route: Annotated[str, Limit(64)]
    named: tuple[NamedApprovers, ...] = ()
    comment: Comment


@SubmitForApproval.handler
def on_submit(command: SubmitForApproval, read: Reads) -> Decision[ApprovalRequest]:
    """Read the routes, the people whom they name, and the document's earlier requests."""
    document = document_of(
        command.kind,
        command.document,
        read,
        command.amount,
        command.fields,
        content=command.content,
        named=named_approvers(command.named),
    )
    wrong = (
        *_reserved(command.document, command.kind),
        *_taken(command.document, read),
        *doubled(command.fields, command.document),
    )
    if wrong:
        return refuse(*wrong)
    return open_request(document, read, route=command.route, comment=command.comment)


@ResubmitForApproval.handler
def on_resubmit(command: ResubmitForApproval, read: Reads) -> Decision[ApprovalRequest]:
    """Read the request and find its approvers again."""
    case = read_case(read, command.document)
    wrong = (*_reserved(command.document, case.request.kind), *doubled(command.fields, command.document))
    if wrong:
        return refuse(*wrong)
    document = Document(
        subject=command.document,
        kind=case.request.kind,
        requester=case.request.requester,
        unit=case.request.unit,
        amount=command.amount,
        content=command.content,
        fields=by_name(command.fields),
        named=named_approvers(command.named),
    )
    return update_request(case, document, read, comment=command.comment)


@Decide.handler
def on_decide(command: Decide, read: Reads) -> Decision[ApprovalRequest]:
    """Read the request, whom the actor stands in for, and, where it matters, everybody who could decide."""
    said = Statement(
        act=command.act,
        step=command.step,
        acting_for=command.acting_for,
        seen=command.seen,
        target=command.target,
        comment=command.comment,
        attachments=command.attachments,
        signature=command.signature,
    )
    return said_of(read_case(read, command.document), said, read)


@SignFollowUp.handler
def on_sign_follow_up(command: SignFollowUp, read: Reads) -> Decision[ApprovalRequest]:
    """Read the request and whom the actor stands in for; the library signs under its own documents itself."""
    case = inspected(read_case(read, command.document), read, passing=False)
    request = case.request
    wrong = _reserved(command.document, request.kind)
    if wrong:
        return refuse(*wrong)
    signed = Signing(
        step=command.step,
        document=command.follows,
        content=command.content,
        seen=command.seen,
        comment=command.comment,
    )
    deputies = stands_in_for(read, request)
    return follow_up(case, actor_in(read, request.unit), signed, at=read.at, deputies=deputies)


@OverrideStep.handler
def on_override(command: OverrideStep, read: Reads) -> Decision[ApprovalRequest]:
    """Read the request, what the machine finds of the document, and whom the actor stands in for."""
    case = inspected(read_case(read, command.document), read, command.step)
    return override(
        case,
        actor_in(read, case.request.unit),
        step=command.step,
        comment=command.comment,
        at=read.at,
        deputies=stands_in_for(read, case.request),
    )


@WithdrawRequest.handler
def on_withdraw(command: WithdrawRequest, read: Reads) -> Decision[ApprovalRequest]:
    """Read the request."""
    return withdraw(read_case(read, command.document), by=read.actor, at=read.at, comment=command.comment)


@MigrateRequest.handler
def on_migrate(command: MigrateRequest, read: Reads) -> Decision[ApprovalRequest]:
    """Read the version and find the approvers as it wants them."""
    case = read_case(read, command.document)
    route = route_named(command.route, read)
    stored = _DOCUMENTS.get(case.request.kind)
    named = named_approvers(command.named)
    document = stored(case.request.subject, read) if stored else stored_document(case.request, named)
    found = planned(route, as_declared(route, document), read)
    return migrate(case, route, found, by=read.actor, at=read.at, comment=command.comment)


def _reserved(document: str, kind: str) -> tuple[Reason, ...]:
    """A reason, where the library itself has documents of this kind: their records know what is in them."""
    if kind not in LIBRARY_KINDS:
        return ()
    return (reasons.LIBRARY_KIND(document, field="kind", observed=kind_name(kind)),)


def _taken(document: str, read: Reads) -> tuple[Reason, ...]:
    """A reason, where the library itself has handed in a document of this id."""
    mine = eq("subject", document), is_in("kind", sorted(LIBRARY_KINDS))
    found = read.find(ApprovalRequest, *mine, limit=1)
    return tuple(reasons.TAKEN(document, field="document", observed=kind_name(each.kind)) for each in found)


def named_approvers(given: tuple[NamedApprovers, ...]) -> dict[str, tuple[str, ...]]:
    """The people whom the host names, by the word of the route for them."""
    return {one.name: one.persons for one in given}


_DOCUMENTS = {DocumentKind.ORDER.value: stored_order}
"""How documents of the library are read from their own records, where a route may look at more of them."""
_USING = (SubmitForApproval, ResubmitForApproval, WithdrawRequest, Decide, SignFollowUp)
domain = Domain(
    name="requests",
    handlers=(on_submit, on_resubmit, on_decide, on_sign_follow_up, on_override, on_withdraw, on_migrate),
    rights={
        **{role: _USING for role in ROLES if role not in {"auditor", "erp"}},
        "admin": (*_USING, OverrideStep, MigrateRequest),
    },
)
