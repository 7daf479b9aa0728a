"""Scenarios that meet the reason codes of bank acceptance bills."""

from datetime import date, timedelta
from typing import Any

from attrs import evolve

from pharmacrm.core.flows.bills import CollectBill, DiscountBill, EndorseBill, ReceiveBill
from pharmacrm.core.flows.collection import ReverseReceipt
from pharmacrm.core.kernel.reason import Reason
from pharmacrm.core.values.trade import PaymentMethod
from pharmacrm.crm import PharmaCRM
from tests.flows.house import BUYER, FINANCE, pass_days, receipt, today, yuan
from tests.flows.scenarios import after, met


def a_bill(crm: PharmaCRM, id: str = "B-1", yuan_: int = 1000, **more: Any) -> ReceiveBill:
    fields: dict[str, Any] = {
        "payer_name": f"示例医院{BUYER}",
        "acceptor": "示例银行",
        "issued_on": today(crm),
        "matures_on": today(crm) + timedelta(days=90),
    }
    return ReceiveBill(id=id, payer=BUYER, amount=yuan(yuan_), **(fields | more))


@met(
    "bill.exists",
    "bill.dates_reversed",
    "bill.term_long",
    "bill.matured",
    "bill.not_due",
    "bill.state",
    "bill.charge",
    "receipt.of_bill",
    "receipt.is_bill",
)
def _(crm: PharmaCRM) -> list[Reason]:
    bill = a_bill(crm)
    late = a_bill(crm, "B-2", issued_on=date(2020, 1, 1), matures_on=date(2020, 9, 1))
    found = after(
        crm,
        (evolve(bill, matures_on=today(crm)), FINANCE),
        (bill, FINANCE),
        (bill, FINANCE),
        (late, FINANCE),
        (CollectBill(bill="B-1"), FINANCE),
        (DiscountBill(bill="B-1", bank="示例银行", charge=yuan(1000)), FINANCE),
        (receipt(crm, "B-1", 5), FINANCE),
        (ReverseReceipt(receipt="B-1", reason="退票"), FINANCE),
        (receipt(crm, "R-9", 5, method=PaymentMethod.BANK_ACCEPTANCE), FINANCE),
    )
    pass_days(crm, 90)
    gone = EndorseBill(bill="B-1", endorsee="示例供应商")
    return [*found, *after(crm, (CollectBill(bill="B-1"), FINANCE), (gone, FINANCE))]
