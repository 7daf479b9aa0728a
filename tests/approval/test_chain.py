"""Which chains can be used at all, and whether the people there are can pass them."""

from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from pharmacrm.core.engines.approval import (
    ALL,
    ANY,
    AtLeast,
    Chain,
    Scope,
    check_chain,
    missing_approvers,
    sound,
)
from pharmacrm.core.flows.chains import CHAINS, RELEASE_CN
from pharmacrm.core.kernel.decision import Outcome
from pharmacrm.core.kernel.errors import MalformedInput
from tests.approval.chains import TWO, begin, chain, stage
from tests.covers import covers

GOOD = stage("check")
FRACTION: Any = 1.5
TEXT: Any = "2"

BAD = {
    "approvals-024 no stage": (chain(), {("chain.length", "stages")}),
    "approvals-029 1,000 stages": (
        chain(*(stage(f"s{number}") for number in range(1_000))),
        {("chain.length", "stages")},
    ),
    "101 stages": (chain(*(stage(f"s{number}") for number in range(101))), {("chain.length", "stages")}),
    "approvals-030 duplicate names": (chain(GOOD, GOOD), {("chain.stage_twice", "stages[1].name")}),
    "a name twice, the second after approval": (
        chain(GOOD, after=(GOOD,)),
        {("chain.stage_twice", "after[0].name")},
    ),
    "the name of the submission": (chain(stage("submission")), {("chain.stage_twice", "stages[0].name")}),
    "approvals-027 quorum 0": (chain(stage("a", quorum=AtLeast(0))), {("chain.quorum", "stages[0].quorum")}),
    "approvals-028 quorum -1": (
        chain(stage("a", quorum=AtLeast(-1))),
        {("chain.quorum", "stages[0].quorum")},
    ),
    "approvals-028 quorum 1.5": (
        chain(stage("a", quorum=AtLeast(FRACTION))),
        {("chain.quorum", "stages[0].quorum")},
    ),
    "approvals-028 quorum '2'": (
        chain(stage("a", quorum=AtLeast(TEXT))),
        {("chain.quorum", "stages[0].quorum")},
    ),
    "approvals-028 quorum True": (
        chain(stage("a", quorum=AtLeast(True))),
        {("chain.quorum", "stages[0].quorum")},
    ),
    "a quorum that is a bare number": (
        chain(stage("a", quorum=2)),  # type: ignore[arg-type]
        {("chain.quorum", "stages[0].quorum")},
    ),
    "a quorum of 101": (chain(stage("a", quorum=AtLeast(101))), {("chain.quorum", "stages[0].quorum")}),
    "all have to sign a slip": (
        chain(GOOD, after=(stage("issue", quorum=ALL),)),
        {("chain.quorum", "after[0].quorum")},
    ),
    "no role, no name, no scope": (
        chain(evolve(GOOD, name="", role="Finance!", scope="unit")),  # type: ignore[arg-type]
        {
            ("chain.stage_name", "stages[0].name"),
            ("chain.role", "stages[0].role"),
            ("chain.scope", "stages[0].scope"),
        },
    ),
    "a stage that is a text": (chain("check"), {("chain.stage", "stages[0]")}),  # type: ignore[arg-type]
    "stages that are a list": (
        evolve(TWO, stages=[GOOD], after=None),  # type: ignore[arg-type]
        {("chain.stages", "stages"), ("chain.stages", "after")},
    ),
    "all of it": (
        Chain(code="Release", version=0, stages=(), exclude_requester=1),  # type: ignore[arg-type]
        {
            ("chain.code", "code"),
            ("chain.version", "version"),
            ("chain.switch", "exclude_requester"),
            ("chain.length", "stages"),
        },
    ),
}


@covers("XT-13")
@pytest.mark.parametrize(("bad", "wanted"), BAD.values(), ids=BAD)
def test_every_mistake_in_a_chain_is_named_at_once(bad: Chain, wanted: set[tuple[str, str]]) -> None:
    mistakes = check_chain(bad)
    assert {(mistake.code, mistake.field) for mistake in mistakes} == wanted
    with pytest.raises(MalformedInput):
        sound(bad)
    with pytest.raises(MalformedInput):
        begin(bad)


@pytest.mark.parametrize("good", [RELEASE_CN, TWO, chain(*(stage(f"s{n}") for n in range(100)))])
def test_a_good_chain_has_no_mistakes(good: Chain) -> None:
    assert check_chain(good) == ()
    assert sound(good) is good


