"""Inbox and WhoCanAct, and the reads by which flows find approvers."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from pharmacrm.core import approvals
from pharmacrm.core.engines.approval import Person
from pharmacrm.core.engines.approval.routes import (
    Act,
    ApprovalMove,
    ApprovalRequest,
    ApprovalSeat,
    Case,
    Document,
    Statement,
    chance,
    decide,
    plan,
    submit,
)
from pharmacrm.core.engines.holds import Hold, HoldState
from pharmacrm.core.flows import approvals as questions
from pharmacrm.core.flows.approvals import Inbox, WhoCanAct, inbox, on_who_can_act
from pharmacrm.core.flows.approvers import actor_everywhere, unit_of_actor, units_down, units_up
from pharmacrm.core.flows.directory import actor_in
from pharmacrm.core.flows.routing import route_named
from pharmacrm.core.flows.shipped_routes import RELEASE_CN
from pharmacrm.core.flows.standing import Waiting
from pharmacrm.core.kernel.domain import Domain
from pharmacrm.core.kernel.errors import MalformedInput, NotFound
from pharmacrm.core.kernel.query import eq
from pharmacrm.core.kernel.record import Entity
from pharmacrm.core.people import OrgUnit, RoleAssignment, Staff
from tests.approval.routed import AT, WORK
from tests.covers import covers
from tests.fakes import FakeReads

SEEN = "a" * 64
STEPS = tuple(step.name for step in RELEASE_CN.all_steps())
ROLES = dict(zip(STEPS, ("assistant", "dispatcher", "lead", "finance"), strict=True))
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


class Anybody:
    """A company in which there are people enough for every step."""

    def active(self, person: str) -> bool:
        return bool(person)

    def manager(self, person: str) -> str | None:
        return None

    def holders(self, role: str, unit: str) -> frozenset[str]:
        return frozenset(f"{role}-{number}" for number in range(4))


def waiting(
    at: str,
    subject: str = "SO-1",
    *,
    requester: str = "zhang",
    signers: Mapping[str, str] | None = None,
    after: timedelta = timedelta(0),
    act: Act = Act.APPROVE,
) -> list[Entity]:
    """An order that has come to a step ("" is the end): its request, its moves and the seats that wait.

    `signers` say who signed an earlier step; anybody else of its role did otherwise. `act` is what is said
    last.
    """
    store = FakeReads()
    paper = Document(subject=subject, kind="order", requester=requester, unit="shanghai", content=SEEN)
    planned = plan(RELEASE_CN, paper, Anybody())
    store.apply(submit(RELEASE_CN, planned, paper, earlier=(), at=AT + after, work=WORK))
    past = STEPS[: STEPS.index(at)] if at else STEPS
    for name in past:
        who = (signers or {}).get(name, f"signer-of-{name}")
        person = Person(who, frozenset({ROLES[name]}), frozenset({"shanghai"}))
        said = act if name == past[-1] else Act.APPROVE
        answer = decide(case_in(store, subject), person, Statement(act=said, comment="说明"), at=AT + after)
        assert answer.value is not None, answer.explain()
        store.apply(answer)
    return list(store.entities.values())


def case_in(store: FakeReads, subject: str = "SO-1") -> Case:
    request = store.find(ApprovalRequest, eq("subject", subject))[0]
    moves = store.find(ApprovalMove, eq("request", request.id), order=("number",))
    return Case(route=RELEASE_CN, request=request, moves=moves, work=WORK)


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


def reads(actor: str, *more: Entity | Iterable[Entity]) -> FakeReads:
    roles = PEOPLE.get(actor, (None, ()))[1]
    flat = [one for each in more for one in ([each] if isinstance(each, Entity) else each)]
    return FakeReads([*UNITS, *STAFF, *flat], actor=actor, roles=roles, at=AT)


INBOX: dict[str, tuple[str, list[Any], list[str]]] = {
    "the assistant's step": ("chen", [waiting("qualification")], ["SO-1 qualification"]),
    "not another role's": ("wu", [waiting("qualification")], []),
    "not the requester's own": ("zhang", [waiting("lead")], []),
    "the lead of the unit above": ("li", [waiting("lead")], ["SO-1 lead"]),
    "the lead of the top": ("he", [waiting("lead")], ["SO-1 lead"]),
    "not the lead of another unit": ("ma", [waiting("lead")], []),
    "not what one signed before": ("qian", [waiting("finance", signers={"qualification": "qian"})], []),
    "what others signed before": (
        "qian",
        [waiting("finance", signers={"qualification": "chen"})],
        ["SO-1 finance"],
    ),
    "not what is over": ("chen", [waiting(""), waiting("precheck", "SO-2", act=Act.REJECT)], []),
    "a hold of one's role": ("wu", [held()], ["SO-1 credit.over_limit"]),
    "not a passed hold": ("wu", [held(state=HoldState.RELEASED)], []),
    "not a hold on one's own act": ("wu", [held(placed_by="wu")], []),
    "not a hold on one's own document": ("wu", [held(requester="wu")], []),
    "the longest waiting first": (
        "qian",
        [
            waiting("finance", "SO-3", after=-timedelta(days=1)),
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
    assert (case.kind, case.id) == ("order", "SO-1/request/1")
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
    """Orders at finance: of three one is qian's own, one has been signed by qian, one can be decided."""
    found: list[Entity] = []
    for place in range(number):
        after = timedelta(seconds=place)
        signers = {"qualification": "qian"} if place % 3 == 2 else {}
        requester = "qian" if place % 3 == 1 else "zhang"
        found += waiting("finance", f"SO-{place:04d}", after=after, signers=signers, requester=requester)
    return found


