"""Dated limits of groups through the door: composed like a customer's, raised on a route, over in time."""

from datetime import date, timedelta
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from pharmacrm.core.credit import (
    CreditGroup,
    CreditLimit,
    CreditLimitRequest,
    EndGroupLimit,
    GrantGroupLimit,
    Insurance,
    JoinCreditGroup,
    LimitKind,
    LimitRequestState,
    PolicyScope,
    Season,
    SetCreditGroup,
    Stacking,
)
from pharmacrm.core.credit.events import CreditGroupSet, CreditLimitRefused, CreditLimitRequested
from pharmacrm.core.credit.groups import grant_to_group
from pharmacrm.core.credit.limit_requests import bring_into_force, end_request, request_limit
from pharmacrm.core.credit.limits import grant
from pharmacrm.core.credit.model import empty_group, empty_line
from pharmacrm.core.engines.approval.routes import Act
from pharmacrm.core.flows.exposure import GroupLimitOn
from pharmacrm.core.flows.raising import RequestGroupLimit
from pharmacrm.core.flows.rechecking import RecheckCredit
from pharmacrm.core.kernel.decision import Decision
from pharmacrm.core.kernel.errors import MalformedInput, NotFound, NotPermitted
from pharmacrm.core.kernel.money import Money
from pharmacrm.crm import PharmaCRM
from tests.covers import covers
from tests.flows.house import (
    ADMIN,
    BUYER,
    FINANCE,
    LEAD,
    SALES,
    codes,
    entities,
    open_house,
    pass_days,
    placed,
    replayed,
    today,
    worth,
    yuan,
)
from tests.flows.scenarios_approvals import published, said, step
from tests.flows.scenarios_credit import policy

OTHER = "H-002"


@pytest.fixture
def crm() -> PharmaCRM:
    """Two customers of 5,000 yuan each, who share 1,000."""
    house = open_house(limit="5000.00", buyers=(BUYER, OTHER))
    shares(house, 1000)
    for buyer in (BUYER, OTHER):
        house.do(JoinCreditGroup(customer=buyer, group="G-1"), actor=FINANCE).expect()
    return house


def shares(crm: PharmaCRM, limit: int | None) -> Decision[CreditGroup]:
    shared = None if limit is None else yuan(limit)
    return crm.do(SetCreditGroup(group="G-1", name="示例集团", limit=shared, reason="授信"), actor=FINANCE)


def raised(
    crm: PharmaCRM, amount: int, kind: LimitKind = LimitKind.TEMPORARY, **more: Any
) -> GrantGroupLimit:
    ends: dict[str, Any] = {"ends_on": today(crm) + timedelta(10)} if kind is LimitKind.TEMPORARY else {}
    return GrantGroupLimit(group="G-1", kind=kind, amount=yuan(amount), reason="备货", **(ends | more))


def group(crm: PharmaCRM) -> CreditGroup:
    return crm.get(CreditGroup, "G-1", actor=FINANCE)


@covers("XT-26")
def test_a_raise_of_the_group_lets_its_members_order_and_is_over_by_itself(crm: PharmaCRM) -> None:
    assert codes(crm, worth("SO-1", 1500), SALES) == ["credit.group_over_limit"]
    crm.do(raised(crm, 500), actor=FINANCE).expect()
    assert (group(crm).limit, group(crm).changes_on) == (yuan(1500), today(crm) + timedelta(11))
    crm.do(RecheckCredit(order="SO-1"), actor=SALES).expect()
    assert codes(crm, worth("SO-2", 5, buyer=OTHER), SALES) == ["credit.group_over_limit"]
    pass_days(crm, 11)
    crm.run_due()
    assert (group(crm).limit, group(crm).changes_on) == (yuan(1000), None)
    assert [each.limit.kind for each in crm.ask(GroupLimitOn(group="G-1"), actor=SALES).parts] == [
        LimitKind.BASE
    ]
    replayed(crm)


def test_an_order_brings_the_group_to_the_day_where_nothing_ran(crm: PharmaCRM) -> None:
    crm.do(raised(crm, 500), actor=FINANCE).expect()
    pass_days(crm, 11)
    assert codes(crm, worth("SO-1", 1500), SALES) == ["credit.group_over_limit"]
    placed(crm, "SO-2", 1000, buyer=OTHER)
    assert group(crm).limit == yuan(1000)
    replayed(crm)


@pytest.mark.parametrize(
    ("rule", "limit"),
    [
        ({}, 1000 + 300 + 200 + 50),
        ({"stacking": Stacking.HIGHEST}, 1000 + 300 + 50),
        ({"insurance": Insurance.CAPS}, 50),
    ],
)
def test_the_limit_of_a_group_is_put_together_by_the_rule_of_the_group(
    crm: PharmaCRM, rule: dict[str, Any], limit: int
) -> None:
    """A member's own policy says nothing about what the group shares."""
    for command in (
        policy(PolicyScope.GROUP, "G-1", **rule),
        policy(PolicyScope.CUSTOMER, BUYER, stacking=Stacking.HIGHEST, insurance=Insurance.ADDS),
        raised(crm, 300),
        raised(crm, 200, LimitKind.SEASONAL, season=Season("01-01", "12-31")),
        raised(crm, 50, LimitKind.INSURED),
    ):
        crm.do(command, actor=FINANCE).expect()
    found = crm.ask(GroupLimitOn(group="G-1"), actor=SALES)
    assert found.amount == yuan(limit)
    assert "limit" in found.explain()
    crm.do(worth("SO-1", 5), actor=SALES).expect()
    assert group(crm).limit == yuan(limit)


