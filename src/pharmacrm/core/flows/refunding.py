"""Refunds at the door (退款): what is on account, paid back to the customer itself, or undone."""

from typing import Annotated

from attrs import field, frozen

from pharmacrm.core.credit.movements import pay_back, take
from pharmacrm.core.customers import Customer
from pharmacrm.core.flows.lines import seek_account
from pharmacrm.core.kernel.decision import Decision, accept, refuse
from pharmacrm.core.kernel.domain import Domain
from pharmacrm.core.kernel.message import Command, Reads
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.record import Personal
from pharmacrm.core.kernel.strict import Id, Limit, OptionalId, strict
from pharmacrm.core.receivables import CreditNote, Receipt, Refund
from pharmacrm.core.receivables.model import MATCHING
from pharmacrm.core.receivables.receipts import check_payer
from pharmacrm.core.receivables.refund_reasons import REFUND_EXISTS, REFUND_SOURCE
from pharmacrm.core.receivables.refunds import pay_refund, undo_refund
from pharmacrm.core.receivables.targets import as_positive
from pharmacrm.core.values.trade import PaymentMethod

Why = Annotated[str, Limit(2000, multiline=True)]


@frozen(kw_only=True, field_transformer=strict)
class PayRefund(Command[Refund]):
    """Pay back what is on account of a receipt, or of a credit note (退款): to the customer itself (R-09).

    At most what is neither allocated nor refunded. `reference` is the number that the bank gave it.
    """

    id: Id
    receipt: OptionalId = ""
    credit_note: OptionalId = ""
    amount: Money = field(converter=as_positive)
    method: PaymentMethod = PaymentMethod.BANK_TRANSFER
    payee_name: Annotated[str, Limit(200), Personal(MATCHING)]
    personal_account: bool = False
    reference: Annotated[str, Limit(100, empty=True)] = ""
    reason: Why


@frozen(kw_only=True, field_transformer=strict)
class UndoRefund(Command[Refund]):
    """Undo a refund that did not arrive, or was paid by mistake and came back: it is on account again."""

    subject_field = "refund"

    refund: Id
    reason: Why


@PayRefund.handler
def on_pay_refund(command: PayRefund, read: Reads) -> Decision[Refund]:
    """Load the receipt or the credit note, and the customer with its credit line."""
    if read.seek(Refund, command.id) is not None:
        return refuse(REFUND_EXISTS(command.id, field="id"))
    named = [each for each in (command.receipt, command.credit_note) if each]
    if len(named) != 1:
        return refuse(REFUND_SOURCE(command.id, field="receipt", observed=len(named)))
    source, customer = _source(command.receipt, command.credit_note, read)
    refund = Refund(
        id=command.id,
        customer=customer.id,
        receipt=command.receipt,
        credit_note=command.credit_note,
        amount=command.amount,
        method=command.method,
        payee_name=command.payee_name,
        reference=command.reference,
        paid_on=read.on,
        reason=command.reason,
    )
    name = customer.name or customer.person_name
    paid = pay_refund(refund, source)
    line = seek_account(read, customer.id, refund.amount.currency)
    return accept(
        paid.value,
        paid,
        check_payer(command.id, command.payee_name, name, personal_account=command.personal_account),
        pay_back(line, refund.amount, customer=customer.id, cause=refund.id) if paid.value else (),
    )


@UndoRefund.handler
def on_undo_refund(command: UndoRefund, read: Reads) -> Decision[Refund]:
    """Load the refund with what it was paid of, and the customer's credit line."""
    refund = read.get(Refund, command.refund)
    source, customer = _source(refund.receipt, refund.credit_note, read)
    done = undo_refund(refund, source, on=read.on, reason=command.reason)
    if not done.changes:
        return done
    line = seek_account(read, customer.id, refund.amount.currency)
    return accept(done.value, done, take(line, refund.amount, customer=customer.id, cause=refund.id))


def _source(receipt: str, credit_note: str, read: Reads) -> tuple[Receipt | CreditNote, Customer]:
    if receipt:
        money = read.get(Receipt, receipt)
        return money, read.get(Customer, money.payer)
    note = read.get(CreditNote, credit_note)
    return note, read.get(Customer, note.customer)


domain = Domain(
    name="refunding",
    handlers=(on_pay_refund, on_undo_refund),
    rights={"finance": (PayRefund, UndoRefund)},
)
