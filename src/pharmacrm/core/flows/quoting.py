"""Making quotes and revising them (报价, 报价修订): what is offered, and for how long."""

from datetime import date

from attrs import evolve, field, frozen
from attrs.converters import optional

from pharmacrm.core.engines.approval.routes.model import ApprovalRequest
from pharmacrm.core.engines.approval.routes.planning import Document
from pharmacrm.core.engines.revisions import (
    NOT_YOURS,
    UNCHANGED,
    Snapshot,
    made_again,
)
from pharmacrm.core.flows.approvers import unit_of_actor
from pharmacrm.core.flows.documents import follows
from pharmacrm.core.flows.handing import as_field, show_again
from pharmacrm.core.flows.paying import Agreed, agreed_terms
from pharmacrm.core.flows.placing import sizes_of
from pharmacrm.core.flows.requests import Comment, NamedApprovers, named_approvers
from pharmacrm.core.flows.revising import kept, revised
from pharmacrm.core.flows.trade import Trade, catalogue, pricing, qualification, read_trade
from pharmacrm.core.kernel.dates import as_date
from pharmacrm.core.kernel.decision import Decision, accept, refuse, save, tell
from pharmacrm.core.kernel.domain import Domain
from pharmacrm.core.kernel.message import Command, Reads
from pharmacrm.core.kernel.query import eq
from pharmacrm.core.kernel.reason import Reason, Severity
from pharmacrm.core.kernel.strict import Id, Note, OptionalCurrency, OptionalId, strict
from pharmacrm.core.orders import Line, OrderLine, Quote, QuoteLine, QuoteState, SalesOrder
from pharmacrm.core.orders.amounts import draft
from pharmacrm.core.orders.checks import check_lines
from pharmacrm.core.orders.quotes.drafting import Listed, quote_of
from pharmacrm.core.orders.quotes.events import QuoteDrafted, QuoteMoved, QuoteRevised
from pharmacrm.core.orders.quotes.model import snapshot_of
from pharmacrm.core.orders.quotes.states import LIFE, check_days, follow
from pharmacrm.core.orders.values import OrderHead
from pharmacrm.core.values.document_kinds import DocumentKind
from pharmacrm.core.values.terms import PaymentTerms, as_terms
from pharmacrm.core.values.trade import PaymentMethod, SalesChannel


@frozen(kw_only=True, field_transformer=strict)
class DraftQuote(Command[Quote]):
    """Offer a customer goods at prices, through a last day (制作报价单); nothing is handed in yet.

    Without `id` one is made; without `valid_from` it is valid at once; without `currency` it is in the
    tenant's. Instead of `terms`, `term_set` names a set whose version of the day is taken. A price off the
    list, or below its floor, is told to the route that approves the quote.
    """

    id: OptionalId = ""
    buyer: Id
    lines: tuple[Line, ...]
    terms: PaymentTerms | None = field(default=None, converter=optional(as_terms))
    term_set: OptionalId = ""
    valid_from: date | None = field(default=None, converter=optional(as_date))
    valid_until: date = field(converter=as_date)
    channel: SalesChannel = SalesChannel.OFFLINE
    method: PaymentMethod = PaymentMethod.BANK_TRANSFER
    currency: OptionalCurrency = ""
    note: Note = ""


@frozen(kw_only=True, field_transformer=strict)
class ReviseQuote(Command[Quote]):
    """Give a quote new contents: its next revision (报价修订); the earlier ones stay readable.

    Buyer and currency stay, a line of a product keeps its number, and a term set that is named again its
    version. One that is in approval, or has passed
    it, is shown to its route again, whose guards say which decisions the change takes back. Saying the same
    again makes no revision. `named` are people for `plugin` sources of the route.
    """

    subject_field = "quote"

    quote: Id
    lines: tuple[Line, ...]
    terms: PaymentTerms | None = field(default=None, converter=optional(as_terms))
    term_set: OptionalId = ""
    valid_from: date | None = field(default=None, converter=optional(as_date))
    valid_until: date = field(converter=as_date)
    channel: SalesChannel = SalesChannel.OFFLINE
    method: PaymentMethod = PaymentMethod.BANK_TRANSFER
    note: Note = ""
    named: tuple[NamedApprovers, ...] = ()
    comment: Comment = ""


