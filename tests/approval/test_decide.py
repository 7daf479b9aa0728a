"""Deciding, withdrawing and invalidating: a table of each reason, and what is signed."""

from datetime import UTC, datetime

import pytest
from attrs import evolve

from pharmacrm.core.engines.approval import (
    ALL,
    AtLeast,
    CaseState,
    Evidence,
    Finding,
    Meaning,
    Person,
    SignOff,
    Verdict,
    decide,
    eligibility,
    evidence,
    invalidate,
    path,
    sign_extra,
    sign_submission,
    who_can_act,
    withdraw,
)
from pharmacrm.core.kernel.change import Save, Touch
from pharmacrm.core.kernel.decision import Outcome
from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.kernel.reason import Reason, Severity
from tests.approval.chains import (
    AT,
    CHECKER,
    LEAD,
    OTHER,
    PACKER,
    REQUESTER,
    SECOND_CHECKER,
    SEEN,
    TWO,
    Run,
    begin,
    chain,
    no,
    opened,
    stage,
    stored,
    yes,
)
from tests.covers import covers


def approved() -> Run:
    run = Run()
    run.decide(CHECKER)
    run.decide(LEAD)
    return run


def rejected() -> Run:
    run = Run()
    run.decide(CHECKER, no())
    return run


def withdrawn() -> Run:
    run = Run()
    run.take(withdraw(run.case, by="zhang", at=AT))
    return run


def invalidated() -> Run:
    run = Run()
    run.decide(CHECKER)
    run.take(invalidate(run.case, run.signed, content=OTHER, at=AT))
    return run


def at_lead() -> Run:
    run = Run()
    run.decide(CHECKER)
    return run


BOTH = Person("chen", frozenset({"check", "lead"}), frozenset({"east"}))
BLOCKED = Evidence("qualification", "cn_gsp@1", (Finding("licence.expired", Severity.BLOCK, "L-1"),))

REFUSED = {
    "approvals-001 not an approver of this stage": (Run, LEAD, yes(), {"approval.not_an_approver"}),
    "approvals-002 own document": (Run, REQUESTER, yes(), {"approval.own_document"}),
    "approvals-003 one person at two stages": (at_lead, BOTH, yes(), {"approval.already_decided"}),
    "approvals-004 stage 2 before stage 1": (Run, LEAD, yes(stage="lead"), {"approval.not_your_stage"}),
    "approvals-005 a stage twice, by name": (at_lead, CHECKER, yes(stage="check"), {"approval.already_done"}),
    "approvals-005 a stage twice, a double click": (at_lead, CHECKER, yes(), {"approval.already_decided"}),
    "approvals-006 after a rejection": (rejected, SECOND_CHECKER, yes(), {"approval.closed"}),
    "approvals-007 after a withdrawal": (withdrawn, CHECKER, yes(), {"approval.closed"}),
    "approvals-009 a rejection without a reason": (Run, CHECKER, no(comment=""), {"approval.reason_missing"}),
    "approvals-012 edited after the submission": (
        Run,
        CHECKER,
        yes(content=OTHER),
        {"approval.content_changed"},
    ),
    "approvals-012 the signer saw something else": (
        Run,
        CHECKER,
        yes(seen=OTHER),
        {"approval.content_changed"},
    ),
    "approvals-013 two at once, the second by name": (
        at_lead,
        SECOND_CHECKER,
        yes(stage="check"),
        {"approval.already_done"},
    ),
    "approvals-013 two at once at the last stage": (
        approved,
        SECOND_CHECKER,
        yes(),
        {"approval.already_done"},
    ),
    "approvals-014 rejected a moment after approval": (
        at_lead,
        SECOND_CHECKER,
        no(stage="check"),
        {"approval.already_done"},
    ),
    "approvals-022 disabled meanwhile": (
        Run,
        evolve(CHECKER, active=False),
        yes(),
        {"approval.person_inactive"},
    ),
    "approvals-023 lost the role meanwhile": (
        Run,
        evolve(CHECKER, roles=frozenset()),
        yes(),
        {"approval.not_an_approver"},
    ),
    "approvals-050 the system": (
        Run,
        Person("system", frozenset({"check"})),
        yes(),
        {"approval.not_an_approver"},
    ),
    "approvals-060 changed after an approval": (invalidated, LEAD, yes(), {"approval.closed"}),
    "lead of another unit": (
        at_lead,
        evolve(LEAD, units=frozenset({"west"})),
        yes(),
        {"approval.not_an_approver"},
    ),
    "a stage that the chain has not": (Run, CHECKER, yes(stage="board"), {"approval.not_your_stage"}),
    "a finding that blocks": (Run, CHECKER, yes(evidence=(BLOCKED,)), {"approval.evidence_blocks"}),
    "everything at once": (
        Run,
        Person("zhang", active=False),
        no(comment="", content=OTHER, stage="lead"),
        {
            "approval.content_changed",
            "approval.not_an_approver",
            "approval.not_your_stage",
            "approval.own_document",
            "approval.person_inactive",
            "approval.reason_missing",
        },
    ),
}


