"""What customers say of what they owe (催收沟通): promises and disputes, at the door."""

from datetime import date
from typing import Annotated, Any

from attrs import field, frozen

from pharmacrm.core.kernel.dates import as_date
from pharmacrm.core.kernel.decision import Decision
from pharmacrm.core.kernel.message import Command, Question, Reads
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.query import eq, is_in, is_null, le
from pharmacrm.core.kernel.record import Personal
from pharmacrm.core.kernel.strict import Limit, OptionalCustomer, OptionalId, Ref, strict
from pharmacrm.core.receivables.claim import COLLECTING, About, Claim
from pharmacrm.core.receivables.disputes import (
    Dispute,
    DisputeCause,
    DisputeOutcome,
    open_dispute,
    resolve_dispute,
)
from pharmacrm.core.receivables.model import Adjustment, Allocation, Instalment, Receivable, Settlement
from pharmacrm.core.receivables.promises import (
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

    promise: Ref
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

    dispute: Ref
    outcome: DisputeOutcome
    resolution: Said = ""


@frozen(kw_only=True, field_transformer=strict)
class PromisesToPay(Question[tuple[PromiseStanding, ...]]):
    """The promises of a customer, or of all, and how each stands at the end of a day, today if none is said.

    By their due days, the oldest first.
    """

    customer: OptionalCustomer = ""
    as_of: date | None = None


@RecordPromise.handler
def on_record_promise(command: RecordPromise, read: Reads) -> Decision[PromiseToPay]:
    """Load the instalment with the promises made on it."""
    about = _about(command, PromiseToPay, read)
    new = PromiseToPay(
        **_claimed(command, about, read), made_on=read.on, pay_by=command.pay_by, person=command.person
    )
    earlier = read.find(PromiseToPay, eq("instalment", about.part.id), is_null("withdrawn_on"))
    return promise(new, about, earlier)


@WithdrawPromise.handler
def on_withdraw_promise(command: WithdrawPromise, read: Reads) -> Decision[PromiseToPay]:
    """Load the promise."""
    return withdraw_promise(read.get(PromiseToPay, command.promise), on=read.on, reason=command.reason)


@OpenDispute.handler
def on_open_dispute(command: OpenDispute, read: Reads) -> Decision[Dispute]:
    """Load the instalment with its open disputes."""
    about = _about(command, Dispute, read)
    new = Dispute(**_claimed(command, about, read), cause=command.cause, opened_on=read.on)
    others = read.find(Dispute, eq("instalment", about.part.id), is_null("resolved_on"))
    return open_dispute(new, about, others)


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


def _about(command: RecordPromise | OpenDispute, kind: type[Claim], read: Reads) -> About:
    """The instalment that is spoken of, its receivable, and what has the id already."""
    part = read.get(Instalment, command.instalment)
    old = read.seek(kind, command.id) if command.id else None
    return About(part, read.get(Receivable, part.receivable), old)


def _claimed(command: RecordPromise | OpenDispute, about: About, read: Reads) -> dict[str, Any]:
    """What a promise and a dispute have in common."""
    return {
        "id": command.id or read.new_id(),
        "customer": about.part.customer,
        "receivable": about.part.receivable,
        "instalment": about.part.id,
        "amount": command.amount,
        "note": command.note,
    }


def _settlements(read: Reads, instalments: list[str]) -> list[Settlement]:
    of_these = is_in("instalment", instalments)
    return [*read.find(Allocation, of_these), *read.find(Adjustment, of_these)]
