"""The dates of payment terms: due dates and last discount dates for one anchor, without any amount.

They are computed once for terms and anchor and filled with any number of amounts: see `schedule`. Dates
that are not working days are rolled, never before the anchor (XT-24).
"""

from collections.abc import Iterable, Iterator
from datetime import date

from attrs import frozen

from pharmacrm.core.kernel.calendar import WEEKENDS, Roll, WorkCalendar
from pharmacrm.core.kernel.dates import add_days, as_date
from pharmacrm.core.kernel.money import Percentage
from pharmacrm.core.values.terms import EarlyDiscount, Part, PartKind, PaymentTerms


@frozen
class Slot:
    """One due date of the part with this index; `unpublished` has the years the calendar did not know."""

    part: int
    kind: PartKind
    due: date
    offers: tuple[tuple[date, Percentage], ...] = ()
    unpublished: frozenset[int] = frozenset()


@frozen
class Timetable:
    """The due dates of terms for one anchor, ready for any amount: see `fill`."""

    terms: PaymentTerms
    slots: tuple[Slot, ...]


@frozen
class _Days:
    """How a date becomes a business date: rolled by the calendar, and never before the anchor."""

    anchor: date
    calendar: WorkCalendar
    roll: Roll

    def business(self, day: date) -> date:
        return max(self.calendar.roll(day, self.roll).day, self.anchor)

    def unpublished(self, days: Iterable[date]) -> frozenset[int]:
        rolled = ((day, self.calendar.roll(day, self.roll)) for day in days)
        years = {each for day, moved in rolled if not moved.known for each in (day, moved.day)}
        return frozenset(day.year for day in years if not self.calendar.knows(day))


def timetable(
    terms: PaymentTerms,
    *,
    anchor: date,
    calendar: WorkCalendar = WEEKENDS,
    roll: Roll = Roll.FOLLOWING,
    prepaid_on: date | None = None,
) -> Timetable:
    """Compute the due dates of `plan` without an amount, to use them for many."""
    days = _Days(as_date(anchor), calendar, roll)
    ordered = days.anchor if prepaid_on is None else as_date(prepaid_on)
    slots = [slot for index, part in enumerate(terms.parts) for slot in _slots(index, part, days, ordered)]
    return Timetable(terms, tuple(sorted(slots, key=lambda slot: slot.due)))


def _slots(index: int, part: Part, days: _Days, ordered: date) -> Iterator[Slot]:
    if part.kind is PartKind.PREPAY:
        yield Slot(index, part.kind, ordered)
        return
    untils = [add_days(days.anchor, discount.within_days) for discount in part.discounts]
    for raw in part.due.dates(days.anchor):
        due = days.business(raw)
        offers = _offers(part.discounts, [min(days.business(until), due) for until in untils])
        yield Slot(index, part.kind, due, offers, days.unpublished([raw, *untils]))


def _offers(
    discounts: Iterable[EarlyDiscount], untils: Iterable[date]
) -> tuple[tuple[date, Percentage], ...]:
    return tuple((until, discount.percent) for discount, until in zip(discounts, untils, strict=True))
