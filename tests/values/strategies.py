"""Hypothesis strategies for payment terms, amounts of money and work calendars."""

from datetime import date
from itertools import pairwise

from attrs import evolve
from hypothesis import strategies as st

from pharmacrm.core.kernel.calendar import WEEKENDS, Roll, WorkCalendar
from pharmacrm.core.kernel.money import Money, Percentage
from pharmacrm.core.values.terms import (
    REST,
    AmountPolicy,
    Base,
    Baseline,
    CutOff,
    DayOfMonth,
    DayOfMonthAfter,
    DiscountBase,
    DiscountPolicy,
    Due,
    EarlyDiscount,
    EndOfMonthAfter,
    EndOfMonthThenNet,
    Fixed,
    InMonth,
    Interval,
    Monthly,
    MonthsAfter,
    Net,
    NetThenEndOfMonth,
    OnOrder,
    OnWeekday,
    Overrun,
    Part,
    PartialPayment,
    PaymentDays,
    PaymentTerms,
    Portion,
    Rounding,
    Share,
    Unit,
    WeeksAfter,
    WorkingDaysAfter,
    chain,
    every,
)

WHOLE = 1_000_000

_days = st.integers(0, 120) | st.integers(0, 3650)
_months = st.integers(1, 12)

_intervals = st.builds(Interval, st.integers(1, 12), st.sampled_from(Unit))
fixed_amounts = st.builds(Fixed, st.integers(1, 10**9).map(str))
"""Whole numbers, so that they fit every currency."""
_payment_days = st.builds(
    PaymentDays, st.sets(st.integers(1, 31), min_size=1, max_size=4).map(lambda days: tuple(sorted(days)))
)
single_steps: st.SearchStrategy[Due] = st.one_of(
    st.builds(Net, _days),
    st.builds(WeeksAfter, st.integers(1, 60)),
    st.builds(WorkingDaysAfter, st.integers(1, 40)),
    st.builds(MonthsAfter, _months),
    st.builds(EndOfMonthAfter, st.integers(0, 12)),
    st.builds(DayOfMonthAfter, st.integers(1, 31), _months),
    st.builds(DayOfMonth, st.integers(1, 31)),
    st.builds(OnWeekday, st.integers(1, 7)),
    _payment_days,
    st.builds(CutOff, st.integers(1, 30)),
    st.builds(InMonth, st.integers(1, 12)),
    st.builds(NetThenEndOfMonth, _days),
    st.builds(EndOfMonthThenNet, _days),
)
several: st.SearchStrategy[Due] = st.one_of(
    st.builds(Monthly, _months), st.builds(every, st.integers(1, 24), _intervals)
)
chains: st.SearchStrategy[Due] = st.builds(
    lambda steps, more: chain(*steps, *more),
    st.lists(single_steps, min_size=2, max_size=3),
    st.lists(several, max_size=1),
)
plain_dues: st.SearchStrategy[Due] = st.one_of(st.just(OnOrder()), single_steps, several)
dues: st.SearchStrategy[Due] = st.one_of(plain_dues, chains)
anchors = st.dates(date(1900, 3, 1), date(2100, 12, 31))
"""With room for the longest terms before the last year, 2200."""
amounts = st.builds(
    Money.of_minor,
    st.integers(-200, 200) | st.integers(-(10**15), 10**15),
    st.sampled_from(["CNY", "JPY", "KWD"]),
)
rolls = st.sampled_from(Roll)


@st.composite
def calendars(draw: st.DrawFn) -> WorkCalendar:
    exceptions = draw(st.dictionaries(anchors, st.booleans(), max_size=20))
    published = draw(st.none() | st.frozensets(st.integers(2000, 2100), max_size=40))
    return WorkCalendar("drawn", exceptions, published=published) if draw(st.booleans()) else WEEKENDS


@st.composite
def _discounts(draw: st.DrawFn, due: Due) -> tuple[EarlyDiscount, ...]:
    if isinstance(due, OnOrder):
        return ()
    days = sorted(draw(st.sets(st.integers(0, min(max(due.earliest, 0), 3650)), max_size=3)))
    several = st.sets(st.integers(1, WHOLE), min_size=len(days), max_size=len(days))
    units = sorted(draw(several), reverse=True)
    amounts = draw(st.booleans())
    offs = [Fixed(f"{unit}") if amounts else Percentage.of_units(unit) for unit in units]
    return tuple(EarlyDiscount(off, day) for off, day in zip(offs, days, strict=True))


_others = st.one_of(
    fixed_amounts,
    st.builds(Portion, st.integers(1, 100_000_000), st.sampled_from([Base.UNTAXED, Base.REST])),
)


@st.composite
def _shares(draw: st.DrawFn) -> list[Share]:
    """Percentages are the gaps between cuts of 100 %; with a rest one of the gaps is the rest."""
    cuts = sorted(draw(st.sets(st.integers(1, WHOLE - 1), max_size=5)))
    shares: list[Share] = [Percentage.of_units(b - a) for a, b in pairwise([0, *cuts, WHOLE])]
    if not draw(st.booleans()):
        return shares
    shares[draw(st.integers(0, len(shares) - 1))] = REST
    return list(draw(st.permutations(shares + draw(st.lists(_others, max_size=2)))))


@st.composite
def _part(draw: st.DrawFn, share: Share) -> Part:
    due = draw(dues)
    if isinstance(due, OnOrder):
        return Part(share, due)
    anchor = draw(st.just(Baseline.DOCUMENT) | st.sampled_from(Baseline))
    if draw(st.integers(0, 5)) == 0:
        return Part(share, due, (), anchor, retained=True)
    return Part(share, due, draw(_discounts(due)), anchor)


amount_policies = st.builds(
    AmountPolicy, st.sampled_from(Rounding), st.sampled_from([Overrun.STOP, Overrun.NEGATIVE])
)
discount_policies = st.builds(
    DiscountPolicy, st.sampled_from(DiscountBase), st.integers(0, 60), st.sampled_from(PartialPayment)
)


@st.composite
def payment_terms(draw: st.DrawFn) -> PaymentTerms:
    """Terms as they are agreed, without switches that change the signs of amounts."""
    parts = tuple(draw(_part(share)) for share in draw(_shares()))
    return PaymentTerms(parts, draw(st.just(30) | st.integers(0, 3650)))


@st.composite
def switched_terms(draw: st.DrawFn) -> PaymentTerms:
    """Any terms, with any switches."""
    terms = draw(payment_terms())
    return evolve(terms, amounts=draw(amount_policies), discounting=draw(discount_policies))
