"""What people want done with credit lines."""

from typing import ClassVar

from attrs import field, frozen

from pharmacrm.core.credit.model import CreditLine
from pharmacrm.core.kernel.message import Command
from pharmacrm.core.kernel.money import Money, not_negative
from pharmacrm.core.kernel.numbers import wrong_type
from pharmacrm.core.kernel.strict import Id, Note, strict


def as_limit(value: Money) -> Money:
    """Check a limit: money, not negative; codes `money.required`, `money.type`, `money.sign`."""
    if type(value) is not Money:
        raise wrong_type(value, "money", "give money, such as Money(500000, 'CNY')")
    return not_negative(value)


@frozen(kw_only=True, field_transformer=strict)
class SetCreditLimit(Command[CreditLine]):
    """Set how much a customer may owe (信用额度), with the reason for it.

    A limit of 0 means no credit; `unlimited` lifts the limit, `blocked` stops all new credit. The exposure is
    not touched.
    """

    subject_field: ClassVar[str] = "customer"

    customer: Id
    limit: Money = field(converter=as_limit)
    unlimited: bool = False
    blocked: bool = False
    reason: Note = ""
