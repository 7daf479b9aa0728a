"""Receivables, instalments, receipts and allocations (应收账款, 分期, 收款, 核销) as they are stored."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Final

from attrs import frozen

from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.record import Column, ParentOf, Part, Personal, Record
from pharmacrm.core.values.schedule import DiscountOffer
from pharmacrm.core.values.terms import PartKind, PaymentTerms
from pharmacrm.core.values.trade import PaymentMethod

MATCHING = "matching of payments"
"""Why a receipt holds the name of its payer, who may be a person."""


class ReceivableKind(StrEnum):
    """Whether an amount is due before shipment, was shipped on credit, or is owed for being late.

    Costs of collection and interest are receivables of their own, so that they stay claimable when the debt
    itself is paid.
    """

    PREPAYMENT = "prepayment"
    CREDIT = "credit"
    COST = "cost"
    INTEREST = "interest"

    @property
    def zh(self) -> str:
        """The Chinese name."""
        return _KIND_ZH[self]


_KIND_ZH = {
    ReceivableKind.PREPAYMENT: "预付款",
    ReceivableKind.CREDIT: "账期款",
    ReceivableKind.COST: "催收费用",
    ReceivableKind.INTEREST: "逾期利息",
}


SETTLED_BY: Final = ("allocated", "discount_taken", "credited", "written_off", "rescheduled", "cancelled")
"""The fields of an instalment that lower what is open of it; a store that sums takes away the same."""


@frozen(kw_only=True)
class Receivable(Record):
    """An amount that a customer owes (应收账款): the prepayment of an order, or the credit part of a slip.

    The sum of its instalments, less what was moved to new ones, is its amount, to the minor unit. A charge
    for being late is one too: `principal` is the receivable that it is charged for, `note` says why.
    `unbilled` is the credit part of those of its goods that the customer has and no invoice covers.
    """

    customer: Annotated[str, Column(index=True, zh="客户")]
    order: Annotated[str, Column(index=True, zh="订单")]
    slip: Annotated[str | None, Column(index=True, zh="出库单")] = None
    kind: Annotated[ReceivableKind, Column(length=12, zh="类别")]
    amount: Annotated[Money, Column(zh="金额")]
    opened_on: Annotated[date, Column(zh="日期")]
    terms: Annotated[PaymentTerms, Column(length=4000, zh="付款条件")]
    principal: Annotated[str, Column(index=True, zh="主债权")] = ""
    note: Annotated[str, Column(length=2000, zh="说明")] = ""
    unbilled: Annotated[Money, Column(zh="未开票金额")]


@frozen(kw_only=True)
class Instalment(Part):
    """One due part of a receivable (分期应收); its id is `{receivable}/{number}`.

    Always amount = allocated + discount_taken + credited + written_off + rescheduled + cancelled + open.
    `allocated` is money; credit notes, write-offs and new due dates lower it by an `Adjustment` each;
    `cancelled` is what is no longer wanted since `cancelled_on`. `discounts` are what may be deducted for
    early payment (提前付款折扣). `settled` says that nothing is open: open items are found by an index.
    """

    receivable: Annotated[str, Column(index=True), ParentOf(Receivable)]
    customer: Annotated[str, Column(index=True, zh="客户")]
    number: Annotated[int, Column(zh="期次")]
    kind: Annotated[PartKind, Column(length=8, zh="类别")]
    opened_on: Annotated[date, Column(zh="日期")]
    due: Annotated[date, Column(index=True, zh="到期日")]
    amount: Annotated[Money, Column(zh="金额")]
    allocated: Annotated[Money, Column(zh="已核销")]
    discount_taken: Annotated[Money, Column(zh="现金折扣")]
    credited: Annotated[Money, Column(zh="贷项冲减")]
    written_off: Annotated[Money, Column(zh="核减尾差")]
    rescheduled: Annotated[Money, Column(zh="转入新分期")]
    cancelled: Annotated[Money, Column(zh="取消")]
    cancelled_on: Annotated[date | None, Column(zh="取消日期")] = None
    settled: Annotated[bool, Column(index=True, zh="已结清")] = False
    discounts: Annotated[tuple[DiscountOffer, ...], Column(length=2000, zh="提前付款折扣")] = ()

    @property
    def open(self) -> Money:
        """What is still owed: the amount less everything that settled a part of it (`SETTLED_BY`)."""
        left = self.amount.minor - sum(getattr(self, name).minor for name in SETTLED_BY)
        return Money.of_minor(left, self.amount.currency)


@frozen(kw_only=True)
class Receipt(Record):
    """Money that came in (收款), with what of it was allocated or refunded; the rest is on account (预收).

    `allocations` counts the allocations ever made, which number them. Only a cleared receipt is allocated.
    """

    payer: Annotated[str, Column(index=True, zh="客户")]
    payer_name: Annotated[str, Column(zh="付款人"), Personal(MATCHING)]
    amount: Annotated[Money, Column(zh="金额")]
    method: Annotated[PaymentMethod, Column(length=16, zh="付款方式")]
    value_date: Annotated[date, Column(index=True, zh="到账日期")]
    cleared: Annotated[bool, Column(index=True, zh="已到账")]
    personal_account: Annotated[bool, Column(zh="个人账户")] = False
    reference: Annotated[str, Column(length=100, zh="流水号")] = ""
    allocated: Annotated[Money, Column(zh="已核销")]
    refunded: Annotated[Money, Column(zh="已退款")]
    allocations: int = 0
    reversed_on: Annotated[date | None, Column(zh="冲销日期")] = None
    reverse_reason: Annotated[str, Column(length=500, zh="冲销原因")] = ""

    @property
    def open(self) -> Money:
        """What is neither allocated nor refunded; nothing once the receipt is reversed."""
        if self.reversed_on is not None:
            return Money.zero(self.amount.currency)
        return self.amount - self.allocated - self.refunded


@frozen(kw_only=True)
class Allocation(Part):
    """Money of one receipt for one instalment (核销); its id is `{receipt}/{number}`.

    `discount` is the early payment discount granted with it. An undone allocation stays, with its day.
    """

    receipt: Annotated[str, Column(index=True), ParentOf(Receipt)]
    number: int
    receivable: Annotated[str, Column(index=True, zh="应收")]
    instalment: Annotated[str, Column(index=True, zh="分期")]
    kind: Annotated[PartKind, Column(length=8, zh="类别")]
    amount: Annotated[Money, Column(zh="金额")]
    discount: Annotated[Money, Column(zh="现金折扣")]
    on: Annotated[date, Column(index=True, zh="核销日期")]
    undone: Annotated[bool, Column(zh="已撤销")] = False
    undone_on: Annotated[date | None, Column(zh="撤销日期")] = None

    @property
    def settles(self) -> Money:
        """What the instalment is lowered by: the money and the discount."""
        return self.amount + self.discount


class AdjustmentKind(StrEnum):
    """Why an instalment is lowered without money: a credit note, a write-off, or new due dates for it."""

    CREDIT_NOTE = "credit_note"
    WRITE_OFF = "write_off"
    RESCHEDULING = "rescheduling"

    @property
    def field(self) -> str:
        """The field of the instalment that adds up the adjustments of this kind."""
        return _ADJUSTED[self]

    @property
    def zh(self) -> str:
        """The Chinese name."""
        return _ADJUSTMENT_ZH[self]


_ADJUSTED = {
    AdjustmentKind.CREDIT_NOTE: "credited",
    AdjustmentKind.WRITE_OFF: "written_off",
    AdjustmentKind.RESCHEDULING: "rescheduled",
}
_ADJUSTMENT_ZH = {
    AdjustmentKind.CREDIT_NOTE: "贷项冲减",
    AdjustmentKind.WRITE_OFF: "尾差核减",
    AdjustmentKind.RESCHEDULING: "债务展期",
}


@frozen(kw_only=True)
class Adjustment(Part):
    """What one document takes off an instalment without money (应收调整); its id is `{document}/{number}`.

    An undone adjustment stays, with its day, so that every past day can be told.
    """

    receivable: Annotated[str, Column(index=True, zh="应收"), ParentOf(Receivable)]
    instalment: Annotated[str, Column(index=True, zh="分期")]
    kind: Annotated[AdjustmentKind, Column(length=12, zh="类别")]
    document: Annotated[str, Column(index=True, zh="单据")]
    amount: Annotated[Money, Column(zh="金额")]
    on: Annotated[date, Column(index=True, zh="日期")]
    undone: Annotated[bool, Column(zh="已撤销")] = False
    undone_on: Annotated[date | None, Column(zh="撤销日期")] = None

    @property
    def settles(self) -> Money:
        """What the instalment is lowered by."""
        return self.amount


Settlement = Allocation | Adjustment
"""Whatever lowers an instalment on a day: money, or a document without money."""
