"""A closed order taken up again (重新打开): what was left of it may leave after all, if it has its credit."""

from typing import Annotated

from attrs import frozen

from pharmacrm.core.credit import Reservation
from pharmacrm.core.credit.model import reservation_id
from pharmacrm.core.credit.reservations import reserve
from pharmacrm.core.flows.lines import read_credit
from pharmacrm.core.flows.order_cases import OrderCase, read_order_case
from pharmacrm.core.flows.rechecking import still_needed
from pharmacrm.core.flows.submission import covered
from pharmacrm.core.kernel.decision import Decision, accept
from pharmacrm.core.kernel.domain import Domain
from pharmacrm.core.kernel.message import Command, Reads
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.strict import Id, Limit, strict
from pharmacrm.core.orders import SalesOrder
from pharmacrm.core.orders.states import reopen


@frozen(kw_only=True, field_transformer=strict)
class ReopenOrder(Command[SalesOrder]):
    """Take a closed order up again, with a reason: what has not been shipped of it may leave after all.

    Credit is checked and reserved anew for exactly that, as it stands today; what somebody passed before the
    order was closed counts no more. Its content is the one that was approved, so its approval stands; papers
    are looked at with each slip. A cancelled order stays cancelled.
    """

    subject_field = "order"

    order: Id
    reason: Annotated[str, Limit(2000, multiline=True)]


@ReopenOrder.handler
def on_reopen_order(command: ReopenOrder, read: Reads) -> Decision[SalesOrder]:
    """Load the order with its lines and holds, and the credit of the day."""
    step = read_order_case(read, command.order)
    opened = reopen(step.order, step.lines, command.reason)
    if opened.value is None:
        return opened
    return accept(opened.value, opened, _credit(step, read))


def _credit(step: OrderCase, read: Reads) -> Decision[Reservation | None]:
    """Reserve what is left to be shipped, or hold the order; where only slips are checked, nothing yet."""
    order = step.order
    currency = order.total.currency
    known = read_credit(read, order.buyer, currency)
    need = still_needed(order, step.lines) if known.rules.at_order else Money.zero(currency)
    reserved = reserve(
        known.line,
        need,
        order=order.id,
        customer=order.buyer,
        at=read.at,
        days=order.terms.reserve_days,
        existing=read.seek(Reservation, reservation_id(order.id)),
        around=known.around(order.id, currency),
    )
    held = covered(order, reserved.reasons, by=read.actor, at=read.at)
    return accept(reserved.value, known.to_date(), reserved, held)


domain = Domain(
    name="reopening",
    handlers=(on_reopen_order,),
    rights=dict.fromkeys(("lead", "admin"), (ReopenOrder,)),
)
