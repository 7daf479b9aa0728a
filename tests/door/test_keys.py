"""Idempotency keys: the same command under a key is done once and answered alike, whatever comes between."""

from datetime import timedelta
from typing import Any

import pytest
from attrs import evolve

from pharmacrm.core.approvals import Hold
from pharmacrm.core.credit import SetCreditLimit
from pharmacrm.core.flows.holding import PassHold
from pharmacrm.core.flows.refusals import WhyRefused
from pharmacrm.core.flows.release import ApproveOrder
from pharmacrm.core.flows.shipping import IssueSlip
from pharmacrm.core.kernel.decision import Outcome
from pharmacrm.core.kernel.errors import MalformedInput, NotPermitted
from pharmacrm.core.kernel.reason import ReasonCode, Severity
from pharmacrm.core.kernel.store import Answer
from pharmacrm.core.orders import OrderState, OutboundSlip, SalesOrder
from pharmacrm.core.people import GrantRight, OrgUnit, RegisterStaff, RegisterUnit
from pharmacrm.crm import PharmaCRM, SimulatedClock
from pharmacrm.plugins.hookspecs import hookimpl
from pharmacrm.testing.company import release
from tests.covers import covers
from tests.flows.house import (
    ADMIN,
    ASSISTANT,
    BUYER,
    FINANCE,
    LEAD,
    SALES,
    WAREHOUSE,
    amended,
    blocked,
    dump,
    entities,
    journal,
    open_house,
    opened,
    slip,
    today,
    worth,
    yuan,
)


def test_the_first_answer_again_with_the_record_as_it_is_now(crm: PharmaCRM) -> None:
    first = crm.do(worth("SO-1", 100), actor=SALES, key="web-1")
    assert not first.replayed
    release(crm, "SO-1")
    before = dump(crm)
    again = crm.do(worth("SO-1", 100), actor=SALES, key="web-1")
    assert again.replayed
    assert (again.outcome, again.reasons, again.id) == (first.outcome, first.reasons, first.id)
    assert again.value == crm.get(SalesOrder, "SO-1", actor=SALES)
    assert again.expect().state is OrderState.RELEASED
    assert dump(crm) == before


def test_without_an_id_the_same_order_comes_back(crm: PharmaCRM) -> None:
    first = crm.do(worth("", 100), actor=SALES, key="web-1").expect()
    again = crm.do(worth("", 100), actor=SALES, key="web-1").expect()
    assert first.id == again.id
    assert len(entities(crm, SalesOrder)) == 1


def test_a_held_answer_comes_again_with_its_reasons(crm: PharmaCRM) -> None:
    first = crm.do(worth("SO-1", 100_005), actor=SALES, key="web-1")
    assert first.outcome is Outcome.HELD
    crm.do(PassHold(of="SO-1", code="credit.over_limit", reason="同意"), actor=FINANCE).expect()
    again = crm.do(worth("SO-1", 100_005), actor=SALES, key="web-1")
    assert again.replayed
    assert again.reasons == first.reasons
    assert again.expect().id == "SO-1"


def test_ids_080_and_081_another_command_or_actor_is_refused_and_journalled(crm: PharmaCRM) -> None:
    crm.do(RegisterStaff(id="other", name="某", roles=("sales",), unit="east"), actor=ADMIN).expect()
    crm.do(worth("SO-1", 100), actor=SALES, key="web-1").expect()
    before = entities(crm, SalesOrder)
    for command, actor, more in (
        (worth("SO-2", 100), SALES, {}),
        (worth("SO-1", 100, note="another"), SALES, {}),
        (worth("SO-1", 100), "other", {}),
        (worth("SO-1", 100), SALES, {"effective_at": today(crm)}),
        (amended("SO-1", 100), SALES, {}),
    ):
        answer = crm.do(command, actor=actor, key="web-1", **more)
        assert blocked(answer) == {"key.reused"}
        entry = journal(crm)[-1]
        assert (entry.verb, entry.key, entry.actor, entry.id) == ("refused", "web-1", actor, answer.id)
    assert entities(crm, SalesOrder) == before
    assert len(entities(crm, Answer)) == 1


def test_a_default_said_aloud_is_the_same_command(crm: PharmaCRM) -> None:
    crm.do(worth("SO-1", 100), actor=SALES, key="web-1").expect()
    assert crm.do(worth("SO-1", 100, note="", currency="", ship_on=None), actor=SALES, key="web-1").replayed


def test_a_given_day_belongs_to_the_command(crm: PharmaCRM) -> None:
    day = today(crm)
    crm.do(worth("SO-1", 100), actor=SALES, key="web-1", effective_at=day).expect()
    assert crm.do(worth("SO-1", 100), actor=SALES, key="web-1", effective_at=day.isoformat()).replayed
    assert blocked(crm.do(worth("SO-1", 100), actor=SALES, key="web-1")) == {"key.reused"}


