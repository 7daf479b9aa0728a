"""Credit notes at the door (贷项): allowances issued, what is on account settled with, notes taken back."""

from collections.abc import Sequence
from typing import Annotated

from attrs import field, frozen

from pharmacrm.core.credit.foreign import Account
from pharmacrm.core.credit.movements import apply, prepay, reverse
from pharmacrm.core.customers import Customer
from pharmacrm.core.flows.lines import seek_account
from pharmacrm.core.flows.returning import credited
from pharmacrm.core.kernel.decision import Decision, accept, refuse, touch
from pharmacrm.core.kernel.domain import Domain
from pharmacrm.core.kernel.message import Command, Reads
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.query import eq, is_in
from pharmacrm.core.kernel.reason import Severity
from pharmacrm.core.kernel.strict import Id, Limit, OptionalId, Ref, strict
from pharmacrm.core.orders import OutboundSlip
from pharmacrm.core.receivables import Adjustment, CreditNote, CreditNoteKind, Instalment, Portion, Receivable
from pharmacrm.core.receivables.again import credit_note_again
from pharmacrm.core.receivables.credit_notes import (
    Credited,
    apply_credit_note,
    check_allowance,
    issue_credit_note,
    reverse_credit_note,
)
from pharmacrm.core.receivables.document_reasons import CREDIT_NOTE_OF_RETURN
from pharmacrm.core.receivables.opening import credit_id
from pharmacrm.core.receivables.targets import as_positive
from pharmacrm.core.values.taxes import shared_taxes

Why = Annotated[str, Limit(2000, multiline=True)]


@frozen(kw_only=True, field_transformer=strict)
class IssueCreditNote(Command[CreditNote]):
    """Lower what was charged, as for a dispute that was upheld (折让); a return credits its goods itself.

    With a slip it lowers what is open of that slip, and is at most what the slip came to. Without one it is
    on account of the customer, and waits for a lead.
    """

    id: Id
    customer: Id
    slip: OptionalId = ""
    amount: Money = field(converter=as_positive)
    reason: Why


@frozen(kw_only=True, field_transformer=strict)
class ApplyCreditNote(Command[CreditNote]):
    """Settle with what is on account of a credit note: the instalments named, or the oldest due first."""

    subject_field = "credit_note"

    credit_note: Ref
    portions: tuple[Portion, ...] = ()


@frozen(kw_only=True, field_transformer=strict)
class ReverseCreditNote(Command[CreditNote]):
    """Take an allowance back: what it settled is owed again. The credit of a return stays with the return."""

    subject_field = "credit_note"

    credit_note: Ref
    reason: Why


@IssueCreditNote.handler
def on_issue_credit_note(command: IssueCreditNote, read: Reads) -> Decision[CreditNote]:
    """Load the slip with what is owed for it and was credited of it, and the customer's credit line."""
    customer = read.get(Customer, command.customer)
    slip = read.get(OutboundSlip, command.slip) if command.slip else None
    note = CreditNote(
        id=command.id,
        kind=CreditNoteKind.ALLOWANCE,
        customer=customer.id,
        slip=command.slip,
        amount=command.amount,
        applied=Money.zero(command.amount.currency),
        refunded=Money.zero(command.amount.currency),
        issued_on=read.on,
        reason=command.reason,
        taxes=shared_taxes(command.amount, slip.taxes if slip else ()),
    )
    known = read.seek(CreditNote, command.id)
    if known is not None:
        return credit_note_again(known, note)
    unfit = check_allowance(
        note,
        read.find(CreditNote, eq("slip", command.slip)) if command.slip else (),
        buyer=slip.buyer if slip else customer.id,
        charged=slip.amount if slip else None,
    )
    if any(reason.severity is Severity.BLOCK for reason in unfit):
        return refuse(*unfit)
    receivables, instalments = _of_slip(command.slip, read)
    issued = credited(issue_credit_note(note, receivables, instalments), read)
    touched = touch(slip) if slip else ()
    return accept(issued.value.note if issued.value else None, unfit, issued, touched)


@ApplyCreditNote.handler
def on_apply_credit_note(command: ApplyCreditNote, read: Reads) -> Decision[CreditNote]:
    """Load the note, what it may settle, and the customer's credit line."""
    note = read.get(CreditNote, command.credit_note)
    wanted = command.portions or None
    instalments = _named(command.portions, read) if wanted else _owed(note, read)
    done = apply_credit_note(note, _receivables(instalments, read), instalments, wanted, on=read.on)
    if done.value is None:
        return accept(None, done)
    return accept(done.value.note, done, *_moved(done.value, read))


@ReverseCreditNote.handler
def on_reverse_credit_note(command: ReverseCreditNote, read: Reads) -> Decision[CreditNote]:
    """Load the note with what it settled, and the customer's credit line."""
    note = read.get(CreditNote, command.credit_note)
    if note.return_order:
        return refuse(CREDIT_NOTE_OF_RETURN(note.id, field="return_order", observed=note.return_order))
    return reverse_note(note, command.reason, read)


def reverse_note(note: CreditNote, reason: str, read: Reads) -> Decision[CreditNote]:
    """A credit note taken back with all that it settled: debts and what was on account are as before it."""
    made = read.find(Adjustment, eq("document", note.id), eq("undone", value=False))
    instalments = _by_id([each.instalment for each in made], read)
    done = reverse_credit_note(
        note, _receivables(instalments, read), instalments, made, on=read.on, reason=reason
    )
    if done.value is None or not done.changes:
        return accept(note, done)
    gone = reverse(
        seek_account(read, note.customer, note.amount.currency),
        paid=done.value.credit,
        unapplied=note.open,
        customer=note.customer,
        cause=note.id,
        reason=reason,
    )
    return accept(done.value.note, done, gone)


def _of_slip(slip: str, read: Reads) -> tuple[Sequence[Receivable], Sequence[Instalment]]:
    owed = read.seek(Receivable, credit_id(slip)) if slip else None
    if owed is None:
        return (), ()
    return (owed,), read.find(Instalment, eq("receivable", owed.id), order=("number",))


def _owed(note: CreditNote, read: Reads) -> Sequence[Instalment]:
    open_ = (eq("customer", note.customer), eq("settled", value=False))
    return read.find(Instalment, *open_, order=("due",))


def _named(portions: Sequence[Portion], read: Reads) -> Sequence[Instalment]:
    return _by_id([portion.instalment for portion in portions], read)


def _by_id(ids: Sequence[str], read: Reads) -> Sequence[Instalment]:
    return read.find(Instalment, is_in("id", sorted(set(ids)))) if ids else ()


def _receivables(instalments: Sequence[Instalment], read: Reads) -> Sequence[Receivable]:
    ids = sorted({part.receivable for part in instalments})
    return read.find(Receivable, is_in("id", ids)) if ids else ()


def _moved(done: Credited, read: Reads) -> list[Decision[Account]]:
    """Debts settled with what was on account, and prepayments made with it."""
    note, settled = done.note, done.adjusted.adjustments
    line = seek_account(read, note.customer, note.amount.currency)
    prepaid = Money.total((each.amount for each in settled), note.amount.currency) - done.credit
    moves = []
    if done.credit:
        moves.append(apply(line, done.credit, customer=note.customer, cause=note.id))
    if prepaid:
        moves.append(prepay(line, prepaid, customer=note.customer, cause=note.id))
    return moves


domain = Domain(
    name="crediting",
    handlers=(on_issue_credit_note, on_apply_credit_note, on_reverse_credit_note),
    rights={"finance": (IssueCreditNote, ApplyCreditNote, ReverseCreditNote), "erp": (IssueCreditNote,)},
)
