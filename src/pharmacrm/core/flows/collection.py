"""Money in (收款, 核销, 冲销): receipts, what they settle, and what they do to the payer's credit."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated

from attrs import field, frozen

from pharmacrm.core.credit.foreign import Account
from pharmacrm.core.credit.movements import apply, prepay, reverse, take, unapply
from pharmacrm.core.customers import Customer
from pharmacrm.core.flows.lines import seek_account
from pharmacrm.core.kernel.dates import as_date
from pharmacrm.core.kernel.decision import Decision, accept, refuse
from pharmacrm.core.kernel.domain import Domain
from pharmacrm.core.kernel.message import Command, Reads
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.query import eq, is_in
from pharmacrm.core.kernel.record import Personal
from pharmacrm.core.kernel.strict import Id, Limit, OptionalId, strict
from pharmacrm.core.receivables import (
    Allocation,
    BankBill,
    Instalment,
    Receipt,
    Receivable,
    ReceivableKind,
    Target,
)
from pharmacrm.core.receivables.allocation import Allocated, allocate
from pharmacrm.core.receivables.bill_reasons import RECEIPT_OF_BILL
from pharmacrm.core.receivables.model import MATCHING
from pharmacrm.core.receivables.reasons import ALLOCATION_UNKNOWN
from pharmacrm.core.receivables.receipts import check_method, check_payer, on_account, register
from pharmacrm.core.receivables.strategies import AllocationStrategy
from pharmacrm.core.receivables.targets import as_positive
from pharmacrm.core.receivables.undoing import reverse_receipt, undo_allocations
from pharmacrm.core.values.trade import PaymentMethod


@frozen(kw_only=True, field_transformer=strict)
class RegisterReceipt(Command[Receipt]):
    """Register money from a customer, or that it has cleared by now; registering again is an update.

    A cleared receipt is on account at once and lowers the payer's exposure; `AllocateReceipt` says what it
    settles. A bank acceptance bill is none: `ReceiveBill` takes it in.
    """

    id: Id
    payer: Id
    payer_name: Annotated[str, Limit(200), Personal(MATCHING)]
    amount: Money = field(converter=as_positive)
    method: PaymentMethod = PaymentMethod.BANK_TRANSFER
    value_date: date = field(converter=as_date)
    cleared: bool = True
    personal_account: bool = False
    reference: Annotated[str, Limit(100, empty=True)] = ""


@frozen(kw_only=True, field_transformer=strict)
class AllocateReceipt(Command[Receipt]):
    """Settle with a receipt: the instalments named, an order's prepayment, or else what is open.

    Where no instalments are named, `strategy` says which come first, and `take_discounts` takes the early
    payment discount of each that the money settles.
    """

    subject_field = "receipt"

    receipt: Id
    targets: tuple[Target, ...] = ()
    order: OptionalId = ""
    strategy: AllocationStrategy = AllocationStrategy.OLDEST_DUE
    take_discounts: bool = False


@frozen(kw_only=True, field_transformer=strict)
class UndoAllocations(Command[Receipt]):
    """Take back what a receipt settles, or only the allocations named: it is on account again (撤销核销)."""

    subject_field = "receipt"

    receipt: Id
    reason: Annotated[str, Limit(500)]
    only: tuple[Id, ...] = ()


@frozen(kw_only=True, field_transformer=strict)
class ReverseReceipt(Command[Receipt]):
    """Take a receipt back whose money did not come: what it settled is owed again (退票, 冲销)."""

    subject_field = "receipt"

    receipt: Id
    reason: Annotated[str, Limit(500)]


@RegisterReceipt.handler
def register_receipt(command: RegisterReceipt, read: Reads) -> Decision[Receipt]:
    """Load the payer, the receipt if it is known, and the payer's credit line."""
    payer = read.get(Customer, command.payer)
    if read.seek(BankBill, command.id) is not None:
        return refuse(RECEIPT_OF_BILL(command.id, field="id"))
    old = read.seek(Receipt, command.id)
    new = _receipt(command)
    registered = register(new, old, on=read.on)
    name = payer.name or payer.person_name
    return accept(
        registered.value,
        registered,
        check_method(new),
        check_payer(command.id, command.payer_name, name, personal_account=command.personal_account),
        _on_account(registered.value, old, seek_account(read, payer.id, new.amount.currency))
        if registered.value
        else (),
    )


def _receipt(command: RegisterReceipt) -> Receipt:
    return Receipt(
        id=command.id,
        payer=command.payer,
        payer_name=command.payer_name,
        amount=command.amount,
        method=command.method,
        value_date=command.value_date,
        cleared=command.cleared,
        personal_account=command.personal_account,
        reference=command.reference,
        allocated=Money.zero(command.amount.currency),
        refunded=Money.zero(command.amount.currency),
    )


def _on_account(receipt: Receipt, old: Receipt | None, line: Account | None) -> Decision[Account] | tuple[()]:
    """What a registration moves on the payer's account."""
    currency = receipt.amount.currency
    if old is not None and old.amount.currency != currency:
        return ()
    more = on_account(receipt, currency) - on_account(old, currency)
    if not more.is_negative:
        return take(line, more, customer=receipt.payer, cause=receipt.id)
    nothing = Money.zero(currency)
    return reverse(
        line, paid=nothing, unapplied=-more, customer=receipt.payer, cause=receipt.id, reason="corrected"
    )


