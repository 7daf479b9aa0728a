"""From a quote to its order (报价转订单): once, with the same lines, through all that an order meets."""

from datetime import date
from typing import Annotated

from attrs import field, frozen
from attrs.converters import optional

from pharmacrm.core.credit.handlers import today
from pharmacrm.core.flows.placing import around
from pharmacrm.core.flows.submission import submit
from pharmacrm.core.flows.trade import read_trade
from pharmacrm.core.kernel.dates import as_date
from pharmacrm.core.kernel.decision import Decision, accept, refuse, tell
from pharmacrm.core.kernel.domain import Domain
from pharmacrm.core.kernel.message import Command, Reads
from pharmacrm.core.kernel.query import eq
from pharmacrm.core.kernel.record import Personal
from pharmacrm.core.kernel.strict import Id, Limit, Note, OptionalId, strict
from pharmacrm.core.orders import OrderLine, Quote, QuoteLine, QuoteState, SalesOrder
from pharmacrm.core.orders.amounts import draft
from pharmacrm.core.orders.events import OrderSubmitted
from pharmacrm.core.orders.model import DELIVERY
from pharmacrm.core.orders.quotes.drafting import as_lines
from pharmacrm.core.orders.quotes.reasons import ORDER_TAKEN, QUOTE_CONVERTED, QUOTE_ORDERED
from pharmacrm.core.orders.quotes.states import convert
from pharmacrm.core.orders.values import OrderHead
from pharmacrm.core.values.address import Address, as_address


@frozen(kw_only=True, field_transformer=strict)
class ConvertQuote(Command[SalesOrder]):
    """Make the order of an approved quote (报价转订单), within its days, and hand it in.

    Lines, prices, terms, channel and currency are the quote's; where the goods go is said here. The order
    meets everything that any order meets: qualification, credit, prices off the list, its own release. A
    quote becomes one order: converting it again gives that one. `id` is the order's; without it one is made.
    """

    subject_field = "quote"

    quote: Id
    id: OptionalId = ""
    consignee: Annotated[str, Limit(200, empty=True), Personal(DELIVERY)] = ""
    phone: Annotated[str, Limit(40, empty=True), Personal(DELIVERY)] = ""
    address: Annotated[Address | None, Personal(DELIVERY)] = field(
        default=None, converter=optional(as_address)
    )
    ship_on: date | None = field(default=None, converter=optional(as_date))
    purchaser: OptionalId = ""
    prescription: Annotated[str, Limit(100, empty=True)] = ""
    identified: bool = False
    note: Note = ""


@ConvertQuote.handler
def on_convert_quote(command: ConvertQuote, read: Reads) -> Decision[SalesOrder]:
    """Load the quote, and what its order depends on; one that is converted already is only looked up."""
    quote = read.get(Quote, command.quote)
    if quote.state is QuoteState.CONVERTED:
        return _again(quote, command, read)
    id = command.id or read.new_id()
    converted = convert(quote, id, on=today(read))
    taken = command.id and read.seek(SalesOrder, id) is not None
    if converted.value is None or taken:
        found = (ORDER_TAKEN(quote.id, field="id", observed=id),) if taken else ()
        return refuse(*converted.reasons, *found)
    order, lines = _ordered(quote, command, id, read)
    trade = read_trade(read, quote.buyer, [line.product for line in lines], quote=quote.id)
    placed = submit(order, lines, around(read, order, lines, trade))
    event = OrderSubmitted(subject=order.id, buyer=order.buyer)
    return accept(placed.value, placed, converted, tell(event))


def _again(quote: Quote, command: ConvertQuote, read: Reads) -> Decision[SalesOrder]:
    if command.id not in {"", quote.order}:
        return refuse(QUOTE_ORDERED(quote.id, field="id", observed=quote.order, expected=command.id))
    order = read.get(SalesOrder, quote.order)
    return accept(order, QUOTE_CONVERTED(quote.id, field="order", observed=quote.order))


def _ordered(
    quote: Quote, command: ConvertQuote, id: str, read: Reads
) -> tuple[SalesOrder, tuple[OrderLine, ...]]:
    """The order that a quote becomes: its amounts are computed again, and are the same."""
    lines, sizes = as_lines(read.find(QuoteLine, eq("quote", quote.id), order=("number",)))
    head = OrderHead(
        id=id,
        buyer=quote.buyer,
        requester=read.actor,
        unit=quote.unit,
        channel=quote.channel,
        method=quote.method,
        terms=quote.terms,
        term_version=quote.term_version,
        consignee=command.consignee,
        phone=command.phone,
        address=command.address,
        ordered_on=read.on,
        ship_on=command.ship_on or read.on,
        purchaser=command.purchaser,
        prescription=command.prescription,
        identified=command.identified,
        note=command.note or quote.note,
        quote=quote.id,
    )
    return draft(head, lines, currency=quote.total.currency, sizes=sizes)


domain = Domain(name="converting", handlers=(on_convert_quote,), rights={"sales": (ConvertQuote,)})
