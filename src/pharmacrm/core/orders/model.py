"""Orders, outbound slips and lots (销售订单, 出库单, 批号) as they are stored."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from attrs import frozen

from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.record import Column, ParentOf, Part, Personal, Record
from pharmacrm.core.orders.lines import PricedLine
from pharmacrm.core.values.address import Address
from pharmacrm.core.values.taxes import TaxPart
from pharmacrm.core.values.terms import PaymentTerms
from pharmacrm.core.values.trade import PaymentMethod, SalesChannel

DELIVERY = "delivery of ordered goods"
"""Why an order holds the data of a person: who takes the goods, and where."""


class OrderState(StrEnum):
    """Where an order stands; `states.py` has the table of its ways."""

    SUBMITTED = "submitted"
    IN_APPROVAL = "in_approval"
    RELEASED = "released"
    PART_SHIPPED = "part_shipped"
    SHIPPED = "shipped"
    CLOSED = "closed"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"

    @property
    def zh(self) -> str:
        """The Chinese name."""
        return _ORDER_STATE_ZH[self]


_ORDER_STATE_ZH = {
    OrderState.SUBMITTED: "已提交",
    OrderState.IN_APPROVAL: "审批中",
    OrderState.RELEASED: "已放行",
    OrderState.PART_SHIPPED: "部分发货",
    OrderState.SHIPPED: "已发货",
    OrderState.CLOSED: "已关闭",
    OrderState.REJECTED: "已驳回",
    OrderState.WITHDRAWN: "已撤回",
    OrderState.CANCELLED: "已取消",
}


@frozen(kw_only=True)
class SalesOrder(Record):
    """An order of a customer (销售订单), in one currency.

    `net`, `tax` and `total` (gross) are the sums of its lines. `revision` counts its contents: an amendment
    raises it. `unit` is the organisation unit of the requester, `purchaser` the authorisation of the buyer's
    purchasing agent (采购员授权书). `term_version` is the version of the term set that the terms are of,
    `quote` the quote that the order was made of. `state_reason` is why it was cancelled, closed or reopened.
    """

    buyer: Annotated[str, Column(index=True, zh="客户")]
    requester: Annotated[str, Column(length=64, index=True, zh="业务员")]
    unit: Annotated[str | None, Column(length=64, zh="部门")] = None
    state: Annotated[OrderState, Column(length=16, index=True, zh="状态")] = OrderState.SUBMITTED
    channel: Annotated[SalesChannel, Column(length=16, zh="渠道")]
    method: Annotated[PaymentMethod, Column(length=16, zh="付款方式")]
    terms: Annotated[PaymentTerms, Column(length=4000, zh="付款条件")]
    term_version: Annotated[str, Column(length=80, zh="付款条件版本")] = ""
    consignee: Annotated[str, Column(zh="收货人"), Personal(DELIVERY)]
    phone: Annotated[str, Column(length=40, zh="电话"), Personal(DELIVERY)]
    address: Annotated[Address | None, Column(length=2000, zh="收货地址"), Personal(DELIVERY)]
    ordered_on: Annotated[date, Column(zh="下单日期")]
    ship_on: Annotated[date, Column(zh="要求发货日期")]
    net: Annotated[Money, Column(zh="未税金额")]
    tax: Annotated[Money, Column(zh="税额")]
    total: Annotated[Money, Column(zh="价税合计")]
    revision: Annotated[int, Column(zh="版次")] = 1
    purchaser: Annotated[str, Column(zh="采购员授权")] = ""
    prescription: Annotated[str, Column(zh="处方号")] = ""
    identified: Annotated[bool, Column(zh="已核验身份证")] = False
    note: Annotated[str, Column(length=2000, zh="备注")] = ""
    quote: Annotated[str, Column(index=True, zh="报价单")] = ""
    state_reason: Annotated[str, Column(length=2000, zh="状态原因")] = ""


@frozen(kw_only=True)
class OrderLine(PricedLine):
    """One line of an order; its id is `{order}/{number}`."""

    order: Annotated[str, Column(index=True), ParentOf(SalesOrder)]
    shipped: Annotated[int, Column(zh="已发数量")] = 0

    @property
    def remaining(self) -> int:
        """What is still to be shipped, in base units."""
        return self.quantity - self.shipped


@frozen(kw_only=True)
class OutboundSlip(Record):
    """What the warehouse hands out of one order at one time (出库单), and the record of its arrival.

    `amount` is gross; `credit` is the part of it that needs credit, the rest was prepaid. `digest` is that of
    what the signer saw. `confirm_by` is set where arrival must be confirmed (R-31). `accepted_on` is the day
    on which the customer accepted the goods, `stated_on` that of the statement of account that has them.
    `taxes` are the tax in it, rate by rate.
    """

    order: Annotated[str, Column(index=True, zh="订单")]
    buyer: Annotated[str, Column(index=True, zh="客户")]
    issued_on: Annotated[date, Column(zh="出库日期")]
    amount: Annotated[Money, Column(zh="金额")]
    credit: Annotated[Money, Column(zh="占用信用")]
    signed_by: Annotated[str, Column(length=64, zh="签字人")]
    digest: Annotated[str, Column(length=64)]
    confirm_by: Annotated[date | None, Column(index=True, zh="确认期限")] = None
    delivered_on: Annotated[date | None, Column(index=True, zh="到货日期")] = None
    received_by: Annotated[str, Column(zh="签收人"), Personal(DELIVERY)] = ""
    accepted_on: Annotated[date | None, Column(zh="客户验收日期")] = None
    accepted_by: Annotated[str, Column(zh="验收人"), Personal(DELIVERY)] = ""
    stated_on: Annotated[date | None, Column(index=True, zh="对账日期")] = None
    statement: Annotated[str, Column(index=True, zh="对账单")] = ""
    taxes: Annotated[tuple[TaxPart, ...], Column(length=2000, zh="价税分离")] = ()


@frozen(kw_only=True)
class SlipLine(Part):
    """One lot on a slip: the sales record of R-08; its id is `{slip}/{number}`, its amount gross."""

    slip: Annotated[str, Column(index=True), ParentOf(OutboundSlip)]
    number: Annotated[int, Column(zh="行号")]
    order_line: Annotated[int, Column(zh="订单行号")]
    product: Annotated[str, Column(index=True, zh="品种")]
    lot: Annotated[str, Column(index=True, zh="批号")]
    expires: Annotated[date, Column(zh="有效期至")]
    quantity: Annotated[int, Column(zh="数量")]
    amount: Annotated[Money, Column(zh="金额")]
    returned: Annotated[int, Column(zh="已退数量")] = 0


@frozen(kw_only=True)
class Lot(Record):
    """A lot of a product (批号); its id is `{product}/{lot}`. A held lot is not shipped (停售, SC-21).

    `hold_reason` says why it is held, or after that why it was released.
    """

    product: Annotated[str, Column(index=True, zh="品种")]
    lot: Annotated[str, Column(index=True, zh="批号")]
    expires: Annotated[date, Column(zh="有效期至")]
    held: Annotated[bool, Column(zh="停售")] = False
    hold_reason: Annotated[str, Column(length=500, zh="停售原因")] = ""


def line_id(order: str, number: int) -> str:
    """Name a line of an order."""
    return f"{order}/{number}"


def lot_id(product: str, lot: str) -> str:
    """Name a lot: its number (批号) is only unique below its product."""
    return f"{product}/{lot}"
