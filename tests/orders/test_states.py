"""Every way of an order is in the table, and no other is possible."""

import pytest
from attrs import evolve

from pharmacrm.core.kernel.change import Remove, Save
from pharmacrm.core.orders import events, states
from pharmacrm.core.orders.model import OrderState
from pharmacrm.core.orders.states import TRANSITIONS, amend, become, may_become, reopen
from pharmacrm.core.orders.values import Line
from tests.covers import covers
from tests.orders.builders import head, order_of

S = OrderState
ALLOWED = {
    (S.SUBMITTED, S.SUBMITTED), (S.SUBMITTED, S.IN_APPROVAL), (S.SUBMITTED, S.RELEASED),
    (S.SUBMITTED, S.REJECTED), (S.SUBMITTED, S.WITHDRAWN), (S.SUBMITTED, S.CANCELLED),
    (S.IN_APPROVAL, S.SUBMITTED), (S.IN_APPROVAL, S.RELEASED), (S.IN_APPROVAL, S.REJECTED),
    (S.IN_APPROVAL, S.WITHDRAWN), (S.IN_APPROVAL, S.CANCELLED),
    (S.RELEASED, S.SUBMITTED), (S.RELEASED, S.PART_SHIPPED), (S.RELEASED, S.SHIPPED), (S.RELEASED, S.CLOSED),
    (S.RELEASED, S.CANCELLED),
    (S.PART_SHIPPED, S.PART_SHIPPED), (S.PART_SHIPPED, S.SHIPPED), (S.PART_SHIPPED, S.CLOSED),
    (S.SHIPPED, S.CLOSED),
    (S.REJECTED, S.SUBMITTED), (S.REJECTED, S.CANCELLED),
    (S.WITHDRAWN, S.SUBMITTED), (S.WITHDRAWN, S.CANCELLED),
}  # fmt: skip


@covers("XT-03")
@pytest.mark.parametrize("wanted", S)
@pytest.mark.parametrize("state", S)
def test_the_table_of_transitions(state, wanted):
    order, _ = order_of(Line("A", 1, "1"), state=state)
    decision = become(order, wanted)
    if (state, wanted) in ALLOWED:
        assert decision.allowed
        assert decision.expect().state is wanted
    else:
        assert decision.codes == ("order.state",)
        assert decision.changes == ()
        assert decision.reasons[0].observed == state
        assert decision.reasons[0].expected == wanted


def test_every_state_has_a_row():
    assert set(TRANSITIONS) == set(S)


def test_out_of_closed_leads_reopening_alone():  # frappe/erpnext#33967
    order, lines = order_of(Line("A", 5, "1"), state=S.CLOSED)
    assert all(may_become(order, wanted) for wanted in S)
    told = events.OrderReopened(subject="SO-1", buyer="H-001")
    for shipped, back in ((0, S.RELEASED), (2, S.PART_SHIPPED)):
        decision = reopen(order, [evolve(line, shipped=shipped) for line in lines], "客户又要")
        opened = decision.expect()
        assert (opened.state, opened.state_reason, decision.events) == (back, "客户又要", (told,))
    assert reopen(order, [evolve(line, shipped=5) for line in lines], "客户又要").codes == (
        "order.nothing_left",
    )


@pytest.mark.parametrize("state", sorted(set(S) - {S.CLOSED}))
def test_only_a_closed_order_is_reopened(state):
    order, lines = order_of(Line("A", 5, "1"), state=state)
    (reason,) = reopen(order, lines, "客户又要").reasons
    assert (reason.code, reason.observed, reason.expected) == ("order.state", state, S.RELEASED)


@pytest.mark.parametrize(
    ("step", "state", "after", "event"),
    [
        (states.release, S.IN_APPROVAL, S.RELEASED, events.OrderReleased),
        (states.reject, S.IN_APPROVAL, S.REJECTED, events.OrderRejected),
        (states.withdraw, S.IN_APPROVAL, S.WITHDRAWN, events.OrderWithdrawn),
        (states.cancel, S.RELEASED, S.CANCELLED, events.OrderCancelled),
        (states.close, S.PART_SHIPPED, S.CLOSED, events.OrderClosed),
    ],
)
def test_each_step_moves_the_order_and_tells(step, state, after, event):
    order, _ = order_of(Line("A", 1, "1"), state=state)
    decision = step(order)
    assert decision.expect().state is after
    assert decision.events == (event(subject="SO-1", buyer="H-001"),)


def test_approval_starts_quietly():
    order, _ = order_of(Line("A", 1, "1"), state=S.SUBMITTED)
    assert states.start_approval(order).expect().state is S.IN_APPROVAL


def test_submission_stores_order_and_lines():
    order, lines = order_of(Line("A", 1, "1"), Line("B", 2, "3"), state=S.SUBMITTED)
    decision = states.submit(order, lines)
    assert [change.entity for change in decision.changes if isinstance(change, Save)] == [order, *lines]
    assert decision.events == (events.OrderSubmitted(subject="SO-1", buyer="H-001"),)


@covers("XT-04")
def test_an_amendment_begins_anew_with_another_revision():
    order, lines = order_of(Line("A", 1, "1"), Line("B", 2, "3"), state=S.RELEASED)
    decision = amend(order, lines, head(id="ignored", phone="1"), [Line("C", 5, "2")])
    amended = decision.expect()
    assert (amended.id, amended.revision, amended.version, amended.state) == ("SO-1", 2, 1, S.SUBMITTED)
    assert str(amended.total) == "CNY 10.00"
    assert Remove(lines[1]) in decision.changes
    assert Remove(lines[0]) not in decision.changes
    assert decision.events == (events.OrderAmended(subject="SO-1", buyer="H-001", revision=2),)


@pytest.mark.parametrize("state", [S.PART_SHIPPED, S.SHIPPED, S.CLOSED, S.CANCELLED])
def test_what_was_shipped_is_not_amended(state):
    order, lines = order_of(Line("A", 1, "1"), state=state)
    assert amend(order, lines, head(), [Line("A", 2, "1")]).codes == ("order.state",)
