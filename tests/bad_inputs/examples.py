"""A good example of every command and question, by the name of its class: what bad values are put into."""

from datetime import date
from typing import Any

from pharmacrm.core.credit import SetCreditLimit
from pharmacrm.core.customers import RegisterCustomer
from pharmacrm.core.deliveries import DeadLetters, DropDeadLetters, OutboxQueues, ReplayDeadLetters
from pharmacrm.core.flows.approvals import Inbox, WhoCanAct
from pharmacrm.core.flows.collection import AllocateReceipt, RegisterReceipt, ReverseReceipt, UndoAllocations
from pharmacrm.core.flows.ending import CancelOrder, CloseOrder
from pharmacrm.core.flows.exposure import CreditExposure, PaymentPlan
from pharmacrm.core.flows.holding import PassHold
from pharmacrm.core.flows.placing import AmendOrder, PlaceOrder
from pharmacrm.core.flows.refusals import WhyRefused
from pharmacrm.core.flows.release import ApproveOrder, RejectOrder
from pharmacrm.core.flows.shipping import ConfirmDelivery, IssueSlip, OverdueDeliveries
from pharmacrm.core.flows.timed import ExpireReservation
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.licences import (
    LicenceKind,
    RegisterAuthorisation,
    RegisterLicence,
    ReviewDossier,
    RevokeLicence,
    Verdict,
)
from pharmacrm.core.orders import HoldLot, Line, RegisterLot, ReleaseLot, SlipItem
from pharmacrm.core.people import GrantRight, RegisterStaff, RegisterUnit
from pharmacrm.core.prices import RegisterPrice, RegisterPriceList
from pharmacrm.core.products import Pack, RegisterProduct
from pharmacrm.core.receivables import AgeingReport, Target
from pharmacrm.core.values.trade import CustomerKind, MarketingClass, RxStatus
from pharmacrm.testing.company import WHERE

DAY = date(2026, 2, 3)
BUYER, ORDER = "H-001", "SO-1"
LINE = Line("ATO-20", 20, "1.25")
DELIVERY: dict[str, Any] = {
    "consignee": "陈主任",
    "phone": "021-64041990",
    "address": WHERE,
    "terms": "net 60",
}
PAPER: dict[str, Any] = {"customer": BUYER, "kind": LicenceKind.MEDICAL_INSTITUTION, "number": "N-1"}

_ALL = (
    RegisterStaff(id="new", name="新人", unit="east", manager="li.si", roles=("sales",)),
    RegisterUnit(id="new", name="新部门", parent="east"),
    GrantRight(role="sales", right="AgeingReport"),
    RegisterProduct(
        id="NEW-1",
        generic_name="阿莫西林",
        line="L-1",
        base_unit="片",
        packs=(Pack("盒", 24),),
        category="chemical",
        rx=RxStatus.RX,
        marketing=MarketingClass.GENERIC,
        approval_number="国药准字H20200001",
        approval_valid_until=date(2030, 1, 31),
    ),
    RegisterCustomer(
        id="NEW-1",
        kind=CustomerKind.HOSPITAL,
        name="示例医院",
        address=WHERE,
        contact="陈主任",
        phone="021-64041990",
        price_list="STD",
        owner="zhang.san",
        unit="east",
        parent=BUYER,
    ),
    RegisterLicence(
        **PAPER, holder="示例医院", scope=("western",), issued=date(2025, 2, 3), expires=date(2029, 2, 3)
    ),
    RevokeLicence(**PAPER, reason="吊销"),
    RegisterAuthorisation(
        id="L-1",
        customer=BUYER,
        person="钱采购",
        products=("ATO-20",),
        regions=("上海市",),
        valid_from=DAY,
        valid_to=date(2027, 2, 3),
    ),
    ReviewDossier(customer=BUYER, kind=CustomerKind.HOSPITAL, verdict=Verdict.APPROVE, comment="齐全"),
    RegisterPriceList(id="NEW", name="价目表", currency="CNY", valid_from=DAY, valid_to=date(2027, 2, 3)),
    RegisterPrice(price_list="STD", product="ATO-20", price="1.25", floor="1.00"),
    RegisterLot(product="ATO-20", lot="L2", expires=date(2029, 2, 3)),
    HoldLot(product="ATO-20", lot="L1", reason="召回"),
    ReleaseLot(product="ATO-20", lot="L1", reason="解除"),
    SetCreditLimit(customer=BUYER, limit=Money("1000.00", "CNY"), reason="授信"),
    PlaceOrder(
        id="SO-9", buyer=BUYER, lines=(LINE,), ship_on=DAY, currency="CNY", purchaser="L-1", **DELIVERY
    ),
    AmendOrder(order=ORDER, lines=(LINE,), ship_on=DAY, purchaser="L-1", **DELIVERY),
    ApproveOrder(order=ORDER, stage="lead", seen="0" * 64, comment="同意"),
    RejectOrder(order=ORDER, comment="不同意", stage="lead", seen="0" * 64),
    PassHold(of=ORDER, code="credit.over_limit", reason="同意"),
    IssueSlip(order=ORDER, id="OUT-9", items=(SlipItem(1, "L1", 20, date(2029, 2, 3)),), seen="0" * 64),
    ConfirmDelivery(slip="OUT-1", received_by="王护士", on=DAY),
    CancelOrder(order=ORDER, reason="不要了"),
    CloseOrder(order=ORDER, reason="不再发货"),
    RegisterReceipt(
        id="R-9",
        payer=BUYER,
        payer_name="示例医院",
        amount=Money("5.00", "CNY"),
        value_date=DAY,
        reference="T-1",
    ),
    AllocateReceipt(
        receipt="R-1", targets=(Target("OUT-1/receivable/1", Money("5.00", "CNY")),), order=ORDER
    ),
    UndoAllocations(receipt="R-1", reason="记错"),
    ReverseReceipt(receipt="R-1", reason="退票"),
    ExpireReservation(order=ORDER),
    Inbox(limit=5),
    WhoCanAct(subject=ORDER, person="li.si"),
    WhyRefused(key="k", subject=ORDER, answer="A-1"),
    ReplayDeadLetters(destination="mail", reason="mended"),
    DropDeadLetters(destination="mail", reason="unwanted"),
    DeadLetters(),
    OutboxQueues(),
    CreditExposure(customer=BUYER),
    PaymentPlan(order=ORDER),
    OverdueDeliveries(buyer=BUYER),
    AgeingReport(customer=BUYER, as_of=DAY, currency="CNY"),
)
EXAMPLES: dict[str, Any] = {type(example).__name__: example for example in _ALL}
"""One of each."""
