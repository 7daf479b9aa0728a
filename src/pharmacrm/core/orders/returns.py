"""Returned goods (退货): at most what was shipped, lot by lot, kept apart until quality has looked at them.

Taking goods back is never refused for credit, and changes nothing of what was shipped: the slip keeps its
quantities, and says beside them what came back.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from enum import StrEnum
from typing import Annotated

from attrs import evolve, field, frozen

from pharmacrm.core.kernel.decision import Decision, accept, refuse, save, tell, touch
from pharmacrm.core.kernel.money import Money, as_quantity
from pharmacrm.core.kernel.reason import Reason, Severity
from pharmacrm.core.kernel.record import Column, ParentOf, Part, Record
from pharmacrm.core.kernel.strict import OptionalId, strict
from pharmacrm.core.orders.amounts import step_share
from pharmacrm.core.orders.events import ReturnAccepted, ReturnInspected, ReturnUndone
from pharmacrm.core.orders.model import OutboundSlip, SlipLine
from pharmacrm.core.orders.reasons import (
    RETURN_EMPTY,
    RETURN_EXISTS,
    RETURN_INSPECTED,
    RETURN_LEFT_QUARANTINE,
    RETURN_LINE_UNKNOWN,
    RETURN_LOT_MISMATCH,
    RETURN_OVER_QUANTITY,
    RETURN_UNDONE,
)
from pharmacrm.core.orders.values import as_line_number


class ReturnCause(StrEnum):
    """Why goods come back."""

    QUALITY = "quality"
    DAMAGED = "damaged"
    NEAR_EXPIRY = "near_expiry"
    WRONG_GOODS = "wrong_goods"
    RECALL = "recall"
    SURPLUS = "surplus"
    OTHER = "other"

    @property
    def zh(self) -> str:
        """The Chinese name."""
        return _CAUSE_ZH[self]


_CAUSE_ZH = {
    ReturnCause.QUALITY: "质量问题",
    ReturnCause.DAMAGED: "破损",
    ReturnCause.NEAR_EXPIRY: "近效期",
    ReturnCause.WRONG_GOODS: "错发",
    ReturnCause.RECALL: "召回",
    ReturnCause.SURPLUS: "滞销",
    ReturnCause.OTHER: "其他",
}


class ReturnVerdict(StrEnum):
    """What quality says of returned goods: FIT to be sold again, or UNFIT."""

    FIT = "fit"
    UNFIT = "unfit"

    @property
    def zh(self) -> str:
        """The Chinese name."""
        return "合格" if self is ReturnVerdict.FIT else "不合格"


@frozen(field_transformer=strict)
class ReturnItem:
    """So many base units of one line of a slip: `ReturnItem(1, 20)`; and the lot, if read from the pack."""

    line: int = field(converter=as_line_number)
    quantity: int = field(converter=as_quantity)
    lot: OptionalId = ""


@frozen(kw_only=True)
class ReturnOrder(Record):
    """Goods of one slip that came back at one time (退货单); they wait in quarantine until inspected.

    `amount` is what was charged for them, gross; the credit note says what is credited. One that is undone
    stays, with its day: its goods count as never come back.
    """

    order: Annotated[str, Column(index=True, zh="订单")]
    slip: Annotated[str, Column(index=True, zh="出库单")]
    buyer: Annotated[str, Column(index=True, zh="客户")]
    accepted_on: Annotated[date, Column(zh="收货日期")]
    cause: Annotated[ReturnCause, Column(length=12, zh="退货原因")]
    amount: Annotated[Money, Column(zh="金额")]
    signed_by: Annotated[str, Column(length=64, zh="签字人")]
    note: Annotated[str, Column(length=2000, zh="备注")] = ""
    verdict: Annotated[ReturnVerdict | None, Column(length=8, index=True, zh="验收结论")] = None
    inspected_on: Annotated[date | None, Column(zh="验收日期")] = None
    comment: Annotated[str, Column(length=2000, zh="验收意见")] = ""
    undone_on: Annotated[date | None, Column(index=True, zh="撤销日期")] = None
    undo_reason: Annotated[str, Column(length=2000, zh="撤销原因")] = ""


@frozen(kw_only=True)
class ReturnLine(Part):
    """One lot that came back; its id is `{return}/{number}`, its amount gross."""

    return_order: Annotated[str, Column(index=True), ParentOf(ReturnOrder)]
    number: Annotated[int, Column(zh="行号")]
    slip_line: Annotated[int, Column(zh="出库行号")]
    product: Annotated[str, Column(index=True, zh="品种")]
    lot: Annotated[str, Column(index=True, zh="批号")]
    expires: Annotated[date, Column(zh="有效期至")]
    quantity: Annotated[int, Column(zh="数量")]
    amount: Annotated[Money, Column(zh="金额")]


@frozen(kw_only=True)
class ReturnHead:
    """Which return it is, on which day, why, and who signs for the goods."""

    id: str
    on: date
    by: str
    cause: ReturnCause
    note: str = ""


def accept_return(
    slip: OutboundSlip, lines: Sequence[SlipLine], items: Sequence[ReturnItem], *, head: ReturnHead
) -> Decision[ReturnOrder]:
    """Take goods of a slip back, or give every reason why not; `lines` are all lines of the slip.

    Each amount is the difference of cumulative shares of its line: all returns of a line sum to it exactly.
    """
    known = {line.number: line for line in lines}
    reasons = tuple(_unfit(slip, known, items, head))
    if reasons:
        return refuse(*reasons)
    parts, after = _taken(head.id, known, items)
    back = ReturnOrder(
        id=head.id,
        order=slip.order,
        slip=slip.id,
        buyer=slip.buyer,
        accepted_on=head.on,
        cause=head.cause,
        amount=Money.total((part.amount for part in parts), slip.amount.currency),
        signed_by=head.by,
        note=head.note,
    )
    return accept(
        back,
        save(back, *parts, *after),
        touch(slip),
        tell(ReturnAccepted(subject=back.id, order=slip.order, buyer=slip.buyer)),
    )


def return_again(
    known: ReturnOrder,
    parts: Iterable[ReturnLine],
    slip: str,
    items: Sequence[ReturnItem],
    cause: ReturnCause,
) -> Decision[ReturnOrder]:
    """A return that was accepted already: the very same again is told, another one is refused.

    `parts` are its lines. A lot that was not read from the pack is that of the line.
    """
    held = [(part.slip_line, part.quantity, part.lot) for part in sorted(parts, key=lambda part: part.number)]
    given = [
        (item.line, item.quantity, item.lot or lot) for item, (_, _, lot) in zip(items, held, strict=False)
    ]
    same = (known.slip, known.cause, len(held)) == (slip, cause, len(items)) and held == given
    exists = RETURN_EXISTS(known.id, field="id")
    return accept(known, exists.weighed(Severity.INFO)) if same else refuse(exists)


def returned_amount(lines: Sequence[SlipLine], currency: str) -> Money:
    """Give the gross amount of what has come back of a slip so far."""
    return Money.total((line.amount.share(line.returned, line.quantity) for line in lines), currency)


def undo_return(
    back: ReturnOrder,
    slip: OutboundSlip,
    returned: Sequence[ReturnLine],
    lines: Sequence[SlipLine],
    *,
    on: date,
    reason: str,
) -> Decision[ReturnOrder]:
    """Undo a return that was taken down by mistake; doing it twice changes nothing (撤销退货).

    `returned` are its lines, `lines` all lines of the slip. What quality has let out of quarantine stays.
    """
    if back.undone_on is not None:
        return accept(back, RETURN_UNDONE(back.id, field="undone_on", observed=back.undone_on))
    if back.verdict is not None:
        return refuse(RETURN_LEFT_QUARANTINE(back.id, field="verdict", observed=back.verdict))
    less = Counter[int]()
    for each in returned:
        less[each.slip_line] += each.quantity
    after = [evolve(line, returned=line.returned - less[line.number]) for line in lines if less[line.number]]
    undone = evolve(back, undone_on=on, undo_reason=reason)
    event = ReturnUndone(subject=back.id, order=back.order, buyer=back.buyer)
    return accept(undone, save(undone, *after), touch(slip), tell(event))


def inspect_return(
    back: ReturnOrder, verdict: ReturnVerdict, *, on: date, comment: str
) -> Decision[ReturnOrder]:
    """Let returned goods out of quarantine with a verdict, which is given once (退货验收)."""
    if back.undone_on is not None:
        return refuse(RETURN_UNDONE(back.id, observed=back.undone_on).weighed(Severity.BLOCK))
    if back.verdict is not None:
        known = RETURN_INSPECTED(back.id, field="verdict", observed=back.verdict, expected=verdict)
        return accept(back, known.weighed(Severity.INFO) if verdict is back.verdict else known)
    seen = evolve(back, verdict=verdict, inspected_on=on, comment=comment)
    return accept(
        seen, save(seen), tell(ReturnInspected(subject=back.id, order=back.order, buyer=back.buyer))
    )


def _unfit(
    slip: OutboundSlip, known: dict[int, SlipLine], items: Sequence[ReturnItem], head: ReturnHead
) -> Iterator[Reason]:
    if not items:
        yield RETURN_EMPTY(head.id, field="items")
    back: Counter[int] = Counter()
    for item in items:
        back[item.line] += item.quantity
        line = known.get(item.line)
        if line is not None and item.lot not in {"", line.lot}:
            yield RETURN_LOT_MISMATCH(line.id, field="lot", observed=item.lot, expected=line.lot)
    for number, quantity in back.items():
        line = known.get(number)
        if line is None:
            yield RETURN_LINE_UNKNOWN(slip.id, field="line", observed=number)
        elif quantity > line.quantity - line.returned:
            yield RETURN_OVER_QUANTITY(
                line.id, field="quantity", observed=line.returned + quantity, expected=line.quantity
            )


def _taken(
    id: str, known: dict[int, SlipLine], items: Sequence[ReturnItem]
) -> tuple[list[ReturnLine], list[SlipLine]]:
    """What came back as lines of the return, and the lines of the slip after it."""
    current, parts = dict(known), []
    for number, item in enumerate(items, start=1):
        line = current[item.line]
        parts.append(
            ReturnLine(
                id=f"{id}/{number}",
                return_order=id,
                number=number,
                slip_line=line.number,
                product=line.product,
                lot=line.lot,
                expires=line.expires,
                quantity=item.quantity,
                amount=step_share(line.amount, line.returned, item.quantity, line.quantity),
            )
        )
        current[item.line] = evolve(line, returned=line.returned + item.quantity)
    return parts, [line for line in current.values() if line != known[line.number]]
