"""What the machine found before a vote, and signatures under documents that follow: nobody signs it away."""

from datetime import timedelta
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from pharmacrm.core.engines.approval import CaseState, Evidence, Finding, Meaning
from pharmacrm.core.engines.approval.routes import (
    Act,
    Action,
    ByManager,
    ByRole,
    ByUser,
    Case,
    FollowUp,
    Inspection,
    Lapse,
    Parallel,
    Percent,
    Route,
    Shown,
    Signing,
    Timeout,
    change,
    counting,
    drawing,
    follow_up,
    may_follow_up,
    override,
    plan,
    ring,
    shown,
    withdraw,
)
from pharmacrm.core.kernel.decision import Decision
from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.kernel.reason import Reason, Severity
from tests.approval.routed import (
    AT,
    CONTENT,
    OFFICE,
    company,
    document,
    following,
    opened,
    routed,
    say,
    stage,
    waits,
    went,
)
from tests.approval.test_routes import codes
from tests.covers import covers

SLIP = "2" * 64
MEANT = Meaning("goods issued as on this slip", "仓库按单出库")
ISSUE = FollowUp("issue", "仓库出库签字", (ByRole("quality"),), MEANT)
TWO = routed(stage("lead", checks=("papers",)), stage("finance"), after=(ISSUE,))


def reason(severity: Severity = Severity.BLOCK, code: str = "licence.expired") -> Reason:
    return Reason(code=code, severity=severity, subject="L-1", observed="2026-01-01")


def inspected(case: Case, *found: Reason, step: str = "lead", **more: Any) -> Case:
    return evolve(case, inspected=Inspection(shown={step: shown("papers", "cn@1", found)}, **more))


HELD = Inspection(stops=(Reason(code="hold.open", severity=Severity.BLOCK, subject="Q-1"),))

# ------------------------------------------------------------------------------------------- evidence


@covers("XT-05", "XT-10")
def test_what_a_check_found_is_kept_with_the_vote() -> None:
    case = inspected(opened(TWO), reason(Severity.WARN))
    answer = say(case, "li")
    assert (answer.allowed, codes(answer)) == (True, ["licence.expired"])
    move = following(case, answer).moves[-1]
    found = Finding("licence.expired", Severity.WARN, "L-1", "2026-01-01")
    assert (move.evidence, move.role) == ((Evidence("papers", "cn@1", (found,)),), "lead")


@covers("XT-05")
@pytest.mark.parametrize("act", [Act.APPROVE, Act.ABSTAIN])
def test_nobody_signs_away_what_blocks(act: Act) -> None:
    voted = routed(stage("quality", quorum=Percent(50)))
    case = inspected(opened(voted), reason(), step="quality")
    answer = say(case, "sun", act)
    assert codes(answer) == ["evidence_blocks", "licence.expired"]
    assert (answer.value, answer.changes) == (None, ())
    assert answer.reasons[0].text("zh-CN") == "Q-1 的“quality”环节不能通过：核查发现 licence.expired"


@pytest.mark.parametrize(
    ("act", "state"), [(Act.REJECT, "rejected"), (Act.RETURN, "returned"), (Act.ASK, "pending")]
)
def test_what_blocks_an_approval_stops_nobody_from_saying_no(act: Act, state: str) -> None:
    case = inspected(opened(TWO), reason(), stops=HELD.stops)
    after = went(case, ("li", act, {"target": "he"} if act is Act.ASK else {}))
    assert (after.request.state, after.moves[-1].evidence) == (CaseState(state), ())


def test_a_finding_of_one_step_stops_no_other() -> None:
    case = inspected(opened(routed(Parallel((stage("lead"), stage("finance"))))), reason(), step="finance")
    assert codes(say(case, "qian")) == ["evidence_blocks", "licence.expired"]
    assert waits(went(case, ("li",))) == ("finance",)


