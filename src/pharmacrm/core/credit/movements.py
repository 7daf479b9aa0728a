"""Money that comes in, is applied, or is taken back, as it moves a credit line (收款, 核销, 冲销).

Receiving always passes, whatever the limit; only what raises the exposure again says why it may. Each
movement makes the line of a customer who has none, with limit 0, so that money on account is always known. An
amount in another currency is handed in with the account of that currency; what it counts for follows later.
"""

from collections.abc import Mapping
from typing import Final

from pharmacrm.core.credit.checks import check_amount
from pharmacrm.core.credit.exposure import exposure_of
from pharmacrm.core.credit.foreign import Account, ForeignCredit
from pharmacrm.core.credit.model import CreditLine, empty_line
from pharmacrm.core.credit.reasons import BELOW_ZERO, LIMIT_BELOW_EXPOSURE
from pharmacrm.core.kernel.change import Add
from pharmacrm.core.kernel.decision import Decision, accept, add, save
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.reason import Reason
from pharmacrm.core.kernel.schema import schema_of

PREPAYMENT: Final = "allocated to a prepayment"
REFUNDED: Final = "refunded"
CHARGED: Final = "charged for being late"


def take(line: Account | None, amount: Money, *, customer: str, cause: str) -> Decision[Account]:
    """Take money in on account: the exposure falls."""
    return _moved(line, {"unapplied": amount}, (amount,), customer=customer, cause=cause)


def pay(line: Account | None, amount: Money, *, customer: str, cause: str) -> Decision[Account]:
    """Settle debts directly, by money just received or by a discount granted: the exposure falls."""
    return _moved(line, {"paid": amount}, (amount,), customer=customer, cause=cause)


def charge(line: Account | None, amount: Money, *, customer: str, cause: str) -> Decision[Account]:
    """Book a cost or interest as a debt: it is owed whatever the limit, and counts against it from now on."""
    return _moved(line, {"posted": amount}, (amount,), customer=customer, cause=cause, unbounded=CHARGED)


def apply(
    line: Account | None, amount: Money, *, customer: str, cause: str, discount: Money | None = None
) -> Decision[Account]:
    """Settle debts with money on account: the exposure stays, and falls by a discount granted (核销)."""
    off = discount or Money.zero(amount.currency)
    amounts = {"unapplied": -amount, "paid": amount + off}
    return _moved(line, amounts, (amount, off), customer=customer, cause=cause)


def unapply(
    line: Account | None,
    amount: Money,
    *,
    customer: str,
    cause: str,
    reason: str,
    discount: Money | None = None,
) -> Decision[Account]:
    """Undo `apply`: the money is on account again, and a discount granted is owed again."""
    off = discount or Money.zero(amount.currency)
    amounts = {"unapplied": amount, "paid": -(amount + off)}
    return _moved(line, amounts, (amount, off), customer=customer, cause=cause, unbounded=reason)


def prepay(line: Account | None, amount: Money, *, customer: str, cause: str) -> Decision[Account]:
    """Use money on account for a prepayment: it no longer lowers the exposure, as it never was a debt."""
    return _leaves(line, amount, customer=customer, cause=cause, why=PREPAYMENT)


def pay_back(line: Account | None, amount: Money, *, customer: str, cause: str) -> Decision[Account]:
    """Pay money on account back: it no longer lowers the exposure (退款)."""
    return _leaves(line, amount, customer=customer, cause=cause, why=REFUNDED)


def reverse(
    line: Account | None, *, paid: Money, unapplied: Money, customer: str, cause: str, reason: str
) -> Decision[Account]:
    """Take back money that did not come after all (退票, 冲销): debts and money on account are as before.

    `paid` is what it had settled on credit, discounts included; `unapplied` what was still on account.
    """
    amounts = {"paid": -paid, "unapplied": -unapplied}
    return _moved(line, amounts, (paid, unapplied), customer=customer, cause=cause, unbounded=reason)


def _leaves(line: Account | None, amount: Money, *, customer: str, cause: str, why: str) -> Decision[Account]:
    """Take money from the account for what is no debt.

    Money that was relied upon for open orders may leave the line over its limit: that warns, and later
    orders are held.
    """
    moved = _moved(line, {"unapplied": -amount}, (amount,), customer=customer, cause=cause, unbounded=why)
    return accept(moved.value or empty_line(customer, amount.currency), moved, _exceeded(line, amount))


def _exceeded(line: Account | None, more: Money) -> tuple[Reason, ...]:
    if line is None or isinstance(line, ForeignCredit) or line.currency != more.currency:
        return ()
    if not exposure_of(line).short(more):
        return ()
    after = line.exposure + more
    return (LIMIT_BELOW_EXPOSURE(line.id, field="limit", observed=after, expected=line.limit),)


def _moved(
    line: Account | None,
    amounts: Mapping[str, Money],
    given: tuple[Money, ...],
    *,
    customer: str,
    cause: str,
    unbounded: str = "",
) -> Decision[Account]:
    """Move counters by what is not zero; `given` are the amounts as handed in, none of them negative."""
    current = line or empty_line(customer, given[0].currency)
    unfit = [reason for amount in given for reason in check_amount(current, amount, subject=cause)]
    if unfit:
        return accept(current, unfit)
    moves = {name: amount for name, amount in amounts.items() if amount}
    if not moves:
        return accept(current)
    movement = Add(kind=CreditLine, id=customer, amounts=moves, cause=cause, unbounded=unbounded)
    new = save(current) if line is None else ()
    return accept(current, _not_below_zero(current, moves), new, add(movement))


def _not_below_zero(line: Account, moves: Mapping[str, Money]) -> tuple[Reason, ...]:
    after = {name: getattr(line, name) + amount for name, amount in moves.items()}
    return tuple(
        BELOW_ZERO(line.id, field=name, named=schema_of(CreditLine).field(name).label, observed=amount)
        for name, amount in after.items()
        if amount.is_negative
    )
