"""Costs of collection and interest (催收费用, 逾期利息): debts of their own beside the one that is late."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from attrs import field, frozen

from pharmacrm.core.credit.movements import charge
from pharmacrm.core.flows.lines import seek_account
from pharmacrm.core.kernel.dates import as_date
from pharmacrm.core.kernel.decision import Decision, accept, refuse
from pharmacrm.core.kernel.domain import Domain
from pharmacrm.core.kernel.message import Command, Reads
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.strict import Id, Limit, Ref, strict
from pharmacrm.core.receivables import Receivable, ReceivableKind
from pharmacrm.core.receivables.document_reasons import CHARGE_EXISTS
from pharmacrm.core.receivables.opening import open_charge
from pharmacrm.core.receivables.targets import as_positive


class ChargeKind(StrEnum):
    """What is charged: a cost of collection, or interest."""

    COST = "cost"
    INTEREST = "interest"

    @property
    def receivable(self) -> ReceivableKind:
        """The kind of receivable that it makes."""
        return ReceivableKind(self.value)


@frozen(kw_only=True, field_transformer=strict)
class RaiseCharge(Command[Receivable]):
    """Charge a cost of collection or interest on a receivable that is late; it is owed beside it.

    It stays owed when the debt itself is paid. `AllocateReceipt` can settle costs and interest first.
    """

    id: Id
    receivable: Ref
    kind: ChargeKind
    amount: Money = field(converter=as_positive)
    due: date = field(converter=as_date)
    reason: Annotated[str, Limit(2000, multiline=True)]


@RaiseCharge.handler
def on_raise_charge(command: RaiseCharge, read: Reads) -> Decision[Receivable]:
    """Load the receivable that is late, and the customer's credit line."""
    if read.seek(Receivable, command.id) is not None:
        return refuse(CHARGE_EXISTS(command.id, field="id"))
    principal = read.get(Receivable, command.receivable)
    opened = open_charge(
        command.id,
        principal,
        command.amount,
        kind=command.kind.receivable,
        on=read.on,
        due=command.due,
        note=command.reason,
    )
    if opened.value is None:
        return accept(None, opened)
    line = seek_account(read, principal.customer, command.amount.currency)
    booked = charge(line, command.amount, customer=principal.customer, cause=command.id)
    return accept(opened.value, opened, booked)


domain = Domain(name="charging", handlers=(on_raise_charge,), rights={"finance": (RaiseCharge,)})
