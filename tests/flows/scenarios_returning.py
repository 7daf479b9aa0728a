"""Scenarios that meet the reason codes of returns and credit notes."""

from attrs import evolve

from pharmacrm.core.flows.crediting import ApplyCreditNote, IssueCreditNote, ReverseCreditNote
from pharmacrm.core.flows.returning import AcceptReturn, InspectReturn
from pharmacrm.core.orders import ReturnCause, ReturnItem, ReturnVerdict
from pharmacrm.core.receivables import Portion
from pharmacrm.crm import PharmaCRM
from pharmacrm.testing.company import open_account
from tests.flows.house import BUYER, FINANCE, QUALITY, WAREHOUSE, yuan
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
def _(crm: PharmaCRM) -> list[str]:
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
def _(crm: PharmaCRM) -> list[str]:
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
