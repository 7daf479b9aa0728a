"""Goods out: the warehouse's signature on each slip, the debt it makes, and the arrival (XT-09, R-31)."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated

from attrs import field, frozen
from attrs.converters import optional

from pharmacrm.core.engines.approval.routes.following import Signing, follow_up
from pharmacrm.core.engines.approval.routes.model import ApprovalRequest
from pharmacrm.core.engines.holds import open_holds_block
from pharmacrm.core.flows.cases import stands_in_for
from pharmacrm.core.flows.contents import order_content, slip_content
from pharmacrm.core.flows.directory import actor_in
from pharmacrm.core.flows.order_cases import OrderCase, read_order_case
from pharmacrm.core.flows.order_checks import prepayment_arrived
from pharmacrm.core.flows.paying import paying_on
from pharmacrm.core.flows.redating import redated
from pharmacrm.core.flows.release import Digest
from pharmacrm.core.flows.slip_credit import slip_credit
from pharmacrm.core.flows.trade import lapsed_approvals, qualification, read_trade, sales_facts
from pharmacrm.core.kernel.calendar import WorkCalendar
from pharmacrm.core.kernel.dates import as_date
from pharmacrm.core.kernel.decision import Decision, accept, refuse
from pharmacrm.core.kernel.domain import Domain
from pharmacrm.core.kernel.message import Command, Question, Reads
from pharmacrm.core.kernel.query import eq, is_in, is_null, lt
from pharmacrm.core.kernel.reason import Reason, ReasonCode, Severity
from pharmacrm.core.kernel.record import Personal
from pharmacrm.core.kernel.strict import Id, Limit, OptionalCustomer, OptionalId, strict
from pharmacrm.core.orders import Lot, OutboundSlip, SlipItem
from pharmacrm.core.orders.delivery import check_delivery, confirm_delivery, overdue_deliveries
from pharmacrm.core.orders.model import DELIVERY, lot_id
from pharmacrm.core.orders.slips import issue
from pharmacrm.core.orders.values import SlipHead
from pharmacrm.core.receivables import Receivable
from pharmacrm.core.receivables.opening import open_credit
from pharmacrm.core.values.paying_days import PayingDays
from pharmacrm.core.values.schedule import fill_credit
from pharmacrm.core.values.terms import Baseline
from pharmacrm.core.values.timetable import timetable

SLIP_EXISTS = ReasonCode(
    "slip.exists",
    Severity.BLOCK,
    "slip {subject} exists already",
    "出库单 {subject} 已存在",
    remedy="use another id",
)


@frozen(kw_only=True, field_transformer=strict)
class IssueSlip(Command[OutboundSlip]):
    """Ship what was picked for a released order, and sign for it (填写出库单).

    `seen` is the digest of the order that the warehouse had in view.
    """

    subject_field = "order"

    order: Id
    items: tuple[SlipItem, ...]
    id: OptionalId = ""
    seen: Digest = ""


@frozen(kw_only=True, field_transformer=strict)
class ConfirmDelivery(Command[OutboundSlip]):
    """Say who received the goods of a slip and when (today, if not said); special drugs want it (R-31)."""

    subject_field = "slip"

    slip: Id
    received_by: Annotated[str, Limit(200, empty=True), Personal(DELIVERY)]
    on: date | None = field(default=None, converter=optional(as_date))


@frozen(kw_only=True, field_transformer=strict)
class OverdueDeliveries(Question[tuple[Reason, ...]]):
    """Slips of special drugs whose arrival nobody has confirmed in time (R-31), of one buyer or of all.

    A warning for each slip, the longest overdue first: the subject is the slip, `expected` its last day.
    """

    buyer: OptionalCustomer = ""


@IssueSlip.handler
def issue_slip(command: IssueSlip, read: Reads) -> Decision[OutboundSlip]:
    """Load the order with its signatures, the lots, the buyer's papers of today, and the credit."""
    id = command.id or read.new_id()
    if command.id and read.seek(OutboundSlip, id) is not None:
        return refuse(SLIP_EXISTS(id, field="id"))
    step = read_order_case(read, command.order)
    trade = read_trade(read, step.order.buyer, [line.product for line in step.lines])
    head = SlipHead(
        id=id, on=read.on, by=read.actor, digest=slip_content(id, step.case.request.content, command.items)
    )
    slip = issue(
        step.order, step.lines, _lots(command, step, read), command.items, head=head, facts=sales_facts(trade)
    )
    return accept(
        slip.value,
        slip,
        qualification(step.order, step.lines, trade, on=read.on),
        lapsed_approvals(step.lines, trade, on=read.on),
        prepayment_arrived(step.order, read),
        open_holds_block(step.holds),
        _signed(command, step, head, read),
        _owed(slip.value, step, read) if slip.value else (),
    )


