"""Requests on routes: tables of what happens, the peers' bugs, and what nobody else tells."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from attrs import evolve

from pharmacrm.core.engines.approval import CaseState
from pharmacrm.core.engines.approval.events import ApprovalAsked, ApprovalGranted, ApprovalReturned
from pharmacrm.core.engines.approval.routes import (
    EVERYONE,
    Act,
    Action,
    AllOf,
    AnyOf,
    Band,
    ByAuthority,
    ByField,
    ByManager,
    ByPlugin,
    ByRole,
    ByUser,
    Comparison,
    Field,
    FieldKind,
    Guard,
    Lapse,
    Look,
    Not,
    OnEmpty,
    OnReject,
    Parallel,
    Percent,
    Persons,
    Points,
    Refusal,
    Serial,
    Timeout,
    Where,
    after_hours,
    change,
    choose,
    drawing,
    migrate,
    override,
    plan,
    ring,
    withdraw,
)
from pharmacrm.core.kernel.decision import Decision
from pharmacrm.core.kernel.money import Money
from tests.approval.routed import (
    AT,
    CONTENT,
    OFFICE,
    WORK,
    Company,
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
from tests.covers import covers

LEAD, FINANCE, QUALITY = stage("lead"), stage("finance"), stage("quality")
TWO = routed(LEAD, FINANCE)


def yuan(amount: str) -> Money:
    return Money(amount, "CNY")


def codes(answer: Decision[Any]) -> list[str]:
    return [code.removeprefix("approval.") for code in answer.codes]


@covers("XT-13", "XT-14", "XT-15")
@pytest.mark.parametrize(
    ("steps", "said", "state", "waiting"),
    [
        ((LEAD, FINANCE), ["li"], "pending", ("finance",)),
        ((LEAD, FINANCE), ["li", "qian"], "approved", ()),
        ((Parallel((LEAD, QUALITY)), FINANCE), [], "pending", ("lead", "quality")),
        ((Parallel((LEAD, QUALITY)), FINANCE), ["sun"], "pending", ("lead",)),
        ((Parallel((LEAD, QUALITY)), FINANCE), ["sun", "li"], "pending", ("finance",)),
        ((Parallel((LEAD, QUALITY), Persons(1)), FINANCE), ["sun"], "pending", ("finance",)),
        ((Parallel((Serial((LEAD, FINANCE)), QUALITY)),), ["li"], "pending", ("finance", "quality")),
        ((Parallel((Serial((LEAD, FINANCE)), QUALITY)),), ["li", "sun", "qian"], "approved", ()),
        ((stage("quality", quorum=Persons(2)),), ["sun"], "pending", ("quality",)),
        ((stage("quality", quorum=Persons(2)),), ["sun", "zhou"], "approved", ()),
        ((stage("quality", quorum=EVERYONE),), ["sun", "zhou"], "pending", ("quality",)),
        ((stage("quality", quorum=EVERYONE),), ["sun", "zhou", "wu"], "approved", ()),
        ((stage("quality", quorum=Percent(60)),), ["sun"], "pending", ("quality",)),
        ((stage("quality", quorum=Percent(60)),), ["sun", "zhou"], "approved", ()),
    ],
)
def test_steps_wait_and_pass(
    steps: tuple[Any, ...], said: list[str], state: str, waiting: tuple[str, ...]
) -> None:
    case = went(opened(routed(*steps)), *((person,) for person in said))
    assert (case.request.state, waits(case)) == (CaseState(state), waiting)


def test_weights_are_added_up_until_the_points_are_there() -> None:
    board = stage("board", ByRole("quality"), ByUser("he", weight=3), quorum=Points(4))
    assert waits(went(opened(routed(board)), ("sun",), ("zhou",), ("wu",))) == ("board",)
    assert went(opened(routed(board)), ("he",), ("wu",)).request.state is CaseState.APPROVED


@pytest.mark.parametrize(
    ("source", "facts", "expected"),
    [
        (ByUser("he"), {}, ["he"]),
        (ByUser("nobody"), {}, None),
        (ByField("buyer"), {"fields": {"buyer": "sun"}}, ["sun"]),
        (ByManager(1), {}, ["li"]),
        (ByManager(2), {}, ["he"]),
        (ByManager(3), {}, None),
        (ByManager(1, of="buyer"), {"fields": {"buyer": "li"}}, ["he"]),
        (ByPlugin("board"), {"named": {"board": ("wu", "sun")}}, ["sun", "wu"]),
        (ByPlugin("board"), {}, None),
    ],
)
def test_approvers_come_from_where_the_route_says(
    source: Any, facts: Any, expected: list[str] | None
) -> None:
    people = Company(OFFICE.roles, {"zhang": "li", "li": "he"})
    route = routed(stage("only", source), fields=(Field("buyer", FieldKind.PERSON, required=False),))
    found = plan(route, document(**facts), people)
    if expected is None:
        assert codes(found) == ["no_approver"]
    else:
        assert found.value is not None
        assert sorted(seat.person for seat in found.value[0].seats) == expected


MATRIX = ByAuthority((Band("lead", yuan("10000.00")), Band("finance", yuan("50000.00")), Band("director")))


@pytest.mark.parametrize(
    ("amount", "role"),
    [
        ("0.01", "lead"),
        ("10000.00", "lead"),
        ("10000.01", "finance"),
        ("50000.00", "finance"),
        ("50000.01", "director"),
    ],
)
def test_an_amount_on_the_border_belongs_to_the_band_below(amount: str, role: str) -> None:
    found = plan(routed(stage("only", MATRIX)), document(amount=yuan(amount)), OFFICE)
    assert found.value is not None
    assert [seat.role for seat in found.value[0].seats] == [role]


def test_an_amount_that_no_band_reaches_or_of_another_currency_is_said() -> None:
    small = routed(stage("only", ByAuthority((Band("lead", yuan("10.00")),))))
    assert codes(plan(small, document(amount=yuan("10.01")), OFFICE)) == ["no_approver"]
    assert codes(plan(small, document(), OFFICE)) == ["field_wrong"]
    dollars = plan(routed(stage("only", MATRIX)), document(amount=Money("5.00", "USD")), OFFICE)
    assert codes(dollars) == ["currency"]


LARGE = Where("amount", Comparison.GT, yuan("100.00"))


def test_conditions_decide_what_applies_and_again_after_a_change() -> None:
    """OCA: a tier added by a condition was not asked once the document had been changed."""
    route = routed(LEAD, stage("finance", when=LARGE), guards=(Guard("amount"),))
    case = went(opened(route, amount=yuan("100.00")), ("li",))
    assert case.request.state is CaseState.APPROVED
    grown = document(amount=yuan("100.01"), content="1" * 64)
    answer = change(case, plan(route, grown, OFFICE), grown, by="zhang", at=AT)
    after = following(case, answer)
    assert (after.request.state, waits(after)) == (CaseState.PENDING, ("finance",))


def test_a_route_that_applies_to_nothing_says_so_and_approves_only_if_it_may() -> None:
    large = stage("lead", when=LARGE)
    small = document(amount=yuan("1.00"))
    assert codes(plan(routed(large), small, OFFICE)) == ["nothing_applies"]
    told = plan(routed(large, if_nothing=OnEmpty.SKIP), small, OFFICE)
    assert (codes(told), told.allowed) == (["nothing_applies"], True)
    case = opened(routed(large, if_nothing=OnEmpty.SKIP), amount=small.amount)
    assert case.request.state is CaseState.APPROVED


@pytest.mark.parametrize(
    ("policy", "above", "expected"),
    [
        (OnEmpty.ERROR, (), "no_approver"),
        (OnEmpty.SKIP, (), "step_skipped"),
        (OnEmpty.ESCALATE, (ByUser("he"),), ""),
        (OnEmpty.ESCALATE, (ByUser("nobody"),), "no_approver"),
    ],
)
def test_an_empty_step_follows_its_policy_and_is_never_silent(
    policy: OnEmpty, above: tuple[ByUser, ...], expected: str
) -> None:
    route = routed(stage("board", if_empty=policy, escalate_to=above), LEAD)
    found = plan(route, document(), OFFICE)
    assert codes(found) == ([expected] if expected else [])
    if policy is OnEmpty.SKIP:
        assert found.value is not None
        assert found.value[0].skipped == "empty"


@pytest.mark.parametrize(
    ("steps", "more", "expected"),
    [
        ((stage("lead"), stage("finance")), {}, ["too_few_approvers"]),
        ((stage("lead"), stage("finance")), {"one_signature_each": False}, []),
        ((Parallel((stage("lead"), stage("finance"))),), {}, ["too_few_approvers"]),
        ((Parallel((stage("lead"), stage("finance")), Persons(1)),), {}, []),
        ((stage("lead"), stage("finance", when=LARGE)), {}, []),
    ],
)
def test_one_person_for_two_signatures_is_found_before_anybody_waits(
    steps: tuple[Any, ...], more: dict[str, Any], expected: list[str]
) -> None:
    """OCA/server-ux#1141: the same approver twice, and the chain was skipped or stood still."""
    alone = company(zhang="sales", wang="lead finance")
    assert codes(plan(routed(*steps, **more), document(amount=yuan("1.00")), alone)) == expected


