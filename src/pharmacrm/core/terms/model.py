"""Term sets and payment calendars as they are stored: what was agreed on paying, and from which day on."""

from datetime import date
from typing import Annotated

from attrs import frozen

from pharmacrm.core.kernel.dates import Validity
from pharmacrm.core.kernel.record import Column, ParentOf, Part, Record
from pharmacrm.core.values.paying_days import ANY_DAY, PayingDays
from pharmacrm.core.values.terms import PaymentTerms


@frozen(kw_only=True)
class PaymentTermSet(Record):
    """Payment terms under a code (付款条件), such as `wholesale`; `latest` is the number of its last version.

    Every version raises the version of this record: whoever has read it decides again.
    """

    name: Annotated[str, Column(zh="名称")]
    latest: Annotated[int, Column(zh="最新版次")]


@frozen(kw_only=True)
class PaymentTermVersion(Part):
    """One version of a term set (付款条件版本); its id is `{code}/{number}`. Its terms are never changed.

    `paying` has the holidays that the set itself postpones; `source` the system that it was taken from.
    """

    term_set: Annotated[str, Column(index=True), ParentOf(PaymentTermSet)]
    number: Annotated[int, Column(zh="版次")]
    terms: Annotated[PaymentTerms, Column(length=4000, zh="付款条件")]
    paying: Annotated[PayingDays, Column(length=4000, zh="付款日")] = ANY_DAY
    valid_from: Annotated[date, Column(zh="生效日期")]
    valid_to: Annotated[date | None, Column(zh="失效日期")] = None
    published_on: Annotated[date, Column(zh="发布日期")]
    source: Annotated[str, Column(length=16, zh="来源")] = ""

    @property
    def validity(self) -> Validity:
        """The days on which it is in force."""
        return Validity(self.valid_from, self.valid_to)


@frozen(kw_only=True)
class PaymentCalendar(Record):
    """The days on which a customer pays (客户付款日历), by the customer's id; `entries` counts them."""

    entries: Annotated[int, Column(zh="次数")]


@frozen(kw_only=True)
class PaymentCalendarEntry(Part):
    """How a customer pays from a day on, until the next entry; its id is `{customer}/{valid_from}`."""

    calendar: Annotated[str, Column(index=True, zh="客户"), ParentOf(PaymentCalendar)]
    valid_from: Annotated[date, Column(zh="生效日期")]
    paying: Annotated[PayingDays, Column(length=4000, zh="付款日")]
    set_on: Annotated[date, Column(zh="登记日期")]


def version_id(code: str, number: int) -> str:
    """Name a version of a term set."""
    return f"{code}/{number}"


def entry_id(customer: str, valid_from: date) -> str:
    """Name what holds for a customer from a day on."""
    return f"{customer}/{valid_from.isoformat()}"
