"""Overrides at the door (信用特批): asked for by who requested the order, granted by a route, revoked."""

from datetime import date
from typing import Annotated, Final

from attrs import field, frozen
from attrs.converters import optional

from pharmacrm.core.credit import CreditOverride, OverrideState
from pharmacrm.core.credit.handlers import today
from pharmacrm.core.credit.override_reasons import (
    OVERRIDE_EXISTS,
    OVERRIDE_ORDER_ENDED,
    OVERRIDE_OTHERS,
    OVERRIDE_ROUTE,
)
from pharmacrm.core.credit.overrides import end_override, grant_override, request_override
from pharmacrm.core.engines.approval import CaseState
from pharmacrm.core.engines.approval.routes.model import ApprovalRequest
from pharmacrm.core.engines.approval.routes.planning import Document
from pharmacrm.core.flows.contents import order_content
from pharmacrm.core.flows.documents import follows, open_request
from pharmacrm.core.flows.exposure import OPEN
from pharmacrm.core.flows.rechecking import still_needed
from pharmacrm.core.flows.routing import route_of
from pharmacrm.core.kernel.dates import add_days, as_date
from pharmacrm.core.kernel.decision import Decision, accept, refuse, touch
from pharmacrm.core.kernel.domain import Domain
from pharmacrm.core.kernel.message import Command, Reads
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.query import eq
from pharmacrm.core.kernel.strict import Id, Limit, OptionalId, strict
from pharmacrm.core.orders import OrderLine, SalesOrder
from pharmacrm.core.receivables.targets import as_positive
from pharmacrm.core.values.document_kinds import DocumentKind

LASTS: Final = 30
"""Days for which an override is good if its request names no last day."""

WAITING: Final = frozenset({CaseState.PENDING, CaseState.RETURNED})

Why = Annotated[str, Limit(2000, multiline=True)]


@frozen(kw_only=True, field_transformer=strict)
class RequestOverride(Command[CreditOverride]):
    """Ask for credit that an order lacks (申请信用特批), on the route for `credit_override` or the one named.

    Only whoever requested the order asks, and never grants it. It is for the order as it stands: another
    content wants another override. Without `amount` it is for what the order still needs, without
    `expires_on` it is good for 30 days. Once granted, `RecheckCredit` lets the order through.
    """

    subject_field = "order"

    order: Id
    id: OptionalId = ""
    amount: Money | None = field(default=None, converter=optional(as_positive))
    expires_on: date | None = field(default=None, converter=optional(as_date))
    route: Annotated[str, Limit(48, empty=True)] = ""
    reason: Why


@frozen(kw_only=True, field_transformer=strict)
class RevokeOverride(Command[CreditOverride]):
    """Take an override back (撤销特批), with a reason; credit that it has let through stays reserved."""

    subject_field = "override"

    override: Id
    reason: Why


@RequestOverride.handler
def on_request_override(command: RequestOverride, read: Reads) -> Decision[CreditOverride]:
    """Load the order with its lines, and the routes of its override."""
    id = command.id or read.new_id()
    order = read.get(SalesOrder, command.order)
    if command.id and read.seek(CreditOverride, id) is not None:
        return refuse(OVERRIDE_EXISTS(id, field="id"))
    if read.actor != order.requester:
        return refuse(
            OVERRIDE_OTHERS(order.id, field="requester", observed=read.actor, expected=order.requester)
        )
    if order.state not in OPEN:
        return refuse(OVERRIDE_ORDER_ENDED(order.id, field="state", observed=order.state))
    lines = read.find(OrderLine, eq("order", order.id))
    on = today(read)
    asked = CreditOverride(
        id=id,
        order=order.id,
        customer=order.buyer,
        content=order_content(order, lines),
        amount=command.amount or still_needed(order, lines),
        expires_on=command.expires_on or add_days(on, LASTS),
        requested_by=read.actor,
        requested_on=on,
        reason=command.reason,
    )
    requested = request_override(asked, on=on)
    if requested.value is None:
        return requested
    opened = open_request(_document(asked, order), read, route=command.route, comment=command.reason)
    if opened.value is not None and _by_themselves(opened.value, read):
        return refuse(OVERRIDE_ROUTE(id, field="route", observed=opened.value.route))
    return accept(asked, requested, opened, touch(order))


@RevokeOverride.handler
def on_revoke_override(command: RevokeOverride, read: Reads) -> Decision[CreditOverride]:
    """Load the override; a request that is still under way comes to nothing."""
    override = read.get(CreditOverride, command.override)
    return end_override(override, OverrideState.REVOKED, note=command.reason)


def settle(request: ApprovalRequest, read: Reads) -> Decision[None]:
    """Let an override follow its request: granted, rejected, or asked for still."""
    override = read.seek(CreditOverride, request.subject)
    if override is None or override.state is not OverrideState.REQUESTED:
        return Decision()
    if request.state is CaseState.APPROVED and not _by_themselves(request, read):
        return accept(None, grant_override(override, on=today(read)))
    if request.state in WAITING:
        return Decision()
    return accept(None, end_override(override, OverrideState.REJECTED))


def _by_themselves(request: ApprovalRequest, read: Reads) -> bool:
    """Whether the route lets a requester decide their own document: no override is granted so."""
    return route_of(request, read).requester_may_decide


def _document(override: CreditOverride, order: SalesOrder) -> Document:
    """The override as a route sees it: its requester is the order's, who decides nothing of it."""
    return Document(
        subject=override.id,
        kind=DocumentKind.CREDIT_OVERRIDE,
        requester=order.requester,
        unit=order.unit,
        amount=override.amount,
        content=override.signed,
    )


domain = Domain(
    name="overriding",
    handlers=(on_request_override, on_revoke_override),
    following=(follows(DocumentKind.CREDIT_OVERRIDE, settle),),
    rights={
        **dict.fromkeys(("sales", "assistant"), (RequestOverride,)),
        **dict.fromkeys(("lead", "finance"), (RequestOverride, RevokeOverride)),
    },
)