def test_a_step_of_the_requester_alone_is_empty() -> None:
    only = company(zhang="lead", qian="finance")
    assert codes(plan(TWO, document(), only)) == ["no_approver"]


@covers("SC-30")
@pytest.mark.parametrize(
    ("person", "more", "expected"),
    [
        ("zhang", {}, ["own_document"]),
        ("sun", {}, ["not_an_approver"]),
        ("qian", {"step": "finance"}, ["not_your_stage"]),
        ("li", {"seen": "1" * 64}, ["content_changed"]),
        ("li", {"act": Act.REJECT, "comment": ""}, ["comment_missing"]),
        ("li", {"acting_for": "wang"}, ["not_delegated"]),
        ("sun", {"deputies": ["zhang"]}, ["requesters_delegate", "not_an_approver"]),
        ("li", {"deputies": ["zhang"]}, ["requesters_delegate"]),
        ("nobody", {}, ["not_an_approver", "person_inactive"]),
    ],
)
def test_why_not_me(person: str, more: dict[str, Any], expected: list[str]) -> None:
    answer = say(opened(TWO), person, **({"act": Act.APPROVE} | more))
    assert sorted(codes(answer)) == sorted(expected)


def test_nobody_speaks_twice_in_one_round_in_whatever_name() -> None:
    """wang is lead and finance; as the deputy of qian he would decide finance a second time."""
    case = went(opened(TWO), ("wang",))
    assert codes(say(case, "wang")) == ["already_decided"]
    assert codes(say(case, "wang", deputies=["qian"])) == ["already_decided"]
    by_deputy = went(opened(TWO), ("sun", Act.APPROVE, {"deputies": ["wang"]}))
    assert codes(say(by_deputy, "wang")) == ["already_decided"]
    assert codes(say(by_deputy, "sun", deputies=["qian"])) == ["already_decided"]


