"""Scenarios of the reason codes of purchase orders, their suppliers, and the goods that arrive."""

from datetime import timedelta
from typing import Any

from pharmacrm.core.engines.approval.routes import Act
from pharmacrm.core.flows.procuring import ReceiveGoods, SendPurchaseOrder, SubmitPurchaseOrder
from pharmacrm.core.flows.purchasing import DraftPurchaseOrder, RevisePurchaseOrder
from pharmacrm.core.flows.requests import Decide
from pharmacrm.core.flows.routing import PublishRoute
from pharmacrm.core.kernel.message import Command
from pharmacrm.core.kernel.reason import Reason
from pharmacrm.core.orders import Line, ReceivedItem
from pharmacrm.core.values.trade import CustomerKind
from pharmacrm.crm import PharmaCRM
from pharmacrm.testing.company import open_supplier, purchase_route
from tests.flows.house import ADMIN, BUYER, LEAD, WAREHOUSE, today
from tests.flows.scenarios import after, hired, met, product

BUYING, SUPPLIER = "feng.shi", "S-001"
Said = tuple[Command[Any], str]


def wanted(
    crm: PharmaCRM, id: str = "PO-1", quantity: int = 1000, price: str = "1.00", **more: Any
) -> DraftPurchaseOrder:
    """So many tablets from the house's supplier, in ten days."""
    fields: dict[str, Any] = {
        "supplier": SUPPLIER,
        "lines": (Line("ATO-20", quantity, price),),
        "terms": "net 30",
        "expected_on": today(crm) + timedelta(days=10),
    }
    return DraftPurchaseOrder(id=id, **(fields | more))


def changed(
    crm: PharmaCRM, id: str = "PO-1", quantity: int = 1000, price: str = "1.00", **more: Any
) -> RevisePurchaseOrder:
    fields: dict[str, Any] = {
        "lines": (Line("ATO-20", quantity, price),),
        "terms": "net 30",
        "expected_on": today(crm) + timedelta(days=10),
    }
    return RevisePurchaseOrder(purchase=id, **(fields | more))


def arrived(
    crm: PharmaCRM,
    quantity: int,
    id: str = "",
    *,
    line: int = 1,
    lot: str = "N1",
    days: int = 600,
    **more: Any,
) -> ReceiveGoods:
    item = ReceivedItem(line, lot, quantity, today(crm) + timedelta(days=days))
    return ReceiveGoods(id=id, purchase="PO-1", **({"items": (item,)} | more))


def yes(document: str = "PO-1") -> Decide:
    return Decide(document=document, act=Act.APPROVE)


def supplied(crm: PharmaCRM) -> PharmaCRM:
    """A house with a supplier, somebody who buys, and a route for purchase orders."""
    open_supplier(crm, SUPPLIER)
    crm.do(hired(BUYING, "purchasing"), actor=ADMIN).expect()
    crm.do(PublishRoute(definition=purchase_route()), actor=ADMIN).expect()
    return crm


def ordered(crm: PharmaCRM, id: str = "PO-1", **more: Any) -> tuple[Said, ...]:
    """What makes a purchase order that has gone to its supplier."""
    return (
        (wanted(crm, id, **more), BUYING),
        (SubmitPurchaseOrder(purchase=id), BUYING),
        (yes(id), LEAD),
        (SendPurchaseOrder(purchase=id), BUYING),
    )


@met("supplier.kind", "purchase.expected_past")
def _(crm: PharmaCRM) -> list[Reason]:
    supplied(crm)
    past = wanted(crm, expected_on=today(crm) - timedelta(days=1))
    return after(crm, (past, BUYING), (wanted(crm, supplier=BUYER), BUYING))


@met("licence.supply_out_of_scope")
def _(crm: PharmaCRM) -> list[Reason]:
    supplied(crm)
    open_supplier(crm, "S-002", kind=CustomerKind.DISTRIBUTOR)
    biological = product("BIO", category="biological", approval_number="国药准字S20200001")
    lines = (Line("BIO", 20, "1"),)
    return after(
        crm,
        (biological, ADMIN),
        (wanted(crm, supplier="S-002", lines=lines), BUYING),
        (SubmitPurchaseOrder(purchase="PO-1"), BUYING),
    )


@met(
    "purchase.not_ordered",
    "goods_receipt.empty",
    "goods_receipt.line_unknown",
    "goods_receipt.over_quantity",
)
def _(crm: PharmaCRM) -> list[Reason]:
    supplied(crm)
    steps = ordered(crm)
    return after(
        crm,
        steps[0],
        (arrived(crm, 10, "GR-1", items=()), WAREHOUSE),
        *steps[1:],
        (arrived(crm, 10, "GR-2", line=2), WAREHOUSE),
        (arrived(crm, 1001, "GR-3"), WAREHOUSE),
    )
