"""New due dates at the door (债务展期)."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated

from attrs import evolve, field, frozen
from attrs.converters import optional

from pharmacrm.core.collections.dunning import DunningBlock
from pharmacrm.core.flows.paying import Agreed, agreed_terms, paying_on
from pharmacrm.core.kernel.decision import Decision, accept, refuse, save
from pharmacrm.core.kernel.domain import Domain
from pharmacrm.core.kernel.message import Command, Reads
from pharmacrm.core.kernel.query import eq, is_in, is_null
from pharmacrm.core.kernel.strict import Id, Limit, OptionalId, Ref, strict
from pharmacrm.core.receivables import (
    Adjustment,
    Allocation,
    Dispute,
    Instalment,
    NewInstalment,
    PromiseToPay,
    Receivable,
    Rescheduling,
)
from pharmacrm.core.receivables.carrying import Claims
from pharmacrm.core.receivables.document_reasons import RESCHEDULING_EXISTS
from pharmacrm.core.receivables.rescheduling import Agreement, planned, reschedule
from pharmacrm.core.values.terms import PaymentTerms, as_terms


@frozen(kw_only=True, field_transformer=strict)
class RescheduleDebt(Command[Rescheduling]):
    """Give everything that is open of a receivable new due dates (债务展期); the sum stays.

    Either `instalments` that sum to what is open, or `terms` such as `6 monthly`, counted from today and
    moved to the customer's days of payment; or the `term_set` that has them.
    """

    id: Id
    receivable: Ref
    instalments: tuple[NewInstalment, ...] = ()
    terms: PaymentTerms | None = field(default=None, converter=optional(as_terms))
    term_set: OptionalId = ""
    reason: Annotated[str, Limit(2000, multiline=True)]


@RescheduleDebt.handler
def on_reschedule_debt(command: RescheduleDebt, read: Reads) -> Decision[Rescheduling]:
    """Load the receivable with all its instalments, the terms, and the customer's days of payment."""
    if read.seek(Rescheduling, command.id) is not None:
        return refuse(RESCHEDULING_EXISTS(command.id, field="id"))
    agreed = _agreed(command, read)
    if agreed.reasons:
        return refuse(*agreed.reasons)
    terms, version = (agreed.value.terms, agreed.value.version) if agreed.value else (None, "")
    receivable = read.get(Receivable, command.receivable)
    parts = read.find(Instalment, eq("receivable", receivable.id), order=("number",))
    new = planned(
        receivable,
        parts,
        command.instalments,
        terms,
        on=read.on,
        calendar=read.calendar(),
        paying=paying_on(read, receivable.customer, read.on, version),
    )
    head = Agreement(id=command.id, on=read.on, reason=command.reason, term_version=version)
    done = reschedule(head, receivable, parts, new, claims_on(receivable, read))
    return accept(done.value, done, still_blocked(done.value, parts, read))


def claims_on(receivable: Receivable, read: Reads) -> Claims:
    """What the customer promised on a receivable's instalments, and disputes, and what was paid of them."""
    mine = eq("receivable", receivable.id)
    promises = read.find(PromiseToPay, mine, is_null("withdrawn_on"), order=("pay_by",))
    return Claims(
        promises,
        read.find(Dispute, mine, is_null("resolved_on"), order=("opened_on",)),
        [*read.find(Allocation, mine), *read.find(Adjustment, mine)] if promises else (),
    )


def still_blocked(done: Rescheduling | None, before: Iterable[Instalment], read: Reads) -> Decision[None]:
    """New instalments of a debt of which some was blocked from dunning are blocked as long as that was."""
    ids = [part.id for part in before if part.open]
    held = read.find(DunningBlock, is_in("id", ids)) if done is not None and ids else []
    blocks = [each for each in held if each.holds(read.on)]
    if done is None or not blocks:
        return accept(None)
    longest = max(blocks, key=lambda block: block.until or date.max)
    new = [f"{done.receivable}/{number}" for number in range(done.first, done.last + 1)]
    known = {each.id: each.version for each in read.find(DunningBlock, is_in("id", new))}
    return accept(None, save(*(evolve(longest, id=id, version=known.get(id, 0)) for id in new)))


def _agreed(command: RescheduleDebt, read: Reads) -> Decision[Agreed | None]:
    """The terms that are wanted; none where instalments are named."""
    if command.terms is None and not command.term_set:
        return accept(None)
    return agreed_terms(command.id, command.terms, command.term_set, on=read.on, read=read)


domain = Domain(name="rescheduling", handlers=(on_reschedule_debt,), rights={"finance": (RescheduleDebt,)})