def test_both_may_act_and_the_first_counts() -> None:
    """B for A: the trail names both, and A comes too late."""
    two = routed(stage("lead", quorum=Persons(2)), FINANCE)
    case = went(opened(two), ("sun", Act.APPROVE, {"deputies": ["li"]}))
    assert (case.moves[-1].person, case.moves[-1].acting_for) == ("sun", "li")
    assert codes(say(case, "li")) == ["already_decided"]


def test_one_signature_each_can_be_switched_off() -> None:
    case = went(opened(routed(LEAD, FINANCE, one_signature_each=False)), ("wang",))
    assert went(case, ("wang",)).request.state is CaseState.APPROVED


def test_the_requester_may_decide_only_where_the_route_says_so() -> None:
    assert waits(went(opened(routed(LEAD, FINANCE, requester_may_decide=True)), ("zhang",))) == ("finance",)


@pytest.mark.parametrize(
    ("step", "said", "state", "waiting"),
    [
        (stage("lead"), "li", "rejected", ()),
        (stage("lead", on_reject=OnReject.REQUESTER), "li", "returned", ()),
        (stage("finance", on_reject=OnReject.RESTART), "qian", "pending", ("lead",)),
        (stage("finance", back_to="lead"), "qian", "pending", ("lead",)),
    ],
)
def test_a_rejection_leads_where_its_step_says(
    step: Any, said: str, state: str, waiting: tuple[str, ...]
) -> None:
    """elsa-workflows#5840: a rejection could go back neither one level nor to the origin."""
    steps = (step,) if step.name == "lead" else (LEAD, step)
    case = opened(routed(*steps))
    if len(steps) > 1:
        case = went(case, ("li",))
    case = went(case, (said, Act.REJECT))
    assert (case.request.state, waits(case)) == (CaseState(state), waiting)


