"""Chains, people and cases that the tests of approval share."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from pharmacrm.core.engines.approval import (
    ANY,
    ApprovalCase,
    Ballot,
    Chain,
    Holders,
    Meaning,
    Person,
    Quorum,
    Scope,
    SignOff,
    Stage,
    Verdict,
    decide,
    sign_submission,
    start,
)
from pharmacrm.core.kernel.change import Save
from pharmacrm.core.kernel.decision import Decision

AT = datetime(2026, 11, 21, 2, tzinfo=UTC)
SEEN = "a" * 64
OTHER = "b" * 64


def stage(name: str, role: str = "", quorum: Quorum = ANY, scope: Scope = Scope.TENANT) -> Stage:
    return Stage(name, name.upper(), role or name, Meaning(f"{name} done", f"{name} 完成"), quorum, scope)


def chain(
    *stages: Stage,
    after: tuple[Stage, ...] = (),
    exclude_requester: bool = True,
    distinct_persons: bool = True,
) -> Chain:
    return Chain(
        code="test",
        version=1,
        stages=stages,
        after=after,
        exclude_requester=exclude_requester,
        distinct_persons=distinct_persons,
    )


TWO = chain(stage("check"), stage("lead", scope=Scope.UNIT), after=(stage("issue", "warehouse"),))
"""A check by anybody of the role, the lead of the requester's unit, then a signature on each slip."""

CHECKER = Person("chen", frozenset({"check"}))
SECOND_CHECKER = Person("qian", frozenset({"check"}))
LEAD = Person("li", frozenset({"lead"}), frozenset({"east"}))
REQUESTER = Person("zhang", frozenset({"sales", "check", "lead"}), frozenset({"east"}))
PACKER = Person("sun", frozenset({"warehouse"}))

HOLDERS: Holders = {"check": frozenset({"chen", "qian", "zhang"}), "lead": frozenset({"li"})}


def begin(of: Chain = TWO, holders: Holders = HOLDERS, unit: str | None = "east") -> Decision[ApprovalCase]:
    return start(
        of, subject="SO-1", round=1, content=SEEN, requester="zhang", unit=unit, at=AT, holders=holders
    )


def opened(of: Chain = TWO, holders: Holders = HOLDERS) -> ApprovalCase:
    return begin(of, holders).expect()


def yes(**said) -> Ballot:
    return Ballot(**{"verdict": Verdict.APPROVED, "content": SEEN, **said})


def no(comment: str = "price is wrong", **said) -> Ballot:
    return Ballot(**{"verdict": Verdict.REJECTED, "content": SEEN, "comment": comment, **said})


def stored(decision: Decision[Any]) -> list[SignOff]:
    """The signatures that a decision wants stored."""
    saved = (change.entity for change in decision.changes if isinstance(change, Save))
    return [entity for entity in saved if isinstance(entity, SignOff)]


class Run:
    """A case under way, with all of its signatures; a minute passes with each act."""

    def __init__(self, of: Chain = TWO, holders: Mapping[str, frozenset[str] | int] = HOLDERS) -> None:
        self.chain = of
        self.holders = holders
        self.first = opened(of, holders)
        self.case = self.first
        self.signed = stored(sign_submission(of, self.case, role="sales"))
        self.at = AT

    def decide(self, person: Person, ballot: Ballot | None = None) -> Decision[ApprovalCase]:
        self.at += timedelta(minutes=1)
        answer = decide(
            self.chain, self.case, self.signed, person, ballot or yes(), at=self.at, holders=self.holders
        )
        return self.take(answer)

    def take(self, answer: Decision[ApprovalCase]) -> Decision[ApprovalCase]:
        if answer.value is not None:
            self.case = answer.value
            fresh = {sign_off.id: sign_off for sign_off in stored(answer)}
            self.signed = [fresh.pop(old.id, old) for old in self.signed] + list(fresh.values())
        return answer
