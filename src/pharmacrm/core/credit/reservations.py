"""Credit in two phases (reliability 4): an order reserves, its slips post, and the rest is released.

Reserving twice is reserving once: `reserve` brings what an order holds to an amount and checks only the
increase. So it also serves an amended order, one submitted again, and a reservation that has expired.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final, TypeVar

from attrs import evolve

from pharmacrm.core.credit.checks import check_amount, check_blocked, check_credit
from pharmacrm.core.credit.events import ReservationExpired
from pharmacrm.core.credit.model import (
    CreditAccount,
    CreditLine,
    Reservation,
    ReservationState,
    empty_line,
    reservation_id,
)
from pharmacrm.core.credit.policy import CreditRules
from pharmacrm.core.credit.reasons import (
    NOT_RESERVED,
    OVER_POSTED,
    RESERVATION_CLOSED,
    RESERVATION_EXPIRED,
    RESERVATION_NOT_DUE,
)
from pharmacrm.core.credit.standing import ALONE, Surroundings
from pharmacrm.core.kernel.change import Add
from pharmacrm.core.kernel.decision import Decision, accept, add, save, tell, touch
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.reason import Reason, Severity
from pharmacrm.core.kernel.words import Words

A = TypeVar("A", bound=CreditAccount)

UNLIMITED: Final = "the credit line is unlimited"
PARTS: Final = "the credit policy has rules for the parts"
POLICY: Final = "the credit policy lets orders over the limit go on"


def reserve(
    line: CreditLine | None,
    amount: Money,
    *,
    order: str,
    customer: str,
    at: datetime,
    days: int,
    existing: Reservation | None = None,
    around: Surroundings = ALONE,
) -> Decision[Reservation | None]:
    """Reserve credit for an order, so that `amount` is open for it, or say why not (占用信用).

    An amount of 0 needs no reservation. Where somebody has to be asked, only the reasons are given and
    nothing is reserved; what the order held before stays. It expires `days` after `at`. What
    overdue gates found stands only against more credit.
    """
    more = amount - _open(existing, amount.currency)
    reasons = check_amount(line, amount, subject=order, exchange=around.exchange)
    if not reasons and more.is_positive:
        reasons = (*check_credit(line, more, subject=order, around=around), *around.gates)
    told = accept(None, reasons).reasons
    if any(reason.severity in {Severity.BLOCK, Severity.APPROVE} for reason in told):
        return Decision(value=existing, reasons=told)
    held = _held(existing, more, order=order, customer=customer, expires_at=at + timedelta(days=days))
    booked = _booked(existing, held, unbounded=_unbounded(line, around.rules))
    return accept(held, told, exactly(line, around) if booked.changes else (), booked)


def exactly(line: CreditLine | None, around: Surroundings) -> Decision[None]:
    """Let a decision rest on the very counters that it read, where parts have rules of their own.

    The store's bound knows nothing of them. So decisions about one customer (and one group) follow each
    other, and one that was overtaken is made anew.
    """
    if not around.rules.parts:
        return Decision()
    return accept(None, *(touch(each, exact=True) for each in (line, around.group) if each is not None))


def _unbounded(line: CreditLine | None, rules: CreditRules) -> str:
    """Why the store need not test the bound, if so."""
    if rules.parts:
        return PARTS
    if rules.over_limit.passes:
        return POLICY
    return UNLIMITED if line is not None and line.unlimited else ""


def reserve_unbounded(
    line: CreditLine | None,
    amount: Money,
    *,
    order: str,
    customer: str,
    at: datetime,
    days: int,
    reason: str,
    existing: Reservation | None = None,
) -> Decision[Reservation | None]:
    """Reserve credit for an order whose hold a named person has passed, over the limit if need be.

    The reason is journalled. A customer without a credit line gets one with limit 0. A blocked line refuses.
    """
    more = amount - _open(existing, amount.currency)
    held = _held(existing, more, order=order, customer=customer, expires_at=at + timedelta(days=days))
    return accept(
        held,
        check_amount(None, amount, subject=order),
        check_blocked(line, subject=order) if more.is_positive else (),
        save(empty_line(customer, amount.currency)) if line is None and more.is_positive else (),
        _booked(existing, held, unbounded=reason),
    )


def without(account: A | None, reserved: Money) -> A | None:
    """Give an account as if so much less were reserved: what a document holds never stands against it."""
    return None if account is None else evolve(account, reserved=account.reserved - reserved)


def reserve_as_checked(
    line: CreditLine | None,
    amount: Money,
    around: Surroundings,
    *,
    order: str,
    customer: str,
    at: datetime,
    days: int,
    existing: Reservation | None = None,
) -> Decision[Reservation | None]:
    """Reserve credit after a check whose findings the caller has weighed (`around.gates`).

    Without findings it stays within the limit. Where there are findings, whoever passes them, or a policy
    that only warns, lets the limit be exceeded; the codes are journalled, or `around.passed`. A customer
    without a line gets one with limit 0.
    """
    more = amount - _open(existing, amount.currency)
    held = _held(existing, more, order=order, customer=customer, expires_at=at + timedelta(days=days))
    why = ", ".join(sorted({reason.code for reason in around.gates}))
    free = around.passed or (f"passed: {why}" if why else _unbounded(line, around.rules))
    return accept(
        held,
        around.gates,
        save(empty_line(customer, amount.currency)) if line is None else (),
        exactly(line, around),
        _booked(existing, held, unbounded=free),
    )


def post(
    reservation: Reservation | None, amount: Money, *, slip: str, order: str
) -> Decision[Reservation | None]:
    """Turn reserved credit into a debt when a slip ships it; at most what is still reserved (过账)."""
    reasons = _may_post(reservation, amount, slip=slip, order=order)
    if reservation is None or reasons or not amount:
        return accept(reservation, reasons)
    posted = _settled(evolve(reservation, posted=reservation.posted + amount))
    return accept(posted, save(posted), _moved(posted, {"reserved": -amount, "posted": amount}, cause=slip))


def release(reservation: Reservation | None, *, cause: str) -> Decision[Reservation | None]:
    """Give back what is still reserved: the order was cancelled, rejected or closed (释放信用)."""
    if reservation is None:
        return accept(reservation)
    if reservation.state is not ReservationState.ACTIVE:
        return accept(
            reservation, RESERVATION_CLOSED(reservation.id, field="state", observed=reservation.state)
        )
    released, moved = _let_go(reservation, ReservationState.CLOSED, cause=cause)
    return accept(released, moved)


def expire(reservation: Reservation, *, at: datetime) -> Decision[Reservation]:
    """Give back what is still reserved once its time is up; before that nothing changes (信用占用失效)."""
    if reservation.state is not ReservationState.ACTIVE:
        return accept(
            reservation, RESERVATION_CLOSED(reservation.id, field="state", observed=reservation.state)
        )
    if at < reservation.expires_at:
        expected = _instant(reservation.expires_at)
        return accept(reservation, RESERVATION_NOT_DUE(reservation.id, field="expires_at", expected=expected))
    event = ReservationExpired(subject=reservation.order, customer=reservation.customer)
    lapsed, moved = _let_go(reservation, ReservationState.EXPIRED, cause=reservation.id)
    return accept(lapsed, moved, tell(event))


def _open(reservation: Reservation | None, currency: str) -> Money:
    return Money.zero(currency) if reservation is None else reservation.open


def _held(
    existing: Reservation | None, more: Money, *, order: str, customer: str, expires_at: datetime
) -> Reservation | None:
    """Give the reservation after it holds so much more (or less): none is made for nothing."""
    nothing = Money.zero(more.currency)
    if existing is None:
        if not more.is_positive:
            return None
        return Reservation(
            id=reservation_id(order),
            customer=customer,
            order=order,
            amount=more,
            posted=nothing,
            released=nothing,
            expires_at=expires_at,
        )
    if more.is_positive:
        amount = existing.amount + more
        return evolve(existing, amount=amount, state=ReservationState.ACTIVE, expires_at=expires_at)
    return _settled(evolve(existing, released=existing.released - more)) if more else existing


def _booked(
    existing: Reservation | None, held: Reservation | None, *, unbounded: str
) -> Decision[Reservation | None]:
    """Store a reservation and move the counter by the difference; no difference stores nothing."""
    if held is None or held == existing:
        return accept(held)
    more = held.open - _open(existing, held.amount.currency)
    why = unbounded if more.is_positive else ""
    return accept(held, save(held), _moved(held, {"reserved": more}, cause=held.id, unbounded=why))


def _let_go(
    reservation: Reservation, state: ReservationState, *, cause: str
) -> tuple[Reservation, Decision[None]]:
    rest = reservation.open
    after = evolve(reservation, released=reservation.released + rest, state=state)
    return after, accept(None, save(after), _moved(after, {"reserved": -rest}, cause=cause))


def _settled(reservation: Reservation) -> Reservation:
    """Close a reservation of which nothing is left."""
    return reservation if reservation.open else evolve(reservation, state=ReservationState.CLOSED)


def _may_post(reservation: Reservation | None, amount: Money, *, slip: str, order: str) -> tuple[Reason, ...]:
    if not amount.is_positive:
        return check_amount(None, amount, subject=slip)
    if reservation is None:
        return (NOT_RESERVED(order, field="credit", observed=amount),)
    if reservation.state is ReservationState.EXPIRED:
        return (
            RESERVATION_EXPIRED(
                reservation.id, field="expires_at", observed=_instant(reservation.expires_at)
            ),
        )
    if amount > reservation.open:
        return (OVER_POSTED(slip, field="credit", observed=amount, expected=reservation.open),)
    return ()


def _instant(at: datetime) -> Words:
    return Words(at.isoformat(), f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC")


def _moved(
    reservation: Reservation, amounts: Mapping[str, Money], *, cause: str, unbounded: str = ""
) -> Decision[None]:
    """Move the counters of the customer's line."""
    return add(
        Add(kind=CreditLine, id=reservation.customer, amounts=amounts, cause=cause, unbounded=unbounded)
    )
