"""Routes of approval in the store: publishing versions, taking one out of use, and looking ahead."""

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Annotated, Any, ClassVar

from attrs import evolve, frozen

from pharmacrm.core.engines.approval import reasons
from pharmacrm.core.engines.approval.events import RoutePublished
from pharmacrm.core.engines.approval.routes.approvers import sitting
from pharmacrm.core.engines.approval.routes.check import mistake
from pharmacrm.core.engines.approval.routes.definition import Route
from pharmacrm.core.engines.approval.routes.drawing import Look, drawing
from pharmacrm.core.engines.approval.routes.model import (
    ApprovalRequest,
    ApprovalRoute,
    DocumentField,
    PlannedStep,
)
from pharmacrm.core.engines.approval.routes.planning import Document, choose
from pharmacrm.core.engines.approval.routes.reading import read_route, route_from_text
from pharmacrm.core.engines.approval.routes.writing import route_text
from pharmacrm.core.flows.appointing import PREVIEW, planned
from pharmacrm.core.flows.directory import StaffDirectory
from pharmacrm.core.kernel.codec import loads
from pharmacrm.core.kernel.decision import Decision, accept, refuse, save, tell
from pharmacrm.core.kernel.domain import Domain
from pharmacrm.core.kernel.errors import MalformedInput, NotFound
from pharmacrm.core.kernel.message import Command, Question, Reads
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.query import eq
from pharmacrm.core.kernel.reason import Reason, in_order
from pharmacrm.core.kernel.strict import Limit, strict
from pharmacrm.core.kernel.words import Words
from pharmacrm.core.people import Staff
from pharmacrm.core.values.document_kinds import FIELDS
from pharmacrm.core.values.roles import ROLES

Kind = Annotated[str, Limit(48)]
CHECKS: Mapping[str, tuple[str, ...]] = MappingProxyType({})
"""For each kind of document what the machine can look at before a vote."""
LONGEST_ROUTE = 100_000
"""Characters of the longest definition."""


@frozen(kw_only=True, field_transformer=strict)
class PublishRoute(Command[ApprovalRoute]):
    """Publish the next version of an approval route (发布审批流程), written as JSON.

    Every mistake in it is a reason of its own. New documents take the new version, those under way keep
    theirs. Publishing the newest version once more changes nothing.
    """

    subject_field: ClassVar[str] = ""

    definition: Annotated[str, Limit(LONGEST_ROUTE, multiline=True)]


@frozen(kw_only=True, field_transformer=strict)
class RetireRoute(Command[ApprovalRoute]):
    """Take a route out of use (停用审批流程): no new document takes it, those under way go on."""

    subject_field: ClassVar[str] = "code"

    code: Kind


@frozen(kw_only=True)
class PreviewStep:
    """A step as it would be for the document: who would decide it, or why it would be skipped."""

    step: str
    label_zh: str
    persons: tuple[str, ...] = ()
    skipped: str = ""


@frozen(kw_only=True)
class Preview:
    """What would happen to a document: its route and steps, or every reason why it could not be handed in."""

    route: str
    steps: tuple[PreviewStep, ...]
    reasons: tuple[Reason, ...]
    diagram: str = ""


@frozen(kw_only=True, field_transformer=strict)
class PreviewApproval(Question[Preview]):
    """Who would approve this document, if the actor handed it in now (模拟审批)? Nothing is stored."""

    kind: Kind
    amount: Money | None = None
    fields: tuple[DocumentField, ...] = ()
    route: Annotated[str, Limit(64, empty=True)] = ""


@PublishRoute.handler
def on_publish_route(command: PublishRoute, read: Reads) -> Decision[ApprovalRoute]:
    """Read the newest version of the route."""
    try:
        plain = loads(command.definition)
    except MalformedInput as error:
        return refuse(route_mistake("", error.inside("definition")))
    route, mistakes = read_route(_with_fields(plain))
    mistakes = (*mistakes, *unknown_checks(route))
    if mistakes:
        return refuse(*(route_mistake(route.code, one) for one in mistakes))
    rounds = read.find(ApprovalRoute, eq("code", route.code), order=("-number",), limit=1)
    newest = rounds[0] if rounds else None
    text = route_text(route)
    if newest is not None and newest.text == text and newest.active:
        return accept(newest)
    following = 1 + (newest.number if newest else 0)
    published = ApprovalRoute(
        id=route.name,
        code=route.code,
        number=route.version,
        kind=route.kind,
        text=text,
        published_by=read.actor,
        published_at=read.at,
    )
    wrong = []
    if route.version != following:
        wrong.append(
            reasons.ROUTE_VERSION(route.code, field="version", observed=route.version, expected=following)
        )
    before = save(evolve(newest, active=False)) if newest is not None and newest.active else ()
    told = tell(RoutePublished(subject=route.name, kind=route.kind, active=True))
    return accept(published, wrong, before, save(published), told)


