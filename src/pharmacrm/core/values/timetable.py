"""The dates of payment terms: due dates and last discount dates for one anchor, without any amount.

They are computed once for terms and anchor and filled with any number of amounts: see `schedule`. Dates
that are not working days are rolled, never before the anchor (XT-24).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from operator import attrgetter
from typing import TypeAlias

from attrs import evolve, frozen

from pharmacrm.core.kernel.calendar import WEEKENDS, Roll, WorkCalendar
from pharmacrm.core.kernel.dates import add_days, as_date, end_of_month
from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.kernel.money import Percentage
from pharmacrm.core.values.paying_days import ANY_DAY, PayingDays
from pharmacrm.core.values.splitting import Splitter
from pharmacrm.core.values.terms import Baseline, Fixed, Part, PartKind, PaymentTerms
from pharmacrm.core.values.terms.chain import by_amount, counts_working_days, numbered

Dates: TypeAlias = Mapping[Baseline, date | str] | Mapping[str, date | str]
"""The dates of events, by the event or by its word: `{"acceptance": "2026-07-06"}`."""

NO_DATES: Dates = {}
NO_YEARS: frozenset[int] = frozenset()


@frozen
class Offer:
    """A discount of a slot: until when it is promised, until when it is granted, and how much it is."""

    until: date
    granted_until: date
    off: Percentage | Fixed


@frozen
class Slot:
    """One due date of the part with this index; `unpublished` has the years the calendar did not know.

    It is due date `number`, from 0, of `times` that share the amount of the part equally.
    """

    part: int
    kind: PartKind
    due: date
    offers: tuple[Offer, ...] = ()
    unpublished: frozenset[int] = frozenset()
    number: int = 0
    times: int = 1


@frozen
class Days:
    """How a date becomes a business date: moved for the customer, rolled, and never before the anchor."""

    calendar: WorkCalendar = WEEKENDS
    roll: Roll = Roll.FOLLOWING
    paying: PayingDays = ANY_DAY

    def business(self, day: date, anchor: date) -> tuple[date, frozenset[int]]:
        """Roll a date by the work calendar, never before the anchor; and the years it does not know."""
        rolled = self.calendar.roll(day, self.roll)
        return max(rolled.day, anchor), NO_YEARS if rolled.known else self._unknown(day, rolled.day)

    def payable(self, day: date, anchor: date) -> tuple[date, frozenset[int]]:
        """Move a due date to a day on which the customer pays, then to a working day on which it is open.

        A day of payment that is no working day is paid on the one that it is rolled to.
        """
        if self.paying.any_day:
            return self.business(day, anchor)
        due, years = self.business(self.paying.move(max(day, anchor)), anchor)
        forward = evolve(self, roll=Roll.FOLLOWING)
        while (opened := self.paying.opens(due)) != due:
            due, more = forward.business(opened, anchor)
            years |= more
        return due, years

    def counted(self, part: Part, anchor: date, until: date) -> frozenset[int]:
        """The unpublished years in which working days were counted for a part."""
        if not counts_working_days(part.due):
            return NO_YEARS
        return self._unknown(*(date(year, 1, 1) for year in range(anchor.year, until.year + 1)))

    def _unknown(self, *days: date) -> frozenset[int]:
        return frozenset(day.year for day in days if not self.calendar.knows(day))


@frozen
class Timetable:
    """The due dates of terms for one anchor, ready for any amount: see `fill`.

    `slots` are in the order of their dates. `assumed` names the events whose dates were not known, and were
    taken to be the anchor. `cut` has the parts that are cut into instalments of a fixed amount.
    """

    terms: PaymentTerms
    slots: tuple[Slot, ...]
    assumed: tuple[Baseline, ...]
    splitter: Splitter
    days: Days
    starts: tuple[date, ...]
    cut: frozenset[int]
    unpublished: bool
    """Whether some slot lies in a year that the calendar does not know."""

    def numbered(self, index: int, times: int) -> tuple[Slot, ...]:
        """The slots of a part whose number of instalments depends on the amount."""
        part = self.terms.parts[index]
        dates = numbered(part.due, times).dates(self.starts[index], self.days.calendar)
        return tuple(_slots(self.terms, index, self.starts[index], dates, self.days))


def timetable(
    terms: PaymentTerms,
    *,
    anchor: date,
    calendar: WorkCalendar = WEEKENDS,
    roll: Roll = Roll.FOLLOWING,
    prepaid_on: date | None = None,
    dates: Dates = NO_DATES,
    paying: PayingDays = ANY_DAY,
) -> Timetable:
    """Compute the due dates of `plan` without an amount, to use them for many.

    The last few hundred are remembered: bills of one day under the same terms share their dates.
    """
    known = _known(dates) if dates != NO_DATES else {}
    if prepaid_on is not None:
        known[Baseline.ORDER] = as_date(prepaid_on)
    return _computed(terms, as_date(anchor), frozenset(known.items()), Days(calendar, roll, paying))


_DATED = [each for each in Baseline if each.event is each is not Baseline.DOCUMENT]
_EVENTS: dict[Baseline | str, Baseline] = {word: each for each in _DATED for word in (each, each.value)}


def _known(dates: Dates) -> dict[Baseline, date]:
    if not isinstance(dates, Mapping):
        message = "dates are given by their event"
        raise MalformedInput("terms.format", message, field="dates", value=dates)
    return dict(map(_event, dates.items()))


def _event(given: tuple[Baseline | str, date | str]) -> tuple[Baseline, date]:
    """Read an event and its date; one that is none is named."""
    word, day = given
    event = _EVENTS.get(word)
    if event is None:
        known = ", ".join(each.value for each in _DATED)
        raise MalformedInput("choice.unknown", f"one of {known} is wanted", field="dates", value=word)
    try:
        return event, as_date(day)
    except MalformedInput as error:
        raise error.inside(f"dates.{event.value}") from None


@lru_cache(maxsize=512)
def _computed(
    terms: PaymentTerms, anchor: date, dates: frozenset[tuple[Baseline, date]], days: Days
) -> Timetable:
    known = {Baseline.DOCUMENT: anchor, **dict(dates)}
    starts = tuple(_start(part, known) for part in terms.parts)
    slots = [
        slot
        for index, (part, start) in enumerate(zip(terms.parts, starts, strict=True))
        for slot in _slots(terms, index, start, part.due.dates(start, days.calendar), days)
    ]
    slots.sort(key=_due)
    return Timetable(
        terms=terms,
        slots=tuple(slots),
        assumed=tuple(event for event in terms.anchors if event.event not in known),
        splitter=Splitter.of(terms),
        days=days,
        starts=starts,
        cut=frozenset(index for index, part in enumerate(terms.parts) if by_amount(part.due)),
        unpublished=any(slot.unpublished for slot in slots),
    )


_due = attrgetter("due")


def _start(part: Part, known: Mapping[Baseline, date]) -> date:
    """The date that a part counts from; an event that has not happened is taken to be the document's."""
    event = Baseline.ORDER if part.kind is PartKind.PREPAY else part.anchor.event
    day = known.get(event, known[Baseline.DOCUMENT])
    return end_of_month(day) if part.anchor is Baseline.STATEMENT_MONTH else day


def _slots(terms: PaymentTerms, index: int, start: date, dates: Sequence[date], days: Days) -> Iterator[Slot]:
    part = terms.parts[index]
    kind = part.kind
    if kind is PartKind.PREPAY:
        yield Slot(index, kind, start)
        return
    untils = [days.business(add_days(start, each.within_days), start) for each in part.discounts]
    promised = NO_YEARS.union(*(years for _, years in untils))
    for number, raw in enumerate(dates):
        due, years = days.payable(raw, start)
        offers = tuple(_offers(terms, part, (min(until, due) for until, _ in untils))) if untils else ()
        unpublished = years | promised | days.counted(part, start, raw)
        yield Slot(index, kind, due, offers, unpublished, number, len(dates))


def _offers(terms: PaymentTerms, part: Part, untils: Iterable[date]) -> Iterator[Offer]:
    grace = terms.discounting.grace_days
    for discount, until in zip(part.discounts, untils, strict=True):
        yield Offer(until, add_days(until, grace), discount.off)
