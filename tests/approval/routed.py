"""Routes, people and requests for tests of the engine: no door, no store."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from attrs import evolve, field, frozen

from pharmacrm.core.engines.approval import Person
from pharmacrm.core.engines.approval.routes import (
    Act,
    ApprovalMove,
    ApprovalRequest,
    ByRole,
    Case,
    Document,
    Node,
    Route,
    Source,
    Statement,
    Step,
    WorkingTime,
    decide,
    plan,
    submit,
)
from pharmacrm.core.kernel.calendar import WEEKENDS
from pharmacrm.core.kernel.change import Save
from pharmacrm.core.kernel.decision import Decision

AT = datetime(2026, 3, 2, 1, tzinfo=UTC)
"""A Monday, 9 o'clock in Shanghai."""
WORK = WorkingTime(WEEKENDS, ZoneInfo("Asia/Shanghai"))
CONTENT = "0" * 64


@frozen
class Company:
    """People as a test writes them down: roles by person, managers by person, all of one unit."""

    roles: dict[str, frozenset[str]]
    managers: dict[str, str] = field(factory=dict)
    gone: frozenset[str] = frozenset()

    def active(self, person: str) -> bool:
        return person in self.roles and person not in self.gone

    def manager(self, person: str) -> str | None:
        return self.managers.get(person)

    def holders(self, role: str, unit: str) -> frozenset[str]:
        return frozenset(one for one, held in self.roles.items() if role in held and self.active(one))

    def person(self, id: str) -> Person:
        return Person(id, self.roles.get(id, frozenset()), frozenset({"east"}), active=self.active(id))

    def crowd(self) -> dict[str, Person]:
        return {id: self.person(id) for id in self.roles}


def company(**roles: str) -> Company:
    """company(li="lead finance"): each person with the roles named."""
    return Company({id: frozenset(names.split()) for id, names in roles.items()})


OFFICE = company(
    zhang="sales lead",
    li="lead",
    wang="lead finance",
    qian="finance",
    sun="quality",
    zhou="quality",
    wu="quality",
    he="director",
)


def stage(name: str, *by: Source, **more: Any) -> Step:
    return Step(name, name, by or (ByRole(name),), **more)


def routed(*steps: Node, **more: Any) -> Route:
    fields: dict[str, Any] = {"code": "quote_cn", "version": 1, "kind": "quote", "steps": steps}
    return Route(**(fields | more))


def document(**more: Any) -> Document:
    fields: dict[str, Any] = {"subject": "Q-1", "kind": "quote", "requester": "zhang", "content": CONTENT}
    return Document(**(fields | more))


def opened(route: Route, people: Company = OFFICE, **more: Any) -> Case:
    """A request that was just handed in."""
    paper = document(**more)
    answer = submit(route, plan(route, paper, people), paper, earlier=(), at=AT, work=WORK)
    assert answer.value is not None, answer.codes
    return Case(route=route, request=answer.value, moves=moves_of(answer), work=WORK)


def moves_of(answer: Decision[Any]) -> tuple[ApprovalMove, ...]:
    return tuple(
        one.entity for one in answer.changes if isinstance(one, Save) and isinstance(one.entity, ApprovalMove)
    )


def following(case: Case, answer: Decision[ApprovalRequest]) -> Case:
    """The case after an answer; a refusal leaves it as it is."""
    if answer.value is None:
        return case
    return evolve(case, request=answer.value, moves=(*case.moves, *moves_of(answer)))


def say(
    case: Case,
    person: str,
    act: Act = Act.APPROVE,
    people: Company = OFFICE,
    *,
    deputies: Iterable[str] = (),
    after: int = 0,
    **more: Any,
) -> Decision[ApprovalRequest]:
    """What a person says of a request, so many hours after it was handed in."""
    words = Statement(act=act, **({"comment": "说明"} | more))
    return decide(
        case,
        people.person(person),
        words,
        at=AT + timedelta(hours=after),
        deputies=[people.person(id) for id in deputies],
        crowd=people.crowd(),
        target=people.person(words.target) if words.target in people.roles else None,
    )


def went(case: Case, *said: tuple[Any, ...], people: Company = OFFICE) -> Case:
    """The request after all of this was said: (person,) approves, (person, act, {...}) says more."""
    for words in said:
        person, act, more = (*words, Act.APPROVE, {})[:3] if len(words) == 1 else (*words, {})[:3]
        answer = say(case, person, act, people, **more)
        assert answer.value is not None, (words, answer.explain())
        case = following(case, answer)
    return case


def waits(case: Case) -> Sequence[str]:
    return case.request.waiting
