"""Disputes (争议): what a customer refuses to pay of an instalment, why, and what became of it."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from enum import StrEnum
from typing import Annotated

from attrs import evolve, frozen

from pharmacrm.core.kernel.decision import Decision, accept, save, tell
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.reason import Reason
from pharmacrm.core.kernel.record import Column, Personal
from pharmacrm.core.receivables.claim import COLLECTING, About, Claim, make
from pharmacrm.core.receivables.claim_reasons import (
    DISPUTE_EXISTS,
    DISPUTE_OVER_OPEN,
    DISPUTE_RESOLVED,
)
from pharmacrm.core.receivables.events import DisputeOpened, DisputeResolved
from pharmacrm.core.receivables.model import Instalment


class DisputeCause(StrEnum):
    """What a dispute is about."""

    PRICE = "price"
    QUANTITY = "quantity"
    QUALITY = "quality"
    DELIVERY = "delivery"
    INVOICE = "invoice"
    OTHER = "other"

    @property
    def zh(self) -> str:
        """The Chinese name."""
        return _CAUSE_ZH[self]


_CAUSE_ZH = {
    DisputeCause.PRICE: "价格",
    DisputeCause.QUANTITY: "数量",
    DisputeCause.QUALITY: "质量",
    DisputeCause.DELIVERY: "交货",
    DisputeCause.INVOICE: "发票",
    DisputeCause.OTHER: "其他",
}


class DisputeOutcome(StrEnum):
    """How a dispute ended: the customer was right, was not, or dropped it."""

    UPHELD = "upheld"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"

    @property
    def zh(self) -> str:
        """The Chinese name."""
        return _OUTCOME_ZH[self]


_OUTCOME_ZH = {
    DisputeOutcome.UPHELD: "成立",
    DisputeOutcome.REJECTED: "不成立",
    DisputeOutcome.WITHDRAWN: "客户撤回",
}


@frozen(kw_only=True)
class Dispute(Claim):
    """So much of an instalment that the customer does not accept (争议), from one day until it is resolved.

    It changes nothing of what is owed: where the customer is right, a credit note does. One that goes on with
    new due dates is `moved_by` their rescheduling, and has no outcome of its own.
    """

    cause: Annotated[DisputeCause, Column(length=12, zh="争议原因")]
    opened_on: Annotated[date, Column(zh="提出日期")]
    resolved_on: Annotated[date | None, Column(index=True, zh="解决日期")] = None
    outcome: Annotated[DisputeOutcome | None, Column(length=12, zh="结果")] = None
    resolution: Annotated[str, Column(length=2000, zh="处理意见"), Personal(COLLECTING)] = ""
    moved_by: Annotated[str, Column(zh="转入展期")] = ""

    def is_open(self, on: date) -> bool:
        """Whether it stands at the end of a day."""
        return self.opened_on <= on and (self.resolved_on is None or self.resolved_on > on)


def disputed(disputes: Iterable[Dispute], instalment: str, currency: str, *, on: date) -> Money:
    """Give what is disputed of an instalment at the end of a day."""
    return Money.total(
        (each.amount for each in disputes if each.instalment == instalment and each.is_open(on)), currency
    )


def open_dispute(new: Dispute, about: About, others: Sequence[Dispute] = ()) -> Decision[Dispute]:
    """Open a dispute; with the `others` of the instalment that are open, at most what is open is disputed."""
    event = DisputeOpened(subject=new.id, customer=new.customer, instalment=about.part.id)
    return make(new, about, _unfit(new, about.part, others), event, exists=DISPUTE_EXISTS)


def resolve_dispute(
    dispute: Dispute, outcome: DisputeOutcome, *, on: date, resolution: str
) -> Decision[Dispute]:
    """End a dispute with its outcome and why; what is resolved stays so."""
    if dispute.resolved_on is not None:
        return accept(
            dispute, DISPUTE_RESOLVED(dispute.id, field="resolved_on", observed=dispute.resolved_on)
        )
    ended = evolve(dispute, resolved_on=on, outcome=outcome, resolution=resolution)
    event = DisputeResolved(subject=dispute.id, customer=dispute.customer, instalment=dispute.instalment)
    return accept(ended, save(ended), tell(event))


def _unfit(new: Dispute, part: Instalment, others: Sequence[Dispute]) -> Iterator[Reason]:
    currency = part.amount.currency
    if new.amount.currency == currency:
        total = new.amount + disputed(others, part.id, currency, on=new.opened_on)
        if total > part.open:
            yield DISPUTE_OVER_OPEN(part.id, field="amount", observed=total, expected=part.open)
