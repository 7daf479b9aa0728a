"""What the decisions about overrides, requests for limits and money on account say and do, in full."""

from datetime import timedelta
from typing import Any

import pytest
from attrs import evolve

from pharmacrm.core.credit import movements
from pharmacrm.core.credit.checks import check_invoiced
from pharmacrm.core.credit.commands import GrantCreditLimit
from pharmacrm.core.credit.dated import LimitKind, limit_on
from pharmacrm.core.credit.events import (
    CreditLimitRefused,
    CreditLimitRequested,
    CreditLimitSet,
    CreditOverrideEnded,
    CreditOverrideGranted,
    CreditOverrideRequested,
    CreditOverrideUsed,
)
from pharmacrm.core.credit.limit_requests import (
    LimitRequestState,
    bring_into_force,
    end_request,
    request_limit,
)
from pharmacrm.core.credit.limits import grant_limit, refresh
from pharmacrm.core.credit.model import CreditLine, empty_line
from pharmacrm.core.credit.override_reasons import (
    OVERRIDE_AMOUNT,
    OVERRIDE_CONTENT,
    OVERRIDE_DATES,
    OVERRIDE_ENDED,
    OVERRIDE_EXPIRED,
    OVERRIDE_USED,
)
from pharmacrm.core.credit.overrides import (
    OverrideState,
    end_override,
    grant_override,
    misfits,
    named,
    request_override,
    use_override,
)
from pharmacrm.core.credit.reasons import BELOW_ZERO, LIMIT_BELOW_EXPOSURE, OVER_LIMIT
from pharmacrm.core.credit.reservations import reserve_as_checked, reserve_unbounded, without
from pharmacrm.core.credit.standing import Surroundings
from pharmacrm.core.kernel.change import Add, Save
from pharmacrm.core.kernel.decision import Decision, accept, add, save, tell
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.reason import Severity
from pharmacrm.core.kernel.words import Words
from tests.credit.books import AT, line, yuan
from tests.credit.test_limit_requests import ASKED, has
from tests.credit.test_overrides import DAY, GRANTED

WANTED = evolve(GRANTED, state=OverrideState.REQUESTED, granted_on=None)
ABOUT: dict[str, Any] = {"subject": "OV-1", "order": "SO-1"}
OF: dict[str, Any] = {"subject": "LR-1", "customer": "H-001"}


def moved_by(amounts: dict[str, Money], cause: str, why: str) -> Decision[None]:
    """The counters of the line, moved without its bound."""
    return add(Add(kind=CreditLine, id="H-001", amounts=amounts, cause=cause, unbounded=why))


def saved(decision: Decision[Any]) -> list[CreditLine]:
    """The credit lines that a decision saves."""
    entities = (change.entity for change in decision.changes if isinstance(change, Save))
    return [entity for entity in entities if isinstance(entity, CreditLine)]


def test_an_override_is_asked_for_granted_used_and_ended() -> None:
    asked = tell(CreditOverrideRequested(**ABOUT))
    assert request_override(WANTED, on=DAY) == accept(WANTED, save(WANTED), asked)
    granted = evolve(WANTED, state=OverrideState.GRANTED, granted_on=DAY)
    assert grant_override(WANTED, on=DAY) == accept(
        granted, save(granted), tell(CreditOverrideGranted(**ABOUT))
    )
    used = evolve(GRANTED, state=OverrideState.USED, used_on=DAY)
    assert use_override(GRANTED, on=DAY) == accept(used, save(used), tell(CreditOverrideUsed(**ABOUT)))
    for state in (WANTED, GRANTED):
        gone = evolve(state, state=OverrideState.REVOKED, note="误批")
        ended = accept(gone, save(gone), tell(CreditOverrideEnded(**ABOUT)))
        assert end_override(state, OverrideState.REVOKED, note="误批") == ended
    assert end_override(WANTED, OverrideState.REJECTED).expect().note == ""


def test_an_override_that_has_ended_stays_as_it_is() -> None:
    gone = evolve(GRANTED, state=OverrideState.REVOKED)
    assert grant_override(gone, on=DAY) == accept(gone)
    again = OVERRIDE_ENDED("OV-1", field="state", observed=OverrideState.REVOKED)
    assert end_override(gone, OverrideState.REVOKED) == accept(gone, again)
    past = evolve(WANTED, expires_on=DAY - timedelta(1))
    dates = OVERRIDE_DATES("OV-1", field="expires_on", observed=past.expires_on, expected=DAY)
    assert request_override(past, on=DAY).reasons == (dates,)


