"""The analysis of a period, from what was opened, paid and undone."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pharmacrm.core.flows.analysis import CollectionFigures, analyse
from pharmacrm.core.flows.collection import AllocateReceipt, UndoAllocations
from pharmacrm.core.flows.shipping import IssueSlip
from pharmacrm.core.kernel.errors import MalformedInput, NotPermitted
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.orders import SlipItem
from pharmacrm.core.receivables.history import History, net
from pharmacrm.core.receivables.model import (
    SETTLED_BY,
    Adjustment,
    AdjustmentKind,
    Allocation,
    Instalment,
    Settlement,
)
from pharmacrm.core.values.terms import PartKind
from tests.covers import covers
from tests.flows.house import (
    FINANCE,
    SALES,
    WAREHOUSE,
    open_house,
    pass_days,
    receipt,
    released,
    today,
    yuan,
)


def shipped(crm, order, yuan_, terms="net 30"):
    released(crm, order, yuan_, terms=terms)
    items = (SlipItem(1, "L1", yuan_ * 4 // 5),)
    crm.do(IssueSlip(order=order, items=items), actor=WAREHOUSE).expect()


@covers("UF-32", "XT-22")
def test_a_period_through_the_door():
    crm = open_house()
    start = today(crm)
    shipped(crm, "SO-1", 1000)  # due on day 30
    pass_days(crm, 40)
    crm.do(receipt(crm, "R-1", 600), actor=FINANCE).expect()
    crm.do(AllocateReceipt(receipt="R-1"), actor=FINANCE).expect()
    shipped(crm, "SO-2", 500)
    pass_days(crm, 19)
    asked = CollectionFigures(start=start, through=today(crm))
    found = crm.ask(asked, actor=FINANCE)
    assert found.days == 60
    assert (found.opening, found.sales, found.collected) == (yuan(0), yuan(1500), yuan(600))
    assert (found.closing, found.closing_current) == (yuan(900), yuan(500))
    assert (found.other, found.discounts) == (yuan(0), yuan(0))
    assert found.dso.days == Decimal("36.00")
    assert found.best_possible.days == Decimal("20.00")
    assert found.average_delinquent.days == Decimal("16.00")
    assert found.days_late.average == Decimal("10.00")
    assert found.effectiveness.percent == Decimal("60.00")
    crm.do(UndoAllocations(receipt="R-1", reason="记错"), actor=FINANCE).expect()
    assert crm.ask(asked, actor=FINANCE).collected == yuan(0)
    before = CollectionFigures(start=start, through=today(crm) - timedelta(1), customer="H-001")
    assert crm.ask(before, actor=FINANCE).collected == yuan(600)  # the past stays what it was
    assert (
        crm.ask(
            CollectionFigures(start=start, through=today(crm), currency="USD"), actor=FINANCE
        ).count_back.days
        == 0
    )
    with pytest.raises(NotPermitted):
        crm.ask(asked, actor=SALES)


def test_a_period_does_not_end_before_it_starts():
    with pytest.raises(MalformedInput) as error:
        CollectionFigures(start=date(2026, 2, 1), through=date(2026, 1, 31))
    assert (error.value.code, error.value.field) == ("period.empty", "through")


FIRST = date(2026, 1, 1)
moments = st.integers(0, 200).map(lambda days: FIRST + timedelta(days))


@st.composite
def histories(draw):
    """Instalments, each paid, undone and cancelled in part, as days may have it."""

    def money(minor):
        return Money.of_minor(minor, "CNY")

    items: list[Instalment] = []
    settlements: list[Settlement] = []
    untouched: dict[str, Any] = dict.fromkeys(SETTLED_BY[:-1], money(0))
    for number in range(draw(st.integers(0, 5))):
        amount = draw(st.integers(1, 10**9))
        opened = draw(moments)
        left = amount
        for place in range(draw(st.integers(0, 3))):
            part = draw(st.integers(0, left))
            on = opened + timedelta(draw(st.integers(0, 60)))
            wait = draw(st.none() | st.integers(0, 60))
            undone = None if wait is None else on + timedelta(wait)
            discount = draw(st.integers(0, part))
            left -= part
            kind = draw(st.none() | st.sampled_from([AdjustmentKind.CREDIT_NOTE, AdjustmentKind.WRITE_OFF]))
            if kind is not None:
                settlements.append(
                    Adjustment(
                        id=f"W/{number}/{place}",
                        receivable="A",
                        instalment=f"{number}",
                        kind=kind,
                        document="W",
                        amount=money(part),
                        on=on,
                        undone=undone is not None,
                        undone_on=undone,
                    )
                )
                continue
            settlements.append(
                Allocation(
                    id=f"R/{number}/{place}",
                    receipt="R",
                    number=place,
                    receivable="A",
                    instalment=f"{number}",
                    kind=PartKind.CREDIT,
                    amount=money(part - discount),
                    discount=money(discount),
                    on=on,
                    undone=undone is not None,
                    undone_on=undone,
                )
            )
        cancelled = draw(st.integers(0, left))
        items.append(
            Instalment(
                id=f"{number}",
                receivable="A",
                customer="H-001",
                number=1,
                kind=PartKind.CREDIT,
                opened_on=opened,
                due=opened + timedelta(draw(st.integers(0, 60))),
                amount=money(amount),
                **untouched,
                cancelled=money(cancelled),
                cancelled_on=opened + timedelta(70) if cancelled else None,
            )
        )
    return History(items, settlements)


@covers("UF-32")
@given(histories(), moments, st.integers(0, 90))
def test_what_was_there_and_came_is_what_left_and_stays(history, start, days):
    through = start + timedelta(days)
    found = analyse(history, {}, start=start, through=through, currency="CNY")
    gone = sum(
        item.cancelled.minor
        for item in history.items
        if item.cancelled_on is not None and start <= item.cancelled_on <= through
    )
    given_up = sum(net(each, each.amount, start, through).minor for each in history.adjustments)
    assert found.other.minor == gone + given_up
    assert found.closing_current <= found.closing
    assert found.days_late.on_time <= found.days_late.amount
    covered = Money.total((each.covered for each in found.count_back.addends), "CNY")
    assert covered + found.count_back.uncovered == found.closing


@given(histories(), moments, st.integers(0, 90), st.integers(0, 90))
def test_one_period_ends_where_the_next_begins(history, start, one, two):
    middle = start + timedelta(one)
    first = analyse(history, {}, start=start, through=middle, currency="CNY")
    after = middle + timedelta(1)
    second = analyse(history, {}, start=after, through=after + timedelta(two), currency="CNY")
    assert second.opening == first.closing


def test_new_due_dates_are_no_new_sales():
    old = an_item("1", 100, FIRST, rescheduled=100)
    new = an_item("2", 100, FIRST + timedelta(40))
    moved = Adjustment(
        id="X/1",
        receivable="A",
        instalment="1",
        kind=AdjustmentKind.RESCHEDULING,
        document="X",
        amount=yuan(100),
        on=FIRST + timedelta(40),
    )
    history = History([old, new], [moved])
    found = analyse(history, {}, start=FIRST, through=FIRST + timedelta(60), currency="CNY")
    assert (found.sales, found.closing, found.other) == (yuan(100), yuan(100), yuan(0))


def an_item(id, amount, opened, **settled):
    amounts: dict[str, Any] = dict.fromkeys(SETTLED_BY, yuan(0))
    amounts |= {name: yuan(value) for name, value in settled.items()}
    return Instalment(
        id=id,
        receivable="A",
        customer="H-001",
        number=1,
        kind=PartKind.CREDIT,
        opened_on=opened,
        due=opened + timedelta(30),
        amount=yuan(amount),
        **amounts,
    )
