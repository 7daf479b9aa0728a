"""Bills in hand are reminded of before they mature, once each, and no longer once they are gone."""

from datetime import timedelta

import pytest

from pharmacrm.core.engines.reminders import Reminder, ReminderKind
from pharmacrm.core.flows.bills import CollectBill, DiscountBill, DishonourBill, EndorseBill
from pharmacrm.core.kernel.query import eq
from pharmacrm.core.reminders import SetReminderPlan
from pharmacrm.crm import PharmaCRM
from tests.covers import covers
from tests.flows.house import ADMIN, FINANCE, open_house, pass_days, today, yuan
from tests.flows.scenarios_bills import a_bill

ENDS = (
    DiscountBill(bill="B-1", bank="示例银行", charge=yuan(1)),
    EndorseBill(bill="B-1", endorsee="示例供应商"),
    DishonourBill(bill="B-1", reason="拒付"),
)


def sent(crm: PharmaCRM) -> list[int]:
    found = crm.find(Reminder, eq("kind", ReminderKind.BILL), actor=ADMIN)
    return sorted(each.moment for each in found if each.sent)


def in_working_time(crm: PharmaCRM, days: int) -> None:
    """Let days pass one by one, with the timed work of each morning done twice."""
    for _ in range(days):
        pass_days(crm, 1)
        crm.run_due()
        crm.run_due()


@covers("XT-24")
def test_a_bill_is_reminded_of_until_the_bank_has_paid() -> None:
    crm = open_house()
    bill = a_bill(crm, matures_on=today(crm) + timedelta(days=20))
    crm.do(bill, actor=FINANCE).expect()
    in_working_time(crm, 9)
    before = sent(crm)
    assert before in ([], [-10])  # a moment on a day off is told on the working day before
    in_working_time(crm, 12)
    assert sent(crm) == [-10, -3, 0]
    crm.do(CollectBill(bill="B-1"), actor=FINANCE).expect()
    in_working_time(crm, 15)
    assert sent(crm) == [-10, -3, 0]


@pytest.mark.parametrize("end", ENDS, ids=lambda end: type(end).__name__)
def test_a_bill_that_is_gone_is_not_reminded_of(end: object) -> None:
    crm = open_house()
    crm.do(a_bill(crm, matures_on=today(crm) + timedelta(days=20)), actor=FINANCE).expect()
    pass_days(crm, 1)
    crm.do(end, actor=FINANCE).expect()  # type: ignore[arg-type] # one of ENDS
    in_working_time(crm, 30)
    assert sent(crm) == []


def test_the_days_before_it_are_the_tenant_s() -> None:
    crm = open_house()
    plan = SetReminderPlan(kind=ReminderKind.BILL, moments=(-5,))
    crm.do(plan, actor=ADMIN).expect()
    crm.do(a_bill(crm, matures_on=today(crm) + timedelta(days=20)), actor=FINANCE).expect()
    in_working_time(crm, 40)
    assert sent(crm) == [-5]