def test_an_ended_raise_warns_where_the_members_owe_more(crm: PharmaCRM) -> None:
    crm.do(raised(crm, 500), actor=FINANCE).expect()
    placed(crm, "SO-1", 1500)
    assert codes(crm, EndGroupLimit(group="G-1", number=2), FINANCE) == ["credit.limit_below_exposure"]
    assert codes(crm, EndGroupLimit(group="G-1", number=2), FINANCE) == ["limit.ended"]
    with pytest.raises(NotFound):
        crm.do(EndGroupLimit(group="G-1", number=9), actor=FINANCE)
    assert group(crm).limit == yuan(1000)


def test_the_base_set_again_changes_nothing_beside_a_raise(crm: PharmaCRM) -> None:
    crm.do(raised(crm, 500), actor=FINANCE).expect()
    shares(crm, 1000).expect()
    assert (group(crm).limit, len(group(crm).limits)) == (yuan(1500), 2)
    version = group(crm).version
    shares(crm, 1000).expect()
    assert group(crm).version == version
    shares(crm, 1500).expect()
    assert group(crm).limit == yuan(2000)


@pytest.mark.parametrize(
    ("more", "found"),
    [
        ({"kind": LimitKind.INSURED, "ends_on": "2020-01-01"}, ["limit.dates"]),
        ({"kind": LimitKind.INSURED, "amount": Money(5, "USD")}, ["credit.currency_mismatch"]),
        ({}, ["limit.overlap"]),
    ],
)
def test_what_does_not_fit_is_refused(crm: PharmaCRM, more: dict[str, Any], found: list[str]) -> None:
    crm.do(raised(crm, 500), actor=FINANCE).expect()
    fields: dict[str, Any] = {"kind": LimitKind.TEMPORARY, "ends_on": today(crm) + timedelta(10)}
    again = GrantGroupLimit(group="G-1", **(fields | {"amount": yuan(5)} | more))
    assert codes(crm, again, FINANCE) == found


def test_a_group_that_shares_no_limit_has_nothing_to_raise(crm: PharmaCRM) -> None:
    shares(crm, None).expect()
    for command in (
        raised(crm, 5),
        RequestGroupLimit(group="G-1", kind=LimitKind.BASE, amount=yuan(5), reason="年度"),
        RequestGroupLimit(group="G-1", kind=LimitKind.INSURED, amount=yuan(5), reason="年度"),
    ):
        assert codes(crm, command, FINANCE) == ["limit.group_shares_none"]


def test_who_may_and_what_cannot_be_meant(crm: PharmaCRM) -> None:
    with pytest.raises(NotPermitted):
        crm.do(raised(crm, 5), actor=SALES)
    with pytest.raises(NotFound):
        crm.do(GrantGroupLimit(group="G-9", kind=LimitKind.INSURED, amount=yuan(5)), actor=FINANCE)
    for kind in (GrantGroupLimit, RequestGroupLimit):
        with pytest.raises(MalformedInput) as caught:
            kind(group="G-1", kind=LimitKind.TEMPORARY, amount=yuan(5), reason="备货")
        assert caught.value.code == "limit.end"


# ---------------------------------------------------------------------------------------- own authority


@pytest.fixture
def routed(crm: PharmaCRM) -> PharmaCRM:
    """Finance sets up to 1,200 yuan by itself; for more there is a route."""
    crm.do(policy(own_authority=yuan(1200)), actor=FINANCE).expect()
    crm.do(published(step("lead"), code="credit_limit_cn", kind="credit_limit"), actor=ADMIN).expect()
    return crm


def asked(crm: PharmaCRM, **more: Any) -> Decision[CreditLimitRequest]:
    fields: dict[str, Any] = {"id": "LR-1", "kind": LimitKind.BASE, "amount": yuan(3000), "reason": "年度"}
    return crm.do(RequestGroupLimit(group="G-1", **(fields | more)), actor=FINANCE)


def request(crm: PharmaCRM) -> CreditLimitRequest:
    return crm.get(CreditLimitRequest, "LR-1", actor=FINANCE)


@covers("XT-26")
def test_above_the_own_authority_nobody_raises_a_group_by_hand(routed: PharmaCRM) -> None:
    wanted = ["limit.approval_wanted"]
    assert list(shares(routed, 1200).codes) == []
    assert list(shares(routed, 1201).codes) == wanted
    assert list(shares(routed, None).codes) == wanted
    assert codes(routed, raised(routed, 1), FINANCE) == wanted  # beside the 1,200 that are shared already
    assert list(shares(routed, 900).codes) == []
    assert codes(routed, raised(routed, 301), FINANCE) == wanted
    assert codes(routed, raised(routed, 300), FINANCE) == []
    wider = policy(PolicyScope.GROUP, "G-1", own_authority=yuan(9000))
    assert codes(routed, wider, FINANCE) == ["limit.policy_authority"]
    routed.do(wider, actor=ADMIN).expect()
    assert list(shares(routed, 8700).codes) == []
    assert list(shares(routed, None).codes) == wanted  # no authority reaches that far


