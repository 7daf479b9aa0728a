"""Routes of approval in the store: publishing versions, taking one out of use, and looking ahead."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Annotated, Any, ClassVar

from attrs import evolve, frozen

from pharmacrm.core.engines.approval import reasons
from pharmacrm.core.engines.approval.events import RoutePublished
from pharmacrm.core.engines.approval.routes.approvers import sitting
from pharmacrm.core.engines.approval.routes.choosing import choose
from pharmacrm.core.engines.approval.routes.definition import Route
from pharmacrm.core.engines.approval.routes.delegations import Delegation
from pharmacrm.core.engines.approval.routes.drawing import Look, drawing
from pharmacrm.core.engines.approval.routes.mistakes import mistake, words_of
from pharmacrm.core.engines.approval.routes.model import (
    ApprovalRequest,
    ApprovalRoute,
    DocumentField,
    PlannedStep,
)
from pharmacrm.core.engines.approval.routes.people_named import absent
from pharmacrm.core.engines.approval.routes.planning import Document
from pharmacrm.core.engines.approval.routes.reading import read_route, route_from_text
from pharmacrm.core.engines.approval.routes.writing import route_text
from pharmacrm.core.flows.appointing import PREVIEW, planned
from pharmacrm.core.flows.deputising import StandIn, lent_for, stand_ins
from pharmacrm.core.flows.directory import StaffDirectory
from pharmacrm.core.flows.inspecting import unfit
from pharmacrm.core.flows.shipped_routes import SHIPPED
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
    """A step as it would be for the document: who decides it or stands in for them, or why it is skipped."""

    step: str
    label_zh: str
    persons: tuple[str, ...] = ()
    standing_in: tuple[StandIn, ...] = ()
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
    """Read the newest version of the route, and whether the people whom it names are there."""
    try:
        plain = loads(command.definition)
    except MalformedInput as error:
        return refuse(route_mistake("", error.inside("definition")))
    route, mistakes = read_route(_with_fields(plain))
    wrong = [*mistakes, *(mistake("kind", *each) for each in unfit(route))]
    if wrong:
        return refuse(*(route_mistake(route.code, one) for one in wrong))
    rounds = read.find(ApprovalRoute, eq("code", route.code), order=("-number",), limit=1)
    newest = rounds[0] if rounds else None
    text = route_text(route)
    if newest is not None and newest.text == text and newest.active:
        return accept(newest)
    shipped = max((one.version for one in SHIPPED.values() if one.code == route.code), default=0)
    following = 1 + (newest.number if newest else shipped)
    published = ApprovalRoute(
        id=route.name,
        code=route.code,
        number=route.version,
        kind=route.kind,
        text=text,
        published_by=read.actor,
        published_at=read.at,
    )
    number = (
        [reasons.ROUTE_VERSION(route.code, field="version", observed=route.version, expected=following)]
        if route.version != following
        else []
    )
    before = save(evolve(newest, active=False)) if newest is not None and newest.active else ()
    told = tell(RoutePublished(subject=route.name, kind=route.kind, active=True))
    return accept(
        published, number, tuple(absent(route, StaffDirectory(read))), before, save(published), told
    )


def _with_fields(plain: Any) -> Any:
    """A definition with the fields that the library shows of documents of its own kinds."""
    if not isinstance(plain, dict) or not isinstance(plain.get("kind"), str):
        return plain
    own, given = FIELDS.get(plain["kind"], {}), plain.get("fields", {})
    return {**plain, "fields": {**given, **own}} if own and isinstance(given, dict) else plain


@RetireRoute.handler
def on_retire_route(command: RetireRoute, read: Reads) -> Decision[ApprovalRoute]:
    """Read the newest version, or the one of the library; an older one is out of use already."""
    found = read.find(ApprovalRoute, eq("code", command.code), order=("-number",), limit=1)
    newest = found[0] if found else _as_published(command.code, read)
    if not newest.active:
        return accept(newest)
    retired = evolve(newest, active=False)
    return accept(
        retired, save(retired), tell(RoutePublished(subject=retired.id, kind=retired.kind, active=False))
    )


def _as_published(code: str, read: Reads) -> ApprovalRoute:
    """The library's own route of a code, as it would stand in the store had it been published now."""
    mine = [one for one in SHIPPED.values() if one.code == code]
    if not mine:
        raise NotFound("approval_route", code)
    route = max(mine, key=lambda one: one.version)
    return ApprovalRoute(
        id=route.name,
        code=code,
        number=route.version,
        kind=route.kind,
        text=route_text(route),
        published_by=read.actor,
        published_at=read.at,
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
    lent = lent_for(chosen.value, document, directory)
    return Preview(
        route=chosen.value.name,
        steps=tuple(_preview(chosen.value, one, directory, lent) for one in steps),
        reasons=found.reasons,
        diagram=drawing(chosen.value, {one.name: Look.SKIPPED for one in steps if one.skipped}),
    )


def route_mistake(subject: str, mistake: MalformedInput) -> Reason:
    """A mistake in a definition, as a reason."""
    return reasons.ROUTE_MISTAKE(
        subject, field=mistake.field, observed=mistake.value[:100], expected=words_of(mistake)
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
    """The route that a document takes: the named one, or the one of its kind that fits.

    Where no published one does, it is the library's own of the kind, unless a version of it was published or
    it was taken out of use.
    """
    own = [one for one in SHIPPED.values() if one.kind == document.kind and code in {"", one.code}]
    where = (eq("code", code) if code else eq("kind", document.kind),)
    only_active = () if own else (eq("active", value=True),)
    found = read.find(ApprovalRoute, *where, *only_active, order=("code",))
    chosen = choose([parsed(one.text) for one in found if one.active], document)
    if chosen.codes != (reasons.NO_ROUTE.code,) or not own:
        return chosen
    published = {one.code for one in found}
    left = [one for one in own if one.code not in published]
    return choose(left, as_declared(left[0], document)) if left else chosen


def as_declared(route: Route, document: Document) -> Document:
    """A document on a route of the library that looks at none of its fields: its content says all."""
    return evolve(document, fields={}) if route.name in SHIPPED and not route.fields else document


def route_of(request: ApprovalRequest, read: Reads) -> Route:
    """The very version that a request runs on, whatever was published since."""
    return route_named(request.route, read)


def route_named(name: str, read: Reads) -> Route:
    """A version of a route by its name, such as quote_cn@2; `NotFound` names one that is not there."""
    return SHIPPED.get(name) or parsed(read.get(ApprovalRoute, name).text)


@lru_cache(maxsize=256)
def parsed(text: str) -> Route:
    """A stored definition, read once."""
    return route_from_text(text)


def _preview(
    route: Route, step: PlannedStep, directory: StaffDirectory, lent: Sequence[Delegation]
) -> PreviewStep:
    persons = sitting(step.seats, directory)
    return PreviewStep(
        step=step.name,
        label_zh=route.label(step.name).zh,
        persons=tuple(sorted(persons)),
        standing_in=stand_ins(persons, lent),
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
