"""Promises to pay (付款承诺): what a customer said they would pay by when, and whether they did.

Whether a promise was kept is never typed in: it follows from what lowered the instalment since.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum
from typing import Annotated

from attrs import evolve, frozen

from pharmacrm.core.kernel.decision import Decision, accept, save, tell, touch
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.reason import Reason, Severity
from pharmacrm.core.kernel.record import Column, Personal, Record
from pharmacrm.core.receivables.claim_reasons import (
    CLAIM_CURRENCY,
    PROMISE_EXISTS,
    PROMISE_OVER_OPEN,
    PROMISE_PAST,
    PROMISE_WITHDRAWN,
)
from pharmacrm.core.receivables.events import PaymentPromised, PromiseWithdrawn
from pharmacrm.core.receivables.model import Instalment, Receivable, Settlement

COLLECTING = "collection of payments"
"""Why the name of the person who promised, or what was said, is kept."""


class PromiseState(StrEnum):
    """Where a promise stands: OPEN until its day, then KEPT or BROKEN; or WITHDRAWN, also by a newer one."""

    OPEN = "open"
    KEPT = "kept"
    BROKEN = "broken"
    WITHDRAWN = "withdrawn"

    @property
    def zh(self) -> str:
        """The Chinese name."""
        return _STATE_ZH[self]


_STATE_ZH = {
    PromiseState.OPEN: "待履行",
    PromiseState.KEPT: "已履行",
    PromiseState.BROKEN: "未履行",
    PromiseState.WITHDRAWN: "已撤回",
}


@frozen(kw_only=True)
class PromiseToPay(Record):
    """What a customer promised to pay on an instalment by the end of a day (付款承诺)."""

    customer: Annotated[str, Column(index=True, zh="客户")]
    receivable: Annotated[str, Column(index=True, zh="应收")]
    instalment: Annotated[str, Column(index=True, zh="分期")]
    amount: Annotated[Money, Column(zh="承诺金额")]
    made_on: Annotated[date, Column(zh="承诺日期")]
    pay_by: Annotated[date, Column(index=True, zh="承诺付款日")]
    person: Annotated[str, Column(zh="承诺人"), Personal(COLLECTING)] = ""
    note: Annotated[str, Column(length=2000, zh="备注"), Personal(COLLECTING)] = ""
    withdrawn_on: Annotated[date | None, Column(zh="撤回日期")] = None
    withdraw_reason: Annotated[str, Column(length=2000, zh="撤回原因")] = ""


@frozen
class PromiseStanding:
    """A promise, how it stands on a day, and what came in for it from its day on until it was due."""

    promise: PromiseToPay
    state: PromiseState
    paid: Money


def promise(
    new: PromiseToPay,
    old: PromiseToPay | None,
    receivable: Receivable,
    part: Instalment,
    earlier: Sequence[PromiseToPay] = (),
) -> Decision[PromiseToPay]:
    """Record a promise on what is open of an instalment; it takes the place of the `earlier` ones.

    Only those that are not yet due are replaced: a promise whose day has passed was kept or broken.
    """
    replaced = [
        evolve(each, withdrawn_on=new.made_on, withdraw_reason=f"replaced by {new.id}")
        for each in earlier
        if each.withdrawn_on is None and each.pay_by >= new.made_on
    ]
    return accept(
        new,
        PROMISE_EXISTS(new.id, field="id") if old is not None else (),
        _unfit(new, part),
        save(new, *replaced),
        touch(receivable),
        tell(PaymentPromised(subject=new.id, customer=new.customer, instalment=part.id)),
    )


def withdraw_promise(made: PromiseToPay, *, on: date, reason: str) -> Decision[PromiseToPay]:
    """Take a promise back, as it was misheard or is no longer meant; twice changes nothing."""
    if made.withdrawn_on is not None:
        known = PROMISE_WITHDRAWN(made.id, field="withdrawn_on", observed=made.withdrawn_on)
        return accept(made, known.weighed(Severity.INFO))
    gone = evolve(made, withdrawn_on=on, withdraw_reason=reason)
    event = PromiseWithdrawn(subject=made.id, customer=made.customer, instalment=made.instalment)
    return accept(gone, save(gone), tell(event))


def standing(made: PromiseToPay, settlements: Iterable[Settlement], *, on: date) -> PromiseStanding:
    """Say how a promise stands at the end of a day, from what lowered its instalment.

    What came from the day of the promise through its due day counts. A credit note counts like money: the
    customer owes so much less.
    """
    last = min(on, made.pay_by)
    paid = Money.total(
        (
            each.settles
            for each in settlements
            if each.instalment == made.instalment
            and made.made_on <= each.on <= last
            and (each.undone_on is None or each.undone_on > last)
        ),
        made.amount.currency,
    )
    return PromiseStanding(made, _state(made, paid, on), paid)


def _state(made: PromiseToPay, paid: Money, on: date) -> PromiseState:
    if made.withdrawn_on is not None and made.withdrawn_on <= on:
        return PromiseState.WITHDRAWN
    if paid >= made.amount:
        return PromiseState.KEPT
    return PromiseState.OPEN if on <= made.pay_by else PromiseState.BROKEN


def _unfit(new: PromiseToPay, part: Instalment) -> tuple[Reason, ...]:
    if new.amount.currency != part.amount.currency:
        given, wanted = new.amount.currency, part.amount.currency
        return (CLAIM_CURRENCY(part.id, field="amount", observed=given, expected=wanted),)
    found = []
    if new.amount > part.open:
        found.append(PROMISE_OVER_OPEN(part.id, field="amount", observed=new.amount, expected=part.open))
    if new.pay_by < new.made_on:
        found.append(PROMISE_PAST(new.id, field="pay_by", observed=new.pay_by, expected=new.made_on))
    return tuple(found)
