"""What bills in hand cover of debts that they have not settled yet: nobody is dunned for that."""

from collections.abc import Iterable, Sequence
from datetime import date

from attrs import frozen

from pharmacrm.core.kernel.money import Money
from pharmacrm.core.receivables.bills import BankBill, BillCounts, BillState
from pharmacrm.core.receivables.model import Instalment


@frozen
class Covered:
    """How much of an instalment a bill in hand covers, and since which day."""

    instalment: str
    on: date
    amount: Money


def in_hand(bill: BankBill, *, on: date) -> bool:
    """Whether a bill was in hand at the end of a day, and had settled nothing by then."""
    gone = [day for day in (bill.moved_on, bill.dishonoured_on) if day is not None and day <= on]
    return bill.counts is BillCounts.AT_MATURITY and bill.received_on <= on and not gone


def covered(bills: Iterable[BankBill], owed: Sequence[Instalment]) -> tuple[Covered, ...]:
    """Lay bills in hand over instalments of their currency, the bill that came first over the first."""
    held = (bill for bill in bills if bill.state is BillState.HELD and bill.counts is BillCounts.AT_MATURITY)
    left = {each.id: each.open for each in owed}
    found = []
    for bill in sorted(held, key=lambda bill: (bill.received_on, bill.id)):
        rest = bill.amount
        for each in owed:
            if each.amount.currency != rest.currency:
                continue
            amount = min(rest, left[each.id])
            if amount.is_positive:
                found.append(Covered(each.id, bill.received_on, amount))
                left[each.id] -= amount
                rest -= amount
    return tuple(found)
