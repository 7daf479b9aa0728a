"""Orders (销售订单): drafting, checks, states, outbound slips, delivery, and lots.

The commands that span domains (place, release, ship) are in `flows`; they combine the rules of this folder.
"""

from pharmacrm.core.kernel.domain import Domain
from pharmacrm.core.orders.acceptance import AgreedStatement
from pharmacrm.core.orders.commands import HoldLot, RegisterLot, ReleaseLot
from pharmacrm.core.orders.events import EVENTS
from pharmacrm.core.orders.handlers import hold_lot, register_lot, release_lot
from pharmacrm.core.orders.model import Lot, OrderLine, OrderState, OutboundSlip, SalesOrder, SlipLine
from pharmacrm.core.orders.quotes import EVENTS as QUOTE_EVENTS
from pharmacrm.core.orders.quotes import REASONS as QUOTE_REASONS
from pharmacrm.core.orders.quotes import RECORDS as QUOTES
from pharmacrm.core.orders.quotes import Quote, QuoteLine, QuoteState
from pharmacrm.core.orders.reasons import REASONS
from pharmacrm.core.orders.returns import ReturnCause, ReturnItem, ReturnLine, ReturnOrder, ReturnVerdict
from pharmacrm.core.orders.values import Line, SlipItem

__all__ = [
    "AgreedStatement",
    "HoldLot",
    "Line",
    "Lot",
    "OrderLine",
    "OrderState",
    "OutboundSlip",
    "Quote",
    "QuoteLine",
    "QuoteState",
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

_RECORDS = (SalesOrder, OrderLine, OutboundSlip, SlipLine, Lot, ReturnOrder, ReturnLine, AgreedStatement)

domain = Domain(
    name="orders",
    records=(*_RECORDS, *QUOTES),
    handlers=(register_lot, hold_lot, release_lot),
    events=(*EVENTS, *QUOTE_EVENTS),
    reasons=(*REASONS, *QUOTE_REASONS),
    rights={
        "sales": (*_RECORDS, *QUOTES),
        "assistant": (*_RECORDS, *QUOTES),
        "dispatcher": _RECORDS,
        "lead": (*_RECORDS, *QUOTES),
        "finance": (*_RECORDS, *QUOTES),
        "warehouse": (*_RECORDS, RegisterLot),
        "quality": (*_RECORDS, *QUOTES, HoldLot, ReleaseLot),
        "admin": (*_RECORDS, *QUOTES, RegisterLot),
        "auditor": (*_RECORDS, *QUOTES),
    },
)
