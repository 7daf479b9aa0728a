"""Whoever stands in is asked like those for whom they do, and seen ahead."""

from typing import Any

import pytest

from pharmacrm import (
    DelegateAuthority,
    DeliverContext,
    Delivered,
    Inbox,
    PreviewApproval,
    RegisterStaff,
    ResubmitForApproval,
    RevokeDelegation,
    StandIn,
    hookimpl,
)
from pharmacrm.core.engines.approval.routes import Act
from pharmacrm.core.kernel.message import Command
from pharmacrm.crm import PharmaCRM
from tests.flows.house import ADMIN, FINANCE, LEAD, QUALITY, SALES, open_house, yuan
from tests.flows.scenarios_approvals import lent, published, said, step, submitted

TOPICS = ("ApprovalAsked", "ApprovalGranted", "ApprovalInvalidated", "RequestMoved")
Asked = list[tuple[str, str, str, str]]


class Ear:
    """A plugin that hears what is told of requests."""

    name = "ear"
    topics = TOPICS

    def __init__(self) -> None:
        self.heard: list[DeliverContext] = []

    @hookimpl
    def pharmacrm_deliver(self, context: DeliverContext) -> Delivered:
        self.heard.append(context)
        return Delivered()


class Office:
    """A founded company with a route, and an ear at its door."""

    def __init__(self) -> None:
        self.ear = Ear()
        self.crm = open_house(plugins=[self.ear])
        self.crm.do(published(), actor=ADMIN).expect()

    def told(self, command: Command[Any], actor: str) -> list[DeliverContext]:
        self.crm.deliver()
        self.ear.heard.clear()
        self.crm.do(command, actor=actor).expect()
        self.crm.deliver()
        return self.ear.heard

    def asked(self, command: Command[Any], actor: str) -> Asked:
        heard = [one.payload for one in self.told(command, actor) if one.topic == "ApprovalAsked"]
        return [(one["stage"], one["role"], one["person"], one["acting_for"]) for one in heard]


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture
def crm(office: Office) -> PharmaCRM:
    return office.crm


def test_who_stands_in_is_asked_when_a_step_opens(office: Office, crm: PharmaCRM) -> None:
    crm.do(lent(QUALITY, crm, kinds=("contract",), up_to=yuan("100.00")), actor=LEAD).expect()
    assert office.asked(submitted(), SALES) == [
        ("lead", "lead", "", ""),
        ("lead", "", QUALITY, LEAD),
    ]
    assert [item.acting_for for item in crm.ask(Inbox(), actor=QUALITY)] == [LEAD]
    assert office.asked(submitted("CT-2", amount="100.01 CNY"), SALES) == [("lead", "lead", "", "")]
    crm.do(lent(ADMIN, crm, "D-2"), actor=FINANCE).expect()
    assert office.asked(said(), QUALITY) == [
        ("finance", "finance", "", ""),
        ("finance", "", ADMIN, FINANCE),
    ]
    crm.do(RevokeDelegation(delegation="D-1"), actor=LEAD).expect()
    assert office.asked(submitted("CT-3"), SALES) == [("lead", "lead", "", "")]


@pytest.mark.parametrize("delegate", [SALES, LEAD])
def test_nobody_is_asked_who_could_not_decide(office: Office, crm: PharmaCRM, delegate: str) -> None:
    """The requester, and whoever sits there in their own name already."""
    second = RegisterStaff(id="second", name="某", unit="east", roles=("lead",))
    crm.do(second, actor=ADMIN).expect()
    crm.do(lent(delegate, crm), actor="second").expect()
    assert office.asked(submitted(), SALES) == [("lead", "lead", "", "")]
    seen = crm.ask(PreviewApproval(kind="contract", amount=yuan("1.00")), actor=SALES)
    assert [one.standing_in for one in seen.steps] == [(), ()]


def test_who_stands_in_for_the_requester_is_not_asked(office: Office, crm: PharmaCRM) -> None:
    crm.do(lent(QUALITY, crm), actor=LEAD).expect()
    crm.do(lent(QUALITY, crm, "D-2"), actor=SALES).expect()
    assert office.asked(submitted(), SALES) == [("lead", "lead", "", "")]
    seen = crm.ask(PreviewApproval(kind="contract", amount=yuan("1.00")), actor=SALES)
    assert seen.steps[0].standing_in == ()


