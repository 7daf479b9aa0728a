"""The story of an invoice, and of bank acceptance bills: paid, discounted, endorsed, not honoured."""

from pharmacrm.core.flows.accepting import ConfirmAcceptance, StateAccount
from pharmacrm.core.flows.bills import CollectBill, DiscountBill, DishonourBill, EndorseBill, ReceiveBill
from pharmacrm.core.flows.collection import RegisterReceipt
from pharmacrm.core.flows.correcting import CorrectAcceptance
from pharmacrm.core.flows.invoicing import RecordInvoice
from pharmacrm.core.flows.refunding import PayRefund, UndoRefund
from pharmacrm.core.kernel.money import Money, Percentage
from pharmacrm.core.kernel.query import eq
from pharmacrm.core.orders import SlipLine
from pharmacrm.core.receivables import InvoicedLine
from pharmacrm.crm import PharmaCRM
from pharmacrm.testing.story.steps import FINANCE, Make, Step, after, day, said

AMOUNT = Money("20", "CNY")


def a_bill(id: str, days: int = 90) -> Make:
    """A bill of the first hospital that matures so many days later."""

    def make(crm: PharmaCRM) -> ReceiveBill:
        return ReceiveBill(
            id=id,
            payer="H-001",
            payer_name="示例医院H-001",
            acceptor="示例银行",
            amount=AMOUNT,
            issued_on=day(crm, -90),
            matures_on=day(crm, days),
        )

    return make


def _invoice(crm: PharmaCRM) -> RecordInvoice:
    """All that the customer has of the first slip, with the tax that its order names."""
    (line,) = crm.find(SlipLine, eq("slip", "OUT-1"), actor=FINANCE)
    kept = line.quantity - line.returned
    gross = line.amount.share(kept, line.quantity)
    tax = Percentage("13%").included_in(gross)
    lines = (InvoicedLine("OUT-1", line.number, kept, gross - tax, tax),)
    return RecordInvoice(id="04400231", customer="H-001", issued_on=day(crm), lines=lines)


def _overpaid(crm: PharmaCRM) -> RegisterReceipt:
    return RegisterReceipt(
        id="R-7", payer="H-001", payer_name="示例医院H-001", amount=AMOUNT, value_date=day(crm)
    )


def _refund(_: PharmaCRM) -> PayRefund:
    return PayRefund(id="RF-1", receipt="R-7", amount=AMOUNT, payee_name="示例医院H-001", reason="多付")


PAYING: tuple[Step, ...] = (
    Step(FINANCE, _invoice),
    said(FINANCE, ConfirmAcceptance(slip="OUT-1", accepted_by="王护士")),
    said(FINANCE, StateAccount(id="ST-1", customer="H-001", slips=("OUT-1",))),
    said(FINANCE, CorrectAcceptance(id="DC-1", slip="OUT-1", accepted_by="李护士", reason="签收人记错")),
    Step(FINANCE, _refund, after((FINANCE, _overpaid))),
    said(FINANCE, UndoRefund(refund="RF-1", reason="退票")),
    Step(FINANCE, a_bill("B-1")),
    said(FINANCE, DiscountBill(bill="B-1", bank="示例银行", charge=Money("0.50", "CNY"))),
    Step(FINANCE, lambda _: CollectBill(bill="B-2"), after((FINANCE, a_bill("B-2", 0)))),
    Step(FINANCE, lambda _: EndorseBill(bill="B-3", endorsee="示例供应商"), after((FINANCE, a_bill("B-3")))),
    said(FINANCE, DishonourBill(bill="B-3", reason="承兑银行拒付")),
)
