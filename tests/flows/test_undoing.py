"""A return that is undone: slip, debt, credit and invoices are exactly as before it."""

from typing import Any

import pytest
from attrs import evolve, fields

from pharmacrm.core.credit import CreditLine
from pharmacrm.core.flows.collection import AllocateReceipt
from pharmacrm.core.flows.crediting import ApplyCreditNote
from pharmacrm.core.flows.invoicing import BalanceOfOrder
from pharmacrm.core.flows.refunding import PayRefund
from pharmacrm.core.flows.returning import AcceptReturn, InspectReturn
from pharmacrm.core.flows.undoing import UndoReturn
from pharmacrm.core.orders import ReturnCause, ReturnItem, ReturnOrder, ReturnVerdict, SlipLine
from pharmacrm.core.receivables import Instalment, Receivable
from pharmacrm.crm import PharmaCRM
from tests.covers import covers
from tests.flows.house import (
    BUYER_NAME,
    FINANCE,
    LEAD,
    QUALITY,
    WAREHOUSE,
    counters_are_entries,
    entities,
    open_house,
    pass_days,
    receipt,
    released,
    replayed,
    slip,
    yuan,
)
from tests.flows.scenarios_invoicing import an_invoice, billed


def figures(crm: PharmaCRM) -> list[Any]:
    """Every figure of debts, credit and goods, past the versions."""
    counters = ("limit", "reserved", "posted", "paid", "unapplied", "unbilled")
    found: list[Any] = [[getattr(line, name) for name in counters] for line in entities(crm, CreditLine)]
    for kind in (Instalment, SlipLine):
        found += sorted(entities(crm, kind), key=lambda each: each.id)
    debts = sorted(entities(crm, Receivable), key=lambda each: each.id)
    return [
        *found,
        *(evolve(debt, version=0) for debt in debts),
        crm.ask(BalanceOfOrder(order="SO-1"), actor=FINANCE),
    ]


def shipped(crm: PharmaCRM) -> None:
    released(crm, terms="30% net 10, rest net 60")
    crm.do(slip("SO-1", "OUT-1", 800), actor=WAREHOUSE).expect()


def money(crm: PharmaCRM, amount: int) -> None:
    crm.do(receipt(crm, "R-1", amount), actor=FINANCE).expect()
    crm.do(AllocateReceipt(receipt="R-1"), actor=FINANCE).expect()


def back(quantity: int, id: str = "RET-1") -> AcceptReturn:
    return AcceptReturn(id=id, slip="OUT-1", items=(ReturnItem(1, quantity),), cause=ReturnCause.SURPLUS)


UNDO = UndoReturn(return_order="RET-1", reason="误收")


@covers("XT-24", "XT-03")
@pytest.mark.parametrize("returned", [1, 333, 800])
@pytest.mark.parametrize("paid", [0, 450, 1000])
@pytest.mark.parametrize("invoiced", [False, True])
def test_everything_is_as_before_it(returned: int, paid: int, invoiced: bool) -> None:
    crm = open_house()
    shipped(crm)
    if invoiced:
        crm.do(an_invoice(crm, "F-1", billed(800, yuan(1000))), actor=FINANCE).expect()
    if paid:
        money(crm, paid)
    before = figures(crm)
    crm.do(back(returned), actor=WAREHOUSE).expect()
    assert figures(crm) != before
    pass_days(crm, 2)
    undone = crm.do(UNDO, actor=LEAD).expect()
    assert undone.undo_reason == "误收"
    assert figures(crm) == before
    assert crm.do(UNDO, actor=LEAD).codes == ("return.undone",)
    assert figures(crm) == before
    crm.do(back(800, "RET-2"), actor=WAREHOUSE).expect()  # all of it can come back again
    counters_are_entries(crm)
    replayed(crm)


def test_what_its_credit_settled_elsewhere_is_owed_again() -> None:
    crm = open_house()
    shipped(crm)
    money(crm, 1000)
    released(crm, "SO-2")
    crm.do(slip("SO-2", "OUT-2", 800), actor=WAREHOUSE).expect()
    before = figures(crm)
    crm.do(back(400), actor=WAREHOUSE).expect()
    crm.do(ApplyCreditNote(credit_note="RET-1/credit-note"), actor=FINANCE).expect()
    crm.do(UNDO, actor=LEAD).expect()
    assert figures(crm) == before


def test_an_earlier_return_is_undone_and_the_later_one_stays() -> None:
    crm = open_house()
    shipped(crm)
    crm.do(back(100), actor=WAREHOUSE).expect()
    crm.do(back(200, "RET-2"), actor=WAREHOUSE).expect()
    crm.do(UNDO, actor=LEAD).expect()
    (line,) = entities(crm, SlipLine)
    assert line.returned == 200
    assert sum(part.open.minor for part in entities(crm, Instalment)) == 75_000
    crm.do(back(600, "RET-3"), actor=WAREHOUSE).expect()
    assert sum(part.open.minor for part in entities(crm, Instalment)) == 0


def test_what_left_quarantine_or_was_refunded_cannot_be_undone() -> None:
    crm = open_house()
    shipped(crm)
    money(crm, 1000)
    crm.do(back(400), actor=WAREHOUSE).expect()
    paid = PayRefund(
        id="RF-1", credit_note="RET-1/credit-note", amount=yuan(1), payee_name=BUYER_NAME, reason="退货"
    )
    crm.do(paid, actor=FINANCE).expect()
    assert crm.do(UNDO, actor=LEAD).codes == ("refund.stands",)
    seen = InspectReturn(return_order="RET-1", verdict=ReturnVerdict.FIT)
    crm.do(seen, actor=QUALITY).expect()
    assert crm.do(UNDO, actor=LEAD).codes == ("return.left_quarantine",)


def test_an_undone_return_is_not_inspected() -> None:
    crm = open_house()
    shipped(crm)
    crm.do(back(1), actor=WAREHOUSE).expect()
    crm.do(UNDO, actor=LEAD).expect()
    seen = InspectReturn(return_order="RET-1", verdict=ReturnVerdict.FIT)
    assert crm.do(seen, actor=QUALITY).refused
    assert {each.name for each in fields(ReturnOrder)} >= {"undone_on", "undo_reason"}