def test_why_an_override_does_not_fit_names_field_and_values() -> None:
    used, later = evolve(GRANTED, state=OverrideState.USED, used_on=DAY), DAY + timedelta(1)
    assert misfits(used, yuan(101), content="b", on=later) == (
        OVERRIDE_USED("OV-1", field="state", observed=DAY),
        OVERRIDE_CONTENT("OV-1", field="content"),
        OVERRIDE_AMOUNT("OV-1", field="amount", observed=yuan(101), expected=yuan(100)),
        OVERRIDE_EXPIRED("OV-1", field="expires_on", observed=DAY, expected=later),
    )
    assert misfits(used, yuan(100), content=GRANTED.content, on=DAY, again=True) == ()
    waits = (OVERRIDE_ENDED("OV-1", field="state", observed=OverrideState.REQUESTED),)
    for again in (False, True):
        assert misfits(WANTED, yuan(100), content=GRANTED.content, on=DAY, again=again) == waits
    assert (named(GRANTED), named(None)) == ("override OV-1", "")


def test_a_request_for_a_limit_is_kept_brought_into_force_and_ended() -> None:
    asked = accept(ASKED, save(ASKED), tell(CreditLimitRequested(**OF)))
    assert request_limit(ASKED, has(100), on=DAY) == asked
    gone = evolve(ASKED, state=LimitRequestState.REJECTED, decided_on=DAY, note="风险过高")
    ended = accept(gone, save(gone), tell(CreditLimitRefused(**OF)))
    assert end_request(ASKED, LimitRequestState.REJECTED, on=DAY, note="风险过高") == ended
    assert end_request(ASKED, LimitRequestState.REJECTED, on=DAY).expect().note == ""
    done = bring_into_force(ASKED, has(100), on=DAY)
    now = evolve(ASKED, state=LimitRequestState.IN_FORCE, decided_on=DAY, number=2)
    assert done.expect() == now
    assert save(now).changes[0] in done.changes
    (after,) = saved(done)
    kept = after.limits[-1]
    assert (after.id, after.limit, after.blocked, after.unlimited) == ("H-001", yuan(900), False, False)
    assert (kept.reason, kept.by, kept.amount) == ("年度授信", "qian.qi", yuan(900))
    assert [one.blocked for one in saved(bring_into_force(ASKED, has(100, blocked=True), on=DAY))] == [True]
    assert [one.id for one in saved(bring_into_force(ASKED, None, on=DAY))] == ["H-001"]


@pytest.mark.parametrize(
    ("move", "why"), [(movements.prepay, "allocated to a prepayment"), (movements.pay_back, "refunded")]
)
def test_money_that_leaves_the_account_warns_where_it_was_relied_upon(move: Any, why: str) -> None:
    start = line(100, posted=120, unapplied=30)
    moved = moved_by({"unapplied": yuan(-20)}, "R-1", why)
    told = move(start, yuan(20), customer="H-001", cause="R-1")
    over = LIMIT_BELOW_EXPOSURE("H-001", field="limit", observed=yuan(110), expected=yuan(100))
    assert told == accept(start, moved, over)
    assert move(start, yuan(10), customer="H-001", cause="R-1").reasons == ()
    free = line(unlimited=True, unapplied=30)
    assert move(free, yuan(20), customer="H-001", cause="R-1").reasons == ()
    short = BELOW_ZERO(
        "H-001", field="unapplied", named=Words("money on account", "未核销收款"), observed=yuan(-1)
    )
    refused = move(line(100, unapplied=30), yuan(31), customer="H-001", cause="R-1")
    assert [(one.code, one.subject, one.field, one.observed) for one in refused.reasons] == [
        (short.code, "H-001", "unapplied", short.observed)
    ]
    nobody = move(None, yuan(5), customer="H-001", cause="R-1")
    assert nobody.codes == ("credit.below_zero",)


def test_a_charge_is_owed_whatever_the_limit() -> None:
    start = line(100, posted=100)
    moved = moved_by({"posted": yuan(7)}, "F-1", "charged for being late")
    assert movements.charge(start, yuan(7), customer="H-001", cause="F-1") == accept(start, moved)
    made = movements.charge(None, yuan(7), customer="H-001", cause="F-1")
    assert made == accept(empty_line("H-001", "CNY"), save(empty_line("H-001", "CNY")), moved)


def test_what_stands_against_an_invoice_warns_at_most() -> None:
    over = OVER_LIMIT("F-1", field="credit")
    told = check_invoiced(line(100, posted=120), subject="F-1")
    assert [(one.code, one.subject, one.field, one.severity) for one in told] == [
        (over.code, "F-1", "credit", Severity.WARN)
    ]
    assert (told[0].observed, told[0].expected) == ("CNY 120.00 (short CNY 20.00)", "CNY 100.00")
    assert check_invoiced(line(100, posted=100), subject="F-1") == ()
    gate = OVER_LIMIT("F-1", field="gate").weighed(Severity.BLOCK)
    info = OVER_LIMIT("F-1", field="info").weighed(Severity.INFO)
    around = Surroundings(gates=(gate, info))
    assert check_invoiced(line(100), subject="F-1", around=around) == (gate.weighed(Severity.WARN), info)


