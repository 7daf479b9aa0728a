"""Returns undone at the door (撤销退货): slip, debt and credit are as if the goods had never come back."""

from typing import Annotated

from attrs import frozen

from pharmacrm.core.flows.crediting import reverse_note
from pharmacrm.core.kernel.decision import Decision, accept
from pharmacrm.core.kernel.domain import Domain
from pharmacrm.core.kernel.message import Command, Reads
from pharmacrm.core.kernel.query import eq
from pharmacrm.core.kernel.strict import Id, Limit, strict
from pharmacrm.core.orders import OutboundSlip, ReturnLine, ReturnOrder, SlipLine
from pharmacrm.core.orders.returns import undo_return
from pharmacrm.core.receivables import CreditNote
from pharmacrm.core.receivables.credit_notes import credit_note_id


@frozen(kw_only=True, field_transformer=strict)
class UndoReturn(Command[ReturnOrder]):
    """Undo a return that was taken down by mistake, while its goods are in quarantine (撤销退货).

    Its credit note is taken back: what it settled is owed again, wherever it was applied.
    """

    subject_field = "return_order"

    return_order: Id
    reason: Annotated[str, Limit(2000, multiline=True)]


@UndoReturn.handler
def on_undo_return(command: UndoReturn, read: Reads) -> Decision[ReturnOrder]:
    """Load the return with its slip, and its credit note, which goods for nothing have not."""
    back = read.get(ReturnOrder, command.return_order)
    slip = read.get(OutboundSlip, back.slip)
    done = undo_return(
        back,
        slip,
        read.find(ReturnLine, eq("return_order", back.id), order=("number",)),
        read.find(SlipLine, eq("slip", slip.id), order=("number",)),
        on=read.on,
        reason=command.reason,
    )
    note = read.seek(CreditNote, credit_note_id(back.id)) if done.changes else None
    return accept(done.value, done, reverse_note(note, command.reason, read) if note else ())


domain = Domain(
    name="undoing", handlers=(on_undo_return,), rights={"lead": (UndoReturn,), "finance": (UndoReturn,)}
)
