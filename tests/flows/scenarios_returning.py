"""Scenarios that meet the reason codes of returns and credit notes."""

from attrs import evolve

from pharmacrm.core.flows.collection import ReverseReceipt
from pharmacrm.core.flows.crediting import ApplyCreditNote, IssueCreditNote, ReverseCreditNote
from pharmacrm.core.flows.refunding import PayRefund, UndoRefund
from pharmacrm.core.flows.returning import AcceptReturn, InspectReturn
from pharmacrm.core.flows.undoing import UndoReturn
from pharmacrm.core.kernel.reason import Reason
from pharmacrm.core.orders import ReturnCause, ReturnItem, ReturnVerdict
from pharmacrm.core.receivables import Portion
from pharmacrm.crm import PharmaCRM
from pharmacrm.testing.company import open_account
from tests.flows.house import BUYER, BUYER_NAME, FINANCE, QUALITY, WAREHOUSE, receipt, yuan
from tests.flows.scenarios import after, met
from tests.flows.scenarios_selling import owed


@met(
    "return.exists",
    "return.empty",
    "return.line_unknown",
    "return.lot_mismatch",
    "return.over_quantity",
    "return.inspected",
)
def _(crm: PharmaCRM) -> list[Reason]:
    owed(crm)
    back = AcceptReturn(id="RET-1", slip="OUT-1", items=(ReturnItem(1, 800),), cause=ReturnCause.RECALL)
    seen = InspectReturn(return_order="RET-1", verdict=ReturnVerdict.UNFIT)
    wrong = (ReturnItem(2, 1), ReturnItem(1, 801, "L9"))
    return after(
        crm,
        (evolve(back, items=()), WAREHOUSE),
        (evolve(back, items=wrong), WAREHOUSE),
        (back, WAREHOUSE),
        (back, WAREHOUSE),
        (seen, QUALITY),
        (evolve(seen, verdict=ReturnVerdict.FIT), QUALITY),
    )


@met("return.undone", "return.left_quarantine")
def _(crm: PharmaCRM) -> list[Reason]:
    owed(crm)
    back = AcceptReturn(id="RET-1", slip="OUT-1", items=(ReturnItem(1, 20),), cause=ReturnCause.RECALL)
    undo = UndoReturn(return_order="RET-1", reason="误收")
    return after(
        crm,
        (back, WAREHOUSE),
        (undo, FINANCE),
        (undo, FINANCE),
        (InspectReturn(return_order="RET-1", verdict=ReturnVerdict.FIT), QUALITY),
        (evolve(back, id="RET-2"), WAREHOUSE),
        (InspectReturn(return_order="RET-2", verdict=ReturnVerdict.FIT), QUALITY),
        (evolve(undo, return_order="RET-2"), FINANCE),
    )


@met("refund.exists", "refund.source", "refund.over_account", "refund.undone", "refund.stands")
def _(crm: PharmaCRM) -> list[Reason]:
    paid = PayRefund(id="RF-1", receipt="R-1", amount=yuan(50), payee_name=BUYER_NAME, reason="多付")
    undo = UndoRefund(refund="RF-1", reason="退票")
    return after(
        crm,
        (receipt(crm, "R-1", 100), FINANCE),
        (evolve(paid, receipt=""), FINANCE),
        (evolve(paid, amount=yuan("100.01")), FINANCE),
        (paid, FINANCE),
        (paid, FINANCE),
        (ReverseReceipt(receipt="R-1", reason="退票"), FINANCE),
        (undo, FINANCE),
        (undo, FINANCE),
    )


@met(
    "credit_note.exists",
    "credit_note.unlinked",
    "credit_note.over_slip",
    "credit_note.other_customer",
    "credit_note.over_open",
    "credit_note.over_applied",
    "credit_note.reversed",
    "credit_note.of_return",
)
def _(crm: PharmaCRM) -> list[Reason]:
    open_account(crm, "H-2")
    debt = owed(crm).id
    note = IssueCreditNote(id="CN-1", customer=BUYER, slip="OUT-1", amount=yuan(100), reason="折让")
    back = AcceptReturn(id="RET-1", slip="OUT-1", items=(ReturnItem(1, 20),), cause=ReturnCause.SURPLUS)
    use = ApplyCreditNote(credit_note="CN-1", portions=(Portion(debt, yuan(901)),))
    gone = ReverseCreditNote(credit_note="CN-1", reason="误开")
    return after(
        crm,
        (evolve(note, slip=""), FINANCE),
        (evolve(note, amount=yuan(1001)), FINANCE),
        (evolve(note, customer="H-2"), FINANCE),
        (note, FINANCE),
        (note, FINANCE),
        (use, FINANCE),
        (gone, FINANCE),
        (use, FINANCE),
        (back, WAREHOUSE),
        (evolve(gone, credit_note="RET-1/credit-note"), FINANCE),
    )
