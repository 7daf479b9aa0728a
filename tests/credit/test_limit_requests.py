"""A limit that was approved is an ordinary dated limit."""

from datetime import date, timedelta
from typing import Any

import pytest
from attrs import evolve

from pharmacrm.core.credit.dated import LimitKind, limit_on
from pharmacrm.core.credit.limit_requests import (
    CreditLimitRequest,
    LimitRequestState,
    bring_into_force,
    end_request,
    request_limit,
)
from pharmacrm.core.credit.limits import set_limit
from pharmacrm.core.credit.model import CreditLine
from pharmacrm.core.kernel.change import Save
from tests.covers import covers
from tests.credit.books import yuan

DAY = date(2026, 11, 21)
ASKED = CreditLimitRequest(
    id="LR-1",
    customer="H-001",
    kind=LimitKind.BASE,
    amount=yuan(900),
    starts_on=DAY,
    requested_by="qian.qi",
    requested_on=DAY,
    reason="年度授信",
)


def has(limit: int, **more: Any) -> CreditLine:
    """A customer with a base limit since last year."""
    said: dict[str, Any] = {"unlimited": False, "blocked": False, "reason": "", "by": "qian.qi"} | more
    done = set_limit(None, customer="H-001", limit=yuan(limit), on=DAY - timedelta(365), **said)
    return evolve(done.expect(), version=1)


def saved(decision: Any, kind: type[Any]) -> list[Any]:
    return [c.entity for c in decision.changes if isinstance(c, Save) and isinstance(c.entity, kind)]


@covers("XT-26")
def test_what_is_asked_for_counts_when_it_is_approved_and_from_that_day() -> None:
    asked = request_limit(ASKED, has(100), on=DAY)
    assert saved(asked, CreditLine) == []
    later = DAY + timedelta(3)
    done = bring_into_force(ASKED, has(100), on=later)
    (after,) = saved(done, CreditLine)
    now = done.expect()
    assert (after.limit, after.limits[-1].starts_on, after.limits[-1].by) == (yuan(900), later, "qian.qi")
    assert (now.state, now.decided_on) == (LimitRequestState.IN_FORCE, later)
    assert now.number == after.limits[-1].number
    assert limit_on(after.limits, DAY, currency="CNY").amount == yuan(100)


@pytest.mark.parametrize(
    ("kind", "days", "limit"),
    [
        (LimitKind.TEMPORARY, (0, 9), 1000),
        (LimitKind.INSURED, (0, None), 1000),
        (LimitKind.BASE, (5, None), 100),
    ],
)
def test_every_kind_becomes_an_ordinary_limit(
    kind: LimitKind, days: tuple[int, int | None], limit: int
) -> None:
    first, last = days
    ends_on = None if last is None else DAY + timedelta(last)
    asked = evolve(ASKED, kind=kind, starts_on=DAY + timedelta(first), ends_on=ends_on)
    (after,) = saved(bring_into_force(asked, has(100), on=DAY), CreditLine)
    assert after.limit == yuan(limit)
    assert limit_on(after.limits, DAY + timedelta(5), currency="CNY").amount == yuan(max(limit, 900))


def test_a_request_that_does_not_fit_is_refused_and_one_that_no_longer_fits_fails() -> None:
    asked = evolve(ASKED, kind=LimitKind.TEMPORARY, ends_on=DAY + timedelta(9))
    (has_one,) = saved(bring_into_force(asked, has(100), on=DAY), CreditLine)
    assert request_limit(asked, has_one, on=DAY).codes == ("limit.overlap",)
    failed = bring_into_force(asked, has_one, on=DAY)
    assert not failed.reasons
    assert (failed.expect().state, failed.expect().note) == (LimitRequestState.FAILED, "limit.overlap")
    assert saved(failed, CreditLine) == []
    over = bring_into_force(asked, has(100), on=DAY + timedelta(10)).expect()
    assert (over.state, over.note) == (LimitRequestState.FAILED, "limit.dates")
    ended = end_request(asked, LimitRequestState.REJECTED, on=DAY).expect()
    assert (ended.state, ended.decided_on) == (LimitRequestState.REJECTED, DAY)


def test_what_is_signed_is_everything_that_was_asked_for() -> None:
    assert evolve(ASKED, state=LimitRequestState.IN_FORCE, decided_on=DAY, version=3).signed == ASKED.signed
    assert evolve(ASKED, amount=yuan(901)).signed != ASKED.signed
