"""Term sets of Tryton: `account.invoice.payment_term` with its lines and their deltas.

    {"name": ..., "lines": [{"type": "percent" | "percent_on_total" | "fixed" | "remainder",
      "ratio": ..., "amount": ..., "currency": ..., "relativedeltas": [{"months": ..., "weeks": ...,
      "days": ..., "day": ..., "month": 1 to 12, "weekday": 0 to 6, Monday 0}]}]}

A delta sets the month, adds months, sets the day, adds weeks and days, and goes to the weekday, in this
order. Amounts round half to even and stop at what is left. A month means the next such month from the date's
own on: where Tryton goes back to a month that has passed, before the document, we go forward.
"""

from collections.abc import Iterator, Sequence

from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.values.term_sets.imported import (
    ImportedTerms,
    due_of,
    fixed,
    part_of,
    percent,
    terms_of,
)
from pharmacrm.core.values.term_sets.rows import Document, Row, read
from pharmacrm.core.values.terms import (
    REST,
    Base,
    DayOfMonth,
    DayOfMonthAfter,
    Due,
    EndOfMonthAfter,
    InMonth,
    MonthsAfter,
    Net,
    OnWeekday,
    Overrun,
    Part,
    Rounding,
    Share,
    WeeksAfter,
)

LAST_DAY = 31


def from_tryton(document: Document, *, currency: str = "") -> ImportedTerms:
    """Read one payment term of Tryton; raises `terms.import` naming the line, `terms.days` and so on.

    A fixed amount in another currency than `currency` is refused, if that is given.
    """
    term = read(document)
    lines = list(term.rows("lines"))
    parts = [_part(line, first=not number, currency=currency) for number, line in enumerate(lines)]
    if not parts or parts[-1].share is not REST:
        raise term.refused("lines", "the last line of Tryton's terms is the remainder")
    terms = terms_of("lines", parts, rounding=Rounding.HALF_EVEN, overrun=Overrun.STOP)
    return ImportedTerms(term.text("name"), terms)


def _part(line: Row, *, first: bool, currency: str) -> Part:
    steps = [step for delta in line.rows("relativedeltas") for step in _steps(delta)]
    return part_of(line, _share(line, first=first, currency=currency), due_of(line, steps))


def _share(line: Row, *, first: bool, currency: str) -> Share:
    match line.text("type"):
        case "remainder":
            return REST
        case "percent":  # of the remainder, which is the total for the first line
            return percent(line, "ratio", line.number("ratio") * 100, Base.TOTAL if first else Base.REST)
        case "percent_on_total":
            return percent(line, "ratio", line.number("ratio") * 100)
        case "fixed":
            if currency and line.text("currency", currency) != currency:
                raise line.refused("currency", f"the amount is not in {currency}")
            return fixed(line, "amount")
    raise line.refused("type", "a line is percent, percent_on_total, fixed or remainder")


def _steps(delta: Row) -> Sequence[Due]:
    try:
        return list(_read(delta))
    except MalformedInput as error:
        raise error if error.code == "terms.import" else error.inside(delta.path) from None


def _read(delta: Row) -> Iterator[Due]:
    month, months, day = delta.whole("month"), delta.whole("months"), delta.whole("day")
    if month and months:
        raise delta.refused("month", "a month and a number of months cannot both be meant")
    if month:
        yield InMonth(month)
    if day >= LAST_DAY:
        yield EndOfMonthAfter(months)
    elif day:
        yield DayOfMonthAfter(day, months) if months else DayOfMonth(day)
    elif months:
        yield MonthsAfter(months)
    weeks, days = delta.whole("weeks"), delta.whole("days")
    if weeks and not days:
        yield WeeksAfter(weeks)
    elif weeks or days:
        yield Net(weeks * 7 + days)
    if delta.fields.get("weekday") is not None:
        yield OnWeekday(delta.whole("weekday") + 1)
