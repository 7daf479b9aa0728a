"""Documents on routes through the door: versions, the inbox, substitutes, many at once, and the clock."""

from typing import Any, TypeVar

import pytest
from attrs import evolve

from pharmacrm import (
    Act,
    ApprovalMove,
    ApprovalRequest,
    ApprovalRoute,
    ApprovalSeat,
    ApprovalTrail,
    Attachment,
    BulkItem,
    Decide,
    DecideMany,
    Delegation,
    Delegations,
    DocumentField,
    Inbox,
    MigrateRequest,
    NamedApprovers,
    PreviewApproval,
    PublishRoute,
    RegisterStaff,
    ResubmitForApproval,
    RetireRoute,
    RevokeDelegation,
    SignFollowUp,
    WhoCanAct,
    WithdrawRequest,
)
from pharmacrm.core.flows.approvals import inbox
from pharmacrm.core.flows.refusals import WhyRefused
from pharmacrm.core.kernel.codec import canonical
from pharmacrm.core.kernel.decision import Outcome
from pharmacrm.core.kernel.errors import MalformedInput, NotFound, NotPermitted
from pharmacrm.core.kernel.query import eq
from pharmacrm.core.kernel.record import Entity
from pharmacrm.core.people import OrgUnit, RoleAssignment, Staff
from pharmacrm.crm import PharmaCRM
from tests.covers import covers
from tests.fakes import FakeReads
from tests.flows.house import (
    ADMIN,
    ASSISTANT,
    FINANCE,
    LEAD,
    QUALITY,
    SALES,
    entities,
    open_house,
    pass_days,
    placed,
    worth,
    yuan,
)
from tests.flows.scenarios_approvals import lent, published, said, step, submitted, today

E = TypeVar("E", bound=Entity)


@pytest.fixture
def crm() -> PharmaCRM:
    house = open_house()
    house.do(published(), actor=ADMIN).expect()
    return house


def newest(crm: PharmaCRM, document: str = "CT-1") -> ApprovalRequest:
    return crm.find(ApprovalRequest, eq("subject", document), order=("-number",), actor=ADMIN)[0]


def waiting(crm: PharmaCRM, actor: str) -> list[tuple[str, str, str]]:
    return [(item.subject, item.step, item.acting_for) for item in crm.ask(Inbox(), actor=actor)]


@covers("XT-13", "XT-14", "XT-15")
def test_editing_a_route_never_touches_what_is_under_way(crm: PharmaCRM) -> None:
    """OCA/server-ux#306; approvals-040, approvals-041."""
    crm.do(submitted(), actor=SALES).expect()
    before = crm.ask(ApprovalTrail(document="CT-1"), actor=ADMIN)
    crm.do(published(step("quality"), version=2), actor=ADMIN).expect()
    crm.do(RetireRoute(code="contract_cn"), actor=ADMIN).expect()
    assert crm.ask(ApprovalTrail(document="CT-1"), actor=ADMIN) == before
    crm.do(said(), actor=LEAD).expect()
    assert newest(crm).waiting == ("finance",)
    assert crm.do(submitted("CT-2"), actor=SALES).codes == ("approval.no_route",)


def test_only_an_explicit_command_moves_a_document_to_another_version(crm: PharmaCRM) -> None:
    crm.do(submitted(), actor=SALES).expect()
    crm.do(said(), actor=LEAD).expect()
    crm.do(published(step("lead"), step("quality"), version=2), actor=ADMIN).expect()
    moved = MigrateRequest(document="CT-1", route="contract_cn@2", comment="新制度")
    with pytest.raises(NotPermitted):
        crm.do(moved, actor=SALES)
    crm.do(moved, actor=ADMIN).expect()
    assert (newest(crm).route, newest(crm).waiting) == ("contract_cn@2", ("quality",))


