"""Approvers by plugin: asked when it matters, and a plugin that cannot say who leaves nothing half done."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pharmacrm.core.engines.approval.routes import ApprovalRequest
from pharmacrm.core.flows.requests import (
    MigrateRequest,
    NamedApprovers,
    ResubmitForApproval,
    SubmitForApproval,
)
from pharmacrm.core.flows.routing import PreviewApproval, PublishRoute
from pharmacrm.core.kernel.appointing import Appointed
from pharmacrm.core.kernel.codec import canonical
from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.people import Staff
from pharmacrm.crm import PharmaCRM
from pharmacrm.plugins.approvers import Committees
from pharmacrm.plugins.isolation.isolated import Isolated
from pharmacrm.plugins.types import ApproversContext
from pharmacrm.plugins.wall.appointing import MOST_PERSONS, as_appointed
from pharmacrm.plugins.wall.calling import Unfit
from pharmacrm.testing.company import ADMIN
from tests.covers import covers
from tests.plugins.hostile import company, raising
from tests.plugins.one_hook import ANY_HOOK, Namer, changed, of

SELLER, LEAD, FINANCE, QUALITY = "zhang.san", "zhao.liu", "qian.qi", "zhou.jiu"


def opened(*plugins: object, **more: Any) -> PharmaCRM:
    crm = company(*plugins)
    crm.do(PublishRoute(definition=route(**more)), actor=ADMIN).expect()
    return crm


def route(version: int = 1, **more: Any) -> str:
    board = {"step": "board", "label_zh": "委员会", "by": [{"plugin": "board"}], **more}
    big = {"field": "amount", "gt": {"money": "100.00 CNY"}}
    audit = {"step": "audit", "label_zh": "审计", "by": [{"plugin": "audit"}], "when": big}
    return canonical({"code": "contract_cn", "version": version, "kind": "contract", "steps": [board, audit]})


ONE = Money("1.00", "CNY")


def paper(**more: Any) -> SubmitForApproval:
    fields: dict[str, Any] = {
        "document": "Q-1",
        "kind": "contract",
        "content": "a1",
        "amount": ONE,
        **more,
    }
    return SubmitForApproval(**fields)


def persons(crm: PharmaCRM, document: str = "Q-1") -> list[list[str]]:
    (found,) = (one for one in crm.find(ApprovalRequest, actor=ADMIN) if one.subject == document)
    return [[seat.person for seat in step.seats] for step in found.plan]


@covers("XT-13")
def test_a_plugin_says_who_a_word_is_and_is_told_what_it_is_about() -> None:
    given: list[ApproversContext] = []

    def behave(context: ApproversContext) -> Appointed:
        given.append(context)
        assert context.read.get(Staff, LEAD).active
        return Appointed((LEAD, FINANCE, LEAD))

    crm = opened(Namer(behave))
    crm.do(paper(amount=Money("5.00", "CNY")), actor=SELLER).expect()
    (context,) = given  # the step `audit` does not apply: nobody is asked for it
    assert (context.word, context.kind, context.document) == ("board", "contract", "Q-1")
    assert (context.requester, context.unit, context.content) == (SELLER, "east", "a1")
    assert (context.amount, dict(context.fields)) == (Money("5.00", "CNY"), {})
    assert persons(crm) == [[FINANCE, LEAD], []]


def test_it_is_asked_again_when_the_document_changes_moves_to_another_version_or_is_previewed() -> None:
    members = [(LEAD,), (FINANCE,), (QUALITY,), (LEAD, QUALITY)]
    asked: list[str] = []

    def behave(context: ApproversContext) -> Appointed:
        asked.append(context.document)
        return Appointed(members[len(asked) - 1])

    crm = opened(Namer(behave))
    crm.do(paper(), actor=SELLER).expect()
    crm.do(ResubmitForApproval(document="Q-1", amount=ONE, content="b2"), actor=SELLER).expect()
    assert persons(crm)[0] == [FINANCE]
    crm.do(PublishRoute(definition=route(2)), actor=ADMIN).expect()
    crm.do(MigrateRequest(document="Q-1", route="contract_cn@2", comment="新版"), actor=ADMIN).expect()
    assert persons(crm)[0] == [QUALITY]
    (board, _) = crm.ask(PreviewApproval(kind="contract", amount=ONE), actor=SELLER).steps
    assert board.persons == tuple(sorted((LEAD, QUALITY)))
    assert asked == ["Q-1", "Q-1", "Q-1", ""]


def test_whom_the_host_names_is_not_asked_for() -> None:
    crm = opened(Namer(raising(ValueError())))
    named = (NamedApprovers("board", (LEAD,)),)
    crm.do(paper(named=named), actor=SELLER).expect()
    assert persons(crm)[0] == [LEAD]
    assert crm.plugins.faults == ()


@of(
    {
        **ANY_HOOK,
        "a text": lambda _: "zhao.liu",
        "a text of people": lambda _: Appointed("zhao.liu"),  # type: ignore[arg-type]  # wrong on purpose: what becomes of it is tested
        "no id": lambda _: Appointed((" zhao.liu",)),
        "a number": lambda _: Appointed((7,)),  # type: ignore[arg-type]  # wrong on purpose: what becomes of it is tested
        "nobody at all": lambda _: Appointed((None,)),  # type: ignore[arg-type]  # wrong on purpose: what becomes of it is tested
        "too many": lambda _: Appointed(tuple(f"p{number}" for number in range(MOST_PERSONS + 1))),
        "nothing in it": lambda _: object.__new__(Appointed),
        "changed": lambda _: changed(Appointed((LEAD,)), persons={LEAD}),
    }
)
def test_a_plugin_that_cannot_say_who_refuses_the_document_and_nothing_is_stored(behave: Any) -> None:
    """Neither skipped, as an empty step of this route would be, nor left to the next plugin."""
    crm = opened(Namer(behave), Committees({"board": [LEAD]}), if_empty="skip")
    answer = crm.do(paper(amount=Money("5.00", "CNY")), actor=SELLER)
    (reason,) = (one for one in answer.reasons if one.code == "approval.approvers_unknown")
    assert (reason.field, reason.observed) == ("board", "one")
    assert not answer.allowed
    assert crm.find(ApprovalRequest, actor=ADMIN) == []
    assert {(fault.plugin, fault.hook) for fault in crm.plugins.faults} == {("one", "pharmacrm_approvers")}
    preview = crm.ask(PreviewApproval(kind="contract", amount=ONE), actor=SELLER)
    assert reason.code in [one.code for one in preview.reasons if one.severity.value == "block"]
    again = paper(named=(NamedApprovers("board", (LEAD,)),))
    assert crm.do(again, actor=SELLER).allowed


def test_a_word_that_no_plugin_knows_and_people_who_are_not_there_are_nobody() -> None:
    crm = opened(Committees({"board": ["stranger"]}))
    answer = crm.do(paper(amount=Money("500.00", "CNY")), actor=SELLER)
    assert [(one.code, one.field) for one in answer.reasons] == [
        ("approval.no_approver", "audit"),
        ("approval.no_approver", "board"),
    ]


def test_what_the_store_says_while_a_plugin_reads_is_no_fault_of_it() -> None:
    def behave(context: ApproversContext) -> Appointed:
        with pytest.raises(MalformedInput):
            context.read.find(Staff, order=("nothing",))
        return Appointed((LEAD,))

    crm = opened(Namer(behave))
    assert crm.do(paper(), actor=SELLER).allowed
    assert crm.plugins.faults == ()


def test_a_committee_in_a_worker_process_names_the_same_people() -> None:
    crm = opened(Isolated(Committees, {"committees": {"board": [LEAD, FINANCE]}}, limit=20.0))
    try:
        crm.do(paper(), actor=SELLER).expect()
        assert persons(crm)[0] == [FINANCE, LEAD]
        assert crm.plugins.faults == ()
    finally:
        crm.close()


def test_a_roster_names_whoever_is_on_duty_on_the_day() -> None:
    crm = company()
    today = crm.clock.now().date()
    roster = Committees({}, rosters={"board": {today.isoformat(): [QUALITY]}})
    on_duty = opened(roster)
    assert on_duty.do(paper(), actor=SELLER).allowed
    assert persons(on_duty)[0] == [QUALITY]
    assert (
        not opened(Committees({}, rosters={"board": {"2020-01-01": [QUALITY]}}))
        .do(paper(), actor=SELLER)
        .allowed
    )


@pytest.mark.parametrize("members", ["zhao.liu", [""], [7], [" x"]])
def test_a_committee_of_no_ids_is_refused_where_it_is_made(members: Any) -> None:
    with pytest.raises(MalformedInput):
        Committees({"board": members})


@given(st.lists(st.sampled_from(["a", "b", "c", "d"]), max_size=9))
def test_people_count_once_and_in_order(found: list[str]) -> None:
    assert as_appointed(Appointed(tuple(found))) == Appointed(tuple(sorted(set(found))))
    with pytest.raises(Unfit):
        as_appointed(Appointed((*found, "not an id ")))