@frozen(kw_only=True)
class Offer:
    """A quote as it would be, its lines, what it says, and everything that was found about it."""

    quote: Quote
    lines: tuple[QuoteLine, ...]
    found: tuple[Reason, ...]

    @property
    def snapshot(self) -> Snapshot:
        """What it says."""
        return snapshot_of(self.quote, self.lines)


@DraftQuote.handler
def on_draft_quote(command: DraftQuote, read: Reads) -> Decision[Quote]:
    """Load what the offer depends on; a quote that is there already is only compared."""
    id = command.id or read.new_id()
    made = read.seek(Quote, id) if command.id else None
    trade = read_trade(read, command.buyer, [line.product for line in command.lines])
    agreed = _agreed(command, id, made, read)
    if agreed.value is None:
        return refuse(*agreed.reasons)
    unit, on = (made.unit, made.quoted_on) if made else (unit_of_actor(read), read.on)
    head = _head(command, trade, agreed.value, id=id, by=read.actor, unit=unit, on=on)
    offer = _offered(command, head, trade, currency=command.currency or read.tenant.currency, on=on)
    if made is not None:
        return made_again(made, offer.quote)
    revision = kept(DocumentKind.QUOTE, id, 1, offer.snapshot, read)
    return accept(
        offer.quote,
        offer.found,
        save(offer.quote, *offer.lines, revision),
        tell(QuoteDrafted(subject=id, buyer=offer.quote.buyer)),
    )


@ReviseQuote.handler
def on_revise_quote(command: ReviseQuote, read: Reads) -> Decision[Quote]:
    """Load the quote as it is, what its new contents depend on, and where it stands in its approval."""
    old = read.get(Quote, command.quote)
    if read.actor != old.requester:
        return refuse(NOT_YOURS(old.id, field="quote"))
    before = read.find(QuoteLine, eq("quote", old.id), order=("number",))
    trade = read_trade(read, old.buyer, [line.product for line in command.lines])
    agreed = _agreed(command, old.id, old, read)
    if agreed.value is None:
        return refuse(*agreed.reasons)
    head = _head(command, trade, agreed.value, id=old.id, by=old.requester, unit=old.unit, on=old.quoted_on)
    offer = _offered(command, head, trade, currency=old.total.currency, on=read.on, old=old, before=before)
    if offer.quote.content == old.content:
        return accept(old, UNCHANGED(old.id, field="revision", observed=old.revision))
    document = as_document(offer.quote, offer.lines, trade, named_approvers(command.named))
    shown = show_again(document, read, comment=command.comment)
    return accept(*_revised(old, before, offer, shown, read), offer.found)


def _revised(
    old: Quote,
    before: list[QuoteLine],
    offer: Offer,
    shown: Decision[ApprovalRequest] | None,
    read: Reads,
) -> tuple[Quote, Decision[None], Decision[ApprovalRequest] | tuple[()], tuple[Reason, ...]]:
    """The next revision of a quote, where its route has it now, and whether it may be revised at all."""
    request = shown.value if shown else None
    state = LIFE.as_requested(request.state) if request else QuoteState.DRAFT
    quote = evolve(offer.quote, version=old.version, revision=old.revision + 1, state=state)
    moved = QuoteMoved(subject=old.id, buyer=old.buyer, state=state)
    changes: Decision[None] = accept(
        None,
        revised(DocumentKind.QUOTE, quote, offer.lines, before, offer.snapshot, read),
        tell(QuoteRevised(subject=old.id, buyer=old.buyer, revision=quote.revision)),
        tell(moved) if state is not old.state else (),
    )
    return quote, changes, shown or (), LIFE.may_become(old, state)


