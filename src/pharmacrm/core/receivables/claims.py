"""What customers say of what they owe (催收沟通): promises and disputes, at the door."""

from datetime import date
from typing import Annotated

from attrs import field, frozen

from pharmacrm.core.kernel.dates import as_date
from pharmacrm.core.kernel.decision import Decision
from pharmacrm.core.kernel.message import Command, Question, Reads
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.query import eq, is_in, is_null, le
from pharmacrm.core.kernel.record import Personal
from pharmacrm.core.kernel.strict import Id, Limit, OptionalId, Ref, strict
from pharmacrm.core.receivables.disputes import (
    Dispute,
    DisputeCause,
    DisputeOutcome,
    open_dispute,
    resolve_dispute,
)
from pharmacrm.core.receivables.model import Adjustment, Allocation, Instalment, Receivable, Settlement
from pharmacrm.core.receivables.promises import (
    COLLECTING,
    PromiseStanding,
    PromiseToPay,
    promise,
    standing,
    withdraw_promise,
)
from pharmacrm.core.receivables.targets import as_positive

Said = Annotated[str, Limit(2000, empty=True, multiline=True), Personal(COLLECTING)]
Why = Annotated[str, Limit(2000, multiline=True)]


@frozen(kw_only=True, field_transformer=strict)
class RecordPromise(Command[PromiseToPay]):
    """Record what a customer promised to pay on an instalment, and by when (付款承诺).

    It takes the place of an earlier promise that is not yet due.
    """

    id: OptionalId = ""
    instalment: Ref
    amount: Money = field(converter=as_positive)
    pay_by: date = field(converter=as_date)
    person: Annotated[str, Limit(200, empty=True), Personal(COLLECTING)] = ""
    note: Said = ""


@frozen(kw_only=True, field_transformer=strict)
class WithdrawPromise(Command[PromiseToPay]):
    """Take a promise back that was misheard or is no longer meant."""

    subject_field = "promise"

    promise: Id
    reason: Why


@frozen(kw_only=True, field_transformer=strict)
class OpenDispute(Command[Dispute]):
    """Record that a customer does not accept so much of an instalment, and why (争议)."""

    id: OptionalId = ""
    instalment: Ref
    amount: Money = field(converter=as_positive)
    cause: DisputeCause
    note: Said = ""


@frozen(kw_only=True, field_transformer=strict)
class ResolveDispute(Command[Dispute]):
    """End a dispute: the customer was right (then a credit note lowers the debt), was not, or dropped it."""

    subject_field = "dispute"

    dispute: Id
    outcome: DisputeOutcome
    resolution: Said = ""


@frozen(kw_only=True, field_transformer=strict)
class PromisesToPay(Question[tuple[PromiseStanding, ...]]):
    """The promises of a customer, or of all, and how each stands at the end of a day, today if none is said.

    By their due days, the oldest first.
    """

    customer: OptionalId = ""
    as_of: date | None = None


@RecordPromise.handler
def on_record_promise(command: RecordPromise, read: Reads) -> Decision[PromiseToPay]:
    """Load the instalment with the promises made on it."""
    part = read.get(Instalment, command.instalment)
    new = PromiseToPay(
        id=command.id or read.new_id(),
        customer=part.customer,
        receivable=part.receivable,
        instalment=part.id,
        amount=command.amount,
        made_on=read.on,
        pay_by=command.pay_by,
        person=command.person,
        note=command.note,
    )
    earlier = read.find(PromiseToPay, eq("instalment", part.id), is_null("withdrawn_on"))
    old = read.seek(PromiseToPay, command.id) if command.id else None
    return promise(new, old, read.get(Receivable, part.receivable), part, earlier)


@WithdrawPromise.handler
def on_withdraw_promise(command: WithdrawPromise, read: Reads) -> Decision[PromiseToPay]:
    """Load the promise."""
    return withdraw_promise(read.get(PromiseToPay, command.promise), on=read.on, reason=command.reason)


@OpenDispute.handler
def on_open_dispute(command: OpenDispute, read: Reads) -> Decision[Dispute]:
    """Load the instalment with its open disputes."""
    part = read.get(Instalment, command.instalment)
    new = Dispute(
        id=command.id or read.new_id(),
        customer=part.customer,
        receivable=part.receivable,
        instalment=part.id,
        amount=command.amount,
        cause=command.cause,
        opened_on=read.on,
        note=command.note,
    )
    others = read.find(Dispute, eq("instalment", part.id), is_null("resolved_on"))
    old = read.seek(Dispute, command.id) if command.id else None
    return open_dispute(new, old, read.get(Receivable, part.receivable), part, others)


@ResolveDispute.handler
def on_resolve_dispute(command: ResolveDispute, read: Reads) -> Decision[Dispute]:
    """Load the dispute."""
    return resolve_dispute(
        read.get(Dispute, command.dispute), command.outcome, on=read.on, resolution=command.resolution
    )


@PromisesToPay.handler
def on_promises_to_pay(question: PromisesToPay, read: Reads) -> tuple[PromiseStanding, ...]:
    """Read the promises made until then, and what lowered their instalments."""
    as_of = question.as_of or read.on
    theirs = (eq("customer", question.customer),) if question.customer else ()
    made = read.find(PromiseToPay, le("made_on", as_of), *theirs, order=("pay_by",))
    ids = sorted({each.instalment for each in made})
    settled = _settlements(read, ids) if ids else []
    return tuple(standing(each, settled, on=as_of) for each in made)


def _settlements(read: Reads, instalments: list[str]) -> list[Settlement]:
    of_these = is_in("instalment", instalments)
    return [*read.find(Allocation, of_these), *read.find(Adjustment, of_these)]
