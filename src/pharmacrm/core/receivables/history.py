"""What was owed on a past day, from what happened until then: nothing that was changed later counts."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import cached_property
from itertools import chain
from typing import Final

from attrs import define, field

from pharmacrm.core.kernel.message import Reads
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.query import Condition, eq, is_in, le, within
from pharmacrm.core.receivables.ageing import open_on
from pharmacrm.core.receivables.model import (
    Adjustment,
    AdjustmentKind,
    Allocation,
    Instalment,
    Receivable,
    ReceivableKind,
    Settlement,
)
from pharmacrm.core.values.terms import PartKind

ON_CREDIT: Final = is_in("kind", [kind for kind in PartKind if kind.on_credit])
"""What is owed after shipment, in whatever way: every part that is not prepaid."""


@define(slots=False)
class History:
    """Instalments of one currency that were opened by a day, and everything that lowered them by then."""

    items: Sequence[Instalment]
    settlements: Sequence[Settlement] = field(default=())

    @cached_property
    def by_item(self) -> dict[str, list[Settlement]]:
        """What lowered each instalment."""
        found: dict[str, list[Settlement]] = {item.id: [] for item in self.items}
        for part in self.settlements:
            if part.instalment in found:
                found[part.instalment].append(part)
        return found

    @cached_property
    def allocations(self) -> list[Allocation]:
        """The money among it."""
        return [each for each in self._settled() if isinstance(each, Allocation)]

    @cached_property
    def adjustments(self) -> list[Adjustment]:
        """The documents without money among it."""
        return [each for each in self._settled() if isinstance(each, Adjustment)]

    def _settled(self) -> Iterator[Settlement]:
        return chain.from_iterable(self.by_item.values())

    def rescheduled(self, start: date, through: date, currency: str) -> Money:
        """What only got new due dates in some days: it was opened anew, and is no new debt."""
        moved = (each for each in self.adjustments if each.kind is AdjustmentKind.RESCHEDULING)
        return Money.total((net(each, each.amount, start, through) for each in moved), currency)

    def open_on(self, item: Instalment, day: date) -> Money:
        """What was open of one instalment; nothing before it was opened."""
        if item.opened_on > day:
            return Money.zero(item.amount.currency)
        return open_on(item, self.by_item.get(item.id, ()), day)

    def balance(self, day: date, currency: str) -> Money:
        """What was open in all (应收余额)."""
        return Money.total((self.open_on(item, day) for item in self.items), currency)


def read_history(
    read: Reads, until: date, *, currency: str, customer: str = "", where: Iterable[Condition] = ()
) -> History:
    """Read what was opened by a day, of one customer or of all, and what lowered it by then."""
    mine = (eq("customer", customer),) if customer else ()
    found = read.find(Instalment, le("opened_on", until), *mine, *where)
    items = [item for item in found if item.amount.currency == currency]
    return History(items, settlements_until(read, until, customer) if items else ())


def charges_of(read: Reads, customer: str = "") -> frozenset[str]:
    """The ids of the receivables, of one customer or of all, that are costs or interest for being late."""
    theirs = (eq("customer", customer),) if customer else ()
    kinds = [ReceivableKind.COST, ReceivableKind.INTEREST]
    return frozenset(each.id for each in read.find(Receivable, is_in("kind", kinds), *theirs))


def net(part: Settlement, amount: Money, start: date, through: date) -> Money:
    """What a settlement did in some days: nothing if it was undone in them too, less if only undone."""
    came = start <= part.on <= through
    went = part.undone_on is not None and start <= part.undone_on <= through
    return amount * (came - went)


def settlements_until(read: Reads, until: date, customer: str = "") -> list[Settlement]:
    """Read what lowered, by a day, the debts of one customer, or of all."""
    theirs = (within(Receivable, "id", eq("customer", customer), on="receivable"),) if customer else ()
    made = (le("on", until), *theirs)
    return [*read.find(Allocation, *made), *read.find(Adjustment, *made)]
