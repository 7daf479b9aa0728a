"""Exposure (信用占用): what counts against a credit limit and what does not, part by part (XT-26)."""

from collections.abc import Iterable, Sequence

from attrs import frozen

from pharmacrm.core.credit.model import CreditAccount
from pharmacrm.core.credit.parts import ExposureKind, PartRule, counted
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.words import Words


@frozen
class ExposurePart:
    """One amount, whether it counts, and why, in both languages; what the customer has paid is negative."""

    kind: ExposureKind
    amount: Money
    counted: bool = True
    why: str = ""
    why_zh: str = ""


@frozen
class ForeignPart:
    """What is owed in another currency, and what of the total that is; it is part of the parts."""

    amount: Money
    counted: Money


@frozen
class Exposure:
    """What a customer owes or will owe, part by part, against a limit; None is unlimited.

    `foreign` says what of it is owed in other currencies; those count in the parts.
    """

    parts: tuple[ExposurePart, ...]
    limit: Money | None
    currency: str
    foreign: tuple[ForeignPart, ...] = ()

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
            ("信用占用：", "额度：", "可用：", "不限")
            if zh
            else ("exposure: ", "limit: ", "headroom: ", "unlimited")
        )
        lines += [
            f"其中 {each.amount}，折合 {each.counted}" if zh else f"of which {each.amount} as {each.counted}"
            for each in self.foreign
        ]
        lines.append(f"{total}{self.total}")
        lines.append(f"{limit}{without if self.limit is None else self.limit}")
        if self.headroom is not None:
            lines.append(f"{left}{self.headroom}")
        return "\n".join(lines)


NAMED = frozenset({ExposureKind.HELD_ORDERS, ExposureKind.PREPAID})
"""Parts that are told and never count."""

_WHY = {
    ExposureKind.OPEN_ORDERS: Words("reserved, not yet shipped", "已占用额度，尚未发货"),
    ExposureKind.UNBILLED: Words("shipped on credit, not yet invoiced", "已赊销发货，尚未开票"),
    ExposureKind.RECEIVABLE: Words("invoiced or charged, not yet paid", "已开票或已计收，尚未付款"),
    ExposureKind.UNAPPLIED: Words("money on account", "客户已付款，尚未核销"),
    ExposureKind.HELD_ORDERS: Words("held without credit", "暂挂中，未占用额度"),
    ExposureKind.PREPAID: Words("paid before shipment", "发货前付款"),
}


def _part(kind: ExposureKind, amount: Money, rules: Sequence[PartRule] = ()) -> ExposurePart:
    counts = kind not in NAMED and counted(kind, rules)
    return ExposurePart(kind, amount, counts, _WHY[kind].en, _WHY[kind].zh)


def _explained(part: ExposurePart, *, zh: bool) -> str:
    if zh:
        why = f"：{part.why_zh or part.why}" if part.why_zh or part.why else ""
        return f"{part.kind.zh} {part.amount}（{'计入' if part.counted else '不计入'}{why}）"
    why = f": {part.why}" if part.why else ""
    name = part.kind.replace("_", " ")
    return f"{name} {part.amount} ({'counted' if part.counted else 'not counted'}{why})"


def exposure_of(
    line: CreditAccount,
    *,
    held: Money | None = None,
    prepaid: Money | None = None,
    outside: Iterable[ExposurePart] = (),
    rules: Sequence[PartRule] = (),
    foreign: Iterable[ForeignPart] = (),
) -> Exposure:
    """Take the account of a customer or a group apart, each part counted once (信用占用).

    The parts are open orders, goods that are not invoiced yet, receivables, and money on account. An order
    moves from `open orders` to `unbilled` with its slips, and with its invoices to `receivable`, so that it
    is never counted twice (frappe/erpnext#47279). `held` are orders stored without credit and `prepaid` the
    parts paid in advance: named, not counted. `outside` are parts that another system knows. `rules` may
    leave parts out; `foreign` are named beside them.
    """
    parts = [
        _part(ExposureKind.OPEN_ORDERS, line.reserved, rules),
        _part(ExposureKind.UNBILLED, line.unbilled, rules),
        _part(ExposureKind.RECEIVABLE, line.receivable, rules),
        _part(ExposureKind.UNAPPLIED, -line.unapplied, rules),
        *outside,
    ]
    if held is not None:
        parts.append(_part(ExposureKind.HELD_ORDERS, held))
    if prepaid is not None:
        parts.append(_part(ExposureKind.PREPAID, prepaid))
    limit = None if line.unlimited else line.limit
    return Exposure(tuple(parts), limit, line.currency, tuple(foreign))
