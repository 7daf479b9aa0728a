"""Handlers of the questions about receivables: they load what the rule needs."""

from datetime import date

from pharmacrm.core.kernel.message import Reads
from pharmacrm.core.kernel.query import eq, le
from pharmacrm.core.receivables.ageing import Ageing, AgeingScheme, ageing
from pharmacrm.core.receivables.history import settlements_until
from pharmacrm.core.receivables.model import Instalment
from pharmacrm.core.receivables.questions import AgeingReport


@AgeingReport.handler
def ageing_report(question: AgeingReport, read: Reads) -> Ageing:
    """Age what is open today by an index; a past day takes every item and allocation up to then."""
    as_of = question.as_of or read.on
    past = as_of < read.on
    items = _items_then(question, read, as_of) if past else _items_now(question, read)
    currency = question.currency or read.tenant.currency
    return ageing(
        [item for item in items if item.amount.currency == currency],
        as_of=as_of,
        currency=currency,
        scheme=AgeingScheme(
            edges=question.edges, lower_inclusive=question.lower_inclusive, basis=question.basis
        ),
        settlements=settlements_until(read, as_of, question.customer) if past else None,
    )


def _items_now(question: AgeingReport, read: Reads) -> list[Instalment]:
    if question.customer:
        return read.find(Instalment, eq("settled", value=False), eq("customer", question.customer))
    return read.find(Instalment, eq("settled", value=False))


def _items_then(question: AgeingReport, read: Reads, as_of: date) -> list[Instalment]:
    if question.customer:
        return read.find(Instalment, le("opened_on", as_of), eq("customer", question.customer))
    return read.find(Instalment, le("opened_on", as_of))
