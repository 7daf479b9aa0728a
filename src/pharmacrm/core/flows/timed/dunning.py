"""Dunning as timed work: once on each working day, every customer with late debts is looked at (催款)."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any, ClassVar, Final

from attrs import evolve, frozen

from pharmacrm.core.collections.dunning import DunningLetter, DunningMark, DunningPolicy
from pharmacrm.core.collections.dunning.rules import letter_id
from pharmacrm.core.flows.dunning import policy_of, proposal_of, sent
from pharmacrm.core.flows.timed.errands import Errand, Situation, pages
from pharmacrm.core.kernel.dates import local_date
from pharmacrm.core.kernel.decision import Decision, accept, save
from pharmacrm.core.kernel.lookup import Lookup
from pharmacrm.core.kernel.message import Command, Reads
from pharmacrm.core.kernel.query import eq, lt
from pharmacrm.core.kernel.strict import Id, Limit, strict
from pharmacrm.core.receivables import Instalment

MARK: Final = "dunning"


@frozen(kw_only=True, field_transformer=strict)
class SendDunningLetter(Command[DunningLetter]):
    """Dun a customer in one currency, if a letter is due by the policy; else nothing happens.

    `crm.run_due()` does it, as the actor `system`. A customer gets at most one letter a day in a currency.
    """

    subject_field: ClassVar[str] = "customer"

    customer: Id
    currency: Annotated[str, Limit(3)]


@frozen(kw_only=True, field_transformer=strict)
class MarkDunning(Command[DunningMark]):
    """Remember that every customer was looked at on a day; it never goes back.

    `crm.run_due()` does it, as the actor `system`.
    """

    subject_field: ClassVar[str] = ""

    through: date


@SendDunningLetter.handler
def send_dunning_letter(command: SendDunningLetter, read: Reads) -> Decision[DunningLetter]:
    """Read the policy and what is late, and what fee and interest are charged on."""
    policy = policy_of(read, command.customer)
    known = read.seek(DunningLetter, letter_id(command.customer, command.currency, read.on))
    if policy is None or known is not None:
        return accept(None)
    proposal = proposal_of(read, policy, command.customer, command.currency)
    return sent(read, policy, proposal) if proposal.letter else accept(None)


@MarkDunning.handler
def mark_dunning(command: MarkDunning, read: Reads) -> Decision[DunningMark]:
    """Read the mark."""
    mark = read.seek(DunningMark, MARK)
    if mark is not None and mark.through >= command.through:
        return accept(None)
    moved = evolve(mark or DunningMark(id=MARK, through=command.through), through=command.through)
    return accept(moved, save(moved))


def letters_due(lookup: Lookup, now: Situation) -> Iterator[Command[Any]]:
    """A command for each customer and currency with late debts, once on a working day."""
    today = _day_to_do(lookup, now)
    if today is None:
        return
    seen: tuple[str, str] | None = None
    late = (eq("settled", value=False), lt("due", today))
    for found in pages(lookup, Instalment, *late, order=("customer",)):
        for each in found:
            if seen != (each.customer, each.amount.currency):
                seen = (each.customer, each.amount.currency)
                yield SendDunningLetter(customer=each.customer, currency=each.amount.currency)


def dunning_done(lookup: Lookup, now: Situation) -> Command[Any] | None:
    """The mark of the day, if it is not set."""
    today = _day_to_do(lookup, now)
    return None if today is None else MarkDunning(through=today)


def _day_to_do(lookup: Lookup, now: Situation) -> date | None:
    """The day, if it is a working day, somebody dunns, and dunning was not carried out on it."""
    today = local_date(now.at, now.tenant.tz)
    mark = lookup.seek(DunningMark, MARK)
    done = mark is not None and mark.through >= today
    if done or not now.calendar.is_working(today):
        return None
    return today if lookup.find(DunningPolicy, eq("active", value=True), limit=1) else None


ERRAND = Errand(name="dunning", commands=letters_due, mark=dunning_done)
