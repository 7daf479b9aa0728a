"""An override holds for one content, up to one amount, until one day, and once."""

from datetime import date, timedelta
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from pharmacrm.core.credit.overrides import (
    CreditOverride,
    OverrideState,
    end_override,
    fitting,
    grant_override,
    misfits,
    overridden,
    request_override,
    use_override,
    wants_override,
)
from pharmacrm.core.credit.reasons import OVER_LIMIT, OVERRIDE_REQUIRED
from pharmacrm.core.kernel.change import Save
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.reason import Severity
from tests.covers import covers
from tests.credit.books import yuan

DAY = date(2026, 11, 21)
GRANTED = CreditOverride(
    id="OV-1",
    order="SO-1",
    customer="H-001",
    content="a" * 64,
    amount=yuan(100),
    expires_on=DAY,
    state=OverrideState.GRANTED,
    requested_by="zhang.san",
    requested_on=DAY,
    reason="重点客户",
    granted_on=DAY,
    version=2,
)


@covers("XT-26")
@pytest.mark.parametrize(
    ("need", "content", "days", "state", "codes"),
    [
        (yuan(100), "a", 0, OverrideState.GRANTED, []),
        (yuan("100.01"), "a", 0, OverrideState.GRANTED, ["override.amount_exceeded"]),
        (Money(1, "USD"), "a", 0, OverrideState.GRANTED, ["override.amount_exceeded"]),
        (yuan(100), "b", 0, OverrideState.GRANTED, ["override.content_changed"]),
        (yuan(100), "a", 1, OverrideState.GRANTED, ["override.expired"]),
        (yuan(100), "a", 0, OverrideState.REQUESTED, ["override.ended"]),
        (yuan(100), "a", 0, OverrideState.USED, ["override.used"]),
        (yuan(100), "a", 0, OverrideState.REJECTED, ["override.ended"]),
        (yuan(100), "a", 0, OverrideState.REVOKED, ["override.ended"]),
        (
            yuan(101),
            "b",
            1,
            OverrideState.USED,
            [
                "override.used",
                "override.content_changed",
                "override.amount_exceeded",
                "override.expired",
            ],
        ),
    ],
)
def test_what_an_override_lets_through(
    need: Money, content: str, days: int, state: OverrideState, codes: list[str]
) -> None:
    found = misfits(evolve(GRANTED, state=state), need, content=content * 64, on=DAY + timedelta(days))
    assert [each.code for each in found] == codes
    assert all(each.severity is Severity.BLOCK for each in found)


def test_the_goods_of_its_reservation_stand_under_it_and_nothing_else_does() -> None:
    used = evolve(GRANTED, state=OverrideState.USED, used_on=DAY)
    where: Any = {"content": "a" * 64, "on": DAY}
    assert fitting([used], yuan(100), **where) is None
    assert fitting([used], yuan(100), again=True, **where) is used
    assert fitting([used], yuan(101), again=True, **where) is None


def test_of_several_the_one_that_ends_first_is_used() -> None:
    later = evolve(GRANTED, id="OV-0", expires_on=DAY + timedelta(1))
    assert fitting([later, GRANTED], yuan(1), content="a" * 64, on=DAY) is GRANTED
    assert fitting([later, GRANTED], yuan(1), content="a" * 64, on=DAY + timedelta(1)) is later


def test_only_what_an_override_was_wanted_for_is_passed() -> None:
    found = (OVERRIDE_REQUIRED("SO-1"), OVER_LIMIT("SO-1"))
    assert overridden(found, None) == found
    assert {each.code: each.severity for each in overridden(found, GRANTED)} == {
        "credit.override_required": Severity.INFO,
        "credit.over_limit": Severity.APPROVE,
    }
    assert wants_override(found)
    assert not wants_override(overridden(found, GRANTED))
    assert not wants_override([OVER_LIMIT("SO-1")])


def test_its_way_and_that_it_ends_once() -> None:
    asked = evolve(GRANTED, state=OverrideState.REQUESTED, granted_on=None, version=0)
    assert request_override(asked, on=DAY).allowed
    assert request_override(asked, on=DAY + timedelta(1)).codes == ("override.dates",)
    granted = grant_override(asked, on=DAY).expect()
    assert (granted.state, granted.granted_on) == (OverrideState.GRANTED, DAY)
    assert grant_override(granted, on=DAY).changes == ()
    used = use_override(granted, on=DAY).expect()
    assert (used.state, used.used_on) == (OverrideState.USED, DAY)
    revoked = end_override(used, OverrideState.REVOKED, note="撤销").expect()
    assert (revoked.state, revoked.note) == (OverrideState.REVOKED, "撤销")
    assert end_override(revoked, OverrideState.REVOKED).codes == ("override.ended",)
    assert grant_override(revoked, on=DAY).changes == ()


def test_what_is_signed_is_the_content_the_amount_and_the_day_and_not_how_it_stands() -> None:
    asked = evolve(GRANTED, state=OverrideState.REQUESTED, granted_on=None, version=0)
    assert asked.signed == GRANTED.signed
    others: list[dict[str, Any]] = [
        {"content": "b" * 64},
        {"amount": yuan(101)},
        {"expires_on": DAY + timedelta(1)},
        {"order": "SO-2"},
    ]
    assert len({evolve(GRANTED, **other).signed for other in others} | {GRANTED.signed}) == 5


@covers("XT-26")
@given(
    st.integers(0, 200),
    st.sampled_from("ab"),
    st.integers(-3, 3),
    st.sampled_from(OverrideState),
    st.booleans(),
)
def test_law_it_lets_through_exactly_what_it_was_granted_for(
    need: int, content: str, days: int, state: OverrideState, again: bool
) -> None:
    found = misfits(
        evolve(GRANTED, state=state), yuan(need), content=content * 64, on=DAY + timedelta(days), again=again
    )
    live = state is OverrideState.GRANTED or (again and state is OverrideState.USED)
    assert (not found) is (live and need <= 100 and content == "a" and days <= 0)


@covers("XT-26")
@given(st.lists(st.sampled_from(["grant", "use", "reject", "revoke"]), max_size=6))
def test_law_an_override_is_used_at_most_once(deeds: list[str]) -> None:
    """Used only where it fits: whatever is asked in between."""
    now = evolve(GRANTED, state=OverrideState.REQUESTED, granted_on=None)
    uses = 0
    for deed in deeds:
        if deed == "grant":
            decision = grant_override(now, on=DAY)
        elif deed == "use":
            if misfits(now, yuan(100), content="a" * 64, on=DAY):
                continue
            decision = use_override(now, on=DAY)
            uses += 1
        else:
            end = OverrideState.REVOKED if deed == "revoke" else OverrideState.REJECTED
            decision = end_override(now, end)
        for change in decision.changes:
            if isinstance(change, Save) and isinstance(change.entity, CreditOverride):
                now = change.entity
    assert uses <= 1
    assert uses == 0 or now.used_on == DAY
