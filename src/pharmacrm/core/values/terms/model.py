"""Payment terms as data (付款条件): who pays which part of the total when, and what paying early earns.

Three families (XT-25) and every mixture of them: prepayment (预付款), credit term (账期付款), early payment
discount (提前付款). Terms that cannot be meant raise `MalformedInput`: `terms.sum` if the parts do not make
up exactly 100 %, `terms.discount`, `terms.prepaid`, `terms.days`, `terms.chain` and `terms.format`.
"""

from collections.abc import Sequence
from typing import ClassVar

from attrs import Attribute, evolve, field, frozen

from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.kernel.money import Percentage
from pharmacrm.core.values.terms.baseline import Baseline
from pharmacrm.core.values.terms.due import MOST_DAYS, Whole
from pharmacrm.core.values.terms.options import (
    DEFAULT_AMOUNTS,
    DEFAULT_DISCOUNTING,
    AmountPolicy,
    DiscountBase,
    DiscountPolicy,
    options_text,
)
from pharmacrm.core.values.terms.part import Part, PartKind, is_kind, tuple_of
from pharmacrm.core.values.terms.share import REST, WHOLE, Base, Portion, Share, of_total

ALL = Percentage("100%")
MOST_PARTS = 24
RESERVE_DAYS = 30
"""Days after which a credit reservation expires unless the terms say otherwise (model section 11)."""


def _plain(parts: Sequence[Part]) -> tuple[Part, ...]:
    """100 % in one part is written as the rest, so that equal terms are equal values."""
    plain = tuple_of(Part, parts, "parts")
    return (evolve(plain[0], share=REST),) if len(plain) == 1 and plain[0].share == ALL else plain


def _amounts(_: object, __: "Attribute[AmountPolicy]", amounts: object) -> None:
    is_kind((AmountPolicy,), amounts, "amounts")


def _discounting(_: object, __: "Attribute[DiscountPolicy]", discounting: object) -> None:
    is_kind((DiscountPolicy,), discounting, "discounting")


@frozen(cache_hash=True)
class PaymentTerms:
    """Payment terms: their parts in the order of writing, and how long a credit reservation lives, in days.

    The percentages of the total make up exactly 100 %, or one part is the rest and they stay below. Fixed
    amounts, and percentages of the untaxed amount or of the rest, need a rest. `amounts` and `discounting`
    hold the switches. `str` gives the canonical text, which `parse_terms` reads back as the same value.
    """

    text_form: ClassVar[bool] = True

    parts: tuple[Part, ...] = field(converter=_plain)
    reserve_days: int = field(default=RESERVE_DAYS, validator=Whole(0, MOST_DAYS))
    amounts: AmountPolicy = field(default=DEFAULT_AMOUNTS, validator=_amounts)
    discounting: DiscountPolicy = field(default=DEFAULT_DISCOUNTING, validator=_discounting)

    @parts.validator
    def _whole(self, _: object, parts: tuple[Part, ...]) -> None:
        fault = _sum_fault([part.share for part in parts])
        if fault:
            raise MalformedInput("terms.sum", fault, field="parts", value=str(self))

    @property
    def has_prepayment(self) -> bool:
        """Whether something is to be paid before shipment."""
        return any(part.kind is PartKind.PREPAY for part in self.parts)

    @property
    def needs_untaxed(self) -> bool:
        """Whether a schedule needs the amount without tax: for a share of it, or for a discount on it."""
        shares = any(isinstance(part.share, Portion) and part.share.of is Base.UNTAXED for part in self.parts)
        discounts = any(part.discounts for part in self.parts)
        return shares or (discounts and self.discounting.base is not DiscountBase.TOTAL)

    @property
    def anchors(self) -> tuple[Baseline, ...]:
        """The events that the parts count from, each once, in the order of writing."""
        return tuple(dict.fromkeys(part.anchor for part in self.parts))

    @classmethod
    def parse(cls, text: str) -> "PaymentTerms":
        """The terms that a text means; the grammar is in `terms.text`."""
        from pharmacrm.core.values.terms.text import parse_terms

        return parse_terms(text)

    def __str__(self) -> str:
        alone = len(self.parts) == 1
        texts = [str(part).removeprefix("rest ") if alone else str(part) for part in self.parts]
        reserve = [] if self.reserve_days == RESERVE_DAYS else [f"reserve {self.reserve_days} days"]
        return ", ".join(texts + reserve + options_text(self.amounts, self.discounting))


def _sum_fault(shares: Sequence[Share]) -> str:
    if not 0 < len(shares) <= MOST_PARTS:
        return f"terms have 1 to {MOST_PARTS} parts"
    units = sum(map(of_total, shares))
    rests = shares.count(REST)
    if rests > 1:
        return "only one part can be the rest"
    if rests:
        return "" if units < WHOLE else "the percentages leave nothing for the rest"
    if not all(map(of_total, shares)):
        return "an amount, or a percentage of something else than the total, needs a part that is the rest"
    return "" if units == WHOLE else "the percentages do not make up 100 %"
