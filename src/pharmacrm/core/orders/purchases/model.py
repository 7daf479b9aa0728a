"""Purchase orders, their lines, and the goods that arrived, as they are stored."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Final

from attrs import field, frozen

from pharmacrm.core.engines.revisions import Snapshot, frozen_as
from pharmacrm.core.kernel.dates import as_validity_date
from pharmacrm.core.kernel.money import Money, Percentage, as_quantity
from pharmacrm.core.kernel.record import Column, ParentOf, Part, Record
from pharmacrm.core.kernel.strict import Id, strict
from pharmacrm.core.orders.lines import PricedLine
from pharmacrm.core.orders.values import as_line_number
from pharmacrm.core.values.terms import PaymentTerms


class PurchaseState(StrEnum):
    """Where a purchase order stands; `states.py` has the table of its ways."""

    DRAFT = "draft"
    IN_APPROVAL = "in_approval"
    APPROVED = "approved"
    REJECTED = "rejected"
    ORDERED = "ordered"
    PART_RECEIVED = "part_received"
    RECEIVED = "received"
    CLOSED = "closed"
    CANCELLED = "cancelled"

    @property
    def zh(self) -> str:
        """The Chinese name."""
        return _STATE_ZH[self]


_STATE_ZH = {
    PurchaseState.DRAFT: "草稿",
    PurchaseState.IN_APPROVAL: "审批中",
    PurchaseState.APPROVED: "已批准",
    PurchaseState.REJECTED: "已驳回",
    PurchaseState.ORDERED: "已下单",
    PurchaseState.PART_RECEIVED: "部分到货",
    PurchaseState.RECEIVED: "已到货",
    PurchaseState.CLOSED: "已关闭",
    PurchaseState.CANCELLED: "已取消",
}


@frozen(field_transformer=strict)
class ReceivedItem:
    """What arrived of one line in one lot (收货明细): `ReceivedItem(1, "20260301", 2000, "2028-02-29")`.

    `line` is the line of the purchase order, `lot` the number on the pack (批号), the quantity in base units.
    """

    line: int = field(converter=as_line_number)
    lot: Id
    quantity: int = field(converter=as_quantity)
    expires: date = field(converter=as_validity_date)


@frozen(kw_only=True)
class PurchaseOrder(Record):
    """What is bought from a supplier (采购订单), in one currency, and expected on a day.

    `net`, `tax` and `total` (gross) are the sums of its lines. `revision` counts what it has said so far, and
    `content` is the digest of what it says now: the approval is for that. Of each line `tolerance` more than
    was ordered may arrive. `last_line` is the highest number that a line of it ever had, `reason` why it was
    closed or cancelled.
    """

    supplier: Annotated[str, Column(index=True, zh="供货单位")]
    requester: Annotated[str, Column(length=64, index=True, zh="采购员")]
    unit: Annotated[str | None, Column(length=64, zh="部门")] = None
    state: Annotated[PurchaseState, Column(length=16, index=True, zh="状态")] = PurchaseState.DRAFT
    revision: Annotated[int, Column(zh="版次")] = 1
    content: Annotated[str, Column(length=64, zh="内容摘要")] = ""
    terms: Annotated[PaymentTerms, Column(length=4000, zh="付款条件")]
    term_version: Annotated[str, Column(length=80, zh="付款条件版本")] = ""
    made_on: Annotated[date, Column(zh="制单日期")]
    expected_on: Annotated[date, Column(index=True, zh="预计到货日期")]
    tolerance: Annotated[Percentage, Column(zh="溢收比例")]
    net: Annotated[Money, Column(zh="未税金额")]
    tax: Annotated[Money, Column(zh="税额")]
    total: Annotated[Money, Column(zh="价税合计")]
    note: Annotated[str, Column(length=2000, zh="备注")] = ""
    last_line: Annotated[int, Column(zh="最大行号")] = 0
    ordered_on: Annotated[date | None, Column(zh="下单日期")] = None
    reason: Annotated[str, Column(length=2000, zh="原因")] = ""


@frozen(kw_only=True)
class PurchaseLine(PricedLine):
    """One line of a purchase order; its id is `{purchase}/{number}`, and it keeps its number."""

    purchase: Annotated[str, Column(index=True), ParentOf(PurchaseOrder)]
    received: Annotated[int, Column(zh="已收数量")] = 0

    def most(self, tolerance: Percentage) -> int:
        """How many base units may arrive in all: what was ordered, and the tolerance, rounded down."""
        return self.quantity + self.quantity * tolerance.units // Percentage("100%").units


@frozen(kw_only=True)
class GoodsReceipt(Record):
    """What arrived of a purchase order at one time (收货单); the note is the supplier's (随货同行单)."""

    purchase: Annotated[str, Column(index=True, zh="采购订单")]
    supplier: Annotated[str, Column(index=True, zh="供货单位")]
    received_on: Annotated[date, Column(zh="收货日期")]
    received_by: Annotated[str, Column(length=64, zh="收货人")]
    delivery_note: Annotated[str, Column(length=100, index=True, zh="随货同行单号")] = ""


@frozen(kw_only=True)
class GoodsReceiptLine(Part):
    """One lot that arrived; its id is `{receipt}/{number}`, its quantity in base units."""

    receipt: Annotated[str, Column(index=True), ParentOf(GoodsReceipt)]
    number: Annotated[int, Column(zh="行号")]
    purchase_line: Annotated[int, Column(zh="采购订单行号")]
    product: Annotated[str, Column(index=True, zh="品种")]
    lot: Annotated[str, Column(index=True, zh="批号")]
    expires: Annotated[date, Column(zh="有效期至")]
    quantity: Annotated[int, Column(zh="数量")]


NO_CONTENT: Final = frozenset(
    {"requester", "unit", "state", "revision", "content", "made_on", "last_line", "ordered_on", "reason"}
)
"""What a purchase order is beside what it says."""


def purchase_line_id(purchase: str, number: int) -> str:
    """Name a line of a purchase order."""
    return f"{purchase}/{number}"


def purchase_snapshot(purchase: PurchaseOrder, lines: tuple[PurchaseLine, ...]) -> Snapshot:
    """What a purchase order says, which is what its approvers sign; not what has arrived of it."""
    return frozen_as(purchase, lines, without=NO_CONTENT, lines_without={"received"})
