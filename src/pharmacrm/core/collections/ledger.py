"""The customers' ledger (应收账款明细账): what each movement books, and on which accounts.

A movement is a document's effect on one day, from one account to another, so that both sides always agree.
Nothing is stored: the ledger of any day is told from what was shipped, received, settled and undone by then.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum
from typing import Final

from attrs import evolve, frozen

from pharmacrm.core.kernel.money import Money, Percentage


class LedgerRole(StrEnum):
    """What an account is for; the host says which account of its own that is (`SetLedgerAccount`)."""

    RECEIVABLE = "receivable"
    """What customers owe for goods shipped on credit: the control account (应收账款)."""
    ADVANCE = "advance"
    """Money of customers that settles nothing yet, prepayments among it (预收账款)."""
    BANK = "bank"
    """Money that came in (银行存款)."""
    CASH = "cash"
    """Money that came in notes and coins (库存现金)."""
    BILLS = "bills receivable"
    """Bank acceptance bills that count as money and are in hand (应收票据)."""
    ENDORSED = "endorsed"
    """What bills paid that were passed on, as to a supplier (背书转让)."""
    BILL_COST = "bill cost"
    """What banks keep of bills that they discount (贴现息)."""
    SALES = "sales"
    """Goods shipped, without their tax (主营业务收入)."""
    DEFERRED_TAX = "deferred tax"
    """Output tax of goods that left and are not invoiced yet (待转销项税额)."""
    OUTPUT_TAX = "output tax"
    """Output tax of the host's invoices, red letters taken off (应交增值税-销项税额)."""
    DISCOUNT = "discount"
    """Early payment discounts that were taken (现金折扣)."""
    CREDIT_NOTE = "credit note"
    """Returns and allowances, without their tax (销售折让及退回)."""
    WRITE_OFF = "write-off"
    """Small differences given up (尾差核减)."""
    CHARGES = "charges"
    """Costs of collection and interest that were charged for being late (催收费用及利息)."""

    @property
    def zh(self) -> str:
        """The Chinese name."""
        return _ROLE_ZH[self]


_ROLE_ZH = {
    LedgerRole.RECEIVABLE: "应收账款",
    LedgerRole.ADVANCE: "预收账款",
    LedgerRole.BANK: "银行存款",
    LedgerRole.CASH: "库存现金",
    LedgerRole.BILLS: "应收票据",
    LedgerRole.ENDORSED: "背书转让",
    LedgerRole.BILL_COST: "贴现息",
    LedgerRole.SALES: "主营业务收入",
    LedgerRole.DEFERRED_TAX: "待转销项税额",
    LedgerRole.OUTPUT_TAX: "应交增值税（销项税额）",
    LedgerRole.DISCOUNT: "现金折扣",
    LedgerRole.CREDIT_NOTE: "销售折让及退回",
    LedgerRole.WRITE_OFF: "尾差核减",
    LedgerRole.CHARGES: "催收费用及利息",
}

TAXED: Final = frozenset({LedgerRole.DEFERRED_TAX, LedgerRole.OUTPUT_TAX})
"""The roles that may have an account for each tax rate."""


class MovementKind(StrEnum):
    """What happened."""

    SHIPMENT = "shipment"
    INVOICE = "invoice"
    CHARGE = "charge"
    RECEIPT = "receipt"
    BILL = "bill"
    REFUND = "refund"
    ALLOCATION = "allocation"
    DISCOUNT = "discount"
    CREDIT_NOTE = "credit note"
    WRITE_OFF = "write-off"

    @property
    def zh(self) -> str:
        """The Chinese name."""
        return _KIND_ZH[self]


_KIND_ZH = {
    MovementKind.SHIPMENT: "发货",
    MovementKind.INVOICE: "开票",
    MovementKind.CHARGE: "催收费用及利息",
    MovementKind.RECEIPT: "收款",
    MovementKind.BILL: "票据处置",
    MovementKind.REFUND: "退款",
    MovementKind.ALLOCATION: "核销",
    MovementKind.DISCOUNT: "现金折扣",
    MovementKind.CREDIT_NOTE: "贷项",
    MovementKind.WRITE_OFF: "尾差核减",
}


@frozen(kw_only=True)
class Movement:
    """What one document did on one day: so much from the `credit` account to the `debit` account.

    A reversed or undone document gives a second movement, on the day on which that happened, with the
    accounts the other way round. One of tax has its rate.
    """

    on: date
    kind: MovementKind
    document: str
    customer: str
    debit: LedgerRole
    credit: LedgerRole
    amount: Money
    rate: Percentage | None = None
    reverses: bool = False

    def of(self, role: LedgerRole) -> Money:
        """What it does to one account: positive for a debit."""
        nothing = Money.zero(self.amount.currency)
        return (self.amount if self.debit is role else nothing) - (
            self.amount if self.credit is role else nothing
        )

    @property
    def owed(self) -> Money:
        """What it adds to what the customer owes in all: receivables less advances."""
        return self.of(LedgerRole.RECEIVABLE) + self.of(LedgerRole.ADVANCE)

    def undone(self, on: date) -> "Movement":
        """The movement that takes it back on a later day."""
        return evolve(self, on=on, debit=self.credit, credit=self.debit, reverses=True)


def balance(movements: Iterable[Movement], role: LedgerRole, currency: str, *, through: date) -> Money:
    """Give the balance of an account at the end of a day: positive for a debit balance."""
    return Money.total((each.of(role) for each in movements if each.on <= through), currency)


def balance_owed(movements: Iterable[Movement], currency: str, *, through: date) -> Money:
    """Give what is owed in all at the end of a day: receivables less advances (往来余额)."""
    return Money.total((each.owed for each in movements if each.on <= through), currency)


def in_days(movements: Iterable[Movement], start: date, through: date) -> tuple[Movement, ...]:
    """Give the movements of some days, in the order of day and document."""
    found = [each for each in movements if start <= each.on <= through]
    return tuple(sorted(found, key=lambda each: (each.on, each.kind, each.document, each.reverses)))


def customers_of(movements: Sequence[Movement]) -> tuple[str, ...]:
    """Give the customers that have a movement, in order."""
    return tuple(sorted({each.customer for each in movements}))