def test_publishing_the_same_again_changes_nothing_and_a_version_is_never_changed(crm: PharmaCRM) -> None:
    again = crm.do(published(), actor=ADMIN)
    assert again.allowed
    assert len(crm.find(ApprovalRoute, actor=ADMIN)) == 1
    other = crm.do(published(step("quality")), actor=ADMIN)
    assert other.codes == ("approval.route_version",)


def test_every_mistake_of_a_definition_is_a_reason(crm: PharmaCRM) -> None:
    wrong = published(
        step("lead", quorum=0, when={"field": "discount", "gt": {"number": "5"}}),
        step("lead", by=[{"authority": [{"role": "lead"}, {"role": "finance"}]}]),
        version=2,
    )
    found = crm.do(wrong, actor=ADMIN)
    assert {reason.field for reason in found.reasons} == {
        "steps[0].quorum",
        "steps[0].when.field",
        "steps[1].by[0].authority[0].up_to",
        "steps",
    }
    broken = crm.do(PublishRoute(definition="{"), actor=ADMIN)
    assert [reason.field for reason in broken.reasons] == ["definition"]


def test_the_inbox_shows_what_is_mine_and_what_i_do_for_others(crm: PharmaCRM) -> None:
    crm.do(submitted(), actor=SALES).expect()
    assert waiting(crm, LEAD) == [("CT-1", "lead", "")]
    assert waiting(crm, FINANCE) == waiting(crm, SALES) == []
    crm.do(lent(QUALITY, crm, kinds=("contract",), up_to=yuan("100.00")), actor=LEAD).expect()
    assert waiting(crm, QUALITY) == [("CT-1", "lead", LEAD)]
    crm.do(said(), actor=QUALITY).expect()
    (move,) = [one for one in crm.find(ApprovalMove, actor=ADMIN) if one.action.value == "approved"]
    assert (move.person, move.acting_for) == (QUALITY, LEAD)
    assert waiting(crm, LEAD) == []
    assert crm.do(said(), actor=LEAD).codes == ("approval.already_decided",)


@pytest.mark.parametrize(
    "scope", [{"kinds": ("gift",)}, {"up_to": yuan("99.99")}, {"days": 0, "late": 1}, {"revoked": True}]
)
def test_authority_ends_at_its_scope(crm: PharmaCRM, scope: dict[str, Any]) -> None:
    """approvals-020: a delegation that has expired at decision time."""
    late, revoked = scope.pop("late", 0), scope.pop("revoked", False)
    crm.do(submitted(), actor=SALES).expect()
    crm.do(lent(QUALITY, crm, **scope), actor=LEAD).expect()
    if revoked:
        crm.do(RevokeDelegation(delegation="D-1"), actor=LEAD).expect()
    pass_days(crm, late)
    assert waiting(crm, QUALITY) == []
    assert crm.do(said(), actor=QUALITY).codes == ("approval.not_an_approver",)


def test_a_question_comes_to_the_inbox_of_whoever_is_asked(crm: PharmaCRM) -> None:
    crm.do(submitted(), actor=SALES).expect()
    crm.do(said(Act.ASK, target=SALES, comment="为何打折？"), actor=LEAD).expect()
    (item,) = crm.ask(Inbox(), actor=SALES)
    assert (item.waiting.value, item.subject) == ("question", "CT-1")
    crm.do(said(Act.ANSWER, comment="年度框架"), actor=SALES).expect()
    assert crm.ask(Inbox(), actor=SALES) == ()


@covers("SC-30")
def test_roles_are_looked_at_when_somebody_decides(crm: PharmaCRM) -> None:
    """approvals-022, approvals-023: disabled, or without the role, since the document was handed in."""
    crm.do(submitted(), actor=SALES).expect()
    crm.do(RegisterStaff(id=LEAD, name="赵六", unit="east", roles=("quality",)), actor=ADMIN).expect()
    assert crm.do(said(), actor=LEAD).codes == ("approval.not_an_approver",)
    crm.do(RegisterStaff(id=QUALITY, name="周九", unit="east", roles=("lead",)), actor=ADMIN).expect()
    assert crm.do(said(), actor=QUALITY).allowed


