"""Golden numbers of the trade, end to end: through the door, on each database, to the cent and to the day."""

from datetime import date

import pytest

from pharmacrm.core.credit.parts import ExposureKind
from pharmacrm.core.flows.exposure import CreditExposure, PaymentPlan
from pharmacrm.core.kernel.decision import Outcome
from pharmacrm.core.orders import Line, OrderState, OutboundSlip, SalesOrder
from pharmacrm.core.prices import RegisterPrice
from pharmacrm.core.receivables import AgeingReport, Instalment
from pharmacrm.crm import PharmaCRM, SimulatedClock
from pharmacrm.testing.company import found_company, release
from tests.covers import covers
from tests.flows.house import (
    BUYER,
    FINANCE,
    SALES,
    WAREHOUSE,
    entities,
    open_house,
    opened,
    placed,
    receipt,
    released,
    slip,
    worth,
    yuan,
)
from tests.flows.scenarios_invoicing import an_invoice, billed


@covers("XT-26")
def test_exposure_425000_and_an_order_of_80000_are_5000_short_of_500000(any_url: str) -> None:
    crm = open_house(any_url, limit="500000.00")
    for id, amount in (("SO-1", 30_000), ("SO-2", 320_000)):
        released(crm, id, amount)
        crm.do(slip(id, f"OUT-{id}", amount * 4 // 5), actor=WAREHOUSE).expect()
    invoiced = billed(256_000, yuan(320_000), slip="OUT-SO-2")
    crm.do(an_invoice(crm, "F-1", invoiced), actor=FINANCE).expect()
    placed(crm, "SO-3", 90_000)
    crm.do(receipt(crm, "R-1", 15_000), actor=FINANCE).expect()

    exposure = crm.ask(CreditExposure(customer=BUYER), actor=FINANCE)
    counted = {part.kind: part.amount for part in exposure.parts if part.counted}
    assert counted == {
        ExposureKind.OPEN_ORDERS: yuan(90_000),
        ExposureKind.UNBILLED: yuan(30_000),
        ExposureKind.RECEIVABLE: yuan(320_000),
        ExposureKind.UNAPPLIED: yuan(-15_000),
    }
    assert (exposure.total, exposure.headroom) == (yuan(425_000), yuan(75_000))
    assert exposure.short(yuan(80_000)) == yuan(5_000)

    answer = crm.do(worth("SO-4", 80_000), actor=SALES)
    assert (answer.outcome, answer.codes) == (Outcome.HELD, ("credit.over_limit",))
    assert answer.reasons[0].observed == "CNY 505,000.00 (short CNY 5,000.00)"
    assert answer.reasons[0].expected == "CNY 500,000.00"
    assert crm.do(worth("SO-5", 75_000), actor=SALES).allowed


def on(day: str) -> PharmaCRM:
    """A company as of a day."""
    crm = opened(clock=SimulatedClock(f"{day}T01:00:00Z"))
    found_company(crm)
    return crm


def dues(crm: PharmaCRM) -> list[date]:
    return sorted(part.due for part in entities(crm, Instalment))


@covers("XT-24", "XT-25")
@pytest.mark.parametrize(
    ("terms", "due"),
    [
        ("net 30", "2026-03-02"),
        ("end of month + 30", "2026-03-02"),
        ("day 15 of next month", "2026-02-15"),
    ],
)
def test_terms_from_31_january_2026(terms: str, due: str) -> None:
    """Golden dates are calendar days; the schedule then rolls over days off, of which these have one."""
    crm = on("2026-01-31")
    released(crm, "SO-1", 1000, terms=terms)
    crm.do(slip("SO-1", "OUT-1", 800), actor=WAREHOUSE).expect()
    wanted = date.fromisoformat(due)
    assert dues(crm) == [wanted if wanted.weekday() < 5 else date(2026, 2, 16)]


@covers("XT-24", "XT-25")
def test_three_monthly_instalments_are_anchored_and_sum_to_10000() -> None:
    crm = on("2026-01-31")
    released(crm, "SO-1", 10_000, terms="3 monthly")
    crm.do(slip("SO-1", "OUT-1", 8000), actor=WAREHOUSE).expect()
    parts = sorted(entities(crm, Instalment), key=lambda part: part.due)
    assert [part.amount for part in parts] == [yuan("3333.34"), yuan("3333.33"), yuan("3333.33")]
    assert [part.due for part in parts] == [
        date(2026, 3, 2),  # 28 February is a Saturday
        date(2026, 3, 31),
        date(2026, 4, 30),
    ]


@covers("XT-09", "XT-25")
def test_five_cents_in_three_slips_sum_exactly(any_url: str) -> None:
    crm = open_house(any_url)
    lines = (Line("ATO-20", 3, "0.0166"),)
    crm.do(RegisterPrice(price_list="STD", product="ATO-20", price="0.0166"), actor="admin").expect()
    crm.do(worth("SO-1", 0, lines=lines), actor=SALES).expect()
    release(crm, "SO-1")
    assert crm.get(SalesOrder, "SO-1", actor=SALES).total == yuan("0.05")
    for number in (1, 2, 3):
        crm.do(slip("SO-1", f"OUT-{number}", 1), actor=WAREHOUSE).expect()
    slips = entities(crm, OutboundSlip)
    assert sorted(str(each.amount) for each in slips) == ["CNY 0.01", "CNY 0.02", "CNY 0.02"]
    assert crm.get(SalesOrder, "SO-1", actor=SALES).state is OrderState.SHIPPED
    assert sum(part.amount.minor for part in entities(crm, Instalment)) == 5


@covers("XT-04")
def test_a_price_of_six_decimals_rounds_once_per_line() -> None:
    crm = open_house()
    order = crm.do(worth("SO-1", 0, lines=(Line("AMX-500", 200, "0.0363"),)), actor=SALES).expect()
    assert order.total == yuan("7.26")
    assert (order.net, order.tax) == (yuan("6.42"), yuan("0.84"))


@covers("XT-25")
@pytest.mark.parametrize(("lower_inclusive", "bucket"), [(False, "1-30"), (True, "30-59")])
def test_30_days_overdue_lies_in_1_to_30_unless_edges_say_otherwise(
    lower_inclusive: bool, bucket: str
) -> None:
    """On 21 November 2026, an item due on 22 October 2026."""
    crm = on("2026-10-07")
    released(crm, "SO-1", 1000, terms="net 15")
    crm.do(slip("SO-1", "OUT-1", 800), actor=WAREHOUSE).expect()
    assert dues(crm) == [date(2026, 10, 22)]
    clock = crm.clock
    assert isinstance(clock, SimulatedClock)
    clock.move_to("2026-11-21T02:00:00Z")
    report = crm.ask(AgeingReport(lower_inclusive=lower_inclusive), actor=FINANCE)
    filled = [each for each in report.buckets if each.amount]
    assert [each.amount for each in filled] == [yuan(1000)]
    assert filled[0].label == bucket


@covers("XT-24", "XT-25")
def test_the_plan_of_an_order_is_what_its_slips_open() -> None:
    crm = on("2026-01-31")
    placed(crm, "SO-1", 10_000, terms="30% prepaid, rest net 60")
    plan = crm.ask(PaymentPlan(order="SO-1"), actor=SALES)
    assert sum(part.amount.minor for part in plan.instalments) == 1_000_000
    assert [(part.kind.value, part.amount) for part in plan.instalments] == [
        ("prepay", yuan(3000)),
        ("credit", yuan(7000)),
    ]
    assert plan.instalments[1].due == date(2026, 4, 1)
