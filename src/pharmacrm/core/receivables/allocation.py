"""Allocation of a receipt to instalments (核销): never more than is open on either side."""

from collections.abc import Iterable, Sequence
from datetime import date

from attrs import evolve, frozen

from pharmacrm.core.kernel.decision import Decision, accept, refuse, save, tell, touch
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.reason import Reason
from pharmacrm.core.receivables.discounts import discount_for
from pharmacrm.core.receivables.events import ReceiptAllocated
from pharmacrm.core.receivables.model import Allocation, Instalment, Receipt, Receivable
from pharmacrm.core.receivables.reasons import (
    RECEIPT_NOT_CLEARED,
    RECEIPT_ON_ACCOUNT,
    RECEIPT_OVER_ALLOCATED,
    RECEIPT_REVERSED,
)
from pharmacrm.core.receivables.strategies import AllocationStrategy, spread
from pharmacrm.core.receivables.targets import Target, check_target
from pharmacrm.core.values.terms import PartKind


@frozen
class Allocated:
    """A receipt after allocations were made or undone, these allocations, and their sums."""

    receipt: Receipt
    allocations: tuple[Allocation, ...] = ()

    @property
    def credit(self) -> Money:
        """Money for what was shipped on credit."""
        return self._sum(part.amount for part in self.allocations if part.kind.on_credit)

    @property
    def prepaid(self) -> Money:
        """Money for prepayments."""
        return self._sum(part.amount for part in self.allocations if part.kind is PartKind.PREPAY)

    @property
    def discount(self) -> Money:
        """Early payment discounts: on credit, and no money."""
        return self._sum(part.discount for part in self.allocations)

    def _sum(self, amounts: Iterable[Money]) -> Money:
        return Money.total(amounts, self.receipt.amount.currency)


def allocate(
    receipt: Receipt,
    receivables: Iterable[Receivable],
    instalments: Sequence[Instalment],
    wanted: Sequence[Target] | None = None,
    *,
    on: date,
    strategy: AllocationStrategy = AllocationStrategy.OLDEST_DUE,
    take_discounts: bool = False,
) -> Decision[Allocated]:
    """Allocate a cleared receipt to named instalments, or by a strategy to what is open, or say why not.

    What is left stays on account (`receipt.on_account`). `receivables` are those of the instalments: their
    versions guard them. `take_discounts` is for the strategy; a named target says it itself.
    """
    receivables = tuple(receivables)
    kinds = {each.id: each.kind for each in receivables}
    targets = (
        spread(strategy, receipt, instalments, kinds, on=on, take_discounts=take_discounts)
        if wanted is None
        else tuple(wanted)
    )
    found = list(check_receipt(receipt, targets))
    current = {part.id: part for part in instalments}
    made: list[Allocation] = []
    for target in targets:
        part = current.get(target.instalment)
        unfit = check_target(receipt, part, target)
        found.extend(unfit)
        if part is not None and not unfit:
            made.append(_allocation(receipt, part, target, number=receipt.allocations + len(made) + 1, on=on))
            current[part.id] = settle(part, made[-1].amount, made[-1].discount)
    if found:
        return refuse(*found)
    changed = [current[part.id] for part in instalments if current[part.id] != part]
    return _stored(receipt, made, changed, receivables)


def _stored(
    receipt: Receipt, made: list[Allocation], changed: list[Instalment], receivables: Iterable[Receivable]
) -> Decision[Allocated]:
    total = Money.total((part.amount for part in made), receipt.amount.currency)
    count = receipt.allocations + len(made)
    after = evolve(receipt, allocated=receipt.allocated + total, allocations=count)
    event = ReceiptAllocated(subject=receipt.id, customer=receipt.payer)
    return accept(
        Allocated(after, tuple(made)),
        (RECEIPT_ON_ACCOUNT(receipt.id, field="amount", observed=after.open),) if after.open else (),
        save(after, *made, *changed) if made else (),
        touched(receivables, changed),
        tell(event) if made else (),
    )


def touched(receivables: Iterable[Receivable], changed: Iterable[Instalment]) -> Decision[None]:
    """Raise the version of every receivable of which an instalment changed."""
    ids = {part.receivable for part in changed}
    return accept(None, *(touch(each) for each in receivables if each.id in ids))


def check_receipt(receipt: Receipt, targets: Sequence[Target]) -> tuple[Reason, ...]:
    """Say why a receipt cannot be allocated so: it is reversed, not cleared, or has too little left."""
    if receipt.reversed_on is not None:
        return (RECEIPT_REVERSED(receipt.id, field="reversed_on", observed=receipt.reversed_on),)
    found = []
    if not receipt.cleared:
        found.append(RECEIPT_NOT_CLEARED(receipt.id, field="cleared"))
    currency = receipt.amount.currency
    wanted = Money.total((t.amount for t in targets if t.amount.currency == currency), currency)
    if wanted > receipt.open:
        found.append(
            RECEIPT_OVER_ALLOCATED(receipt.id, field="amount", observed=wanted, expected=receipt.open)
        )
    return tuple(found)


def settle(part: Instalment, amount: Money, discount: Money) -> Instalment:
    """Add an amount and a discount to an instalment, or take them away if negative."""
    after = evolve(part, allocated=part.allocated + amount, discount_taken=part.discount_taken + discount)
    return evolve(after, settled=not after.open)


def _allocation(receipt: Receipt, part: Instalment, target: Target, *, number: int, on: date) -> Allocation:
    nothing = Money.zero(receipt.amount.currency)
    return Allocation(
        id=f"{receipt.id}/{number}",
        receipt=receipt.id,
        number=number,
        receivable=part.receivable,
        instalment=part.id,
        kind=part.kind,
        amount=target.amount,
        discount=discount_for(part, receipt, target.amount) if target.take_discount else nothing,
        on=on,
    )
