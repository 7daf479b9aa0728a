"""Parts of payment terms: a share, a due rule with its anchor, and early payment discounts."""

from collections.abc import Sequence
from decimal import Decimal
from enum import Enum
from itertools import pairwise
from typing import TypeVar

from attrs import Attribute, field, frozen

from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.kernel.money import Percentage
from pharmacrm.core.values.terms.baseline import Baseline
from pharmacrm.core.values.terms.chain import RULES, Chain, Due
from pharmacrm.core.values.terms.due import MOST_DAYS, Net, OnOrder, Whole
from pharmacrm.core.values.terms.share import Fixed, Portion, Rest, Share, unclear

MOST_DISCOUNTS = 4
_DOCUMENT = Baseline.DOCUMENT
_AT_ONCE = Net(0)


class PartKind(Enum):
    """Whether a part is paid before shipment, on credit, or kept back by the customer for a time."""

    PREPAY = "prepay"
    CREDIT = "credit"
    RETAINED = "retained"
    """A retention (质保金): on credit, kept back until the goods have proved good."""

    @property
    def on_credit(self) -> bool:
        """Whether it needs credit: every part that is not prepaid."""
        return self is not PartKind.PREPAY


T = TypeVar("T")


def is_kind(kinds: tuple[type, ...], value: object, name: str) -> None:
    """Refuse a value of another type with `terms.format`, naming the field."""
    if not isinstance(value, kinds):
        message = f"{' or '.join(kind.__name__ for kind in kinds)} is wanted"
        raise MalformedInput("terms.format", message, field=name, value=value)


def tuple_of(kind: type[T], values: Sequence[T], name: str) -> tuple[T, ...]:
    """Take a tuple or list of values of one type; refuse others with `terms.format`, naming the field."""
    is_kind((tuple, list), values, name)
    for value in values:
        is_kind((kind,), value, name)
    return tuple(values)


def _real_discount(_: object, __: "Attribute[Percentage | Fixed]", off: object) -> None:
    if not isinstance(off, Percentage | Fixed) or (isinstance(off, Percentage) and not off.units):
        message = "a discount is a percentage above 0 %, or an amount"
        raise MalformedInput("terms.discount", message, field="off", value=off)


@frozen
class EarlyDiscount:
    """A discount for early payment (现金折扣): 2/10 is 2 % off if paid within 10 days of the anchor.

    One of an amount (`less 20.00/10`) is of the whole part: its instalments, and the deliveries of an order,
    share it in proportion. It is never more than they come to.
    """

    off: Percentage | Fixed = field(validator=_real_discount)
    within_days: int = field(validator=Whole(0, MOST_DAYS))

    def __str__(self) -> str:
        off = f"less {self.off}" if isinstance(self.off, Fixed) else str(self.off).removesuffix("%")
        return f"{off}/{self.within_days}"

    def beats(self, later: "EarlyDiscount") -> bool:
        """Whether it is more than a later one of the same kind; one of another kind cannot be compared."""
        if isinstance(self.off, Fixed) and isinstance(later.off, Fixed):
            return Decimal(self.off.amount) > Decimal(later.off.amount)
        if isinstance(self.off, Percentage) and isinstance(later.off, Percentage):
            return self.off.units > later.off.units
        return False


def _discounts(values: Sequence[EarlyDiscount]) -> tuple[EarlyDiscount, ...]:
    return tuple_of(EarlyDiscount, values, "discounts")


def _clear(share: Share) -> Share:
    """Write an amount that reads like a percentage with its decimals: `30` is `30.00`."""
    return Fixed(f"{share.amount}.00") if isinstance(share, Fixed) and unclear(share.amount) else share


def _real_share(_: object, __: "Attribute[Share]", share: object) -> None:
    is_kind((Percentage, Portion, Fixed, Rest), share, "share")
    if isinstance(share, Percentage) and not share.units:
        raise MalformedInput("terms.sum", "a share is more than 0 %", field="share", value=share)


def _real_due(_: object, __: "Attribute[Due]", due: object) -> None:
    is_kind(RULES, due, "due")


def _real_anchor(_: object, __: "Attribute[Baseline]", anchor: object) -> None:
    is_kind((Baseline,), anchor, "anchor")


def _real_flag(_: object, __: "Attribute[bool]", flag: object) -> None:
    is_kind((bool,), flag, "retained")


@frozen
class Part:
    """One part of the total: its share, its due rule and its early payment discounts, the earliest first.

    A part that is due on the order (`OnOrder`) is prepaid, a `retained` one is a retention, every other part
    is on credit. Discounts get smaller as time goes by (3/10 2/20), end no later than the earliest possible
    due date, and none is given on a prepaid or retained part. A prepaid part has no other anchor.
    """

    share: Share = field(converter=_clear, validator=_real_share)
    due: Due = field(validator=_real_due)
    discounts: tuple[EarlyDiscount, ...] = field(default=(), converter=_discounts)
    anchor: Baseline = field(default=Baseline.DOCUMENT, validator=_real_anchor)
    retained: bool = field(default=False, validator=_real_flag)

    @property
    def kind(self) -> PartKind:
        """Prepaid, retained or on credit."""
        if isinstance(self.due, OnOrder):
            return PartKind.PREPAY
        return PartKind.RETAINED if self.retained else PartKind.CREDIT

    def __attrs_post_init__(self) -> None:
        """Refuse what does not go together."""
        if self.kind is PartKind.PREPAY and (self.discounts or self.retained or self.anchor is not _DOCUMENT):
            field = "discounts" if self.discounts else "retained" if self.retained else "anchor"
            message = "a prepaid part has no discount, no retention and no anchor"
            raise MalformedInput("terms.prepaid", message, field=field, value=str(self))
        fault = _discount_fault(self.discounts, self.due, self.kind)
        if fault:
            raise MalformedInput("terms.discount", fault, field="discounts", value=str(self))

    def __str__(self) -> str:
        kept = ("retention",) if self.retained else ()
        return " ".join((str(self.share), *kept, *map(str, self.discounts), self._due_text()))

    def _due_text(self) -> str:
        """Write the due rule and its anchor; none is `on delivery` from an event."""
        if self.anchor is _DOCUMENT:
            return str(self.due)
        steps = self.due.steps if isinstance(self.due, Chain) else (self.due,)
        rules = ["net 0" if step == _AT_ONCE else str(step) for step in steps]
        return f"{' then '.join(rules)} from {self.anchor.value}"


def _discount_fault(discounts: Sequence[EarlyDiscount], due: Due, kind: PartKind) -> str:
    if discounts and kind is PartKind.RETAINED:
        return "a retention has no discount"
    if len(discounts) > MOST_DISCOUNTS:
        return f"a part has at most {MOST_DISCOUNTS} discounts"
    if any(a.within_days >= b.within_days or not a.beats(b) for a, b in pairwise(discounts)):
        return "later discounts are smaller, all percentages or all amounts: give them as 3/10 2/20"
    if discounts and discounts[-1].within_days > max(due.earliest, 0):
        return "a discount ends before the part is due"
    return ""