def test_a_returned_step_counts_nothing_of_before() -> None:
    """dotCMS#33031: the second round used the approvals of the first."""
    case = went(opened(TWO), ("li",), ("qian", Act.RETURN, {"target": "lead"}))
    assert waits(case) == ("lead",)
    case = went(case, ("li",))
    assert waits(case) == ("finance",)


def test_a_returned_document_begins_a_new_round_and_its_history_stays() -> None:
    """OCA/server-ux#1311: a restart deleted the reviews."""
    case = went(opened(TWO), ("li",), ("qian", Act.RETURN))
    assert case.request.state is CaseState.RETURNED
    better = document(content="1" * 64)
    after = following(case, change(case, plan(TWO, better, OFFICE), better, by="zhang", at=AT))
    assert (after.request.round, waits(after)) == (2, ("lead",))
    assert [move.action for move in after.moves] == [
        Action.SUBMITTED,
        Action.APPROVED,
        Action.RETURNED,
        Action.SUBMITTED,
    ]
    assert went(after, ("li",), ("qian",)).request.state is CaseState.APPROVED


def test_one_rejection_fails_a_branch_and_any_other_may_still_pass() -> None:
    either = routed(Parallel((LEAD, QUALITY), Persons(1)))
    case = went(opened(either), ("li", Act.REJECT))
    assert waits(case) == ("quality",)
    assert went(case, ("sun",)).request.state is CaseState.APPROVED
    both = routed(Parallel((LEAD, QUALITY)))
    assert went(opened(both), ("li", Act.REJECT)).request.state is CaseState.REJECTED


def test_refusals_are_counted_where_the_step_says_so() -> None:
    vote = routed(stage("quality", quorum=Persons(2), refusal=Refusal.OUT_OF_REACH))
    case = went(opened(vote), ("sun", Act.REJECT))
    assert waits(case) == ("quality",)
    assert went(case, ("zhou",), ("wu",)).request.state is CaseState.APPROVED
    assert went(case, ("zhou", Act.REJECT)).request.state is CaseState.REJECTED


def test_who_abstains_is_not_counted_and_the_last_voice_cannot() -> None:
    everybody = routed(stage("quality", quorum=EVERYONE))
    case = went(opened(everybody), ("sun", Act.ABSTAIN), ("zhou",))
    assert codes(say(case, "sun")) == ["already_decided"]
    assert went(case, ("wu", Act.ABSTAIN)).request.state is CaseState.APPROVED
    alone = went(opened(everybody), ("sun", Act.ABSTAIN), ("zhou", Act.ABSTAIN))
    assert codes(say(alone, "wu", Act.ABSTAIN)) == ["last_voice"]


