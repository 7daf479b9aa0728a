"""Whether a route can be used at all: every mistake in it, all at once."""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from attrs import frozen

from pharmacrm.core.engines.approval.definition import SUBMISSION, Meaning
from pharmacrm.core.engines.approval.routes import mistakes
from pharmacrm.core.engines.approval.routes.approvers import (
    ByAuthority,
    ByField,
    ByManager,
    ByRole,
    ByUser,
    Source,
)
from pharmacrm.core.engines.approval.routes.conditions import (
    ORDERED,
    Comparison,
    Condition,
    Where,
    tests,
    written,
)
from pharmacrm.core.engines.approval.routes.definition import (
    Guard,
    Lapse,
    Node,
    OnEmpty,
    Parallel,
    Route,
    Serial,
    Step,
    Timeout,
)
from pharmacrm.core.engines.approval.routes.facts import BUILT_IN, FieldKind, Value
from pharmacrm.core.engines.approval.routes.mistakes import RouteMistake, mistake
from pharmacrm.core.engines.approval.routes.progress import REQUESTER
from pharmacrm.core.engines.approval.routes.quorum import Everyone, Percent, Persons, Points, Quorum
from pharmacrm.core.kernel.money import Money

MOST_STEPS: Final = 100
MOST_PERSONS: Final = 100
MOST_WEIGHT: Final = 1_000
MOST_HOURS: Final = 2_000
DEEPEST: Final = 8
LONGEST_LABEL: Final = 100

_WORD: Final = re.compile(r"[a-z][a-z0-9_]{0,47}")


@frozen
class _Known:
    """What steps and guards may name."""

    fields: dict[str, FieldKind]
    steps: tuple[str, ...]


def check_route(route: Route) -> tuple[RouteMistake, ...]:
    """Give every mistake in a route, each with the field that holds it; none means that it can be used."""
    known = _Known(
        {**BUILT_IN, **{field.name: field.kind for field in route.fields}},
        tuple(step.name for step in route.all_steps()),
    )
    after = tuple(one.name for one in route.after)
    return (
        *_heading(route),
        *_fields(route),
        *_condition(route.when, known, "when"),
        *_members(route.steps, known, "steps", 1),
        *_length(known.steps, after),
        *_after(route, known),
        *_meaning(route.submission, "submission"),
        *(
            _guard(guard, known, f"guards[{place}]")
            for place, guard in enumerate(route.guards)
            if _bad(guard, known)
        ),
    )


def word(text: object) -> bool:
    """Whether something can be a code: a lower-case word of at most 48 characters."""
    return type(text) is str and _WORD.fullmatch(text) is not None


def _heading(route: Route) -> Iterator[RouteMistake]:
    for name in ("code", "kind"):
        if not word(getattr(route, name)):
            yield mistake("word", mistakes.LOWER_CASE, name, getattr(route, name))
    if type(route.version) is not int or not 1 <= route.version < 10**6:
        yield mistake("number", mistakes.VERSION, "version", route.version)
    if type(route.priority) is not int or abs(route.priority) >= 10**6:
        yield mistake("number", mistakes.PRIORITY, "priority", route.priority)
    if route.if_nothing is OnEmpty.ESCALATE:
        yield mistake("empty", mistakes.WHOLE_ROUTE, "if_nothing", route.if_nothing.value)


def _fields(route: Route) -> Iterator[RouteMistake]:
    seen = set(BUILT_IN)
    for place, field in enumerate(route.fields):
        where = f"fields[{place}].name"
        if not word(field.name):
            yield mistake("word", mistakes.LOWER_CASE, where, field.name)
        elif field.name in seen:
            yield mistake("twice", mistakes.TAKEN, where, field.name)
        seen.add(field.name)


def _length(steps: tuple[str, ...], after: tuple[str, ...]) -> Iterator[RouteMistake]:
    if not 1 <= len(steps) <= MOST_STEPS:
        yield mistake("length", mistakes.steps_up_to(MOST_STEPS), "steps", len(steps))
    for name in sorted({name for name in steps if steps.count(name) > 1}):
        yield mistake("twice", mistakes.TAKEN, "steps", name)
    if len(after) > MOST_STEPS:
        yield mistake("length", mistakes.signatures_up_to(MOST_STEPS), "after", len(after))
    every = (*steps, *after)
    for name in sorted({name for name in after if every.count(name) > 1}):
        yield mistake("twice", mistakes.TAKEN, "after", name)


def _bad(guard: Guard, known: _Known) -> bool:
    return guard.field not in known.fields or bool(guard.step and guard.step not in known.steps)


def _guard(guard: Guard, known: _Known, field: str) -> RouteMistake:
    if guard.field not in known.fields:
        return mistake("unknown", mistakes.NO_FIELD, f"{field}.field", guard.field)
    return mistake("unknown", mistakes.NO_STEP, f"{field}.step", guard.step)


