"""Inbox and WhoCanAct, and the reads by which flows find approvers."""

from datetime import timedelta

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from pharmacrm.core import approvals
from pharmacrm.core.engines.approval import ALL, ApprovalCase, CaseState, Person, SignOff, eligibility
from pharmacrm.core.engines.approval.signature import signature
from pharmacrm.core.engines.holds import Hold, HoldState
from pharmacrm.core.flows import approvals as questions
from pharmacrm.core.flows.approvals import Inbox, WhoCanAct, inbox, on_who_can_act
from pharmacrm.core.flows.approvers import (
    actor_everywhere,
    actor_for,
    holder_counts,
    holder_ids,
    unit_of_actor,
    units_down,
    units_up,
)
from pharmacrm.core.flows.chains import RELEASE_CN, chain_of
from pharmacrm.core.flows.standing import Waiting
from pharmacrm.core.kernel.domain import Domain
from pharmacrm.core.kernel.errors import MalformedInput, NotFound
from pharmacrm.core.kernel.record import Entity
from pharmacrm.core.people import OrgUnit, RoleAssignment, Staff
from tests.approval.chains import AT, SEEN, chain, stage, yes
from tests.covers import covers
from tests.fakes import FakeReads

UNITS = [
    OrgUnit(id="all", name="总部"),
    OrgUnit(id="east", name="华东", parent="all"),
    OrgUnit(id="shanghai", name="上海", parent="east"),
    OrgUnit(id="west", name="西部", parent="all"),
]
PEOPLE: dict[str, tuple[str | None, tuple[str, ...]]] = {
    "zhang": ("shanghai", ("sales", "lead")),
    "zhao": ("shanghai", ("sales",)),
    "chen": ("all", ("assistant",)),
    "qian": ("all", ("assistant", "finance")),
    "sun": ("all", ("dispatcher",)),
    "li": ("east", ("lead",)),
    "ma": ("west", ("lead",)),
    "he": ("all", ("lead",)),
    "wu": ("all", ("finance",)),
    "zhou": (None, ("warehouse",)),
}
STAFF: list[Entity] = [
    *(Staff(id=name, name=name, unit=unit) for name, (unit, _) in PEOPLE.items()),
    *(
        RoleAssignment(id=f"{name}/{role}", staff=name, role=role)
        for name, (_, roles) in PEOPLE.items()
        for role in roles
    ),
]


def waiting(at: str, subject: str = "SO-1", **given) -> ApprovalCase:
    place = RELEASE_CN.index(at)
    assert place is not None
    found = RELEASE_CN.stages[place]
    case = ApprovalCase(
        id=f"{subject}/approval/1",
        subject=subject,
        chain="release_cn@1",
        round=1,
        state=CaseState.PENDING,
        stage=at,
        position=place,
        waiting_role=found.role,
        waiting_unit="shanghai" if at == "lead" else None,
        requester="zhang",
        unit="shanghai",
        content=SEEN,
        opened_at=AT,
        since=AT,
    )
    return evolve(case, **given)


def over(state: CaseState, **given) -> ApprovalCase:
    return waiting("finance", state=state, stage="", position=4, waiting_role="", waiting_unit=None, **given)


def signed(by: str, case: ApprovalCase, at: str = "qualification", number: int = 2) -> SignOff:
    place = RELEASE_CN.index(at)
    assert place is not None
    made = signature(case, RELEASE_CN.stages[place], by, yes(), sign_offs=(), at=AT)
    return evolve(made, id=f"{case.id}/{number}", number=number)


def held(subject: str = "SO-1", **given) -> Hold:
    base = Hold(
        id=f"{subject}/hold/1/credit.over_limit",
        subject=subject,
        revision=1,
        code="credit.over_limit",
        placed_by="zhang",
        placed_at=AT,
        requester="zhang",
        may_pass="finance",
    )
    return evolve(base, **given)


def reads(actor: str, *more: Entity) -> FakeReads:
    roles = PEOPLE.get(actor, (None, ()))[1]
    return FakeReads([*UNITS, *STAFF, *more], actor=actor, roles=roles, at=AT)


