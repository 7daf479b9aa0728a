"""Questions about how well money is collected (回款分析, 坏账准备): receivables, measured by collections."""

from datetime import date, timedelta

from attrs import field, frozen

from pharmacrm.core.collections.analysis import CollectionAnalysis
from pharmacrm.core.collections.measures import DaysLate, Sales, Settled, count_back, days_late, months
from pharmacrm.core.collections.provision import Provision, ProvisionRates, provision
from pharmacrm.core.kernel.dates import as_date
from pharmacrm.core.kernel.domain import Domain
from pharmacrm.core.kernel.errors import MalformedInput, NotFound
from pharmacrm.core.kernel.message import Question, Reads
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.query import eq, le
from pharmacrm.core.kernel.record import kind_name
from pharmacrm.core.kernel.strict import OptionalCurrency, OptionalCustomer, strict
from pharmacrm.core.receivables import Receipt
from pharmacrm.core.receivables.ageing import AgeingScheme
from pharmacrm.core.receivables.handlers import aged_on
from pharmacrm.core.receivables.history import ON_CREDIT, History, charges_of, net, read_history

WATCHERS = ("lead", "finance", "admin", "auditor")
DAY = timedelta(days=1)


@frozen(kw_only=True, field_transformer=strict)
class CollectionFigures(Question[CollectionAnalysis]):
    """How credit sales became money from `start` through `through`: DSO, days late, effectiveness (回款分析).

    Of one customer or of all, in one currency, the tenant's unless another is named. What was prepaid is no
    credit and counts nowhere, and neither do costs and interest; money is late by its value date.
    """

    start: date = field(converter=as_date)
    through: date = field(converter=as_date)
    customer: OptionalCustomer = ""
    currency: OptionalCurrency = ""

    def __attrs_post_init__(self) -> None:
        """Refuse a period that ends before it starts."""
        if self.through < self.start:
            message = "a period ends on its first day or later"
            raise MalformedInput("period.empty", message, field="through", value=self.through)


@frozen(kw_only=True, field_transformer=strict)
class BadDebtProvision(Question[Provision]):
    """What is to be provided for bad debts on a day, by the rates then in force (坏账准备).

    A prepayment that was asked for and did not come is no debt.

    Raises:
        NotFound: no rates were set for that day (`SetProvisionRates`).

    """

    as_of: date | None = None
    customer: OptionalCustomer = ""
    currency: OptionalCurrency = ""


@CollectionFigures.handler
def collection_figures(question: CollectionFigures, read: Reads) -> CollectionAnalysis:
    """Read everything that was opened and settled through the last day."""
    currency = question.currency or read.tenant.currency
    history = read_history(
        read,
        question.through,
        currency=currency,
        customer=question.customer,
        where=(ON_CREDIT,),
    )
    charges = charges_of(read, question.customer)
    sold = [item for item in history.items if item.receivable not in charges]
    history = History(sold, history.settlements)
    receipts = _value_dates(question, read)
    return analyse(history, receipts, start=question.start, through=question.through, currency=currency)


def _value_dates(question: CollectionFigures, read: Reads) -> dict[str, date]:
    mine = (eq("payer", question.customer),) if question.customer else ()
    return {each.id: each.value_date for each in read.find(Receipt, *mine)}


def analyse(
    history: History, value_dates: dict[str, date], *, start: date, through: date, currency: str
) -> CollectionAnalysis:
    """Measure a period from what was opened and allocated; `value_dates` are those of the receipts."""
    closing = history.balance(through, currency)
    due_later = [history.open_on(item, through) for item in history.items if item.due >= through]
    moved = history.allocations
    return CollectionAnalysis(
        start=start,
        through=through,
        currency=currency,
        opening=history.balance(start - DAY, currency),
        sales=_sold(history, start, through, currency),
        collected=Money.total((net(each, each.amount, start, through) for each in moved), currency),
        discounts=Money.total((net(each, each.discount, start, through) for each in moved), currency),
        closing=closing,
        closing_current=Money.total(due_later, currency),
        count_back=count_back(closing, _sales(history, through, currency)),
        days_late=_late(history, value_dates, start, through, currency),
    )


def _sold(history: History, start: date, through: date, currency: str) -> Money:
    sold = (item.amount for item in history.items if start <= item.opened_on <= through)
    return Money.total(sold, currency) - history.rescheduled(start, through, currency)


def _sales(history: History, through: date, currency: str) -> list[Sales]:
    """Sales of each calendar month since the first one."""
    if not history.items:
        return []
    first = min(item.opened_on for item in history.items).replace(day=1)
    return [Sales(low, high, _sold(history, low, high, currency)) for low, high in months(first, through)]


def _late(
    history: History,
    value_dates: dict[str, date],
    start: date,
    through: date,
    currency: str,
) -> DaysLate:
    due = {item.id: item.due for item in history.items}
    settled = [
        Settled(due[part.instalment], value_dates.get(part.receipt, part.on), part.amount)
        for part in history.allocations
        if start <= part.on <= through and (part.undone_on is None or part.undone_on > through)
    ]
    return days_late(settled, currency)


@BadDebtProvision.handler
def bad_debt_provision(question: BadDebtProvision, read: Reads) -> Provision:
    """Read the rates of the day, and age what was open then by their edges."""
    as_of = question.as_of or read.on
    found = read.find(ProvisionRates, le("valid_from", as_of), order=("-valid_from",), limit=1)
    if not found:
        raise NotFound(kind_name(ProvisionRates), as_of.isoformat())
    table = found[0]
    aged = aged_on(
        read,
        AgeingScheme(edges=table.edges),
        as_of=as_of,
        currency=question.currency or read.tenant.currency,
        customer=question.customer,
    )
    opened = [(bucket.label, bucket.amount) for bucket in aged.buckets]
    return provision(opened, table, as_of=as_of, currency=aged.currency)


_QUESTIONS = (CollectionFigures, BadDebtProvision)

domain = Domain(
    name="analysis",
    handlers=(collection_figures, bad_debt_provision),
    rights=dict.fromkeys(WATCHERS, _QUESTIONS),
)
