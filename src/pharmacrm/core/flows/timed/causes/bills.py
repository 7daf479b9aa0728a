"""Bank acceptance bills in hand that mature (票据到期提醒): finance has to present them to the bank."""

from datetime import date
from zoneinfo import ZoneInfo

from pharmacrm.core.engines.reminders import Recipient, ReminderKind, Standing
from pharmacrm.core.flows.timed.causes.cause import Cause
from pharmacrm.core.kernel.codec import money_text
from pharmacrm.core.kernel.message import Reads
from pharmacrm.core.kernel.query import eq
from pharmacrm.core.receivables import BankBill, BillState


def _standing(bill: BankBill, _: Reads) -> Standing | None:
    """Nobody is reminded of a bill that was paid, passed on or not honoured."""
    if bill.state is not BillState.HELD:
        return None
    return Standing(
        cause=bill.id,
        subject=bill.id,
        anchor=bill.matures_on,
        opened=bill.received_on,
        recipients=(Recipient(role="finance"),),
        amount=money_text(bill.amount),
    )


def _opened(bill: BankBill, _: ZoneInfo) -> date:
    return bill.received_on


BILLS = Cause(
    kind=ReminderKind.BILL,
    entity=BankBill,
    anchor="matures_on",
    where=(eq("state", BillState.HELD),),
    standing=_standing,
    opened=_opened,
)
