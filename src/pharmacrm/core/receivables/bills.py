"""Bank acceptance bills (银行承兑汇票): a promise of a bank that becomes money on a day to come.

A bill is received as a receipt that is not cleared: it settles nothing, and lowers no exposure, until the
bank pays at maturity, or it is discounted or endorsed away before. `BillCounts.ON_RECEIPT` is for houses that
take it for money at once. A bill that is not honoured is no money, whoever held it: what it settled is owed
again.
"""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Annotated, Final

from attrs import evolve, frozen

from pharmacrm.core.kernel.change import Event
from pharmacrm.core.kernel.dates import add_months
from pharmacrm.core.kernel.decision import Decision, accept, save, tell
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.reason import Reason
from pharmacrm.core.kernel.record import Column, Personal, Record
from pharmacrm.core.receivables.bill_reasons import (
    BILL_CHARGE,
    BILL_DATES,
    BILL_EXISTS,
    BILL_LONG,
    BILL_MATURED,
    BILL_NOT_DUE,
    BILL_STATE,
)
from pharmacrm.core.receivables.claim_reasons import CLAIM_CURRENCY
from pharmacrm.core.receivables.events import BillDishonoured, BillMoved, BillReceived
from pharmacrm.core.receivables.model import MATCHING, Receipt
from pharmacrm.core.receivables.receipts import register
from pharmacrm.core.values.trade import PaymentMethod

LONGEST_MONTHS: Final = 6
"""The longest term of a commercial bill in China, from its issue to its maturity."""


class BillCounts(StrEnum):
    """When a bill counts as money: when it is paid, discounted or endorsed; or as soon as it is received."""

    AT_MATURITY = "at_maturity"
    ON_RECEIPT = "on_receipt"

    @property
    def zh(self) -> str:
        """The Chinese name."""
        return "到期兑付" if self is BillCounts.AT_MATURITY else "收票即付"


class BillState(StrEnum):
    """Where a bill is: in hand, endorsed away, discounted at a bank, paid at maturity, or not honoured."""

    HELD = "held"
    ENDORSED = "endorsed"
    DISCOUNTED = "discounted"
    COLLECTED = "collected"
    DISHONOURED = "dishonoured"

    @property
    def zh(self) -> str:
        """The Chinese name."""
        return _STATE_ZH[self]


_STATE_ZH = {
    BillState.HELD: "持有",
    BillState.ENDORSED: "已背书转让",
    BillState.DISCOUNTED: "已贴现",
    BillState.COLLECTED: "已兑付",
    BillState.DISHONOURED: "已拒付",
}

TRANSITIONS: Final[Mapping[BillState, frozenset[BillState]]] = MappingProxyType(
    {
        BillState.HELD: frozenset(set(BillState) - {BillState.HELD}),
        BillState.ENDORSED: frozenset({BillState.DISHONOURED}),
        BillState.DISCOUNTED: frozenset({BillState.DISHONOURED}),
        BillState.COLLECTED: frozenset(),
        BillState.DISHONOURED: frozenset(),
    }
)
"""Where a bill may go; holders after us have recourse (追索), so what left us may come back unpaid."""


@frozen(kw_only=True)
class BankBill(Record):
    """A bank acceptance bill (银行承兑汇票); the id is its number, and that of its receipt.

    `charge` is what the bank kept when it discounted the bill: our cost, the customer has paid in full. A
    bill that was passed on (`passed`, `moved_on`) and then not honoured keeps both.
    """

    customer: Annotated[str, Column(index=True, zh="客户")]
    drawer: Annotated[str, Column(zh="出票人"), Personal(MATCHING)] = ""
    acceptor: Annotated[str, Column(zh="承兑银行")]
    amount: Annotated[Money, Column(zh="票面金额")]
    issued_on: Annotated[date, Column(zh="出票日")]
    matures_on: Annotated[date, Column(index=True, zh="到期日")]
    received_on: Annotated[date, Column(zh="收票日")]
    counts: Annotated[BillCounts, Column(length=12, zh="入账方式")]
    state: Annotated[BillState, Column(length=12, index=True, zh="状态")] = BillState.HELD
    passed: Annotated[BillState | None, Column(length=12, zh="处置方式")] = None
    moved_on: Annotated[date | None, Column(zh="处置日期")] = None
    dishonoured_on: Annotated[date | None, Column(zh="拒付日期")] = None
    to: Annotated[str, Column(zh="被背书人或贴现行")] = ""
    charge: Annotated[Money, Column(zh="贴现息")]
    reason: Annotated[str, Column(length=500, zh="拒付原因")] = ""


@frozen
class Moved:
    """A bill and its receipt after a step, and the receipt before it."""

    bill: BankBill
    receipt: Receipt
    before: Receipt | None = None


