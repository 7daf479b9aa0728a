"""What the list `approvals` says of conditions, escalation and acts of routes, through the door."""

from typing import Any

import pytest

from pharmacrm import (
    Act,
    ApprovalMove,
    ApprovalRequest,
    ApprovalTrail,
    BulkItem,
    Decide,
    DecideMany,
    DocumentField,
    MalformedInput,
    PharmaCRM,
)
from pharmacrm.core.engines.approval.routes import AllOf, AnyOf, Comparison, Not, Where, met
from tests.flows.house import ADMIN, LEAD, SALES, open_house, pass_days
from tests.flows.scenarios_approvals import published, step, submitted

FIELDS = {"rate": "number?", "until": "date?", "sum": "money?", "urgent": "truth?", "note": "text?"}
VALUES = {
    "rate": {"number": "1"},
    "until": {"date": "2026-01-01"},
    "sum": {"money": "1.00 CNY"},
    "urgent": True,
}


@pytest.fixture
def crm() -> PharmaCRM:
    return open_house()


def actions(crm: PharmaCRM) -> list[str]:
    return [move.action.value for move in crm.ask(ApprovalTrail(document="CT-1"), actor=ADMIN).moves]


@pytest.mark.parametrize("field", sorted(VALUES))
@pytest.mark.parametrize("value", ["", "NaN", "1_000", "yes", "９", "2026-02-30", "1e400", "5 XXX"])
def test_approvals_031_no_document_makes_a_condition_raise(crm: PharmaCRM, field: str, value: str) -> None:
    """What cannot be read is a reason that names the field; nothing is raised, nothing stored."""
    asks = {"field": field, "eq": VALUES[field]}
    crm.do(published(step("lead", when=asks), step("finance"), fields=FIELDS), actor=ADMIN).expect()
    given = DocumentField(field, value)
    answer = crm.do(submitted(fields=(given,)), actor=SALES)
    assert [(reason.code, reason.field) for reason in answer.reasons] == [("approval.field_wrong", field)]
    assert crm.find(ApprovalRequest, actor=ADMIN) == []


@pytest.mark.parametrize("when", ["yes", 1, True, 0, [], "null", {}, {"field": "rate"}, {"all": "yes"}])
def test_approvals_032_a_condition_is_true_or_false_and_nothing_like_it(crm: PharmaCRM, when: Any) -> None:
    answer = crm.do(published(step("lead", when=when), fields=FIELDS), actor=ADMIN)
    assert answer.refused
    assert {reason.code for reason in answer.reasons} == {"approval.route_mistake"}
    assert all((reason.field or "").startswith("steps[0].when") for reason in answer.reasons)


def test_approvals_032_whatever_a_document_holds_the_answer_is_a_truth() -> None:
    given = Where("note", Comparison.GIVEN)
    for condition in (given, Not(given), AllOf(()), AnyOf(()), AllOf((given, Not(given)))):
        for facts in ({}, {"note": ""}, {"note": "yes"}):
            assert type(met(condition, facts)) is bool


def test_approvals_044_a_time_that_has_long_passed_is_made_up_for_once(crm: PharmaCRM) -> None:
    """Hours count from when the step begins to wait; whoever runs late does each thing once, in order."""
    late = step(
        "lead",
        timeout={"remind": 1, "escalate": 2, "decide": 3},
        escalate_to=[{"user": "qian.qi"}],
    )
    crm.do(published(late), actor=ADMIN).expect()
    crm.do(submitted(), actor=SALES).expect()
    (request,) = crm.find(ApprovalRequest, actor=ADMIN)
    assert request.due_at is not None
    assert request.due_at > request.opened_at
    pass_days(crm, 30)
    for _ in range(5):
        crm.run_due()
    assert actions(crm) == ["submitted", "reminded", "escalated", "lapsed"]


@pytest.mark.parametrize("name", ["remind", "escalate", "decide"])
@pytest.mark.parametrize("hours", [-1, 0, -(10**12), 2_001])
def test_approvals_045_no_time_runs_backwards(crm: PharmaCRM, name: str, hours: int) -> None:
    above = [{"user": "qian.qi"}]
    answer = crm.do(published(step("lead", timeout={name: hours}, escalate_to=above)), actor=ADMIN)
    assert [(one.code, one.field) for one in answer.reasons] == [
        ("approval.route_mistake", f"steps[0].timeout.{name}")
    ]


def test_approvals_046_whoever_is_above_has_to_be_named_and_one_who_is_gone_lets_the_step_wait(
    crm: PharmaCRM,
) -> None:
    unnamed = published(step("lead", timeout={"escalate": 8}))
    assert [one.field for one in crm.do(unnamed, actor=ADMIN).reasons] == ["steps[0].escalate_to"]
    gone = step("lead", timeout={"escalate": 1}, escalate_to=[{"user": "nobody"}])
    crm.do(published(gone), actor=ADMIN).expect()
    answer = crm.do(submitted(), actor=SALES)
    assert answer.allowed, answer.explain()
    pass_days(crm, 5)
    crm.run_due()
    assert actions(crm) == ["submitted", "escalated"]
    assert crm.do(Decide(document="CT-1", act=Act.APPROVE), actor=LEAD).allowed


def test_approvals_047_a_step_does_not_escalate_to_itself_and_nothing_rings_twice(crm: PharmaCRM) -> None:
    itself = step("lead", timeout={"remind": 1, "escalate": 2}, escalate_to=[{"role": "lead"}])
    assert [one.field for one in crm.do(published(itself), actor=ADMIN).reasons] == ["steps[0].escalate_to"]
    same_person = step("lead", timeout={"remind": 1, "escalate": 2}, escalate_to=[{"user": LEAD}])
    crm.do(published(same_person), actor=ADMIN).expect()
    crm.do(submitted(), actor=SALES).expect()
    for _ in range(6):
        pass_days(crm, 3)
        crm.run_due()
    assert actions(crm) == ["submitted", "reminded", "escalated"]
    (request,) = crm.find(ApprovalRequest, actor=ADMIN)
    assert request.due_at is None


@pytest.mark.parametrize(
    "act", ["APPROVE", "Approve", "approved", "approved ", " approve", "", 1, True, None, b"approve"]
)
def test_approvals_053_an_act_is_one_of_the_acts_and_nothing_like_it(crm: PharmaCRM, act: Any) -> None:
    crm.do(published(), actor=ADMIN).expect()
    crm.do(submitted(), actor=SALES).expect()
    for make in (
        lambda: Decide(document="CT-1", act=act),
        lambda: DecideMany(documents=(BulkItem(document="CT-1"),), act=act),
    ):
        with pytest.raises(MalformedInput) as error:
            make()
        assert (error.value.field, error.value.code) == ("act", "choice.unknown")
    assert [move.action.value for move in crm.find(ApprovalMove, actor=ADMIN)] == ["submitted"]
