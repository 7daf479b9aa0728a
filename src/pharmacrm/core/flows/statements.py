"""Statements, balance confirmations, and our books beside the host's ledger (对账, 总账核对)."""

from datetime import date
from typing import ClassVar

from attrs import field, frozen

from pharmacrm.core.collections.confirmation import BalanceConfirmation, request
from pharmacrm.core.collections.ledger import LedgerRole, balance
from pharmacrm.core.collections.reconciliation import (
    LedgerBalance,
    LedgerReconciliation,
    as_balances,
    reconcile,
)
from pharmacrm.core.collections.statement import BillInHand, Statement, statement
from pharmacrm.core.customers import Customer
from pharmacrm.core.flows.books import open_items, read_books
from pharmacrm.core.kernel.dates import as_date
from pharmacrm.core.kernel.decision import Decision
from pharmacrm.core.kernel.domain import Domain
from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.kernel.message import Command, Question, Reads
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.query import eq
from pharmacrm.core.kernel.strict import Id, OptionalCurrency, strict
from pharmacrm.core.receivables import BankBill
from pharmacrm.core.receivables.bill_cover import in_hand

WATCHERS = ("lead", "finance", "admin", "auditor")


def checked_period(start: date, through: date) -> None:
    """Refuse a period that ends before it starts (`period.empty`)."""
    if through < start:
        raise MalformedInput(
            "period.empty", "a period ends on its first day or later", field="through", value=through
        )


@frozen(kw_only=True, field_transformer=strict)
class StatementOfAccount(Question[Statement]):
    """The account of a customer from `start` through `through` (对账单), in one currency.

    Goods count when they are shipped, money by its value date, whatever it settles; a prepayment that is
    asked for is no debt. Less than zero is in the customer's favour. The currency is the tenant's unless
    another is named.
    """

    customer: Id
    start: date = field(converter=as_date)
    through: date = field(converter=as_date)
    currency: OptionalCurrency = ""

    def __attrs_post_init__(self) -> None:
        """Refuse a period that ends before it starts."""
        checked_period(self.start, self.through)


@frozen(kw_only=True, field_transformer=strict)
class RequestConfirmation(Command[BalanceConfirmation]):
    """Ask a customer to confirm the balance of a day (发对账函): it is kept with its items, as it is now.

    `AnswerConfirmation` takes down what the customer says.
    """

    subject_field: ClassVar[str] = "id"

    id: Id
    customer: Id
    as_of: date = field(converter=as_date)
    currency: OptionalCurrency = ""


@frozen(kw_only=True, field_transformer=strict)
class ReconcileLedger(Question[LedgerReconciliation]):
    """Whether our receivables are the host's control account, and if not, which items differ (应收账款核对).

    `control` is the balance of the host's account at the end of the day, `balances` what it is made of there,
    by customer or by instalment.
    """

    as_of: date = field(converter=as_date)
    control: Money
    balances: tuple[LedgerBalance, ...] = field(converter=as_balances)


@StatementOfAccount.handler
def statement_of_account(question: StatementOfAccount, read: Reads) -> Statement:
    """Read the customer's books through the last day."""
    return _statement(
        read, question.customer, question.start, question.through, question.currency or read.tenant.currency
    )


@RequestConfirmation.handler
def request_confirmation(command: RequestConfirmation, read: Reads) -> Decision[BalanceConfirmation]:
    """Read the customer's books through the day."""
    currency = command.currency or read.tenant.currency
    found = _statement(read, command.customer, command.as_of, command.as_of, currency)
    return request(command.id, found, read.seek(BalanceConfirmation, command.id), on=read.on)


def _statement(read: Reads, customer: str, start: date, through: date, currency: str) -> Statement:
    read.get(Customer, customer)
    books = read_books(read, through, currency=currency, customer=customer)
    advance = balance(books.movements, LedgerRole.ADVANCE, currency, through=through)
    items = open_items(books, customer, advance)
    return statement(
        customer,
        books.movements,
        items,
        start=start,
        through=through,
        currency=currency,
        bills=_bills(read, customer, through, currency),
    )


def _bills(read: Reads, customer: str, through: date, currency: str) -> list[BillInHand]:
    """The bills of a customer that were in hand at the end of a day, and had settled nothing by then."""
    found = read.find(BankBill, eq("customer", customer), order=("matures_on",))
    return [
        BillInHand(bill=each.id, acceptor=each.acceptor, matures_on=each.matures_on, amount=each.amount)
        for each in found
        if each.amount.currency == currency and in_hand(each, on=through)
    ]


@ReconcileLedger.handler
def reconcile_ledger(question: ReconcileLedger, read: Reads) -> LedgerReconciliation:
    """Read what was open at the end of the day."""
    currency = question.control.currency
    books = read_books(read, question.as_of, currency=currency)
    ours = {(item.customer, item.id): amount for item, amount in books.receivables()}
    return reconcile(ours, question.balances, question.control, as_of=question.as_of, currency=currency)


_QUESTIONS = (StatementOfAccount, ReconcileLedger)

domain = Domain(
    name="statements",
    handlers=(statement_of_account, request_confirmation, reconcile_ledger),
    rights={
        **dict.fromkeys(WATCHERS, _QUESTIONS),
        "finance": (*_QUESTIONS, RequestConfirmation),
        "sales": (StatementOfAccount,),
    },
)