def test_many_at_once_have_an_answer_each(crm: PharmaCRM) -> None:
    """approvals-056: one that is not allowed leaves the others alone."""
    for number in range(12):
        crm.do(submitted(f"CT-{number}"), actor=ASSISTANT if number % 5 else SALES).expect()
    crm.do(Decide(document="CT-5", act=Act.REJECT, comment="不同意"), actor=LEAD).expect()
    many = tuple(BulkItem(document=f"CT-{number}") for number in range(13))
    answers = crm.do(DecideMany(documents=many), actor=LEAD).expect()
    refused = {answer.document: [one.code for one in answer.reasons] for answer in answers if answer.reasons}
    assert refused == {"CT-5": ["approval.closed"], "CT-12": ["approval.not_requested"]}
    assert {newest(crm, f"CT-{number}").waiting for number in range(12) if number != 5} == {("finance",)}


def test_who_can_act_names_the_way_and_the_reason_of_each(crm: PharmaCRM) -> None:
    crm.do(submitted(), actor=SALES).expect()
    standing = crm.ask(WhoCanAct(subject="CT-1"), actor=SALES)
    assert (standing.stage, standing.path) == ("lead", ("lead", "finance"))
    assert [(one.person, one.can_act) for one in standing.persons] == [(LEAD, True)]
    why = crm.ask(WhoCanAct(subject="CT-1", person=SALES), actor=SALES).persons[0]
    assert [one.code for one in why.reasons] == ["approval.not_an_approver", "approval.own_document"]
    with pytest.raises(NotFound):
        crm.ask(WhoCanAct(subject="CT-9"), actor=SALES)


def test_a_simulation_says_who_would_approve_and_stores_nothing(crm: PharmaCRM) -> None:
    large = step("finance", when={"field": "amount", "gt": {"money": "100.00 CNY"}})
    crm.do(published(step("lead"), large, version=2), actor=ADMIN).expect()
    small = crm.ask(PreviewApproval(kind="contract", amount=yuan("100.00")), actor=SALES)
    assert [(one.step, one.persons, one.skipped) for one in small.steps] == [
        ("lead", (LEAD,), ""),
        ("finance", (), "condition"),
    ]
    assert "class s_finance skipped" in small.diagram
    assert crm.find(ApprovalRequest, actor=ADMIN) == []
    nothing = crm.ask(PreviewApproval(kind="gift"), actor=SALES)
    assert [one.code for one in nothing.reasons] == ["approval.no_route"]


def test_leaving_the_amount_out_is_refused_wherever_a_document_is_shown_to_its_route(crm: PharmaCRM) -> None:
    crm.do(submitted(), actor=SALES).expect()
    large = step("finance", when={"field": "amount", "gt": {"money": "100.00 CNY"}})
    crm.do(published(step("lead"), large, version=2), actor=ADMIN).expect()
    handed_in = crm.do(evolve(submitted("CT-2"), amount=None), actor=SALES)
    previewed = crm.ask(PreviewApproval(kind="contract"), actor=SALES)
    for reason in (*handed_in.reasons, *previewed.reasons):
        assert (reason.code, reason.field) == ("approval.field_wrong", "amount")
    assert handed_in.reasons[0].message == "field amount of CT-2: money is wanted, got nothing"
    assert handed_in.reasons[0].message_zh == "CT-2 的字段金额应为金额，实际为空"
    assert previewed.steps == ()
    crm.do(submitted("CT-2"), actor=SALES).expect()
    bare = ResubmitForApproval(document="CT-2", content="2" * 64)
    assert crm.do(bare, actor=SALES).codes == ("approval.field_wrong",)
    assert crm.do(evolve(bare, document="CT-1"), actor=SALES).allowed
    moved = MigrateRequest(document="CT-1", route="contract_cn@2", comment="新制度")
    assert crm.do(moved, actor=ADMIN).codes == ("approval.field_wrong",)


