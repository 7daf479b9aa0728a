"""Placing and amending orders: the salesperson's step of the six (做订单, XT-04)."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated

from attrs import evolve, field, frozen
from attrs.converters import optional

from pharmacrm.core.credit import Reservation
from pharmacrm.core.credit.model import reservation_id
from pharmacrm.core.engines.holds import Hold, void_holds
from pharmacrm.core.flows.approvers import unit_of_actor
from pharmacrm.core.flows.contents import order_content
from pharmacrm.core.flows.lines import read_credit
from pharmacrm.core.flows.order_documents import hand_in_order
from pharmacrm.core.flows.paying import Agreed, agreed_terms
from pharmacrm.core.flows.prepayments import given_up, read_prepayments
from pharmacrm.core.flows.submission import Submission, submit
from pharmacrm.core.flows.trade import Trade, read_trade
from pharmacrm.core.kernel.dates import as_date
from pharmacrm.core.kernel.decision import Decision, accept, refuse, remove, tell
from pharmacrm.core.kernel.domain import Domain
from pharmacrm.core.kernel.message import Command, Reads
from pharmacrm.core.kernel.query import eq
from pharmacrm.core.kernel.reason import Reason, ReasonCode, Severity
from pharmacrm.core.kernel.record import Personal
from pharmacrm.core.kernel.strict import Id, Limit, Note, OptionalCurrency, OptionalId, strict
from pharmacrm.core.kernel.words import listed
from pharmacrm.core.orders import Line, OrderLine, OrderState, SalesOrder
from pharmacrm.core.orders.amounts import draft
from pharmacrm.core.orders.events import OrderAmended, OrderSubmitted
from pharmacrm.core.orders.model import DELIVERY
from pharmacrm.core.orders.states import may_become
from pharmacrm.core.orders.values import OrderHead
from pharmacrm.core.products import Product, pack_units
from pharmacrm.core.products.reasons import UNIT_UNKNOWN
from pharmacrm.core.values.address import Address, as_address
from pharmacrm.core.values.terms import PaymentTerms, as_terms
from pharmacrm.core.values.trade import PaymentMethod, SalesChannel

ID_EXISTS = ReasonCode(
    "id.exists",
    Severity.INFO,
    "order {subject} was placed before just so",
    "订单 {subject} 已按同样内容提交过",
)
ID_CONFLICT = ReasonCode(
    "id.conflict",
    Severity.BLOCK,
    "order {subject} exists already with another content",
    "订单 {subject} 已存在且内容不同",
    remedy="amend the order, or use another id",
)


NOT_YOURS = ReasonCode(
    "order.not_yours",
    Severity.BLOCK,
    "order {subject} can be amended by its requester only",
    "订单 {subject} 只能由提交人修改",
    remedy="cancel it and order anew",
)


@frozen(kw_only=True, field_transformer=strict)
class PlaceOrder(Command[SalesOrder]):
    """Hand in an order: `PlaceOrder(buyer="H-001", lines=(Line("AMX-500", 200, "0.0363"),), ...)`.

    Without `id` one is made; without `ship_on` it is wanted at once; without `currency` it is in the
    tenant's. `terms` is text such as `30% prepaid, rest net 60`; instead of it `term_set` names a set whose
    version of the day is taken (`PublishTerms`). `purchaser` names the buyer's letter of
    authorisation; `identified` says that a retail buyer's identity was checked and registered, as ephedrine
    compounds want it (R-30).
    """

    id: OptionalId = ""
    buyer: Id
    lines: tuple[Line, ...]
    consignee: Annotated[str, Limit(200, empty=True), Personal(DELIVERY)] = ""
    phone: Annotated[str, Limit(40, empty=True), Personal(DELIVERY)] = ""
    address: Annotated[Address | None, Personal(DELIVERY)] = field(
        default=None, converter=optional(as_address)
    )
    terms: PaymentTerms | None = field(default=None, converter=optional(as_terms))
    term_set: OptionalId = ""
    ship_on: date | None = field(default=None, converter=optional(as_date))
    channel: SalesChannel = SalesChannel.OFFLINE
    method: PaymentMethod = PaymentMethod.BANK_TRANSFER
    currency: OptionalCurrency = ""
    purchaser: OptionalId = ""
    prescription: Annotated[str, Limit(100, empty=True)] = ""
    identified: bool = False
    note: Note = ""


@frozen(kw_only=True, field_transformer=strict)
class AmendOrder(Command[SalesOrder]):
    """Give an order new contents before anything is shipped, or hand in a rejected one again.

    Every signature under the old contents becomes void and the release begins anew, unless the guards of its
    route say what a change leaves standing; buyer and currency stay, and so does the version of a term set
    that is named again.
    """

    subject_field = "order"

    order: Id
    lines: tuple[Line, ...]
    consignee: Annotated[str, Limit(200, empty=True), Personal(DELIVERY)] = ""
    phone: Annotated[str, Limit(40, empty=True), Personal(DELIVERY)] = ""
    address: Annotated[Address | None, Personal(DELIVERY)] = field(
        default=None, converter=optional(as_address)
    )
    terms: PaymentTerms | None = field(default=None, converter=optional(as_terms))
    term_set: OptionalId = ""
    ship_on: date | None = field(default=None, converter=optional(as_date))
    channel: SalesChannel = SalesChannel.OFFLINE
    method: PaymentMethod = PaymentMethod.BANK_TRANSFER
    purchaser: OptionalId = ""
    prescription: Annotated[str, Limit(100, empty=True)] = ""
    identified: bool = False
    note: Note = ""


@PlaceOrder.handler
def place_order(command: PlaceOrder, read: Reads) -> Decision[SalesOrder]:
    """Load what the submission depends on; an order that is there already is only compared."""
    id = command.id or read.new_id()
    placed = read.seek(SalesOrder, id) if command.id else None
    trade = read_trade(read, command.buyer, [line.product for line in command.lines])
    unit = placed.unit if placed else unit_of_actor(read)
    agreed = agreed_for(command, id, placed, read)
    if agreed.value is None:
        return refuse(*agreed.reasons)
    order, lines, unknown = drafted(
        command, trade, agreed.value, id=id, unit=unit, currency=command.currency, read=read
    )
    if placed is not None:
        return compared(placed, read.find(OrderLine, eq("order", id), order=("number",)), order, lines)
    if unknown:
        return refuse(*unknown)
    decision = submit(order, lines, around(read, order, lines, trade))
    if decision.value is None:
        return decision
    return accept(decision.value, decision, tell(OrderSubmitted(subject=order.id, buyer=order.buyer)))


@AmendOrder.handler
def amend_order(command: AmendOrder, read: Reads) -> Decision[SalesOrder]:
    """Load the order as it is, and what its new contents depend on."""
    old = read.get(SalesOrder, command.order)
    if read.actor != old.requester:
        return refuse(NOT_YOURS(old.id, field="order"), *may_become(old, OrderState.SUBMITTED))
    before = read.find(OrderLine, eq("order", old.id), order=("number",))
    trade = read_trade(read, old.buyer, [line.product for line in command.lines], quote=old.quote)
    agreed = agreed_for(command, old.id, old, read)
    if agreed.value is None:
        return refuse(*agreed.reasons)
    drafted_order, lines, unknown = drafted(
        command, trade, agreed.value, id=old.id, unit=old.unit, currency=old.total.currency, read=read
    )
    order = evolve(
        drafted_order,
        version=old.version,
        revision=old.revision + 1,
        requester=old.requester,
        ordered_on=old.ordered_on,
        quote=old.quote,
    )
    submitted = submit(order, lines, around(read, order, lines, trade)) if not unknown else refuse(*unknown)
    return accept(
        submitted.value,
        may_become(old, OrderState.SUBMITTED),
        replaced(read, old, before, lines),
        submitted,
        tell(OrderAmended(subject=old.id, buyer=old.buyer, revision=order.revision)),
    )


def replaced(
    read: Reads, old: SalesOrder, before: Sequence[OrderLine], lines: Sequence[OrderLine]
) -> Decision[None]:
    """End what stood under the old contents: holds, an unpaid prepayment, lines that are gone."""
    kept = {line.id for line in lines}
    return accept(
        None,
        void_holds(read.find(Hold, eq("subject", old.id))),
        given_up(read_prepayments(read, old.id), on=read.on),
        remove(*(line for line in before if line.id not in kept)),
    )


def around(read: Reads, order: SalesOrder, lines: Sequence[OrderLine], trade: Trade) -> Submission:
    """Read the credit of an order, and the route and the people that it waits for."""
    return Submission(
        trade=trade,
        credit=read_credit(read, order.buyer, order.total.currency),
        reservation=read.seek(Reservation, reservation_id(order.id)) if order.revision > 1 else None,
        opened=hand_in_order(order, lines, trade, read),
        by=read.actor,
        on=read.on,
        at=read.at,
    )


def agreed_for(
    command: PlaceOrder | AmendOrder, id: str, known: SalesOrder | None, read: Reads
) -> Decision[Agreed]:
    """The terms that a command means: those of a set are of the order's day, and stay of that version."""
    on, pinned = (known.ordered_on, known.term_version) if known else (read.on, "")
    return agreed_terms(id, command.terms, command.term_set, on=on, read=read, pinned=pinned)