INBOX = {
    "the assistant's stage": ("chen", [waiting("qualification")], ["SO-1 qualification"]),
    "not another role's": ("wu", [waiting("qualification")], []),
    "not the requester's own": ("zhang", [waiting("lead")], []),
    "the lead of the unit above": ("li", [waiting("lead")], ["SO-1 lead"]),
    "the lead of the top": ("he", [waiting("lead")], ["SO-1 lead"]),
    "not the lead of another unit": ("ma", [waiting("lead")], []),
    "not what one signed before": ("qian", [waiting("finance"), signed("qian", waiting("finance"))], []),
    "what others signed before": (
        "qian",
        [waiting("finance"), signed("chen", waiting("finance"))],
        ["SO-1 finance"],
    ),
    "not what is over": ("chen", [over(CaseState.APPROVED), over(CaseState.REJECTED, id="x")], []),
    "a hold of one's role": ("wu", [held()], ["SO-1 credit.over_limit"]),
    "not a passed hold": ("wu", [held(state=HoldState.RELEASED)], []),
    "not a hold on one's own act": ("wu", [held(placed_by="wu")], []),
    "not a hold on one's own document": ("wu", [held(requester="wu")], []),
    "the longest waiting first": (
        "qian",
        [
            waiting("finance", "SO-3", since=AT - timedelta(days=1)),
            waiting("qualification", "SO-2"),
            held("SO-1", placed_at=AT - timedelta(days=2)),
        ],
        ["SO-1 credit.over_limit", "SO-3 finance", "SO-2 qualification"],
    ),
    "nobody's": ("nobody", [waiting("qualification"), held()], []),
}


@covers("XT-03", "XT-07")
@pytest.mark.parametrize(("actor", "records", "wanted"), INBOX.values(), ids=INBOX)
def test_the_inbox_holds_what_the_actor_can_do_now(actor, records, wanted) -> None:
    items = inbox(Inbox(), reads(actor, *records))
    assert [f"{item.subject} {item.step}" for item in items] == wanted


def test_an_item_brings_what_the_decision_needs() -> None:
    (case,) = inbox(Inbox(), reads("qian", waiting("finance")))
    (hold,) = inbox(Inbox(), reads("qian", waiting("finance"), held()))  # nobody signs while a hold is open
    assert (case.waiting, case.label_zh, case.content, case.requester) == (
        Waiting.APPROVAL,
        "财务到账审核",
        SEEN,
        "zhang",
    )
    assert (hold.waiting, hold.requester, hold.id) == (Waiting.HOLD, "zhang", held().id)


@pytest.mark.parametrize("limit", [0, -1, 1_001])
def test_a_limit_reads_something_but_not_everything(limit) -> None:
    with pytest.raises(MalformedInput) as caught:
        Inbox(limit=limit)
    assert caught.value.code == "query.limit"


def many(number: int) -> list[Entity]:
    found: list[Entity] = []
    for place in range(number):
        case = waiting("finance", f"SO-{place:04d}", since=AT + timedelta(seconds=place))
        case = evolve(case, requester="qian") if place % 3 == 1 else case
        found.append(case)
        if place % 3 == 2:
            found.append(signed("qian", case))
    return found


@pytest.mark.parametrize("limit", [1, 5, 20])
def test_the_limit_is_filled_although_most_cases_are_not_the_actors_to_decide(limit) -> None:
    items = inbox(Inbox(limit=limit), reads("qian", *many(60)))
    assert [item.subject for item in items] == [f"SO-{place:04d}" for place in range(0, 60, 3)][:limit]


class CountingReads(FakeReads):
    """Counts what is read."""

    asked = 0

    def find(self, *args, **options):
        self.asked += 1
        return super().find(*args, **options)

    def seek(self, *args):
        self.asked += 1
        return super().seek(*args)


@covers("XT-13")
@pytest.mark.parametrize("question", [Inbox(), WhoCanAct(subject="SO-0000")])
def test_the_number_of_reads_does_not_grow_with_what_waits(question) -> None:
    counts = set()
    for number in (3, 60):
        reading = CountingReads([*UNITS, *STAFF, *many(number)], actor="qian", roles=PEOPLE["qian"][1])
        handler = inbox if isinstance(question, Inbox) else on_who_can_act
        reading.asked = 0
        handler(question, reading)
        counts.add(reading.asked)
    assert len(counts) == 1


