"""The states of an order and the ways between them: one table, and the steps that use it.

A cancelled order stays so: who wants more orders anew. A closed one may be reopened for what was left of it,
and is checked anew (frappe/erpnext#33967).
A rejection is final for its round; the order may be submitted again, which is a new round. So may one that
its requester has withdrawn.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from attrs import evolve

from pharmacrm.core.kernel.change import Event
from pharmacrm.core.kernel.decision import Decision, accept, refuse, remove, save, tell
from pharmacrm.core.kernel.reason import Reason
from pharmacrm.core.orders.amounts import draft
from pharmacrm.core.orders.events import (
    OrderAmended,
    OrderCancelled,
    OrderClosed,
    OrderRejected,
    OrderReleased,
    OrderReopened,
    OrderSubmitted,
    OrderWithdrawn,
)
from pharmacrm.core.orders.model import OrderLine, OrderState, SalesOrder
from pharmacrm.core.orders.reasons import NOTHING_LEFT, ORDER_STATE
from pharmacrm.core.orders.values import Line, OrderHead

TRANSITIONS: Final[Mapping[OrderState, frozenset[OrderState]]] = MappingProxyType(
    {
        OrderState.SUBMITTED: frozenset(
            {
                OrderState.SUBMITTED,
                OrderState.IN_APPROVAL,
                OrderState.RELEASED,
                OrderState.REJECTED,
                OrderState.WITHDRAWN,
                OrderState.CANCELLED,
            }
        ),
        OrderState.IN_APPROVAL: frozenset(
            {
                OrderState.SUBMITTED,
                OrderState.RELEASED,
                OrderState.REJECTED,
                OrderState.WITHDRAWN,
                OrderState.CANCELLED,
            }
        ),
        OrderState.RELEASED: frozenset(
            {
                OrderState.SUBMITTED,
                OrderState.PART_SHIPPED,
                OrderState.SHIPPED,
                OrderState.CLOSED,
                OrderState.CANCELLED,
            }
        ),
        OrderState.PART_SHIPPED: frozenset({OrderState.PART_SHIPPED, OrderState.SHIPPED, OrderState.CLOSED}),
        OrderState.SHIPPED: frozenset({OrderState.CLOSED}),
        OrderState.REJECTED: frozenset({OrderState.SUBMITTED, OrderState.CANCELLED}),
        OrderState.WITHDRAWN: frozenset({OrderState.SUBMITTED, OrderState.CANCELLED}),
        OrderState.CANCELLED: frozenset(),
        OrderState.CLOSED: frozenset(),
    }
)
"""Where an order may go from where it stands; to SUBMITTED it comes by amendment or a new round.

Out of CLOSED leads `reopen` alone.
"""


def may_become(order: SalesOrder, wanted: OrderState) -> tuple[Reason, ...]:
    """Say why an order cannot go to a state (`order.state`), or nothing."""
    if wanted in TRANSITIONS[order.state]:
        return ()
    return (ORDER_STATE(order.id, field="state", observed=order.state, expected=wanted),)


def become(order: SalesOrder, wanted: OrderState, *events: Event) -> Decision[SalesOrder]:
    """Bring an order to a state, or refuse with `order.state`."""
    moved = evolve(order, state=wanted)
    return accept(moved, may_become(order, wanted), save(moved), tell(*events))


def submit(order: SalesOrder, lines: Sequence[OrderLine]) -> Decision[SalesOrder]:
    """Hand in a drafted order with its lines (提交订单); `check_order` says whether it is fit."""
    return accept(order, save(order, *lines), tell(OrderSubmitted(subject=order.id, buyer=order.buyer)))


def amend(
    order: SalesOrder,
    old: Sequence[OrderLine],
    head: OrderHead,
    lines: Sequence[Line],
    sizes: Sequence[int] = (),
) -> Decision[SalesOrder]:
    """Give an order new contents before anything is shipped: its release begins anew (XT-04).

    The revision rises by one and the state is SUBMITTED again; currency and id stay.
    """
    drafted, parts = draft(evolve(head, id=order.id), lines, currency=order.total.currency, sizes=sizes)
    amended = evolve(drafted, version=order.version, revision=order.revision + 1)
    kept = {part.id for part in parts}
    return accept(
        amended,
        may_become(order, OrderState.SUBMITTED),
        save(amended, *parts),
        remove(*(part for part in old if part.id not in kept)),
        tell(OrderAmended(subject=order.id, buyer=order.buyer, revision=amended.revision)),
    )


def start_approval(order: SalesOrder) -> Decision[SalesOrder]:
    """Say that the release of an order has begun."""
    return become(order, OrderState.IN_APPROVAL)


def release(order: SalesOrder) -> Decision[SalesOrder]:
    """Release an order for shipment (放行): every signature before the warehouse's is there."""
    return become(order, OrderState.RELEASED, OrderReleased(subject=order.id, buyer=order.buyer))


def reject(order: SalesOrder) -> Decision[SalesOrder]:
    """Reject an order in its release (驳回)."""
    return become(order, OrderState.REJECTED, OrderRejected(subject=order.id, buyer=order.buyer))


def withdraw(order: SalesOrder) -> Decision[SalesOrder]:
    """Give an order back to its requester, who took it out of its release (撤回)."""
    return become(order, OrderState.WITHDRAWN, OrderWithdrawn(subject=order.id, buyer=order.buyer))


def cancel(order: SalesOrder, reason: str = "") -> Decision[SalesOrder]:
    """Cancel an order of which nothing has been shipped (取消)."""
    order = evolve(order, state_reason=reason)
    return become(order, OrderState.CANCELLED, OrderCancelled(subject=order.id, buyer=order.buyer))


def close(order: SalesOrder, reason: str = "") -> Decision[SalesOrder]:
    """Close an order (关闭): what has not been shipped of it will not be."""
    order = evolve(order, state_reason=reason)
    return become(order, OrderState.CLOSED, OrderClosed(subject=order.id, buyer=order.buyer))


def reopen(order: SalesOrder, lines: Sequence[OrderLine], reason: str) -> Decision[SalesOrder]:
    """Take a closed order up again (重新打开) where it stood, unless all of it was shipped."""
    back = OrderState.PART_SHIPPED if any(line.shipped for line in lines) else OrderState.RELEASED
    if order.state is not OrderState.CLOSED:
        return refuse(ORDER_STATE(order.id, field="state", observed=order.state, expected=back))
    if all(line.shipped == line.quantity for line in lines):
        return refuse(NOTHING_LEFT(order.id, field="lines"))
    opened = evolve(order, state=back, state_reason=reason)
    return accept(opened, save(opened), tell(OrderReopened(subject=order.id, buyer=order.buyer)))