def _members(members: tuple[Node, ...], known: _Known, field: str, depth: int) -> Iterator[RouteMistake]:
    if depth > DEEPEST:
        yield mistake("length", mistakes.nested_up_to(DEEPEST), field, depth)
        return
    if not members:
        yield mistake("length", mistakes.NO_MEMBERS, field, 0)
    for place, member in enumerate(members):
        where = f"{field}[{place}]"
        if isinstance(member, Step):
            yield from _step(member, known, where)
        elif isinstance(member, Serial):
            yield from _members(member.members, known, f"{where}.serial", depth + 1)
        else:
            yield from _branches(member, where)
            yield from _members(member.members, known, f"{where}.parallel", depth + 1)


def _branches(group: Parallel, field: str) -> Iterator[RouteMistake]:
    match group.branches:
        case Everyone():
            return
        case Persons(count) if type(count) is int and 1 <= count <= len(group.members):
            return
        case _:
            message = mistakes.branches_up_to(len(group.members))
            yield mistake("quorum", message, f"{field}.branches", group.branches)


def _step(step: Step, known: _Known, field: str) -> Iterator[RouteMistake]:
    if not word(step.name) or step.name in {SUBMISSION, REQUESTER}:
        yield mistake("word", mistakes.LOWER_CASE, f"{field}.step", step.name)
    if not 1 <= len(step.label_zh) <= LONGEST_LABEL:
        message = mistakes.label_up_to(LONGEST_LABEL)
        yield mistake("word", message, f"{field}.label_zh", step.label_zh)
    if not step.by:
        yield mistake("approvers", mistakes.SOMEBODY_DECIDES, f"{field}.by", 0)
    for name in ("by", "escalate_to"):
        for place, source in enumerate(getattr(step, name)):
            yield from _source(source, known, f"{field}.{name}[{place}]")
    if step.if_empty is OnEmpty.ESCALATE and not step.escalate_to:
        yield mistake("approvers", mistakes.WHO_IS_ABOVE, f"{field}.escalate_to", 0)
    if not _sensible(step.quorum):
        yield mistake("quorum", mistakes.OUT_OF_RANGE, f"{field}.quorum", step.quorum)
    if step.back_to and step.back_to not in known.steps[: _place(known, step.name)]:
        yield mistake("unknown", mistakes.EARLIER_STEP, f"{field}.back_to", step.back_to)
    yield from _condition(step.when, known, f"{field}.when")
    yield from _timeout(step, field)
    yield from _meaning(step.meaning, f"{field}.meaning")
    yield from _checks(step, field)


def _after(route: Route, known: _Known) -> Iterator[RouteMistake]:
    for place, one in enumerate(route.after):
        field = f"after[{place}]"
        if not word(one.name) or one.name in {SUBMISSION, REQUESTER}:
            yield mistake("word", mistakes.LOWER_CASE, f"{field}.step", one.name)
        if not one.label_zh:
            yield mistake("word", mistakes.CHINESE_NAME, f"{field}.label_zh", one.label_zh)
        if not one.by:
            yield mistake("approvers", mistakes.SOMEBODY_SIGNS, f"{field}.by", 0)
        for number, source in enumerate(one.by):
            yield from _source(source, known, f"{field}.by[{number}]")
        yield from _meaning(one.meaning, f"{field}.meaning")


def _meaning(meaning: Meaning | None, field: str) -> Iterator[RouteMistake]:
    """A signature says something in both languages (21 CFR 11.50)."""
    if meaning is not None:
        for language in ("en", "zh"):
            if not getattr(meaning, language):
                yield mistake("word", mistakes.BOTH_LANGUAGES, f"{field}.{language}", "")


def _checks(step: Step, field: str) -> Iterator[RouteMistake]:
    for place, name in enumerate(step.checks):
        where = f"{field}.checks[{place}]"
        if not word(name):
            yield mistake("word", mistakes.LOWER_CASE, where, name)
        elif name in step.checks[:place]:
            yield mistake("twice", mistakes.CHECK_TWICE, where, name)


def _place(known: _Known, step: str) -> int:
    return known.steps.index(step) if step in known.steps else 0


def _sensible(quorum: Quorum) -> bool:
    match quorum:
        case Persons(number):
            return _within(number, MOST_PERSONS)
        case Points(number):
            return _within(number, MOST_PERSONS * MOST_WEIGHT)
        case Percent(number):
            return _within(number, 100)
        case Everyone():
            return True


def _within(number: object, most: int) -> bool:
    return type(number) is int and 1 <= number <= most


