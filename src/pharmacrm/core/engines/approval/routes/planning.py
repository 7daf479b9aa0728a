"""Who would approve a document on a route: the steps that apply, and the seats of each."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from attrs import field, frozen

from pharmacrm.core.engines.approval import reasons
from pharmacrm.core.engines.approval.definition import Scope
from pharmacrm.core.engines.approval.routes.approvers import (
    ByAuthority,
    Directory,
    Named,
    Seat,
    describe,
    seats,
    sitting,
)
from pharmacrm.core.engines.approval.routes.conditions import compared, met, strangers
from pharmacrm.core.engines.approval.routes.definition import FollowUp, OnEmpty, Route, Step
from pharmacrm.core.engines.approval.routes.facts import BUILT_IN, Facts, Value, left_out, read_facts
from pharmacrm.core.engines.approval.routes.model import PlannedStep
from pharmacrm.core.engines.approval.routes.quorum import Persons, Points, least
from pharmacrm.core.engines.approval.routes.tree import inevitable, pruned
from pharmacrm.core.engines.approval.seating import seat
from pharmacrm.core.kernel.decision import Decision, accept, refuse
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.reason import Reason, Severity
from pharmacrm.core.kernel.words import Words, listed

CONDITION, EMPTY = "condition", "empty"
"""Why a step is skipped: its condition is not met, or nobody could decide it."""


@frozen(kw_only=True)
class Document:
    """What is to be approved: any document, by the id, kind, amount and fields that a route looks at.

    `content` is the digest of all of it. `named` are people for the route's `ByPlugin`.
    """

    subject: str
    kind: str
    requester: str
    content: str
    unit: str | None = None
    amount: Money | None = None
    fields: Mapping[str, str] = field(factory=dict)
    named: Named = field(factory=dict)


def facts_of(route: Route, document: Document) -> tuple[Facts, tuple[Reason, ...]]:
    """The fields of a document as the route reads them, and a reason for each that is wrong."""
    facts, found = read_facts(route.fields, document.fields, document.subject)
    own: dict[str, Value] = {"requester": document.requester}
    if document.unit is not None:
        own["unit"] = document.unit
    if document.amount is not None:
        own["amount"] = document.amount
    return {**facts, **own}, found


def plan(route: Route, document: Document, directory: Directory) -> Decision[tuple[PlannedStep, ...]]:
    """Say for every step of a route who would decide it for this document, or why it is skipped.

    Evaluated when a document is handed in, and again when it changes. Every reason is given at once: fields
    that are wrong or missing, amounts that cannot be compared, steps that nobody could decide.
    """
    facts, found = facts_of(route, document)
    found += (*_uncomparable(route, document, facts), *_left_out(route, document, facts))
    if found:
        return refuse(*found)
    planned = [_planned(route, step, document, facts, directory) for step in route.all_steps()]
    whole = all(one.value is not None for one in planned)
    crossed = _crossed(route, planned, document, directory) if whole else ()
    nothing = all(one.value is not None and one.value.skipped for one in planned)
    empty = reasons.NOTHING_APPLIES(document.subject, observed=route.name).weighed(
        Severity.BLOCK if route.if_nothing is OnEmpty.ERROR else Severity.WARN
    )
    following = [_following(one, document, facts, directory) for one in route.after]
    steps = tuple(one.value for one in (*planned, *following) if one.value is not None)
    return accept(steps, *planned, *following, crossed, [empty] if nothing else ())


@frozen
class _ByThen:
    """People as they may be when a document follows: whoever is named is taken at their name."""

    directory: Directory

    def active(self, _: str) -> bool:
        return True

    def manager(self, person: str) -> str | None:
        return self.directory.manager(person)

    def holders(self, role: str, _: str) -> frozenset[str]:
        return frozenset({role})


def _following(
    wanted: FollowUp, document: Document, facts: Facts, directory: Directory
) -> Decision[PlannedStep]:
    """Who may sign the documents that follow; whether they are there is seen when one does."""
    given, missing = seats(wanted.by, facts, _ByThen(directory), document.named)
    if given:
        return accept(PlannedStep(name=wanted.name, seats=given))
    return refuse(_nobody(wanted, document, missing))


def _uncomparable(route: Route, document: Document, facts: Facts) -> Iterator[Reason]:
    wrong = {test.field for step in route.all_steps() for test in strangers(step.when, facts)}
    for step in route.all_steps():
        for source in (*step.by, *step.escalate_to):
            amount = facts.get(source.field) if isinstance(source, ByAuthority) else None
            if isinstance(source, ByAuthority) and isinstance(amount, Money):
                limits = {band.up_to.currency for band in source.bands if band.up_to is not None}
                wrong |= {source.field} if limits - {amount.currency} else set()
    for name in sorted(wrong):
        yield reasons.CURRENCY(document.subject, field=name, observed=facts[name])


def _left_out(route: Route, document: Document, facts: Facts) -> Iterator[Reason]:
    """What a step looks at and is not there: what every document has, and the amounts of authorities."""
    kinds = {**BUILT_IN, **{field.name: field.kind for field in route.fields}}
    wanted: set[str] = set()
    for step in route.all_steps():
        wanted |= compared(step.when) & BUILT_IN.keys()
        if met(step.when, facts):
            sources = (*step.by, *step.escalate_to)
            wanted |= {source.field for source in sources if isinstance(source, ByAuthority)}
    wanted |= {source.field for one in route.after for source in one.by if isinstance(source, ByAuthority)}
    told = {field.name for field in route.fields if field.required} | document.fields.keys()
    for name in sorted(wanted - facts.keys() - told):
        yield left_out(document.subject, name, kinds[name])


def _planned(
    route: Route, step: Step, document: Document, facts: Facts, directory: Directory
) -> Decision[PlannedStep]:
    if not met(step.when, facts):
        return accept(PlannedStep(name=step.name, skipped=CONDITION))
    given, missing = seats(step.by, facts, directory, document.named)
    above, _ = seats(step.escalate_to, facts, directory, document.named)
    short = tuple(_short(route, step, given, document, directory, missing))
    if not short:
        return accept(PlannedStep(name=step.name, seats=given, above=above))
    if step.if_empty is OnEmpty.SKIP:
        told = reasons.STEP_SKIPPED(document.subject, field=step.name, named=step.label)
        return accept(PlannedStep(name=step.name, skipped=EMPTY), told)
    if step.if_empty is OnEmpty.ESCALATE:
        both = tuple(dict.fromkeys((*given, *above)))
        short = tuple(_short(route, step, both, document, directory, missing))
        return accept(PlannedStep(name=step.name, seats=both, above=above), short)
    return refuse(*short)


def _crossed(
    route: Route, planned: Iterable[Decision[PlannedStep]], document: Document, directory: Directory
) -> tuple[Reason, ...]:
    """The first step for which no different people are left, where nobody may sign twice.

    Only steps that have to pass whatever happens are looked at, and of a share or of points one signature.
    """
    if not route.one_signature_each:
        return ()
    kept = {one.value.name: one.value for one in planned if one.value is not None and not one.value.skipped}
    tree = pruned(route.root, kept)
    wanted = [step for step in inevitable(tree) if step.name in kept] if tree else []
    barred = set() if route.requester_may_decide else {document.requester}
    people = {step.name: sitting(kept[step.name].seats, directory) - barred for step in wanted}
    slots = [step for step in wanted for _ in range(least(step.quorum))]
    seated: dict[str, int] = {}
    for slot, step in enumerate(slots):
        if not seat(slot, slots, people, seated):
            there = sum(slots[place] is step for place in seated.values())
            found = reasons.TOO_FEW_APPROVERS(
                document.subject,
                field=step.name,
                named=step.label,
                observed=there,
                expected=least(step.quorum),
            )
            return (found,)
    return ()


def _nobody(step: Step | FollowUp, document: Document, missing: Sequence[Words]) -> Reason:
    """Nobody is there: the requester has no unit in which to look, or it has nobody of the kind."""
    units = [source for source in step.by if getattr(source, "scope", Scope.TENANT) is Scope.UNIT]
    if document.unit is None and len(units) == len(step.by):
        return reasons.NO_UNIT(document.subject, field=step.name, named=step.label)
    wanted = listed(missing or map(describe, step.by))
    return reasons.NO_APPROVER(document.subject, field=step.name, named=step.label, expected=wanted)


def _short(
    route: Route,
    step: Step,
    given: Sequence[Seat],
    document: Document,
    directory: Directory,
    missing: Sequence[Words],
) -> Iterator[Reason]:
    """Whether there are people enough for a step, the requester not counted."""
    free = sitting(given, directory) - (set() if route.requester_may_decide else {document.requester})
    if not free:
        yield _nobody(step, document, missing)
        return
    match step.quorum:
        case Persons(count):
            there, least = len(free), count
        case Points(points):
            there, least = len(free) * max(seat.weight for seat in given), points
        case _:
            return
    if there < least:
        yield reasons.TOO_FEW_APPROVERS(
            document.subject, field=step.name, named=step.label, observed=there, expected=least
        )
