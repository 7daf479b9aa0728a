"""The release of an order: its votes as commands of their own, and what becomes of it as its request moves.

`ApproveOrder` and `RejectOrder` say what `Decide` says, in the words of the trade. Whichever way a request
moves (a vote, many votes, a lapse of time, an override, a withdrawal), the order follows in the same flush.
"""

from typing import Annotated, Any

from attrs import field, frozen

from pharmacrm.core.credit import Reservation
from pharmacrm.core.credit.model import reservation_id
from pharmacrm.core.credit.reservations import release as release_credit
from pharmacrm.core.engines.approval import CaseState
from pharmacrm.core.engines.approval.routes.deciding import Act, Statement
from pharmacrm.core.engines.approval.routes.model import ApprovalRequest
from pharmacrm.core.engines.approval.routes.signing import Proof
from pharmacrm.core.engines.holds import Hold, void_holds
from pharmacrm.core.flows.cases import read_case, said_of
from pharmacrm.core.flows.order_checks import active
from pharmacrm.core.flows.prepayments import given_up, read_prepayments
from pharmacrm.core.kernel.change import Save
from pharmacrm.core.kernel.decision import Decision, accept
from pharmacrm.core.kernel.domain import Domain
from pharmacrm.core.kernel.message import Command, Reads
from pharmacrm.core.kernel.query import eq
from pharmacrm.core.kernel.record import Personal
from pharmacrm.core.kernel.strict import Id, Limit, strict
from pharmacrm.core.orders import OrderState, SalesOrder
from pharmacrm.core.orders.states import reject, release, withdraw
from pharmacrm.core.values.document_kinds import DocumentKind

Comment = Annotated[str, Limit(2000, empty=True, multiline=True), Personal("approval trail")]
Stage = Annotated[str, Limit(48, empty=True)]
Digest = Annotated[str, Limit(64, empty=True)]


@frozen(kw_only=True, field_transformer=strict)
class ApproveOrder(Command[SalesOrder]):
    """Sign the step that an order waits for, or the one named; `seen` is the digest of what was in view.

    The same as `Decide(document=order, act="approve")`. Without `stage` the waiting step is meant, without
    `seen` the order as it stands. `InboxItem.content` is such a digest: hand it back, and a signature never
    counts for what changed meanwhile.
    """

    subject_field = "order"

    order: Id
    stage: Stage = ""
    seen: Digest = ""
    comment: Comment = ""
    signature: Proof = field(default="", repr=False)


@frozen(kw_only=True, field_transformer=strict)
class RejectOrder(Command[SalesOrder]):
    """Reject an order at the step that it waits for, with a reason: its credit is given back.

    The same as `Decide(document=order, act="reject")`. The comment is required. The requester may amend the
    order and hand it in again.
    """

    subject_field = "order"

    order: Id
    comment: Comment
    stage: Stage = ""
    seen: Digest = ""
    signature: Proof = field(default="", repr=False)


@ApproveOrder.handler
def approve_order(command: ApproveOrder, read: Reads) -> Decision[SalesOrder]:
    """Read the order and its request; the rest is read for every document in the same way."""
    return _said(command, Act.APPROVE, read)


@RejectOrder.handler
def reject_order(command: RejectOrder, read: Reads) -> Decision[SalesOrder]:
    """Read the order and its request; the rest is read for every document in the same way."""
    return _said(command, Act.REJECT, read)


def _said(command: ApproveOrder | RejectOrder, act: Act, read: Reads) -> Decision[SalesOrder]:
    order = read.get(SalesOrder, command.order)
    case = read_case(read, order.id, kind=DocumentKind.ORDER.value)
    said = Statement(
        act=act,
        step=command.stage,
        seen=command.seen,
        comment=command.comment,
        signature=command.signature,
    )
    return accept(order, said_of(case, said, read))


def follow_request(decision: Decision[Any], read: Reads) -> Decision[Any]:
    """Let each order follow its request; an order that its own command stores knows where it stands."""
    saved = [change.entity for change in decision.changes if isinstance(change, Save)]
    own = {entity.id for entity in saved if isinstance(entity, SalesOrder)}
    moved = [
        entity
        for entity in saved
        if isinstance(entity, ApprovalRequest)
        and entity.kind == DocumentKind.ORDER.value
        and entity.state in _ENDS
        and entity.subject not in own
    ]
    if not moved:
        return decision
    orders = [(read.get(SalesOrder, request.subject), request.state) for request in moved]
    waiting = [(order, state) for order, state in orders if order.state is OrderState.IN_APPROVAL]
    ended: dict[str, list[str]] = {}
    for order, state in waiting:
        if state is not CaseState.APPROVED:
            ended.setdefault(order.buyer, []).append(order.id)
    return accept(
        decision.value,
        decision,
        *(_ENDS[state](order) for order, state in waiting),
        *(_let_go(id, read) for ids in ended.values() for id in ids),
        *(given_up(read_prepayments(read, *ids), on=read.on) for ids in ended.values()),
    )


def _let_go(order: str, read: Reads) -> Decision[None]:
    """Give back what was held for an order that was rejected or taken back."""
    reservation = read.seek(Reservation, reservation_id(order))
    released = release_credit(reservation, cause=order) if active(reservation) else ()
    return accept(None, released, void_holds(read.find(Hold, eq("subject", order))))


_ENDS = {CaseState.APPROVED: release, CaseState.REJECTED: reject, CaseState.WITHDRAWN: withdraw}

domain = Domain(
    name="release",
    handlers=(approve_order, reject_order),
    rights=dict.fromkeys(("assistant", "dispatcher", "lead", "finance"), (ApproveOrder, RejectOrder)),
    following=(follow_request,),
)
