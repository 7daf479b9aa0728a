"""The story of what is sold: people, goods, customers, an order from its submission to the money."""

from datetime import timedelta

from pharmacrm.core.credit import SetCreditLimit
from pharmacrm.core.customers import RegisterCustomer
from pharmacrm.core.flows.collection import AllocateReceipt, RegisterReceipt, ReverseReceipt, UndoAllocations
from pharmacrm.core.flows.ending import CancelOrder, CloseOrder
from pharmacrm.core.flows.holding import PassHold
from pharmacrm.core.flows.placing import AmendOrder
from pharmacrm.core.flows.release import ApproveOrder, RejectOrder
from pharmacrm.core.flows.reopening import ReopenOrder
from pharmacrm.core.flows.shipping import ConfirmDelivery, IssueSlip
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.office import OfficeHours
from pharmacrm.core.licences import (
    LicenceKind,
    RegisterAuthorisation,
    RegisterLicence,
    ReviewDossier,
    RevokeLicence,
    Verdict,
)
from pharmacrm.core.orders import HoldLot, RegisterLot, ReleaseLot, SlipItem
from pharmacrm.core.people import GrantRight, RegisterStaff, RegisterUnit, SetOfficeHours
from pharmacrm.core.prices import RegisterPrice, RegisterPriceList
from pharmacrm.core.values.trade import CustomerKind
from pharmacrm.crm import PharmaCRM
from pharmacrm.testing.company import ADMIN, SIGNERS, WHERE, a_product, an_order
from pharmacrm.testing.story.steps import (
    FINANCE,
    LEAD,
    QUALITY,
    SALES,
    WAREHOUSE,
    Step,
    day,
    said,
)


def _paper(crm: PharmaCRM) -> RegisterLicence:
    kind, expires = LicenceKind.MEDICAL_INSTITUTION, day(crm) + timedelta(days=900)
    return RegisterLicence(customer="H-002", kind=kind, number="N-1", expires=expires)


def _letter(crm: PharmaCRM) -> RegisterAuthorisation:
    return RegisterAuthorisation(
        id="LOA-1",
        customer="H-002",
        person="陈主任",
        products=("*",),
        regions=("*",),
        valid_from=day(crm),
        valid_to=day(crm) + timedelta(days=300),
    )


def _receipt(crm: PharmaCRM) -> RegisterReceipt:
    return RegisterReceipt(
        id="R-1", payer="H-001", payer_name="示例医院H-001", amount=Money("20", "CNY"), value_date=day(crm)
    )


def _amended(_: PharmaCRM) -> AmendOrder:
    new = an_order("SO-1", quantity=800)
    return AmendOrder(
        order="SO-1",
        consignee=new.consignee,
        phone=new.phone,
        address=new.address,
        terms=new.terms,
        lines=new.lines,
    )


_SECOND = RegisterCustomer(
    id="H-002", kind=CustomerKind.HOSPITAL, name="示例医院H-002", address=WHERE, price_list="STD"
)
_FIRST_SIGNER, *_OTHERS, _LAST_SIGNER = SIGNERS
_SIGNED = [(signer, ApproveOrder(order="SO-1")) for signer in _OTHERS]

SELLING: tuple[Step, ...] = (
    said(ADMIN, RegisterUnit(id="west", name="华西大区")),
    said(ADMIN, RegisterStaff(id="wu.shi", name="吴十", unit="west", roles=("sales",))),
    said(ADMIN, GrantRight(role="sales", right="AgeingReport")),
    said(ADMIN, SetOfficeHours(hours=(OfficeHours("09:00", "12:00"), OfficeHours("13:00", "18:00")))),
    said(ADMIN, a_product("IBU-200", 9)),
    Step(ADMIN, lambda crm: RegisterPriceList(id="P-2", name="二", currency="CNY", valid_from=day(crm))),
    said(ADMIN, RegisterPrice(price_list="P-2", product="IBU-200", price="0.25")),
    Step(WAREHOUSE, lambda crm: RegisterLot(product="IBU-200", lot="L1", expires=day(crm) + timedelta(700))),
    said(QUALITY, HoldLot(product="IBU-200", lot="L1", reason="召回")),
    said(QUALITY, ReleaseLot(product="IBU-200", lot="L1", reason="解除")),
    said(ADMIN, _SECOND),
    Step(QUALITY, _paper),
    Step(QUALITY, _letter),
    said(
        QUALITY,
        RevokeLicence(customer="H-002", kind=LicenceKind.MEDICAL_INSTITUTION, number="N-1", reason="吊销"),
    ),
    said(
        QUALITY,
        ReviewDossier(
            customer="H-001", kind=CustomerKind.HOSPITAL, verdict=Verdict.APPROVE, comment="年度复审"
        ),
    ),
    said(FINANCE, SetCreditLimit(customer="H-001", limit=Money("5000", "CNY"), reason="年度授信")),
    said(SALES, an_order("SO-1", lines=3)),
    Step(SALES, _amended),
    said(_FIRST_SIGNER, ApproveOrder(order="SO-1")),
    said(_LAST_SIGNER, ApproveOrder(order="SO-1"), *_SIGNED),
    said(WAREHOUSE, IssueSlip(order="SO-1", id="OUT-1", items=(SlipItem(1, "L1", 600),))),
    said(WAREHOUSE, ConfirmDelivery(slip="OUT-1", received_by="王护士")),
    Step(FINANCE, _receipt),
    said(FINANCE, AllocateReceipt(receipt="R-1")),
    said(FINANCE, UndoAllocations(receipt="R-1", reason="记错")),
    said(FINANCE, ReverseReceipt(receipt="R-1", reason="退票"), (FINANCE, AllocateReceipt(receipt="R-1"))),
    said(LEAD, CloseOrder(order="SO-1", reason="余下不要")),
    said(LEAD, ReopenOrder(order="SO-1", reason="客户又要")),
    said(SALES, an_order("SO-2", quantity=200_000)),  # held: over the limit
    said(FINANCE, PassHold(of="SO-2", code="credit.over_limit", reason="老客户")),
    said(_FIRST_SIGNER, RejectOrder(order="SO-2", comment="不同意")),
    said(SALES, CancelOrder(order="SO-3"), (SALES, an_order("SO-3"))),
)
