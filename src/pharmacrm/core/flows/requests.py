"""Documents on routes: handing in, changing, deciding, withdrawing; the host's documents of any kind."""

from collections.abc import Sequence
from typing import Annotated, ClassVar

from attrs import frozen

from pharmacrm.core.engines.approval import Person
from pharmacrm.core.engines.approval.routes.approvers import Named
from pharmacrm.core.engines.approval.routes.deciding import Act, Statement, decide, override, wants_crowd
from pharmacrm.core.engines.approval.routes.definition import Route
from pharmacrm.core.engines.approval.routes.delegations import Delegation, covers
from pharmacrm.core.engines.approval.routes.hours import WorkingTime
from pharmacrm.core.engines.approval.routes.model import (
    ApprovalMove,
    ApprovalRequest,
    ApprovalRoute,
    ApprovalSeat,
    DocumentField,
)
from pharmacrm.core.engines.approval.routes.moving import Case
from pharmacrm.core.engines.approval.routes.planning import Document, plan
from pharmacrm.core.engines.approval.routes.submitting import change, migrate, submit, withdraw
from pharmacrm.core.flows.directory import StaffDirectory, actor_in, crowd_of, people
from pharmacrm.core.flows.routing import Kind, by_name, chosen_route, document_of, doubled, parsed, route_of
from pharmacrm.core.kernel.decision import Decision, refuse
from pharmacrm.core.kernel.domain import Domain
from pharmacrm.core.kernel.errors import NotFound
from pharmacrm.core.kernel.message import Command, Reads
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.query import eq, ge, le
from pharmacrm.core.kernel.record import Personal
from pharmacrm.core.kernel.strict import Id, Limit, OptionalId, strict
from pharmacrm.core.values.roles import ROLES

Comment = Annotated[str, Limit(2_000, empty=True, multiline=True), Personal("approval trail")]
Digest = Annotated[str, Limit(64)]


@frozen(field_transformer=strict)
class NamedApprovers:
    """The people whom the host names for a `plugin` source of the route."""

    name: Annotated[str, Limit(48)]
    persons: tuple[Id, ...]


@frozen(kw_only=True, field_transformer=strict)
class SubmitForApproval(Command[ApprovalRequest]):
    """Hand any document in for approval (提交审批): the actor is its requester.

    `subject` is the id of the document, `content` a digest of all of it, `fields` what the route looks at.
    Without `route` the one of its kind that fits is taken.
    """

    subject_field: ClassVar[str] = "document"

    document: Id
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

    document: Id
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
    the person asked, forwarded to or added, or the step returned to ("" is the requester).
    """

    subject_field: ClassVar[str] = "document"

    document: Id
    act: Act
    step: Annotated[str, Limit(64, empty=True)] = ""
    acting_for: OptionalId = ""
    seen: Annotated[str, Limit(64, empty=True)] = ""
    target: Annotated[str, Limit(64, empty=True)] = ""
    comment: Comment = ""


@frozen(kw_only=True, field_transformer=strict)
class OverrideStep(Command[ApprovalRequest]):
    """Pass a waiting step without its approvers (破例放行), with a reason that stays in the trail."""

    subject_field: ClassVar[str] = "document"

    document: Id
    step: Annotated[str, Limit(64)]
    comment: Comment


@frozen(kw_only=True, field_transformer=strict)
class WithdrawRequest(Command[ApprovalRequest]):
    """Take a document back (撤回) before the last decision; only its requester can."""

    subject_field: ClassVar[str] = "document"

    document: Id
    comment: Comment = ""


@frozen(kw_only=True, field_transformer=strict)
class MigrateRequest(Command[ApprovalRequest]):
    """Move a document under way to another version of its route (迁移流程版本), with a reason.

    `route` names the version, such as quote_cn@2. Nothing else ever does this: publishing a version leaves
    what is under way alone.
    """

    subject_field: ClassVar[str] = "document"

    document: Id
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
        named=_named(command.named),
    )
    chosen = chosen_route(command.route, document, read)
    wrong = doubled(command.fields, command.document)
    if chosen.value is None or wrong:
        return refuse(*chosen.reasons, *wrong)
    return submit(
        chosen.value,
        plan(chosen.value, document, StaffDirectory(read)),
        document,
        earlier=read.find(ApprovalRequest, eq("subject", command.document)),
        at=read.at,
        work=working_time(read),
        comment=command.comment,
    )


@ResubmitForApproval.handler
def on_resubmit(command: ResubmitForApproval, read: Reads) -> Decision[ApprovalRequest]:
    """Read the request and find its approvers again."""
    case = read_case(read, command.document)
    wrong = doubled(command.fields, command.document)
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
        named=_named(command.named),
    )
    planned = plan(case.route, document, StaffDirectory(read))
    return change(case, planned, document, by=read.actor, at=read.at, comment=command.comment)


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
    )
    return said_of(read_case(read, command.document), said, read)


@OverrideStep.handler
def on_override(command: OverrideStep, read: Reads) -> Decision[ApprovalRequest]:
    """Read the request and whom the actor stands in for."""
    case = read_case(read, command.document)
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
    route = parsed(read.get(ApprovalRoute, command.route).text)
    document = stored_document(case.request, _named(command.named))
    planned = plan(route, document, StaffDirectory(read))
    return migrate(case, route, planned, by=read.actor, at=read.at, comment=command.comment)


def said_of(case: Case, said: Statement, read: Reads) -> Decision[ApprovalRequest]:
    """The engine's answer to what the actor says of a request."""
    request, now = case.request, case.now
    wanted = [one for one in now.waiting if said.step in {"", one.name} and wants_crowd(one, said.act)]
    seats = tuple(seat for one in wanted for seat in now.seats.get(one.name, ()))
    personal = said.act in {Act.ASK, Act.FORWARD, Act.ADD_BEFORE, Act.ADD_AFTER} and said.target
    target = people(read, frozenset({said.target}), request.unit) if personal else {}
    return decide(
        case,
        actor_in(read, request.unit),
        said,
        at=read.at,
        deputies=stands_in_for(read, request),
        crowd=crowd_of(read, seats, request.unit),
        target=target.get(said.target),
    )


