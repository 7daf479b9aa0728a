"""The release between submission and warehouse: qualification, pre-check, lead, finance (XT-05..08).

A person signs; the machine looks first. What it finds is kept with the signature, and nobody can sign away
what blocks.
"""

from collections.abc import Sequence
from typing import Annotated

from attrs import evolve, field, frozen

from pharmacrm.core.credit import Reservation, ReservationState
from pharmacrm.core.credit.model import reservation_id
from pharmacrm.core.credit.reservations import release as release_credit
from pharmacrm.core.engines.approval import (
    ApprovalCase,
    Ballot,
    CaseState,
    Evidence,
    SignOff,
    Verdict,
    decide,
    evidence,
)
from pharmacrm.core.engines.holds import Hold, open_holds_block, void_holds
from pharmacrm.core.flows.approvers import actor_for, holder_ids
from pharmacrm.core.flows.chains import chain_of
from pharmacrm.core.flows.contents import order_content
from pharmacrm.core.flows.lines import read_credit
from pharmacrm.core.flows.passing import informed
from pharmacrm.core.flows.prepayments import given_up, read_prepayments
from pharmacrm.core.flows.trade import Trade, catalogue, pricing, qualification, read_trade
from pharmacrm.core.kernel.decision import Decision, accept
from pharmacrm.core.kernel.domain import Domain
from pharmacrm.core.kernel.errors import NotFound
from pharmacrm.core.kernel.message import Command, Reads
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.query import eq
from pharmacrm.core.kernel.reason import Reason
from pharmacrm.core.kernel.record import Personal
from pharmacrm.core.kernel.strict import Id, Limit, strict
from pharmacrm.core.orders import OrderLine, SalesOrder
from pharmacrm.core.orders.amounts import credit_part
from pharmacrm.core.orders.checks import CheckItem, precheck
from pharmacrm.core.orders.states import reject, release
from pharmacrm.core.receivables import Instalment
from pharmacrm.core.receivables.gate import cleared_prepayment, payment_gate
from pharmacrm.core.receivables.opening import prepayment_id

Comment = Annotated[str, Limit(2000, empty=True, multiline=True), Personal("approval trail")]
Stage = Annotated[str, Limit(48, empty=True)]
Digest = Annotated[str, Limit(64, empty=True)]


@frozen(kw_only=True, field_transformer=strict)
class ApproveOrder(Command[SalesOrder]):
    """Sign the step that an order waits for, or the one named; `seen` is the digest of what was in view.

    Without `stage` the waiting step is meant, without `seen` the order as it stands. `InboxItem.content` is
    such a digest: hand it back, and a signature never counts for what changed meanwhile.
    """

    subject_field = "order"

    order: Id
    stage: Stage = ""
    seen: Digest = ""
    comment: Comment = ""


@frozen(kw_only=True, field_transformer=strict)
class RejectOrder(Command[SalesOrder]):
    """Reject an order at the step that it waits for, with a reason: its credit is given back.

    The comment is required. The requester may amend the order and hand it in again.
    """

    subject_field = "order"

    order: Id
    comment: Comment
    stage: Stage = ""
    seen: Digest = ""


@frozen(kw_only=True)
class Step:
    """An order at one of its steps: its contents, its round, its signatures and its holds."""

    order: SalesOrder
    lines: Sequence[OrderLine]
    case: ApprovalCase
    signed: Sequence[SignOff]
    holds: Sequence[Hold] = field(factory=tuple)


def read_step(read: Reads, order: str) -> Step:
    """Read an order with its newest round; an order without one is `NotFound`."""
    found = read.get(SalesOrder, order)
    rounds = read.find(ApprovalCase, eq("subject", order), order=("-round",), limit=1)
    if not rounds:
        raise NotFound("approval_case", order)
    return Step(
        order=found,
        lines=read.find(OrderLine, eq("order", order), order=("number",)),
        case=rounds[0],
        signed=read.find(SignOff, eq("case", rounds[0].id), order=("number",)),
        holds=read.find(Hold, eq("subject", order)),
    )


@ApproveOrder.handler
def approve_order(command: ApproveOrder, read: Reads) -> Decision[SalesOrder]:
    """Load what the machine looks at for the waiting step, and let the engine count the signature."""
    step = read_step(read, command.order)
    found, shown = looked_at(step, read)
    ballot = Ballot(
        verdict=Verdict.APPROVED,
        content=order_content(step.order, step.lines),
        seen=command.seen or None,
        stage=command.stage or None,
        comment=command.comment,
        evidence=shown,
    )
    return approved(step, signed(step, ballot, read), found)


