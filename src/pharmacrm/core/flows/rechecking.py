"""Credit that is asked for again (重新检查授信): the customer paid, or the limit rose, and the hold falls."""

from collections.abc import Sequence
from datetime import date

from attrs import evolve, frozen

from pharmacrm.core.credit import CreditLine, CreditOverride, Reservation
from pharmacrm.core.credit.checks import check_credit
from pharmacrm.core.credit.model import reservation_id
from pharmacrm.core.credit.overrides import fitting, misfits, named, overridden, use_override, wants_override
from pharmacrm.core.credit.reservations import reserve_as_checked, without
from pharmacrm.core.engines.holds import Hold, HoldState, void_holds
from pharmacrm.core.flows.contents import order_content
from pharmacrm.core.flows.lines import Credit, read_credit
from pharmacrm.core.flows.passing import CREDIT_HOLDS, informed
from pharmacrm.core.flows.timed import RESERVATION_LAPSED
from pharmacrm.core.kernel.change import Add
from pharmacrm.core.kernel.decision import Decision, accept, add, refuse, save, touch
from pharmacrm.core.kernel.domain import Domain
from pharmacrm.core.kernel.lookup import Lookup
from pharmacrm.core.kernel.message import Command, Reads
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.query import eq
from pharmacrm.core.kernel.reason import Reason, ReasonCode, Severity
from pharmacrm.core.kernel.strict import Id, strict
from pharmacrm.core.orders import OrderLine, SalesOrder
from pharmacrm.core.orders.amounts import credit_part, shipped_amount, step_share

RESERVING = CREDIT_HOLDS | {RESERVATION_LAPSED.code}
"""Holds that a reservation ends."""

NOT_HELD = ReasonCode(
    "credit.not_held",
    Severity.BLOCK,
    "order {subject} is not held for its credit",
    "订单 {subject} 未因信用暂挂",
)


@frozen(kw_only=True, field_transformer=strict)
class RecheckCredit(Command[SalesOrder]):
    """Ask again for the credit of an order that is held for it: once it fits, the hold falls by itself.

    Nobody takes a responsibility here, so anybody who works on the order may ask. The check is that of
    today, with every gate; while anything stands against it, it is refused and the holds stay. Where an
    override is wanted, one that was granted for the order as it is lets it through, and is used up. What the
    order holds in another currency than the limit's is reserved anew, at the rate of the day.
    """

    subject_field = "order"

    order: Id


def still_needed(order: SalesOrder, lines: Sequence[OrderLine]) -> Money:
    """The credit that an order needs for what has not been shipped of it."""
    credit = credit_part(order)
    shipped = shipped_amount(lines, order.total.currency)
    return credit - step_share(credit, 0, shipped.minor, order.total.minor)


@RecheckCredit.handler
def recheck_credit(command: RecheckCredit, read: Reads) -> Decision[SalesOrder]:
    """Load the order with its holds, and the credit of the day."""
    order = read.get(SalesOrder, command.order)
    holds = read.find(Hold, eq("subject", order.id))
    stopped = [each for each in holds if _stops(each)]
    if not stopped:
        return refuse(NOT_HELD(order.id, field="credit"))
    stored = read_credit(read, order.buyer, order.total.currency)
    lines = read.find(OrderLine, eq("order", order.id))
    need = still_needed(order, lines)
    existing = read.seek(Reservation, reservation_id(order.id))
    known, anew = _anew(stored, existing)
    found = informed(holds, order.revision, _found(known, order, need, existing))
    content = order_content(order, lines)
    override, against = let_through(read, order.id, found, need, content=content, on=known.on)
    gates = tuple(map(_now_or_never, overridden(found, override)))
    reserved = reserve_as_checked(
        stored.line,
        need,
        evolve(stored.around(order.id, need.currency), gates=gates, passed=named(override)),
        order=order.id,
        customer=order.buyer,
        at=read.at,
        days=order.terms.reserve_days,
        existing=existing,
    )
    used = use_override(override, on=known.on) if override else ()
    return accept(order, stored.to_date(), against, anew, reserved, used, void_holds(stopped), touch(order))


def _anew(known: Credit, existing: Reservation | None) -> tuple[Credit, Decision[None]]:
    """Credit as if what the order holds in another currency had been reserved today, and what makes it so."""
    if existing is None or not existing.open or existing.worth is None or known.line is None:
        return known, Decision()
    exchange = known.exchanges.get(existing.open.currency)
    if exchange is None or not exchange.known:
        return known, Decision()
    move = Add(kind=CreditLine, id=known.line.id, amounts={"reserved": existing.open}, cause=existing.id)
    back = evolve(move, amounts={"reserved": -existing.open})
    more = exchange.up(existing.open) - existing.worth.amount
    after = evolve(known, line=without(known.line, -more), group=without(known.group, -more))
    return after, accept(None, save(existing), add(back), add(move))


def let_through(
    read: Lookup, order: str, found: Sequence[Reason], need: Money, *, content: str, on: date
) -> tuple[CreditOverride | None, tuple[Reason, ...]]:
    """The override that lets an order through, or what is against the newest of those that it has."""
    if not wants_override(found):
        return None, ()
    known = read.find(CreditOverride, eq("order", order), order=("requested_on",))
    chosen = fitting(known, need, content=content, on=on)
    if chosen is not None or not known:
        return chosen, ()
    return None, misfits(known[-1], need, content=content, on=on)


def _found(known: Credit, order: SalesOrder, need: Money, existing: Reservation | None) -> Sequence[Reason]:
    """What stands against all that the order still needs, as if it held nothing yet."""
    held = Money.zero(need.currency) if existing is None else min(existing.open, need)
    free = known.without(held, need)
    around = free.around(order.id, need.currency)
    return (*check_credit(free.line, need, subject=order.id, around=around), *around.gates)


def _now_or_never(reason: Reason) -> Reason:
    """What a person would have to pass stands against a check that nobody answers for."""
    return reason.weighed(Severity.BLOCK) if reason.severity is Severity.APPROVE else reason


def _stops(hold: Hold) -> bool:
    return hold.state is HoldState.OPEN and hold.code in RESERVING


domain = Domain(
    name="rechecking",
    handlers=(recheck_credit,),
    reasons=(NOT_HELD,),
    rights=dict.fromkeys(("sales", "assistant", "lead", "finance"), (RecheckCredit,)),
)
