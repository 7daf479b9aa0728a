"""Quotes and their lines as they are stored."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Final

from attrs import frozen

from pharmacrm.core.engines.revisions import Snapshot, frozen_as
from pharmacrm.core.kernel.money import Money, Price
from pharmacrm.core.kernel.record import Column, ParentOf, Record
from pharmacrm.core.orders.lines import PricedLine
from pharmacrm.core.values.terms import PaymentTerms
from pharmacrm.core.values.trade import PaymentMethod, SalesChannel


class QuoteState(StrEnum):
    """Where a quote stands; `states.py` has the table of its ways."""

    DRAFT = "draft"
    IN_APPROVAL = "in_approval"
    APPROVED = "approved"
    REJECTED = "rejected"
    SENT = "sent"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    CONVERTED = "converted"
    EXPIRED = "expired"
    CANCELLED = "cancelled"

    @property
    def zh(self) -> str:
        """The Chinese name."""
        return _STATE_ZH[self]


_STATE_ZH = {
    QuoteState.DRAFT: "草稿",
    QuoteState.IN_APPROVAL: "审批中",
    QuoteState.APPROVED: "已批准",
    QuoteState.REJECTED: "已驳回",
    QuoteState.SENT: "已发送",
    QuoteState.ACCEPTED: "客户已接受",
    QuoteState.DECLINED: "客户已拒绝",
    QuoteState.CONVERTED: "已转订单",
    QuoteState.EXPIRED: "已过期",
    QuoteState.CANCELLED: "已取消",
}


@frozen(kw_only=True)
class Quote(Record):
    """What a customer is offered (报价单), in one currency, valid through its last day.

    `net`, `tax` and `total` (gross) are the sums of its lines. `revision` counts what it has said so far, and
    `content` is the digest of what it says now: the approval is for that. `term_version` is that of the term
    set that it names, `last_line` the highest number that a line of it ever had, `order` the sales order that
    it became, `answer` why it was declined or cancelled.
    """

    buyer: Annotated[str, Column(index=True, zh="客户")]
    requester: Annotated[str, Column(length=64, index=True, zh="业务员")]
    unit: Annotated[str | None, Column(length=64, zh="部门")] = None
    state: Annotated[QuoteState, Column(length=16, index=True, zh="状态")] = QuoteState.DRAFT
    revision: Annotated[int, Column(zh="版次")] = 1
    content: Annotated[str, Column(length=64, zh="内容摘要")] = ""
    channel: Annotated[SalesChannel, Column(length=16, zh="渠道")]
    method: Annotated[PaymentMethod, Column(length=16, zh="付款方式")]
    terms: Annotated[PaymentTerms, Column(length=4000, zh="付款条件")]
    term_version: Annotated[str, Column(length=80, zh="付款条件版本")] = ""
    quoted_on: Annotated[date, Column(zh="报价日期")]
    valid_from: Annotated[date, Column(zh="有效期起")]
    valid_until: Annotated[date, Column(index=True, zh="有效期至")]
    net: Annotated[Money, Column(zh="未税金额")]
    tax: Annotated[Money, Column(zh="税额")]
    total: Annotated[Money, Column(zh="价税合计")]
    note: Annotated[str, Column(length=2000, zh="备注")] = ""
    last_line: Annotated[int, Column(zh="最大行号")] = 0
    sent_on: Annotated[date | None, Column(zh="发送日期")] = None
    answered_on: Annotated[date | None, Column(zh="答复日期")] = None
    answer: Annotated[str, Column(length=2000, zh="答复")] = ""
    order: Annotated[str, Column(index=True, zh="订单")] = ""


@frozen(kw_only=True)
class QuoteLine(PricedLine):
    """One line of a quote; its id is `{quote}/{number}`, and it keeps its number through all revisions.

    `list_price` and `floor` are what list `price_list` said of that unit when it was offered.
    """

    quote: Annotated[str, Column(index=True), ParentOf(Quote)]
    price_list: Annotated[str, Column(length=64, zh="价目表")] = ""
    list_price: Annotated[Price | None, Column(zh="价目表单价")] = None
    floor: Annotated[Price | None, Column(zh="底价")] = None

    @property
    def below_floor(self) -> bool:
        """Whether it is offered below the lowest price that anybody may sell at (R-44)."""
        return self.floor is not None and self.price < self.floor

    @property
    def discount(self) -> int:
        """What it is offered below its list price, in hundredths of a percent, half up; 0 at or above it."""
        if self.list_price is None or not self.price < self.list_price:
            return 0
        whole = self.list_price.micros
        return (2 * (whole - self.price.micros) * 10_000 + whole) // (2 * whole)


NO_CONTENT: Final = frozenset(
    {
        "requester",
        "unit",
        "state",
        "revision",
        "content",
        "quoted_on",
        "last_line",
        "sent_on",
        "answered_on",
        "answer",
        "order",
    }
)
"""What a quote is beside what it says."""


def quote_line_id(quote: str, number: int) -> str:
    """Name a line of a quote."""
    return f"{quote}/{number}"


def snapshot_of(quote: Quote, lines: tuple[QuoteLine, ...]) -> Snapshot:
    """What a quote says, which is what its approvers sign."""
    return frozen_as(quote, lines, without=NO_CONTENT)
