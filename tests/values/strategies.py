"""Hypothesis strategies for payment terms, amounts of money and work calendars."""

from datetime import date
from itertools import pairwise

from hypothesis import strategies as st

from pharmacrm.core.kernel.calendar import WEEKENDS, Roll, WorkCalendar
from pharmacrm.core.kernel.money import Money, Percentage
from pharmacrm.core.values.terms import (
    REST,
    DayOfMonthAfter,
    Due,
    EarlyDiscount,
    EndOfMonthAfter,
    EndOfMonthThenNet,
    Fixed,
    Monthly,
    MonthsAfter,
    Net,
    NetThenEndOfMonth,
    OnOrder,
    Part,
    PaymentTerms,
    Share,
)

WHOLE = 1_000_000

_days = st.integers(0, 120) | st.integers(0, 3650)
_months = st.integers(1, 12)

dues: st.SearchStrategy[Due] = st.one_of(
    st.just(OnOrder()),
    st.builds(Net, _days),
    st.builds(NetThenEndOfMonth, _days),
    st.builds(EndOfMonthThenNet, _days),
    st.builds(MonthsAfter, _months),
    st.builds(EndOfMonthAfter, st.integers(0, 12)),
    st.builds(DayOfMonthAfter, st.integers(1, 31), _months),
    st.builds(Monthly, _months),
)
anchors = st.dates(date(2000, 1, 1), date(2100, 12, 31))
amounts = st.builds(
    Money.of_minor,
    st.integers(-200, 200) | st.integers(-(10**15), 10**15),
    st.sampled_from(["CNY", "JPY", "KWD"]),
)
rolls = st.sampled_from(Roll)
fixed_amounts = st.builds(Fixed, st.integers(1, 10**9).map(str))
"""Whole numbers, so that they fit every currency."""


@st.composite
def calendars(draw: st.DrawFn) -> WorkCalendar:
    exceptions = draw(st.dictionaries(anchors, st.booleans(), max_size=20))
    published = draw(st.none() | st.frozensets(st.integers(2000, 2100), max_size=40))
    return WorkCalendar("drawn", exceptions, published=published) if draw(st.booleans()) else WEEKENDS


@st.composite
def _discounts(draw: st.DrawFn, due: Due) -> tuple[EarlyDiscount, ...]:
    if isinstance(due, OnOrder):
        return ()
    days = sorted(draw(st.sets(st.integers(0, due.earliest), max_size=3)))
    several = st.sets(st.integers(1, WHOLE), min_size=len(days), max_size=len(days))
    units = sorted(draw(several), reverse=True)
    return tuple(EarlyDiscount(Percentage.of_units(unit), day) for unit, day in zip(units, days, strict=True))


@st.composite
def _shares(draw: st.DrawFn) -> list[Share]:
    """Percentages are the gaps between cuts of 100 %; with a rest one of the gaps is the rest."""
    cuts = sorted(draw(st.sets(st.integers(1, WHOLE - 1), max_size=5)))
    shares: list[Share] = [Percentage.of_units(b - a) for a, b in pairwise([0, *cuts, WHOLE])]
    if not draw(st.booleans()):
        return shares
    shares[draw(st.integers(0, len(shares) - 1))] = REST
    return list(draw(st.permutations(shares + draw(st.lists(fixed_amounts, max_size=2)))))


@st.composite
def _part(draw: st.DrawFn, share: Share) -> Part:
    due = draw(dues)
    return Part(share, due, draw(_discounts(due)))


@st.composite
def payment_terms(draw: st.DrawFn) -> PaymentTerms:
    parts = tuple(draw(_part(share)) for share in draw(_shares()))
    return PaymentTerms(parts, draw(st.just(30) | st.integers(0, 3650)))
