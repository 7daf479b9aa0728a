"""Bank acceptance bills at the door (银行承兑汇票): taken in, made money, passed on, or not honoured."""

from datetime import date
from typing import Annotated

from attrs import field, frozen

from pharmacrm.core.credit.foreign import Account
from pharmacrm.core.credit.movements import reverse, take
from pharmacrm.core.customers import Customer
from pharmacrm.core.flows.collection import settled_by
from pharmacrm.core.flows.lines import seek_account
from pharmacrm.core.kernel.dates import as_date
from pharmacrm.core.kernel.decision import Decision, accept
from pharmacrm.core.kernel.domain import Domain
from pharmacrm.core.kernel.message import Command, Reads
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.record import Personal
from pharmacrm.core.kernel.strict import Id, Limit, strict
from pharmacrm.core.receivables import BankBill, BillCounts, Receipt
from pharmacrm.core.receivables.bills import Moved, collect, discount, dishonour, endorse, receive_bill
from pharmacrm.core.receivables.model import MATCHING
from pharmacrm.core.receivables.receipts import check_payer, on_account
from pharmacrm.core.receivables.targets import as_not_negative, as_positive
from pharmacrm.core.receivables.undoing import reverse_receipt


@frozen(kw_only=True, field_transformer=strict)
class ReceiveBill(Command[BankBill]):
    """Take a bank acceptance bill in from a customer; its number is its id, and that of its receipt (收票).

    It settles nothing before it is money: `CollectBill`, `DiscountBill` or `EndorseBill` make it so, unless
    `counts` says that it is money at once.
    """

    id: Id
    payer: Id
    payer_name: Annotated[str, Limit(200), Personal(MATCHING)]
    drawer: Annotated[str, Limit(200, empty=True), Personal(MATCHING)] = ""
    acceptor: Annotated[str, Limit(200)]
    amount: Money = field(converter=as_positive)
    issued_on: date = field(converter=as_date)
    matures_on: date = field(converter=as_date)
    counts: BillCounts = BillCounts.AT_MATURITY


@frozen(kw_only=True, field_transformer=strict)
class CollectBill(Command[BankBill]):
    """Say that the bank has paid a bill at maturity: it is money on account now (到期兑付)."""

    subject_field = "bill"

    bill: Id


@frozen(kw_only=True, field_transformer=strict)
class DiscountBill(Command[BankBill]):
    """Say that a bank has paid a bill early, less a charge: the customer has paid all of it (贴现)."""

    subject_field = "bill"

    bill: Id
    bank: Annotated[str, Limit(200)]
    charge: Money = field(converter=as_not_negative)


@frozen(kw_only=True, field_transformer=strict)
class EndorseBill(Command[BankBill]):
    """Say that a bill was passed on in payment, as to a supplier: the customer has paid it (背书转让)."""

    subject_field = "bill"

    bill: Id
    endorsee: Annotated[str, Limit(200)]


@frozen(kw_only=True, field_transformer=strict)
class DishonourBill(Command[BankBill]):
    """Say that a bill was not honoured, also after it was passed on: what it settled is owed again (拒付)."""

    subject_field = "bill"

    bill: Id
    reason: Annotated[str, Limit(500)]


@ReceiveBill.handler
def on_receive_bill(command: ReceiveBill, read: Reads) -> Decision[BankBill]:
    """Load the payer, and what is known under the number."""
    payer = read.get(Customer, command.payer)
    bill = BankBill(
        id=command.id,
        customer=payer.id,
        drawer=command.drawer,
        acceptor=command.acceptor,
        amount=command.amount,
        issued_on=command.issued_on,
        matures_on=command.matures_on,
        received_on=read.on,
        counts=command.counts,
        charge=Money.zero(command.amount.currency),
    )
    taken = receive_bill(
        bill,
        read.seek(BankBill, command.id),
        payer_name=command.payer_name,
        old=read.seek(Receipt, command.id),
    )
    matched = check_payer(command.id, command.payer_name, payer.name or payer.person_name)
    return accept(*_on_account(taken, read), matched)


@CollectBill.handler
def on_collect_bill(command: CollectBill, read: Reads) -> Decision[BankBill]:
    """Load the bill with its receipt."""
    bill, receipt = _bill(command.bill, read)
    return accept(*_on_account(collect(bill, receipt, on=read.on), read))


@DiscountBill.handler
def on_discount_bill(command: DiscountBill, read: Reads) -> Decision[BankBill]:
    """Load the bill with its receipt."""
    bill, receipt = _bill(command.bill, read)
    return accept(*_on_account(discount(bill, receipt, command.bank, command.charge, on=read.on), read))


@EndorseBill.handler
def on_endorse_bill(command: EndorseBill, read: Reads) -> Decision[BankBill]:
    """Load the bill with its receipt."""
    bill, receipt = _bill(command.bill, read)
    return accept(*_on_account(endorse(bill, receipt, command.endorsee, on=read.on), read))


@DishonourBill.handler
def on_dishonour_bill(command: DishonourBill, read: Reads) -> Decision[BankBill]:
    """Load the bill with its receipt and what that settled."""
    bill, receipt = _bill(command.bill, read)
    back = dishonour(bill, on=read.on, reason=command.reason)
    if back.value is None:
        return back
    receivables, instalments, allocations = settled_by(receipt, read)
    undone = reverse_receipt(
        receipt, receivables, instalments, allocations, on=read.on, reason=command.reason
    )
    if undone.value is None:
        return accept(None, undone)
    gone = reverse(
        seek_account(read, bill.customer, bill.amount.currency),
        paid=undone.value.credit + undone.value.discount,
        unapplied=on_account(receipt, receipt.amount.currency),
        customer=bill.customer,
        cause=bill.id,
        reason=command.reason,
    )
    return accept(back.value, back, undone, gone)


def _bill(id: str, read: Reads) -> tuple[BankBill, Receipt]:
    return read.get(BankBill, id), read.get(Receipt, id)


def _on_account(
    done: Decision[Moved], read: Reads
) -> tuple[BankBill | None, Decision[Moved], Decision[Account] | tuple[()]]:
    """The bill, what was done with it, and the money that is on account now."""
    if done.value is None:
        return None, done, ()
    bill, currency = done.value.bill, done.value.bill.amount.currency
    more = on_account(done.value.receipt, currency) - on_account(done.value.before, currency)
    line = seek_account(read, bill.customer, bill.amount.currency)
    return bill, done, take(line, more, customer=bill.customer, cause=bill.id)


domain = Domain(
    name="bills",
    handlers=(on_receive_bill, on_collect_bill, on_discount_bill, on_endorse_bill, on_dishonour_bill),
    rights={"finance": (ReceiveBill, CollectBill, DiscountBill, EndorseBill, DishonourBill)},
)