def test_a_step_given_away_is_gone_and_its_new_owner_decides() -> None:
    case = went(opened(TWO), ("li", Act.FORWARD, {"target": "he"}))
    assert codes(say(case, "li")) == ["delegated_away"]
    assert waits(went(case, ("he",))) == ("finance",)
    assert waits(went(case, ("wang",))) == ("finance",)


@pytest.mark.parametrize("target", ["zhang", "li", "nobody", ""])
def test_a_step_is_not_given_to_the_requester_to_oneself_or_to_nobody(target: str) -> None:
    assert codes(say(opened(TWO), "li", Act.FORWARD, target=target)) == ["person_unsuited"]


def test_somebody_added_before_is_heard_first_and_after_is_heard_next() -> None:
    case = went(opened(TWO), ("li", Act.ADD_BEFORE, {"target": "he"}))
    assert waits(case) == ("lead+2",)
    assert codes(say(case, "li")) == ["not_an_approver"]
    assert waits(went(case, ("he",))) == ("lead",)
    later = went(opened(TWO), ("li", Act.ADD_AFTER, {"target": "he"}), ("li",))
    assert waits(later) == ("lead+2",)
    assert waits(went(later, ("he",))) == ("finance",)


def test_a_question_waits_beside_the_step_until_it_is_answered() -> None:
    case = went(opened(TWO), ("li", Act.ASK, {"target": "zhang", "comment": "为何打折？"}))
    assert [one.target for one in case.now.questions] == ["zhang"]
    assert codes(say(case, "sun", Act.ANSWER)) == ["no_question"]
    case = went(case, ("zhang", Act.ANSWER, {"comment": "年度框架"}))
    assert case.now.questions == ()
    assert waits(case) == ("lead",)


def test_an_override_names_its_reason_and_is_for_nobody_who_is_in_it() -> None:
    def overridden(person: str, comment: str = "紧急") -> Decision[Any]:
        return override(case, OFFICE.person(person), step="finance", comment=comment, at=AT)

    case = went(opened(TWO), ("li",))
    assert codes(overridden("he", "")) == ["comment_missing"]
    assert codes(overridden("zhang")) == ["own_document"]
    assert codes(overridden("li")) == ["already_decided"]
    passed = overridden("he")
    assert passed.value is not None
    assert passed.value.state is CaseState.APPROVED
    early = override(opened(TWO), OFFICE.person("he"), step="finance", comment="紧急", at=AT)
    assert codes(early) == ["not_your_stage"]


@pytest.mark.parametrize(
    ("fields", "content", "waiting", "state"),
    [
        ({"note": "b", "price": "1"}, "1", (), "approved"),
        ({"note": "a", "price": "2"}, "1", ("finance",), "pending"),
        ({"note": "a", "price": "1", "other": "x"}, "1", ("lead",), "pending"),
        ({"note": "a", "price": "1"}, "1", ("lead",), "pending"),
        ({"note": "a", "price": "1"}, "0", (), "approved"),
    ],
)
def test_a_change_takes_back_what_its_guards_say(
    fields: dict[str, str], content: str, waiting: tuple[str, ...], state: str
) -> None:
    """frappe/erpnext#14695: a document was changed after its approval."""
    route = routed(
        LEAD,
        FINANCE,
        fields=tuple(Field(name, FieldKind.TEXT, required=False) for name in ("note", "price", "other")),
        guards=(Guard("note"), Guard("price", "finance")),
    )
    case = went(opened(route, fields={"note": "a", "price": "1"}), ("li",), ("qian",))
    paper = document(fields=fields, content=content * 64)
    after = following(case, change(case, plan(route, paper, OFFICE), paper, by="zhang", at=AT))
    assert (waits(after), after.request.state) == (waiting, CaseState(state))


def test_only_the_requester_changes_and_withdraws_and_only_before_the_end() -> None:
    case = opened(TWO)
    assert codes(withdraw(case, by="li", at=AT)) == ["not_requester"]
    taken = following(case, withdraw(case, by="zhang", at=AT))
    assert taken.request.state is CaseState.WITHDRAWN
    assert codes(say(taken, "li")) == ["closed"]
    assert codes(withdraw(taken, by="zhang", at=AT)) == ["closed"]
    done = went(case, ("li",), ("qian",))
    assert codes(withdraw(done, by="zhang", at=AT)) == ["closed"]
    assert codes(say(done, "wang")) == ["already_done"]


