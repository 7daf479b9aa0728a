"""Statement of account (对账单): opening balance, movements, closing balance, and what that is made of."""

from collections.abc import Sequence
from datetime import date, timedelta

from attrs import frozen

from pharmacrm.core.collections.ledger import Movement, MovementKind, balance_owed, in_days
from pharmacrm.core.kernel.money import Money


@frozen(kw_only=True)
class StatementLine:
    """One document of the period: what it adds to what is owed (negative: takes off), and what is then."""

    on: date
    kind: MovementKind
    document: str
    amount: Money
    balance: Money
    reverses: bool = False


@frozen(kw_only=True)
class StatementItem:
    """One piece of the closing balance: an open debt, or (negative) money that settles none."""

    document: str
    due: date | None
    amount: Money


@frozen(kw_only=True)
class BillInHand:
    """A bank bill that was in hand at the end of the period: it settles nothing before the bank has paid."""

    bill: str
    acceptor: str
    matures_on: date
    amount: Money


@frozen(kw_only=True)
class Statement:
    """The account of a customer from one day through another, in one currency (对账单).

    Always opening + lines = closing = items. Less than zero is in the customer's favour. `bills` are in hand
    beside it, and take nothing off the balance yet.
    """

    customer: str
    currency: str
    start: date
    through: date
    opening: Money
    lines: tuple[StatementLine, ...]
    closing: Money
    items: tuple[StatementItem, ...]
    bills: tuple[BillInHand, ...] = ()


def statement(
    customer: str,
    movements: Sequence[Movement],
    items: Sequence[StatementItem],
    *,
    start: date,
    through: date,
    currency: str,
    bills: Sequence[BillInHand] = (),
) -> Statement:
    """Write the statement of a period from every movement of the customer through its last day.

    A movement that only moves money between what is owed and what was paid in advance is no line; `items` are
    what is open at the end of the last day.
    """
    opening = balance_owed(movements, currency, through=start - timedelta(days=1))
    running, lines = opening, []
    for each in in_days(movements, start, through):
        if each.owed:
            running += each.owed
            lines.append(
                StatementLine(
                    on=each.on,
                    kind=each.kind,
                    document=each.document,
                    amount=each.owed,
                    balance=running,
                    reverses=each.reverses,
                )
            )
    return Statement(
        customer=customer,
        currency=currency,
        start=start,
        through=through,
        opening=opening,
        lines=tuple(lines),
        closing=running,
        items=tuple(items),
        bills=tuple(bills),
    )
