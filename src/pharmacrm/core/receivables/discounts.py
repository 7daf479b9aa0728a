"""Early payment discounts (提前付款折扣): 2/10 net 30 takes 2 % off if the money is there within 10 days.

A discount is granted only when it is asked for, and only with the payment that settles the instalment: what
is still open less the discount, no more and no less. Where the terms grant it pro rata, a payment in part
earns its part. The value date of the money decides, not the day on which it is allocated, and days of grace
count.
"""

from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.reason import Reason
from pharmacrm.core.receivables.model import Instalment, Receipt
from pharmacrm.core.receivables.reasons import DISCOUNT_EXPIRED, DISCOUNT_NOT_SETTLING
from pharmacrm.core.values.schedule import DiscountOffer


def offer_for(instalment: Instalment, receipt: Receipt) -> DiscountOffer | None:
    """Give the offer that money of this value date may take: the first still open, days of grace included."""
    return next((offer for offer in instalment.discounts if offer.covers(receipt.value_date)), None)


def discount_for(instalment: Instalment, receipt: Receipt, amount: Money | None = None) -> Money:
    """Give the discount that money of this value date may take, or nothing: with the payment that settles.

    For another `amount` it is what a payment in part earns. None is left when what is open is no more than
    the discount itself.
    """
    nothing = Money.zero(instalment.amount.currency)
    offer = offer_for(instalment, receipt)
    if offer is None:
        return nothing
    left = _less_credited(instalment, offer)
    if left >= instalment.open:
        return nothing
    if amount is None or amount + left >= instalment.open:
        return left
    return min(offer.earned(instalment.amount, amount), instalment.open - amount)


def _less_credited(instalment: Instalment, offer: DiscountOffer) -> Money:
    """What settles an instalment may deduct; what was credited of it was never charged, and earns nothing."""
    left = offer.left(instalment.amount, instalment.open)
    if offer.pro_rata or not instalment.credited:
        return left
    return left.share(instalment.amount.minor - instalment.credited.minor, instalment.amount.minor)


def check_discount(instalment: Instalment, receipt: Receipt, amount: Money) -> tuple[Reason, ...]:
    """Say why a payment cannot take the discount: its time is over, or it does not settle the instalment."""
    settling = discount_for(instalment, receipt)
    if not settling:
        return (DISCOUNT_EXPIRED(instalment.id, field="take_discount", observed=receipt.value_date),)
    expected = instalment.open - settling
    if amount > expected or (amount < expected and not discount_for(instalment, receipt, amount)):
        return (DISCOUNT_NOT_SETTLING(instalment.id, field="amount", observed=amount, expected=expected),)
    return ()
