"""Term sets of Odoo, `account.payment.term`: since 17 by `delay_type`, in 16 by months and days.

    {"name": ..., "early_discount": ..., "discount_percentage": ..., "discount_days": ...,
     "early_pay_discount_computation": "included" | "excluded" | "mixed",
     "line_ids": [{"value": "percent" | "fixed" | "balance", "value_amount": ..., "delay_type": ...,
                   "nb_days": ..., "days_next_month": ...}]}

In 16 a line has `months`, `days`, `end_month`, `days_after` and a discount of its own. Each line rounds half
up, the last one (in 16 the balance) is what is left, and it is negative if fixed amounts are more than all.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence

from attrs import evolve

from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.values.term_sets.imported import (
    ImportedTerms,
    discount_of,
    due_of,
    fixed,
    part_of,
    percent,
    terms_of,
)
from pharmacrm.core.values.term_sets.rows import Document, Row, read
from pharmacrm.core.values.terms import (
    REST,
    DayOfMonthAfter,
    DiscountBase,
    DiscountPolicy,
    Due,
    EarlyDiscount,
    EndOfMonthAfter,
    MonthsAfter,
    Net,
    Overrun,
    Part,
    PaymentTerms,
    Rounding,
    Share,
)

BASES = {
    "": DiscountBase.TOTAL,
    "included": DiscountBase.TOTAL,
    "excluded": DiscountBase.UNTAXED,
    "mixed": DiscountBase.IN_ADVANCE,
}
Delay = Callable[[Row], Iterator[Due]]


def from_odoo(document: Document) -> ImportedTerms:
    """Read one payment term of Odoo 16 or later; raises `terms.import` naming the line."""
    term = read(document)
    parts = odoo_parts(term, list(term.rows("line_ids")), DELAYS, odoo_share)
    return ImportedTerms(term.text("name"), odoo_terms(term, parts))


def odoo_parts(
    term: Row, lines: Sequence[Row], delays: Mapping[str, Delay], share: Callable[[Row], Share]
) -> list[Part]:
    """The parts of a term: the balance, or else the last line, is the rest."""
    if not lines:
        raise term.refused("line_ids", "terms have at least one line")
    balance = [line for line in lines if line.text("value") == "balance"] or lines[-1:]
    return [
        part_of(
            line,
            REST if line is balance[0] else share(line),
            due_of(line, steps_of(line, delays)),
            _discounts(term, line, alone=len(lines) == 1),
        )
        for line in lines
    ]


def odoo_share(line: Row) -> Share:
    """The share of a line that is not the last."""
    match line.text("value"):
        case "percent":
            return percent(line, "value_amount", line.number("value_amount"))
        case "fixed":
            return fixed(line, "value_amount")
    raise line.refused("value", "a line is percent or fixed, and one is the balance")


def odoo_terms(term: Row, parts: Sequence[Part]) -> PaymentTerms:
    """The terms with Odoo's switches."""
    terms = terms_of("line_ids", parts, rounding=Rounding.HALF_UP, overrun=Overrun.NEGATIVE)
    computation = term.text("early_pay_discount_computation")
    if computation not in BASES:
        raise term.refused("early_pay_discount_computation", "it is included, excluded or mixed")
    if not any(part.discounts for part in parts):
        return terms
    return evolve(terms, discounting=DiscountPolicy(BASES[computation]))


def steps_of(line: Row, delays: Mapping[str, Delay]) -> list[Due]:
    """The date operations of a line, in their order."""
    kind = line.text("delay_type")
    if kind and kind not in delays:
        raise line.refused("delay_type", "this delay is not known")
    try:
        return list(delays[kind](line) if kind else line_of_16(line))
    except MalformedInput as error:
        raise error if error.code == "terms.import" else error.inside(line.path) from None


def net(line: Row, name: str = "nb_days") -> Iterator[Due]:
    """Some days, if there are any."""
    days = line.whole(name)
    if days:
        yield Net(days)


def line_of_16(line: Row) -> Iterator[Due]:
    """Months, then weeks (OCA) and days, then the end of the month and days after it."""
    if line.whole("months"):
        yield MonthsAfter(line.whole("months"))
    if line.whole("weeks") or line.whole("days"):
        yield Net(line.whole("weeks") * 7 + line.whole("days"))
    if line.flag("end_month"):
        yield EndOfMonthAfter(0)
        yield from net(line, "days_after")


def after_end_of(months: int, step: Delay = net) -> Delay:
    """Something after the end of this or a later month."""

    def steps(line: Row) -> Iterator[Due]:
        yield EndOfMonthAfter(months)
        yield from step(line)

    return steps


def _on_the(line: Row) -> Iterator[Due]:
    yield from net(line)
    day = line.whole("days_next_month")
    yield DayOfMonthAfter(day) if day else EndOfMonthAfter(0)


DELAYS: Mapping[str, Delay] = {
    "days_after": net,
    "days_after_end_of_month": after_end_of(0),
    "days_after_end_of_next_month": after_end_of(1),
    "days_end_of_month_on_the": _on_the,
}


def _discounts(term: Row, line: Row, *, alone: bool) -> tuple[EarlyDiscount, ...]:
    """The discount of the line itself (16), or of the whole term (17 and later, one line only)."""
    if line.fields.get("discount_percentage"):
        return discount_of(
            line, line.number("discount_percentage"), line.whole("discount_days"), "discount_percentage"
        )
    if not term.flag("early_discount"):
        return ()
    if not alone:
        raise term.refused("early_discount", "a discount of the whole term stands with one line only")
    return discount_of(
        term, term.number("discount_percentage"), term.whole("discount_days"), "discount_percentage"
    )