def test_nobody_overrides_what_blocks_either() -> None:
    def overridden(case: Case) -> Decision[Any]:
        return override(case, OFFICE.person("he"), step="lead", comment="紧急", at=AT)

    assert codes(overridden(inspected(opened(TWO), reason()))) == ["evidence_blocks", "licence.expired"]
    assert codes(overridden(evolve(opened(TWO), inspected=HELD))) == ["hold.open"]
    warned = inspected(opened(TWO), reason(Severity.WARN))
    assert following(warned, overridden(warned)).moves[-1].evidence[0].check == "papers"


# ---------------------------------------------------------------------------------------------- holds


@covers("XT-26")
@pytest.mark.parametrize("person", sorted(OFFICE.roles))
def test_while_a_hold_is_open_nobody_approves(person: str) -> None:
    answer = say(evolve(opened(TWO), inspected=HELD), person)
    assert "hold.open" in answer.codes
    assert not answer.changes


def test_a_document_that_is_no_longer_what_was_handed_in_gets_no_vote() -> None:
    case = evolve(opened(TWO), inspected=Inspection(content=SLIP))
    assert codes(say(case, "li")) == ["content_changed"]
    assert codes(say(case, "li", Act.REJECT)) == ["content_changed"]
    assert say(evolve(case, inspected=Inspection(content=CONTENT)), "li").allowed


# ---------------------------------------------------------------------------------------------- clock


LATE = routed(stage("lead", timeout=Timeout(remind=4, decide=9, lapse=Lapse.APPROVE)), stage("finance"))
LATER = AT + timedelta(days=3)


@pytest.mark.parametrize("severity", [Severity.BLOCK, Severity.APPROVE])
def test_no_clock_passes_a_step_against_its_check(severity: Severity) -> None:
    """The step goes on waiting for a person, is not tried again, and the trail says why."""
    case = inspected(opened(LATE), reason(severity))
    seen = []
    for _ in range(3):
        answer = ring(case, at=LATER)
        case = following(case, answer)
        seen.append(case.moves[-1].action.value if answer.changes else "-")
    assert seen == ["reminded", "lapsed", "-"]
    assert (waits(case), case.request.due_at) == (("lead",), None)
    assert case.moves[-1].evidence[0].findings[0].code == "licence.expired"
    assert case.moves[-1].meaning == Meaning(
        "time is up at step lead, which its check stops", "环节 lead 已逾期，因核查结果不予自动同意"
    )
    assert waits(went(inspected(case), ("li",))) == ("finance",)


def test_a_warning_stops_no_clock_and_is_kept() -> None:
    case = inspected(opened(LATE), reason(Severity.WARN))
    for _ in range(2):
        case = following(case, ring(case, at=LATER))
    assert waits(case) == ("finance",)
    assert case.moves[-1].evidence[0].findings[0].severity is Severity.WARN


def test_the_clock_stands_while_a_hold_is_open() -> None:
    held = evolve(opened(LATE), inspected=HELD)
    assert ring(held, at=LATER).changes == ()
    passed = evolve(held, inspected=Inspection())
    assert following(passed, ring(passed, at=LATER)).moves[-1].action is Action.REMINDED


# ------------------------------------------------------------------------------------------ submission


def test_handing_in_is_a_signature_with_its_meaning() -> None:
    made = routed(stage("lead"), submission=Meaning("order made", "销售制单并提交"))
    first = opened(made).moves[0]
    assert (first.person, first.action, first.meaning, first.content) == (
        "zhang",
        Action.SUBMITTED,
        Meaning("order made", "销售制单并提交"),
        CONTENT,
    )
    assert opened(routed(stage("lead"))).moves[0].meaning == Meaning("submitted for approval", "提交审批")
    better = document(content=SLIP)
    case = opened(made)
    changed = following(case, change(case, plan(made, better, OFFICE), better, by="zhang", at=AT))
    assert (changed.moves[-1].action, changed.moves[-1].meaning) == (Action.CHANGED, made.submission)


# --------------------------------------------------------------------------------- what follows approval


def approved(route: Route = TWO) -> Case:
    return went(opened(route), ("li",), ("qian",))


