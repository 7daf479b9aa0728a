"""What one process does, deed by deed, drawn from a seed: its own orders, the accounts of all."""

import random
import time
from collections.abc import Callable
from typing import Any

from attrs import Factory, define, evolve, frozen

from pharmacrm.core.credit import SetCreditGroup, SetCreditLimit
from pharmacrm.core.flows.collection import AllocateReceipt, RegisterReceipt
from pharmacrm.core.flows.ending import CancelOrder, CloseOrder
from pharmacrm.core.flows.invoicing import RecordInvoice
from pharmacrm.core.flows.placing import PlaceOrder
from pharmacrm.core.flows.release import ApproveOrder
from pharmacrm.core.flows.reopening import ReopenOrder
from pharmacrm.core.flows.returning import AcceptReturn
from pharmacrm.core.flows.shipping import IssueSlip
from pharmacrm.core.kernel.decision import Outcome
from pharmacrm.core.kernel.errors import Conflict
from pharmacrm.core.kernel.message import Command
from pharmacrm.core.kernel.money import Money, Percentage
from pharmacrm.core.orders import ReturnCause, ReturnItem, SlipItem
from pharmacrm.core.rates import RecordExchangeRate
from pharmacrm.core.receivables import InvoicedLine
from pharmacrm.crm import PharmaCRM
from pharmacrm.crm.trying import wait_before
from pharmacrm.testing.company import SIGNERS, an_order
from pharmacrm.testing.oversell.races import TRIES

SALES, FINANCE, WAREHOUSE, LEAD = "zhang.san", "qian.qi", "sun.ba", "zhao.liu"
STEP = 80
"""Tablets for 100 yuan; orders and slips are multiples of it."""

HUNDRED = Money(100, "CNY")
GROUP = "G-1"
VAT = Percentage("13%")


@frozen
class Deed:
    """One deed, what became of it, and how long it took."""

    name: str
    outcome: str
    seconds: float


@frozen
class Field:
    """Where the processes meet: customers, of whom the first are the group's, and what one limit is about.

    Some of them buy and pay in dollars, at a rate that changes; their limits are in yuan.
    """

    buyers: tuple[str, ...]
    members: int
    steps: int
    dollars: frozenset[str] = frozenset()

    def hundred(self, buyer: str) -> Money:
        """A hundred in the currency in which a customer buys."""
        return Money(100, self.currency(buyer))

    def currency(self, buyer: str) -> str:
        """The currency in which a customer buys."""
        return "USD" if buyer in self.dollars else "CNY"