def test_a_migration_keeps_what_did_not_change() -> None:
    """OCA/server-ux#306: editing a definition changed what was under way."""
    case = went(opened(TWO), ("li",))
    wider = routed(LEAD, QUALITY, FINANCE, version=2)
    assert waits(case) == ("finance",)
    moved = migrate(case, wider, plan(wider, document(), OFFICE), by="he", at=AT, comment="新制度")
    assert waits(following(case, moved)) == ("quality",)
    stricter = routed(stage("lead", quorum=Persons(2)), FINANCE, version=2)
    moved = migrate(case, stricter, plan(stricter, document(), OFFICE), by="he", at=AT, comment="新制度")
    assert waits(following(case, moved)) == ("lead",)
    other = routed(LEAD, code="other")
    answer = migrate(case, other, plan(other, document(), OFFICE), by="he", at=AT, comment="")
    assert codes(answer) == ["comment_missing", "other_route"]


def test_the_route_of_highest_priority_that_fits_is_taken() -> None:
    plain, large = routed(LEAD), routed(LEAD, FINANCE, code="large", when=LARGE, priority=1)
    small, big = document(amount=yuan("1.00")), document(amount=yuan("1000.00"))
    assert choose([plain, large], small).value == plain
    assert choose([plain, large], big).value == large
    assert codes(choose([plain, routed(FINANCE, code="same")], small)) == ["two_routes"]
    assert codes(choose([large], small)) == ["no_route"]
    assert codes(choose([routed(LEAD, kind="gift")], small)) == ["no_route"]


def test_everybody_is_told_when_it_is_their_turn_and_the_owner_at_the_end() -> None:
    case = opened(TWO)
    first = say(case, "li")
    asked = [event for event in first.events if isinstance(event, ApprovalAsked)]
    assert [(one.stage, one.role, one.requester) for one in asked] == [("finance", "finance", "zhang")]
    last = say(following(case, first), "qian")
    assert [type(event) for event in last.events if isinstance(event, ApprovalGranted)] == [ApprovalGranted]
    back = say(case, "li", Act.RETURN)
    assert any(isinstance(event, ApprovalReturned) for event in back.events)


LATE = stage(
    "lead",
    timeout=Timeout(remind=4, escalate=9, decide=18, lapse=Lapse.APPROVE),
    escalate_to=(ByUser("he"),),
)


def test_the_clock_reminds_then_asks_those_above_then_decides() -> None:
    """9 to 18 o'clock from Monday on: 4 hours are 13:00, 9 are 18:00, 18 are Tuesday 18:00."""
    case = opened(routed(LATE, FINANCE))
    seen = []
    for hours in (3, 4, 4, 9, 32, 33, 33):
        answer = ring(case, at=AT + timedelta(hours=hours))
        case = following(case, answer)
        seen.append(case.moves[-1].action.value if answer.changes else "-")
    assert seen == ["-", "reminded", "-", "escalated", "-", "lapsed", "-"]
    assert waits(case) == ("finance",)


def test_those_above_may_decide_once_it_is_escalated() -> None:
    case = opened(routed(LATE, FINANCE))
    assert codes(say(case, "he")) == ["not_an_approver"]
    for hours in (4, 9):
        case = following(case, ring(case, at=AT + timedelta(hours=hours)))
    assert waits(went(case, ("he", Act.APPROVE, {"after": 10}))) == ("finance",)


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2026-03-02T01:00", 4, "2026-03-02T05:00"),
        ("2026-03-02T01:00", 9, "2026-03-02T10:00"),
        ("2026-03-02T01:00", 10, "2026-03-03T02:00"),
        ("2026-03-06T09:00", 2, "2026-03-09T02:00"),
        ("2026-03-07T04:00", 1, "2026-03-09T02:00"),
        ("2026-03-01T23:00", 1, "2026-03-02T02:00"),
    ],
)
def test_working_hours_pass_in_the_office_only(start: str, hours: int, end: str) -> None:
    at = datetime.fromisoformat(start).replace(tzinfo=UTC)
    assert after_hours(at, hours, WORK) == datetime.fromisoformat(end).replace(tzinfo=UTC)