def test_whoever_is_named_by_forwarding_has_a_delegate_too(office: Office, crm: PharmaCRM) -> None:
    crm.do(submitted(), actor=SALES).expect()
    crm.do(lent(ADMIN, crm), actor=QUALITY).expect()
    forwarded = office.asked(said(Act.FORWARD, target=QUALITY, comment="请代办"), LEAD)
    assert forwarded == [("lead", "", QUALITY, ""), ("lead", "", ADMIN, QUALITY)]
    question = office.asked(said(Act.ASK, target=LEAD, comment="?"), QUALITY)
    assert question == [("lead", "", LEAD, "")]


def test_a_preview_names_the_delegate_beside_the_person(crm: PharmaCRM) -> None:
    crm.do(lent(QUALITY, crm, kinds=("contract",)), actor=LEAD).expect()
    seen = crm.ask(PreviewApproval(kind="contract", amount=yuan("1.00")), actor=SALES)
    assert [(one.persons, one.standing_in) for one in seen.steps] == [
        ((LEAD,), (StandIn(QUALITY, LEAD),)),
        ((FINANCE,), ()),
    ]


def test_every_event_tells_what_its_document_is(office: Office) -> None:
    told = [*office.told(submitted(), SALES)]
    told += office.told(said(), LEAD)
    told += office.told(said(), FINANCE)
    changed = ResubmitForApproval(document="CT-1", content="2" * 64, amount=yuan("1.00"))
    names = ("kind", "content", "route")
    assert {(one.subject, *(one.payload[name] for name in names)) for one in told} == {
        ("CT-1", "contract", "1" * 64, "contract_cn@1")
    }
    assert {one.topic for one in told} == {"ApprovalAsked", "ApprovalGranted", "RequestMoved"}
    again = office.told(changed, SALES)
    assert {one.topic for one in again} >= {"ApprovalInvalidated"}
    assert {one.payload["content"] for one in again} == {"2" * 64}
    assert {one.payload["unit"] for one in told if one.topic == "ApprovalAsked"} == {""}


def test_a_delegation_for_a_kind_of_nobody_warns_and_counts_later(office: Office, crm: PharmaCRM) -> None:
    given = crm.do(lent(QUALITY, crm, kinds=("gift", "contract", "order")), actor=LEAD)
    assert [(one.code, one.observed) for one in given.reasons] == [("delegation.unknown_kind", "gift")]
    assert given.allowed
    crm.do(published(step("lead"), code="gift_cn", kind="gift"), actor=ADMIN).expect()
    assert len(office.asked(submitted("G-1", kind="gift"), SALES)) == 2


def test_a_delegation_that_began_in_the_past_counts_from_now(crm: PharmaCRM) -> None:
    crm.do(submitted(), actor=SALES).expect()
    crm.do(said(), actor=LEAD).expect()
    early = lent(QUALITY, crm)
    past = DelegateAuthority(
        id="D-2", delegate=QUALITY, valid_from=early.valid_from.replace(year=2020), valid_to=early.valid_to
    )
    assert crm.do(past, actor=FINANCE).reasons == ()
    assert [item.acting_for for item in crm.ask(Inbox(), actor=QUALITY)] == [FINANCE]


def test_a_route_that_names_nobody_warns_and_is_published(crm: PharmaCRM) -> None:
    members = {
        "parallel": [step("board"), {"step": "chair", "label_zh": "主席", "by": [{"user": "nobody"}]}],
    }
    bands = [{"role": "lead", "up_to": "10.00 CNY"}, {"role": "chairman"}]
    above = {"step": "above", "label_zh": "上级", "by": [{"authority": bands}]}
    after = {"step": "sign", "label_zh": "签字", "by": [{"role": "scribe"}]}
    answer = crm.do(published(step("lead"), members, above, code="board_cn", after=[after]), actor=ADMIN)
    assert answer.allowed
    assert [(one.code, one.field, one.observed) for one in answer.reasons] == [
        ("approval.route_people", "after[0].by[0].role", "scribe"),
        ("approval.route_people", "steps[1].parallel[0].by[0].role", "board"),
        ("approval.route_people", "steps[1].parallel[1].by[0].user", "nobody"),
        ("approval.route_people", "steps[2].by[0].authority[1].role", "chairman"),
    ]
    assert crm.do(published(code="plain_cn", kind="plain"), actor=ADMIN).reasons == ()
