"""What a customer says of an instalment (客户主张): a promise to pay some of it, or that they dispute it."""

from collections.abc import Iterable
from typing import Annotated, TypeVar

from attrs import frozen

from pharmacrm.core.kernel.change import Event
from pharmacrm.core.kernel.decision import Decision, accept, save, tell, touch
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.reason import Reason, ReasonCode
from pharmacrm.core.kernel.record import Column, Personal, Record
from pharmacrm.core.receivables.claim_reasons import CLAIM_CURRENCY
from pharmacrm.core.receivables.model import Instalment, Receivable

COLLECTING = "collection of payments"
"""Why the name of the person who promised, or what was said, is kept."""


@frozen(kw_only=True)
class Claim(Record):
    """So much of an instalment, of which a customer has said something.

    One that went on when the instalment got new due dates names the one that it `continues`.
    """

    customer: Annotated[str, Column(index=True, zh="客户")]
    receivable: Annotated[str, Column(index=True, zh="应收")]
    instalment: Annotated[str, Column(index=True, zh="分期")]
    amount: Annotated[Money, Column(zh="金额")]
    note: Annotated[str, Column(length=2000, zh="备注"), Personal(COLLECTING)] = ""
    continues: Annotated[str, Column(zh="承接")] = ""


C = TypeVar("C", bound=Claim)


@frozen
class About:
    """What a claim is about: the instalment, the receivable that has it, and what its id is taken by."""

    part: Instalment
    receivable: Receivable
    old: Claim | None = None


def make(
    new: C, about: About, unfit: Iterable[Reason], event: Event, *, exists: ReasonCode, more: Iterable[C] = ()
) -> Decision[C]:
    """Record a claim, with what it changes of others, or say why not; it is in the instalment's currency."""
    part, given = about.part, new.amount.currency
    wanted = part.amount.currency
    other = CLAIM_CURRENCY(part.id, field="amount", observed=given, expected=wanted)
    return accept(
        new,
        exists(new.id, field="id") if about.old is not None else (),
        tuple(unfit) if given == wanted else other,
        save(new, *more),
        touch(about.receivable),
        tell(event),
    )
