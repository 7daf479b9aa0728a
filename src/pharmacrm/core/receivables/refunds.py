"""Refunds (退款): what is on account of a customer, paid back; never more than is left there."""

from datetime import date
from typing import Annotated

from attrs import evolve, frozen

from pharmacrm.core.kernel.decision import Decision, accept, refuse, save, tell
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.record import Column, Personal, Record
from pharmacrm.core.receivables.claim_reasons import CLAIM_CURRENCY
from pharmacrm.core.receivables.credit_notes import CreditNote
from pharmacrm.core.receivables.events import RefundPaid, RefundUndone
from pharmacrm.core.receivables.model import MATCHING, Receipt
from pharmacrm.core.receivables.receipts import on_account
from pharmacrm.core.receivables.refund_reasons import REFUND_OVER, REFUND_UNDONE
from pharmacrm.core.values.trade import PaymentMethod


@frozen(kw_only=True)
class Refund(Record):
    """Money paid back to a customer (退款), of one receipt or one credit note; the other is ''.

    An undone refund stays, with its day: the money came back, or never left.
    """

    customer: Annotated[str, Column(index=True, zh="客户")]
    receipt: Annotated[str, Column(index=True, zh="收款")] = ""
    credit_note: Annotated[str, Column(index=True, zh="贷项通知单")] = ""
    amount: Annotated[Money, Column(zh="金额")]
    method: Annotated[PaymentMethod, Column(length=16, zh="付款方式")]
    payee_name: Annotated[str, Column(zh="收款人"), Personal(MATCHING)]
    reference: Annotated[str, Column(length=100, zh="流水号")] = ""
    paid_on: Annotated[date, Column(index=True, zh="退款日期")]
    reason: Annotated[str, Column(length=2000, zh="退款原因")]
    undone_on: Annotated[date | None, Column(index=True, zh="撤销日期")] = None
    undo_reason: Annotated[str, Column(length=2000, zh="撤销原因")] = ""


def pay_refund(refund: Refund, source: Receipt | CreditNote) -> Decision[Refund]:
    """Pay back what is on account of a receipt or credit note, or say why not: at most what is open of it.

    Money that has not cleared, and what was reversed, is not on account.
    """
    currency = source.amount.currency
    if refund.amount.currency != currency:
        given = refund.amount.currency
        return refuse(CLAIM_CURRENCY(source.id, field="amount", observed=given, expected=currency))
    left = on_account(source, currency) if isinstance(source, Receipt) else source.open
    if refund.amount > left:
        return refuse(REFUND_OVER(source.id, field="amount", observed=refund.amount, expected=left))
    return accept(
        refund,
        save(refund, _with(source, refund.amount)),
        tell(RefundPaid(subject=refund.id, customer=refund.customer)),
    )


def undo_refund(refund: Refund, source: Receipt | CreditNote, *, on: date, reason: str) -> Decision[Refund]:
    """Undo a refund: the money is on account again; undoing it twice changes nothing (撤销退款)."""
    if refund.undone_on is not None:
        return accept(refund, REFUND_UNDONE(refund.id, field="undone_on", observed=refund.undone_on))
    undone = evolve(refund, undone_on=on, undo_reason=reason)
    return accept(
        undone,
        save(undone, _with(source, -refund.amount)),
        tell(RefundUndone(subject=refund.id, customer=refund.customer)),
    )


def _with(source: Receipt | CreditNote, more: Money) -> Receipt | CreditNote:
    return evolve(source, refunded=source.refunded + more)
