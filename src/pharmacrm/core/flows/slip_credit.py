"""The credit of goods that leave: what was reserved becomes a debt; a policy may look again (出库授信)."""

from collections.abc import Sequence

from attrs import evolve

from pharmacrm.core.credit import CreditOverride, ExposureKind, OverrideState, Reservation
from pharmacrm.core.credit.checks import check_credit
from pharmacrm.core.credit.handlers import today
from pharmacrm.core.credit.model import reservation_id
from pharmacrm.core.credit.overrides import fitting, named, overridden, use_override, wants_override
from pharmacrm.core.credit.reservations import post, reserve_as_checked
from pharmacrm.core.credit.standing import Surroundings
from pharmacrm.core.flows.contents import order_content
from pharmacrm.core.flows.lines import Credit, read_credit
from pharmacrm.core.flows.order_cases import OrderCase
from pharmacrm.core.flows.passing import informed
from pharmacrm.core.kernel.decision import Decision, accept
from pharmacrm.core.kernel.message import Reads
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.query import eq
from pharmacrm.core.kernel.reason import Reason, Severity
from pharmacrm.core.orders import OutboundSlip


def slip_credit(slip: OutboundSlip, step: OrderCase, read: Reads) -> Decision[Reservation | None]:
    """Post the credit share of a slip; where the policy checks slips, look at limit and gates before.

    What was passed for this revision of the order only informs. Goods of an order that reserved nothing,
    because its policy checks slips alone, reserve and post at once.
    """
    reservation = read.seek(Reservation, reservation_id(step.order.id))
    known = read_credit(read, step.order.buyer, slip.credit.currency)
    found = _found(known, slip, reservation) if known.rules.at_slip else ()
    found = informed(step.holds, step.order.revision, found)
    override = _let_through(found, slip, step, reservation, read)
    found = tuple(map(_wants_override_first, overridden(found, override)))
    missing = slip.credit - _open(reservation, slip.credit)
    fresh = override is not None and override.state is OverrideState.GRANTED
    used = use_override(override, on=known.on) if override is not None and fresh else ()
    if known.rules.at_order or not missing.is_positive:
        return accept(
            reservation, found, used, post(reservation, slip.credit, slip=slip.id, order=slip.order)
        )
    held = reserve_as_checked(
        known.line,
        slip.credit,
        evolve(_around(known, slip), gates=found, passed=named(override)),
        order=slip.order,
        customer=step.order.buyer,
        at=read.at,
        days=step.order.terms.reserve_days,
        existing=reservation,
    )
    posted = post(held.value, slip.credit, slip=slip.id, order=slip.order) if held.value is not None else ()
    return accept(reservation, known.to_date(), held, used, posted)


def _let_through(
    found: Sequence[Reason], slip: OutboundSlip, step: OrderCase, reservation: Reservation | None, read: Reads
) -> CreditOverride | None:
    """The override of the order as it is, where one is wanted: for all that left of it, with this slip."""
    if not wants_override(found):
        return None
    known = read.find(CreditOverride, eq("order", slip.order), order=("requested_on",))
    left = slip.credit if reservation is None else reservation.posted + slip.credit
    content = order_content(step.order, step.lines)
    return fitting(known, left, content=content, on=today(read), again=True)


def _wants_override_first(reason: Reason) -> Reason:
    """An override is asked for before the goods leave: a slip that wants one is refused, not held."""
    return reason.weighed(Severity.BLOCK) if wants_override((reason,)) else reason


def _found(known: Credit, slip: OutboundSlip, reservation: Reservation | None) -> Sequence[Reason]:
    """What stands against the goods, as if nothing had been reserved for them yet."""
    if not slip.credit:
        return ()
    free = known.without(min(_open(reservation, slip.credit), slip.credit), slip.credit)
    around = _around(free, slip)
    return (*check_credit(free.line, slip.credit, subject=slip.id, around=around), *around.gates)


def _around(known: Credit, slip: OutboundSlip) -> Surroundings:
    return evolve(known.around(slip.id, slip.credit.currency), asks=ExposureKind.UNBILLED)


def _open(reservation: Reservation | None, like: Money) -> Money:
    return Money.zero(like.currency) if reservation is None else reservation.open