@covers("XT-07")
@given(
    actor=st.sampled_from(sorted(PEOPLE)),
    places=st.lists(st.sampled_from([stage.name for stage in RELEASE_CN.stages]), max_size=6),
    requesters=st.lists(st.sampled_from(sorted(PEOPLE)), min_size=6, max_size=6),
    signers=st.lists(st.sampled_from([None, *sorted(PEOPLE)]), min_size=6, max_size=6),
)
def test_law_the_inbox_is_exactly_what_eligibility_allows(actor, places, requesters, signers) -> None:
    cases = [waiting(at, f"SO-{place}", requester=requesters[place]) for place, at in enumerate(places)]
    trail = [signed(by, case, "precheck") for case, by in zip(cases, signers, strict=False) if by is not None]
    reading = reads(actor, *cases, *trail)
    allowed = [
        case.subject for case in cases if not eligibility(RELEASE_CN, case, trail, actor_for(reading, case))
    ]
    assert [item.subject for item in inbox(Inbox(), reading)] == allowed


@covers("XT-07")
def test_who_can_act_names_the_stage_the_people_and_why_not() -> None:
    standing = on_who_can_act(WhoCanAct(subject="SO-1"), reads("zhao", waiting("lead"), held()))
    assert (standing.stage, standing.path, standing.requester) == ("lead", ("lead", "finance"), "zhang")
    found = {one.person: [reason.code for reason in one.reasons] for one in standing.persons}
    assert found == {
        "li": [],
        "he": [],
        "ma": ["approval.not_an_approver"],
        "zhang": ["approval.own_document"],
    }
    (hold,) = standing.holds
    assert (hold.code, hold.may_pass) == ("credit.over_limit", "finance")
    assert [one.person for one in hold.persons if one.can_act] == ["qian", "wu"]


def test_for_a_named_person_every_reason_is_given() -> None:
    reading = reads("zhao", waiting("lead"), held())
    standing = on_who_can_act(WhoCanAct(subject="SO-1", person="zhang"), reading)
    (one,) = standing.persons
    assert [reason.code for reason in one.reasons] == ["approval.own_document"]
    ((hold,),) = (held.persons for held in standing.holds)
    assert [reason.code for reason in hold.reasons] == ["hold.not_your_role", "hold.own_document"]


def test_the_newest_round_counts() -> None:
    newer = waiting("finance", id="SO-1/approval/2", round=2)
    standing = on_who_can_act(WhoCanAct(subject="SO-1"), reads("zhao", over(CaseState.REJECTED), newer))
    assert (standing.case, standing.stage) == ("SO-1/approval/2", "finance")


def test_after_the_approval_the_warehouse_signs() -> None:
    approved = over(CaseState.APPROVED)
    standing = on_who_can_act(WhoCanAct(subject="SO-1"), reads("zhao", approved))
    assert [(one.person, one.stage, one.can_act) for one in standing.persons] == [("zhou", "warehouse", True)]
    named = on_who_can_act(WhoCanAct(subject="SO-1", person="wu"), reads("zhao", approved))
    assert [reason.code for reason in named.persons[0].reasons] == ["approval.not_an_approver"]


def test_when_it_is_over_nobody_is_waited_for() -> None:
    rejected = over(CaseState.REJECTED)
    standing = on_who_can_act(WhoCanAct(subject="SO-1"), reads("zhao", rejected))
    assert (standing.persons, standing.path) == ((), ())
    named = on_who_can_act(WhoCanAct(subject="SO-1", person="wu"), reads("zhao", rejected))
    assert [reason.code for reason in named.persons[0].reasons] == ["approval.closed"]


def test_an_unknown_document_or_person_is_not_found() -> None:
    for question in (WhoCanAct(subject="SO-9"), WhoCanAct(subject="SO-1", person="nobody")):  # approvals-054
        with pytest.raises(NotFound):
            on_who_can_act(question, reads("zhao", waiting("lead")))


