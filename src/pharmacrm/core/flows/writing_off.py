"""Small differences given up, and wanted again (尾差核减): the debt and the payer's credit move together."""

from typing import Annotated

from attrs import field, frozen

from pharmacrm.core.credit.movements import pay, reverse
from pharmacrm.core.flows.lines import seek_account
from pharmacrm.core.kernel.decision import Decision, accept, refuse
from pharmacrm.core.kernel.domain import Domain
from pharmacrm.core.kernel.message import Command, Reads
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.query import eq
from pharmacrm.core.kernel.strict import Id, Limit, Ref, strict
from pharmacrm.core.receivables import Adjustment, Instalment, Receivable, WriteOff, WriteOffCap
from pharmacrm.core.receivables.adjustments import Portion
from pharmacrm.core.receivables.document_reasons import WRITE_OFF_EXISTS
from pharmacrm.core.receivables.targets import as_not_negative, as_positive
from pharmacrm.core.receivables.write_offs import reverse_write_off, set_cap, write_off

Why = Annotated[str, Limit(2000, multiline=True)]


@frozen(kw_only=True, field_transformer=strict)
class SetWriteOffCap(Command[WriteOffCap]):
    """Set up to what finance may write off of one receivable by itself, in the currency of the amount.

    0 means that every write-off waits for a lead, as it does where no cap was set.
    """

    subject_field = ""

    amount: Money = field(converter=as_not_negative)
    reason: Why


@frozen(kw_only=True, field_transformer=strict)
class WriteOffDifference(Command[WriteOff]):
    """Give up a small difference of an instalment (尾差核减); over the cap it waits for a lead."""

    id: Id
    instalment: Ref
    amount: Money = field(converter=as_positive)
    reason: Why


@frozen(kw_only=True, field_transformer=strict)
class ReverseWriteOff(Command[WriteOff]):
    """Take a write-off back: the difference is owed again."""

    subject_field = "write_off"

    write_off: Id
    reason: Why


@SetWriteOffCap.handler
def on_set_write_off_cap(command: SetWriteOffCap, read: Reads) -> Decision[WriteOffCap]:
    """Load the cap of the currency."""
    return set_cap(read.seek(WriteOffCap, command.amount.currency), command.amount, reason=command.reason)


@WriteOffDifference.handler
def on_write_off(command: WriteOffDifference, read: Reads) -> Decision[WriteOff]:
    """Load the receivable of the instalment, the cap, and the customer's credit line."""
    if read.seek(WriteOff, command.id) is not None:
        return refuse(WRITE_OFF_EXISTS(command.id, field="id"))
    part = read.get(Instalment, command.instalment)
    done = write_off(
        command.id,
        read.get(Receivable, part.receivable),
        read.find(Instalment, eq("receivable", part.receivable), order=("number",)),
        Portion(command.instalment, command.amount),
        read.seek(WriteOffCap, command.amount.currency),
        on=read.on,
        reason=command.reason,
    )
    owed = done.value is not None and part.kind.on_credit
    line = seek_account(read, part.customer, part.amount.currency)
    paid = pay(line, command.amount, customer=part.customer, cause=command.id) if owed else ()
    return accept(done.value, done, paid)


@ReverseWriteOff.handler
def on_reverse_write_off(command: ReverseWriteOff, read: Reads) -> Decision[WriteOff]:
    """Load the write-off with what it lowered."""
    old = read.get(WriteOff, command.write_off)
    part = read.get(Instalment, old.instalment)
    done = reverse_write_off(
        old,
        read.get(Receivable, old.receivable),
        [part],
        read.find(Adjustment, eq("document", old.id)),
        on=read.on,
        reason=command.reason,
    )
    if not done.changes or not part.kind.on_credit:
        return done
    owed = reverse(
        seek_account(read, old.customer, old.amount.currency),
        paid=old.amount,
        unapplied=Money.zero(old.amount.currency),
        customer=old.customer,
        cause=old.id,
        reason=command.reason,
    )
    return accept(done.value, done, owed)


domain = Domain(
    name="writing_off",
    handlers=(on_set_write_off_cap, on_write_off, on_reverse_write_off),
    rights={
        "finance": (WriteOffDifference, ReverseWriteOff),
        "lead": (SetWriteOffCap,),
        "admin": (SetWriteOffCap,),
    },
)
