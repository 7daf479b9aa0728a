"""Who votes at a step that others have closed hears who closed it, and when."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pharmacrm.core.engines.approval.routes import Act, Parallel, Persons, chance, override, ring
from pharmacrm.core.engines.approval.routes.definition import Timeout
from pharmacrm.core.kernel.reason import Reason
from tests.approval.routed import AT, OFFICE, following, opened, routed, say, stage, waits, went

QUALITY, FINANCE, DIRECTOR = stage("quality"), stage("finance"), stage("director")


def late(answer_reasons: tuple[Reason, ...]) -> list[tuple[str, str, str]]:
    return [(one.code.removeprefix("approval."), one.observed, one.expected) for one in answer_reasons]


def test_a_late_voter_hears_who_closed_the_step_and_when() -> None:
    case = went(opened(routed(QUALITY, DIRECTOR)), ("sun", Act.APPROVE, {"after": 3}))
    assert late(say(case, "zhou").reasons) == [("already_done", "quality", "sun, 2026-03-02 04:00 UTC")]
    (reason,) = say(case, "zhou").reasons
    assert reason.message == "stage quality of Q-1 is decided already: sun, 2026-03-02 04:00 UTC"
    assert late(say(case, "zhou", step="quality").reasons)[0][1:] == ("quality", "sun, 2026-03-02 04:00 UTC")


@pytest.mark.parametrize("person", ["qian", "li"])
def test_who_never_sat_there_hears_of_the_step_that_waits(person: str) -> None:
    case = went(opened(routed(QUALITY, DIRECTOR)), ("sun",))
    assert [one.code for one in say(case, person).reasons] == ["approval.not_an_approver"]


def test_a_branch_that_was_not_needed_is_closed_by_the_one_that_was() -> None:
    either = Parallel((QUALITY, FINANCE), Persons(1))
    case = went(opened(routed(either, DIRECTOR)), ("qian", Act.APPROVE, {"after": 1}))
    assert waits(case) == ("director",)
    assert late(say(case, "sun").reasons) == [("already_done", "quality", "qian, 2026-03-02 02:00 UTC")]


def test_a_clock_and_an_override_close_a_step_too() -> None:
    timed = stage("quality", timeout=Timeout(decide=2), back_to="")
    case = opened(routed(QUALITY, DIRECTOR))
    passed = override(case, OFFICE.person("li"), step="quality", comment="急", at=AT + timedelta(hours=1))
    assert late(say(following(case, passed), "zhou").reasons)[0][2] == "li, 2026-03-02 02:00 UTC"
    beside = opened(routed(Parallel((timed, FINANCE), Persons(1)), DIRECTOR))
    rung = following(beside, ring(beside, at=AT + timedelta(hours=2)))
    assert waits(rung) == ("finance",)
    assert late(say(rung, "zhou").reasons)[0] == ("already_done", "quality", "system, 2026-03-02 03:00 UTC")


def test_who_gave_the_seat_away_or_is_barred_hears_that() -> None:
    case = went(opened(routed(QUALITY, DIRECTOR)), ("sun", Act.FORWARD, {"target": "qian"}), ("zhou",))
    assert [one.code for one in say(case, "sun").reasons] == ["approval.not_an_approver"]
    own = went(opened(routed(stage("lead"), DIRECTOR)), ("li",))
    assert {one.code for one in say(own, "zhang").reasons} == {
        "approval.own_document",
        "approval.already_done",
    }


@given(st.permutations(["quality", "finance", "lead"]), st.integers(1, 2))
def test_law_it_is_never_told_to_who_can_decide_or_has_decided(order: list[str], done: int) -> None:
    case = opened(routed(*(stage(name) for name in order)))
    voters = {"quality": "sun", "finance": "qian", "lead": "li"}
    for name in order[:done]:
        case = went(case, (voters[name],))
    for person in OFFICE.roles:
        found = chance(case.route, case.request, case.now, OFFICE.person(person))
        told = any(one.code == "approval.already_done" for one in found.reasons)
        sits = {"wang": ("lead", "finance")}.get(person, tuple(OFFICE.roles[person]))
        missed = bool(set(sits) & set(order[:done])) and order[done] not in sits
        assert told is (missed and person not in voters.values())