def as_document(
    quote: Quote, lines: tuple[QuoteLine, ...], trade: Trade, named: dict[str, tuple[str, ...]]
) -> Document:
    """A quote as the routes of quotes see it: the fields are those of `document_kinds.FIELDS`."""
    snapshot = snapshot_of(quote, lines)
    shown = {"buyer", "terms", "term_version", "valid_until", "net", "tax", "total"}
    deepest = max((line.discount for line in lines), default=0)
    return Document(
        subject=quote.id,
        kind=DocumentKind.QUOTE.value,
        requester=quote.requester,
        unit=quote.unit,
        amount=quote.total,
        content=quote.content,
        fields={
            "buyer": quote.buyer,
            "customer_kind": trade.buyer.kind.value,
            "terms": as_field(str(quote.terms)),
            "valid_until": quote.valid_until.isoformat(),
            "discount": f"{deepest // 100}.{deepest % 100:02d}",
            "below_floor": "true" if any(line.below_floor for line in lines) else "false",
            "lines": snapshot.part(),
            "other": snapshot.part({cell.field for cell in snapshot.head} - shown),
        },
        named=named,
    )


def _agreed(command: DraftQuote | ReviseQuote, id: str, known: Quote | None, read: Reads) -> Decision[Agreed]:
    """The terms that a command means: those of a set are of the quote's day, and stay of that version."""
    on, pinned = (known.quoted_on, known.term_version) if known else (read.on, "")
    return agreed_terms(id, command.terms, command.term_set, on=on, read=read, pinned=pinned)


def _head(
    command: DraftQuote | ReviseQuote,
    trade: Trade,
    agreed: Agreed,
    *,
    id: str,
    by: str,
    unit: str | None,
    on: date,
) -> OrderHead:
    """The head of the order that a quote would become."""
    return OrderHead(
        id=id,
        buyer=trade.buyer.id,
        requester=by,
        unit=unit,
        channel=command.channel,
        method=command.method,
        terms=agreed.terms,
        term_version=agreed.version,
        ordered_on=on,
        ship_on=on,
        note=command.note,
    )


def _offered(
    command: DraftQuote | ReviseQuote,
    head: OrderHead,
    trade: Trade,
    *,
    currency: str,
    on: date,
    old: Quote | None = None,
    before: list[QuoteLine] | None = None,
) -> Offer:
    """What a command offers, with everything that is found about it on a day."""
    sizes, unknown = sizes_of(command.lines, trade.products)
    order, lines = draft(head, command.lines, currency=currency, sizes=sizes)
    quote, parts = quote_of(
        order,
        lines,
        days=(command.valid_from or (old.valid_from if old else on), command.valid_until),
        listed={item.product: Listed(item.price_list, item.price, item.floor) for item in trade.prices},
        before=before or (),
        last_line=old.last_line if old else 0,
    )
    return Offer(
        quote=quote,
        lines=parts,
        found=(*unknown, *check_days(quote, on=on), *_told(order, lines, trade, on=on)),
    )


def _told(order: SalesOrder, lines: tuple[OrderLine, ...], trade: Trade, *, on: date) -> tuple[Reason, ...]:
    """What the order would meet: what only its approvers or its release decide, does not stop the offer."""
    return (
        *check_lines(order.id, lines),
        *catalogue(lines, trade, on=on),
        *(
            _softened(reason, Severity.APPROVE, Severity.INFO)
            for reason in pricing(order, lines, trade, on=on)
        ),
        *(
            _softened(reason, Severity.BLOCK, Severity.WARN)
            for reason in qualification(order, lines, trade, on=on)
        ),
    )


def _softened(reason: Reason, heavy: Severity, light: Severity) -> Reason:
    return reason.weighed(light) if reason.severity is heavy else reason


def settle(request: ApprovalRequest, read: Reads) -> Decision[Quote]:
    """A quote goes where its request went."""
    return follow(read.get(Quote, request.subject), request.state, request.content)


domain = Domain(
    name="quoting",
    handlers=(on_draft_quote, on_revise_quote),
    rights={"sales": (DraftQuote, ReviseQuote)},
    following=(follows(DocumentKind.QUOTE, settle, unless_moved=Quote),),
)