@covers("XT-03", "XT-07", "XT-10", "XT-13")
@pytest.mark.parametrize(("run", "person", "ballot", "codes"), REFUSED.values(), ids=REFUSED)
def test_refused_with_every_reason_and_nothing_changed(run, person, ballot, codes) -> None:
    under_way = run()
    before, signed = under_way.case, list(under_way.signed)
    answer = under_way.decide(person, ballot)
    assert set(answer.codes) == codes
    assert answer.outcome is Outcome.REFUSED
    assert answer.value is None
    assert not answer.changes
    assert not answer.events
    assert (under_way.case, under_way.signed) == (before, signed)


MALFORMED = {
    "approvals-050 actor None": (lambda: Person(None), "id.malformed"),  # type: ignore[arg-type]
    "approvals-050 actor ''": (lambda: Person(""), "id.malformed"),
    "approvals-051 a comment of 1 MB": (lambda: no(comment="x" * 1_000_000), "text.length"),
    "approvals-052 NUL in a comment": (lambda: no(comment="a\0b"), "text.format"),
    "approvals-052 a lone surrogate": (lambda: no(comment="a\ud800"), "text.format"),
    "approvals-052 a bare carriage return": (lambda: no(comment="a\rb"), "text.format"),
    "a blank comment": (lambda: no(comment=" \u200b "), "text.required"),
    "approvals-053 APPROVE": (lambda: yes(verdict="APPROVE"), "choice.unknown"),
    "approvals-053 'approved '": (lambda: yes(verdict="approved "), "choice.unknown"),
    "approvals-053 1": (lambda: yes(verdict=1), "choice.unknown"),
    "approvals-053 True": (lambda: yes(verdict=True), "choice.unknown"),
    "submitted is no decision": (lambda: yes(verdict=Verdict.SUBMITTED), "choice.unknown"),
    "evidence that is a text": (lambda: yes(evidence=("ok",)), "type.type"),
}


@covers("XT-10")
@pytest.mark.parametrize(("make", "code"), MALFORMED.values(), ids=MALFORMED)
def test_what_cannot_be_read_is_malformed(make, code) -> None:
    with pytest.raises(MalformedInput) as caught:
        make()
    assert caught.value.code == code


def test_a_line_break_from_windows_becomes_ours() -> None:
    assert no(comment="first\r\nsecond").comment == "first\nsecond"  # approvals-052


@covers("XT-10")
def test_a_signature_says_who_when_what_and_about_which_content() -> None:
    run = Run()
    shown = evidence("qualification", "cn_gsp@1", [Reason(code="licence.expiring", severity=Severity.WARN)])
    answer = run.decide(CHECKER, yes(seen=SEEN, comment="fine", evidence=(shown,)))
    (signed,) = stored(answer)
    assert signed == SignOff(
        id="SO-1/approval/1/2",
        case="SO-1/approval/1",
        number=2,
        subject="SO-1",
        stage="check",
        person="chen",
        role="check",
        verdict=Verdict.APPROVED,
        meaning=Meaning("check done", "check 完成"),
        comment="fine",
        content=SEEN,
        signed_at=datetime(2026, 11, 21, 2, 1, tzinfo=UTC),
        evidence=(Evidence("qualification", "cn_gsp@1", (Finding("licence.expiring", Severity.WARN),)),),
    )


@covers("XT-03")
def test_the_case_waits_at_one_stage_after_another_and_is_approved_after_the_last() -> None:
    run = Run()
    assert (run.case.stage, run.case.waiting_role, run.case.waiting_unit) == ("check", "check", None)
    assert [stage.name for stage in path(TWO, run.case)] == ["check", "lead"]
    first = run.decide(CHECKER)
    assert [event.topic() for event in first.events] == ["StepDecided", "ApprovalAsked"]
    assert (run.case.stage, run.case.waiting_role, run.case.waiting_unit) == ("lead", "lead", "east")
    assert run.case.since == run.at
    last = run.decide(LEAD)
    assert [event.topic() for event in last.events] == ["StepDecided", "ApprovalGranted"]
    assert run.case.state is CaseState.APPROVED
    assert (run.case.stage, run.case.position, run.case.waiting_role, run.case.waiting_unit) == (
        "",
        2,
        "",
        None,
    )
    assert path(TWO, run.case) == ()


