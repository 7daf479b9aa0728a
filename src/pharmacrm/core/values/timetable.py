"""The dates of payment terms: due dates and last discount dates for one anchor, without any amount.

They are computed once for terms and anchor and filled with any number of amounts: see `schedule`. Dates
that are not working days are rolled, never before the anchor (XT-24).
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from attrs import field, frozen

from pharmacrm.core.kernel.calendar import WEEKENDS, Roll, WorkCalendar
from pharmacrm.core.kernel.dates import add_days, as_date, end_of_month
from pharmacrm.core.kernel.money import Percentage
from pharmacrm.core.values.paying_days import ANY_DAY, PayingDays
from pharmacrm.core.values.splitting import Splitter
from pharmacrm.core.values.terms import Baseline, EarlyDiscount, Part, PartKind, PaymentTerms
from pharmacrm.core.values.terms.chain import counts_working_days, numbered

NO_DATES: Mapping[Baseline, date] = {}


@frozen
class Offer:
    """A discount of a slot: until when it is promised, until when it is granted, and its percentage."""

    until: date
    granted_until: date
    percent: Percentage


@frozen
class Slot:
    """One due date of the part with this index; `unpublished` has the years the calendar did not know."""

    part: int
    kind: PartKind
    due: date
    offers: tuple[Offer, ...] = ()
    unpublished: frozenset[int] = frozenset()


@frozen
class Days:
    """How a date becomes a business date: moved for the customer, rolled, and never before the anchor."""

    calendar: WorkCalendar = WEEKENDS
    roll: Roll = Roll.FOLLOWING
    paying: PayingDays = ANY_DAY

    def business(self, day: date, anchor: date) -> date:
        """Roll a date by the work calendar, never before the anchor."""
        return max(self.calendar.roll(day, self.roll).day, anchor)

    def payable(self, day: date, anchor: date) -> date:
        """Move a due date to a day on which the customer pays, which is a working day as well."""
        if self.paying == ANY_DAY:
            return self.business(day, anchor)
        moved = self.paying.move(max(day, anchor))
        rolled = self.business(moved, anchor)
        while self.paying.move(rolled) != rolled and rolled > moved:
            moved = self.paying.move(rolled)
            rolled = self.business(moved, anchor)
        return rolled

    def unpublished(self, days: Iterable[date]) -> frozenset[int]:
        """The years of these dates, or of the dates they roll to, that the calendar does not know."""
        rolled = ((day, self.calendar.roll(day, self.roll)) for day in days)
        years = {each for day, moved in rolled if not moved.known for each in (day, moved.day)}
        return frozenset(day.year for day in years if not self.calendar.knows(day))

    def counted(self, part: Part, anchor: date, until: date) -> frozenset[int]:
        """The unpublished years in which working days were counted for a part."""
        if not counts_working_days(part.due):
            return frozenset()
        firsts = (date(year, 1, 1) for year in range(anchor.year, until.year + 1))
        return frozenset(first.year for first in firsts if not self.calendar.knows(first))


@frozen
class Timetable:
    """The due dates of terms for one anchor, ready for any amount: see `fill`.

    `assumed` names the events whose dates were not known, and were taken to be the anchor.
    """

    terms: PaymentTerms
    slots: tuple[Slot, ...]
    assumed: tuple[Baseline, ...]
    splitter: Splitter
    days: Days
    starts: tuple[date, ...]
    grouped: tuple[tuple[Slot, ...], ...] = field(init=False)

    @grouped.default
    def _by_part(self) -> tuple[tuple[Slot, ...], ...]:
        parts = range(len(self.terms.parts))
        return tuple(tuple(slot for slot in self.slots if slot.part == index) for index in parts)

    def numbered(self, index: int, times: int) -> tuple[Slot, ...]:
        """The slots of a part whose number of instalments depends on the amount."""
        part = self.terms.parts[index]
        dates = numbered(part.due, times).dates(self.starts[index], self.days.calendar)
        return tuple(self._slots(index, dates))

    def _slots(self, index: int, dates: Iterable[date]) -> Iterator[Slot]:
        return _slots(self.terms, index, self.starts[index], dates, self.days)


def timetable(
    terms: PaymentTerms,
    *,
    anchor: date,
    calendar: WorkCalendar = WEEKENDS,
    roll: Roll = Roll.FOLLOWING,
    prepaid_on: date | None = None,
    dates: Mapping[Baseline, date] = NO_DATES,
    paying: PayingDays = ANY_DAY,
) -> Timetable:
    """Compute the due dates of `plan` without an amount, to use them for many."""
    days = Days(calendar, roll, paying)
    known = {Baseline.DOCUMENT: as_date(anchor)}
    known |= {event: as_date(day) for event, day in dates.items()}
    if prepaid_on is not None:
        known[Baseline.ORDER] = as_date(prepaid_on)
    starts = tuple(_start(part, known) for part in terms.parts)
    slots = [
        slot
        for index, part in enumerate(terms.parts)
        for slot in _slots(terms, index, starts[index], part.due.dates(starts[index], calendar), days)
    ]
    ordered = tuple(sorted(slots, key=lambda slot: slot.due))
    missing = tuple(event for event in terms.anchors if _event(event) not in known)
    return Timetable(terms, ordered, missing, Splitter.of(terms), days, starts)


def _event(anchor: Baseline) -> Baseline:
    """The event whose date an anchor is made of."""
    return Baseline.STATEMENT if anchor is Baseline.STATEMENT_MONTH else anchor


def _start(part: Part, known: Mapping[Baseline, date]) -> date:
    """The date that a part counts from; an event that has not happened is taken to be the document's."""
    event = Baseline.ORDER if part.kind is PartKind.PREPAY else _event(part.anchor)
    day = known.get(event, known[Baseline.DOCUMENT])
    return end_of_month(day) if part.anchor is Baseline.STATEMENT_MONTH else day


def _slots(terms: PaymentTerms, index: int, start: date, dates: Iterable[date], days: Days) -> Iterator[Slot]:
    part = terms.parts[index]
    if part.kind is PartKind.PREPAY:
        yield Slot(index, part.kind, start)
        return
    untils = [add_days(start, discount.within_days) for discount in part.discounts]
    grace = terms.discounting.grace_days
    for raw in dates:
        due = days.payable(raw, start)
        last = [min(days.business(until, start), due) for until in untils]
        years = days.unpublished([raw, *untils]) | days.counted(part, start, raw)
        yield Slot(index, part.kind, due, _offers(part.discounts, last, grace), years)


def _offers(discounts: Iterable[EarlyDiscount], untils: Iterable[date], grace: int) -> tuple[Offer, ...]:
    return tuple(
        Offer(until, add_days(until, grace), discount.percent)
        for discount, until in zip(discounts, untils, strict=True)
    )
