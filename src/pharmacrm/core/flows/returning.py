"""Goods back (退货): the slip, the debt and the customer's credit in one step; credit is never in the way."""

from collections.abc import Iterable, Mapping
from typing import Annotated

from attrs import frozen

from pharmacrm.core.credit.movements import pay, take
from pharmacrm.core.flows.after import After
from pharmacrm.core.flows.lines import seek_account
from pharmacrm.core.kernel.decision import Decision, accept
from pharmacrm.core.kernel.domain import Domain
from pharmacrm.core.kernel.message import Command, Reads
from pharmacrm.core.kernel.money import Money, Percentage
from pharmacrm.core.kernel.query import eq
from pharmacrm.core.kernel.strict import Id, Limit, OptionalId, strict
from pharmacrm.core.orders import (
    OrderLine,
    OutboundSlip,
    ReturnCause,
    ReturnItem,
    ReturnLine,
    ReturnOrder,
    ReturnVerdict,
    SlipLine,
)
from pharmacrm.core.orders.returns import (
    ReturnHead,
    accept_return,
    inspect_return,
    return_again,
    returned_amount,
)
from pharmacrm.core.receivables import CreditNote, CreditNoteKind, Instalment, Receivable
from pharmacrm.core.receivables.credit_notes import (
    Credited,
    credit_note_id,
    issue_credit_note,
    return_credit,
)
from pharmacrm.core.receivables.opening import credit_id
from pharmacrm.core.values.taxes import shared_taxes


@frozen(kw_only=True, field_transformer=strict)
class AcceptReturn(Command[ReturnOrder]):
    """Take goods of a slip back into quarantine, and credit them to the customer (退货).

    At most what was shipped of each lot and has not come back; the same return again changes nothing. The
    credit note, `{id}/credit-note`, lowers what is open of the slip first; the rest is on account.
    """

    id: OptionalId = ""
    slip: Id
    items: tuple[ReturnItem, ...]
    cause: ReturnCause
    note: Annotated[str, Limit(2000, empty=True, multiline=True)] = ""


@frozen(kw_only=True, field_transformer=strict)
class InspectReturn(Command[ReturnOrder]):
    """Let returned goods out of quarantine: fit to be sold again, or not (退货验收)."""

    subject_field = "return_order"

    return_order: Id
    verdict: ReturnVerdict
    comment: Annotated[str, Limit(2000, empty=True, multiline=True)] = ""


@AcceptReturn.handler
def on_accept_return(command: AcceptReturn, read: Reads) -> Decision[ReturnOrder]:
    """Load the slip with its lines, what is owed for it and what was credited, and the credit line."""
    id = command.id or read.new_id()
    known = read.seek(ReturnOrder, id) if command.id else None
    if known is not None:
        parts = read.find(ReturnLine, eq("return_order", known.id))
        return return_again(known, parts, command.slip, command.items, command.cause)
    slip = read.get(OutboundSlip, command.slip)
    lines = read.find(SlipLine, eq("slip", slip.id), order=("number",))
    head = ReturnHead(id=id, on=read.on, by=read.actor, cause=command.cause, note=command.note)
    back = accept_return(slip, lines, command.items, head=head)
    if back.value is None:
        return back
    goods = _rated(slip, lines, After(read, back.changes).saved(ReturnLine), read)
    return accept(back.value, back, _credited(slip, lines, back.value, goods, read))


@InspectReturn.handler
def on_inspect_return(command: InspectReturn, read: Reads) -> Decision[ReturnOrder]:
    """Load the return."""
    back = read.get(ReturnOrder, command.return_order)
    return inspect_return(back, command.verdict, on=read.on, comment=command.comment)


def _rated(
    slip: OutboundSlip, lines: Iterable[SlipLine], came: Iterable[ReturnLine], read: Reads
) -> dict[Percentage, Money]:
    """What came back by its tax rate, which is that of the order's line."""
    ordered = {line.number: line.order_line for line in lines}
    rates = {line.number: line.tax_rate for line in read.find(OrderLine, eq("order", slip.order))}
    found: dict[Percentage, Money] = {}
    for part in came:
        rate = rates[ordered[part.slip_line]]
        found[rate] = found.get(rate, Money.zero(part.amount.currency)) + part.amount
    return found


def _credited(
    slip: OutboundSlip,
    lines: list[SlipLine],
    back: ReturnOrder,
    goods: Mapping[Percentage, Money],
    read: Reads,
) -> Decision[Credited]:
    """The credit note of a return, and what it does to the customer's credit; goods for nothing have none."""
    instalments = read.find(Instalment, eq("receivable", credit_id(slip.id)), order=("number",))
    returned = returned_amount(lines, slip.amount.currency) + back.amount
    amount = return_credit(
        slip.amount, returned, instalments, read.find(CreditNote, eq("slip", slip.id), order=("id",))
    )
    if not amount:
        return accept(None)
    note = CreditNote(
        id=credit_note_id(back.id),
        kind=CreditNoteKind.RETURN,
        customer=slip.buyer,
        slip=slip.id,
        return_order=back.id,
        amount=amount,
        applied=Money.zero(amount.currency),
        refunded=Money.zero(amount.currency),
        issued_on=back.accepted_on,
        reason=back.cause.value,
        taxes=shared_taxes(amount, goods),
    )
    owed = read.seek(Receivable, credit_id(slip.id))
    return credited(issue_credit_note(note, [owed] if owed else [], instalments), read)


def credited(issued: Decision[Credited], read: Reads) -> Decision[Credited]:
    """A credit note that was issued, with what it settles and what it leaves on account."""
    if issued.value is None:
        return issued
    note = issued.value.note
    line = seek_account(read, note.customer, note.amount.currency)
    paid = pay(line, issued.value.credit, customer=note.customer, cause=note.id)
    known = paid.value if paid.changes else line
    rest = take(known, note.open, customer=note.customer, cause=note.id)
    return accept(issued.value, issued, paid, rest)


domain = Domain(
    name="returning",
    handlers=(on_accept_return, on_inspect_return),
    rights={"warehouse": (AcceptReturn,), "erp": (AcceptReturn,), "quality": (InspectReturn,)},
)
