"""Exposure (信用占用): what counts against a credit limit and what does not, part by part (XT-26)."""

from collections.abc import Iterable
from enum import StrEnum

from attrs import frozen

from pharmacrm.core.credit.model import CreditLine
from pharmacrm.core.kernel.money import Money


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
    ExposureKind.UNBILLED: "已发货未开票",
    ExposureKind.RECEIVABLE: "应收账款",
    ExposureKind.UNAPPLIED: "未核销收款",
    ExposureKind.HELD_ORDERS: "待放行订单",
    ExposureKind.PREPAID: "预付部分",
    ExposureKind.OTHER: "其他",
}


@frozen
class ExposurePart:
    """One amount, whether it counts, and why; money that the customer has paid is negative."""

    kind: ExposureKind
    amount: Money
    counted: bool = True
    why: str = ""


@frozen
class Exposure:
    """What a customer owes or will owe, part by part, against a limit; None is unlimited."""

    parts: tuple[ExposurePart, ...]
    limit: Money | None
    currency: str

    @property
    def total(self) -> Money:
        """The sum of the parts that count."""
        return Money.total((part.amount for part in self.parts if part.counted), self.currency)

    @property
    def headroom(self) -> Money | None:
        """What is left of the limit (可用额度), negative when it is exceeded; None if unlimited."""
        return None if self.limit is None else self.limit - self.total

    def short(self, amount: Money) -> Money:
        """Give what is missing for so much more: nothing when it just fits, or if unlimited."""
        if self.headroom is None or amount <= self.headroom:
            return Money.zero(self.currency)
        return amount - self.headroom

    def explain(self, language: str = "en") -> str:
        """List every part with a line each, then total, limit and headroom; `zh-CN` gives Chinese."""
        zh = language.startswith("zh")
        lines = [_explained(part, zh=zh) for part in self.parts]
        total, limit, left, without = (
            ("信用占用", "额度", "可用", "不限") if zh else ("exposure", "limit", "headroom", "unlimited")
        )
        lines.append(f"{total}: {self.total}")
        lines.append(f"{limit}: {without if self.limit is None else self.limit}")
        if self.headroom is not None:
            lines.append(f"{left}: {self.headroom}")
        return "\n".join(lines)


def _explained(part: ExposurePart, *, zh: bool) -> str:
    name = part.kind.zh if zh else part.kind.replace("_", " ")
    counted, not_counted = ("计入", "不计入") if zh else ("counted", "not counted")
    why = f": {part.why}" if part.why else ""
    return f"{name} {part.amount} ({counted if part.counted else not_counted}{why})"


def exposure_of(
    line: CreditLine,
    *,
    held: Money | None = None,
    prepaid: Money | None = None,
    outside: Iterable[ExposurePart] = (),
) -> Exposure:
    """Take a credit line apart: open orders, receivables and money on account, each counted once.

    An order moves from `open orders` to `receivable` with its slips, so that it is never counted twice
    (frappe/erpnext#47279). `held` are orders stored without credit and `prepaid` the parts paid in advance:
    named, not counted. `outside` are parts that another system knows.
    """
    parts = [
        ExposurePart(ExposureKind.OPEN_ORDERS, line.reserved, why="reserved, not yet shipped"),
        ExposurePart(ExposureKind.RECEIVABLE, line.posted - line.paid, why="shipped on credit, not yet paid"),
        ExposurePart(ExposureKind.UNAPPLIED, -line.unapplied, why="money on account"),
        *outside,
    ]
    if held is not None:
        parts.append(ExposurePart(ExposureKind.HELD_ORDERS, held, counted=False, why="held without credit"))
    if prepaid is not None:
        parts.append(ExposurePart(ExposureKind.PREPAID, prepaid, counted=False, why="paid before shipment"))
    return Exposure(tuple(parts), None if line.unlimited else line.limit, line.currency)