def test_a_refused_command_may_be_tried_again(crm: PharmaCRM) -> None:
    blocked_line = SetCreditLimit(customer=BUYER, limit=yuan(1000), blocked=True, reason="停")
    crm.do(blocked_line, actor=FINANCE).expect()
    assert blocked(crm.do(worth("SO-1", 100), actor=SALES, key="web-1")) == {"credit.blocked"}
    assert entities(crm, Answer) == []
    crm.do(evolve(blocked_line, blocked=False), actor=FINANCE).expect()
    answer = crm.do(worth("SO-1", 100), actor=SALES, key="web-1")
    assert answer.allowed
    assert not answer.replayed
    assert [each.key for each in crm.ask(WhyRefused(key="web-1"), actor=SALES)] == ["web-1"]


def test_a_denied_command_may_be_tried_again(crm: PharmaCRM) -> None:
    with pytest.raises(NotPermitted):
        crm.do(RegisterUnit(id="u", name="部门"), actor=SALES, key="web-1")
    crm.do(GrantRight(role="sales", right="RegisterUnit"), actor=ADMIN).expect()
    assert crm.do(RegisterUnit(id="u", name="部门"), actor=SALES, key="web-1").allowed


def test_one_key_of_two_tenants_are_two_keys(crm: PharmaCRM) -> None:
    other = crm.for_tenant(f"{crm.tenant}-2")
    other.install(admin=ADMIN)
    unit = RegisterUnit(id="u", name="部门")
    assert not crm.do(unit, actor=ADMIN, key="k").replayed
    assert not other.do(unit, actor=ADMIN, key="k").replayed
    assert other.do(unit, actor=ADMIN, key="k").replayed


def test_who_lost_the_right_gets_no_answer_again(crm: PharmaCRM) -> None:
    """Rights are read in each `do`, with the key."""
    crm.do(worth("SO-1", 100), actor=SALES, key="web-1").expect()
    crm.do(
        RegisterStaff(id=SALES, name="张三", unit="east", roles=("sales",), active=False), actor=ADMIN
    ).expect()
    with pytest.raises(NotPermitted) as caught:
        crm.do(worth("SO-1", 100), actor=SALES, key="web-1")
    assert caught.value.right == "PlaceOrder"


class Guard:
    """Counts, and refuses from the second call on."""

    name = "guard"

    def __init__(self) -> None:
        self.calls = 0

    @hookimpl
    def pharmacrm_check(self, context: Any) -> Any:
        self.calls += type(context.command).__name__ == "RegisterUnit"
        no = ReasonCode("guard.no", Severity.BLOCK, "no", "否")
        return [no(context.command.subject)] if self.calls > 1 else None


def test_the_key_is_read_before_the_guards() -> None:
    guard = Guard()
    crm = opened(plugins=[guard])
    crm.install(admin=ADMIN)
    unit = RegisterUnit(id="u", name="部门")
    assert crm.do(unit, actor=ADMIN, key="k").allowed
    assert crm.do(unit, actor=ADMIN, key="k").allowed
    assert guard.calls == 1
    assert "guard.no" in blocked(crm.do(unit, actor=ADMIN, key="k2"))


def test_the_key_is_read_before_the_clock() -> None:
    """A retry long afterwards, when the goods could no longer be ordered so, still gets the first answer."""
    crm = open_house()
    order = worth("SO-1", 100, ship_on=today(crm))
    crm.do(order, actor=SALES, key="k").expect()
    clock = crm.clock
    assert isinstance(clock, SimulatedClock)
    clock.advance(timedelta(days=400))
    assert crm.do(order, actor=SALES, key="k").allowed


class Ask:
    """Wants finance to look at every new unit, until told otherwise."""

    name = "ask"
    code = ReasonCode(
        "unit.unusual", Severity.APPROVE, "unit {subject} is unusual", "部门 {subject} 异常", passed_by="lead"
    )

    def __init__(self) -> None:
        self.second = False

    @hookimpl
    def pharmacrm_check(self, context: Any) -> Any:
        if type(context.command).__name__ != "RegisterUnit":
            return None
        more = ReasonCode(
            "unit.second", Severity.APPROVE, "second look at {subject}", "复核 {subject}", passed_by="lead"
        )
        return [self.code(context.command.subject), *([more(context.command.subject)] if self.second else [])]


@pytest.fixture
def asking() -> tuple[PharmaCRM, Ask]:
    plugin = Ask()
    crm = opened(plugins=[plugin])
    crm.install(admin=ADMIN)
    for who, role in (("boss", "admin"), ("lead", "lead")):
        crm.do(RegisterStaff(id=who, name=who, roles=(role,)), actor=ADMIN).expect()
    return crm, plugin


@covers("XT-03")
def test_a_held_key_answers_with_its_case_and_later_with_the_result(asking: tuple[PharmaCRM, Ask]) -> None:
    crm, _ = asking
    unit = RegisterUnit(id="u", name="部门")
    first = crm.do(unit, actor=ADMIN, key="k")
    assert (first.outcome, first.value) == (Outcome.HELD, None)
    assert first.case
    waiting = crm.do(unit, actor=ADMIN, key="k")
    assert (waiting.replayed, waiting.case, waiting.value) == (True, first.case, None)
    crm.do(PassHold(of=first.case, code="unit.unusual", reason="看过"), actor="boss").expect()
    done = crm.do(unit, actor=ADMIN, key="k")
    assert (done.replayed, done.case, done.expect().id) == (True, first.case, "u")


