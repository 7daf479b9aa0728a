"""The figures of the story: the same for the same scale, however often it is told."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from attrs import frozen

from pharmacrm.core.approvals import Hold
from pharmacrm.core.credit import CreditLine
from pharmacrm.core.customers import Customer
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.orders import OrderState, OutboundSlip, SalesOrder
from pharmacrm.core.receivables import Ageing, AgeingReport, Receipt
from pharmacrm.crm import PharmaCRM
from pharmacrm.demo.cast import AUDITOR
from pharmacrm.demo.questions import RefusedFor, RefusedSoFar

CNY = "CNY"
T = TypeVar("T")


@frozen(kw_only=True)
class Figures:
    """What stands in the books at the end of the story, as the auditor reads it."""

    customers: Mapping[str, Customer]
    orders: tuple[SalesOrder, ...]
    slips: tuple[OutboundSlip, ...]
    receipts: tuple[Receipt, ...]
    lines: tuple[CreditLine, ...]
    holds: tuple[Hold, ...]
    refused: tuple[RefusedFor, ...]
    ageing: Ageing

    @property
    def by_state(self) -> Mapping[OrderState, tuple[int, Money]]:
        """How many orders stand where, and their worth."""
        return {
            state: (len(held), total(held, lambda one: one.total))
            for state in OrderState
            if (held := [order for order in self.orders if order.state is state])
        }

    @property
    def shipped(self) -> Money:
        """The worth of everything that was shipped."""
        return total(self.slips, lambda slip: slip.amount)

    @property
    def received(self) -> Money:
        """The money that came in and stayed."""
        return total((one for one in self.receipts if one.reversed_on is None), lambda one: one.amount)

    def top_customers(self, most: int = 8) -> list[tuple[Customer, int, Money]]:
        """Who was shipped most: the customer, the number of slips, and their worth."""
        worth: Counter[str] = Counter()
        for slip in self.slips:
            worth[slip.buyer] += slip.amount.minor
        number = Counter(slip.buyer for slip in self.slips)
        best = sorted(worth.items(), key=lambda pair: (-pair[1], pair[0]))[:most]
        return [(self.customers[id], number[id], Money.of_minor(minor, CNY)) for id, minor in best]


def total(found: Iterable[T], amount: Callable[[T], Money]) -> Money:
    """Add amounts up."""
    return Money.total((amount(one) for one in found), CNY)


def figures(crm: PharmaCRM) -> Figures:
    """Read the books."""
    return Figures(
        customers={one.id: one for one in crm.find(Customer, actor=AUDITOR)},
        orders=tuple(crm.find(SalesOrder, actor=AUDITOR)),
        slips=tuple(crm.find(OutboundSlip, actor=AUDITOR)),
        receipts=tuple(crm.find(Receipt, actor=AUDITOR)),
        lines=tuple(crm.find(CreditLine, actor=AUDITOR)),
        holds=tuple(crm.find(Hold, actor=AUDITOR)),
        refused=crm.ask(RefusedSoFar(), actor=AUDITOR),
        ageing=crm.ask(AgeingReport(), actor=AUDITOR),
    )
