"""Promises to pay (付款承诺): what a customer said they would pay by when, and whether they did.

Whether a promise was kept is never typed in: it follows from what lowered the instalment since.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from enum import StrEnum
from typing import Annotated

from attrs import evolve, frozen

from pharmacrm.core.kernel.decision import Decision, accept, save, tell
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.reason import Reason, Severity
from pharmacrm.core.kernel.record import Column, Personal
from pharmacrm.core.receivables.claim import COLLECTING, About, Claim, make
from pharmacrm.core.receivables.claim_reasons import (
    PROMISE_EXISTS,
    PROMISE_OVER_OPEN,
    PROMISE_PAST,
    PROMISE_WITHDRAWN,
)
from pharmacrm.core.receivables.events import PaymentPromised, PromiseWithdrawn
from pharmacrm.core.receivables.model import Adjustment, AdjustmentKind, Instalment, Settlement


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
class PromiseToPay(Claim):
    """What a customer promised to pay on an instalment by the end of a day (付款承诺)."""

    made_on: Annotated[date, Column(zh="承诺日期")]
    pay_by: Annotated[date, Column(index=True, zh="承诺付款日")]
    person: Annotated[str, Column(zh="承诺人"), Personal(COLLECTING)] = ""
    withdrawn_on: Annotated[date | None, Column(zh="撤回日期")] = None
    withdraw_reason: Annotated[str, Column(length=2000, zh="撤回原因")] = ""


@frozen
class PromiseStanding:
    """A promise, how it stands on a day, and what came in for it from its day on until it was due."""

    promise: PromiseToPay
    state: PromiseState
    paid: Money


def promise(new: PromiseToPay, about: About, earlier: Sequence[PromiseToPay] = ()) -> Decision[PromiseToPay]:
    """Record a promise on what is open of an instalment; it takes the place of the `earlier` ones.

    Only those that are not yet due are replaced: a promise whose day has passed was kept or broken.
    """
    on = new.made_on
    replaced = [given_up(each, f"replaced by {new.id}", on=on) for each in standing_yet(earlier, on)]
    event = PaymentPromised(subject=new.id, customer=new.customer, instalment=about.part.id)
    return make(new, about, _unfit(new, about.part), event, exists=PROMISE_EXISTS, more=replaced)


def standing_yet(promises: Iterable[PromiseToPay], on: date) -> list[PromiseToPay]:
    """The promises that nobody took back and whose day has not passed."""
    return [each for each in promises if each.withdrawn_on is None and each.pay_by >= on]


def given_up(made: PromiseToPay, reason: str, *, on: date) -> PromiseToPay:
    """A promise that no longer stands."""
    return evolve(made, withdrawn_on=on, withdraw_reason=reason)


def withdraw_promise(made: PromiseToPay, *, on: date, reason: str) -> Decision[PromiseToPay]:
    """Take a promise back, as it was misheard or is no longer meant; twice changes nothing."""
    if made.withdrawn_on is not None:
        known = PROMISE_WITHDRAWN(made.id, field="withdrawn_on", observed=made.withdrawn_on)
        return accept(made, known.weighed(Severity.INFO))
    gone = given_up(made, reason, on=on)
    event = PromiseWithdrawn(subject=made.id, customer=made.customer, instalment=made.instalment)
    return accept(gone, save(gone), tell(event))


def standing(made: PromiseToPay, settlements: Iterable[Settlement], *, on: date) -> PromiseStanding:
    """Say how a promise stands at the end of a day, from what lowered its instalment.

    What came from the day of the promise through its due day counts. A credit note counts like money: the
    customer owes so much less. New due dates are no money.
    """
    last = min(on, made.pay_by)
    paid = Money.total(
        (
            each.settles
            for each in settlements
            if each.instalment == made.instalment
            and not (isinstance(each, Adjustment) and each.kind is AdjustmentKind.RESCHEDULING)
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


def _unfit(new: PromiseToPay, part: Instalment) -> Iterator[Reason]:
    if new.amount.currency == part.amount.currency and new.amount > part.open:
        yield PROMISE_OVER_OPEN(part.id, field="amount", observed=new.amount, expected=part.open)
    if new.pay_by < new.made_on:
        yield PROMISE_PAST(new.id, field="pay_by", observed=new.pay_by, expected=new.made_on)
