"""Term sets of OCA's `account_payment_term_extension`: Odoo's with more delays, shares, roundings and dates.

Beside Odoo's fields a line may have `value` "percent_amount_untaxed", `amount_round`, `payment_days` ("5,10",
also with dashes or spaces), and the delays of weeks and months; before 17 `option` with `days`, `weeks` and
`months`. The term may have `sequential_lines` and `holiday_ids` of `holiday` and `date_postponed`.
"""

import re
from collections.abc import Iterator, Mapping

from attrs import evolve

from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.kernel.money import Percentage
from pharmacrm.core.values.paying_days import Closure, PayingDays
from pharmacrm.core.values.term_sets.imported import ImportedTerms, due_of, percent
from pharmacrm.core.values.term_sets.odoo import (
    DELAYS,
    Delay,
    after_end_of,
    line_of_16,
    net,
    odoo_parts,
    odoo_share,
    odoo_terms,
)
from pharmacrm.core.values.term_sets.rows import Document, Row, plain, read
from pharmacrm.core.values.terms import (
    Base,
    DayOfMonth,
    DayOfMonthAfter,
    Due,
    EndOfMonthAfter,
    Fixed,
    MonthsAfter,
    Part,
    PaymentDays,
    PaymentTerms,
    Portion,
    Share,
    WeeksAfter,
)

LAST_DAY = 31
_SEPARATORS = re.compile(r"[ ,-]+")


def from_oca(document: Document) -> ImportedTerms:
    """Read one payment term of Odoo with OCA's extension; raises `terms.import` naming the line."""
    term = read(document)
    lines = [_with_delay(line) for line in term.rows("line_ids")]
    parts = odoo_parts(term, lines, OCA_DELAYS, _share)
    if term.flag("sequential_lines"):
        parts = list(_sequential(lines, parts))
    terms = _rounded(term, lines, odoo_terms(term, parts))
    closures = tuple(map(_holiday, term.rows("holiday_ids")))
    return ImportedTerms(term.text("name"), terms, PayingDays(None, closures))


def _with_delay(line: Row) -> Row:
    """Name the delay of a line of before 17, so that every line has one."""
    option = line.text("option")
    if not option:
        return evolve(line, fields={"delay_type": "line_of_16", **line.fields})
    if f"option_{option}" not in OCA_DELAYS:
        raise line.refused("option", "this option is not known")
    return evolve(line, fields={**line.fields, "delay_type": f"option_{option}"})


def _share(line: Row) -> Share:
    if line.text("value") == "percent_amount_untaxed":
        return percent(line, "value_amount", line.number("value_amount"), Base.UNTAXED)
    return odoo_share(line)


def _sequential(lines: list[Row], parts: list[Part]) -> Iterator[Part]:
    """Each line counts from the date of the one before it."""
    so_far: list[Due] = []
    for line, part in zip(lines, parts, strict=True):
        so_far.append(part.due)
        yield evolve(part, due=due_of(line, so_far))


def _rounded(term: Row, lines: list[Row], terms: PaymentTerms) -> PaymentTerms:
    """Round to a multiple, if all percentages are rounded to the same one."""
    shares = zip(lines, terms.parts, strict=True)
    percents = [line for line, part in shares if isinstance(part.share, Percentage | Portion)]
    wanted = {plain(line.number("amount_round")) for line in percents}
    if wanted <= {"0"}:
        return terms
    if len(wanted) > 1:
        raise term.refused("line_ids", "all percentages are rounded to the same multiple, or none")
    return evolve(terms, amounts=evolve(terms.amounts, multiple=Fixed(wanted.pop())))


def _holiday(row: Row) -> Closure:
    try:
        return Closure(row.text("holiday"), row.text("holiday"), row.text("date_postponed"))
    except MalformedInput as error:
        raise error.inside(row.path) from None


def _weeks(line: Row) -> Iterator[Due]:
    if line.whole("nb_days"):
        yield WeeksAfter(line.whole("nb_days"))


def _months(line: Row) -> Iterator[Due]:
    if line.whole("nb_days"):
        yield MonthsAfter(line.whole("nb_days"))


def _end_of_months(line: Row) -> Iterator[Due]:
    yield EndOfMonthAfter(line.whole("nb_days"))


def _after_month(line: Row) -> Iterator[Due]:
    yield EndOfMonthAfter(0)
    yield from net(line, "days")


def _following_month(line: Row) -> Iterator[Due]:
    day = line.whole("days")
    yield EndOfMonthAfter(1) if day >= LAST_DAY else DayOfMonthAfter(day)


def _current_month(line: Row) -> Iterator[Due]:
    day = line.whole("days")
    yield EndOfMonthAfter(0) if day >= LAST_DAY else DayOfMonth(day)


def _payment_days(line: Row) -> Iterator[Due]:
    written = line.text("payment_days").strip(" ,-")
    if not written:
        return
    days = _SEPARATORS.split(written)
    if not all(day.isascii() and day.isdecimal() and len(day) <= len("31") for day in days):
        raise line.refused("payment_days", "payment days are days of a month, such as 5,10")
    try:
        yield PaymentDays(tuple(sorted({int(day) for day in days})))
    except MalformedInput:
        raise line.refused("payment_days", "payment days are days of a month, such as 5,10") from None


def _then_payment_days(delay: Delay) -> Delay:
    def steps(line: Row) -> Iterator[Due]:
        yield from delay(line)
        yield from _payment_days(line)

    return steps


OCA_DELAYS: Mapping[str, Delay] = {
    name: _then_payment_days(delay)
    for name, delay in {
        **DELAYS,
        "weeks_after": _weeks,
        "weeks_after_end_of_month": after_end_of(0, _weeks),
        "weeks_after_end_of_next_month": after_end_of(1, _weeks),
        "months_after": _months,
        "months_after_end_of_month": _end_of_months,
        "line_of_16": line_of_16,
        "option_day_after_invoice_date": line_of_16,
        "option_after_invoice_month": _after_month,
        "option_day_following_month": _following_month,
        "option_day_current_month": _current_month,
    }.items()
}
