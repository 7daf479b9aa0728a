"""Payment terms as data (付款条件): who pays which part of the total when, and what paying early earns.

Three families (XT-25) and every mixture of them: prepayment (预付款), credit term (账期付款), early payment
discount (提前付款). Terms that cannot be meant raise `MalformedInput`: `terms.sum` if the parts do not make
up exactly 100 %, `terms.discount`, `terms.prepaid`, `terms.days` and `terms.format`.
"""

from collections.abc import Sequence
from enum import Enum
from itertools import pairwise
from typing import ClassVar, TypeVar

from attrs import Attribute, evolve, field, frozen

from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.kernel.money import Percentage
from pharmacrm.core.values.terms.due import MOST_DAYS, RULES, Due, OnOrder, Whole
from pharmacrm.core.values.terms.share import REST, Fixed, Rest, Share

WHOLE = Percentage("100%")
MOST_PARTS = 24
MOST_DISCOUNTS = 4
RESERVE_DAYS = 30
"""Days after which a credit reservation expires unless the terms say otherwise (model section 11)."""


class PartKind(Enum):
    """Whether a part is paid before shipment or on credit."""

    PREPAY = "prepay"
    CREDIT = "credit"


T = TypeVar("T")


def _is(kinds: tuple[type, ...], value: object, name: str) -> None:
    if not isinstance(value, kinds):
        message = f"{' or '.join(kind.__name__ for kind in kinds)} is wanted"
        raise MalformedInput("terms.format", message, field=name, value=value)


def _tuple_of(kind: type[T], values: Sequence[T], name: str) -> tuple[T, ...]:
    _is((tuple, list), values, name)
    for value in values:
        _is((kind,), value, name)
    return tuple(values)


def _real_percent(_: object, __: "Attribute[Percentage]", percent: object) -> None:
    if not isinstance(percent, Percentage) or not percent.units:
        message = "a discount is a percentage above 0 %"
        raise MalformedInput("terms.discount", message, field="percent", value=percent)


@frozen
class EarlyDiscount:
    """A discount for early payment (现金折扣): 2/10 is 2 % off if paid within 10 days of the anchor."""

    percent: Percentage = field(validator=_real_percent)
    within_days: int = field(validator=Whole(0, MOST_DAYS))

    def __str__(self) -> str:
        return f"{str(self.percent).removesuffix('%')}/{self.within_days}"


def _discounts(values: Sequence[EarlyDiscount]) -> tuple[EarlyDiscount, ...]:
    return _tuple_of(EarlyDiscount, values, "discounts")


def _real_share(_: object, __: "Attribute[Share]", share: object) -> None:
    _is((Percentage, Fixed, Rest), share, "share")
    if isinstance(share, Percentage) and not share.units:
        raise MalformedInput("terms.sum", "a share is more than 0 %", field="share", value=share)


def _real_due(_: object, __: "Attribute[Due]", due: object) -> None:
    _is(RULES, due, "due")


@frozen
class Part:
    """One part of the total: its share, its due rule and its early payment discounts, the earliest first.

    A part that is due on the order (`OnOrder`) is prepaid, every other part is on credit. Discounts get
    smaller as time goes by (3/10 2/20), end no later than the earliest possible due date, and none is given
    on a prepaid part.
    """

    share: Share = field(validator=_real_share)
    due: Due = field(validator=_real_due)
    discounts: tuple[EarlyDiscount, ...] = field(default=(), converter=_discounts)

    @property
    def kind(self) -> PartKind:
        """Prepaid or on credit; it follows from the due rule."""
        return PartKind.PREPAY if isinstance(self.due, OnOrder) else PartKind.CREDIT

    @discounts.validator
    def _steps(self, _: object, discounts: tuple[EarlyDiscount, ...]) -> None:
        if discounts and self.kind is PartKind.PREPAY:
            raise MalformedInput(
                "terms.prepaid", "a prepaid part has no discount", field="discounts", value=str(self)
            )
        fault = _discount_fault(discounts, self.due)
        if fault:
            raise MalformedInput("terms.discount", fault, field="discounts", value=str(self))

    def __str__(self) -> str:
        words = (str(self.share), *map(str, self.discounts), str(self.due))
        return " ".join(words)


def _discount_fault(discounts: Sequence[EarlyDiscount], due: Due) -> str:
    if len(discounts) > MOST_DISCOUNTS:
        return f"a part has at most {MOST_DISCOUNTS} discounts"
    if any(
        a.within_days >= b.within_days or a.percent.units <= b.percent.units for a, b in pairwise(discounts)
    ):
        return "later discounts are smaller: give them as 3/10 2/20"
    if discounts and discounts[-1].within_days > due.earliest:
        return "a discount ends before the part is due"
    return ""


def _plain(parts: Sequence[Part]) -> tuple[Part, ...]:
    """100 % in one part is written as the rest, so that equal terms are equal values."""
    plain = _tuple_of(Part, parts, "parts")
    return (evolve(plain[0], share=REST),) if len(plain) == 1 and plain[0].share == WHOLE else plain


@frozen
class PaymentTerms:
    """Payment terms: their parts in the order of writing, and how long a credit reservation lives, in days.

    The percentages make up exactly 100 %, or one part is the rest and they stay below. Fixed amounts need a
    rest. `str` gives the canonical text, which `parse_terms` reads back as the same value.
    """

    text_form: ClassVar[bool] = True

    parts: tuple[Part, ...] = field(converter=_plain)
    reserve_days: int = field(default=RESERVE_DAYS, validator=Whole(0, MOST_DAYS))

    @parts.validator
    def _whole(self, _: object, parts: tuple[Part, ...]) -> None:
        fault = _sum_fault([part.share for part in parts])
        if fault:
            raise MalformedInput("terms.sum", fault, field="parts", value=str(self))

    @property
    def has_prepayment(self) -> bool:
        """Whether something is to be paid before shipment."""
        return any(part.kind is PartKind.PREPAY for part in self.parts)

    @classmethod
    def parse(cls, text: str) -> "PaymentTerms":
        """The terms that a text means; the grammar is in `terms.text`."""
        from pharmacrm.core.values.terms.text import parse_terms

        return parse_terms(text)

    def __str__(self) -> str:
        alone = len(self.parts) == 1
        texts = [str(part).removeprefix("rest ") if alone else str(part) for part in self.parts]
        reserve = [] if self.reserve_days == RESERVE_DAYS else [f"reserve {self.reserve_days} days"]
        return ", ".join(texts + reserve)


def _sum_fault(shares: Sequence[Share]) -> str:
    if not 0 < len(shares) <= MOST_PARTS:
        return f"terms have 1 to {MOST_PARTS} parts"
    units = sum(share.units for share in shares if isinstance(share, Percentage))
    rests = shares.count(REST)
    if rests > 1:
        return "only one part can be the rest"
    if rests:
        return "" if units < WHOLE.units else "the percentages leave nothing for the rest"
    if any(isinstance(share, Fixed) for share in shares):
        return "a fixed amount needs a part that is the rest"
    return "" if units == WHOLE.units else "the percentages do not make up 100 %"