def _lots(command: IssueSlip, step: OrderCase, read: Reads) -> Mapping[str, Lot]:
    products = {line.number: line.product for line in step.lines}
    ids = {lot_id(products[item.line], item.lot) for item in command.items if item.line in products}
    return {lot.id: lot for lot in read.find(Lot, is_in("id", sorted(ids)))}


def _signed(
    command: IssueSlip, step: OrderCase, head: SlipHead, read: Reads
) -> Decision[ApprovalRequest | None]:
    """The warehouse's own signature, by somebody who decided no step of this order.

    The route of the order says whose it is; one that wants none under its slips is shipped without.
    """
    case = step.case
    if not case.route.after:
        return accept(None)
    signed = Signing(
        step=case.route.after[0].name,
        document=head.id,
        content=head.digest,
        seen="" if command.seen == order_content(step.order, step.lines) else command.seen,
    )
    deputies = stands_in_for(read, case.request)
    return follow_up(case, actor_in(read, case.request.unit), signed, at=read.at, deputies=deputies)


def _owed(slip: OutboundSlip, step: OrderCase, read: Reads) -> Decision[Receivable | None]:
    """What the slip makes of the order's credit: a debt with its due dates."""
    order = step.order
    paying = paying_on(read, order.buyer, slip.issued_on, order.term_version)
    opened = opened_receivable(slip, step, read.calendar(), paying)
    return accept(opened.value, slip_credit(slip, step, read), opened)


def opened_receivable(
    slip: OutboundSlip, step: OrderCase, calendar: WorkCalendar, paying: PayingDays
) -> Decision[Receivable | None]:
    """The receivable of a slip's credit share, by the order's terms, dated by the slip."""
    order = step.order
    table = timetable(
        order.terms,
        anchor=slip.issued_on,
        calendar=calendar,
        dates={Baseline.ORDER: order.ordered_on, Baseline.DELIVERY: slip.issued_on},
        paying=paying,
    )
    planned = fill_credit(table, slip.credit, order_total=order.total, order_untaxed=order.net)
    return open_credit(
        slip.id, planned, order=order.id, customer=order.buyer, terms=order.terms, on=slip.issued_on
    )


@ConfirmDelivery.handler
def on_confirm_delivery(command: ConfirmDelivery, read: Reads) -> Decision[OutboundSlip]:
    """Load the slip, and what is owed for it: its due dates may count from the arrival."""
    slip, on = read.get(OutboundSlip, command.slip), command.on or read.on
    done = confirm_delivery(slip, command.received_by, on)
    return accept(done.value, done, redated(slip, Baseline.RECEIPT, on, read) if done.changes else ())


@OverdueDeliveries.handler
def on_overdue_deliveries(question: OverdueDeliveries, read: Reads) -> tuple[Reason, ...]:
    """Read the slips whose day has passed, by an index, the longest overdue first."""
    late = read.find(
        OutboundSlip,
        is_null("delivered_on"),
        lt("confirm_by", read.on),
        *((eq("buyer", question.buyer),) if question.buyer else ()),
    )
    return tuple(
        reason for slip in overdue_deliveries(late, on=read.on) for reason in check_delivery(slip, on=read.on)
    )


domain = Domain(
    name="shipping",
    handlers=(issue_slip, on_confirm_delivery, on_overdue_deliveries),
    reasons=(SLIP_EXISTS,),
    rights={
        "warehouse": (IssueSlip, ConfirmDelivery, OverdueDeliveries),
        "sales": (ConfirmDelivery, OverdueDeliveries),
        **dict.fromkeys(("lead", "quality", "admin", "auditor"), (OverdueDeliveries,)),
    },
)
