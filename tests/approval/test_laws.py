"""Laws of approval: no path counts anybody twice, every path ends, the trail gives the state again."""

from datetime import timedelta

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, precondition, rule

from pharmacrm.core.engines.approval import (
    ALL,
    ANY,
    ApprovalCase,
    AtLeast,
    Ballot,
    CaseState,
    Chain,
    Ended,
    Person,
    Scope,
    SignOff,
    Verdict,
    decide,
    eligibility,
    invalidate,
    replay,
    sign_submission,
    start,
    who_can_act,
    withdraw,
)
from pharmacrm.core.engines.holds import Hold, HoldState, hold, open_holds_block, pass_hold
from pharmacrm.core.kernel.change import Save
from pharmacrm.core.kernel.codec import dumps, from_plain, loads
from pharmacrm.core.kernel.reason import Reason, Severity
from tests.approval.chains import AT, chain, stage, stored
from tests.covers import covers

NAMES = "abcdefgh"
ROLES = ("check", "lead", "money")

quorums = st.sampled_from([ANY, AtLeast(2), AtLeast(3), ALL])
people = st.builds(
    Person,
    st.sampled_from(NAMES),
    st.frozensets(st.sampled_from(ROLES)),
    st.frozensets(st.sampled_from(["east"])),
    st.sampled_from([True, True, True, False]),
)
staffs = st.lists(people, min_size=1, max_size=8, unique_by=lambda person: person.id)
ballots = st.builds(
    Ballot,
    verdict=st.sampled_from([Verdict.APPROVED, Verdict.APPROVED, Verdict.APPROVED, Verdict.REJECTED]),
    content=st.sampled_from(["old", "old", "old", "new"]),
    seen=st.sampled_from([None, None, "old", "new"]),
    stage=st.sampled_from([None, None, "s0", "s1", "s2"]),
    comment=st.sampled_from(["", "because"]),
)


@st.composite
def chains(draw) -> Chain:
    stages = [
        stage(f"s{place}", draw(st.sampled_from(ROLES)), draw(quorums), draw(st.sampled_from(Scope)))
        for place in range(draw(st.integers(1, 3)))
    ]
    return chain(*stages)


def holders_of(of: Chain, staff: list[Person]) -> dict[str, frozenset[str]]:
    return {
        one.name: frozenset(
            person.id
            for person in staff
            if person.active
            and one.role in person.roles
            and (one.scope is Scope.TENANT or "east" in person.units)
        )
        for one in of.stages
    }


class Paper:
    """A round under way over drawn chains and people; every act is remembered."""

    def __init__(self, of: Chain, staff: list[Person]) -> None:
        self.chain, self.staff, self.holders = of, staff, holders_of(of, staff)
        self.at = AT
        self.steps: list[SignOff | Ended] = []
        self.signed: list[SignOff] = []
        requester = staff[0].id
        self.answer = start(
            of,
            subject="D-1",
            round=1,
            content="old",
            requester=requester,
            unit="east",
            at=AT,
            holders=self.holders,
        )
        self.first: ApprovalCase | None = self.answer.value
        self.case = self.first
        if self.case:
            self.signed = stored(sign_submission(of, self.case, role="sales"))

    def decide(self, person: Person, ballot: Ballot) -> bool:
        assert self.case is not None
        self.at += timedelta(seconds=1)
        before = self.case
        answer = decide(self.chain, self.case, self.signed, person, ballot, at=self.at, holders=self.holders)
        if answer.value is None:
            return False
        assert before.state is CaseState.PENDING
        self.case = answer.value
        self.signed += stored(answer)
        self.steps += stored(answer)
        return True


@covers("XT-03", "XT-07", "XT-13")
@given(of=chains(), staff=staffs, data=st.data())
def test_law_nobody_counts_twice_and_replay_gives_the_state(of, staff, data) -> None:
    paper = Paper(of, staff)
    if paper.case is None or paper.first is None:
        return
    accepted = 0
    for _ in range(30):
        person = data.draw(st.sampled_from(staff))
        case = paper.case
        reasons = eligibility(of, case, paper.signed, person)
        ballot = data.draw(st.one_of(ballots, st.just(Ballot(verdict=Verdict.APPROVED, content="old"))))
        done = paper.decide(person, ballot)
        accepted += done
        if done:
            assert not reasons
            assert person.active
            assert ballot.content == "old"
        elif ballot == Ballot(verdict=Verdict.APPROVED, content="old"):
            assert reasons
    votes = [sign_off for sign_off in paper.signed if sign_off.verdict is not Verdict.SUBMITTED]
    assert accepted == len(votes) == len({vote.person for vote in votes}) <= len(staff) - 1
    assert all(vote.person != paper.case.requester for vote in votes)
    assert replay(of, paper.first, paper.signed) == paper.case
    assert [sign_off.number for sign_off in paper.signed] == list(range(1, len(paper.signed) + 1))


