"""Where the money of a receipt is to go: named instalments, and what is against them (核销对象)."""

from attrs import field, frozen

from pharmacrm.core.kernel.money import Money, not_negative, positive
from pharmacrm.core.kernel.numbers import wrong_type
from pharmacrm.core.kernel.reason import Reason
from pharmacrm.core.kernel.strict import Ref, strict
from pharmacrm.core.kernel.words import listed
from pharmacrm.core.receivables.discounts import check_discount
from pharmacrm.core.receivables.model import Instalment, Receipt
from pharmacrm.core.receivables.reasons import (
    CURRENCY_MISMATCH,
    INSTALMENT_OTHER_CUSTOMER,
    INSTALMENT_OVER_ALLOCATED,
    INSTALMENT_UNKNOWN,
)


def as_positive(value: Money) -> Money:
    """Check an amount: money above zero; codes `money.required`, `.type`, `.sign`, `.zero`."""
    if type(value) is not Money:
        raise wrong_type(value, "money", "give money, such as Money(500, 'CNY')")
    return positive(value)


def as_not_negative(value: Money) -> Money:
    """Check an amount: money, zero or more; codes `money.required`, `.type`, `.sign`."""
    if type(value) is not Money:
        raise wrong_type(value, "money", "give money, such as Money(500, 'CNY')")
    return not_negative(value)


@frozen(field_transformer=strict)
class Target:
    """So much of a receipt for one instalment; `take_discount` asks for the early payment discount too."""

    instalment: Ref
    amount: Money = field(converter=as_positive)
    take_discount: bool = False


def check_target(receipt: Receipt, part: Instalment | None, target: Target) -> tuple[Reason, ...]:
    """Give every reason why money of a receipt cannot go to an instalment."""
    if part is None:
        return (INSTALMENT_UNKNOWN(receipt.id, field="instalment", observed=target.instalment),)
    found = []
    if part.customer != receipt.payer:
        found.append(
            INSTALMENT_OTHER_CUSTOMER(
                part.id, field="instalment", observed=part.customer, expected=receipt.payer
            )
        )
    return (*found, *_amount(receipt, part, target))


def _amount(receipt: Receipt, part: Instalment, target: Target) -> tuple[Reason, ...]:
    currencies = {receipt.amount.currency, target.amount.currency}
    if currencies != {part.amount.currency}:
        given = listed(sorted(currencies))
        return (CURRENCY_MISMATCH(part.id, field="amount", observed=given, expected=part.amount.currency),)
    if target.amount > part.open:
        return (
            INSTALMENT_OVER_ALLOCATED(part.id, field="amount", observed=target.amount, expected=part.open),
        )
    return check_discount(part, receipt, target.amount) if target.take_discount else ()
