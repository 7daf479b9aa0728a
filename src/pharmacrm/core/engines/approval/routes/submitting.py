"""Handing a document in, changing it, taking it back, and moving it to another version of its route."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from attrs import evolve

from pharmacrm.core.engines.approval import reasons
from pharmacrm.core.engines.approval.model import CaseState
from pharmacrm.core.engines.approval.routes.definition import Route, leaves
from pharmacrm.core.engines.approval.routes.hours import WorkingTime
from pharmacrm.core.engines.approval.routes.model import (
    Action,
    ApprovalRequest,
    DocumentField,
    PlannedStep,
    request_id,
)
from pharmacrm.core.engines.approval.routes.moving import Case, done
from pharmacrm.core.engines.approval.routes.planning import Document
from pharmacrm.core.engines.approval.routes.progress import base_name
from pharmacrm.core.engines.approval.routes.tree import from_step
from pharmacrm.core.kernel.dates import as_instant
from pharmacrm.core.kernel.decision import Decision, accept, refuse
from pharmacrm.core.kernel.reason import Reason
from pharmacrm.core.values.document_kinds import kind_name

OPEN = frozenset({CaseState.PENDING, CaseState.RETURNED})
"""States in which a document has a request already."""


def submit(
    route: Route,
    planned: Decision[tuple[PlannedStep, ...]],
    document: Document,
    *,
    earlier: Sequence[ApprovalRequest],
    at: datetime,
    work: WorkingTime,
    comment: str = "",
) -> Decision[ApprovalRequest]:
    """Open a request for a document: it waits at its first steps, or every reason why it cannot is given.

    `planned` is what `plan` said, `earlier` are the document's requests so far: after an end a new one is
    opened beside them, and their history stays.
    """
    at = as_instant(at)
    waiting = [one for one in earlier if one.state in OPEN]
    if waiting:
        known = waiting[0]
        taken = reasons.ALREADY_OPEN(document.subject, observed=known.id, expected=kind_name(known.kind))
        return accept(None, planned, taken)
    if planned.value is None:
        return refuse(*planned.reasons)
    number = 1 + max((one.number for one in earlier), default=0)
    request = ApprovalRequest(
        id=request_id(document.subject, number),
        subject=document.subject,
        kind=document.kind,
        number=number,
        route=route.name,
        state=CaseState.PENDING,
        requester=document.requester,
        unit=document.unit,
        amount=document.amount,
        content=document.content,
        fields=_fields(document),
        plan=planned.value,
        opened_at=at,
        since=at,
    )
    case = Case(route=route, request=request, moves=(), work=work)
    move = case.move(Action.SUBMITTED, by=document.requester, at=at, comment=comment)
    moved = done(case, evolve(move, meaning=route.submission))
    return accept(moved.value, planned, moved)


def change(
    case: Case,
    planned: Decision[tuple[PlannedStep, ...]],
    document: Document,
    *,
    by: str,
    at: datetime,
    comment: str = "",
) -> Decision[ApprovalRequest]:
    """Hand in what a document has become: conditions and approvers are found again.

    A returned request begins a new round. Otherwise the guards of the route say from which step on decisions
    stop counting; what was approved before that step stands, under the content that was signed then.
    """
    request = case.request
    found: list[Reason] = []
    if request.state not in OPEN | {CaseState.APPROVED}:
        found.append(reasons.CLOSED(request.subject, observed=request.state))
    if by != request.requester:
        found.append(reasons.NOT_REQUESTER(request.subject))
    if found or planned.value is None:
        return refuse(*found, *planned.reasons)
    again = request.state is CaseState.RETURNED
    if not again and document.content == request.content and _same(request, document):
        return accept(request)
    fresh = evolve(
        request,
        round=request.round + 1 if again else request.round,
        amount=document.amount,
        content=document.content,
        fields=_fields(document),
        plan=planned.value,
    )
    after = evolve(case, request=fresh)
    void = () if again else _void(case, request, document, planned.value)
    action = Action.SUBMITTED if again else Action.CHANGED
    move = after.move(action, by=by, at=as_instant(at), comment=comment, void=void)
    moved = done(after, evolve(move, meaning=case.route.submission), was=case)
    return accept(moved.value, planned, moved)


def withdraw(case: Case, *, by: str, at: datetime, comment: str = "") -> Decision[ApprovalRequest]:
    """Take a document back (撤回): only its requester, and only before the last decision."""
    request = case.request
    found = []
    if request.state not in OPEN:
        found.append(reasons.CLOSED(request.subject, observed=request.state))
    if by != request.requester:
        found.append(reasons.NOT_REQUESTER(request.subject))
    moved = done(case, case.move(Action.WITHDRAWN, by=by, at=as_instant(at), comment=comment))
    return accept(moved.value, found, moved)


def migrate(
    case: Case,
    route: Route,
    planned: Decision[tuple[PlannedStep, ...]],
    *,
    by: str,
    at: datetime,
    comment: str,
) -> Decision[ApprovalRequest]:
    """Move a waiting request to another version of its route, by explicit wish and with a reason.

    Decisions stand at steps that both versions have unchanged, as far as every step before them stands too.
    """
    request = case.request
    found: list[Reason] = []
    if request.state not in OPEN:
        found.append(reasons.CLOSED(request.subject, observed=request.state))
    if route.code != case.route.code or route.kind != case.route.kind:
        found.append(reasons.OTHER_ROUTE(request.subject, observed=route.name, expected=case.route.code))
    if not comment:
        found.append(reasons.MOVE_REASON(request.subject, field="comment"))
    if found or planned.value is None:
        return refuse(*found, *planned.reasons)
    differs = [step.name for step in route.all_steps() if step != case.route.step(step.name)]
    void = dict.fromkeys(one for name in differs for one in from_step(route.root, name))
    void.update(dict.fromkeys(step.name for step in case.route.all_steps() if route.step(step.name) is None))
    after = evolve(case, route=route, request=evolve(request, route=route.name, plan=planned.value))
    move = after.move(
        Action.MIGRATED,
        by=by,
        at=as_instant(at),
        comment=comment,
        target=route.name,
        void=_with_added(case, void),
    )
    moved = done(after, move, was=case)
    return accept(moved.value, planned, moved)


def changed_fields(request: ApprovalRequest, document: Document) -> frozenset[str]:
    """The fields in which a document differs from what was handed in; "amount" is one."""
    old = {one.name: one.value for one in request.fields}
    names = old.keys() | document.fields.keys()
    found = {name for name in names if old.get(name) != document.fields.get(name)}
    return frozenset(found | ({"amount"} if document.amount != request.amount else set()))


def _void(
    case: Case, request: ApprovalRequest, document: Document, planned: Iterable[PlannedStep]
) -> tuple[str, ...]:
    """The steps whose decisions a change takes back; those that apply anew are among them."""
    route = case.route
    everything = tuple(step.name for step in leaves(case.now.tree))
    changed = changed_fields(request, document)
    guards = {guard.field: guard.step for guard in route.guards}
    if not changed or changed - guards.keys():
        return everything
    old = {step.name for step in request.plan if not step.skipped}
    appeared = [step.name for step in planned if not step.skipped and step.name not in old]
    first = [guards[name] for name in changed if guards[name]]
    return _with_added(case, (one for name in (*first, *appeared) for one in from_step(route.root, name)))


def _with_added(case: Case, steps: Iterable[str]) -> tuple[str, ...]:
    """Steps, and those that somebody added beside them."""
    named = set(steps)
    return tuple(
        sorted(named | {step.name for step in leaves(case.now.tree) if base_name(step.name) in named})
    )


def _same(request: ApprovalRequest, document: Document) -> bool:
    return not changed_fields(request, document)


def _fields(document: Document) -> tuple[DocumentField, ...]:
    return tuple(DocumentField(name, value) for name, value in sorted(document.fields.items()))
