"""The payment gate of the fifth release step (到账审核, XT-08): has the money arrived, is the credit held?"""

from collections.abc import Iterable

from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.reason import Reason
from pharmacrm.core.kernel.words import Words
from pharmacrm.core.receivables.model import Instalment
from pharmacrm.core.receivables.reasons import CREDIT_MISSING, NOT_CLEARED
from pharmacrm.core.values.terms import PartKind


def payment_gate(
    order: str, *, prepaid: Money, cleared: Money, credit: Money, reserved: Money
) -> tuple[Reason, ...]:
    """Give every reason why an order cannot be released for its money (XT-08).

    `prepaid` and `credit` are what its terms want of each; `cleared` is what cleared receipts have brought
    for the prepayment, `reserved` what credit holds for it. Exactly enough passes. The shortfall is named.
    """
    found = []
    if cleared < prepaid:
        found.append(NOT_CLEARED(order, field="prepaid", observed=_short(cleared, prepaid), expected=prepaid))
    if reserved < credit:
        found.append(
            CREDIT_MISSING(order, field="credit", observed=_short(reserved, credit), expected=credit)
        )
    return tuple(found)


def cleared_prepayment(instalments: Iterable[Instalment], currency: str) -> Money:
    """Give what has come for prepaid instalments: cleared receipts, credit notes, and what was written off.

    No other receipts are ever allocated. A bank charge that was written off does not keep an order waiting.
    """
    paid = (
        part.allocated + part.credited + part.written_off
        for part in instalments
        if part.kind is PartKind.PREPAY
    )
    return Money.total(paid, currency)


def _short(has: Money, wants: Money) -> Words:
    return Words(f"{has} (short {wants - has})", f"{has}（尚缺 {wants - has}）")