@covers("XT-13")
@given(of=chains(), staff=staffs)
def test_law_whoever_can_act_brings_the_case_to_its_end(of, staff) -> None:
    """At most one signature of each person, and then the case is approved or nobody is left who may sign."""
    paper = Paper(of, staff)
    if paper.case is None:
        return
    for _ in range(len(staff)):
        able = [one for one in who_can_act(of, paper.case, paper.signed, staff) if one.can_act]
        if not able:
            break
        person = next(person for person in staff if person.id == able[0].person)
        assert paper.decide(person, Ballot(verdict=Verdict.APPROVED, content="old"))
    assert not any(one.can_act for one in who_can_act(of, paper.case, paper.signed, staff))
    reached = {sign_off.stage for sign_off in paper.signed}
    if paper.case.state is CaseState.APPROVED:
        assert reached == {"submission", *(one.name for one in of.stages)}


@covers("XT-10")
@given(of=chains(), staff=staffs, votes=st.integers(0, 8), content=st.sampled_from(["old", "new"]))
def test_law_a_change_of_content_leaves_no_valid_signature(of, staff, votes, content) -> None:
    paper = Paper(of, staff)
    if paper.case is None or paper.first is None:
        return
    for person in staff[:votes]:
        paper.decide(person, Ballot(verdict=Verdict.APPROVED, content="old"))
    answer = invalidate(paper.case, paper.signed, content=content, at=paper.at)
    changed = {sign_off.id: sign_off for sign_off in stored(answer)}
    valid = [sign_off for sign_off in paper.signed if changed.get(sign_off.id, sign_off).valid]
    if content == "old":
        assert valid == paper.signed
        assert not answer.changes
        return
    assert valid == []
    assert answer.expect().state is CaseState.INVALIDATED
    again = replay(of, paper.first, [*paper.signed, Ended(CaseState.INVALIDATED, paper.at)])
    assert again == answer.expect()
    assert invalidate(answer.expect(), changed.values(), content="newer", at=paper.at).changes == ()


@given(of=chains(), staff=staffs, votes=st.integers(0, 8))
def test_law_records_come_back_from_json(of, staff, votes) -> None:
    paper = Paper(of, staff)
    if paper.case is None:
        return
    for person in staff[:votes]:
        paper.decide(person, Ballot(verdict=Verdict.APPROVED, content="old"))
    assert from_plain(ApprovalCase, loads(dumps(paper.case))) == paper.case
    for sign_off in paper.signed:
        assert from_plain(SignOff, loads(dumps(sign_off))) == sign_off


STAFF = [
    Person(name, frozenset(roles), frozenset({"east"}))
    for name, roles in {
        "a": {"check", "lead"},
        "b": {"check", "lead", "money"},
        "c": {"check"},
        "d": {"lead"},
        "e": {"money"},
        "f": {"money", "check"},
    }.items()
]
DOCUMENT = chain(
    stage("s0", "check", AtLeast(2)), stage("s1", "lead", scope=Scope.UNIT), stage("s2", "money")
)
OVER = Reason(code="credit.over_limit", severity=Severity.APPROVE, subject="D-1")
persons = st.sampled_from(STAFF)


