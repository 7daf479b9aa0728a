"""Acceptance and statement: what counts from them is assumed first, and dated when they come."""

from datetime import date, datetime, timedelta

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from pharmacrm.core.flows.accepting import ConfirmAcceptance, StateAccount
from pharmacrm.core.flows.collection import AllocateReceipt
from pharmacrm.core.flows.rescheduling import RescheduleDebt
from pharmacrm.core.flows.shipping import ConfirmDelivery
from pharmacrm.core.kernel.decision import save
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.orders import OutboundSlip
from pharmacrm.core.orders.acceptance import confirm_acceptance, state_account
from pharmacrm.core.receivables import Instalment, Rescheduling
from pharmacrm.crm import PharmaCRM, SimulatedClock
from tests.covers import covers
from tests.flows.house import (
    BUYER,
    FINANCE,
    WAREHOUSE,
    credit,
    entities,
    open_house,
    pass_days,
    receipt,
    released,
    replayed,
    slip,
    today,
    yuan,
)


def house() -> PharmaCRM:
    """A company on Monday, 1 June 2026."""
    return open_house(clock=SimulatedClock(datetime.fromisoformat("2026-06-01T09:00:00+08:00")))


def shipped(crm: PharmaCRM, terms: str, order: str = "SO-1") -> None:
    released(crm, order, terms=terms)
    crm.do(slip(order, f"OUT-{order[3:]}", 800), actor=WAREHOUSE).expect()


def dues(crm: PharmaCRM, slip_: str = "OUT-1") -> list[tuple[str, Money]]:
    mine = [part for part in entities(crm, Instalment) if part.receivable == f"{slip_}/receivable"]
    return sorted((str(part.due), part.open) for part in mine if part.open)


def accepted(crm: PharmaCRM, id: str = "OUT-1", on: date | None = None) -> None:
    crm.do(ConfirmAcceptance(slip=id, accepted_by="王护士", on=on), actor=FINANCE).expect()


@covers("XT-24", "XT-25")
def test_terms_from_acceptance_are_dated_by_it() -> None:
    crm = house()
    shipped(crm, "95% net 30 from acceptance, rest retention net 12 months from acceptance")
    assert dues(crm) == [("2026-07-01", yuan(950)), ("2027-06-01", yuan(50))]
    pass_days(crm, 14)
    accepted(crm)
    assert dues(crm) == [("2026-07-15", yuan(950)), ("2027-06-15", yuan(50))]
    (moved,) = entities(crm, Rescheduling)
    assert (moved.id, moved.on, moved.reason) == (
        "OUT-1/dates/acceptance",
        date(2026, 6, 15),
        "acceptance of 2026-06-15",
    )
    accepted(crm)  # once more: nothing happens
    assert len(entities(crm, Rescheduling)) == 1
    assert credit(crm).exposure == yuan(1000)
    replayed(crm)


def test_a_later_event_keeps_what_an_earlier_one_has_dated() -> None:
    crm = house()
    shipped(crm, "50% net 10 from acceptance, rest end of month from statement")
    pass_days(crm, 7)
    accepted(crm)
    assert dues(crm) == [("2026-06-18", yuan(500)), ("2026-06-30", yuan(500))]
    pass_days(crm, 30)
    crm.do(StateAccount(id="ST-1", customer=BUYER), actor=FINANCE).expect()  # 8 July
    assert dues(crm) == [("2026-06-18", yuan(500)), ("2026-07-31", yuan(500))]


def test_a_statement_dates_all_of_its_slips_and_no_other() -> None:
    crm = house()
    for number in (1, 2):
        shipped(crm, "net 10 from month of statement", f"SO-{number}")
    pass_days(crm, 3)
    shipped(crm, "net 10 from month of statement", "SO-3")
    pass_days(crm, 30)
    first = StateAccount(id="ST-1", customer=BUYER, on=date(2026, 6, 3))
    assert crm.do(first, actor=FINANCE).expect().slips == 2
    assert [dues(crm, f"OUT-{n}")[0][0] for n in (1, 2, 3)] == ["2026-07-10"] * 3
    second = StateAccount(id="ST-2", customer=BUYER)
    assert crm.do(second, actor=FINANCE).expect().slips == 1
    assert [dues(crm, f"OUT-{n}")[0][0] for n in (1, 2, 3)] == ["2026-07-10", "2026-07-10", "2026-08-10"]
    stated = {each.id: (each.statement, each.stated_on) for each in entities(crm, OutboundSlip)}
    assert stated["OUT-2"] == ("ST-1", date(2026, 6, 3))
    assert stated["OUT-3"] == ("ST-2", today(crm))


