"""A route as a Mermaid diagram, alone or with where a request stands."""

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum

from attrs import define, field

from pharmacrm.core.engines.approval.routes.approvers import Source, describe
from pharmacrm.core.engines.approval.routes.conditions import AllOf, AnyOf, Comparison, Condition, Not, Where
from pharmacrm.core.engines.approval.routes.definition import (
    Node,
    Parallel,
    Route,
    Serial,
    Step,
    wanted_branches,
)
from pharmacrm.core.engines.approval.routes.facts import Value
from pharmacrm.core.engines.approval.routes.quorum import Everyone, Percent, Persons, Points, Quorum
from pharmacrm.core.kernel.codec import money_text
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.values.document_kinds import TRUTHS


class Look(StrEnum):
    """Where a step stands in a drawing."""

    PASSED = "passed"
    WAITING = "waiting"
    REJECTED = "rejected"
    SKIPPED = "skipped"


_STYLES = {
    Look.PASSED: "fill:#d5f0d5,stroke:#2e7d32",
    Look.WAITING: "fill:#fff3cd,stroke:#b8860b,stroke-width:3px",
    Look.REJECTED: "fill:#f8d0d0,stroke:#b00020",
    Look.SKIPPED: "fill:#eeeeee,stroke:#9e9e9e,stroke-dasharray:4",
}


@define
class _Drawing:
    lines: list[str] = field(factory=list)
    groups: int = 0

    def arrows(self, tails: Iterable[str], head: str) -> None:
        self.lines.extend(f"    {tail} --> {head}" for tail in tails)


def drawing(route: Route, looks: Mapping[str, Look] = {}) -> str:
    """The route as a Mermaid flowchart; `looks` colours the steps of a request."""
    made = _Drawing(["flowchart TD", f'    submitted(["{_text(route.name)}"])'])
    tails = _serial(made, route.steps, ("submitted",))
    made.lines.append('    approved(["approved"])')
    made.arrows(tails, "approved")
    for one in route.after:
        words = f"<b>{one.name}</b> {one.label_zh}<br/>each document that follows: {_by(one.by)}"
        made.lines.append(f'    s_{one.name}["{_text(words)}"]')
        made.lines.append(f"    approved -.-> s_{one.name}")
    used = sorted({looks[step.name] for step in route.all_steps() if step.name in looks})
    made.lines.extend(f"    classDef {look.value} {_STYLES[look]}" for look in used)
    made.lines.extend(
        f"    class s_{step.name} {looks[step.name].value}"
        for step in route.all_steps()
        if step.name in looks
    )
    return "\n".join(made.lines) + "\n"


def _serial(made: _Drawing, members: Iterable[Node], tails: tuple[str, ...]) -> tuple[str, ...]:
    for member in members:
        tails = _node(made, member, tails)
    return tails


def _node(made: _Drawing, node: Node, tails: tuple[str, ...]) -> tuple[str, ...]:
    match node:
        case Serial(members):
            return _serial(made, members, tails)
        case Parallel(members):
            return _parallel(made, node, members, tails)
        case Step():
            made.lines.append(f'    s_{node.name}["{_text("<br/>".join(_words(node)))}"]')
            made.arrows(tails, f"s_{node.name}")
            if node.back_to:
                made.lines.append(f"    s_{node.name} -. rejected .-> s_{node.back_to}")
            return (f"s_{node.name}",)


def _parallel(
    made: _Drawing, group: Parallel, members: tuple[Node, ...], tails: tuple[str, ...]
) -> tuple[str, ...]:
    made.groups += 1
    fork, join = f"fork{made.groups}", f"join{made.groups}"
    made.lines.append(f"    {fork}{{{{side by side}}}}")
    made.arrows(tails, fork)
    ends = [end for member in members for end in _node(made, member, (fork,))]
    made.lines.append(f"    {join}{{{{{wanted_branches(group)} of {len(members)}}}}}")
    made.arrows(ends, join)
    return (join,)


def _words(step: Step) -> Iterator[str]:
    yield f"<b>{step.name}</b> {step.label_zh}"
    yield f"{_quorum(step.quorum)}: {_by(step.by)}"
    if step.checks:
        yield f"checked: {', '.join(step.checks)}"
    if step.signature:
        yield "signed electronically"
    if step.when is not None:
        yield f"if {condition_words(step.when)}"


def _by(sources: Iterable[Source]) -> str:
    return "; ".join(describe(source).en for source in sources)


def _quorum(quorum: Quorum) -> str:
    match quorum:
        case Everyone():
            return "all"
        case Persons(1):
            return "any"
        case Persons(count):
            return f"{count} persons"
        case Points(points):
            return f"{points} points"
        case Percent(percent):
            return f"{percent} %"


def condition_words(condition: Condition) -> str:
    """A condition as a reader sees it."""
    match condition:
        case AllOf(conditions):
            return " and ".join(_bracketed(one) for one in conditions) or "always"
        case AnyOf(conditions):
            return " or ".join(_bracketed(one) for one in conditions) or "never"
        case Not(inner):
            return f"not {_bracketed(inner)}"
        case Where(field, Comparison.GIVEN):
            return f"{field} is given"
        case Where(field, Comparison.IN, _, among):
            return f"{field} in {', '.join(map(_shown, among))}"
        case Where(field, Comparison.EQ, True) if field in TRUTHS:
            return TRUTHS[field].en
        case Where(field, comparison, value):
            return f"{field} {_SIGNS[comparison]} {_shown(value)}"


_SIGNS = {
    Comparison.EQ: "=",
    Comparison.NE: "≠",
    Comparison.LT: "&lt;",
    Comparison.LE: "≤",
    Comparison.GT: "&gt;",
    Comparison.GE: "≥",
}


def _shown(value: Value | None) -> str:
    return money_text(value) if isinstance(value, Money) else str(value)


def _bracketed(condition: Condition) -> str:
    words = condition_words(condition)
    return f"({words})" if isinstance(condition, (AllOf, AnyOf)) else words


def _text(text: str) -> str:
    return text.replace('"', "#quot;")
