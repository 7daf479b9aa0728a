"""Money that is to be paid (回款提醒, XT-24): finance, requester and owner are reminded."""

from datetime import date
from zoneinfo import ZoneInfo

from pharmacrm.core.customers import Customer
from pharmacrm.core.engines.reminders import Recipient, ReminderKind, Standing
from pharmacrm.core.flows.timed.causes.cause import Cause, sellers
from pharmacrm.core.kernel.codec import money_text
from pharmacrm.core.kernel.message import Reads
from pharmacrm.core.kernel.query import eq
from pharmacrm.core.orders import SalesOrder
from pharmacrm.core.receivables import Instalment, Receivable


def _standing(instalment: Instalment, read: Reads) -> Standing | None:
    if instalment.settled:
        return None
    receivable = read.get(Receivable, instalment.receivable)
    order = read.seek(SalesOrder, receivable.order)
    customer = read.seek(Customer, receivable.customer)
    people = (order.requester if order else None, customer.owner if customer else None)
    return Standing(
        cause=instalment.id,
        subject=receivable.order,
        anchor=instalment.due,
        opened=instalment.opened_on,
        recipients=(Recipient(role="finance"), *sellers(read, people)),
        amount=money_text(instalment.open),
    )


def _opened(instalment: Instalment, _: ZoneInfo) -> date:
    return instalment.opened_on


INSTALMENTS = Cause(
    kind=ReminderKind.INSTALMENT,
    entity=Instalment,
    anchor="due",
    where=(eq("settled", value=False),),
    standing=_standing,
    opened=_opened,
)
