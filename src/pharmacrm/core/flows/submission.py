"""Submitting an order (提交订单): every check at once, its credit reserved, its release opened."""

from collections.abc import Sequence
from datetime import date, datetime

from attrs import evolve, frozen

from pharmacrm.core.credit import Reservation
from pharmacrm.core.credit.reservations import reserve
from pharmacrm.core.engines.approval import CaseState
from pharmacrm.core.engines.approval.routes.model import ApprovalRequest
from pharmacrm.core.engines.holds import hold
from pharmacrm.core.flows.lines import Credit
from pharmacrm.core.flows.passing import PASSED_BY
from pharmacrm.core.flows.trade import Trade, catalogue, pricing, qualification
from pharmacrm.core.kernel.decision import Decision, accept, save, tell
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.reason import Reason, Severity
from pharmacrm.core.orders import OrderLine, OrderState, SalesOrder
from pharmacrm.core.orders.amounts import credit_part
from pharmacrm.core.orders.checks import check_order
from pharmacrm.core.orders.events import OrderReleased
from pharmacrm.core.receivables.opening import open_prepayment


@frozen(kw_only=True)
class Submission:
    """What surrounds an order that is handed in: trade, credit, its way through approval, who and when."""

    trade: Trade
    credit: Credit
    reservation: Reservation | None
    opened: Decision[ApprovalRequest]
    by: str
    on: date
    at: datetime


def submit(order: SalesOrder, lines: Sequence[OrderLine], around: Submission) -> Decision[SalesOrder]:
    """Accept an order, reserve its credit and open its release, or give every reason why not.

    What a person may pass (a price off the list, too little credit) is stored under a hold. Nothing is
    reserved for an order that is held for its credit. Where the route has nothing to ask anybody, an order
    that nothing holds is released at once.
    """
    request = around.opened.value
    done = request is not None and request.state is CaseState.APPROVED
    order = evolve(order, state=OrderState.RELEASED if done else OrderState.IN_APPROVAL)
    return accept(
        order,
        check_order(order, lines, on=around.on),
        catalogue(lines, around.trade, on=order.ship_on),
        qualification(order, lines, around.trade, on=order.ship_on),
        covered(order, pricing(order, lines, around.trade, on=around.on), by=around.by, at=around.at),
        _credit(order, around),
        open_prepayment(
            order.id,
            order.total,
            customer=order.buyer,
            terms=order.terms,
            on=order.ordered_on,
            revision=order.revision,
            untaxed=order.net,
        ),
        around.opened,
        save(order, *lines),
        tell(OrderReleased(subject=order.id, buyer=order.buyer)) if done else (),
    )


def _credit(order: SalesOrder, around: Submission) -> Decision[Reservation | None]:
    """Reserve what the order needs; where credit is checked at the slip alone, nothing is reserved yet."""
    amount = credit_part(order) if around.credit.rules.at_order else Money.zero(order.total.currency)
    reserved = reserve(
        around.credit.line,
        amount,
        order=order.id,
        customer=order.buyer,
        at=around.at,
        days=order.terms.reserve_days,
        existing=around.reservation,
        around=around.credit.around(order.id, order.total.currency),
    )
    return accept(
        reserved.value,
        around.credit.to_date(),
        reserved,
        covered(order, reserved.reasons, by=around.by, at=around.at),
    )


def covered(order: SalesOrder, found: Sequence[Reason], *, by: str, at: datetime) -> Decision[None]:
    """Every reason as it is, and a hold for those that a person may pass."""
    return accept(
        None,
        found,
        *(
            hold(
                *(reason for reason in found if reason.code == code),
                subject=order.id,
                revision=order.revision,
                by=by,
                at=at,
                role=PASSED_BY[code],
                requester=order.requester,
            )
            for code in sorted({reason.code for reason in found if reason.severity is Severity.APPROVE})
        ),
    )
