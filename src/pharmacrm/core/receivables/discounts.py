"""Early payment discounts (提前付款折扣): 2/10 net 30 takes 2 % off if the money is there within 10 days.

A discount is granted only when it is asked for, and only with the payment that settles the instalment: what
is still open less the discount, no more and no less. The value date of the money decides, not the day on
which it is allocated.
"""

from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.reason import Reason
from pharmacrm.core.receivables.model import Instalment, Receipt
from pharmacrm.core.receivables.reasons import DISCOUNT_EXPIRED, DISCOUNT_NOT_SETTLING


def discount_for(instalment: Instalment, receipt: Receipt) -> Money:
    """Give the discount that money of this value date may take: the first offer still open, or nothing.

    None is left when what is open is no more than the discount itself.
    """
    offers = (offer.amount for offer in instalment.discounts if receipt.value_date <= offer.until)
    amount = next(offers, Money.zero(instalment.amount.currency))
    return amount if amount < instalment.open else Money.zero(amount.currency)


def check_discount(instalment: Instalment, receipt: Receipt, amount: Money) -> tuple[Reason, ...]:
    """Say why a payment cannot take the discount: its time is over, or it does not settle the instalment."""
    discount = discount_for(instalment, receipt)
    if not discount:
        return (DISCOUNT_EXPIRED(instalment.id, field="take_discount", observed=receipt.value_date),)
    if amount + discount != instalment.open:
        expected = instalment.open - discount
        return (DISCOUNT_NOT_SETTLING(instalment.id, field="amount", observed=amount, expected=expected),)
    return ()
