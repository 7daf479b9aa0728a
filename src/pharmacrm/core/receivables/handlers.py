"""Handlers of the questions about receivables: they load what the rule needs."""

from datetime import date
from itertools import groupby
from operator import attrgetter

from pharmacrm.core.kernel.message import Reads
from pharmacrm.core.kernel.query import Condition
from pharmacrm.core.receivables.ageing import Ageing, AgeingScheme, CustomerAgeing
from pharmacrm.core.receivables.history import ON_CREDIT
from pharmacrm.core.receivables.pushdown import aged, lowered
from pharmacrm.core.receivables.questions import AgeingByCustomer, AgeingReport


@AgeingReport.handler
def ageing_report(question: AgeingReport, read: Reads) -> Ageing:
    """Have the store age what is open today, or what was on a past day."""
    as_of, currency, scheme = _asked(question, read)
    return aged_on(
        read,
        scheme,
        as_of=as_of,
        currency=currency,
        customer=question.customer,
        prepayments=question.prepayments,
    )


def aged_on(
    read: Reads,
    scheme: AgeingScheme,
    *,
    as_of: date,
    currency: str,
    customer: str = "",
    prepayments: bool = False,
) -> Ageing:
    """Have the store age what is open on a day, in one statement."""
    summary = lowered(
        scheme,
        as_of=as_of,
        currency=currency,
        customer=customer,
        where=_counted(prepayments=prepayments),
        today=as_of >= read.on,
    )
    return aged(read.summed(summary), scheme, as_of=as_of, currency=currency)


@AgeingByCustomer.handler
def ageing_by_customer(question: AgeingByCustomer, read: Reads) -> tuple[CustomerAgeing, ...]:
    """The same for each customer, in one statement too."""
    as_of, currency, scheme = _asked(question, read)
    summary = lowered(
        scheme,
        as_of=as_of,
        currency=currency,
        where=_counted(prepayments=question.prepayments),
        by=("customer",),
        today=as_of >= read.on,
    )
    groups = read.summed(summary)
    return tuple(
        CustomerAgeing(customer, aged(theirs, scheme, as_of=as_of, currency=currency))
        for (customer,), theirs in groupby(groups, key=attrgetter("by"))
    )


def _counted(*, prepayments: bool) -> tuple[Condition, ...]:
    """Which instalments count: what is owed after shipment, or also what was to be prepaid."""
    return () if prepayments else (ON_CREDIT,)


def _asked(question: AgeingReport | AgeingByCustomer, read: Reads) -> tuple[date, str, AgeingScheme]:
    """The day, the currency and the scheme that are asked for."""
    scheme = AgeingScheme(
        edges=question.edges, lower_inclusive=question.lower_inclusive, basis=question.basis
    )
    return question.as_of or read.on, question.currency or read.tenant.currency, scheme


HANDLERS = (ageing_report, ageing_by_customer)
