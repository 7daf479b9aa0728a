"""Due dates that count from what happens after the slip (票到付款, 货到付款, 验收付款, 对账付款).

A slip is owed from the day on which it leaves; where its terms count from an event to come, its due dates are
assumed with a warning. When the event happens, what is open gets the dates that the terms mean.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from enum import Enum

from attrs import frozen

from pharmacrm.core.flows.paying import paying_on
from pharmacrm.core.flows.rescheduling import claims_on, still_blocked
from pharmacrm.core.kernel.decision import Decision, accept
from pharmacrm.core.kernel.message import Reads
from pharmacrm.core.kernel.query import eq, is_in
from pharmacrm.core.orders import OutboundSlip, SalesOrder
from pharmacrm.core.receivables import (
    Instalment,
    InvoiceLine,
    Receivable,
    Rescheduling,
    SalesInvoice,
)
from pharmacrm.core.receivables.opening import credit_id
from pharmacrm.core.receivables.rescheduling import Agreement, less, open_of, reschedule
from pharmacrm.core.values.schedule import Plan, fill_credit
from pharmacrm.core.values.terms import Baseline
from pharmacrm.core.values.timetable import timetable


class Fate(Enum):
    """What a new day of an event does to a debt."""

    UNTOUCHED = "its terms do not count from it"
    SETTLED = "nothing is open"
    AGREED = "somebody has agreed on other dates"
    DATED = "what is open gets new due dates"


@frozen(kw_only=True)
class Debt:
    """What is owed for a slip, with all its instalments, and how its due dates have moved."""

    slip: OutboundSlip
    receivable: Receivable
    instalments: Sequence[Instalment]
    moved: Sequence[Rescheduling]

    @property
    def agreed(self) -> bool:
        """Whether somebody agreed on due dates."""
        return any(not each.id.startswith(_prefix(self.slip)) for each in self.moved)


def redated(slip: OutboundSlip, event: Baseline, on: date, read: Reads) -> Decision[None]:
    """Give what is open of a slip the due dates that its terms count from an event, known from now on.

    Nothing changes where the terms do not count from it, where nothing is open, and where somebody has agreed
    on other dates (`RescheduleDebt`): an agreement stays.
    """
    debt = debt_of(slip, read)
    if debt is None or fate_of(debt, event) is not Fate.DATED:
        return accept(None)
    new = _plan(debt, {**_known(slip, read), event: on}, read)
    if _same(new, debt.instalments):
        return accept(None)
    head = Agreement(
        id=_next_id(debt, event),
        on=read.on,
        reason=f"{event.value} of {on.isoformat()}",
        agreed=False,
    )
    done = reschedule(head, debt.receivable, debt.instalments, new, claims_on(debt.receivable, read))
    return accept(None, done, still_blocked(done.value, debt.instalments, read))


def fate_of(debt: Debt, event: Baseline) -> Fate:
    """Say what a new day of an event does to a debt; terms may count from the end of its month."""
    if not any(anchor.event is event for anchor in debt.receivable.terms.anchors):
        return Fate.UNTOUCHED
    if not open_of(debt.instalments, debt.receivable.amount.currency):
        return Fate.SETTLED
    return Fate.AGREED if debt.agreed else Fate.DATED


def debt_of(slip: OutboundSlip, read: Reads) -> Debt | None:
    """Read what is owed for a slip; nothing for one that was prepaid."""
    owed = read.seek(Receivable, credit_id(slip.id))
    if owed is None:
        return None
    return Debt(
        slip=slip,
        receivable=owed,
        instalments=read.find(Instalment, eq("receivable", owed.id), order=("number",)),
        moved=read.find(Rescheduling, eq("receivable", owed.id)),
    )


def _next_id(debt: Debt, event: Baseline) -> str:
    """The event's own name; a number stands after it where its day was corrected."""
    first = f"{_prefix(debt.slip)}{event.value}"
    before = sum(each.id == first or each.id.startswith(f"{first}/") for each in debt.moved)
    return f"{first}/{before + 1}" if before else first


def _prefix(slip: OutboundSlip) -> str:
    return f"{slip.id}/dates/"


def _known(slip: OutboundSlip, read: Reads) -> dict[Baseline, date]:
    """The days of what has happened to a slip: it left, arrived, was accepted, stated, and first invoiced."""
    happened = {
        Baseline.DELIVERY: slip.issued_on,
        Baseline.RECEIPT: slip.delivered_on,
        Baseline.ACCEPTANCE: slip.accepted_on,
        Baseline.STATEMENT: slip.stated_on,
        Baseline.INVOICE: first_invoiced(slip, read),
    }
    return {event: day for event, day in happened.items() if day is not None}


def first_invoiced(slip: OutboundSlip, read: Reads) -> date | None:
    """The day of the first invoice of a slip, red letters left aside; None if it has none."""
    ids = {line.invoice for line in read.find(InvoiceLine, eq("slip", slip.id))}
    invoices = read.find(SalesInvoice, is_in("id", sorted(ids))) if ids else []
    return min((each.issued_on for each in invoices if not each.red_of), default=None)


def _plan(debt: Debt, known: Mapping[Baseline, date], read: Reads) -> Plan:
    order = read.get(SalesOrder, debt.slip.order)
    table = timetable(
        debt.receivable.terms,
        anchor=debt.slip.issued_on,
        calendar=read.calendar(),
        dates={Baseline.ORDER: order.ordered_on, **known},
        paying=paying_on(read, order.buyer, debt.slip.issued_on, order.term_version),
    )
    whole = fill_credit(table, debt.receivable.amount, order_total=order.total, order_untaxed=order.net)
    return less(whole, open_of(debt.instalments, debt.receivable.amount.currency))


def _same(new: Plan, instalments: Iterable[Instalment]) -> bool:
    """Whether what is open is due so already."""
    held = sorted((part.due, part.open.minor) for part in instalments if part.open)
    return held == sorted((part.due, part.amount.minor) for part in new.instalments)
