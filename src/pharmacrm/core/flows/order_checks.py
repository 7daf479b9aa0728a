"""What the machine looks at before somebody votes on an order: papers, form and money (XT-05, 06, 08).

A person signs; the machine looks first. What it finds is kept with the vote, and nobody can sign away what
blocks.
"""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from attrs import frozen

from pharmacrm.core.credit import Reservation, ReservationState
from pharmacrm.core.credit.model import reservation_id
from pharmacrm.core.engines.approval.routes.definition import Step
from pharmacrm.core.engines.approval.routes.inspection import Inspection, Shown, shown
from pharmacrm.core.engines.approval.routes.moving import Case
from pharmacrm.core.engines.holds import Hold, open_holds_block
from pharmacrm.core.flows.contents import order_content
from pharmacrm.core.flows.lines import read_credit
from pharmacrm.core.flows.passing import informed
from pharmacrm.core.flows.trade import Trade, catalogue, pricing, qualification, read_trade
from pharmacrm.core.kernel.message import Reads
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.query import eq
from pharmacrm.core.kernel.reason import Reason
from pharmacrm.core.orders import OrderLine, SalesOrder
from pharmacrm.core.orders.amounts import credit_part
from pharmacrm.core.orders.checks import CheckItem, precheck
from pharmacrm.core.receivables import Instalment
from pharmacrm.core.receivables.gate import cleared_prepayment, payment_gate
from pharmacrm.core.receivables.opening import prepayment_id


@frozen(kw_only=True)
class OrderPaper:
    """An order with its contents and its holds."""

    order: SalesOrder
    lines: Sequence[OrderLine]
    holds: Sequence[Hold]


def read_paper(read: Reads, order: str) -> OrderPaper:
    """Read an order with its lines and holds; the order's version tells of every hold."""
    return OrderPaper(
        order=read.get(SalesOrder, order),
        lines=read.find(OrderLine, eq("order", order), order=("number",)),
        holds=read.find(Hold, eq("subject", order)),
    )


def read_paper_trade(paper: OrderPaper, read: Reads) -> Trade:
    """Read what the sale of an order depends on, with the quote that it comes from."""
    order = paper.order
    return read_trade(read, order.buyer, [line.product for line in paper.lines], quote=order.quote)


def look_at_order(case: Case, steps: Sequence[Step], read: Reads) -> Inspection:
    """Look at an order as it is, and carry out the checks of these steps."""
    paper = read_paper(read, case.request.subject)
    wanted = dict.fromkeys(check for step in steps for check in step.checks)
    found: dict[str, Shown] = {}
    if wanted:
        trade = read_paper_trade(paper, read)
        for check in wanted:
            reasons = informed(paper.holds, paper.order.revision, CHECKS[check](paper, trade, read))
            version = trade.pack.name if check == QUALIFICATION else case.route.name
            found[check] = shown(check, version, reasons)
    return Inspection(
        content=order_content(paper.order, paper.lines),
        stops=open_holds_block(paper.holds),
        shown={step.name: sum((found[one] for one in step.checks), Shown()) for step in steps},
    )


def _qualification(paper: OrderPaper, trade: Trade, _: Reads) -> tuple[Reason, ...]:
    """Whether the buyer may buy these goods on the day they ship, by the law of that day (资质审核)."""
    return qualification(paper.order, paper.lines, trade, on=paper.order.ship_on)


def _precheck(paper: OrderPaper, trade: Trade, read: Reads) -> tuple[Reason, ...]:
    """Whether goods, price, customer and delivery are in order (发货初审)."""
    form = precheck(
        paper.order,
        paper.lines,
        on=read.on,
        found={
            CheckItem.PRODUCT: catalogue(paper.lines, trade, on=paper.order.ship_on),
            CheckItem.PRICE: pricing(paper.order, paper.lines, trade, on=read.on),
            CheckItem.CUSTOMER: qualification(paper.order, paper.lines, trade, on=paper.order.ship_on),
        },
    )
    return form.reasons


def _payment(paper: OrderPaper, trade: Trade, read: Reads) -> tuple[Reason, ...]:
    """Whether the prices stand, the prepayment has arrived and the credit is reserved (到账审核)."""
    order = paper.order
    nothing = Money.zero(order.total.currency)
    reservation = read.seek(Reservation, reservation_id(order.id))
    credit = credit_part(order)
    at_order = read_credit(read, order.buyer).rules.at_order
    gate = payment_gate(
        order.id,
        prepaid=order.total - credit,
        cleared=_prepaid(order, read),
        credit=credit if at_order else nothing,
        reserved=reservation.open if reservation is not None and active(reservation) else nothing,
    )
    return (*pricing(order, paper.lines, trade, on=read.on), *gate)


QUALIFICATION: Final = "qualification"
CHECKS: Final[Mapping[str, Callable[[OrderPaper, Trade, Reads], tuple[Reason, ...]]]] = MappingProxyType(
    {QUALIFICATION: _qualification, "precheck": _precheck, "payment": _payment}
)
"""The checks that a step of a route for orders can name."""


def active(reservation: Reservation | None) -> bool:
    """Whether there is credit to give back."""
    return reservation is not None and reservation.state is ReservationState.ACTIVE


def prepayment_arrived(order: SalesOrder, read: Reads) -> tuple[Reason, ...]:
    """Whether what was prepaid when finance signed is still there as the goods go out."""
    prepaid = order.total - credit_part(order)
    if not prepaid:
        return ()
    nothing = Money.zero(order.total.currency)
    return payment_gate(
        order.id, prepaid=prepaid, cleared=_prepaid(order, read), credit=nothing, reserved=nothing
    )


def _prepaid(order: SalesOrder, read: Reads) -> Money:
    parts = read.find(Instalment, eq("receivable", prepayment_id(order.id, order.revision)))
    return cleared_prepayment(parts, order.total.currency)
