"""An order as the routes of orders see it, and how it is handed in: at first, and after each amendment."""

import hashlib
from collections.abc import Sequence
from typing import Final

from pharmacrm.core.engines.approval import reasons
from pharmacrm.core.engines.approval.model import CaseState
from pharmacrm.core.engines.approval.routes.model import ApprovalRequest
from pharmacrm.core.engines.approval.routes.planning import Document
from pharmacrm.core.engines.approval.routes.submitting import OPEN
from pharmacrm.core.flows.cases import read_case
from pharmacrm.core.flows.contents import order_content
from pharmacrm.core.flows.documents import open_request_on, update_request
from pharmacrm.core.flows.handing import as_field
from pharmacrm.core.flows.order_checks import read_paper, read_paper_trade
from pharmacrm.core.flows.routing import chosen_route
from pharmacrm.core.flows.trade import Trade
from pharmacrm.core.kernel.codec import canonical, money_text, to_plain
from pharmacrm.core.kernel.decision import Decision, accept, refuse
from pharmacrm.core.kernel.message import Reads
from pharmacrm.core.kernel.query import eq
from pharmacrm.core.orders import OrderLine, SalesOrder
from pharmacrm.core.orders.amounts import credit_part
from pharmacrm.core.values.document_kinds import DocumentKind

SHOWN: Final = frozenset(
    {
        *("buyer", "channel", "method", "terms", "ship_on", "consignee", "phone", "address"),
        *("net", "tax", "total"),
        *("id", "version", "state", "state_reason", "revision", "requester", "unit"),
    }
)
"""Fields of an order that its document shows itself, and those that change without anybody changing it."""


def order_document(order: SalesOrder, lines: Sequence[OrderLine], trade: Trade) -> Document:
    """An order as the routes of orders see it: the fields are those of `document_kinds.FIELDS`."""
    return Document(
        subject=order.id,
        kind=DocumentKind.ORDER.value,
        requester=order.requester,
        unit=order.unit,
        amount=order.total,
        content=order_content(order, lines),
        fields={
            "buyer": order.buyer,
            "customer_kind": trade.buyer.kind.value,
            "channel": order.channel.value,
            "method": order.method.value,
            "terms": as_field(str(order.terms)),
            "ship_on": order.ship_on.isoformat(),
            "credit": money_text(credit_part(order)),
            "lines": _digest([to_plain(line) for line in lines]),
            "delivery": _digest([order.consignee, order.phone, to_plain(order.address)]),
            "other": _digest({name: value for name, value in to_plain(order).items() if name not in SHOWN}),
        },
    )


def stored_order(order: str, read: Reads) -> Document:
    """An order as it stands in the store, for a route that may look at more of it than the one it is on."""
    paper = read_paper(read, order)
    trade = read_paper_trade(paper, read)
    return order_document(paper.order, paper.lines, trade)


def hand_in_order(
    order: SalesOrder, lines: Sequence[OrderLine], trade: Trade, read: Reads
) -> Decision[ApprovalRequest]:
    """Hand an order in on the route that fits; one that waits or was approved goes on in its request.

    An amendment that wants another route than the one that it is on is refused: its guards know nothing of
    the other one.
    """
    document = order_document(order, lines, trade)
    chosen = chosen_route("", document, read)
    earlier = read.find(ApprovalRequest, eq("subject", order.id), order=("-number",))
    newest = next((one for one in earlier if one.kind == document.kind), None)
    if newest is None or newest.state not in OPEN | {CaseState.APPROVED}:
        if chosen.value is None:
            return refuse(*chosen.reasons)
        return open_request_on(chosen.value, document, earlier, read)
    case = read_case(read, order.id, kind=document.kind)
    other = chosen.value is not None and chosen.value.code != case.route.code
    moved = reasons.OTHER_ROUTE(
        order.id, observed=chosen.value.name if chosen.value else "", expected=case.route.code
    )
    return accept(*_and_value(update_request(case, document, read)), [moved] if other else ())


def _and_value(
    decision: Decision[ApprovalRequest],
) -> tuple[ApprovalRequest | None, Decision[ApprovalRequest]]:
    return decision.value, decision


def _digest(plain: object) -> str:
    return hashlib.sha256(canonical(plain).encode()).hexdigest()