@define
class Hand:
    """One process: its door, its luck, and the documents that it has made."""

    crm: PharmaCRM
    field: Field
    number: int
    luck: random.Random
    made: int = 0
    placed: list[tuple[str, str, int]] = Factory(list)
    shipped: list[tuple[str, str, int]] = Factory(list)
    closed: list[str] = Factory(list)

    def id(self, prefix: str) -> str:
        """A name that no other process gives."""
        self.made += 1
        return f"{prefix}-{self.number}-{self.made}"

    def do(self, command: Command[Any], actor: str) -> Outcome:
        """One command through the door, with the door's own retries and a key."""
        return self.crm.do(command, actor=actor, key=self.id("K")).outcome

    def _order(self, id: str, buyer: str, quantity: int) -> PlaceOrder:
        order = an_order(id, buyer=buyer, quantity=quantity, product="ATO-20")
        return evolve(order, currency=self.field.currency(buyer))

    # ------------------------------------------------------------------------------------------- the deeds

    def order(self) -> Outcome:
        """Reserve: an order of 100 to 400 yuan."""
        id, buyer, steps = self.id("SO"), self.luck.choice(self.field.buyers), self.luck.randint(1, 4)
        outcome = self.do(self._order(id, buyer, STEP * steps), SALES)
        if outcome is Outcome.ALLOWED:
            self.placed.append((id, buyer, steps))
        return outcome

    def block(self) -> Outcome:
        """Orders of several accounts in one transaction, in any order, so that locks could cross."""
        buyers = self.luck.sample(self.field.buyers, k=2)
        ids = [self.id("SO") for _ in buyers]
        for attempt in range(TRIES):
            wait_before(attempt)
            try:
                with self.crm.work(actor=SALES) as work:
                    answers = [
                        work.do(self._order(id, buyer, STEP), key=f"{id}-{attempt}")
                        for id, buyer in zip(ids, buyers, strict=True)
                    ]
            except Conflict:
                if attempt == TRIES - 1:
                    raise
            else:
                for id, buyer, answer in zip(ids, buyers, answers, strict=True):
                    if answer.allowed:
                        self.placed.append((id, buyer, 1))
                return max((answer.outcome for answer in answers), key=list(Outcome).index)
        raise AssertionError("the loop returns or raises")

    def ship(self) -> Outcome:
        """Post: the release of an order is signed, and a part of it leaves."""
        if not self.placed:
            return self.order()
        id, buyer, steps = self.placed.pop(self.luck.randrange(len(self.placed)))
        for signer in SIGNERS:
            self.do(ApproveOrder(order=id), signer)
        quantity = STEP * self.luck.randint(1, steps)
        slip = self.id("OUT")
        outcome = self.do(IssueSlip(order=id, id=slip, items=(SlipItem(1, "L1", quantity),)), WAREHOUSE)
        if outcome is Outcome.ALLOWED:
            self.shipped.append((slip, buyer, quantity))
            if quantity < STEP * steps and self.luck.random() < 0.5:  # noqa: PLR2004 - every other rest is closed
                self.do(CloseOrder(order=id, reason="余下不要"), LEAD)
                self.closed.append(id)
        return outcome

    def end(self) -> Outcome:
        """Release: an order is cancelled, and gives its credit back."""
        if not self.placed:
            return self.order()
        id, _, _ = self.placed.pop(self.luck.randrange(len(self.placed)))
        return self.do(CancelOrder(order=id), SALES)

    def reopen(self) -> Outcome:
        """A closed order is taken up again, and reserves what was left of it."""
        if not self.closed:
            return self.ship()
        id = self.closed.pop(self.luck.randrange(len(self.closed)))
        return self.do(ReopenOrder(order=id, reason="客户又要"), LEAD)

    def invoice(self) -> Outcome:
        """Some of the goods of a slip are invoiced."""
        if not self.shipped:
            return self.order()
        slip, buyer, quantity = self.luck.choice(self.shipped)
        some = self.luck.randint(1, quantity // STEP) * STEP // 2
        gross = self.field.hundred(buyer).share(some, STEP)
        tax = VAT.included_in(gross)
        lines = (InvoicedLine(slip, 1, some, gross - tax, tax),)
        today = self.crm.clock.now().date()
        return self.do(RecordInvoice(id=self.id("F"), customer=buyer, issued_on=today, lines=lines), FINANCE)

    def give_back(self) -> Outcome:
        """Some goods come back."""
        if not self.shipped:
            return self.order()
        slip, _, quantity = self.luck.choice(self.shipped)
        items = (ReturnItem(1, self.luck.randint(1, quantity // 2)),)
        return self.do(
            AcceptReturn(id=self.id("RET"), slip=slip, items=items, cause=ReturnCause.SURPLUS), WAREHOUSE
        )

    def pay(self) -> Outcome:
        """Money comes in, and settles what is due first."""
        buyer, id = self.luck.choice(self.field.buyers), self.id("R")
        amount = self.field.hundred(buyer).share(self.luck.randint(1, 300), 100)
        today = self.crm.clock.now().date()
        name = f"示例医院{buyer}"
        money = RegisterReceipt(id=id, payer=buyer, payer_name=name, amount=amount, value_date=today)
        came = self.do(money, FINANCE)
        return self.do(AllocateReceipt(receipt=id), FINANCE) if came is Outcome.ALLOWED else came

    def limit(self) -> Outcome:
        """A customer's limit is raised, or lowered, also below what is owed."""
        limit = HUNDRED * self.luck.randint(0, 2 * self.field.steps)
        return self.do(
            SetCreditLimit(customer=self.luck.choice(self.field.buyers), limit=limit, reason="调整"), FINANCE
        )

    def rate(self) -> Outcome:
        """The dollar is worth something else today."""
        worth = f"{self.luck.randint(1, 3)}.{self.luck.randint(0, 9999):04}"
        return self.do(dollar(self.crm, worth), FINANCE)

    def pool(self) -> Outcome:
        """The group's limit is another one."""
        limit = HUNDRED * self.luck.randint(0, 2 * self.field.steps * self.field.members)
        return self.do(SetCreditGroup(group=GROUP, name="示例集团", limit=limit, reason="调整"), FINANCE)


def dollar(crm: PharmaCRM, worth: str) -> RecordExchangeRate:
    """What a dollar is worth in yuan today."""
    return RecordExchangeRate(base="USD", quote="CNY", rate=worth, as_of=crm.clock.now().date())


DEEDS: tuple[tuple[int, Callable[[Hand], Outcome]], ...] = (
    (32, Hand.order),
    (14, Hand.block),
    (12, Hand.ship),
    (10, Hand.end),
    (2, Hand.reopen),
    (8, Hand.invoice),
    (3, Hand.give_back),
    (8, Hand.pay),
    (6, Hand.limit),
    (3, Hand.pool),
    (2, Hand.rate),
)
"""How often each deed is drawn, of 100."""


def act(hand: Hand, runs: int) -> list[Deed]:
    """So many deeds, one after the other; whatever an error is, it is reported."""
    done: list[Deed] = []
    weights, deeds = zip(*DEEDS, strict=True)
    for _ in range(runs):
        (deed,) = hand.luck.choices(deeds, weights)
        start = time.perf_counter()
        try:
            outcome = str(deed(hand))
        except Exception as error:  # noqa: BLE001 - a caller would have got it: that is what is looked for
            outcome = f"{type(error).__name__}: {error}"
        done.append(Deed(deed.__name__, outcome, time.perf_counter() - start))
    return done