def test_an_unknown_field_is_the_mistake_of_the_caller_and_said_so(crm: PharmaCRM) -> None:
    preview = PreviewApproval(kind="contract", amount=yuan("1.00"), fields=(DocumentField("foo", "x"),))
    (reason,) = crm.ask(preview, actor=SALES).reasons
    assert (reason.message, reason.message_zh) == ("the route has no field foo", "审批流程没有字段 foo")
    (reason,) = crm.ask(PreviewApproval(kind="quote"), actor=SALES).reasons
    assert reason.message == "no approval route fits this document (kind quote)"
    assert reason.message_zh == "没有适用于该单据的审批流程（单据类型：报价单）"


def test_a_changed_document_is_approved_again_and_its_seats_follow(crm: PharmaCRM) -> None:
    """approvals-060: a price was changed after finance had approved."""
    crm.do(submitted(), actor=SALES).expect()
    crm.do(said(), actor=LEAD).expect()
    crm.do(said(), actor=FINANCE).expect()
    assert crm.find(ApprovalSeat, actor=ADMIN) == []
    dearer = ResubmitForApproval(document="CT-1", content="2" * 64, amount=yuan("90.00"))
    crm.do(dearer, actor=SALES).expect()
    assert (newest(crm).state.value, waiting(crm, LEAD)) == ("pending", [("CT-1", "lead", "")])
    assert crm.do(said(seen="1" * 64), actor=LEAD).codes == ("approval.content_changed",)


def test_the_clock_is_rung_by_timed_work_and_by_nobody_else(crm: PharmaCRM) -> None:
    patient = step("lead", timeout={"remind": 1, "decide": 2, "lapse": "approve"})
    crm.do(published(patient, step("finance"), version=2), actor=ADMIN).expect()
    crm.do(submitted(), actor=SALES).expect()
    assert crm.run_due().done == 0
    pass_days(crm, 4)
    for _ in range(3):
        assert crm.run_due().failed == ()
    assert newest(crm).waiting == ("finance",)
    trail = crm.ask(ApprovalTrail(document="CT-1"), actor=ADMIN)
    assert [(one.action.value, one.person) for one in trail.moves][1:] == [
        ("reminded", "system"),
        ("lapsed", "system"),
    ]


@covers("XT-09")
def test_what_follows_an_approved_document_is_signed_by_nobody_who_decided(crm: PharmaCRM) -> None:
    """One signature for each document that follows, and the trail says which signatures still count."""
    crm.do(published(step("lead"), version=2, after=[step("issue", "quality")]), actor=ADMIN).expect()
    crm.do(submitted(), actor=SALES).expect()
    note = SignFollowUp(document="CT-1", step="issue", follows="DN-1", content="2" * 64)
    assert crm.do(note, actor=QUALITY).codes == ("approval.not_approved",)
    crm.do(said(), actor=LEAD).expect()
    assert crm.do(note, actor=LEAD).codes == ("approval.already_decided",)
    assert crm.do(note, actor=FINANCE).codes == ("approval.not_an_approver",)
    assert crm.do(evolve(note, seen="3" * 64), actor=QUALITY).codes == ("approval.content_changed",)
    crm.do(note, actor=QUALITY).expect()
    assert crm.do(note, actor=QUALITY).codes == ("approval.already_decided",)
    crm.do(evolve(note, follows="DN-2"), actor=QUALITY).expect()
    trail = crm.ask(ApprovalTrail(document="CT-1"), actor=ADMIN)
    kept = [(one.action.value, one.person, one.target) for one in trail.moves]
    assert kept[2:] == [("signed", QUALITY, "DN-1"), ("signed", QUALITY, "DN-2")]
    assert trail.counting == tuple(one.id for one in trail.moves)
    crm.do(ResubmitForApproval(document="CT-1", content="4" * 64), actor=SALES).expect()
    trail = crm.ask(ApprovalTrail(document="CT-1"), actor=ADMIN)
    assert trail.counting == tuple(one.id for one in trail.moves if one.action.value in {"signed", "changed"})
    elsewhere = crm.do(evolve(note, step="archive"), actor=QUALITY).reasons[0]
    assert (elsewhere.code, elsewhere.field, str(elsewhere.expected)) == (
        "approval.not_your_stage",
        "step",
        "issue",
    )


