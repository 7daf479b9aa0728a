"""Shares: how much of the total one part of the terms stands for.

A `Percentage` of the total, a `Portion` of the untaxed amount or of what is left at this point, a `Fixed`
amount in the currency of the document, or `REST`: what the other parts leave.
"""

import re
from enum import Enum
from typing import TypeAlias

from attrs import Attribute, field, frozen

from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.kernel.money import Money, Percentage
from pharmacrm.core.kernel.numbers import decimal_text, parse_decimal

FIXED_TEXT = r"(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,4})?"
"""A plain decimal amount: at most 15 digits before and 4 after the point, no leading zero."""

_FIXED = re.compile(FIXED_TEXT)
_MOST_PERCENT = 100


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


def unclear(amount: str) -> bool:
    """Whether an amount might be a percentage whose sign was forgotten: whole, up to 100, no decimals."""
    return amount.isdecimal() and int(amount) <= _MOST_PERCENT


class Rest(Enum):
    """What the other parts leave (余款); it has one value, `REST`."""

    REST = "rest"

    def __str__(self) -> str:
        return self.value


REST = Rest.REST


class Base(Enum):
    """What a percentage is of; the values are the words of the text form."""

    TOTAL = ""
    """The whole amount, with tax."""
    UNTAXED = " of untaxed"
    """The amount without tax (未税金额)."""
    REST = " of rest"
    """What the parts written before leave (余额)."""


PORTION_DECIMALS = 6
WHOLE = 100_000_000
"""All of a base, in the units of `Portion`."""
_FINER = 100
"""Units of `Portion` in one of `Percentage`."""


def _some(_: object, __: "Attribute[int]", units: object) -> None:
    if type(units) is not int or not 0 < units <= WHOLE:
        message = "a share is more than 0 % and at most 100 %"
        raise MalformedInput("terms.sum", message, field="share", value=units)


def _a_base(portion: "Portion", _: "Attribute[Base]", base: object) -> None:
    if not isinstance(base, Base):
        raise MalformedInput("terms.format", "the base of a share is wanted", field="base", value=base)
    if base is Base.TOTAL and not portion.units % _FINER:
        message = "a percentage of the total with 4 decimals is a `Percentage`"
        raise MalformedInput("terms.format", message, field="base", value=portion.units)


@frozen
class Portion:
    """A percentage with up to 6 decimals of one of three bases: `50% of rest`, `30% of untaxed`.

    `units` are millionths of a percent. Make it with `portion`, which gives the plain `Percentage` where that
    is enough. Raises `terms.sum` unless it is more than 0 % and at most 100 %.
    """

    units: int = field(validator=_some)
    of: Base = field(validator=_a_base)

    def __str__(self) -> str:
        return f"{decimal_text(self.units, PORTION_DECIMALS, least=0)}%{self.of.value}"


Share: TypeAlias = Percentage | Portion | Fixed | Rest
"""Any share."""


def portion(percent: str, of: Base = Base.TOTAL) -> Percentage | Portion:
    """Read a share such as `33.333333` percent of a base; raises `terms.sum` out of 0 to 100 %."""
    units = parse_decimal(percent, scale=PORTION_DECIMALS, family="percentage")
    if of is Base.TOTAL and not units % _FINER and 0 <= units <= WHOLE:
        return Percentage.of_units(units // _FINER)
    return Portion(units, of)


def of_total(share: Share) -> int:
    """The units of `Portion` that a share takes of the total, 0 if it is of something else."""
    if isinstance(share, Percentage):
        return share.units * _FINER
    return share.units if isinstance(share, Portion) and share.of is Base.TOTAL else 0
