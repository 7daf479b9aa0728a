"""Receipts (收款): registered, matched with their payer, and what of them is on account."""

from datetime import date
from unicodedata import normalize

from attrs import evolve

from pharmacrm.core.kernel.decision import Decision, accept, save, tell
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.reason import Reason
from pharmacrm.core.kernel.schema import schema_of
from pharmacrm.core.kernel.words import Words
from pharmacrm.core.receivables.bill_reasons import RECEIPT_IS_BILL
from pharmacrm.core.receivables.events import ReceiptRegistered
from pharmacrm.core.receivables.model import Receipt
from pharmacrm.core.receivables.reasons import (
    PAYER_MISMATCH,
    PERSONAL_ACCOUNT,
    RECEIPT_FIXED,
    RECEIPT_FUTURE,
    RECEIPT_NOT_POSITIVE,
    RECEIPT_OVER_ALLOCATED,
    RECEIPT_REVERSED,
)
from pharmacrm.core.values.trade import PaymentMethod


def register(new: Receipt, old: Receipt | None, *, on: date) -> Decision[Receipt]:
    """Register a receipt, or what is known of it by now, such as that it has cleared (收款登记).

    What was allocated of it stays; while anything is, payer, currency and clearance stay, and the amount
    covers it. The same again changes nothing. `on_account` before and after gives what moves on account.
    """
    receipt = new if old is None else _carried(new, old)
    if receipt == old:
        return accept(receipt)
    event = ReceiptRegistered(subject=receipt.id, customer=receipt.payer)
    fixed = () if old is None else _fixed(receipt, old)
    return accept(receipt, _plausible(receipt, on), fixed, save(receipt), tell(event))


def check_method(receipt: Receipt) -> tuple[Reason, ...]:
    """Refuse a bank acceptance bill as a receipt: it has a maturity, and is a `BankBill` (银行承兑汇票)."""
    if receipt.method is not PaymentMethod.BANK_ACCEPTANCE:
        return ()
    return (RECEIPT_IS_BILL(receipt.id, field="method", observed=receipt.method),)


def on_account(receipt: Receipt | None, currency: str) -> Money:
    """Give the money of a receipt that lowers the payer's exposure: cleared, not reversed, not allocated."""
    if receipt is None or not receipt.cleared:
        return Money.zero(currency)
    return receipt.open


def check_payer(
    receipt: str, payer_name: str, legal_name: str, *, personal_account: bool = False
) -> tuple[Reason, ...]:
    """Refuse money that is not the customer's: another name, or a personal account (R-09, 票账货款一致).

    Full-width and half-width letters, brackets, spaces and case make no difference.
    """
    found = []
    if _plain(payer_name) != _plain(legal_name):
        found.append(PAYER_MISMATCH(receipt, field="payer_name"))
    if personal_account:
        found.append(PERSONAL_ACCOUNT(receipt, field="personal_account"))
    return tuple(found)


def _plain(name: str) -> str:
    return "".join(normalize("NFKC", name).split()).casefold()


def _carried(new: Receipt, old: Receipt) -> Receipt:
    return evolve(
        new,
        version=old.version,
        allocated=old.allocated or Money.zero(new.amount.currency),
        refunded=old.refunded or Money.zero(new.amount.currency),
        allocations=old.allocations,
        reversed_on=old.reversed_on,
        reverse_reason=old.reverse_reason,
    )


def _plausible(receipt: Receipt, on: date) -> tuple[Reason, ...]:
    found = []
    if not receipt.amount.is_positive:
        found.append(RECEIPT_NOT_POSITIVE(receipt.id, field="amount", observed=receipt.amount))
    if receipt.cleared and receipt.value_date > on:
        found.append(RECEIPT_FUTURE(receipt.id, field="value_date", observed=receipt.value_date))
    return tuple(found)


def _fixed(new: Receipt, old: Receipt) -> tuple[Reason, ...]:
    if old.reversed_on is not None:
        return (RECEIPT_REVERSED(old.id, observed=old.reversed_on),)
    used = old.allocated + old.refunded
    if not used:
        return ()
    found = [
        RECEIPT_FIXED(old.id, field=name, named=schema_of(Receipt).field(name).label)
        for name in ("payer", "cleared")
        if getattr(new, name) != getattr(old, name)
    ]
    if new.amount.currency != old.amount.currency:
        found.append(RECEIPT_FIXED(old.id, field="currency", named=Words("currency", "币种")))
    elif new.amount < used:
        found.append(RECEIPT_OVER_ALLOCATED(old.id, field="amount", observed=used, expected=new.amount))
    return tuple(found)