@RejectOrder.handler
def reject_order(command: RejectOrder, read: Reads) -> Decision[SalesOrder]:
    """Load what the rejection ends: the round, the holds, the credit, the prepayment."""
    step = read_step(read, command.order)
    ballot = Ballot(
        verdict=Verdict.REJECTED,
        content=order_content(step.order, step.lines),
        seen=command.seen or None,
        stage=command.stage or None,
        comment=command.comment,
    )
    reservation = read.seek(Reservation, reservation_id(step.order.id))
    rejected = reject(step.order)
    return accept(
        evolve(step.order, state=rejected.value.state if rejected.value else step.order.state),
        signed(step, ballot, read),
        rejected,
        release_credit(reservation, cause=step.order.id) if active(reservation) else (),
        given_up(read_prepayments(read, step.order.id), on=read.on),
        void_holds(step.holds),
    )


def active(reservation: Reservation | None) -> bool:
    """Whether there is credit to give back."""
    return reservation is not None and reservation.state is ReservationState.ACTIVE


def signed(step: Step, ballot: Ballot, read: Reads) -> Decision[ApprovalCase]:
    """The engine's answer to a ballot of the actor."""
    chain = chain_of(step.case)
    return decide(
        chain,
        step.case,
        step.signed,
        actor_for(read, step.case),
        ballot,
        at=read.at,
        holders=holder_ids(read, chain, step.case),
    )


def approved(step: Step, decision: Decision[ApprovalCase], found: Sequence[Reason]) -> Decision[SalesOrder]:
    """An order after one more signature; with the last one it is released, if nothing holds it."""
    last = decision.value is not None and decision.value.state is CaseState.APPROVED
    released = release(step.order) if last else None
    return accept(
        released.value if released and released.value else step.order,
        decision,
        found,
        open_holds_block(step.holds),
        released or (),
    )


def looked_at(step: Step, read: Reads) -> tuple[tuple[Reason, ...], tuple[Evidence, ...]]:
    """What the machine finds for the waiting step: reasons, and the same as evidence to be kept."""
    match step.case.stage:
        case "qualification":
            trade = _trade(step, read)
            found = qualification(step.order, step.lines, trade, on=step.order.ship_on)
            return _shown(step, "qualification", trade.pack.name, found)
        case "precheck":
            return _shown(step, "precheck", "release_cn@1", _precheck(step, _trade(step, read), read))
        case "finance":
            found = (*pricing(step.order, step.lines, _trade(step, read), on=read.on), *_payment(step, read))
            return _shown(step, "payment", "release_cn@1", found)
        case _:
            return (), ()


def _trade(step: Step, read: Reads) -> Trade:
    return read_trade(read, step.order.buyer, [line.product for line in step.lines])


def _precheck(step: Step, trade: Trade, read: Reads) -> tuple[Reason, ...]:
    form = precheck(
        step.order,
        step.lines,
        on=read.on,
        found={
            CheckItem.PRODUCT: catalogue(step.lines, trade, on=step.order.ship_on),
            CheckItem.PRICE: pricing(step.order, step.lines, trade, on=read.on),
            CheckItem.CUSTOMER: qualification(step.order, step.lines, trade, on=step.order.ship_on),
        },
    )
    return form.reasons


def _payment(step: Step, read: Reads) -> tuple[Reason, ...]:
    """Whether the prepayment has arrived and the credit is reserved (到账审核)."""
    order = step.order
    reservation = read.seek(Reservation, reservation_id(order.id))
    held = (
        reservation.open
        if reservation is not None and active(reservation)
        else Money.zero(order.total.currency)
    )
    credit = credit_part(order)
    at_order = read_credit(read, order.buyer).rules.at_order
    return payment_gate(
        order.id,
        prepaid=order.total - credit,
        cleared=_prepaid(order, read),
        credit=credit if at_order else Money.zero(credit.currency),
        reserved=held,
    )


def prepayment_arrived(order: SalesOrder, read: Reads) -> tuple[Reason, ...]:
    """Whether what was prepaid when finance signed is still there as the goods go out."""
    prepaid = order.total - credit_part(order)
    if not prepaid:
        return ()
    nothing = Money.zero(order.total.currency)
    return payment_gate(
        order.id, prepaid=prepaid, cleared=_prepaid(order, read), credit=nothing, reserved=nothing
    )


def _prepaid(order: SalesOrder, read: Reads) -> Money:
    parts = read.find(Instalment, eq("receivable", prepayment_id(order.id, order.revision)))
    return cleared_prepayment(parts, order.total.currency)


def _shown(
    step: Step, check: str, version: str, found: Sequence[Reason]
) -> tuple[tuple[Reason, ...], tuple[Evidence, ...]]:
    weighed = informed(step.holds, step.order.revision, found)
    return weighed, (evidence(check, version, weighed),)


domain = Domain(
    name="release",
    handlers=(approve_order, reject_order),
    rights=dict.fromkeys(("assistant", "dispatcher", "lead", "finance"), (ApproveOrder, RejectOrder)),
)