def _with_fields(plain: Any) -> Any:
    """A definition with the fields that the library shows of documents of its own kinds."""
    if not isinstance(plain, dict) or not isinstance(plain.get("kind"), str):
        return plain
    own, given = FIELDS.get(plain["kind"], {}), plain.get("fields", {})
    return {**plain, "fields": {**given, **own}} if own and isinstance(given, dict) else plain


@RetireRoute.handler
def on_retire_route(command: RetireRoute, read: Reads) -> Decision[ApprovalRoute]:
    """Read the newest version; an older one is out of use already."""
    found = read.find(ApprovalRoute, eq("code", command.code), order=("-number",), limit=1)
    if not found:
        raise NotFound("approval_route", command.code)
    if not found[0].active:
        return accept(found[0])
    retired = evolve(found[0], active=False)
    return accept(
        retired, save(retired), tell(RoutePublished(subject=retired.id, kind=retired.kind, active=False))
    )


@PreviewApproval.handler
def on_preview_approval(question: PreviewApproval, read: Reads) -> Preview:
    """Read the routes of the kind and the people whom they name."""
    document = document_of(question.kind, PREVIEW, read, question.amount, question.fields)
    chosen = chosen_route(question.route, document, read)
    wrong = doubled(question.fields, document.subject)
    if chosen.value is None or wrong:
        return Preview(route="", steps=(), reasons=in_order((*chosen.reasons, *wrong)))
    directory = StaffDirectory(read)
    found = planned(chosen.value, document, read)
    steps = found.value or ()
    return Preview(
        route=chosen.value.name,
        steps=tuple(_preview(chosen.value, one, directory) for one in steps),
        reasons=found.reasons,
        diagram=drawing(chosen.value, {one.name: Look.SKIPPED for one in steps if one.skipped}),
    )


def unknown_checks(route: Route) -> tuple[MalformedInput, ...]:
    """A mistake for each check of a step that documents of this kind do not have: it would never look."""
    known = CHECKS.get(route.kind, ())
    return tuple(
        mistake(
            "check",
            f"a check of {route.kind} is wanted: {', '.join(known) or 'it has none'}",
            step.name,
            name,
        )
        for step in route.all_steps()
        for name in step.checks
        if name not in known
    )


def route_mistake(subject: str, mistake: MalformedInput) -> Reason:
    """A mistake in a definition, as a reason."""
    return reasons.ROUTE_MISTAKE(
        subject, field=mistake.field, observed=mistake.value[:100], expected=mistake.message
    )


def document_of(
    kind: str, subject: str, read: Reads, amount: Money | None, given: tuple[DocumentField, ...], **more: Any
) -> Document:
    """A document of the actor's, with the unit of the actor."""
    staff = read.seek(Staff, read.actor)
    return Document(
        subject=subject,
        kind=kind,
        requester=read.actor,
        unit=staff.unit if staff else None,
        amount=amount,
        fields=by_name(given),
        **{"content": "", **more},
    )


def by_name(given: tuple[DocumentField, ...]) -> dict[str, str]:
    """The fields of a document by name; `doubled` says which stand twice."""
    return {one.name: one.value for one in given}


def _values(count: int) -> Words:
    return Words("one value" if count == 1 else f"{count} values", f"{count} 个值")


def doubled(given: tuple[DocumentField, ...], subject: str) -> tuple[Reason, ...]:
    """A reason for each field that stands twice: none of its values is the one that is meant."""
    names = [one.name for one in given]
    return tuple(
        reasons.FIELD_WRONG(subject, field=name, observed=_values(names.count(name)), expected=_values(1))
        for name in sorted(set(names))
        if names.count(name) > 1
    )


def chosen_route(code: str, document: Document, read: Reads) -> Decision[Route]:
    """The route that a document takes: the named one, or the one of its kind that fits."""
    where = eq("code", code) if code else eq("kind", document.kind)
    found = read.find(ApprovalRoute, where, eq("active", value=True), order=("code",))
    return choose([parsed(one.text) for one in found], document)


def route_of(request: ApprovalRequest, read: Reads) -> Route:
    """The very version that a request runs on, whatever was published since."""
    return parsed(read.get(ApprovalRoute, request.route).text)


@lru_cache(maxsize=256)
def parsed(text: str) -> Route:
    """A stored definition, read once."""
    return route_from_text(text)


def _preview(route: Route, step: PlannedStep, directory: StaffDirectory) -> PreviewStep:
    return PreviewStep(
        step=step.name,
        label_zh=route.label(step.name).zh,
        persons=tuple(sorted(sitting(step.seats, directory))),
        skipped=step.skipped,
    )


ASKING = tuple(role for role in ROLES if role not in {"auditor", "erp"})
domain = Domain(
    name="routing",
    handlers=(on_publish_route, on_retire_route, on_preview_approval),
    rights={
        **dict.fromkeys(ASKING, (PreviewApproval,)),
        "admin": (PublishRoute, RetireRoute, PreviewApproval),
        "auditor": (PreviewApproval,),
    },
)