@AllocateReceipt.handler
def allocate_receipt(command: AllocateReceipt, read: Reads) -> Decision[Receipt]:
    """Load the receipt, what it may settle, and the payer's credit line."""
    receipt = read.get(Receipt, command.receipt)
    receivables, instalments = _owed(command, receipt, read)
    wanted = command.targets or None
    done = allocate(
        receipt,
        receivables,
        instalments,
        wanted,
        on=read.on,
        strategy=command.strategy,
        take_discounts=command.take_discounts,
    )
    line = seek_account(read, receipt.payer, receipt.amount.currency)
    return accept(
        done.value.receipt if done.value else receipt,
        done,
        *(_moved(done.value, line) if done.value else ()),
    )


def _owed(
    command: AllocateReceipt, receipt: Receipt, read: Reads
) -> tuple[Sequence[Receivable], Sequence[Instalment]]:
    if command.targets:
        instalments = read.find(Instalment, is_in("id", [target.instalment for target in command.targets]))
    elif command.order:
        of_order = (eq("order", command.order), eq("kind", ReceivableKind.PREPAYMENT))
        ids = [each.id for each in read.find(Receivable, *of_order)]
        instalments = (
            read.find(Instalment, is_in("receivable", ids), eq("settled", value=False)) if ids else []
        )
    else:
        instalments = read.find(
            Instalment, eq("customer", receipt.payer), eq("settled", value=False), order=("due",)
        )
    ids = sorted({part.receivable for part in instalments})
    return (read.find(Receivable, is_in("id", ids)) if ids else ()), instalments


def _moved(done: Allocated, line: Account | None) -> list[Decision[Account]]:
    """Debts settled with money on account, and prepayments made with it."""
    receipt = done.receipt
    moves = []
    if done.credit or done.discount:
        moves.append(
            apply(line, done.credit, customer=receipt.payer, cause=receipt.id, discount=done.discount)
        )
    if done.prepaid:
        moves.append(prepay(line, done.prepaid, customer=receipt.payer, cause=receipt.id))
    return moves


@UndoAllocations.handler
def on_undo_allocations(command: UndoAllocations, read: Reads) -> Decision[Receipt]:
    """Load the receipt with its allocations and what they settled."""
    receipt = read.get(Receipt, command.receipt)
    receivables, instalments, allocations = settled_by(receipt, read, command.only)
    unknown = sorted(set(command.only) - {each.id for each in allocations})
    if unknown:
        return refuse(*(ALLOCATION_UNKNOWN(receipt.id, field="only", observed=each) for each in unknown))
    done = undo_allocations(receipt, receivables, instalments, allocations, on=read.on)
    if done.value is None or not done.changes:
        return accept(receipt, done)
    line = seek_account(read, receipt.payer, receipt.amount.currency)
    back = done.value
    credit = unapply(
        line,
        back.credit,
        customer=receipt.payer,
        cause=receipt.id,
        reason=command.reason,
        discount=back.discount,
    )
    return accept(
        back.receipt, done, credit, take(line, back.prepaid, customer=receipt.payer, cause=receipt.id)
    )


@ReverseReceipt.handler
def on_reverse_receipt(command: ReverseReceipt, read: Reads) -> Decision[Receipt]:
    """Load the receipt with its allocations and what they settled."""
    receipt = read.get(Receipt, command.receipt)
    if read.seek(BankBill, receipt.id) is not None:
        return refuse(RECEIPT_OF_BILL(receipt.id, field="receipt"))
    receivables, instalments, allocations = settled_by(receipt, read)
    done = reverse_receipt(receipt, receivables, instalments, allocations, on=read.on, reason=command.reason)
    if done.value is None or not done.changes:
        return accept(receipt, done)
    back = done.value
    gone = reverse(
        seek_account(read, receipt.payer, receipt.amount.currency),
        paid=back.credit + back.discount,
        unapplied=on_account(receipt, receipt.amount.currency),
        customer=receipt.payer,
        cause=receipt.id,
        reason=command.reason,
    )
    return accept(back.receipt, done, gone)


def settled_by(
    receipt: Receipt, read: Reads, only: Sequence[str] = ()
) -> tuple[Sequence[Receivable], Sequence[Instalment], Sequence[Allocation]]:
    """Read what a receipt settles, or only the allocations named."""
    named = (is_in("id", only),) if only else (eq("undone", value=False),)
    allocations = read.find(Allocation, eq("receipt", receipt.id), *named, order=("number",))
    if not allocations:
        return (), (), ()
    instalments = read.find(Instalment, is_in("id", sorted({each.instalment for each in allocations})))
    receivables = read.find(Receivable, is_in("id", sorted({part.receivable for part in instalments})))
    return receivables, instalments, allocations


domain = Domain(
    name="collection",
    handlers=(register_receipt, allocate_receipt, on_undo_allocations, on_reverse_receipt),
    rights={
        "finance": (RegisterReceipt, AllocateReceipt, UndoAllocations, ReverseReceipt),
        "erp": (RegisterReceipt,),
    },
)
