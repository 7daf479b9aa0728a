"""Reminders through the door: an order from a week before its due date to a month after it (XT-24)."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from pharmacrm.core.flows.collection import AllocateReceipt
from pharmacrm.core.flows.ending import CancelOrder
from pharmacrm.core.flows.release import ApproveOrder
from pharmacrm.core.kernel.query import eq
from pharmacrm.core.licences import LicenceKind, RegisterLicence
from pharmacrm.core.receivables import Instalment
from pharmacrm.core.reminders import (
    Reminder,
    ReminderKind,
    ReminderMark,
    ReminderPlans,
    SetReminderPlan,
)
from pharmacrm.crm import PharmaCRM, SimulatedClock
from tests.covers import covers
from tests.flows.companies import closed, company_on, founded
from tests.flows.house import (
    ADMIN,
    ASSISTANT,
    BUYER,
    FINANCE,
    QUALITY,
    SALES,
    WAREHOUSE,
    open_house,
    pass_days,
    receipt,
    released,
    slip,
    today,
    worth,
)
from tests.flows.scenarios import customer, hired
from tests.tasks.test_through_the_door import Told

__all__ = ["closed", "company_on", "founded"]


def shipped(crm: PharmaCRM, order: str = "SO-1", terms: str = "net 60") -> date:
    """An order that is released and shipped today; the day on which it is to be paid."""
    released(crm, order, 100, terms=terms)
    crm.do(slip(order, f"OUT-{order}", 80), actor=WAREHOUSE).expect()
    (part,) = crm.find(Instalment, eq("settled", value=False), actor=FINANCE)
    return part.due


def run_until(crm: PharmaCRM, last: date) -> list[tuple[date, int]]:
    """Call run_due three times a day; the days on which something was sent."""
    sent = []
    while today(crm) < last:
        pass_days(crm, 1)
        counts = [crm.run_due().reminded for _ in range(3)]
        assert counts[1:] == [0, 0]
        if counts[0]:
            sent.append((today(crm), counts[0]))
    return sent


def at_nine(crm: PharmaCRM, day: date) -> None:
    assert isinstance(crm.clock, SimulatedClock)
    crm.clock.move_to(datetime.fromisoformat(f"{day}T01:00:00+00:00"))


def reminders(crm: PharmaCRM, kind: ReminderKind = ReminderKind.INSTALMENT) -> list[tuple[int, bool]]:
    found = crm.find(Reminder, eq("kind", kind), actor=ADMIN)
    return sorted((each.moment, each.sent) for each in found)


@covers("XT-24")
@pytest.mark.parametrize("kind", ["memory", "sqlite", "postgresql"])
def test_an_order_from_a_week_before_its_due_date_to_a_month_after(
    kind: str, company_on: Callable[..., PharmaCRM]
) -> None:
    crm = company_on(kind)
    due = shipped(crm)
    sent = run_until(crm, due + timedelta(days=33))
    assert reminders(crm) == [(each, True) for each in (-7, -3, 0, 1, 7, 30)]
    days = [(day - due).days for day, _ in sent]
    assert len(days) == 6
    assert days[:3] <= [-7, -3, 0]
    assert all(day >= 1 for day in days[3:])
    assert all(day.isoweekday() < 6 for day, _ in sent)


@covers("XT-24")
def test_payment_in_between_ends_the_reminders() -> None:
    told = Told()
    crm = open_house(plugins=[told])
    due = shipped(crm)
    run_until(crm, due + timedelta(days=4))
    before = len(reminders(crm))
    crm.do(receipt(crm, "R-1", "100.00"), actor=FINANCE).expect()
    crm.do(AllocateReceipt(receipt="R-1"), actor=FINANCE).expect()
    assert run_until(crm, due + timedelta(days=40)) == []
    assert len(reminders(crm)) == before == 4
    notices = told.of(crm, "ReminderDue")
    assert {(each["role"], each["person"]) for each in notices} == {("finance", ""), ("", SALES)}
    assert [each["moment"] for each in notices if each["role"]] == [-7, -3, 0, 1]
    assert {each["amount"] for each in notices} == {"100.00 CNY"}
    assert {each["subject"] for each in notices} == {"SO-1"}


@covers("XT-24")
def test_after_a_pause_the_newest_alone_is_told() -> None:
    told = Told()
    crm = open_house(plugins=[told])
    due = shipped(crm)
    at_nine(crm, due + timedelta(days=3))
    assert [crm.run_due().reminded for _ in range(2)] == [1, 0]
    assert reminders(crm) == [(-7, False), (-3, False), (0, False), (1, True)]
    assert len(told.of(crm, "ReminderDue")) == 2  # finance and the requester


def test_a_moment_before_the_cause_never_was() -> None:
    crm = open_house()
    due = shipped(crm, terms="net 5")
    run_until(crm, due + timedelta(days=1))
    assert next(moment for moment, _ in reminders(crm)) == -3


def test_nothing_is_sent_at_night_or_on_days_off() -> None:
    crm = open_house()
    due = shipped(crm)
    clock = crm.clock
    assert isinstance(clock, SimulatedClock)
    at_nine(crm, due - timedelta(days=7))
    clock.advance(timedelta(hours=9, minutes=1))
    assert crm.run_due().reminded == 0
    assert crm.find(ReminderMark, eq("id", "instalment"), actor=ADMIN) == []


@covers("R-11")
def test_a_filed_representative_owns_no_reminder_of_money() -> None:
    told = Told()
    crm = open_house(plugins=[told])
    crm.do(hired("rep", "medrep"), actor=ADMIN).expect()
    crm.do(customer(owner="rep"), actor=ADMIN).expect()
    due = shipped(crm)
    run_until(crm, due)
    persons = {each["person"] for each in told.of(crm, "ReminderDue") if each["kind"] == "instalment"}
    assert persons == {"", SALES}


def test_a_plan_of_ones_own_counts() -> None:
    crm = open_house()
    plan = SetReminderPlan(kind=ReminderKind.INSTALMENT, moments=(2,), every=5)
    crm.do(plan, actor=ADMIN).expect()
    found = {each.id: each.moments for each in crm.ask(ReminderPlans(), actor=SALES)}
    assert found["instalment"] == (2,)
    assert found["licence"] == (-90, -30, -7, 0)
    due = shipped(crm)
    run_until(crm, due + timedelta(days=15))
    assert [moment for moment, _ in reminders(crm)] == [2, 7, 12]
    off = SetReminderPlan(kind=ReminderKind.INSTALMENT, moments=(), active=False)
    crm.do(off, actor=ADMIN).expect()
    assert run_until(crm, due + timedelta(days=40)) == []


def test_approvals_that_wait_are_reminded_of_until_they_are_decided() -> None:
    told = Told()
    crm = open_house(plugins=[told])
    crm.do(worth("SO-1", 100), actor=SALES).expect()
    assert len(run_until(crm, today(crm) + timedelta(days=7))) == 2  # two working days, and two more
    crm.do(ApproveOrder(order="SO-1"), actor=ASSISTANT).expect()
    run_until(crm, today(crm) + timedelta(days=2))
    roles = [each["role"] for each in told.of(crm, "ReminderDue")]
    assert roles == ["assistant", "assistant", "dispatcher"]
    crm.do(CancelOrder(order="SO-1"), actor=SALES).expect()
    assert run_until(crm, today(crm) + timedelta(days=10)) == []


def test_a_hold_is_reminded_of_and_the_signers_are_left_alone() -> None:
    told = Told()
    crm = open_house(plugins=[told], limit="10.00")
    assert crm.do(worth("SO-1", 100), actor=SALES).held
    run_until(crm, today(crm) + timedelta(days=2))
    assert {(each["kind"], each["role"]) for each in told.of(crm, "ReminderDue")} == {("hold", "finance")}


@covers("R-06", "XT-05")
def test_licences_that_expire_are_reminded_of_until_they_are_renewed() -> None:
    told = Told()
    crm = open_house(plugins=[told])
    expires = today(crm) + timedelta(days=100)

    def paper(number: str, until: date) -> dict[str, Any]:
        return {
            "customer": BUYER,
            "kind": LicenceKind.QUALITY_AGREEMENT,
            "number": number,
            "expires": until,
        }

    first = RegisterLicence(**paper("QUALITY_AGREEMENT-1", expires))
    crm.do(first, actor=QUALITY).expect()
    run_until(crm, expires - timedelta(days=20))
    assert reminders(crm, ReminderKind.LICENCE) == [(-90, True), (-30, True)]
    assert {each["role"] for each in told.of(crm, "ReminderDue")} == {"quality"}
    second = RegisterLicence(**paper("QA-2", expires + timedelta(days=400)))
    crm.do(second, actor=QUALITY).expect()
    assert run_until(crm, expires + timedelta(days=3)) == []


def test_a_changed_day_has_moments_of_its_own() -> None:
    crm = open_house()
    expires = today(crm) + timedelta(days=100)
    fields: dict[str, Any] = {"customer": BUYER, "kind": LicenceKind.QUALITY_AGREEMENT}
    number = "QUALITY_AGREEMENT-1"
    crm.do(RegisterLicence(**fields, number=number, expires=expires), actor=QUALITY).expect()
    run_until(crm, expires - timedelta(days=80))
    later = expires + timedelta(days=60)
    crm.do(RegisterLicence(**fields, number=number, expires=later), actor=QUALITY).expect()
    run_until(crm, later - timedelta(days=85))
    found = crm.find(Reminder, eq("kind", ReminderKind.LICENCE), actor=ADMIN)
    assert {(each.anchor, each.moment) for each in found} == {(expires, -90), (later, -90)}
