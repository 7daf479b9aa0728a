"""Parts of an exposure under rules of their own (信用占用项): whether each counts, and its own limit."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from attrs import frozen

from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.kernel.money import Money, not_negative
from pharmacrm.core.kernel.strict import strict


class ExposureKind(StrEnum):
    """What a part of an exposure is made of."""

    OPEN_ORDERS = "open_orders"
    UNBILLED = "unbilled"
    RECEIVABLE = "receivable"
    UNAPPLIED = "unapplied"
    HELD_ORDERS = "held_orders"
    PREPAID = "prepaid"
    OTHER = "other"

    @property
    def zh(self) -> str:
        """The Chinese name."""
        return _ZH[self]


_ZH = {
    ExposureKind.OPEN_ORDERS: "未发货订单",
    ExposureKind.UNBILLED: "发出未开票",
    ExposureKind.RECEIVABLE: "应收账款",
    ExposureKind.UNAPPLIED: "未核销收款",
    ExposureKind.HELD_ORDERS: "待放行订单",
    ExposureKind.PREPAID: "预付部分",
    ExposureKind.OTHER: "其他",
}

LIMITED = frozenset({ExposureKind.OPEN_ORDERS, ExposureKind.UNBILLED, ExposureKind.RECEIVABLE})
RULED = LIMITED | {ExposureKind.UNAPPLIED}


@frozen(kw_only=True, field_transformer=strict)
class PartRule:
    """Whether one part counts against the limit, and how large it may be by itself.

    Open orders, goods not invoiced yet and receivables may have a limit of their own; money on account may be
    left out.
    """

    kind: ExposureKind
    counted: bool = True
    limit: Money | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse a rule about what is only named, or a limit of money that came in: `part.kind`."""
        if self.kind not in (RULED if self.limit is None else LIMITED):
            message = "a rule is about orders, unbilled goods, receivables, or (no limit) money on account"
            raise MalformedInput("part.kind", message, field="kind", value=self.kind)
        if self.limit is not None:
            not_negative(self.limit)


def counted(kind: ExposureKind, rules: Sequence[PartRule]) -> bool:
    """Whether a part counts: it does, unless its rule says no."""
    return all(rule.counted for rule in rules if rule.kind is kind)


def limits(rules: Sequence[PartRule]) -> Mapping[ExposureKind, Money]:
    """The parts that have a limit of their own."""
    return {rule.kind: rule.limit for rule in rules if rule.limit is not None}
