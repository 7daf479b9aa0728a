"""Making purchase orders and revising them (采购订单): what is bought, and when it is expected."""

from collections.abc import Sequence
from datetime import date

from attrs import evolve, field, frozen
from attrs.converters import optional

from pharmacrm.core.engines.approval.routes.model import ApprovalRequest
from pharmacrm.core.engines.approval.routes.planning import Document
from pharmacrm.core.engines.revisions import (
    NOT_YOURS,
    UNCHANGED,
    made_again,
)
from pharmacrm.core.flows.approvers import unit_of_actor
from pharmacrm.core.flows.documents import follows
from pharmacrm.core.flows.handing import as_field, show_again
from pharmacrm.core.flows.paying import Agreed, agreed_terms
from pharmacrm.core.flows.placing import sizes_of
from pharmacrm.core.flows.requests import Comment, NamedApprovers, named_approvers
from pharmacrm.core.flows.revising import kept, revised
from pharmacrm.core.flows.supplying import Supply, entitlement, read_supply
from pharmacrm.core.flows.trade import catalogue
from pharmacrm.core.kernel.dates import as_date
from pharmacrm.core.kernel.decision import Decision, accept, refuse, save, tell
from pharmacrm.core.kernel.domain import Domain
from pharmacrm.core.kernel.message import Command, Reads
from pharmacrm.core.kernel.money import Money, Percentage, as_percentage
from pharmacrm.core.kernel.query import eq
from pharmacrm.core.kernel.reason import Reason, Severity
from pharmacrm.core.kernel.strict import Id, Note, OptionalCurrency, OptionalId, strict
from pharmacrm.core.orders import Line, OrderLine, PurchaseLine, PurchaseOrder, PurchaseState
from pharmacrm.core.orders.amounts import priced
from pharmacrm.core.orders.checks import check_lines
from pharmacrm.core.orders.purchases.events import PurchaseDrafted, PurchaseMoved, PurchaseRevised
from pharmacrm.core.orders.purchases.model import purchase_snapshot
from pharmacrm.core.orders.purchases.states import (
    LIFE,
    NO_TOLERANCE,
    check_expected,
    follow,
    with_lines,
)
from pharmacrm.core.values.document_kinds import DocumentKind
from pharmacrm.core.values.terms import PaymentTerms, as_terms
from pharmacrm.core.values.trade import SpecialControl


@frozen(kw_only=True, field_transformer=strict)
class DraftPurchaseOrder(Command[PurchaseOrder]):
    """Write down what is to be bought from a supplier, expected on a day (制作采购订单).

    Without `id` one is made; without `currency` it is in the tenant's. Instead of `terms`, `term_set` names a
    set whose version of the day is taken. Of each line `tolerance` more than was
    ordered may arrive (溢收比例), such as `2%`. Nothing is handed in yet: what the supplier lacks is a
    warning here, and refuses as it is handed in.
    """

    id: OptionalId = ""
    supplier: Id
    lines: tuple[Line, ...]
    terms: PaymentTerms | None = field(default=None, converter=optional(as_terms))
    term_set: OptionalId = ""
    expected_on: date = field(converter=as_date)
    tolerance: Percentage = field(default=NO_TOLERANCE, converter=as_percentage)
    currency: OptionalCurrency = ""
    note: Note = ""


@frozen(kw_only=True, field_transformer=strict)
class RevisePurchaseOrder(Command[PurchaseOrder]):
    """Give a purchase order new contents before goods have arrived: its next revision (采购订单变更).

    Supplier and currency stay, a line of a product keeps its number, and a term set that is named again its
    version. One that is in approval, or has
    passed it, is shown to its route again, whose guards say which decisions the change takes back; one that
    has gone to the supplier has to be sent again. Saying the same again makes no revision.
    """

    subject_field = "purchase"

    purchase: Id
    lines: tuple[Line, ...]
    terms: PaymentTerms | None = field(default=None, converter=optional(as_terms))
    term_set: OptionalId = ""
    expected_on: date = field(converter=as_date)
    tolerance: Percentage = field(default=NO_TOLERANCE, converter=as_percentage)
    note: Note = ""
    named: tuple[NamedApprovers, ...] = ()
    comment: Comment = ""


Lines = tuple[PurchaseLine, ...]


@DraftPurchaseOrder.handler
def on_draft_purchase_order(command: DraftPurchaseOrder, read: Reads) -> Decision[PurchaseOrder]:
    """Load what the purchase depends on; one that is there already is only compared."""
    id = command.id or read.new_id()
    made = read.seek(PurchaseOrder, id) if command.id else None
    supply = read_supply(read, command.supplier, [line.product for line in command.lines])
    agreed = _agreed(command, id, made, read)
    if agreed.value is None:
        return refuse(*agreed.reasons)
    nothing = Money.zero(command.currency or read.tenant.currency)
    head = PurchaseOrder(
        id=id,
        supplier=supply.supplier.id,
        requester=read.actor,
        unit=made.unit if made else unit_of_actor(read),
        terms=agreed.value.terms,
        term_version=agreed.value.version,
        made_on=made.made_on if made else read.on,
        expected_on=command.expected_on,
        tolerance=command.tolerance,
        net=nothing,
        tax=nothing,
        total=nothing,
        note=command.note,
    )
    purchase, lines, found = _wanted(head, command.lines, supply, (), on=read.on)
    if made is not None:
        return made_again(made, purchase)
    revision = kept(DocumentKind.PURCHASE_ORDER, id, 1, purchase_snapshot(purchase, lines), read)
    event = PurchaseDrafted(subject=id, supplier=purchase.supplier)
    return accept(purchase, found, save(purchase, *lines, revision), tell(event))