def test_a_check_that_a_kind_does_not_have_is_a_mistake_of_the_route(crm: PharmaCRM) -> None:
    """Else a route would wait for a machine that never looks."""
    answer = crm.do(published(step("lead", checks=["papers"]), version=2), actor=ADMIN)
    assert answer.codes == ("approval.route_mistake",)
    assert (answer.reasons[0].field, answer.reasons[0].observed) == ("lead.checks", "'papers'")


class Counting(FakeReads):
    """Reads that count themselves, over what is stored of requests and people."""

    asked = 0

    def find(self, kind: type[E], *where: Any, **more: Any) -> list[E]:
        self.asked += 1
        return super().find(kind, *where, **more)

    def seek(self, kind: type[E], id: str) -> E | None:
        self.asked += 1
        return super().seek(kind, id)


KEPT = (ApprovalRequest, ApprovalMove, ApprovalSeat, Delegation, Staff, RoleAssignment, OrgUnit)


def counting(crm: PharmaCRM) -> Counting:
    records = [one for kind in KEPT for one in entities(crm, kind)]
    return Counting(records, actor=LEAD, roles=("lead",), on=today(crm), at=crm.clock.now())


def test_what_waits_is_read_in_a_number_of_reads_that_does_not_grow(crm: PharmaCRM) -> None:
    counts = []
    for number in range(40):
        crm.do(submitted(f"CT-{number:02}"), actor=ASSISTANT).expect()
        if number in {3, 39}:
            reading = counting(crm)
            assert len(inbox(Inbox(), reading)) == number + 1
            counts.append(reading.asked)
    assert counts[0] == counts[1]
    first = crm.ask(Inbox(limit=10), actor=LEAD)
    assert [item.subject for item in first] == [f"CT-{number:02}" for number in range(10)]


def test_what_is_not_theirs_to_decide_costs_one_more_page_however_much_it_is(crm: PharmaCRM) -> None:
    """Own documents and those decided already stand before the one that waits: 60 or 120 of them."""
    for id in ("second", "third"):
        crm.do(RegisterStaff(id=id, name="某", unit="east", roles=("lead",)), actor=ADMIN).expect()
    crm.do(published(step("lead", quorum=2), version=2), actor=ADMIN).expect()
    crm.do(lent(LEAD, crm), actor=QUALITY).expect()
    counts = []
    for number in range(60):
        crm.do(submitted(f"Q-{number:02}"), actor=SALES).expect()
        crm.do(said(document=f"Q-{number:02}"), actor=LEAD).expect()
        crm.do(submitted(f"P-{number:02}"), actor=LEAD).expect()
        if number in {29, 59}:
            crm.do(submitted(f"X-{number}"), actor=SALES).expect()
            reading = counting(crm)
            assert [item.subject for item in inbox(Inbox(limit=1), reading)] == ["X-29"]
            counts.append(reading.asked)
    assert counts[0] == counts[1]


def test_a_definition_with_every_field_is_stored_as_one_text(crm: PharmaCRM) -> None:
    (route,) = crm.find(ApprovalRoute, actor=ADMIN)
    assert route.text == canonical(
        {
            "code": "contract_cn",
            "kind": "contract",
            "steps": [
                {"by": [{"role": name}], "label_zh": name, "step": name} for name in ("lead", "finance")
            ],
            "version": 1,
        }
    )