def _source(source: Source, known: _Known, field: str) -> Iterator[RouteMistake]:
    if type(source.weight) is not int or not 1 <= source.weight <= MOST_WEIGHT:
        yield mistake("number", mistakes.weight_up_to(MOST_WEIGHT), f"{field}.weight", source.weight)
    match source:
        case ByUser(user) if not user:
            yield mistake("approvers", mistakes.PERSON, f"{field}.user", user)
        case ByRole(role) if not word(role):
            yield mistake("word", mistakes.LOWER_CASE, f"{field}.role", role)
        case ByField(name):
            yield from _of_kind(name, FieldKind.PERSON, known, f"{field}.field")
        case ByManager(levels, of):
            if type(levels) is not int or not 1 <= levels <= DEEPEST:
                yield mistake("number", mistakes.levels_up_to(DEEPEST), f"{field}.manager", levels)
            if of:
                yield from _of_kind(of, FieldKind.PERSON, known, f"{field}.of")
        case ByAuthority():
            yield from _of_kind(source.field, FieldKind.MONEY, known, f"{field}.field")
            yield from _bands(source, field)
        case _:
            return


def _of_kind(name: str, kind: FieldKind, known: _Known, field: str) -> Iterator[RouteMistake]:
    if known.fields.get(name) is not kind:
        yield mistake("unknown", mistakes.declared(kind.wanted), field, name)


def _bands(source: ByAuthority, field: str) -> Iterator[RouteMistake]:
    """Bands rise in one currency, and only the last may be without end: neither gap nor overlap."""
    limits = [band.up_to for band in source.bands]
    where = f"{field}.authority"
    if not limits:
        yield mistake("authority", mistakes.BAND, where, 0)
    for place, (lower, upper) in enumerate(pairwise(limits), start=1):
        if lower is None:
            yield mistake("authority", mistakes.LAST_BAND, f"{where}[{place - 1}].up_to", lower)
        elif upper is not None and upper.currency != lower.currency:
            yield mistake("authority", mistakes.ONE_CURRENCY, f"{where}[{place}].up_to", upper)
        elif upper is not None and upper.minor <= lower.minor:
            yield mistake("authority", mistakes.RISING, f"{where}[{place}].up_to", upper)


def _condition(condition: Condition | None, known: _Known, field: str) -> Iterator[RouteMistake]:
    for test in tests(condition):
        kind = known.fields.get(test.field)
        if kind is None:
            yield mistake("unknown", mistakes.NO_FIELD, f"{field}.field", test.field)
            continue
        if test.comparison in _ORDERED and kind not in ORDERED:
            yield mistake(
                "condition",
                mistakes.unordered(kind.wanted),
                f"{field}.{test.field}",
                test.comparison.value,
            )
        yield from _values(test, kind, field)


_ORDERED: Final = {Comparison.LT, Comparison.LE, Comparison.GT, Comparison.GE}


def _values(test: Where, kind: FieldKind, field: str) -> Iterator[RouteMistake]:
    values = written(test)
    if bool(values) is (test.comparison is Comparison.GIVEN):
        message = mistakes.NO_VALUE if values else mistakes.VALUE
        yield mistake("condition", message, f"{field}.{test.field}", test.comparison.value)
    for value in values:
        if not _is_a(kind, value):
            yield mistake("condition", mistakes.wanted(kind.wanted), f"{field}.{test.field}", str(value))


def _is_a(kind: FieldKind, value: Value) -> bool:
    return kind_of(value) is kind or (kind is FieldKind.PERSON and type(value) is str)


def kind_of(value: Value) -> FieldKind:
    """The kind of a value that stands in a condition."""
    match value:
        case bool():
            return FieldKind.TRUTH
        case Money():
            return FieldKind.MONEY
        case str():
            return FieldKind.TEXT
        case _:
            return FieldKind.DATE if hasattr(value, "year") else FieldKind.NUMBER


def _timeout(step: Step, field: str) -> Iterator[RouteMistake]:
    timeout = step.timeout
    if timeout is None:
        return
    yield from _hours(timeout, f"{field}.timeout")
    if timeout.escalate is not None and not step.escalate_to:
        yield mistake("approvers", mistakes.WHO_IS_ABOVE, f"{field}.escalate_to", 0)
    if step.signature and timeout.decide is not None and timeout.lapse is Lapse.APPROVE:
        yield mistake("timeout", mistakes.NO_CLOCK_SIGNS, f"{field}.timeout.lapse", timeout.lapse.value)
    if timeout.escalate is not None and step.escalate_to and set(step.escalate_to) <= set(step.by):
        yield mistake("timeout", mistakes.NOT_ITSELF, f"{field}.escalate_to", len(step.escalate_to))


def _hours(timeout: Timeout, field: str) -> Iterator[RouteMistake]:
    given = [(name, getattr(timeout, name)) for name in ("remind", "escalate", "decide")]
    hours = [(name, value) for name, value in given if value is not None]
    if not hours:
        yield mistake("timeout", mistakes.SOME_HOURS, field, None)
    for name, value in hours:
        if type(value) is not int or not 1 <= value <= MOST_HOURS:
            yield mistake("timeout", mistakes.hours_up_to(MOST_HOURS), f"{field}.{name}", value)
    numbers = [value for _, value in hours if type(value) is int]
    if numbers != sorted(set(numbers)):
        yield mistake("timeout", mistakes.IN_ORDER, field, numbers)