def sign(case: Case, person: str, slip: str = "S-1", *, deputies: tuple[str, ...] = (), **more: Any) -> Any:
    given = Signing(**({"step": "issue", "document": slip, "content": SLIP} | more))
    return follow_up(
        case,
        OFFICE.person(person),
        given,
        at=AT + timedelta(hours=5),
        deputies=[OFFICE.person(one) for one in deputies],
    )


@covers("XT-03", "XT-09", "XT-10")
def test_one_signature_stands_under_each_document_that_follows() -> None:
    case = approved()
    first = sign(case, "sun")
    case = following(case, first)
    move = case.moves[-1]
    assert (move.action, move.step, move.target, move.content) == (Action.SIGNED, "issue", "S-1", SLIP)
    assert (move.person, move.role, move.meaning) == ("sun", "quality", MEANT)
    assert codes(sign(case, "sun")) == ["already_decided"]
    assert sign(case, "sun", "S-2").allowed
    assert sign(case, "zhou").allowed
    assert case.request.state is CaseState.APPROVED


@covers("XT-03", "SC-30")
@pytest.mark.parametrize(
    ("case", "person", "more", "expected"),
    [
        (opened(TWO), "sun", {}, ["not_approved"]),
        (went(opened(TWO), ("li", Act.REJECT)), "sun", {}, ["not_approved"]),
        (approved(), "zhang", {}, ["not_an_approver", "own_document"]),
        (approved(), "li", {}, ["already_decided"]),
        (approved(), "he", {}, ["not_an_approver"]),
        (approved(), "sun", {"seen": CONTENT}, ["content_changed"]),
        (approved(), "sun", {"deputies": ("zhang",)}, ["requesters_delegate"]),
        (approved(), "nobody", {}, ["not_an_approver", "person_inactive"]),
        (evolve(approved(), inspected=HELD), "sun", {}, ["hold.open"]),
        (inspected(approved(), reason(), step="issue"), "sun", {}, ["evidence_blocks", "licence.expired"]),
    ],
)
def test_who_cannot_sign_what_follows(
    case: Case, person: str, more: dict[str, Any], expected: list[str]
) -> None:
    answer = sign(case, person, **more)
    assert sorted(codes(answer)) == expected
    assert not answer.changes


def test_a_deputy_signs_what_follows_in_the_name_of_another() -> None:
    move = following(approved(), sign(approved(), "he", deputies=("zhou",))).moves[-1]
    assert (move.person, move.acting_for, move.role) == ("he", "zhou", "quality")
    assert codes(sign(approved(), "sun", deputies=("li",))) == []
    assert codes(sign(approved(), "he", deputies=("li",))) == ["not_an_approver"]


def test_whoever_signed_what_follows_decides_no_step_when_it_is_asked_again() -> None:
    route = routed(stage("quality"), after=(ISSUE,))
    case = went(opened(route), ("wu",))
    case = following(case, sign(case, "sun"))
    better = document(content="1" * 64)
    again = following(case, change(case, plan(route, better, OFFICE), better, by="zhang", at=AT))
    assert waits(again) == ("quality",)
    assert codes(say(again, "sun")) == ["already_decided"]
    assert say(again, "zhou").allowed


def test_nobody_has_to_be_there_yet_for_what_follows_but_somebody_has_to_be_thinkable() -> None:
    later = routed(stage("lead"), after=(FollowUp("issue", "出库", (ByRole("warehouse"),)),))
    assert plan(later, document(), OFFICE).allowed
    nobody = routed(stage("lead"), after=(FollowUp("issue", "出库", (ByManager(3),)),))
    assert codes(plan(nobody, document(), OFFICE)) == ["no_approver"]
    newcomer = company(zhang="sales", li="lead", neu="warehouse")
    case = opened(later)
    case = went(case, ("li",))
    found = follow_up(
        case, newcomer.person("neu"), Signing(step="issue", document="S-1", content=SLIP), at=AT
    )
    assert found.allowed