@covers("XT-03")
def test_a_rejection_ends_the_round_at_once() -> None:
    run = Run()
    answer = run.decide(CHECKER, no())
    assert run.case.state is CaseState.REJECTED
    assert [event.topic() for event in answer.events] == ["StepDecided", "ApprovalRejected"]
    assert run.signed[-1].meaning == Meaning("rejected at stage check", "CHECK：不同意")
    assert path(TWO, run.case) == ()


def test_the_submission_is_signed_by_the_requester_and_decides_nothing() -> None:
    case = opened()
    answer = sign_submission(TWO, case, role="sales")
    signed = answer.expect()
    assert (signed.stage, signed.person, signed.verdict) == ("submission", "zhang", Verdict.SUBMITTED)
    assert (signed.number, signed.content, signed.signed_at) == (1, SEEN, AT)
    assert answer.changes == (Save(signed),)


@covers("XT-13")
def test_a_stage_of_two_waits_for_two_different_people() -> None:
    both = chain(stage("check", quorum=AtLeast(2)))
    run = Run(both, {"check": frozenset({"chen", "qian"})})
    first = run.decide(CHECKER)
    assert run.case == run.first
    assert Touch(run.case) in first.changes
    assert [event.topic() for event in first.events] == ["StepDecided"]
    assert run.decide(CHECKER).codes == ("approval.already_decided",)
    run.decide(SECOND_CHECKER)
    assert run.case.state is CaseState.APPROVED


@covers("XT-13")
def test_a_stage_of_all_waits_for_everybody_but_the_requester_and_earlier_signers() -> None:
    everybody = chain(stage("lead"), stage("check", quorum=ALL))
    holders = {"lead": frozenset({"chen"}), "check": frozenset({"zhang", "chen", "qian", "wu"})}
    run = Run(everybody, holders)
    run.decide(evolve(CHECKER, roles=frozenset({"lead"})))
    run.decide(SECOND_CHECKER)
    assert run.case.position == 1
    assert run.signed[-1].needed == 2
    run.decide(Person("wu", frozenset({"check"})))
    assert run.case.state is CaseState.APPROVED


def test_where_one_may_sign_twice_all_means_everybody() -> None:
    free = chain(stage("lead"), stage("check", quorum=ALL), distinct_persons=False, exclude_requester=False)
    holders = {"lead": frozenset({"chen"}), "check": frozenset({"zhang", "chen"})}
    run = Run(free, holders)
    chen = Person("chen", frozenset({"lead", "check"}))
    run.decide(chen)
    run.decide(chen)
    assert run.decide(chen).codes == ("approval.already_decided",)
    assert run.case.position == 1
    run.decide(REQUESTER)
    assert run.case.state is CaseState.APPROVED


def test_a_stage_of_all_wants_to_know_who_they_are() -> None:
    everybody = chain(stage("check", quorum=ALL))
    case = opened(everybody, {"check": 2})
    with pytest.raises(MalformedInput) as caught:
        decide(everybody, case, (), CHECKER, yes(), at=AT)
    assert caught.value.code == "approval.holders"


def test_a_case_keeps_the_version_of_its_chain() -> None:
    newer = evolve(TWO, version=2)  # approvals-040
    for act in (
        lambda: decide(newer, opened(), (), CHECKER, yes(), at=AT),
        lambda: sign_submission(newer, opened(), role="sales"),
    ):
        with pytest.raises(MalformedInput) as caught:
            act()
        assert caught.value.code == "chain.version"


def test_instants_have_a_zone() -> None:
    naive = datetime(2026, 11, 21)  # noqa: DTZ001
    for act in (
        lambda: decide(TWO, opened(), (), CHECKER, yes(), at=naive),
        lambda: withdraw(opened(), by="zhang", at=naive),
        lambda: invalidate(opened(), (), content=OTHER, at=naive),
    ):
        with pytest.raises(MalformedInput) as caught:
            act()
        assert caught.value.code == "time.naive"


WITHDRAW = {
    "by the requester": (Run, "zhang", set()),
    "approvals-010 by somebody else": (Run, "chen", {"approval.not_requester"}),
    "approvals-011 after the last approval": (approved, "zhang", {"approval.closed"}),
    "approvals-015 approved a moment before, by somebody else": (
        approved,
        "chen",
        {"approval.closed", "approval.not_requester"},
    ),
    "after a rejection": (rejected, "zhang", {"approval.closed"}),
}


