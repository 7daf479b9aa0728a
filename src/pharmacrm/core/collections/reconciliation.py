"""Reconciliation with the general ledger (总账核对): our receivables beside the host's control account."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Annotated

from attrs import field, frozen

from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.strict import Limit, strict


@frozen(kw_only=True, field_transformer=strict)
class LedgerBalance:
    """What the host's books say that a customer owes; `item` names one receivable of it, '' for all."""

    customer: Annotated[str, Limit(64)]
    item: Annotated[str, Limit(200, empty=True)] = ""
    amount: Money


def as_balances(value: Sequence[LedgerBalance]) -> tuple[LedgerBalance, ...]:
    """Check the host's balances: each customer and item once (`ledger.twice`), all of `LedgerBalance`."""
    if type(value) not in {tuple, list} or not all(type(each) is LedgerBalance for each in value):
        raise MalformedInput("list.type", "a list of LedgerBalance is wanted", value=value)
    seen: set[tuple[str, str]] = set()
    for each in value:
        if (each.customer, each.item) in seen:
            message = "a customer and item stand once in a list of balances"
            raise MalformedInput("ledger.twice", message, value=f"{each.customer} {each.item}".strip())
        seen.add((each.customer, each.item))
    return tuple(value)


@frozen(kw_only=True)
class LedgerDifference:
    """A customer, or one item of a customer, of which the books differ."""

    customer: str
    item: str
    ours: Money
    theirs: Money

    @property
    def difference(self) -> Money:
        """What the host's books have more."""
        return self.theirs - self.ours


@frozen(kw_only=True)
class LedgerReconciliation:
    """Our receivables beside the host's control account on a day (应收账款核对).

    `theirs` is the control account, `listed` the sum of the balances that the host gave for it. The
    differences sum to listed - ours, and `unlisted` is what the control account has beyond its list.
    """

    as_of: date
    currency: str
    ours: Money
    theirs: Money
    listed: Money
    differences: tuple[LedgerDifference, ...] = field(factory=tuple)

    @property
    def agrees(self) -> bool:
        """Whether control account, list and our receivables are one amount, customer by customer."""
        return not self.differences and self.ours == self.theirs == self.listed

    @property
    def unlisted(self) -> Money:
        """What stands on the control account, and in no balance that the host gave."""
        return self.theirs - self.listed


def reconcile(
    ours: Mapping[tuple[str, str], Money],
    theirs: Iterable[LedgerBalance],
    control: Money,
    *,
    as_of: date,
    currency: str,
) -> LedgerReconciliation:
    """Compare what is open by customer and item with the host's list.

    A customer that the host lists without items is compared as a whole; a customer that the host does not
    list owes nothing there.
    """
    given = {(each.customer, each.item): each.amount for each in theirs}
    whole = {customer for customer, item in given if not item}
    mine: dict[tuple[str, str], Money] = {}
    nothing = Money.zero(currency)
    for (customer, item), amount in ours.items():
        key = (customer, "" if customer in whole else item)
        mine[key] = mine.get(key, nothing) + amount
    differences = [
        LedgerDifference(
            customer=key[0], item=key[1], ours=mine.get(key, nothing), theirs=given.get(key, nothing)
        )
        for key in sorted(mine.keys() | given.keys())
    ]
    return LedgerReconciliation(
        as_of=as_of,
        currency=currency,
        ours=Money.total(ours.values(), currency),
        theirs=control,
        listed=Money.total(given.values(), currency),
        differences=tuple(each for each in differences if each.difference),
    )