def test_what_was_paid_or_agreed_on_stays() -> None:
    crm = house()
    shipped(crm, "50% net 10 from acceptance, rest net 40 from acceptance")
    crm.do(receipt(crm, "R-1", 700), actor=FINANCE).expect()
    crm.do(AllocateReceipt(receipt="R-1"), actor=FINANCE).expect()
    pass_days(crm, 9)
    accepted(crm)
    assert dues(crm) == [("2026-07-20", yuan(300))]
    shipped(crm, "net 10 from acceptance", "SO-2")
    agreed = RescheduleDebt(id="A-1", receivable="OUT-2/receivable", terms="3 monthly", reason="困难")
    crm.do(agreed, actor=FINANCE).expect()
    before = dues(crm, "OUT-2")
    accepted(crm, "OUT-2")
    assert dues(crm, "OUT-2") == before


def test_goods_are_accepted_after_their_arrival() -> None:
    crm = house()
    shipped(crm, "net 10 from acceptance")
    pass_days(crm, 9)
    arrived = ConfirmDelivery(slip="OUT-1", received_by="王护士", on=today(crm) - timedelta(days=2))
    crm.do(arrived, actor=WAREHOUSE).expect()
    early = ConfirmAcceptance(slip="OUT-1", accepted_by="王护士", on=today(crm) - timedelta(days=3))
    refused = crm.do(early, actor=FINANCE)
    assert [(reason.code, reason.observed, reason.expected) for reason in refused.reasons] == [
        ("acceptance.too_early", "2026-06-07", "2026-06-08")
    ]
    accepted(crm, on=today(crm) - timedelta(days=2))
    assert dues(crm) == [("2026-06-18", yuan(1000))]


SLIP = OutboundSlip(
    id="OUT-1",
    order="SO-1",
    buyer="H-1",
    issued_on=date(2026, 6, 1),
    amount=yuan(5),
    credit=yuan(5),
    signed_by="x",
    digest="",
)
days = st.dates(date(1900, 1, 1), date(2200, 12, 31))


@given(days, days, days)
def test_law_accepted_between_arrival_and_today_and_once(issued: date, on: date, now: date) -> None:
    answer = confirm_acceptance(evolve(SLIP, issued_on=issued), "王护士", on, today=now)
    assert answer.allowed is (issued <= on <= now)
    if answer.value is not None:
        assert confirm_acceptance(answer.value, "王护士", on, today=now).changes == ()
        assert confirm_acceptance(answer.value, "李护士", on, today=now).refused


@pytest.mark.parametrize(
    ("customer", "on", "today_", "codes"),
    [
        ("H-1", "2026-06-01", "2026-06-01", []),
        ("H-1", "2026-05-31", "2026-06-01", ["statement.too_early"]),
        ("H-1", "2026-06-02", "2026-06-01", ["statement.future"]),
        ("H-2", "2026-06-01", "2026-06-01", ["statement.other_customer"]),
    ],
)
def test_a_statement_has_the_slips_of_its_customer_by_its_day(
    customer: str, on: str, today_: str, codes: list[str]
) -> None:
    day, now = date.fromisoformat(on), date.fromisoformat(today_)
    answer = state_account("ST-1", customer, [SLIP], on=day, today=now)
    assert [reason.code for reason in answer.reasons] == codes
    if answer.value is not None:
        stated = evolve(SLIP, stated_on=day, statement="ST-1")
        assert answer.changes == save(answer.value, stated).changes
        again = state_account("ST-2", customer, [stated], on=day, today=now)
        assert again.reasons[0].code == "statement.stated"