def test_a_route_without_such_a_signature_says_which_it_has() -> None:
    for route, known in ((TWO, "issue"), (routed(stage("lead"), stage("finance")), "none")):
        with pytest.raises(MalformedInput, match=known) as caught:
            may_follow_up(approved(route), OFFICE.person("sun"), step="receipt")
        assert (caught.value.code, caught.value.field) == ("choice.unknown", "step")


def test_why_not_me_is_answered_before_anything_is_signed() -> None:
    assert may_follow_up(approved(), OFFICE.person("sun"), step="issue").reasons == ()
    found = may_follow_up(opened(TWO), OFFICE.person("zhang"), step="issue").reasons
    assert [one.code for one in found] == [
        "approval.not_an_approver",
        "approval.not_approved",
        "approval.own_document",
    ]


def test_what_follows_is_drawn_behind_the_approval() -> None:
    text = drawing(TWO)
    assert "approved -.-> s_issue" in text
    assert "<b>issue</b> 仓库出库签字<br/>each document that follows: role quality" in text
    assert "checked: papers" in text


# ------------------------------------------------------------------------------------ what still counts


def test_a_change_leaves_only_the_signatures_that_stand() -> None:
    case = following(approved(), sign(approved(), "sun"))
    assert [one.action for one in counting(case)] == [
        Action.SUBMITTED,
        Action.APPROVED,
        Action.APPROVED,
        Action.SIGNED,
    ]
    better = document(content="1" * 64)
    after = following(case, change(case, plan(TWO, better, OFFICE), better, by="zhang", at=AT))
    assert [one.action for one in counting(after)] == [Action.SIGNED, Action.CHANGED]
    taken = following(opened(TWO), withdraw(opened(TWO), by="zhang", at=AT))
    assert counting(taken) == ()


walks = st.lists(
    st.tuples(
        st.sampled_from(sorted(OFFICE.roles)),
        st.sampled_from(["approve", "reject", "S-1", "S-2"]),
        st.sampled_from([(), ("li",), ("zhou",), ("zhang",)]),
        st.sampled_from(["", "", "", "block", "hold"]),
    ),
    max_size=16,
)


@covers("XT-03", "XT-05", "XT-26", "SC-30")
@given(walks)
def test_law_no_path_signs_against_the_machine_or_twice(walk: list[Any]) -> None:
    """Nobody decides a step and signs what follows, nothing passes against a finding or an open hold."""
    case = opened(TWO)
    for person, what, deputies, machine in walk:
        found = [reason()] if machine == "block" else []
        seen = {step: shown("papers", "cn@1", found) for step in ("lead", "finance", "issue")}
        case = evolve(case, inspected=Inspection(shown=seen, stops=HELD.stops if machine == "hold" else ()))
        others = tuple(one for one in deputies if one != person)
        if what in {"approve", "reject"}:
            answer = say(case, person, Act(what), deputies=others)
        else:
            answer = sign(case, person, what, deputies=others)
        if machine and what != "reject":
            assert not answer.allowed
        case = following(case, answer)
    signed = [move for move in case.moves if move.action in {Action.APPROVED, Action.SIGNED}]
    for move in signed:
        assert not any(f.severity is Severity.BLOCK for one in move.evidence for f in one.findings)
        assert "zhang" not in {move.person, move.acting_for}
    for one in signed:
        for other in signed:
            both = {one.person, one.acting_for} & {other.person, other.acting_for} - {""}
            same = one.action is other.action is Action.SIGNED and one.target != other.target
            assert one is other or not both or same
    assert set(counting(case)) <= set(case.moves)


def test_two_checks_of_a_step_are_added_up() -> None:
    both = shown("a", "1", [reason()]) + shown("b", "2", ())
    assert [one.check for one in both.evidence] == ["a", "b"]
    assert both.reasons == (reason(),)
    assert Shown() + both == both


def test_everybody_of_several_sources_signs_what_follows() -> None:
    route = routed(stage("lead"), after=(FollowUp("issue", "出库", (ByUser("he"), ByRole("quality"))),))
    case = went(opened(route), ("li",))
    assert following(case, sign(case, "he")).moves[-1].role == ""
    assert following(case, sign(case, "sun")).moves[-1].role == "quality"
