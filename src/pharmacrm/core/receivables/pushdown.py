"""Ageing where the rows are: the scheme lowered to a summary that the store carries out (`core.plan`)."""

from collections.abc import Iterable
from datetime import date, timedelta
from functools import reduce
from typing import Final

from attrs import evolve

from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.numbers import bounded
from pharmacrm.core.kernel.query import Condition, eq, ge, le
from pharmacrm.core.kernel.summary import Arm, Case, Cell, Expression, Literal, Minus, Summary, Summed
from pharmacrm.core.receivables.ageing import Ageing, AgeingBasis, AgeingScheme
from pharmacrm.core.receivables.model import SETTLED_BY, Instalment


def _open() -> Expression:
    """What is open of an instalment, as its `open` says it."""
    start: Expression = Cell("amount")
    return reduce(Minus, map(Cell, SETTLED_BY), start)


OPEN: Final = _open()


def lowered(
    scheme: AgeingScheme,
    *,
    as_of: date,
    currency: str,
    where: tuple[Condition, ...] = (),
    by: tuple[str, ...] = (),
) -> Summary:
    """Give the summary of what is open now in a currency, by age on a day; the class is the bucket's place.

    Days are compared, never computed, by the database: the first day of each bucket is a value.
    """
    day = "due" if scheme.basis is AgeingBasis.DUE else "opened_on"
    *younger, _ = scheme.buckets(currency)
    arms = tuple(
        Arm((ge(day, as_of - timedelta(bucket.last or 0)),), Literal(place))
        for place, bucket in enumerate(younger)
    )
    return Summary(
        kind=Instalment,
        currency=currency,
        where=(eq("settled", value=False), le("opened_on", as_of), *where),
        by=by,
        classes=Case(arms, Literal(len(younger))),
        sums=(OPEN,),
    )


def aged(groups: Iterable[Summed], scheme: AgeingScheme, *, as_of: date, currency: str) -> Ageing:
    """Put the groups of one currency into their buckets."""
    buckets = list(scheme.buckets(currency))
    for group in groups:
        bucket = buckets[group.of_class]
        amount = Money.of_minor(bounded(bucket.amount.minor + group.sums[0], "money"), currency)
        buckets[group.of_class] = evolve(bucket, amount=amount, items=bucket.items + group.entities)
    return Ageing(as_of, currency, tuple(buckets))