@covers("XT-03")
def test_a_held_command_is_done_again_in_full(asking: tuple[PharmaCRM, Ask]) -> None:
    """What a guard finds only the second time is no more passed than the first reason was."""
    crm, plugin = asking
    held = crm.do(RegisterUnit(id="u", name="部门"), actor=ADMIN)
    plugin.second = True
    crm.do(PassHold(of=held.case, code="unit.unusual", reason="看过"), actor="boss")
    assert entities(crm, OrgUnit) == []
    crm.do(PassHold(of=held.case, code="unit.second", reason="也看过"), actor="boss").expect()
    assert [each.id for each in entities(crm, OrgUnit)] == ["u"]


@covers("XT-11")
def test_a_held_command_of_somebody_who_lost_the_right_is_not_done(asking: tuple[PharmaCRM, Ask]) -> None:
    crm, _ = asking
    crm.do(RegisterStaff(id="second", name="second", roles=("admin",)), actor=ADMIN).expect()
    held = crm.do(RegisterUnit(id="u", name="部门"), actor="second")
    crm.do(RegisterStaff(id="second", name="second", roles=()), actor=ADMIN).expect()
    passed = crm.do(PassHold(of=held.case, code="unit.unusual", reason="看过"), actor="boss")
    assert [reason.observed for reason in passed.reasons if reason.code == "right.lost"] == ["second"]
    assert entities(crm, OrgUnit) == []
    assert [hold.state.value for hold in entities(crm, Hold)] == ["released"]


@covers("XT-03")
def test_a_held_command_that_is_refused_when_done_again(asking: tuple[PharmaCRM, Ask]) -> None:
    """The hold is passed all the same; why the command was refused is found under its own subject and key."""
    crm, _ = asking

    def held(unit: RegisterUnit, key: str = "") -> str:
        return crm.do(unit, actor=ADMIN, key=key).case

    def passed(case: str) -> Any:
        return crm.do(PassHold(of=case, code="unit.unusual", reason="看过"), actor="boss")

    for id in ("a", "b"):
        passed(held(RegisterUnit(id=id, name="部门"))).expect()
    first = held(RegisterUnit(id="a", name="部门", parent="b"), key="k")
    passed(held(RegisterUnit(id="b", name="部门", parent="a"))).expect()
    answer = passed(first)
    assert answer.outcome is not Outcome.REFUSED
    assert answer.expect().released_by == "boss"
    assert "org_unit.cycle" in answer.codes
    assert {unit.id: unit.parent for unit in entities(crm, OrgUnit)} == {"a": None, "b": "a"}
    why = crm.ask(WhyRefused(key="k"), actor=ADMIN)
    assert [(each.subject, each.reasons[0].code) for each in why] == [("a", "org_unit.cycle")]
    before = dump(crm)
    again = crm.do(RegisterUnit(id="a", name="部门", parent="b"), actor=ADMIN, key="k")
    assert (again.replayed, again.case, again.value) == (True, first, None)
    assert blocked(again) == {"org_unit.cycle"}
    assert dump(crm) == before


@covers("XT-09")
def test_a_slip_under_a_key_ships_once(crm: PharmaCRM) -> None:
    crm.do(worth("SO-1", 100), actor=SALES).expect()
    release(crm, "SO-1")
    command = evolve(slip("SO-1", "", 40), id="")
    assert isinstance(command, IssueSlip)
    for _ in range(3):
        crm.do(command, actor=WAREHOUSE, key="scan-1").expect()
    assert [each.amount for each in entities(crm, OutboundSlip)] == [yuan(50)]


@covers("XT-03")
def test_a_signature_under_a_key_counts_once(crm: PharmaCRM) -> None:
    crm.do(worth("SO-1", 100), actor=SALES).expect()
    for _ in range(2):
        assert crm.do(ApproveOrder(order="SO-1"), actor=ASSISTANT, key="tap-1").allowed
    assert blocked(crm.do(ApproveOrder(order="SO-1"), actor=ASSISTANT, key="tap-2")) == {
        "approval.already_decided"
    }
    assert crm.do(ApproveOrder(order="SO-1"), actor=LEAD, key="tap-3").outcome is Outcome.REFUSED


@pytest.mark.parametrize("key", [0, False, None, b"k", [], " ", "k ", "k" * 65, "\x00", "k\n"])
def test_a_key_that_is_none_is_malformed(key: Any) -> None:
    crm = open_house()
    before = dump(crm)
    with pytest.raises(MalformedInput) as caught:
        crm.do(worth("SO-1", 100), actor=SALES, key=key)
    assert (caught.value.code, caught.value.field) == ("id.malformed", "key")
    assert dump(crm) == before
