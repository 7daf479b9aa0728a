"""The other ends of an order: cancelled before anything ships, or closed with something unshipped."""

from attrs import evolve, frozen

from pharmacrm.core.credit import Reservation
from pharmacrm.core.credit.model import reservation_id
from pharmacrm.core.credit.reservations import release
from pharmacrm.core.engines.approval.routes.submitting import OPEN, withdraw
from pharmacrm.core.engines.holds import void_holds
from pharmacrm.core.flows.order_cases import OrderCase, read_order_case
from pharmacrm.core.flows.order_checks import active
from pharmacrm.core.flows.prepayments import given_up, read_prepayments
from pharmacrm.core.kernel.decision import Decision, accept
from pharmacrm.core.kernel.domain import Domain
from pharmacrm.core.kernel.message import Command, Reads
from pharmacrm.core.kernel.reason import ReasonCode, Severity
from pharmacrm.core.kernel.strict import Id, Note, strict
from pharmacrm.core.orders import OrderState, SalesOrder
from pharmacrm.core.orders.states import cancel, close

NOT_YOURS = ReasonCode(
    "order.not_requester",
    Severity.BLOCK,
    "order {subject} can be cancelled by its requester, a lead or an administrator",
    "订单 {subject} 只能由提交人、部门领导或管理员取消",
)


@frozen(kw_only=True, field_transformer=strict)
class CancelOrder(Command[SalesOrder]):
    """Cancel an order of which nothing has shipped: credit is released, money paid goes back on account."""

    subject_field = "order"

    order: Id
    reason: Note = ""


@frozen(kw_only=True, field_transformer=strict)
class CloseOrder(Command[SalesOrder]):
    """Close an order: what has not been shipped will not be, and the credit held for it is released."""

    subject_field = "order"

    order: Id
    reason: Note = ""


@CancelOrder.handler
def cancel_order(command: CancelOrder, read: Reads) -> Decision[SalesOrder]:
    """Load what the cancellation ends."""
    step = read_order_case(read, command.order)
    mine = read.actor == step.order.requester or bool(read.roles & {"lead", "admin"})
    return accept(
        evolve(step.order, state=OrderState.CANCELLED, state_reason=command.reason),
        () if mine else NOT_YOURS(step.order.id, field="order"),
        cancel(step.order, command.reason),
        _withdrawn(step, read),
        _let_go(step, read),
        given_up(read_prepayments(read, step.order.id), on=read.on),
    )


@CloseOrder.handler
def close_order(command: CloseOrder, read: Reads) -> Decision[SalesOrder]:
    """Load what the closing ends; the prepayment stays, as goods were shipped for it."""
    step = read_order_case(read, command.order)
    return accept(
        evolve(step.order, state=OrderState.CLOSED, state_reason=command.reason),
        close(step.order, command.reason),
        _let_go(step, read),
    )


def _withdrawn(step: OrderCase, read: Reads) -> Decision[object]:
    """A request that still waits ends with the order, in the name of its requester."""
    if step.case.request.state not in OPEN:
        return accept(None)
    return withdraw(step.case, by=step.case.request.requester, at=read.at)


def _let_go(step: OrderCase, read: Reads) -> Decision[object]:
    reservation = read.seek(Reservation, reservation_id(step.order.id))
    released = release(reservation, cause=step.order.id) if active(reservation) else ()
    return accept(None, released, void_holds(step.holds))


domain = Domain(
    name="ending",
    handlers=(cancel_order, close_order),
    reasons=(NOT_YOURS,),
    rights={
        "sales": (CancelOrder,),
        "lead": (CancelOrder, CloseOrder),
        "finance": (CloseOrder,),
        "admin": (CancelOrder, CloseOrder),
    },
)