def receive_bill(
    bill: BankBill, known: BankBill | None, *, payer_name: str, old: Receipt | None = None
) -> Decision[Moved]:
    """Take a bill in as a receipt, cleared only where it counts as money at once.

    The receipt is of the day of maturity until the bill is money. A bill of more than six months, or one
    that has matured, gives a warning.
    """
    at_once = bill.counts is BillCounts.ON_RECEIPT
    receipt = Receipt(
        id=bill.id,
        payer=bill.customer,
        payer_name=payer_name,
        amount=bill.amount,
        method=PaymentMethod.BANK_ACCEPTANCE,
        value_date=bill.received_on if at_once else bill.matures_on,
        cleared=at_once,
        reference=bill.id,
        allocated=Money.zero(bill.amount.currency),
        refunded=Money.zero(bill.amount.currency),
    )
    taken = known is not None or old is not None
    return accept(
        Moved(bill, receipt),
        BILL_EXISTS(bill.id, field="id") if taken else (),
        _plausible(bill),
        register(receipt, None, on=bill.received_on),
        save(bill),
        tell(BillReceived(subject=bill.id, customer=bill.customer)),
    )


def collect(bill: BankBill, receipt: Receipt, *, on: date) -> Decision[Moved]:
    """The bank has paid a bill, on its day or later (到期兑付)."""
    done = _money(bill, receipt, BillState.COLLECTED, on=on)
    early = on < bill.matures_on
    return accept(
        done.value,
        done,
        BILL_NOT_DUE(bill.id, field="matures_on", observed=on, expected=bill.matures_on) if early else (),
    )


def endorse(bill: BankBill, receipt: Receipt, to: str, *, on: date) -> Decision[Moved]:
    """A bill was passed on as payment, before its day (背书转让)."""
    done = _money(evolve(bill, to=to), receipt, BillState.ENDORSED, on=on)
    return accept(done.value, done, _in_time(bill, on))


def discount(bill: BankBill, receipt: Receipt, to: str, charge: Money, *, on: date) -> Decision[Moved]:
    """A bank has paid a bill before its day and kept a charge (贴现); the customer has paid all of it."""
    currency = bill.amount.currency
    if charge.currency != currency:
        return accept(
            None, CLAIM_CURRENCY(bill.id, field="charge", observed=charge.currency, expected=currency)
        )
    done = _money(evolve(bill, to=to, charge=charge), receipt, BillState.DISCOUNTED, on=on)
    much = charge >= bill.amount
    return accept(
        done.value,
        done,
        _in_time(bill, on),
        BILL_CHARGE(bill.id, field="charge", observed=charge, expected=bill.amount) if much else (),
    )


def dishonour(bill: BankBill, *, on: date, reason: str) -> Decision[BankBill]:
    """A bill was not honoured, in our hands or those of somebody after us (拒付, 追索).

    Its receipt is reversed beside this (`reverse_receipt`).
    """
    event = BillDishonoured(subject=bill.id, customer=bill.customer)
    return _moved(bill, evolve(bill, state=BillState.DISHONOURED, dishonoured_on=on, reason=reason), event)


def _money(bill: BankBill, receipt: Receipt, state: BillState, *, on: date) -> Decision[Moved]:
    """A bill that has become money: its receipt is cleared, with the value of that day, if it was not."""
    event = BillMoved(subject=bill.id, customer=bill.customer, state=state)
    moved = _moved(bill, evolve(bill, state=state, passed=state, moved_on=on), event)
    after = receipt if receipt.cleared else evolve(receipt, cleared=True, value_date=on)
    cleared = register(after, receipt, on=on) if moved.value else ()
    return accept(Moved(moved.value or bill, after, receipt), moved, cleared)


def _moved(bill: BankBill, after: BankBill, event: Event) -> Decision[BankBill]:
    legal = after.state in TRANSITIONS[bill.state]
    why = () if legal else BILL_STATE(bill.id, field="state", observed=bill.state, expected=after.state)
    return accept(after, why, save(after), tell(event))


def _in_time(bill: BankBill, on: date) -> tuple[Reason, ...]:
    if on <= bill.matures_on:
        return ()
    return (BILL_MATURED(bill.id, field="matures_on", observed=bill.matures_on),)


def _plausible(bill: BankBill) -> tuple[Reason, ...]:
    if bill.matures_on <= bill.issued_on:
        return (BILL_DATES(bill.id, field="matures_on", observed=bill.matures_on, expected=bill.issued_on),)
    longest = add_months(bill.issued_on, LONGEST_MONTHS)
    if bill.matures_on > longest:
        long = BILL_LONG(bill.id, field="matures_on", observed=bill.matures_on, expected=longest)
        return (long, *_in_time(bill, bill.received_on))
    return _in_time(bill, bill.received_on)
