"""What a customer owes in other currencies than that of the limit (外币信用占用).

Each currency has an account of its own beside the credit line, which counts what that is worth. What comes in
is counted at the rate of the day, rounded against the customer. What leaves takes its share of what stands:
an order its share of its own reservation, a payment its share of all debts (移动加权平均). So nothing owed is
nothing counted, whatever rates were. Later rates are for what is reserved anew, and for `revalued`.
"""

from collections.abc import Mapping
from typing import Annotated, Final

from attrs import evolve, frozen

from pharmacrm.core.credit.model import CreditLine, Worth
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.record import Column, Record
from pharmacrm.core.values.exchange import Exchange

COUNTERS: Final = ("reserved", "posted", "paid", "unapplied", "unbilled")


@frozen(kw_only=True)
class Counted:
    """What the sums of a foreign account count for on the credit line, in its currency."""

    reserved: Money
    posted: Money
    paid: Money
    unapplied: Money
    unbilled: Money

    @property
    def exposure(self) -> Money:
        """Reserved + posted - paid - unapplied."""
        return self.reserved + self.posted - self.paid - self.unapplied


@frozen(kw_only=True)
class ForeignCredit(Record):
    """What a customer owes in a foreign currency, and what it counts for; the id is `{customer}/{currency}`.

    The sums mean what those of a credit line do. `counted` is part of the counters of the line.
    """

    customer: Annotated[str, Column(length=64, index=True, zh="客户")]
    reserved: Annotated[Money, Column(zh="订单占用")]
    posted: Annotated[Money, Column(zh="累计发货")]
    paid: Annotated[Money, Column(zh="累计核销")]
    unapplied: Annotated[Money, Column(zh="未核销收款")]
    unbilled: Annotated[Money, Column(zh="发出未开票")]
    counted: Annotated[Counted, Column(zh="折算计入")]

    @property
    def exposure(self) -> Money:
        """What is owed in the currency: reserved + posted - paid - unapplied."""
        return self.reserved + self.posted - self.paid - self.unapplied

    @property
    def receivable(self) -> Money:
        """What was shipped on credit, invoiced, and is not paid."""
        return self.posted - self.paid - self.unbilled

    @property
    def currency(self) -> str:
        """The currency of the account."""
        return self.reserved.currency


Account = CreditLine | ForeignCredit
"""Where an amount is booked: on the line itself, or in the account of its currency beside it."""


def foreign_id(customer: str, currency: str) -> str:
    """Name the account of a customer in a currency: `H-001/USD`."""
    return f"{customer}/{currency}"


def empty_account(customer: str, currency: str, line_currency: str) -> ForeignCredit:
    """Make an account of nothing."""
    nothing, none = Money.zero(currency), Money.zero(line_currency)
    return ForeignCredit(
        id=foreign_id(customer, currency),
        customer=customer,
        reserved=nothing,
        posted=nothing,
        paid=nothing,
        unapplied=nothing,
        unbilled=nothing,
        counted=Counted(**dict.fromkeys(COUNTERS, none)),
    )


def moved(
    account: ForeignCredit, amounts: Mapping[str, Money], exchange: Exchange, *, left: Money | None = None
) -> tuple[ForeignCredit, dict[str, Money]]:
    """Move an account by amounts of its currency; also gives what that moves on the credit line.

    `left` is what the open orders that leave counted for; without it they take their share of all of them.
    Goods that leave take what their order counted for to the debts. Else what comes in is worth what the rate
    of the day says: debts rounded up, money on account down. The unbilled part of the debts stands for its
    share of them.
    """
    after = evolve(account, **{name: getattr(account, name) + amount for name, amount in amounts.items()})
    nothing = Money.zero(exchange.target)
    by = dict.fromkeys(COUNTERS, nothing)
    asked = {name: amounts.get(name, Money.zero(account.currency)) for name in COUNTERS}
    by["reserved"] = _orders(account, asked["reserved"], exchange) if left is None else -left
    by["posted"] = _posted(account, asked, by["reserved"], exchange)
    by["paid"] = _paid(
        evolve(account, posted=after.posted), asked["paid"], account.counted.posted + by["posted"]
    )
    by["unapplied"] = _on_account(account, asked["unapplied"], exchange)
    counted = evolve(
        account.counted, **{name: getattr(account.counted, name) + by[name] for name in COUNTERS}
    )
    debts = after.posted - after.paid
    unbilled = _share(counted.posted - counted.paid, after.unbilled, debts)
    by["unbilled"] = unbilled - account.counted.unbilled
    after = evolve(after, counted=evolve(counted, unbilled=unbilled))
    return after, {name: amount for name, amount in by.items() if amount}


def revalued(
    account: ForeignCredit, exchange: Exchange, reserved: Money
) -> tuple[ForeignCredit, dict[str, Money]]:
    """Bring what is open in an account to the rate of the day; also gives what that moves on the line.

    `reserved` is what the reservations count for at that rate. Debts are rounded up, money on account down.
    What was paid stays what it counted for.
    """
    old = account.counted
    debts = exchange.up(account.posted - account.paid)
    new = evolve(
        old,
        reserved=reserved,
        posted=old.paid + debts,
        unapplied=exchange.down(account.unapplied),
        unbilled=_share(debts, account.unbilled, account.posted - account.paid),
    )
    by = {name: getattr(new, name) - getattr(old, name) for name in COUNTERS}
    return evolve(account, counted=new), {name: amount for name, amount in by.items() if amount}


def _orders(account: ForeignCredit, more: Money, exchange: Exchange) -> Money:
    if more.is_negative:
        return -_share(account.counted.reserved, -more, account.reserved)
    return exchange.up(more)


def _posted(account: ForeignCredit, asked: Mapping[str, Money], reserved: Money, exchange: Exchange) -> Money:
    more = asked["posted"]
    if more.is_negative:
        return -_share(account.counted.posted - account.counted.paid, -more, account.posted - account.paid)
    return -reserved if more and more == -asked["reserved"] else exchange.up(more)


def _paid(account: ForeignCredit, more: Money, posted: Money) -> Money:
    """What settles takes its share of the debts; what is owed again, its share of what was settled."""
    if more.is_negative:
        return -_share(account.counted.paid, -more, account.paid)
    return _share(posted - account.counted.paid, more, account.posted - account.paid)


def _on_account(account: ForeignCredit, more: Money, exchange: Exchange) -> Money:
    if more.is_negative:
        return -_share(account.counted.unapplied, -more, account.unapplied)
    return exchange.down(more)


def share_of(worth: Worth | None, part: Money, whole: Money, exchange: Exchange) -> Money:
    """What a part of a reservation counts for: its share of what the whole does."""
    return Money.zero(exchange.target) if worth is None else _share(worth.amount, part, whole)


def _share(counted: Money, part: Money, whole: Money) -> Money:
    """The share of a part in what the whole counts for; all of it for all."""
    if part == whole or not whole:
        return counted
    return counted.share(part.minor, whole.minor)