def test_a_chain_that_is_gone_is_named() -> None:
    with pytest.raises(NotFound, match="release_cn@0"):  # approvals-041
        chain_of(waiting("lead", chain="release_cn@0"))


def test_units_upwards_and_downwards() -> None:
    reading = reads("li")
    assert units_up(reading, "shanghai") == ("shanghai", "east", "all")
    assert units_up(reading, "gone") == ("gone",)
    assert units_up(reading, None) == ()
    assert units_down(reading, "east") == {"east", "shanghai"}
    assert units_down(reading, None) == frozenset()


def test_a_cycle_of_units_ends() -> None:
    reading = FakeReads([OrgUnit(id="a", name="a", parent="b"), OrgUnit(id="b", name="b", parent="a")])
    assert units_up(reading, "a") == ("a", "b")
    assert units_down(reading, "a") == {"a", "b"}


def test_the_actor_as_an_approver() -> None:
    assert actor_for(reads("li"), waiting("lead")) == Person(
        "li", frozenset({"lead"}), frozenset({"shanghai"})
    )
    assert actor_for(reads("ma"), waiting("lead")).units == frozenset()
    assert actor_for(reads("li"), waiting("finance")).units == frozenset()
    assert actor_for(reads("li"), waiting("finance"), RELEASE_CN.stages[2]).units == {"shanghai"}
    assert actor_everywhere(reads("li")).units == {"east", "shanghai"}
    assert actor_everywhere(reads("nobody")) == Person("nobody")
    retired = Staff(id="li", name="li", unit="east", active=False)
    assert not actor_for(reads("li", retired), waiting("lead")).active
    assert unit_of_actor(reads("li")) == "east"
    assert unit_of_actor(reads("nobody")) is None


@covers("XT-07")
@pytest.mark.parametrize(
    ("actor", "unit", "wanted"),
    [
        ("zhang", "shanghai", {"qualification": 2, "precheck": 1, "lead": 2, "finance": 2}),
        ("zhao", "shanghai", {"qualification": 2, "precheck": 1, "lead": 3, "finance": 2}),
        ("qian", "all", {"qualification": 1, "precheck": 1, "lead": 1, "finance": 1}),
        ("zhou", None, {"qualification": 2, "precheck": 1, "lead": 0, "finance": 2}),
    ],
)
def test_how_many_others_may_decide_each_stage(actor, unit, wanted) -> None:
    assert holder_counts(reads(actor), RELEASE_CN, unit) == wanted
    retired = Staff(id="sun", name="sun", unit="all", active=False)
    assert holder_counts(reads(actor, retired), RELEASE_CN, unit) == {**wanted, "precheck": 0}


def test_who_they_are_is_read_only_where_all_have_to_sign() -> None:
    assert holder_ids(reads("li"), RELEASE_CN, waiting("lead")) == {}
    assert holder_ids(reads("li"), RELEASE_CN, over(CaseState.APPROVED)) == {}
    everybody = chain(stage("lead", quorum=ALL))
    assert holder_ids(reads("li"), everybody, waiting("lead")) == {"lead": frozenset({"zhang", "li", "he"})}
    tenant_wide = evolve(waiting("lead"), waiting_unit=None)
    retired = Staff(id="li", name="li", active=False)
    assert holder_ids(reads("li", retired), everybody, tenant_wide) == {
        "lead": frozenset({"zhang", "ma", "he"})
    }


def test_the_domains_name_each_code_once_and_give_every_role_its_questions() -> None:
    codes = [reason.code for reason in approvals.domain.reasons]
    assert len(codes) == len(set(codes))
    assert isinstance(questions.domain, Domain)
    assert set(questions.domain.rights) == set(approvals.ASKING)
    assert {ApprovalCase, SignOff, Hold} <= set(approvals.domain.records)
    for reason in approvals.domain.reasons:
        for text in (reason.en, reason.zh):
            assert len(text.split()) <= 15
            assert text[0].islower() or not text[0].isascii() or text[0] == "{"
