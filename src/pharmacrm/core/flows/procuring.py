"""What becomes of a purchase order: handed in, sent to the supplier, received, closed, cancelled."""

from datetime import date
from typing import Annotated

from attrs import frozen

from pharmacrm.core.credit.handlers import today
from pharmacrm.core.engines.revisions import (
    DOCUMENT_CONFLICT,
    DOCUMENT_EXISTS,
    NOT_YOURS_TO_CANCEL,
)
from pharmacrm.core.flows.handing import hand_in, take_back
from pharmacrm.core.flows.purchasing import purchase_document
from pharmacrm.core.flows.requests import Comment, NamedApprovers, named_approvers
from pharmacrm.core.flows.supplying import Supply, entitlement, read_supply
from pharmacrm.core.kernel.decision import Decision, accept, refuse
from pharmacrm.core.kernel.domain import Domain
from pharmacrm.core.kernel.message import Command, Reads
from pharmacrm.core.kernel.query import eq, is_in
from pharmacrm.core.kernel.reason import Reason
from pharmacrm.core.kernel.strict import Id, Limit, Note, OptionalId, strict
from pharmacrm.core.orders import (
    GoodsReceipt,
    GoodsReceiptLine,
    Lot,
    PurchaseLine,
    PurchaseOrder,
    PurchaseState,
    ReceivedItem,
)
from pharmacrm.core.orders.model import lot_id
from pharmacrm.core.orders.purchases.receiving import receive, received_lines
from pharmacrm.core.orders.purchases.states import LIFE, become, check_expected, order
from pharmacrm.core.values.document_kinds import DocumentKind

Purchase = tuple[PurchaseOrder, tuple[PurchaseLine, ...], Supply]


@frozen(kw_only=True, field_transformer=strict)
class SubmitPurchaseOrder(Command[PurchaseOrder]):
    """Hand a purchase order in for approval (提交采购审批): its requester, on the route that fits.

    The supplier has to be qualified for the goods on the day on which they are expected. `route` names a
    route, `named` are people for its `plugin` sources. One that was returned goes on in its request; one that
    was rejected opens a new one.
    """

    subject_field = "purchase"

    purchase: Id
    route: Annotated[str, Limit(64, empty=True)] = ""
    named: tuple[NamedApprovers, ...] = ()
    comment: Comment = ""


@frozen(kw_only=True, field_transformer=strict)
class SendPurchaseOrder(Command[PurchaseOrder]):
    """Say that an approved purchase order goes to its supplier (下单); the supplier is looked at again."""

    subject_field = "purchase"

    purchase: Id


@frozen(kw_only=True, field_transformer=strict)
class ReceiveGoods(Command[GoodsReceipt]):
    """Take in what arrived for a purchase order, lot by lot (收货); lots that are not known are registered.

    Never more arrives than was ordered and the tolerance allows, and never from a supplier who is not
    qualified today. `delivery_note` is the number of the supplier's (随货同行单号).
    """

    id: OptionalId = ""
    purchase: Id
    items: tuple[ReceivedItem, ...]
    delivery_note: Annotated[str, Limit(100, empty=True)] = ""


@frozen(kw_only=True, field_transformer=strict)
class ClosePurchaseOrder(Command[PurchaseOrder]):
    """Close a purchase order of which goods have arrived: the rest will not come (关闭采购订单)."""

    subject_field = "purchase"

    purchase: Id
    reason: Note = ""


@frozen(kw_only=True, field_transformer=strict)
class CancelPurchaseOrder(Command[PurchaseOrder]):
    """Cancel a purchase order before goods have arrived; a request that waits is withdrawn (取消采购订单)."""

    subject_field = "purchase"

    purchase: Id
    reason: Note = ""


@SubmitPurchaseOrder.handler
def on_submit_purchase_order(command: SubmitPurchaseOrder, read: Reads) -> Decision[PurchaseOrder]:
    """Load the purchase order with its lines and supplier, and everything that its route depends on."""
    purchase, lines, supply = _read(command.purchase, read)
    looked_at: Decision[PurchaseOrder] = accept(
        purchase,
        _fit(purchase, lines, supply, on=today(read)),
        LIFE.may_be_handed_in(purchase, by=read.actor, field="purchase"),
    )
    if looked_at.value is None:
        return looked_at
    document = purchase_document(purchase, lines, supply, named_approvers(command.named))
    request = hand_in(document, read, route=command.route, comment=command.comment)
    if request.value is None:
        return accept(None, looked_at, request)
    moved = become(purchase, LIFE.as_requested(request.value.state))
    return accept(moved.value, looked_at, request, moved)


