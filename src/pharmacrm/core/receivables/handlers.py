"""Handlers of the questions about receivables: they load what the rule needs."""

from datetime import date
from itertools import groupby
from operator import attrgetter

from pharmacrm.core.kernel.message import Reads
from pharmacrm.core.kernel.query import Condition, eq
from pharmacrm.core.receivables.ageing import Ageing, AgeingScheme, CustomerAgeing, ageing
from pharmacrm.core.receivables.history import History, read_history
from pharmacrm.core.receivables.pushdown import aged, lowered
from pharmacrm.core.receivables.questions import AgeingByCustomer, AgeingReport


@AgeingReport.handler
def ageing_report(question: AgeingReport, read: Reads) -> Ageing:
    """Have the store age what is open today; a past day takes every item and what lowered it by then."""
    as_of, currency, scheme = _asked(question, read)
    return aged_on(read, scheme, as_of=as_of, currency=currency, customer=question.customer)


def aged_on(
    read: Reads,
    scheme: AgeingScheme,
    *,
    as_of: date,
    currency: str,
    customer: str = "",
    where: tuple[Condition, ...] = (),
) -> Ageing:
    """Age what is open on a day of those that match: by the store today, from what happened on a past day."""
    if as_of < read.on:
        history = read_history(read, as_of, currency=currency, customer=customer, where=where)
        return _then(history, scheme, as_of, currency)
    mine: tuple[Condition, ...] = (eq("customer", customer),) if customer else ()
    groups = read.summed(lowered(scheme, as_of=as_of, currency=currency, where=(*mine, *where)))
    return aged(groups, scheme, as_of=as_of, currency=currency)


@AgeingByCustomer.handler
def ageing_by_customer(question: AgeingByCustomer, read: Reads) -> tuple[CustomerAgeing, ...]:
    """The same for each customer, in one statement where the store can."""
    as_of, currency, scheme = _asked(question, read)
    if as_of < read.on:
        history = read_history(read, as_of, currency=currency)
        parts = history.by_customer()
        found = [CustomerAgeing(each, _then(parts[each], scheme, as_of, currency)) for each in sorted(parts)]
        return tuple(each for each in found if any(bucket.items for bucket in each.ageing.buckets))
    groups = read.summed(lowered(scheme, as_of=as_of, currency=currency, by=("customer",)))
    return tuple(
        CustomerAgeing(customer, aged(theirs, scheme, as_of=as_of, currency=currency))
        for (customer,), theirs in groupby(groups, key=attrgetter("by"))
    )


def _asked(question: AgeingReport | AgeingByCustomer, read: Reads) -> tuple[date, str, AgeingScheme]:
    """The day, the currency and the scheme that are asked for."""
    scheme = AgeingScheme(
        edges=question.edges, lower_inclusive=question.lower_inclusive, basis=question.basis
    )
    return question.as_of or read.on, question.currency or read.tenant.currency, scheme


def _then(history: History, scheme: AgeingScheme, as_of: date, currency: str) -> Ageing:
    return ageing(
        history.items, as_of=as_of, currency=currency, scheme=scheme, settlements=history.settlements
    )


HANDLERS = (ageing_report, ageing_by_customer)
