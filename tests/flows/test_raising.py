"""A raise above the own authority: refused by hand, on a route instead, in force when approved."""

from datetime import timedelta
from typing import Any

import pytest
from attrs import evolve

from pharmacrm.core.credit import (
    CreditLimitRequest,
    CreditLine,
    GrantCreditLimit,
    LimitKind,
    LimitRequestState,
    SetCreditLimit,
)
from pharmacrm.core.engines.approval.routes import Act
from pharmacrm.core.flows.raising import RequestCreditLimit
from pharmacrm.core.flows.requests import WithdrawRequest
from pharmacrm.core.kernel.decision import Decision
from pharmacrm.crm import PharmaCRM
from tests.covers import covers
from tests.flows.house import (
    ADMIN,
    BUYER,
    FINANCE,
    LEAD,
    SALES,
    codes,
    credit,
    journal,
    open_house,
    pass_days,
    replayed,
    worth,
    yuan,
)
from tests.flows.scenarios_approvals import published, said, step
from tests.flows.scenarios_credit import policy


@pytest.fixture
def crm() -> PharmaCRM:
    """A limit of 1,000 yuan, an own authority of 1,500, and a route for more."""
    house = open_house(limit="1000.00")
    house.do(policy(own_authority=yuan(1500)), actor=FINANCE).expect()
    route = published(step("lead"), code="credit_limit_cn", kind="credit_limit")
    house.do(route, actor=ADMIN).expect()
    return house


def asked(crm: PharmaCRM, actor: str = FINANCE, **more: Any) -> Decision[CreditLimitRequest]:
    fields: dict[str, Any] = {
        "customer": BUYER,
        "id": "LR-1",
        "kind": LimitKind.BASE,
        "amount": yuan(3000),
        "reason": "年度",
    }
    return crm.do(RequestCreditLimit(**(fields | more)), actor=actor)


def request(crm: PharmaCRM) -> CreditLimitRequest:
    return crm.get(CreditLimitRequest, "LR-1", actor=FINANCE)


@covers("XT-26")
def test_within_the_authority_finance_sets_it_and_above_it_nobody_does(crm: PharmaCRM) -> None:
    ends_on = crm.clock.now().date() + timedelta(days=30)
    large = GrantCreditLimit(
        customer=BUYER, kind=LimitKind.TEMPORARY, amount=yuan(1501), ends_on=ends_on, reason="旺季"
    )
    assert codes(crm, SetCreditLimit(customer=BUYER, limit=yuan(1501)), FINANCE) == ["limit.approval_wanted"]
    assert codes(crm, large, FINANCE) == ["limit.approval_wanted"]
    assert codes(crm, evolve(large, amount=yuan(501)), FINANCE) == ["limit.approval_wanted"]
    assert codes(crm, SetCreditLimit(customer=BUYER, limit=yuan(1500)), FINANCE) == []
    stop = SetCreditLimit(customer=BUYER, limit=yuan(900), blocked=True, reason="停止授信")
    assert codes(crm, stop, FINANCE) == []


@covers("XT-26")
def test_approved_it_is_in_force_and_not_before(crm: PharmaCRM) -> None:
    asked(crm).expect()
    assert credit(crm).limit == yuan(1000)
    assert codes(crm, worth("SO-1", 2000), SALES) == ["credit.over_limit"]
    assert "approval.own_document" in crm.do(said(document="LR-1"), actor=FINANCE).codes
    crm.do(said(document="LR-1"), actor=LEAD).expect()
    assert (credit(crm).limit, request(crm).state) == (yuan(3000), LimitRequestState.IN_FORCE)
    assert codes(crm, worth("SO-2", 2000), SALES) == []
    moved = [
        entry.changed()["limit"] for entry in journal(crm, kind="credit_line") if "limit" in entry.changed()
    ]
    assert moved[-1] == ["1000.00 CNY", "3000.00 CNY"]
    replayed(crm)


def test_a_raise_that_was_approved_too_late_begins_that_day(crm: PharmaCRM) -> None:
    on = crm.clock.now().date()
    asked(crm, kind=LimitKind.TEMPORARY, starts_on=on, ends_on=on + timedelta(days=20)).expect()
    pass_days(crm, 10)
    crm.do(said(document="LR-1"), actor=LEAD).expect()
    found = crm.get(CreditLine, BUYER, actor=FINANCE).limits[-1]
    assert (found.kind, found.starts_on) == (LimitKind.TEMPORARY, on + timedelta(days=10))
    assert credit(crm).limit == yuan(4000)


@pytest.mark.parametrize("way", ["reject", "withdraw"])
def test_rejected_or_withdrawn_it_changes_nothing(crm: PharmaCRM, way: str) -> None:
    asked(crm).expect()
    if way == "reject":
        crm.do(said(Act.REJECT, document="LR-1", comment="不同意"), actor=LEAD).expect()
    else:
        crm.do(WithdrawRequest(document="LR-1"), actor=FINANCE).expect()
    assert (request(crm).state, credit(crm).limit) == (LimitRequestState.REJECTED, yuan(1000))


def test_an_approval_never_fails_for_a_limit_that_no_longer_fits(crm: PharmaCRM) -> None:
    ends_on = crm.clock.now().date() + timedelta(days=20)
    asked(crm, kind=LimitKind.TEMPORARY, ends_on=ends_on).expect()
    small = GrantCreditLimit(
        customer=BUYER, kind=LimitKind.TEMPORARY, amount=yuan(100), ends_on=ends_on, reason="旺季"
    )
    crm.do(small, actor=FINANCE).expect()
    assert crm.do(said(document="LR-1"), actor=LEAD).allowed
    assert (request(crm).state, request(crm).note) == (LimitRequestState.FAILED, "limit.overlap")
    assert credit(crm).limit == yuan(1100)


def test_one_that_does_not_fit_is_not_handed_in_and_an_id_names_one(crm: PharmaCRM) -> None:
    late = asked(crm, kind=LimitKind.INSURED, ends_on="2020-01-01")
    assert late.codes == ("limit.dates",)
    asked(crm).expect()
    assert asked(crm).codes == ("limit.request_exists",)