class ApprovalMachine(RuleBasedStateMachine):
    """One document over several rounds: submitted, decided, withdrawn, changed, held, passed in any order."""

    holds_placed = Bundle("holds_placed")

    @initialize()
    def submit(self) -> None:
        self.revision = 0
        self.rounds: dict[str, tuple[ApprovalCase, list[SignOff | Ended]]] = {}
        self.signed: dict[str, list[SignOff]] = {}
        self.holds: dict[str, Hold] = {}
        self.at = AT
        self.open_round()

    def open_round(self) -> None:
        self.revision += 1
        self.content = f"revision {self.revision}"
        self.case = start(
            DOCUMENT,
            subject="D-1",
            round=self.revision,
            content=self.content,
            requester="a",
            unit="east",
            at=self.at,
            holders=holders_of(DOCUMENT, STAFF),
        ).expect()
        self.rounds[self.case.id] = (self.case, [])
        self.signed[self.case.id] = stored(sign_submission(DOCUMENT, self.case, role="sales"))

    @rule(person=persons, approve=st.booleans(), comment=st.sampled_from(["", "no"]), stale=st.booleans())
    def decide(self, person: Person, approve: bool, comment: str, stale: bool) -> None:
        self.at += timedelta(seconds=1)
        ballot = Ballot(
            verdict=Verdict.APPROVED if approve else Verdict.REJECTED,
            content="revision 0" if stale else self.content,
            comment=comment,
        )
        answer = decide(DOCUMENT, self.case, self.signed[self.case.id], person, ballot, at=self.at)
        if answer.value is not None:
            self.case = answer.value
            self.signed[self.case.id] += stored(answer)
            self.rounds[self.case.id][1].extend(stored(answer))

    @rule(person=persons)
    def withdraw(self, person: Person) -> None:
        was = self.case.state
        answer = withdraw(self.case, by=person.id, at=self.at)
        assert answer.allowed == (person.id == "a" and was is CaseState.PENDING)
        if answer.value is not None:
            self.case = answer.value
            self.rounds[self.case.id][1].append(Ended(CaseState.WITHDRAWN, self.at))

    @rule()
    def change_content(self) -> None:
        was = self.case.state
        answer = invalidate(self.case, self.signed[self.case.id], content="something else", at=self.at)
        ended = was in {CaseState.PENDING, CaseState.APPROVED}
        assert bool(answer.changes) == ended
        if ended:
            self.case = answer.expect()
            self.signed[self.case.id] = stored(answer)
            self.rounds[self.case.id][1].append(Ended(CaseState.INVALIDATED, self.at))
            self.open_round()

    @precondition(lambda self: self.case.state in {CaseState.REJECTED, CaseState.WITHDRAWN})
    @rule()
    def submit_again(self) -> None:
        self.open_round()

    @rule(target=holds_placed)
    def place_hold(self) -> str:
        answer = hold(OVER, subject="D-1", revision=self.revision, by="a", at=self.at, role="money")
        (change,) = answer.changes
        assert isinstance(change, Save)
        assert isinstance(change.entity, Hold)
        return self.holds.setdefault(change.entity.id, change.entity).id

    @rule(id=holds_placed, person=persons, why=st.sampled_from(["", "seen"]))
    def pass_hold(self, id: str, person: Person, why: str) -> None:
        held = self.holds[id]
        answer = pass_hold(held, person, why, at=self.at)
        assert answer.allowed == (
            held.state is HoldState.OPEN and person.id != "a" and "money" in person.roles and why == "seen"
        )
        if answer.value is not None:
            self.holds[id] = answer.value

    @invariant()
    def nobody_counts_twice_and_the_requester_never(self) -> None:
        for case, signed in getattr(self, "signed", {}).items():
            votes = [one.person for one in signed if one.verdict is not Verdict.SUBMITTED]
            assert len(votes) == len(set(votes)), case
            assert "a" not in votes

    @invariant()
    def approved_means_every_stage_signed_for_this_content(self) -> None:
        case = getattr(self, "case", None)
        if case is None or case.state is not CaseState.APPROVED:
            return
        signed = self.signed[case.id]
        stages = [one.stage for one in signed]
        assert (stages.count("s0"), stages.count("s1"), stages.count("s2")) == (2, 1, 1)
        assert all(one.valid and one.content == self.content for one in signed)

    @invariant()
    def the_trail_gives_the_state_again(self) -> None:
        if hasattr(self, "case"):
            first, steps = self.rounds[self.case.id]
            assert replay(DOCUMENT, first, steps) == evolve(self.case, version=first.version)

    @invariant()
    def an_open_hold_blocks(self) -> None:
        for held in getattr(self, "holds", {}).values():
            assert bool(open_holds_block([held])) == (held.state is HoldState.OPEN)


@covers("XT-03", "XT-10", "XT-13")
class TestApprovalMachine(ApprovalMachine.TestCase):  # type: ignore[misc, valid-type]
    """The machine, run by pytest under the profile's settings."""
