"""Acceptance and statement at the door (客户验收, 对账): what counts from them gets its due dates."""

from datetime import date
from typing import Annotated

from attrs import field, frozen
from attrs.converters import optional

from pharmacrm.core.customers import Customer
from pharmacrm.core.flows.redating import redated
from pharmacrm.core.kernel.dates import as_date
from pharmacrm.core.kernel.decision import Decision, accept, refuse
from pharmacrm.core.kernel.domain import Domain
from pharmacrm.core.kernel.message import Command, Reads
from pharmacrm.core.kernel.query import eq, is_null, le
from pharmacrm.core.kernel.record import Personal
from pharmacrm.core.kernel.strict import Id, Limit, strict
from pharmacrm.core.orders import OutboundSlip
from pharmacrm.core.orders.acceptance import AgreedStatement, confirm_acceptance, state_account
from pharmacrm.core.orders.model import DELIVERY
from pharmacrm.core.orders.reasons import STATEMENT_EXISTS
from pharmacrm.core.values.terms import Baseline


@frozen(kw_only=True, field_transformer=strict)
class ConfirmAcceptance(Command[OutboundSlip]):
    """Say who accepted the goods of a slip after looking at them, and when; today, if not said (客户验收)."""

    subject_field = "slip"

    slip: Id
    accepted_by: Annotated[str, Limit(200), Personal(DELIVERY)]
    on: date | None = field(default=None, converter=optional(as_date))


@frozen(kw_only=True, field_transformer=strict)
class StateAccount(Command[AgreedStatement]):
    """Record that a customer has agreed to a statement of account of a day, today if not said (对账).

    In it are the slips named, or else all of the customer through that day that no statement has yet.
    """

    id: Id
    customer: Id
    on: date | None = field(default=None, converter=optional(as_date))
    slips: tuple[Id, ...] = ()


@ConfirmAcceptance.handler
def on_confirm_acceptance(command: ConfirmAcceptance, read: Reads) -> Decision[OutboundSlip]:
    """Load the slip, and what is owed for it: its due dates may count from the acceptance."""
    slip, on = read.get(OutboundSlip, command.slip), command.on or read.on
    done = confirm_acceptance(slip, command.accepted_by, on, today=read.on)
    return accept(done.value, done, redated(slip, Baseline.ACCEPTANCE, on, read) if done.changes else ())


@StateAccount.handler
def on_state_account(command: StateAccount, read: Reads) -> Decision[AgreedStatement]:
    """Load the slips, and what is owed for them: their due dates may count from the statement."""
    customer, on = read.get(Customer, command.customer), command.on or read.on
    if read.seek(AgreedStatement, command.id) is not None:
        return refuse(STATEMENT_EXISTS(command.id, field="id"))
    slips = _slips(command, on, read)
    done = state_account(command.id, customer.id, slips, on=on, today=read.on)
    if done.value is None:
        return done
    return accept(done.value, done, *(redated(slip, Baseline.STATEMENT, on, read) for slip in slips))


def _slips(command: StateAccount, on: date, read: Reads) -> list[OutboundSlip]:
    if command.slips:
        return [read.get(OutboundSlip, id) for id in sorted(set(command.slips))]
    return read.find(
        OutboundSlip,
        eq("buyer", command.customer),
        is_null("stated_on"),
        le("issued_on", on),
        order=("issued_on",),
    )


domain = Domain(
    name="accepting",
    handlers=(on_confirm_acceptance, on_state_account),
    rights={
        "warehouse": (ConfirmAcceptance,),
        "sales": (ConfirmAcceptance,),
        "finance": (ConfirmAcceptance, StateAccount),
    },
)
