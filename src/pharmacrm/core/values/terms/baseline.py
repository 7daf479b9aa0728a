"""Baselines: the event whose date a part of the terms counts from (起算日)."""

from enum import Enum
from typing import Final

from pharmacrm.core.kernel.words import Words


class Baseline(Enum):
    """From what a part counts; `DOCUMENT` is what the caller gives as the anchor, usually the delivery."""

    DOCUMENT = "document"
    ORDER = "order"
    """The day of the order (订单日)."""
    DELIVERY = "delivery"
    """The day on which the goods were shipped (发货日)."""
    INVOICE = "invoice"
    """The date of the invoice (发票日)."""
    RECEIPT = "receipt"
    """The day on which the customer received the goods (收货日)."""
    ACCEPTANCE = "acceptance"
    """The day on which the customer accepted them after inspection (验收日)."""
    STATEMENT = "statement"
    """The date of the statement of account (对账日)."""
    STATEMENT_MONTH = "month of statement"
    """The last day of the month of the statement: several statements of a month are due together."""

    @property
    def event(self) -> "Baseline":
        """The event whose date it is made of."""
        return Baseline.STATEMENT if self is Baseline.STATEMENT_MONTH else self

    @property
    def words(self) -> Words:
        """The name of the day as a sentence says it."""
        return Words(self.value, _ZH[self])


_ZH: Final = {
    Baseline.DOCUMENT: "单据日",
    Baseline.ORDER: "订单日",
    Baseline.DELIVERY: "发货日",
    Baseline.INVOICE: "发票日",
    Baseline.RECEIPT: "收货日",
    Baseline.ACCEPTANCE: "验收日",
    Baseline.STATEMENT: "对账日",
    Baseline.STATEMENT_MONTH: "对账月末",
}
