"""Scenarios of the lists `approvals` and `credit_receivables` that stand nowhere else, by their ids."""

from collections.abc import Callable
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any
from unittest.mock import patch

import pytest

from pharmacrm.core.approvals import ApprovalMove, ApprovalRequest
from pharmacrm.core.credit import SetCreditLimit
from pharmacrm.core.engines.approval import CaseState
from pharmacrm.core.engines.approval.routes import EVERYONE, Act
from pharmacrm.core.flows.approvals import WhoCanAct
from pharmacrm.core.flows.release import ApproveOrder
from pharmacrm.core.flows.requests import Decide
from pharmacrm.core.kernel.codec import from_plain
from pharmacrm.core.kernel.errors import Conflict, MalformedInput, NotPermitted
from pharmacrm.core.orders import SalesOrder
from pharmacrm.core.people import RegisterStaff
from pharmacrm.core.receivables import AgeingReport, Instalment
from pharmacrm.crm import PharmaCRM, SimulatedClock
from tests.approval.routed import opened, routed, stage, waits, went
from tests.covers import covers
from tests.flows.house import (
    ADMIN,
    ASSISTANT,
    DISPATCHER,
    FINANCE,
    SALES,
    WAREHOUSE,
    amended,
    blocked,
    credit,
    dump,
    entities,
    journal,
    open_house,
    pass_days,
    placed,
    records,
    released,
    slip,
    worth,
    yuan,
)


@pytest.fixture
def crm() -> PharmaCRM:
    return open_house()


def test_approvals_008_nobody_approves_what_has_lapsed(crm: PharmaCRM) -> None:
    """An approval itself has no end; what the signers looked at has: the credit that was reserved."""
    placed(crm)
    pass_days(crm, 31)
    crm.run_due()
    before = records(crm)
    assert blocked(crm.do(ApproveOrder(order="SO-1"), actor=ASSISTANT)) == {"hold.open"}
    assert records(crm) == before


@pytest.mark.parametrize("field", ["on_behalf_of", "delegate", "at", "decided_at", "decision"])
def test_approvals_017_to_021_and_049_nobody_signs_for_another_or_at_another_time(field: str) -> None:
    """Only a delegation lets somebody sign for another: no field of the command says who or when."""
    for command in (ApproveOrder, Decide):
        plain = {"order": "SO-1"} if command is ApproveOrder else {"document": "SO-1", "act": "approve"}
        with pytest.raises(MalformedInput) as caught:
            from_plain(command, plain | {field: "li.si"})
        assert (caught.value.code, caught.value.field) == ("field.not_allowed", field)


def test_approvals_019_and_020_somebody_asked_to_help_is_not_an_approver(crm: PharmaCRM) -> None:
    placed(crm)
    before = records(crm)
    assert blocked(crm.do(ApproveOrder(order="SO-1"), actor=FINANCE)) == {"approval.not_an_approver"}
    with pytest.raises(NotPermitted):
        crm.do(ApproveOrder(order="SO-1"), actor="somebody.of.another.house")
    assert records(crm) == before


@pytest.mark.parametrize("cents", ["9999.99", "10000.00", "10000.01", "0.00"])
def test_approvals_033_to_039_every_amount_takes_the_route_of_the_library(crm: PharmaCRM, cents: str) -> None:
    from pharmacrm.core.orders import Line

    crm.do(worth("SO-1", 0, lines=(Line("ATO-20", 1, cents),)), actor=SALES)
    assert [request.route for request in entities(crm, ApprovalRequest)] in (["release_cn@1"], [])


EVERYBODY = routed(stage("quality", quorum=EVERYONE), stage("lead"))


@covers("XT-07")
def test_approvals_042_of_all_who_decide_one_rejects() -> None:
    case = went(opened(EVERYBODY), ("wu",), ("sun", Act.REJECT, {"comment": "缺章"}))
    assert case.request.state is CaseState.REJECTED


@covers("XT-07")
def test_approvals_043_of_all_who_decide_one_never_answers() -> None:
    case = went(opened(EVERYBODY), ("wu",), ("sun",))
    assert (case.request.state, waits(case)) == (CaseState.PENDING, ("quality",))


def test_approvals_048_a_clock_is_never_put_back(crm: PharmaCRM) -> None:
    clock = crm.clock
    assert isinstance(clock, SimulatedClock)
    with pytest.raises(ValueError, match="backwards"):
        clock.advance(timedelta(days=-1))
    before = clock.now()
    clock.move_to("2020-01-01T00:00:00Z")
    assert clock.now() > before


@covers("XT-03")
def test_approvals_056_and_057_many_at_once_each_has_its_own_answer(crm: PharmaCRM) -> None:
    """One of many is not allowed, one stands twice: the others stand, in one short transaction."""
    for number in range(12):
        placed(crm, f"SO-{number}", 5)
    crm.do(ApproveOrder(order="SO-5"), actor=ASSISTANT).expect()
    wanted = [*(f"SO-{number}" for number in range(12)), "SO-11"]
    with crm.work(actor=ASSISTANT) as work:
        answers = {place: work.do(ApproveOrder(order=id)) for place, id in enumerate(wanted)}
    refused = {place: answer.codes for place, answer in answers.items() if answer.refused}
    assert refused == {5: ("approval.already_decided",), 12: ("approval.already_decided",)}
    waiting = {request.subject: request.waiting for request in entities(crm, ApprovalRequest)}
    assert waiting == {f"SO-{number}": ("precheck",) for number in range(12)}


