"""Arrival is confirmed once, and missed after its day."""

from datetime import date, timedelta

import pytest
from attrs import evolve

from pharmacrm.core.kernel.reason import Severity
from pharmacrm.core.orders.delivery import check_delivery, confirm_delivery, overdue_deliveries
from pharmacrm.core.orders.events import DeliveryConfirmed
from pharmacrm.core.orders.values import Line, SlipItem
from tests.covers import covers
from tests.orders.builders import DAY, FACTS, order_of, ship

ORDER, LINES = order_of(Line("AMX", 10, "1"))
SLIP = ship(ORDER, LINES, [SlipItem(1, "L1", 10)], facts=evolve(FACTS, confirm_delivery=True)).expect()


@covers("R-31")
def test_arrival_is_confirmed_by_whoever_received():
    decision = confirm_delivery(SLIP, "李四", DAY)
    assert (decision.expect().received_by, decision.expect().delivered_on) == ("李四", DAY)
    assert decision.events == (DeliveryConfirmed(subject="OUT-1", order="SO-1", buyer="H-001"),)


@pytest.mark.parametrize(
    ("by", "on", "codes"),
    [
        ("李四", DAY - timedelta(1), ("delivery.too_early",)),
        (" ", DAY, ("receiver.missing",)),
        ("", DAY - timedelta(1), ("delivery.too_early", "receiver.missing")),
    ],
)
def test_what_cannot_be_is_refused(by, on, codes):
    assert confirm_delivery(SLIP, by, on).codes == codes


def test_saying_it_twice_is_saying_it_once():
    confirmed = confirm_delivery(SLIP, "李四", DAY).expect()
    again = confirm_delivery(confirmed, "李四", DAY)
    assert (again.allowed, again.changes, again.events, again.codes) == (
        True,
        (),
        (),
        ("delivery.confirmed",),
    )
    other = confirm_delivery(confirmed, "王五", DAY)
    assert other.codes == ("delivery.differs",)
    assert "王五" not in other.explain()


@covers("R-31")
@pytest.mark.parametrize(("on", "late"), [(date(2026, 11, 28), False), (date(2026, 11, 29), True)])
def test_the_last_day_itself_is_in_time(on, late):
    reasons = check_delivery(SLIP, on=on)
    assert [(reason.code, reason.severity) for reason in reasons] == (
        [("delivery.unconfirmed", Severity.WARN)] if late else []
    )


def test_the_longest_overdue_comes_first_and_confirmed_ones_not_at_all():
    later = evolve(SLIP, id="OUT-2", confirm_by=date(2026, 11, 25))
    done = evolve(SLIP, id="OUT-3", delivered_on=DAY)
    free = evolve(SLIP, id="OUT-4", confirm_by=None)
    assert overdue_deliveries([SLIP, later, done, free], on=date(2026, 12, 31)) == (later, SLIP)