@SendPurchaseOrder.handler
def on_send_purchase_order(command: SendPurchaseOrder, read: Reads) -> Decision[PurchaseOrder]:
    """Load the purchase order and its supplier as they are today."""
    purchase, lines, supply = _read(command.purchase, read)
    sent = order(purchase, on=read.on)
    return accept(sent.value, _fit(purchase, lines, supply, on=today(read)), sent)


@ReceiveGoods.handler
def on_receive_goods(command: ReceiveGoods, read: Reads) -> Decision[GoodsReceipt]:
    """Load the purchase order, the lots that are named, and the supplier; a receipt again is compared."""
    id = command.id or read.new_id()
    purchase, lines, supply = _read(command.purchase, read)
    receipt = GoodsReceipt(
        id=id,
        purchase=purchase.id,
        supplier=purchase.supplier,
        received_on=read.on,
        received_by=read.actor,
        delivery_note=command.delivery_note,
    )
    made = read.seek(GoodsReceipt, id) if command.id else None
    if made is not None:
        return _received_again(made, receipt, command, lines, read)
    products = {line.number: line.product for line in lines}
    ids = {lot_id(products[item.line], item.lot) for item in command.items if item.line in products}
    lots = {lot.id: lot for lot in read.find(Lot, is_in("id", sorted(ids)))}
    taken = [products[item.line] for item in command.items if item.line in products]
    return accept(
        receipt,
        entitlement(taken, supply, on=read.on, ordered_on=purchase.ordered_on or read.on),
        receive(purchase, lines, lots, command.items, receipt),
    )


@ClosePurchaseOrder.handler
def on_close_purchase_order(command: ClosePurchaseOrder, read: Reads) -> Decision[PurchaseOrder]:
    """Load the purchase order."""
    return become(read.get(PurchaseOrder, command.purchase), PurchaseState.CLOSED, reason=command.reason)


@CancelPurchaseOrder.handler
def on_cancel_purchase_order(command: CancelPurchaseOrder, read: Reads) -> Decision[PurchaseOrder]:
    """Load the purchase order and its request."""
    purchase = read.get(PurchaseOrder, command.purchase)
    mine = read.actor == purchase.requester or bool(read.roles & {"lead", "admin"})
    gone = become(purchase, PurchaseState.CANCELLED, reason=command.reason)
    return accept(
        gone.value,
        () if mine else NOT_YOURS_TO_CANCEL(purchase.id, field="purchase"),
        gone,
        take_back(purchase.id, DocumentKind.PURCHASE_ORDER, read),
    )


def _read(id: str, read: Reads) -> Purchase:
    purchase = read.get(PurchaseOrder, id)
    lines = tuple(read.find(PurchaseLine, eq("purchase", id), order=("number",)))
    return purchase, lines, read_supply(read, purchase.supplier, [line.product for line in lines])


def _fit(
    purchase: PurchaseOrder, lines: tuple[PurchaseLine, ...], supply: Supply, *, on: date
) -> tuple[Reason, ...]:
    """Whether the day lies ahead, and the supplier may supply on it."""
    products = [line.product for line in lines]
    allowed = entitlement(products, supply, on=max(on, purchase.expected_on), ordered_on=on)
    return (*check_expected(purchase, on=on), *allowed)


def _received_again(
    made: GoodsReceipt,
    receipt: GoodsReceipt,
    command: ReceiveGoods,
    lines: tuple[PurchaseLine, ...],
    read: Reads,
) -> Decision[GoodsReceipt]:
    """A goods receipt said again under its id: the same is the same, another is refused."""
    kept = read.find(GoodsReceiptLine, eq("receipt", made.id), order=("number",))
    head = (made.purchase, made.delivery_note) == (receipt.purchase, receipt.delivery_note)
    if head and tuple(kept) == received_lines(made.id, lines, command.items):
        return accept(made, DOCUMENT_EXISTS(made.id, field="id"))
    return refuse(DOCUMENT_CONFLICT(made.id, field="id"))


domain = Domain(
    name="procuring",
    handlers=(
        on_submit_purchase_order,
        on_send_purchase_order,
        on_receive_goods,
        on_close_purchase_order,
        on_cancel_purchase_order,
    ),
    rights={
        "purchasing": (SubmitPurchaseOrder, SendPurchaseOrder, ClosePurchaseOrder, CancelPurchaseOrder),
        "warehouse": (ReceiveGoods,),
        "lead": (ClosePurchaseOrder, CancelPurchaseOrder),
        "admin": (CancelPurchaseOrder,),
    },
)