def test_what_a_check_found_is_kept_with_the_reservation() -> None:
    start = line(100)
    gates = (OVER_LIMIT("SO-1", field="credit"), LIMIT_BELOW_EXPOSURE("SO-1", field="limit"))
    held: dict[str, Any] = {"order": "SO-1", "customer": "H-001", "at": AT, "days": 30}
    done = reserve_as_checked(start, yuan(120), Surroundings(gates=gates), **held)
    reserved = done.expect()
    assert reserved is not None
    assert (reserved.amount, reserved.customer, reserved.order) == (yuan(120), "H-001", "SO-1")
    assert reserved.expires_at == AT + timedelta(days=30)
    assert set(done.reasons) == set(gates)
    (booked,) = (change for change in done.changes if isinstance(change, Add))
    passed = "passed: credit.limit_below_exposure, credit.over_limit"
    assert (booked.id, booked.amounts, booked.unbounded) == ("H-001", {"reserved": yuan(120)}, passed)
    by_name = reserve_as_checked(start, yuan(120), Surroundings(passed="override OV-1"), **held)
    assert [change.unbounded for change in by_name.changes if isinstance(change, Add)] == ["override OV-1"]
    plain = reserve_as_checked(start, yuan(20), Surroundings(), **held)
    assert [change.unbounded for change in plain.changes if isinstance(change, Add)] == [""]
    more = reserve_as_checked(start, yuan(50), Surroundings(), existing=plain.value, **held)
    assert [change.amounts for change in more.changes if isinstance(change, Add)] == [{"reserved": yuan(30)}]
    new = reserve_as_checked(None, yuan(20), Surroundings(gates=gates), **held)
    assert save(empty_line("H-001", "CNY")).changes[0] in new.changes


def test_a_line_whose_limit_of_the_day_moves_is_stored_and_told() -> None:
    old = line(100, posted=80)
    assert refresh(old, old) == accept(None)
    same = evolve(old, changes_on=DAY)
    assert refresh(old, same) == accept(same, save(same))
    lower = evolve(old, limit=yuan(50))
    warned = LIMIT_BELOW_EXPOSURE("H-001", field="limit", observed=yuan(80), expected=yuan(50))
    assert refresh(old, lower) == accept(lower, warned, save(lower), tell(CreditLimitSet(subject="H-001")))


def test_limits_that_overlap_are_named_in_both_languages() -> None:
    granted = GrantCreditLimit(customer="H-001", kind=LimitKind.INSURED, amount=yuan(9), starts_on=DAY)
    held = grant_limit(has(100), granted, by="qian.qi", on=DAY).expect()
    (twice,) = grant_limit(held, granted, by="qian.qi", on=DAY).reasons
    assert (twice.field, twice.observed) == ("starts_on", "insured 2026-11-21")
    assert twice.message_zh == "客户 H-001 的保险额度 2026-11-21 与保险额度 2026-11-21 期间重叠"
    past = evolve(granted, ends_on=DAY - timedelta(1))
    (dates,) = grant_limit(has(100), past, by="qian.qi", on=DAY).reasons
    assert (dates.field, dates.observed, dates.expected) == ("ends_on", "2026-11-20", "2026-11-21")


def test_a_limit_in_force_is_explained_in_chinese_to_the_last_word() -> None:
    found = has(100).limits
    assert limit_on(found, DAY, currency="CNY").explain("zh") == (
        "基本额度 CNY 100.00 自 2025-11-21（计入）\n额度 CNY 100.00"
    )
    assert (
        limit_on((), DAY, currency="CNY", inherited=yuan(5)).explain() == "default CNY 5.00\nlimit CNY 5.00"
    )


def test_a_reservation_beyond_the_limit_is_checked_for_what_can_never_be() -> None:
    held: dict[str, Any] = {"order": "SO-1", "customer": "H-001", "at": AT, "days": 30, "reason": "同意"}
    negative = reserve_unbounded(line(100), yuan(-1), **held)
    assert [(one.code, one.subject) for one in negative.reasons] == [("credit.negative_amount", "SO-1")]
    blocked = reserve_unbounded(line(100, blocked=True), yuan(5), **held)
    assert [(one.code, one.subject) for one in blocked.reasons] == [("credit.blocked", "SO-1")]
    new = reserve_unbounded(None, yuan(5), **held)
    assert new.changes[0] == save(empty_line("H-001", "CNY")).changes[0]
    assert [change.unbounded for change in new.changes if isinstance(change, Add)] == ["同意"]
    less = without(line(100, reserved=30), yuan(30))
    assert less == line(100)
    assert without(None, yuan(30)) is None
