"""Passing a hold: a named person takes the responsibility, with a reason, and the document goes on."""

from typing import Annotated

from attrs import frozen

from pharmacrm.core.credit import Reservation
from pharmacrm.core.credit.checks import check_blocked
from pharmacrm.core.credit.model import reservation_id
from pharmacrm.core.credit.reservations import reserve_unbounded
from pharmacrm.core.engines.holds import Hold, HoldState, pass_hold
from pharmacrm.core.flows.approvers import actor_everywhere
from pharmacrm.core.flows.lines import read_credit
from pharmacrm.core.flows.rechecking import RESERVING, still_needed
from pharmacrm.core.kernel.decision import Decision, accept, touch
from pharmacrm.core.kernel.domain import Domain
from pharmacrm.core.kernel.errors import NotFound
from pharmacrm.core.kernel.held import HeldCommand, HeldState, Redo
from pharmacrm.core.kernel.message import Command, Reads
from pharmacrm.core.kernel.query import eq
from pharmacrm.core.kernel.record import Personal
from pharmacrm.core.kernel.strict import Limit, strict
from pharmacrm.core.orders import SalesOrder
from pharmacrm.core.orders.model import OrderLine

ROLES = ("sales", "assistant", "dispatcher", "lead", "finance", "warehouse", "quality", "admin")


@frozen(kw_only=True, field_transformer=strict)
class PassHold(Command[Hold]):
    """Pass a hold of a document, or of a held command, with a reason; the code says which hold.

    `of` is the id of the order that is held, or the `case` of an answer that was held as a whole; then `code`
    says which of its holds. It may also be the id of the hold itself, as the inbox gives it, without a code.
    The reason is required, and nobody passes what they caused. Passing a hold for credit reserves over the
    limit.
    """

    subject_field = "of"

    of: Annotated[str, Limit(200)]
    code: Annotated[str, Limit(100, empty=True)] = ""
    reason: Annotated[str, Limit(2000, empty=True, multiline=True), Personal("approval trail")] = ""


@PassHold.handler
def on_pass_hold(command: PassHold, read: Reads) -> Decision[Hold]:
    """Load the hold and what it stops; the newest hold of a code is meant."""
    hold = _named(command, read)
    passed = pass_hold(hold, actor_everywhere(read), command.reason, at=read.at)
    held = read.seek(HeldCommand, hold.subject)
    goes_on = _redone(held, hold, read) if held is not None else _order(hold, read)
    return accept(passed.value, passed, goes_on)


def _named(command: PassHold, read: Reads) -> Hold:
    holds = read.find(Hold, eq("subject", command.of), order=("-revision", "code"))
    named = [hold for hold in holds if hold.code == command.code]
    itself = read.seek(Hold, command.of) if not named and not command.code else None
    if itself is None and not named:
        raise NotFound("hold", f"{command.of}/{command.code}" if command.code else command.of)
    return itself or named[0]


def _redone(held: HeldCommand, passed: Hold, read: Reads) -> Decision[None]:
    """With its last hold passed, a held command is done again, as its first actor."""
    holds = read.find(Hold, eq("subject", held.id), order=("code",))
    left = [hold for hold in holds if hold.state is HoldState.OPEN and hold.id != passed.id]
    if left or held.state is not HeldState.WAITING:
        return touch(held)
    return Decision(changes=(Redo(held, tuple(sorted(hold.code for hold in holds))),))


def _order(hold: Hold, read: Reads) -> Decision[None]:
    """An order goes on; a hold for its credit reserves what is still to be shipped, over the limit."""
    order = read.get(SalesOrder, hold.subject)
    if hold.code not in RESERVING:
        return touch(order)
    known = read_credit(read, order.buyer, order.total.currency)
    reserved = reserve_unbounded(
        known.line,
        still_needed(order, read.find(OrderLine, eq("order", order.id))),
        order=order.id,
        customer=order.buyer,
        at=read.at,
        days=order.terms.reserve_days,
        reason=f"hold {hold.code} passed by {read.actor}",
        existing=read.seek(Reservation, reservation_id(order.id)),
    )
    refused = check_blocked(None, known.group, subject=order.id)
    return accept(None, known.to_date(), refused, reserved, touch(order))


domain = Domain(
    name="holding", handlers=(on_pass_hold,), records=(), rights=dict.fromkeys(ROLES, (PassHold,))
)
