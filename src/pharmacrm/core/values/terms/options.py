"""What the systems disagree about, as switches of the terms: rounding, over-allocation, discounts.

Each has a default that changes nothing, and words of its own in the text form.
"""

from collections.abc import Callable
from enum import Enum
from typing import TypeVar

from attrs import Attribute, field, frozen

from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.values.terms.due import Whole
from pharmacrm.core.values.terms.share import Fixed

MOST_GRACE = 60

E = TypeVar("E", bound=Enum)


class Rounding(Enum):
    """How the amounts of the parts are rounded; they sum exactly in every case."""

    LARGEST_REMAINDER = "largest remainder"
    """Percentages share the odd minor units by largest remainder, ties to the first (最大余数法)."""
    HALF_UP = "half up"
    """Each part rounds half up by itself, and the last line takes the difference, as in Odoo (四舍五入)."""
    HALF_EVEN = "half even"
    """Each part rounds half to even, and the last line takes the difference, as in Tryton (银行家舍入)."""


class Overrun(Enum):
    """What happens where fixed amounts and percentages want more than there is."""

    STOP = "stop"
    """A part takes at most what is left, as in Tryton."""
    NEGATIVE = "negative"
    """Each part takes what it says, and the last line is negative, as in Odoo."""
    REFUSED = "refused"
    """The amount is refused with `terms.overrun`, as in ERPNext."""


class DiscountBase(Enum):
    """What a discount is a percentage of, and what becomes of the tax."""

    TOTAL = "total"
    """Of the amount with tax: the tax falls with the discount if it is taken (Odoo: included)."""
    UNTAXED = "untaxed"
    """Of the amount without tax: the tax never falls (Odoo: excluded)."""
    IN_ADVANCE = "untaxed in advance"
    """Of the amount without tax, and the invoice has its tax on the lesser amount at once (Odoo: mixed)."""


class PartialPayment(Enum):
    """Whether a payment in time that does not settle the instalment earns its part of the discount."""

    NONE = "none"
    """Only the payment that settles the instalment earns the discount."""
    PRO_RATA = "pro rata"
    """Every payment in time settles more than itself, in the proportion of the discount."""


def _one_of(kind: type[E]) -> Callable[[object, "Attribute[E]", E], None]:
    """A validator: a member of this enumeration; else `terms.format`."""

    def check(_: object, attribute: "Attribute[E]", value: E) -> None:
        if not isinstance(value, kind):
            message = f"{kind.__name__} is wanted"
            raise MalformedInput("terms.format", message, field=attribute.name, value=value)

    return check


@frozen
class DiscountPolicy:
    """How the discounts of the terms are computed and granted; the same for all parts.

    `grace_days` after its last day a discount is still granted, without being promised (宽限期).
    """

    base: DiscountBase = field(default=DiscountBase.TOTAL, validator=_one_of(DiscountBase))
    grace_days: int = field(default=0, validator=Whole(0, MOST_GRACE))
    partial: PartialPayment = field(default=PartialPayment.NONE, validator=_one_of(PartialPayment))


def _a_multiple(_: object, __: "Attribute[Fixed | None]", multiple: object) -> None:
    if multiple is not None and not isinstance(multiple, Fixed):
        raise MalformedInput("terms.format", "a fixed amount is wanted", field="multiple", value=multiple)


@frozen
class AmountPolicy:
    """How the amounts of the parts are made.

    With a `multiple` every percentage is rounded to a multiple of it, and the last line takes the difference:
    the part that is the rest, or the last one written.
    """

    rounding: Rounding = field(default=Rounding.LARGEST_REMAINDER, validator=_one_of(Rounding))
    overrun: Overrun = field(default=Overrun.STOP, validator=_one_of(Overrun))
    multiple: Fixed | None = field(default=None, validator=_a_multiple)


DEFAULT_AMOUNTS = AmountPolicy()
DEFAULT_DISCOUNTING = DiscountPolicy()


def options_text(amounts: AmountPolicy, discounting: DiscountPolicy) -> list[str]:
    """Write the switches that differ from their defaults, in the order of the grammar."""
    base, partial = discounting.base, discounting.partial
    days = "day" if discounting.grace_days == 1 else "days"
    clauses = {
        f"round {amounts.rounding.value}": amounts.rounding is not Rounding.LARGEST_REMAINDER,
        f"round to {amounts.multiple}": amounts.multiple is not None,
        f"overrun {amounts.overrun.value}": amounts.overrun is not Overrun.STOP,
        f"discount of {base.value}": base is not DiscountBase.TOTAL,
        f"discount {partial.value}": partial is not PartialPayment.NONE,
        f"grace {discounting.grace_days} {days}": discounting.grace_days > 0,
    }
    return [clause for clause, differs in clauses.items() if differs]
