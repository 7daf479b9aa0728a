"""Credit lines and reservations (信用额度, 信用占用) as they are stored."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, ClassVar, TypeVar

from attrs import evolve, frozen

from pharmacrm.core.credit.dated import DEFAULT_RULE, CreditLimit, LimitRule, limit_on, next_change
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.record import Bound, Column, Counter, Record
from pharmacrm.core.values.exchange import Exchange


@frozen(kw_only=True)
class CreditAccount(Record):
    """What a customer and a group have alike: a limit, and counters of what is owed under it.

    The counters only move by additions: `reserved` for open orders, `posted` for what was shipped on credit,
    `paid` for what was settled of that, `unapplied` for money on account. `unbilled` is the part of what was
    posted and not paid that no invoice covers yet; it is no addend of its own. A limit of 0 means no credit;
    `unlimited` is said explicitly. `reason` is that of the last change of the limit.

    `limit` is what `limits` make on the day it was last looked at; `changes_on` is the next day on which they
    make another one. `inherits` says that a default stands in for a base limit of its own.
    """

    bound: ClassVar[Bound | None] = Bound(
        plus=("reserved", "posted"), minus=("paid", "unapplied"), limit="limit"
    )

    limit: Annotated[Money, Column(zh="信用额度")]
    limits: Annotated[tuple[CreditLimit, ...], Column(zh="额度明细")] = ()
    changes_on: Annotated[date | None, Column(index=True, zh="额度变动日")] = None
    inherits: Annotated[bool, Column(zh="默认额度")] = False
    unlimited: Annotated[bool, Column(zh="不限额")] = False
    blocked: Annotated[bool, Column(zh="停止授信")] = False
    reason: Annotated[str, Column(length=2000, zh="原因")] = ""
    reserved: Annotated[Money, Counter(), Column(zh="订单占用")]
    posted: Annotated[Money, Counter(), Column(zh="累计发货")]
    paid: Annotated[Money, Counter(), Column(zh="累计核销")]
    unapplied: Annotated[Money, Counter(), Column(zh="未核销收款")]
    unbilled: Annotated[Money, Counter(), Column(zh="发出未开票")]

    @property
    def exposure(self) -> Money:
        """What the customer owes or will owe: reserved + posted - paid - unapplied (信用占用)."""
        return self.reserved + self.posted - self.paid - self.unapplied

    @property
    def receivable(self) -> Money:
        """What was shipped on credit, invoiced, and is not paid: posted - paid - unbilled (应收账款)."""
        return self.posted - self.paid - self.unbilled

    @property
    def currency(self) -> str:
        """The one currency of the account."""
        return self.limit.currency


@frozen(kw_only=True)
class CreditLine(CreditAccount):
    """How much a customer may owe (信用额度), and what the customer owes; the id is the customer's.

    A member of a `group` may owe what the line says, and all members together what the group says.
    """

    group: Annotated[str | None, Column(length=64, index=True, zh="授信集团")] = None


@frozen(kw_only=True)
class CreditGroup(CreditAccount):
    """Customers that share a limit (集团授信): its counters are the sums of its members'.

    An `unlimited` group shares nothing but its policy.
    """

    name: Annotated[str, Column(zh="名称")] = ""


A = TypeVar("A", bound=CreditAccount)


def in_force(account: A, day: date, *, rule: LimitRule = DEFAULT_RULE, inherited: Money | None = None) -> A:
    """Bring the limit of an account to a day: what its dated limits make then (XT-26).

    Without a base limit of its own it has the inherited one. A limit without a date stays as it is.
    """
    if not account.limits and account.limit and not account.inherits:
        return account
    found = limit_on(account.limits, day, currency=account.currency, rule=rule, inherited=inherited)
    return evolve(
        account,
        limit=found.amount,
        changes_on=next_change(account.limits, day),
        inherits=found.inherited is not None,
    )


class ReservationState(StrEnum):
    """Whether a reservation still holds credit, ran out of time, or is used up or released."""

    ACTIVE = "active"
    EXPIRED = "expired"
    CLOSED = "closed"

    @property
    def zh(self) -> str:
        """The Chinese name."""
        return _RESERVATION_STATE_ZH[self]


_RESERVATION_STATE_ZH = {
    ReservationState.ACTIVE: "占用中",
    ReservationState.EXPIRED: "已失效",
    ReservationState.CLOSED: "已结束",
}


@frozen(kw_only=True)
class Worth:
    """What is still reserved counts for in the currency of the line, and the rate that was last taken."""

    amount: Money
    exchange: Exchange


@frozen(kw_only=True)
class Reservation(Record):
    """The credit that an order holds; its id is `{order}/credit`.

    `amount` is everything ever reserved for the order: what was `posted` by slips, what was `released`, and
    what is open. It lapses at `expires_at`. `worth` says what is open counts for in the currency of the line,
    if that is another one.
    """

    customer: Annotated[str, Column(index=True, zh="客户")]
    order: Annotated[str, Column(index=True, zh="订单")]
    amount: Annotated[Money, Column(zh="占用金额")]
    posted: Annotated[Money, Column(zh="已发货")]
    released: Annotated[Money, Column(zh="已释放")]
    state: Annotated[ReservationState, Column(length=8, index=True, zh="状态")] = ReservationState.ACTIVE
    expires_at: Annotated[datetime, Column(index=True, zh="失效时间")]
    worth: Annotated[Worth | None, Column(zh="折算占用")] = None

    @property
    def open(self) -> Money:
        """What is still reserved: amount - posted - released."""
        return self.amount - self.posted - self.released


def reservation_id(order: str) -> str:
    """Name the reservation of an order."""
    return f"{order}/credit"


def empty_group(group: str, currency: str) -> CreditGroup:
    """Make a group that shares no limit, with counters of 0."""
    nothing = Money.zero(currency)
    return CreditGroup(
        id=group,
        limit=nothing,
        unlimited=True,
        reserved=nothing,
        posted=nothing,
        paid=nothing,
        unapplied=nothing,
        unbilled=nothing,
    )


def empty_line(customer: str, currency: str) -> CreditLine:
    """Make the line of a customer who has no credit: limit 0, counters 0."""
    nothing = Money.zero(currency)
    return CreditLine(
        id=customer,
        limit=nothing,
        reserved=nothing,
        posted=nothing,
        paid=nothing,
        unapplied=nothing,
        unbilled=nothing,
    )