def test_delegations_of_both_sides_are_listed_and_end_when_revoked(crm: PharmaCRM) -> None:
    crm.do(lent(QUALITY, crm), actor=LEAD).expect()
    assert [one.id for one in crm.ask(Delegations(), actor=LEAD)] == ["D-1"]
    assert [one.id for one in crm.ask(Delegations(person=QUALITY), actor=ADMIN)] == ["D-1"]
    for _ in range(2):
        assert crm.do(RevokeDelegation(delegation="D-1"), actor=ADMIN).expect().revoked


def test_a_route_is_retired_once_and_only_if_it_is_there(crm: PharmaCRM) -> None:
    for _ in range(2):
        assert not crm.do(RetireRoute(code="contract_cn"), actor=ADMIN).expect().active
    with pytest.raises(NotFound):
        crm.do(RetireRoute(code="gift_cn"), actor=ADMIN)


@pytest.mark.parametrize(
    ("documents", "act", "code"),
    [
        ((), Act.APPROVE, "list.length"),
        (("CT-1", "CT-1"), Act.APPROVE, "list.twice"),
        (tuple(f"CT-{number}" for number in range(1_001)), Act.APPROVE, "list.length"),
        (("CT-1",), Act.FORWARD, "choice.unknown"),
    ],
)
def test_many_at_once_are_neither_none_nor_too_many_nor_twice(
    documents: tuple[str, ...], act: Act, code: str
) -> None:
    """approvals-057: a bulk approval with a repeated id."""
    with pytest.raises(MalformedInput) as caught:
        DecideMany(documents=tuple(BulkItem(document=one) for one in documents), act=act)
    assert caught.value.code == code


def test_managers_fields_units_and_named_people_are_read_from_the_store(crm: PharmaCRM) -> None:
    crm.do(RegisterStaff(id=SALES, name="张三", unit="east", manager=FINANCE, roles=("sales",)), actor=ADMIN)
    steps = (
        step("one", by=[{"manager": 1}]),
        step("two", by=[{"field": "buyer"}]),
        step("three", by=[{"plugin": "board"}]),
        step("four", by=[{"role": "lead", "scope": "unit"}]),
    )
    crm.do(published(*steps, version=2, fields={"buyer": "person"}), actor=ADMIN).expect()
    wanted = submitted(
        fields=(DocumentField("buyer", ASSISTANT),), named=(NamedApprovers("board", (QUALITY,)),)
    )
    crm.do(wanted, actor=SALES).expect()
    for person in (FINANCE, ASSISTANT, QUALITY, LEAD):
        assert [one[0] for one in waiting(crm, person)] == ["CT-1"]
        crm.do(said(), actor=person).expect()
    assert newest(crm).state.value == "approved"


def test_a_field_that_stands_twice_is_no_field(crm: PharmaCRM) -> None:
    twice = submitted(fields=(DocumentField("a", "1"), DocumentField("a", "2")))
    (reason,) = crm.do(twice, actor=SALES).reasons
    assert (reason.code, reason.field, reason.observed) == ("approval.field_wrong", "a", "2 values")
    preview = PreviewApproval(kind="contract", fields=twice.fields)
    assert [one.field for one in crm.ask(preview, actor=SALES).reasons] == ["a"]


def test_what_one_has_signed_and_what_one_handed_in_hide_nothing_that_came_later(crm: PharmaCRM) -> None:
    """Older documents that wait for somebody else stand before it: the page leaves room for them."""
    second = RegisterStaff(id="second", name="某", unit="east", roles=("lead",))
    crm.do(second, actor=ADMIN).expect()
    crm.do(RegisterStaff(id="third", name="某", unit="east", roles=("lead",)), actor=ADMIN).expect()
    crm.do(published(step("lead", quorum=2), version=2), actor=ADMIN).expect()
    for number in range(8):
        crm.do(submitted(f"CT-{number}"), actor=SALES).expect()
        crm.do(said(document=f"CT-{number}"), actor=LEAD).expect()
        crm.do(submitted(f"P-{number}"), actor=LEAD).expect()
    crm.do(submitted("CT-9"), actor=SALES).expect()
    assert [item.subject for item in crm.ask(Inbox(limit=1), actor=LEAD)] == ["CT-9"]