@pytest.mark.parametrize("limit", [1, 5, 20])
def test_the_limit_is_filled_although_most_cases_are_not_the_actors_to_decide(limit) -> None:
    items = inbox(Inbox(limit=limit), reads("qian", many(60)))
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
        reading = CountingReads([*UNITS, *STAFF, *many(number)], actor="qian", roles=PEOPLE["qian"][1], at=AT)
        handler = inbox if isinstance(question, Inbox) else on_who_can_act
        reading.asked = 0
        handler(question, reading)
        counts.add(reading.asked)
    assert len(counts) == 1


@covers("XT-07")
@given(
    actor=st.sampled_from(sorted(PEOPLE)),
    places=st.lists(st.sampled_from(STEPS), max_size=6),
    requesters=st.lists(st.sampled_from(sorted(PEOPLE)), min_size=6, max_size=6),
    signers=st.lists(st.sampled_from([None, *sorted(PEOPLE)]), min_size=6, max_size=6),
)
def test_law_the_inbox_is_exactly_what_eligibility_allows(
    actor: str, places: list[str], requesters: list[str], signers: list[str | None]
) -> None:
    records: list[Entity] = []
    for number, at in enumerate(places):
        by = signers[number]
        known = {"qualification": by} if by is not None and by != requesters[number] else {}
        records += waiting(at, f"SO-{number}", requester=requesters[number], signers=known)
    reading = reads(actor, records)
    allowed = []
    for number in range(len(places)):
        case = case_in(reading, f"SO-{number}")
        person = actor_in(reading, case.request.unit)
        if not chance(RELEASE_CN, case.request, case.now, person).reasons:
            allowed.append(f"SO-{number}")
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


def test_the_newest_request_counts() -> None:
    reading = reads("zhao", waiting("precheck", act=Act.REJECT))
    paper = Document(subject="SO-1", kind="order", requester="zhang", unit="shanghai", content=SEEN)
    earlier = reading.find(ApprovalRequest)
    again = submit(RELEASE_CN, plan(RELEASE_CN, paper, Anybody()), paper, earlier=earlier, at=AT, work=WORK)
    reading.apply(again)
    standing = on_who_can_act(WhoCanAct(subject="SO-1"), reading)
    assert (standing.case, standing.stage) == ("SO-1/request/2", "qualification")


def test_after_the_approval_the_warehouse_signs() -> None:
    approved = waiting("")
    standing = on_who_can_act(WhoCanAct(subject="SO-1"), reads("zhao", approved))
    assert [(one.person, one.stage, one.can_act) for one in standing.persons] == [("zhou", "warehouse", True)]
    named = on_who_can_act(WhoCanAct(subject="SO-1", person="wu"), reads("zhao", approved))
    assert [reason.code for reason in named.persons[0].reasons] == ["approval.not_an_approver"]


def test_when_it_is_over_nobody_is_waited_for() -> None:
    rejected = waiting("precheck", act=Act.REJECT)
    standing = on_who_can_act(WhoCanAct(subject="SO-1"), reads("zhao", rejected))
    assert (standing.persons, standing.path) == ((), ())
    named = on_who_can_act(WhoCanAct(subject="SO-1", person="wu"), reads("zhao", rejected))
    assert [reason.code for reason in named.persons[0].reasons] == ["approval.closed"]


def test_an_unknown_document_or_person_is_not_found() -> None:
    for question in (WhoCanAct(subject="SO-9"), WhoCanAct(subject="SO-1", person="nobody")):  # approvals-054
        with pytest.raises(NotFound):
            on_who_can_act(question, reads("zhao", waiting("lead")))


def test_a_route_that_is_not_there_is_named() -> None:
    assert route_named("release_cn@1", reads("zhao")) is RELEASE_CN
    with pytest.raises(NotFound, match="release_cn@0"):  # approvals-041
        route_named("release_cn@0", reads("zhao"))


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
    assert actor_in(reads("li"), "shanghai") == Person("li", frozenset({"lead"}), frozenset({"shanghai"}))
    assert actor_in(reads("ma"), "shanghai").units == frozenset()
    assert actor_in(reads("li"), None).units == frozenset()
    assert actor_everywhere(reads("li")).units == {"east", "shanghai"}
    assert actor_everywhere(reads("nobody")) == Person("nobody")
    retired = Staff(id="li", name="li", unit="east", active=False)
    assert not actor_in(reads("li", retired), "shanghai").active
    assert unit_of_actor(reads("li")) == "east"
    assert unit_of_actor(reads("nobody")) is None


def test_the_domains_name_each_code_once_and_give_every_role_its_questions() -> None:
    codes = [reason.code for reason in approvals.domain.reasons]
    assert len(codes) == len(set(codes))
    assert isinstance(questions.domain, Domain)
    assert set(questions.domain.rights) == set(approvals.ASKING)
    assert {ApprovalRequest, ApprovalMove, ApprovalSeat, Hold} <= set(approvals.domain.records)
    for reason in approvals.domain.reasons:
        for text in (reason.en, reason.zh):
            assert len(text.split()) <= 15
            assert text[0].islower() or not text[0].isascii() or text[0] == "{"
