"""The story of purchase orders: wanted, approved, ordered, revised, received lot by lot, closed."""

from pharmacrm.core.engines.approval.routes import Act
from pharmacrm.core.flows.procuring import (
    CancelPurchaseOrder,
    ClosePurchaseOrder,
    ReceiveGoods,
    SendPurchaseOrder,
    SubmitPurchaseOrder,
)
from pharmacrm.core.flows.purchasing import DraftPurchaseOrder, RevisePurchaseOrder
from pharmacrm.core.flows.requests import Decide
from pharmacrm.core.flows.routing import PublishRoute
from pharmacrm.core.orders import Line, ReceivedItem
from pharmacrm.core.people import RegisterStaff
from pharmacrm.crm import PharmaCRM
from pharmacrm.testing.company import ADMIN, open_supplier, purchase_route
from pharmacrm.testing.story.steps import LEAD, WAREHOUSE, Make, Step, after, day, said

BUYING = "feng.shi"


def a_purchase(id: str, quantity: int = 2000) -> Make:
    """So many tablets, wanted from the supplier in ten days."""

    def make(crm: PharmaCRM) -> DraftPurchaseOrder:
        return DraftPurchaseOrder(
            id=id,
            supplier="S-001",
            lines=(Line("AMX-500", quantity, "0.0250"), Line("CEF-250", 200, "0.40")),
            terms="net 30",
            expected_on=day(crm, 10),
            tolerance="5%",
        )

    return make


def _revised(crm: PharmaCRM) -> RevisePurchaseOrder:
    lines = (Line("AMX-500", 4000, "0.0240"),)
    return RevisePurchaseOrder(
        purchase="PO-1", lines=lines, terms="net 30", expected_on=day(crm, 12), tolerance="5%"
    )


def _opened(crm: PharmaCRM) -> None:
    open_supplier(crm, "S-001")
    after(
        (ADMIN, lambda _: RegisterStaff(id=BUYING, name="冯十", unit="east", roles=("purchasing",))),
        (ADMIN, lambda _: PublishRoute(definition=purchase_route())),
    )(crm)


def _arrived(crm: PharmaCRM) -> ReceiveGoods:
    items = (ReceivedItem(1, "20260301", 1500, day(crm, 700)),)
    return ReceiveGoods(id="GR-1", purchase="PO-1", items=items, delivery_note="SH-1")


_YES = (LEAD, Decide(document="PO-1", act=Act.APPROVE))

PURCHASING: tuple[Step, ...] = (
    Step(BUYING, a_purchase("PO-1"), _opened),
    said(BUYING, SubmitPurchaseOrder(purchase="PO-1")),
    said(BUYING, SendPurchaseOrder(purchase="PO-1"), _YES),
    Step(BUYING, _revised),
    Step(
        WAREHOUSE,
        _arrived,
        after((LEAD, lambda _: _YES[1]), (BUYING, lambda _: SendPurchaseOrder(purchase="PO-1"))),
    ),
    said(BUYING, ClosePurchaseOrder(purchase="PO-1", reason="余下不要")),
    Step(
        BUYING,
        lambda _: CancelPurchaseOrder(purchase="PO-2", reason="重复"),
        after((BUYING, a_purchase("PO-2"))),
    ),
)
