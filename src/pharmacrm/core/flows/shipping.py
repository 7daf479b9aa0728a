"""Goods out: the warehouse's signature on each slip, the debt it makes, and the arrival (XT-09, R-31)."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated

from attrs import field, frozen
from attrs.converters import optional

from pharmacrm.core.engines.approval import Ballot, SignOff, Verdict, sign_extra
from pharmacrm.core.engines.holds import open_holds_block
from pharmacrm.core.flows.approvers import actor_for
from pharmacrm.core.flows.chains import WAREHOUSE, chain_of
from pharmacrm.core.flows.contents import order_content, slip_content
from pharmacrm.core.flows.paying import paying_on
from pharmacrm.core.flows.redating import redated
from pharmacrm.core.flows.release import Digest, Step, prepayment_arrived, read_step
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
from pharmacrm.core.kernel.strict import Id, Limit, OptionalId, strict
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

    buyer: OptionalId = ""


@IssueSlip.handler
def issue_slip(command: IssueSlip, read: Reads) -> Decision[OutboundSlip]:
    """Load the order with its signatures, the lots, the buyer's papers of today, and the credit."""
    id = command.id or read.new_id()
    if command.id and read.seek(OutboundSlip, id) is not None:
        return refuse(SLIP_EXISTS(id, field="id"))
    step = read_step(read, command.order)
    trade = read_trade(read, step.order.buyer, [line.product for line in step.lines])
    head = SlipHead(
        id=id, on=read.on, by=read.actor, digest=slip_content(id, step.case.content, command.items)
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


def _lots(command: IssueSlip, step: Step, read: Reads) -> Mapping[str, Lot]:
    products = {line.number: line.product for line in step.lines}
    ids = {lot_id(products[item.line], item.lot) for item in command.items if item.line in products}
    return {lot.id: lot for lot in read.find(Lot, is_in("id", sorted(ids)))}


def _signed(command: IssueSlip, step: Step, head: SlipHead, read: Reads) -> Decision[SignOff]:
    """The warehouse's own signature, by somebody who signed no other step of this order."""
    chain = chain_of(step.case)
    stage = next(each for each in chain.after if each.name == WAREHOUSE)
    seen = command.seen or None
    content = order_content(step.order, step.lines)
    ballot = Ballot(
        verdict=Verdict.APPROVED,
        content=head.digest,
        seen=head.digest if seen is None or seen == content else seen,
        stage=WAREHOUSE,
    )
    person = actor_for(read, step.case, stage)
    return sign_extra(chain, step.case, step.signed, person, ballot, subject=head.id, at=read.at)


def _owed(slip: OutboundSlip, step: Step, read: Reads) -> Decision[Receivable | None]:
    """What the slip makes of the order's credit: a debt with its due dates."""
    order = step.order
    paying = paying_on(read, order.buyer, slip.issued_on, order.term_version)
    opened = opened_receivable(slip, step, read.calendar(), paying)
    return accept(opened.value, slip_credit(slip, step, read), opened)


def opened_receivable(
    slip: OutboundSlip, step: Step, calendar: WorkCalendar, paying: PayingDays
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
