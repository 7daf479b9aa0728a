"""Term sets of ERPNext: a `Payment Terms Template` with its rows.

    {"template_name": ..., "terms": [{"invoice_portion": ..., "due_date_based_on": ..., "credit_days": ...,
      "credit_months": ..., "discount_type": "Percentage" or "Amount", "discount": ...,
      "discount_validity_based_on": ..., "discount_validity": ...}]}

The portions make up 100 %, and no two rows are due alike: a template with a duplicate is refused, unless the
caller allows it. ERPNext rounds each row and lets the sum differ; ours sum exactly, by largest remainder.
"""

from decimal import Decimal
from typing import Final

from pharmacrm.core.values.term_sets.imported import (
    ImportedTerms,
    amount_off,
    discount_of,
    due_of,
    part_of,
    percent,
    terms_of,
)
from pharmacrm.core.values.term_sets.rows import Document, Row, read
from pharmacrm.core.values.terms import (
    Due,
    EarlyDiscount,
    EndOfMonthAfter,
    Net,
    Overrun,
    Part,
    Rounding,
    chain,
)

AFTER_INVOICE: Final = "Day(s) after invoice date"
AFTER_MONTH: Final = "Day(s) after the end of the invoice month"
MONTHS_AFTER: Final = "Month(s) after the end of the invoice month"


def from_erpnext(document: Document, *, duplicates: bool = False) -> ImportedTerms:
    """Read one payment terms template of ERPNext; raises `terms.import` naming the row."""
    template = read(document)
    parts: list[Part] = []
    for row in template.rows("terms"):
        part = _part(row)
        if not duplicates and any(part.due == other.due for other in parts):
            raise row.refused("due_date_based_on", "another row is due on the same day")
        parts.append(part)
    terms = terms_of("terms", parts, rounding=Rounding.LARGEST_REMAINDER, overrun=Overrun.REFUSED)
    return ImportedTerms(template.text("template_name") or template.text("name"), terms)


def _part(row: Row) -> Part:
    share = percent(row, "invoice_portion", row.number("invoice_portion"))
    return part_of(row, share, due_of(row, [_due(row)]), _discounts(row))


def _due(row: Row) -> Due:
    match row.text("due_date_based_on", AFTER_INVOICE):
        case "Day(s) after invoice date":
            return Net(row.whole("credit_days"))
        case "Day(s) after the end of the invoice month":
            days = row.whole("credit_days")
            return chain(EndOfMonthAfter(0), Net(days)) if days else EndOfMonthAfter(0)
        case "Month(s) after the end of the invoice month":
            return EndOfMonthAfter(row.whole("credit_months"))
    raise row.refused("due_date_based_on", "this base of due dates is not known")


def _discounts(row: Row) -> tuple[EarlyDiscount, ...]:
    name = "discount" if row.fields.get("discount") else "discount_percentage"
    off = row.number(name)
    if off == Decimal(0):
        return ()
    kind = row.text("discount_type", "Percentage")
    if kind not in {"Percentage", "Amount"}:
        raise row.refused("discount_type", "a discount is a percentage or an amount")
    if row.text("discount_validity_based_on", AFTER_INVOICE) != AFTER_INVOICE:
        raise row.refused("discount_validity_based_on", "a discount ends some days after the invoice")
    if kind == "Amount":
        return amount_off(row, row.whole("discount_validity"), name)
    return discount_of(row, off, row.whole("discount_validity"), name)
