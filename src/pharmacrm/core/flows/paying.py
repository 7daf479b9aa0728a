"""What was agreed on paying, where documents need it: the terms that they name, the customer's days."""

from datetime import date
from typing import ClassVar

from attrs import field, frozen
from attrs.converters import optional

from pharmacrm.core.customers import Customer
from pharmacrm.core.kernel.dates import as_validity_date
from pharmacrm.core.kernel.decision import Decision, accept, refuse
from pharmacrm.core.kernel.domain import Domain
from pharmacrm.core.kernel.message import Command, Reads
from pharmacrm.core.kernel.query import eq
from pharmacrm.core.kernel.strict import Id, strict
from pharmacrm.core.terms import (
    PaymentCalendar,
    PaymentCalendarEntry,
    PaymentTermSet,
    PaymentTermVersion,
)
from pharmacrm.core.terms.handlers import versions_of
from pharmacrm.core.terms.reasons import TERMS_CHOICE, TERMS_NOT_IN_FORCE
from pharmacrm.core.terms.rules import holding, in_force, paying_of, set_paying
from pharmacrm.core.values.paying_days import PayingDays
from pharmacrm.core.values.paying_text import as_paying_days
from pharmacrm.core.values.terms import PaymentTerms


@frozen(kw_only=True, field_transformer=strict)
class SetPayingDays(Command[PaymentCalendarEntry]):
    """Say on which days a customer pays, from a day on, today if none is named (登记客户付款日).

    `paying` is text such as `payment days 5,20, closed 12-24 to 01-06`, or `any day`. Due dates of later
    documents move to these days; those of earlier ones stay.
    """

    subject_field: ClassVar[str] = "customer"

    customer: Id
    paying: PayingDays = field(converter=as_paying_days)
    valid_from: date | None = field(default=None, converter=optional(as_validity_date))

    def __attrs_post_init__(self) -> None:
        """Refuse closures that leave no day of payment (`closure.endless`)."""
        self.paying.move(self.valid_from or ANY_YEAR)


ANY_YEAR = date(2024, 1, 1)
"""From where it is looked for a day of payment, where no first day is named."""


@SetPayingDays.handler
def on_set_paying_days(command: SetPayingDays, read: Reads) -> Decision[PaymentCalendarEntry]:
    """Read the customer, and what was agreed before."""
    customer = read.get(Customer, command.customer)
    return set_paying(
        customer.id,
        command.paying,
        read.seek(PaymentCalendar, customer.id),
        _entries(customer.id, read),
        valid_from=command.valid_from or read.on,
        on=read.on,
    )


@frozen
class Agreed:
    """The terms of a document, and the id of the version that they are of; '' if they were written out."""

    terms: PaymentTerms
    version: str = ""


def agreed_terms(
    subject: str, terms: PaymentTerms | None, code: str, *, on: date, read: Reads, pinned: str = ""
) -> Decision[Agreed]:
    """Give the terms written out, or those of the set that are in force on the day of the document.

    A document that has a version of this set already (`pinned`) keeps it.
    """
    if (terms is None) is not bool(code):
        return refuse(TERMS_CHOICE(subject, field="terms", observed=2 if code else 0))
    if terms is not None:
        return accept(Agreed(terms))
    known = read.get(PaymentTermSet, code)
    versions = versions_of(known.id, read)
    kept = next((each for each in versions if each.id == pinned), None) or in_force(versions, on)
    if kept is None:
        return refuse(TERMS_NOT_IN_FORCE(code, field="term_set", observed=on))
    return accept(Agreed(kept.terms, kept.id))


def paying_on(read: Reads, customer: str, on: date, version: str = "") -> PayingDays:
    """Read how a customer pays by what was agreed on a day, with the holidays of a version of a term set."""
    known = read.seek(PaymentCalendar, customer)
    entry = holding(_entries(customer, read), on) if known else None
    return paying_of(entry, read.get(PaymentTermVersion, version) if version else None)


def _entries(customer: str, read: Reads) -> list[PaymentCalendarEntry]:
    return read.find(PaymentCalendarEntry, eq("calendar", customer), order=("valid_from",))


domain = Domain(
    name="paying",
    handlers=(on_set_paying_days,),
    rights=dict.fromkeys(("finance", "admin", "erp"), (SetPayingDays,)),
)