@covers("XT-03")
def test_the_release_chain_has_the_six_steps() -> None:
    assert [stage.name for stage in RELEASE_CN.stages] == ["qualification", "precheck", "lead", "finance"]
    assert [stage.role for stage in RELEASE_CN.stages] == ["assistant", "dispatcher", "lead", "finance"]
    assert [stage.scope for stage in RELEASE_CN.stages].index(Scope.UNIT) == 2
    assert [stage.name for stage in RELEASE_CN.after] == ["warehouse"]
    assert CHAINS == {"release_cn@1": RELEASE_CN}
    assert all(stage.quorum == ANY for stage in RELEASE_CN.stages)


PEOPLE = frozenset
MISSING = {
    "approvals-025 nobody": ({}, {("approval.no_approver", "check"), ("approval.no_approver", "lead")}),
    "nobody but the requester": (
        {"check": PEOPLE({"zhang"}), "lead": PEOPLE({"li"})},
        {("approval.no_approver", "check")},
    ),
    "a count of none": ({"check": 0, "lead": 1}, {("approval.no_approver", "check")}),
    "one person for both stages": (
        {"check": PEOPLE({"li"}), "lead": PEOPLE({"li"})},
        {("approval.too_few_approvers", "lead")},
    ),
    "two people who can swap": ({"check": PEOPLE({"li", "wu"}), "lead": PEOPLE({"li"})}, set()),
    "counts are taken at their word": ({"check": 1, "lead": 1}, set()),
}


@covers("XT-07")
@pytest.mark.parametrize(("holders", "wanted"), MISSING.values(), ids=MISSING)
def test_a_stage_without_approvers_is_refused_at_the_start(holders, wanted) -> None:
    answer = begin(TWO, holders)
    assert {(reason.code, reason.field) for reason in answer.reasons} == wanted
    assert (answer.outcome is Outcome.REFUSED) == bool(wanted)
    assert bool(answer.changes) == bool(answer.events) == (not wanted)


def test_a_requester_without_unit_cannot_ask_the_lead_of_a_unit() -> None:
    answer = begin(TWO, {"check": 1, "lead": 1}, unit=None)
    assert [(reason.code, reason.field) for reason in answer.reasons] == [("approval.no_unit", "lead")]


@pytest.mark.parametrize(
    ("holders", "code"),
    [
        ({"a": PEOPLE("xy")}, "approval.too_few_approvers"),
        ({"a": 2}, "approval.too_few_approvers"),
        ({"a": PEOPLE("xyz")}, ""),
    ],
    ids=["approvals-026 quorum 3 of 2", "approvals-026 quorum 3 of a count of 2", "3 of 3"],
)
def test_a_quorum_needs_that_many_people(holders, code) -> None:
    found = missing_approvers(
        chain(stage("a", quorum=AtLeast(3))), subject="SO-1", requester="zhang", unit=None, holders=holders
    )
    assert [reason.code for reason in found] == ([code] if code else [])


def test_the_requester_counts_where_the_chain_allows_it() -> None:
    assert begin(chain(GOOD, exclude_requester=False), {"check": PEOPLE({"zhang"})}).allowed


def test_one_person_may_sign_every_stage_where_the_chain_allows_it() -> None:
    same = {"a": PEOPLE("x"), "b": PEOPLE("x")}
    assert begin(chain(stage("a"), stage("b"), distinct_persons=False), same).allowed
    assert not begin(chain(stage("a"), stage("b")), same).allowed


@covers("XT-13")
@given(
    people=st.lists(st.frozensets(st.sampled_from("abcdef")), min_size=1, max_size=4),
    quorums=st.lists(st.integers(1, 3), min_size=4, max_size=4),
)
def test_law_different_people_are_found_exactly_where_there_are_any(people, quorums) -> None:
    stages = [
        stage(f"s{place}", quorum=AtLeast(quorum)) for place, quorum in enumerate(quorums[: len(people)])
    ]
    holders = {one.name: ids for one, ids in zip(stages, people, strict=True)}
    found = missing_approvers(chain(*stages), subject="SO-1", requester="zhang", unit=None, holders=holders)
    slots = [ids for ids, quorum in zip(people, quorums, strict=False) for _ in range(quorum)]
    assert (not found) == _different(slots, frozenset())


def _different(slots, taken) -> bool:
    if not slots:
        return True
    return any(_different(slots[1:], taken | {person}) for person in slots[0] - taken)
