"""Decisions add up: every reason is kept, and nothing is stored when anything blocks."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pharmacrm import Decision, Event, Outcome, Reason, Refused, Severity
from pharmacrm.core.kernel.decision import accept, refuse, tell
from pharmacrm.core.kernel.reason import ReasonCode, in_order
from tests.covers import covers

SEVERITIES = st.sampled_from(Severity)
REASONS = st.lists(
    st.builds(
        Reason,
        code=st.sampled_from(["a.b", "b.c", "c.d"]),
        severity=SEVERITIES,
        subject=st.sampled_from(["", "X"]),
        field=st.sampled_from(["", "f"]),
    ),
    max_size=6,
)


@given(st.lists(REASONS, max_size=4))
@covers("SC-33")
def test_law_every_reason_of_every_part_is_kept_in_order(parts: list[list[Reason]]) -> None:
    told = tell(Event(subject="X"))
    decision = accept("value", *parts, told)
    everything = {reason for part in parts for reason in part}
    assert set(decision.reasons) == everything
    assert list(decision.reasons) == sorted(everything, key=lambda reason: reason.order)
    blocked = any(reason.severity is Severity.BLOCK for reason in everything)
    assert (decision.value is None) == blocked
    assert bool(decision.events) != blocked
    assert (decision.outcome is Outcome.REFUSED) == blocked


@given(REASONS)
def test_law_order_does_not_depend_on_the_order_of_finding(found: Sequence[Reason]) -> None:
    assert in_order(found) == in_order(reversed(found))
    assert in_order((*found, *found)) == in_order(found)


def test_outcomes() -> None:
    hold = Reason(code="a.b", severity=Severity.APPROVE)
    warn = Reason(code="c.d", severity=Severity.WARN)
    assert accept(1).outcome is Outcome.ALLOWED
    assert accept(1, warn).allowed
    held = accept(1, hold, warn)
    assert (held.outcome, held.value, held.codes) == (Outcome.HELD, 1, ("a.b", "c.d"))
    assert held.uncovered == (hold,)
    assert accept(1, held, Decision(covered=(hold,))).uncovered == ()


def test_expect_gives_the_value_or_says_why_not() -> None:
    code = ReasonCode(
        "licence.expired", Severity.BLOCK, "licence {observed} expired", "证照 {observed} 已过期"
    )
    with pytest.raises(Refused) as caught:
        refuse(code("H-1", observed="L-9")).expect()
    assert caught.value.code == "licence.expired"
    assert "licence L-9 expired" in caught.value.message
    assert accept("fine").expect() == "fine"


def test_explain_speaks_both_languages() -> None:
    code = ReasonCode(
        "licence.expired", Severity.BLOCK, "licence {observed} expired", "证照 {observed} 已过期"
    )
    decision = refuse(code("H-1", observed="L-9"))
    assert decision.explain() == "REFUSED\nBLOCK licence.expired: licence L-9 expired"
    assert decision.explain("zh-CN") == "拒绝\n阻断 licence.expired: 证照 L-9 已过期"


def test_observed_text_is_data_and_never_a_template() -> None:
    code = ReasonCode("a.b", Severity.WARN, "saw {observed}", "见 {observed}")
    assert code("X", observed="{subject.__class__}").message == "saw {subject.__class__}"