def drafted(
    command: PlaceOrder | AmendOrder,
    trade: Trade,
    agreed: Agreed,
    *,
    id: str,
    unit: str | None,
    currency: str,
    read: Reads,
) -> tuple[SalesOrder, tuple[OrderLine, ...], tuple[Reason, ...]]:
    """The order that a command means, its lines in base units, and units that its products do not know."""
    sizes, unknown = sizes_of(command.lines, trade.products)
    head = OrderHead(
        id=id,
        buyer=trade.buyer.id,
        requester=read.actor,
        unit=unit,
        channel=command.channel,
        method=command.method,
        terms=agreed.terms,
        term_version=agreed.version,
        consignee=command.consignee,
        phone=command.phone,
        address=command.address,
        ordered_on=read.on,
        ship_on=command.ship_on or read.on,
        purchaser=command.purchaser,
        prescription=command.prescription,
        identified=command.identified,
        note=command.note,
    )
    order, lines = draft(head, command.lines, currency=currency or read.tenant.currency, sizes=sizes)
    return order, lines, unknown


def sizes_of(
    lines: Sequence[Line], products: Mapping[str, Product]
) -> tuple[tuple[int, ...], tuple[Reason, ...]]:
    """How many base units are in the unit of each line, and the units that its product does not know."""
    sizes: list[int] = []
    unknown: list[Reason] = []
    for place, line in enumerate(lines):
        product = products.get(line.product)
        units = {"": 1} if product is None else {"": 1, **pack_units(product)}
        if line.unit not in units and product is not None:
            known = listed(name for name in units if name)
            wrong = UNIT_UNKNOWN(product.id, field=f"lines[{place}].unit", observed=line.unit, expected=known)
            unknown.append(wrong)
        sizes.append(units.get(line.unit, 1))
    return tuple(sizes), tuple(unknown)


def compared(
    placed: SalesOrder, placed_lines: Sequence[OrderLine], order: SalesOrder, lines: Sequence[OrderLine]
) -> Decision[SalesOrder]:
    """An order placed again under its id: the same content is the same order, another content is refused."""
    same = evolve(order, revision=placed.revision, ordered_on=placed.ordered_on, requester=placed.requester)
    if placed.version and order_content(evolve(same, version=placed.version), lines) == order_content(
        placed, placed_lines
    ):
        return accept(placed, ID_EXISTS(placed.id, field="id"))
    return refuse(ID_CONFLICT(placed.id, field="id"))


domain = Domain(
    name="placing",
    handlers=(place_order, amend_order),
    reasons=(ID_EXISTS, ID_CONFLICT, NOT_YOURS),
    rights={"sales": (PlaceOrder, AmendOrder)},
)
