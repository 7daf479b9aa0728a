"""Purchase orders (采购订单, XT-14): what is bought from a supplier, and the goods that arrived for it."""

from pharmacrm.core.orders.purchases.events import (
    EVENTS,
    GoodsReceived,
    PurchaseDrafted,
    PurchaseMoved,
    PurchaseOrdered,
    PurchaseRevised,
)
from pharmacrm.core.orders.purchases.model import (
    GoodsReceipt,
    GoodsReceiptLine,
    PurchaseLine,
    PurchaseOrder,
    PurchaseState,
    ReceivedItem,
)
from pharmacrm.core.orders.purchases.reasons import REASONS

RECORDS = (PurchaseOrder, PurchaseLine, GoodsReceipt, GoodsReceiptLine)

__all__ = [
    "EVENTS",
    "REASONS",
    "RECORDS",
    "GoodsReceipt",
    "GoodsReceiptLine",
    "GoodsReceived",
    "PurchaseDrafted",
    "PurchaseLine",
    "PurchaseMoved",
    "PurchaseOrder",
    "PurchaseOrdered",
    "PurchaseRevised",
    "PurchaseState",
    "ReceivedItem",
]