def read_case(read: Reads, document: str) -> Case:
    """A document's newest request with its route and all that happened to it."""
    found = read.find(ApprovalRequest, eq("subject", document), order=("-number",), limit=1)
    if not found:
        raise NotFound("approval_request", document)
    moves = read.find(ApprovalMove, eq("request", found[0].id), order=("number",))
    read.find(ApprovalSeat, eq("request", found[0].id))  # what is stored of them, before they move
    return case_of(found[0], moves, route_of(found[0], read), read)


def case_of(request: ApprovalRequest, moves: Sequence[ApprovalMove], route: Route, read: Reads) -> Case:
    """A request with what was read of it."""
    return Case(route=route, request=request, moves=moves, work=working_time(read))


def working_time(read: Reads) -> WorkingTime:
    """When people of the tenant work."""
    return WorkingTime(read.calendar(), read.tenant.tz)


def stands_in_for(read: Reads, request: ApprovalRequest) -> tuple[Person, ...]:
    """The people for whom the actor stands in today, for such a document."""
    ids = [
        one.delegator
        for one in delegations_to(read)
        if covers(one, kind=request.kind, amount=request.amount, on=read.on)
    ]
    found = people(read, frozenset(ids), request.unit)
    return tuple(found[id] for id in sorted(found))


def delegations_to(read: Reads) -> list[Delegation]:
    """The delegations to the actor that are in force today."""
    return read.find(
        Delegation,
        eq("delegate", read.actor),
        eq("revoked", value=False),
        le("valid_from", read.on),
        ge("valid_to", read.on),
    )


def stored_document(request: ApprovalRequest, named: Named) -> Document:
    """The document as it was handed in last; people for its `plugin` sources are named anew."""
    return Document(
        subject=request.subject,
        kind=request.kind,
        requester=request.requester,
        unit=request.unit,
        amount=request.amount,
        content=request.content,
        fields={one.name: one.value for one in request.fields},
        named=named,
    )


def _named(given: tuple[NamedApprovers, ...]) -> dict[str, tuple[str, ...]]:
    return {one.name: one.persons for one in given}


_USING = (SubmitForApproval, ResubmitForApproval, WithdrawRequest, Decide)
domain = Domain(
    name="requests",
    handlers=(on_submit, on_resubmit, on_decide, on_override, on_withdraw, on_migrate),
    rights={
        **{role: _USING for role in ROLES if role not in {"auditor", "erp"}},
        "admin": (*_USING, OverrideStep, MigrateRequest),
    },
)