@covers("XT-13")
def test_each_refusal_of_many_is_in_the_journal_under_its_document(crm: PharmaCRM) -> None:
    """As a single refusal is: `WhyRefused` finds it, and a decided neighbour is not touched by it."""
    crm.do(RegisterStaff(id="other", name="某", unit="east", roles=("lead",)), actor=ADMIN).expect()
    crm.do(submitted("CT-1"), actor=SALES).expect()
    crm.do(submitted("CT-2"), actor=LEAD).expect()
    many = tuple(BulkItem(document=one) for one in ("CT-1", "CT-2", "CT-3"))
    answer = crm.do(DecideMany(documents=many), actor=LEAD)
    refused = [one for one in answer.expect() if one.outcome is Outcome.REFUSED]
    assert [one.document for one in refused] == ["CT-2", "CT-3"]
    for one in refused:
        (why,) = crm.ask(WhyRefused(subject=one.document), actor=LEAD)
        assert (why.command, why.actor, why.reasons) == ("DecideMany", LEAD, one.reasons)
    assert newest(crm, "CT-1").waiting == ("finance",)
    assert newest(crm, "CT-2").waiting == ("lead",)
    again = crm.do(DecideMany(documents=many[2:]), actor=LEAD)
    assert again.id
    assert [why.id for why in crm.ask(WhyRefused(answer=again.id), actor=LEAD)] == [again.id]


def test_a_medical_rep_requests_and_sees_where_it_stands_and_no_record_beside(crm: PharmaCRM) -> None:
    """《医药代表备案管理办法》: neither selling nor collecting, but asking for a meeting to be paid."""
    crm.do(RegisterStaff(id="rep", name="某", unit="east", roles=("medrep",)), actor=ADMIN).expect()
    crm.do(submitted("CT-1"), actor="rep").expect()
    crm.do(said(Act.ASK, document="CT-1", target="rep", comment="多少人？"), actor=LEAD).expect()
    (question,) = crm.ask(Inbox(), actor="rep")
    assert (question.subject, question.waiting.value) == ("CT-1", "question")
    assert crm.ask(WhoCanAct(subject="CT-1"), actor="rep").stage == "lead"
    assert crm.ask(ApprovalTrail(document="CT-1"), actor="rep").moves
    crm.do(said(Act.ANSWER, document="CT-1", comment="三十"), actor="rep").expect()
    with pytest.raises(NotPermitted):
        crm.find(ApprovalRequest, actor="rep")


def test_papers_beside_a_vote_are_kept_by_name_digest_and_place(crm: PharmaCRM) -> None:
    crm.do(submitted(), actor=SALES).expect()
    paper = Attachment("核对表.pdf", "a" * 64, "dms:42")
    crm.do(said(attachments=(paper,)), actor=LEAD).expect()
    assert [one.attachments for one in crm.ask(ApprovalTrail(document="CT-1"), actor=ADMIN).moves] == [
        (),
        (paper,),
    ]
    with pytest.raises(MalformedInput) as caught:
        crm.do(said(attachments=(paper,) * 21), actor=FINANCE)
    assert (caught.value.code, caught.value.field) == ("list.length", "attachments")


def test_an_id_is_one_over_all_kinds(crm: PharmaCRM) -> None:
    placed(crm)
    (taken,) = crm.do(submitted(document="SO-1"), actor=SALES).reasons
    assert (taken.code, taken.observed) == ("approval.id_taken", "order")
    crm.do(submitted(document="SO-2"), actor=SALES).expect()
    (open_,) = crm.do(worth("SO-2", 1000), actor=SALES).reasons
    assert (open_.code, open_.expected) == ("approval.already_open", "contract")
    crm.do(WithdrawRequest(document="SO-2"), actor=SALES).expect()
    assert crm.do(worth("SO-2", 1000), actor=SALES).allowed
