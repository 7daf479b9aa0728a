"""Ageing where the rows are: the scheme lowered to a summary that the store carries out (`core.plan`).

Today what is open stands in each instalment. On a past day it is the amount less what was in force then: the
allocations and adjustments that had been made and not yet undone, and what had been cancelled.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from functools import reduce
from typing import Final

from attrs import evolve

from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.numbers import bounded
from pharmacrm.core.kernel.query import Condition, eq, ge, le, within
from pharmacrm.core.kernel.summary import (
    Arm,
    Case,
    Cell,
    Expression,
    Literal,
    Minus,
    Plus,
    Summary,
    Summed,
    Total,
)
from pharmacrm.core.receivables.ageing import Ageing, AgeingBasis, AgeingScheme
from pharmacrm.core.receivables.model import (
    SETTLED_BY,
    Adjustment,
    Allocation,
    Instalment,
    Receivable,
    Settlement,
)


def _open() -> Expression:
    """What is open of an instalment, as its `open` says it."""
    start: Expression = Cell("amount")
    return reduce(Minus, map(Cell, SETTLED_BY), start)


OPEN: Final = _open()


def open_then(day: date, customer: str = "") -> Expression:
    """What was open of an instalment at the end of a day, as `ageing.open_on` says it.

    With a `customer` only what settled theirs is added up, whatever else the store has.
    """
    left: Expression = Cell("amount")
    for total in (
        _in_force(Allocation, Plus(Cell("amount"), Cell("discount")), day, customer),
        _in_force(Adjustment, Cell("amount"), day, customer),
    ):
        left = Minus(left, total)
    gone = Arm((le("cancelled_on", day),), Cell("cancelled"))
    return Minus(left, Case((gone,), Literal(0)))


def _in_force(kind: type[Settlement], settles: Expression, day: date, customer: str) -> Total:
    """What settlements of a kind had taken off by a day; what was undone by then does not count."""
    undone = Arm((le("undone_on", day),), Literal(0))
    theirs = (within(Receivable, "id", eq("customer", customer), on="receivable"),) if customer else ()
    return Total(kind=kind, on="instalment", value=Case((undone,), settles), where=(le("on", day), *theirs))


def lowered(
    scheme: AgeingScheme,
    *,
    as_of: date,
    currency: str,
    customer: str = "",
    where: tuple[Condition, ...] = (),
    by: tuple[str, ...] = (),
    today: bool = True,
) -> Summary:
    """Give the summary of what is open in a currency, by age on a day; the class is the bucket's place.

    What is open now counts, or what was open on that day if it is not `today`. Days are compared, never
    computed, by the database: the first day of each bucket is a value.
    """
    mine = (eq("customer", customer),) if customer else ()
    unsettled = (eq("settled", value=False),) if today else ()
    left = OPEN if today else open_then(as_of, customer)
    return Summary(
        kind=Instalment,
        currency=currency,
        where=(*unsettled, le("opened_on", as_of), *mine, *where),
        by=by,
        classes=_bucket(scheme, as_of),
        sums=(left,),
        unless_zero=Literal(1) if today else left,
    )


def _bucket(scheme: AgeingScheme, as_of: date) -> Case:
    """The place of the bucket in which an instalment lies."""
    day = "due" if scheme.basis is AgeingBasis.DUE else "opened_on"
    lasts = [bucket.last for bucket in scheme.buckets("CNY") if bucket.last is not None]
    arms = tuple(Arm((ge(day, as_of - timedelta(last)),), Literal(place)) for place, last in enumerate(lasts))
    return Case(arms, Literal(len(lasts)))


def aged(groups: Iterable[Summed], scheme: AgeingScheme, *, as_of: date, currency: str) -> Ageing:
    """Put the groups of one currency into their buckets."""
    buckets = list(scheme.buckets(currency))
    for group in groups:
        bucket = buckets[group.of_class]
        amount = Money.of_minor(bounded(bucket.amount.minor + group.sums[0], "money"), currency)
        buckets[group.of_class] = evolve(bucket, amount=amount, items=bucket.items + group.entities)
    return Ageing(as_of, currency, tuple(buckets))