def test_a_drawing_shows_groups_conditions_and_where_it_stands() -> None:
    route = routed(Parallel((stage("lead", when=LARGE), QUALITY), Persons(1)), FINANCE)
    text = drawing(route, {"lead": Look.PASSED, "finance": Look.WAITING})
    assert text.splitlines()[0] == "flowchart TD"
    assert "if amount &gt; 100.00 CNY" in text
    assert "1 of 2" in text
    assert "class s_finance waiting" in text
    assert "class s_quality" not in text


@pytest.mark.parametrize(
    ("quorum", "words"),
    [
        (Persons(1), "any: role lead"),
        (Persons(2), "2 persons: role lead"),
        (EVERYONE, "all: role lead"),
        (Points(5), "5 points: role lead"),
        (Percent(60), "60 %: role lead"),
    ],
)
def test_a_drawing_says_how_many_have_to_approve(quorum: Any, words: str) -> None:
    assert words in drawing(routed(stage("lead", quorum=quorum)))


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        (Where("region", Comparison.GIVEN), "region is given"),
        (Where("region", Comparison.IN, among=("a", "b")), "region in a, b"),
        (Not(Where("region", Comparison.EQ, "a")), "not region = a"),
        (AllOf((LARGE, AnyOf((LARGE, LARGE)))), "amount &gt; 100.00 CNY and (amount &gt; 100.00 CNY or"),
        (AllOf(()), "always"),
        (AnyOf(()), "never"),
    ],
)
def test_a_drawing_says_when_a_step_applies(condition: Any, words: str) -> None:
    assert f"if {words}" in drawing(routed(stage("lead", when=condition)))


def test_a_drawing_names_every_kind_of_approver_and_the_way_back() -> None:
    everybody = (ByUser("he"), ByField("buyer"), ByManager(2, of="buyer"), MATRIX, ByPlugin("board"))
    text = drawing(routed(LEAD, stage("board", *everybody, back_to="lead")))
    assert "he; field buyer; manager 2 above buyer; authority over amount: lead to 10000.00 CNY" in text
    assert "named by the host as board" in text
    assert "s_board -. rejected .-> s_lead" in text


def test_a_returned_request_is_moved_to_a_version_and_stays_with_its_requester() -> None:
    case = went(opened(TWO), ("li", Act.RETURN))
    wider = routed(LEAD, QUALITY, version=2)
    moved = following(
        case, migrate(case, wider, plan(wider, document(), OFFICE), by="he", at=AT, comment="新制度")
    )
    assert (moved.request.state, waits(moved)) == (CaseState.RETURNED, ())


def test_what_has_ended_is_neither_changed_nor_moved() -> None:
    case = went(opened(TWO), ("li", Act.REJECT))
    planned = plan(TWO, document(content="1" * 64), OFFICE)
    changed = change(case, planned, document(content="1" * 64), by="zhang", at=AT)
    assert codes(changed) == ["closed"]
    assert codes(migrate(case, TWO, planned, by="he", at=AT, comment="x")) == ["closed"]


def test_a_signature_is_bound_to_the_content_it_was_given_under() -> None:
    case = went(opened(TWO), ("li", Act.APPROVE, {"seen": CONTENT}))
    assert case.moves[-1].content == CONTENT
    assert case.moves[-1].meaning is not None
    changed = evolve(case, request=evolve(case.request, content="1" * 64))
    assert codes(say(changed, "qian", seen=CONTENT)) == ["content_changed"]