@covers("XT-13")
@pytest.mark.parametrize(("run", "by", "codes"), WITHDRAW.values(), ids=WITHDRAW)
def test_only_the_requester_withdraws_and_only_what_waits(run, by, codes) -> None:
    under_way = run()
    answer = withdraw(under_way.case, by=by, at=AT)
    assert set(answer.codes) == codes
    assert (answer.value is None) == bool(codes)
    if not codes:
        assert answer.expect().state is CaseState.WITHDRAWN
        assert [event.topic() for event in answer.events] == ["ApprovalWithdrawn"]


@covers("XT-10")
@pytest.mark.parametrize("run", [Run, at_lead, approved])
def test_changed_content_ends_the_round_and_every_signature_under_it(run) -> None:
    under_way = run()
    under_way.take(invalidate(under_way.case, under_way.signed, content=OTHER, at=AT))
    assert under_way.case.state is CaseState.INVALIDATED
    assert under_way.signed
    assert not any(sign_off.valid for sign_off in under_way.signed)


@pytest.mark.parametrize("run", [rejected, withdrawn, invalidated])
def test_a_round_that_ended_otherwise_is_left_alone(run) -> None:
    under_way = run()
    answer = invalidate(under_way.case, under_way.signed, content="c" * 64, at=AT)
    assert answer.value == under_way.case
    assert not answer.changes


def test_the_same_content_invalidates_nothing() -> None:
    run = approved()
    assert not invalidate(run.case, run.signed, content=SEEN, at=AT).changes


def slip(run: Run, person: Person, subject: str = "SLIP-1", **said):
    ballot = yes(**{"stage": "issue", "content": OTHER, **said})
    return sign_extra(TWO, run.case, run.signed, person, ballot, subject=subject, at=AT)


EXTRA = {
    "by the warehouse": (approved, PACKER, {}, set()),
    "before the approval": (at_lead, PACKER, {}, {"approval.not_approved"}),
    "by the requester": (
        approved,
        Person("zhang", frozenset({"warehouse"})),
        {},
        {"approval.own_document"},
    ),
    "by an earlier signer": (
        approved,
        Person("chen", frozenset({"warehouse"})),
        {},
        {"approval.already_decided"},
    ),
    "without the role": (approved, Person("wu"), {}, {"approval.not_an_approver"}),
    "who saw another slip": (approved, PACKER, {"seen": SEEN}, {"approval.content_changed"}),
    "with a finding that blocks": (approved, PACKER, {"evidence": (BLOCKED,)}, {"approval.evidence_blocks"}),
}


@covers("XT-03", "XT-10")
@pytest.mark.parametrize(("run", "person", "said", "codes"), EXTRA.values(), ids=EXTRA)
def test_the_warehouse_signs_each_slip(run, person, said, codes) -> None:
    answer = slip(run(), person, **said)
    assert set(answer.codes) == codes
    assert bool(answer.changes) == (not codes)


@covers("XT-03")
def test_one_packer_signs_many_slips_but_none_twice() -> None:
    run = approved()
    signed = slip(run, PACKER).expect()
    assert (signed.subject, signed.content, signed.number) == ("SLIP-1", OTHER, 4)
    run.signed.append(signed)
    assert slip(run, PACKER).codes == ("approval.already_decided",)
    run.signed.append(slip(run, PACKER, "SLIP-2").expect())
    voided = invalidate(run.case, run.signed, content=OTHER, at=AT)
    assert {sign_off.subject for sign_off in stored(voided)} == {"SO-1"}


@pytest.mark.parametrize(
    ("said", "code"), [({"stage": "lead"}, "chain.stage"), ({"verdict": "rejected"}, "choice.unknown")]
)
def test_only_the_stages_after_approval_sign_what_follows(said, code) -> None:
    with pytest.raises(MalformedInput) as caught:
        slip(approved(), PACKER, **said)
    assert caught.value.code == code


@covers("XT-07")
def test_for_every_person_it_is_said_whether_and_why_not() -> None:
    run = at_lead()
    found = {one.person: one for one in who_can_act(TWO, run.case, run.signed, [CHECKER, LEAD, REQUESTER])}
    assert found["li"].can_act
    assert found["li"].stage == "lead"
    assert [reason.code for reason in found["chen"].reasons] == ["approval.already_decided"]
    assert [reason.code for reason in found["zhang"].reasons] == ["approval.own_document"]


def test_reasons_speak_both_languages() -> None:
    run = Run()
    (reason,) = eligibility(TWO, run.case, run.signed, LEAD, stage="lead")
    assert reason.text("en") == "SO-1 waits at stage check, not at lead"
    assert reason.text("zh-CN") == "SO-1 当前在“CHECK”环节，未到“LEAD”环节"
    assert begin(TWO, {}).reasons[0].text() == "nobody else can approve SO-1 at stage check: check is wanted"
