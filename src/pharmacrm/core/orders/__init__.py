"""Orders (销售订单): drafting, checks, states, outbound slips, delivery, and lots.

The commands that span domains (place, release, ship) are in `flows`; they combine the rules of this folder.
"""

from pharmacrm.core.kernel.domain import Domain
from pharmacrm.core.orders.acceptance import AgreedStatement
from pharmacrm.core.orders.commands import HoldLot, RegisterLot, ReleaseLot
from pharmacrm.core.orders.corrections import DateCorrection
from pharmacrm.core.orders.events import EVENTS
from pharmacrm.core.orders.handlers import hold_lot, register_lot, release_lot
from pharmacrm.core.orders.model import Lot, OrderLine, OrderState, OutboundSlip, SalesOrder, SlipLine
from pharmacrm.core.orders.purchases import EVENTS as PURCHASE_EVENTS
from pharmacrm.core.orders.purchases import REASONS as PURCHASE_REASONS
from pharmacrm.core.orders.purchases import RECORDS as PURCHASES
from pharmacrm.core.orders.purchases import (
    GoodsReceipt,
    GoodsReceiptLine,
    PurchaseLine,
    PurchaseOrder,
    PurchaseState,
    ReceivedItem,
)
from pharmacrm.core.orders.quotes import EVENTS as QUOTE_EVENTS
from pharmacrm.core.orders.quotes import REASONS as QUOTE_REASONS
from pharmacrm.core.orders.quotes import RECORDS as QUOTES
from pharmacrm.core.orders.quotes import Quote, QuoteLine, QuoteState
from pharmacrm.core.orders.reasons import REASONS
from pharmacrm.core.orders.returns import ReturnCause, ReturnItem, ReturnLine, ReturnOrder, ReturnVerdict
from pharmacrm.core.orders.values import Line, SlipItem

__all__ = [
    "AgreedStatement",
    "DateCorrection",
    "GoodsReceipt",
    "GoodsReceiptLine",
    "HoldLot",
    "Line",
    "Lot",
    "OrderLine",
    "OrderState",
    "OutboundSlip",
    "PurchaseLine",
    "PurchaseOrder",
    "PurchaseState",
    "Quote",
    "QuoteLine",
    "QuoteState",
    "ReceivedItem",
    "RegisterLot",
    "ReleaseLot",
    "ReturnCause",
    "ReturnItem",
    "ReturnLine",
    "ReturnOrder",
    "ReturnVerdict",
    "SalesOrder",
    "SlipItem",
    "SlipLine",
    "domain",
]

_AGREED = (AgreedStatement, DateCorrection)
_RECORDS = (SalesOrder, OrderLine, OutboundSlip, SlipLine, Lot, ReturnOrder, ReturnLine, *_AGREED)

domain = Domain(
    name="orders",
    records=(*_RECORDS, *QUOTES, *PURCHASES),
    handlers=(register_lot, hold_lot, release_lot),
    events=(*EVENTS, *QUOTE_EVENTS, *PURCHASE_EVENTS),
    reasons=(*REASONS, *QUOTE_REASONS, *PURCHASE_REASONS),
    rights={
        "sales": (*_RECORDS, *QUOTES),
        "assistant": (*_RECORDS, *QUOTES),
        "dispatcher": _RECORDS,
        "purchasing": (*PURCHASES, Lot),
        "lead": (*_RECORDS, *QUOTES, *PURCHASES),
        "finance": (*_RECORDS, *QUOTES, *PURCHASES),
        "warehouse": (*_RECORDS, *PURCHASES, RegisterLot),
        "quality": (*_RECORDS, *QUOTES, *PURCHASES, HoldLot, ReleaseLot),
        "admin": (*_RECORDS, *QUOTES, *PURCHASES, RegisterLot),
        "auditor": (*_RECORDS, *QUOTES, *PURCHASES),
    },
)