def test_from_no_limit_to_one_is_no_raise(routed: PharmaCRM) -> None:
    routed.do(policy(), actor=ADMIN).expect()
    shares(routed, None).expect()
    routed.do(policy(own_authority=yuan(1200)), actor=FINANCE).expect()
    assert list(shares(routed, 99_000).codes) == []


def test_a_new_group_only_takes_away(routed: PharmaCRM) -> None:
    new = SetCreditGroup(group="G-2", name="新集团", limit=yuan(99_000), reason="授信")
    assert codes(routed, new, FINANCE) == []


@covers("XT-26")
def test_approved_it_is_in_force_for_the_group_and_not_before(routed: PharmaCRM) -> None:
    asked(routed).expect()
    assert (request(routed).group, request(routed).customer) == ("G-1", "")
    assert group(routed).limit == yuan(1000)
    assert "approval.own_document" in routed.do(said(document="LR-1"), actor=FINANCE).codes
    routed.do(said(document="LR-1"), actor=LEAD).expect()
    assert (group(routed).limit, request(routed).state) == (yuan(3000), LimitRequestState.IN_FORCE)
    assert request(routed).number == group(routed).limits[-1].number
    placed(routed, "SO-1", 3000)
    replayed(routed)


def test_a_raise_for_some_time_is_approved_like_one_for_good(routed: PharmaCRM) -> None:
    asked(routed, kind=LimitKind.TEMPORARY, ends_on=today(routed) + timedelta(20)).expect()
    pass_days(routed, 5)
    routed.do(said(document="LR-1"), actor=LEAD).expect()
    assert group(routed).limit == yuan(4000)
    assert group(routed).limits[-1].starts_on == today(routed)


def test_one_that_came_to_nothing_changes_nothing(routed: PharmaCRM) -> None:
    asked(routed).expect()
    assert asked(routed).codes == ("limit.request_exists",)
    routed.do(said(Act.REJECT, document="LR-1", comment="不同意"), actor=LEAD).expect()
    assert (request(routed).state, group(routed).limit) == (LimitRequestState.REJECTED, yuan(1000))


def test_an_approval_never_fails_for_a_group_that_shares_no_limit_any_more(routed: PharmaCRM) -> None:
    asked(routed).expect()
    routed.do(policy(), actor=ADMIN).expect()
    shares(routed, None).expect()
    assert routed.do(said(document="LR-1"), actor=LEAD).allowed
    assert (request(routed).state, request(routed).note) == (
        LimitRequestState.FAILED,
        "limit.group_shares_none",
    )
    assert len(entities(routed, CreditGroup)) == 1


def test_the_events_name_the_group() -> None:
    shared = evolve(empty_group("G-1", "CNY"), unlimited=False)
    wanted = CreditLimitRequest(
        id="LR-1",
        group="G-1",
        kind=LimitKind.INSURED,
        amount=yuan(5),
        starts_on=START,
        requested_by=FINANCE,
        requested_on=START,
        reason="保险",
    )
    told = CreditLimitRequested(subject="LR-1", customer="", group="G-1")
    assert request_limit(wanted, shared, on=START).events == (told,)
    ended = CreditLimitRefused(subject="LR-1", customer="", group="G-1")
    assert end_request(wanted, LimitRequestState.REJECTED, on=START).events == (ended,)
    assert bring_into_force(wanted, shared, on=START).events == (CreditGroupSet(subject="G-1"),)


# --------------------------------------------------------------------------------------------------- laws

START = date(2026, 1, 1)
SPANS = st.tuples(st.integers(0, 60), st.integers(0, 60))
GRANTS = st.lists(st.tuples(st.sampled_from(list(LimitKind)), st.integers(1, 900), SPANS), max_size=8)


@given(GRANTS, st.integers(0, 130))
def test_a_group_has_the_limit_that_a_customer_with_the_same_grants_has(grants: Any, days: int) -> None:
    line: Any = empty_line("H-001", "CNY")
    shared: Any = evolve(empty_group("G-1", "CNY"), unlimited=False)
    for kind, amount, (first, long) in grants:
        starts_on = START + timedelta(first)
        limit = CreditLimit(
            number=0,
            kind=kind,
            amount=yuan(amount),
            starts_on=starts_on,
            ends_on=starts_on + timedelta(long),
            season=Season("02-01", "03-15") if kind is LimitKind.SEASONAL else None,
        )
        on = START + timedelta(days)
        one, other = grant(line, limit, on=on), grant_to_group(shared, limit, on=on)
        assert one.codes == other.codes
        if one.value is not None:
            line, shared = one.value, other.value
    assert (shared.limit, shared.limits, shared.changes_on) == (line.limit, line.limits, line.changes_on)
