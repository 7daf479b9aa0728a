"""Ageing (账龄): what is open, by how long it is overdue; the buckets partition it exactly (XT-22).

On 21 November an item due on 22 October is 30 days overdue and lies in 1-30; `lower_inclusive` moves every
edge into the next bucket (1-29, 30-59, ...), as some systems have it.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum
from itertools import pairwise
from typing import Final

from attrs import field, frozen

from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.receivables.model import Instalment, Settlement

EDGES: Final = (30, 60, 90, 120)
FIRST_EDGE: Final = 2
LAST_EDGE: Final = 36_500
"""A hundred years: nothing is older, and a bucket's label stays short."""


class AgeingBasis(StrEnum):
    """Which date ages an item: that on which it was due, or that of its document."""

    DUE = "due"
    DOCUMENT = "document"


def as_edges(value: Sequence[int]) -> tuple[int, ...]:
    """Check the edges of the buckets: whole days, 2 to 36,500, each larger than the last; `ageing.edges`."""
    edges = tuple(value) if isinstance(value, (tuple, list)) else ()
    whole = all(type(edge) is int and FIRST_EDGE <= edge <= LAST_EDGE for edge in edges)
    if not edges or not whole or any(a >= b for a, b in pairwise(edges)):
        message = f"edges are whole days from 2 to {LAST_EDGE}, each larger than the one before"
        raise MalformedInput("ageing.edges", message, field="edges", value=value)
    return edges


@frozen
class AgeingBucket:
    """The open amount of the items from `first` to `last` days of age; None is without end."""

    label: str
    first: int | None
    last: int | None
    amount: Money
    items: int

    def holds(self, days: int) -> bool:
        """Tell whether an age lies in the bucket."""
        return (self.first is None or self.first <= days) and (self.last is None or days <= self.last)


@frozen(kw_only=True)
class AgeingScheme:
    """How ages are counted and cut: edges in days, on which side an edge lies, and which date counts."""

    edges: tuple[int, ...] = field(default=EDGES, converter=as_edges)
    lower_inclusive: bool = False
    basis: AgeingBasis = AgeingBasis.DUE

    def days(self, item: Instalment, as_of: date) -> int:
        """Give the age of an item in days; negative or 0 is not due yet."""
        start = item.due if self.basis is AgeingBasis.DUE else item.opened_on
        return (as_of - start).days

    def buckets(self, currency: str) -> tuple[AgeingBucket, ...]:
        """Give the empty buckets, from not due to the oldest; every whole number of days lies in one."""
        lasts = [edge - self.lower_inclusive for edge in self.edges]
        nothing = Money.zero(currency)
        middle = [
            AgeingBucket(f"{before + 1}-{last}", before + 1, last, nothing, 0)
            for before, last in pairwise([0, *lasts])
        ]
        first = AgeingBucket("not due" if self.basis is AgeingBasis.DUE else "today", None, 0, nothing, 0)
        return (first, *middle, AgeingBucket(f"over {lasts[-1]}", lasts[-1] + 1, None, nothing, 0))


@frozen
class Ageing:
    """What was open on a day, by age; the buckets sum to the total exactly."""

    as_of: date
    currency: str
    buckets: tuple[AgeingBucket, ...]

    @property
    def total(self) -> Money:
        """Everything open."""
        return Money.total((bucket.amount for bucket in self.buckets), self.currency)

    @property
    def overdue(self) -> Money:
        """What has an age of at least one day."""
        return Money.total((bucket.amount for bucket in self.buckets[1:]), self.currency)


@frozen
class CustomerAgeing:
    """What one customer owed on a day, by age."""

    customer: str
    ageing: Ageing


SCHEME: Final = AgeingScheme()


def ageing(
    instalments: Iterable[Instalment],
    *,
    as_of: date,
    currency: str,
    scheme: AgeingScheme = SCHEME,
    settlements: Iterable[Settlement] | None = None,
) -> Ageing:
    """Age what is open on a day; items opened later are left out (账龄分析).

    Without `settlements` what is open now counts; with all of them (allocations and adjustments), what was
    open on that day. All items are in the one currency.
    """
    made = None if settlements is None else _by_instalment(settlements)
    open_ = [
        (scheme.days(item, as_of), item.open if made is None else open_on(item, made.get(item.id, ()), as_of))
        for item in instalments
        if item.opened_on <= as_of
    ]
    buckets = scheme.buckets(currency)
    return Ageing(as_of, currency, tuple(_filled(bucket, open_) for bucket in buckets))


def _by_instalment(settlements: Iterable[Settlement]) -> dict[str, list[Settlement]]:
    found: dict[str, list[Settlement]] = {}
    for part in settlements:
        found.setdefault(part.instalment, []).append(part)
    return found


def _filled(bucket: AgeingBucket, open_: Sequence[tuple[int, Money]]) -> AgeingBucket:
    held = [amount for days, amount in open_ if amount and bucket.holds(days)]
    amount = Money.total(held, bucket.amount.currency)
    return AgeingBucket(bucket.label, bucket.first, bucket.last, amount, len(held))


def open_on(item: Instalment, settlements: Iterable[Settlement], day: date) -> Money:
    """Give what was open of an instalment on a past day, from the days of what lowered it."""
    paid = [
        part.settles
        for part in settlements
        if part.instalment == item.id and part.on <= day and (part.undone_on is None or part.undone_on > day)
    ]
    currency = item.amount.currency
    gone = item.cancelled_on is not None and item.cancelled_on <= day
    return item.amount - Money.total(paid, currency) - (item.cancelled if gone else Money.zero(currency))


def balance(instalments: Iterable[Instalment], currency: str) -> Money:
    """Give what is open in all: receivables less allocations (应收余额)."""
    return Money.total((item.open for item in instalments), currency)