@RevisePurchaseOrder.handler
def on_revise_purchase_order(command: RevisePurchaseOrder, read: Reads) -> Decision[PurchaseOrder]:
    """Load the purchase order as it is, what its new contents depend on, and where its approval stands."""
    old = read.get(PurchaseOrder, command.purchase)
    if read.actor != old.requester:
        return refuse(NOT_YOURS(old.id, field="purchase"))
    before = read.find(PurchaseLine, eq("purchase", old.id), order=("number",))
    supply = read_supply(read, old.supplier, [line.product for line in command.lines])
    agreed = _agreed(command, old.id, old, read)
    if agreed.value is None:
        return refuse(*agreed.reasons)
    head = evolve(
        old,
        revision=old.revision + 1,
        terms=agreed.value.terms,
        term_version=agreed.value.version,
        expected_on=command.expected_on,
        tolerance=command.tolerance,
        note=command.note,
        ordered_on=None,
        reason="",
    )
    fresh, lines, found = _wanted(head, command.lines, supply, before, on=read.on)
    if fresh.content == old.content:
        return accept(old, UNCHANGED(old.id, field="revision", observed=old.revision))
    snapshot = purchase_snapshot(fresh, lines)
    document = purchase_document(fresh, lines, supply, named_approvers(command.named))
    shown = show_again(document, read, comment=command.comment)
    state = LIFE.as_requested(shown.value.state) if shown and shown.value else PurchaseState.DRAFT
    purchase = evolve(fresh, state=state)
    moved = PurchaseMoved(subject=old.id, supplier=old.supplier, state=state)
    return accept(
        purchase,
        LIFE.may_become(old, state),
        found,
        shown or (),
        revised(DocumentKind.PURCHASE_ORDER, purchase, lines, before, snapshot, read),
        tell(PurchaseRevised(subject=old.id, supplier=old.supplier, revision=purchase.revision)),
        tell(moved) if state is not old.state else (),
    )


def _agreed(
    command: DraftPurchaseOrder | RevisePurchaseOrder, id: str, known: PurchaseOrder | None, read: Reads
) -> Decision[Agreed]:
    """The terms that a command means: those of a set are of the day it was made, and stay of that version."""
    on, pinned = (known.made_on, known.term_version) if known else (read.on, "")
    return agreed_terms(id, command.terms, command.term_set, on=on, read=read, pinned=pinned)


def purchase_document(
    purchase: PurchaseOrder, lines: Lines, supply: Supply, named: dict[str, tuple[str, ...]]
) -> Document:
    """A purchase order as its routes see it: the fields are those of `document_kinds.FIELDS`."""
    snapshot = purchase_snapshot(purchase, lines)
    shown = {"supplier", "terms", "term_version", "expected_on", "net", "tax", "total"}
    controls = {supply.products[line.product].special for line in lines if line.product in supply.products}
    return Document(
        subject=purchase.id,
        kind=DocumentKind.PURCHASE_ORDER.value,
        requester=purchase.requester,
        unit=purchase.unit,
        amount=purchase.total,
        content=purchase.content,
        fields={
            "supplier": purchase.supplier,
            "terms": as_field(str(purchase.terms)),
            "expected_on": purchase.expected_on.isoformat(),
            "special": "true" if controls - {SpecialControl.NONE} else "false",
            "lines": snapshot.part(),
            "other": snapshot.part({cell.field for cell in snapshot.head} - shown),
        },
        named=named,
    )


def _wanted(
    head: PurchaseOrder,
    wanted: Sequence[Line],
    supply: Supply,
    before: Sequence[PurchaseLine],
    *,
    on: date,
) -> tuple[PurchaseOrder, Lines, tuple[Reason, ...]]:
    """The purchase order that is wanted, its lines, and everything that is found about it on a day."""
    sizes, unknown = sizes_of(wanted, supply.products)
    parts = priced(head.id, wanted, currency=head.total.currency, sizes=sizes)
    purchase, lines = with_lines(head, parts, before=before)
    return purchase, lines, (*unknown, *_told(purchase, parts, supply, on=on))


def _told(
    purchase: PurchaseOrder, lines: Sequence[OrderLine], supply: Supply, *, on: date
) -> tuple[Reason, ...]:
    products = [line.product for line in lines]
    lacking = entitlement(products, supply, on=purchase.expected_on, ordered_on=on)
    return (
        *check_lines(purchase.id, lines),
        *check_expected(purchase, on=on),
        *catalogue(lines, supply, on=purchase.expected_on),
        *(one.weighed(Severity.WARN) if one.severity is Severity.BLOCK else one for one in lacking),
    )


def settle(request: ApprovalRequest, read: Reads) -> Decision[PurchaseOrder]:
    """A purchase order goes where its request went."""
    return follow(read.get(PurchaseOrder, request.subject), request.state, request.content)


domain = Domain(
    name="purchasing",
    handlers=(on_draft_purchase_order, on_revise_purchase_order),
    rights={"purchasing": (DraftPurchaseOrder, RevisePurchaseOrder)},
    following=(follows(DocumentKind.PURCHASE_ORDER, settle, unless_moved=PurchaseOrder),),
)
