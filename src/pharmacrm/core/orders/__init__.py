"""Orders (销售订单): drafting, checks, states, outbound slips, delivery, and lots.

The commands that span domains (place, release, ship) are in `flows`; they combine the rules of this folder.
"""

from pharmacrm.core.kernel.domain import Domain
from pharmacrm.core.orders.commands import HoldLot, RegisterLot, ReleaseLot
from pharmacrm.core.orders.events import EVENTS
from pharmacrm.core.orders.handlers import hold_lot, register_lot, release_lot
from pharmacrm.core.orders.model import Lot, OrderLine, OrderState, OutboundSlip, SalesOrder, SlipLine
from pharmacrm.core.orders.reasons import REASONS
from pharmacrm.core.orders.returns import ReturnCause, ReturnItem, ReturnLine, ReturnOrder, ReturnVerdict
from pharmacrm.core.orders.values import Line, SlipItem

__all__ = [
    "HoldLot",
    "Line",
    "Lot",
    "OrderLine",
    "OrderState",
    "OutboundSlip",
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

_RECORDS = (SalesOrder, OrderLine, OutboundSlip, SlipLine, Lot, ReturnOrder, ReturnLine)

domain = Domain(
    name="orders",
    records=_RECORDS,
    handlers=(register_lot, hold_lot, release_lot),
    events=EVENTS,
    reasons=REASONS,
    rights={
        "sales": _RECORDS,
        "assistant": _RECORDS,
        "dispatcher": _RECORDS,
        "lead": _RECORDS,
        "finance": _RECORDS,
        "warehouse": (*_RECORDS, RegisterLot),
        "quality": (*_RECORDS, HoldLot, ReleaseLot),
        "admin": (*_RECORDS, RegisterLot),
        "auditor": _RECORDS,
    },
)