@covers("XT-11")
def test_approvals_063_an_administrator_skips_nothing(crm: PharmaCRM) -> None:
    placed(crm)
    before = records(crm)
    with pytest.raises(NotPermitted):
        crm.do(ApproveOrder(order="SO-1", stage="finance"), actor=ADMIN)
    assert records(crm) == before


def test_approvals_062_no_role_has_more_authority_than_its_stage(crm: PharmaCRM) -> None:
    """There are no amounts of authority yet; whoever holds several roles still signs one stage only."""
    crm.do(
        RegisterStaff(id="both", name="某", unit="east", roles=("assistant", "lead")), actor=ADMIN
    ).expect()
    placed(crm)
    crm.do(ApproveOrder(order="SO-1"), actor="both").expect()
    crm.do(ApproveOrder(order="SO-1"), actor=DISPATCHER).expect()
    assert blocked(crm.do(ApproveOrder(order="SO-1"), actor="both")) == {"approval.already_decided"}


class NoJournal:
    """A session whose journal cannot be written."""

    def __init__(self, inner: Any) -> None:
        self.inner = inner

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)

    def flush(self, tenant: str, batch: Any) -> None:
        from attrs import evolve

        twice = (*batch.entries, *batch.entries)
        self.inner.flush(tenant, evolve(batch, entries=twice))


@pytest.mark.parametrize("kind", ["memory", "sqlite", "postgresql"])
def test_approvals_066_without_its_journal_row_nothing_stands(
    kind: str, company_on: Callable[..., PharmaCRM]
) -> None:
    crm = company_on(kind)
    placed(crm)
    before = dump(crm)
    session = crm._store.session

    @contextmanager
    def broken() -> Any:
        with session() as inner:
            yield NoJournal(inner)

    with patch.object(crm._store, "session", broken), pytest.raises(Conflict):
        crm.do(ApproveOrder(order="SO-1"), actor=ASSISTANT)
    assert dump(crm) == before
    assert not [each for each in entities(crm, ApprovalMove) if each.person == ASSISTANT]


def test_approvals_059_what_was_just_signed_is_seen_by_the_next_reader(company_on: Any) -> None:
    crm = company_on("sqlite")
    other = PharmaCRM(crm._store, crm._desk)
    placed(crm)
    crm.do(ApproveOrder(order="SO-1"), actor=ASSISTANT).expect()
    assert other.ask(WhoCanAct(subject="SO-1"), actor=DISPATCHER).stage == "precheck"


# ----------------------------------------------------------------------------------- credit and receivables


def test_credit_receivables_005_an_order_in_a_currency_without_a_rate_gets_no_credit(crm: PharmaCRM) -> None:
    answer = crm.do(worth("SO-1", 5, currency="USD"), actor=SALES)
    assert {"credit.rate_missing", "currency.mismatch"} <= set(answer.codes)
    assert credit(crm).reserved == yuan(0)


@covers("XT-26")
def test_credit_receivables_008_less_ordered_gives_back_only_the_difference(crm: PharmaCRM) -> None:
    placed(crm)
    crm.do(amended("SO-1", 400), actor=SALES).expect()
    assert credit(crm).reserved == yuan(400)


def test_credit_receivables_018_periods_and_groups_have_commands_of_their_own() -> None:
    """Setting a limit takes neither: `GrantCreditLimit` and `JoinCreditGroup` do."""
    for field in ("valid_from", "valid_to", "group"):
        with pytest.raises(MalformedInput) as caught:
            from_plain(SetCreditLimit, {"customer": "H-001", "limit": "5.00 CNY", field: "2026-01-01"})
        assert caught.value.field == field


@covers("XT-25")
def test_credit_receivables_027_parts_out_of_order_fall_due_in_order(crm: PharmaCRM) -> None:
    released(crm, terms="50% net 60, 50% net 30")
    crm.do(slip("SO-1", "OUT-1", 800), actor=WAREHOUSE).expect()
    parts = sorted(entities(crm, Instalment), key=lambda part: part.due)
    assert [part.amount for part in parts] == [yuan(500), yuan(500)]
    assert (parts[1].due - parts[0].due).days == 30
    assert len({part.id for part in parts}) == 2


@covers("XT-22")
def test_credit_receivables_032_ageing_of_a_day_to_come(crm: PharmaCRM) -> None:
    released(crm)
    crm.do(slip("SO-1", "OUT-1", 800), actor=WAREHOUSE).expect()
    before = dump(crm)
    report = crm.ask(AgeingReport(as_of=date(2099, 1, 1)), actor=FINANCE)
    assert report.total == report.buckets[-1].amount == yuan(1000)
    assert dump(crm) == before


@covers("XT-26")
def test_credit_receivables_021_what_is_overdue_keeps_its_credit(crm: PharmaCRM) -> None:
    """Without a gate of a policy it blocks nothing; but it is owed, so it leaves less for the next order."""
    released(crm, yuan_=60_000, terms="net 1")
    crm.do(slip("SO-1", "OUT-1", 48_000), actor=WAREHOUSE).expect()
    pass_days(crm, 100)
    assert crm.ask(AgeingReport(), actor=FINANCE).overdue == yuan(60_000)
    assert crm.do(worth("SO-2", 40_000), actor=SALES).allowed
    assert crm.do(worth("SO-3", 5), actor=SALES).codes == ("credit.over_limit",)


def test_an_order_of_nothing_has_no_amount_to_approve(crm: PharmaCRM) -> None:
    assert "order.no_lines" in blocked(crm.do(worth("SO-1", 0), actor=SALES))
    assert entities(crm, SalesOrder) == []
    assert len(journal(crm, command="PlaceOrder")) == 1
