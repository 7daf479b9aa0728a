"""Shares: how much of the total one part of the terms stands for.

A `Percentage` of the total, a `Fixed` amount in the currency of the document, or `REST`: what the other
parts leave.
"""

import re
from enum import Enum
from typing import TypeAlias

from attrs import Attribute, field, frozen

from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.kernel.money import Money, Percentage

FIXED_TEXT = r"(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,4})?"
"""A plain decimal amount: at most 15 digits before and 4 after the point, no leading zero."""

_FIXED = re.compile(FIXED_TEXT)


def _positive_amount(_: object, __: "Attribute[str]", text: object) -> None:
    if type(text) is not str or not _FIXED.fullmatch(text) or not text.strip("0."):
        message = "a fixed share is a plain decimal text above 0"
        raise MalformedInput("terms.format", message, field="amount", value=text)


@frozen
class Fixed:
    """A fixed amount (固定金额) such as `Fixed("1000.00")`, without a currency: it takes the document's.

    Raises `terms.format` for anything but a positive decimal text.
    """

    amount: str = field(validator=_positive_amount)

    def money(self, currency: str) -> Money:
        """The amount in the document's currency; raises `money.scale` if that has fewer decimals."""
        return Money(self.amount, currency)

    def __str__(self) -> str:
        return self.amount


class Rest(Enum):
    """What the other parts leave (余款); it has one value, `REST`."""

    REST = "rest"

    def __str__(self) -> str:
        return self.value


REST = Rest.REST

Share: TypeAlias = Percentage | Fixed | Rest
"""Any share."""
