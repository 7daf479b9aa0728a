"""What becomes of a quote: handed in, sent, accepted or declined by the customer, cancelled."""

from typing import Annotated

from attrs import frozen

from pharmacrm.core.credit.handlers import today
from pharmacrm.core.engines.revisions import NOT_YOURS_TO_CANCEL
from pharmacrm.core.flows.handing import hand_in, take_back
from pharmacrm.core.flows.quoting import as_document
from pharmacrm.core.flows.requests import Comment, NamedApprovers, named_approvers
from pharmacrm.core.flows.trade import read_trade
from pharmacrm.core.kernel.decision import Decision, accept, refuse
from pharmacrm.core.kernel.domain import Domain
from pharmacrm.core.kernel.message import Command, Reads
from pharmacrm.core.kernel.query import eq
from pharmacrm.core.kernel.strict import Id, Limit, Note, strict
from pharmacrm.core.orders import Quote, QuoteLine, QuoteState
from pharmacrm.core.orders.quotes.states import LIFE, become, check_expired
from pharmacrm.core.values.document_kinds import DocumentKind


@frozen(kw_only=True, field_transformer=strict)
class SubmitQuote(Command[Quote]):
    """Hand a quote in for approval (提交报价单审批): its requester, on the route of quotes that fits.

    `route` names one, `named` are people for its `plugin` sources. A quote that was returned goes on in its
    request; one that was rejected opens a new one.
    """

    subject_field = "quote"

    quote: Id
    route: Annotated[str, Limit(64, empty=True)] = ""
    named: tuple[NamedApprovers, ...] = ()
    comment: Comment = ""


@frozen(kw_only=True, field_transformer=strict)
class SendQuote(Command[Quote]):
    """Say that an approved quote has gone to the customer (发送报价单)."""

    subject_field = "quote"

    quote: Id


@frozen(kw_only=True, field_transformer=strict)
class AcceptQuote(Command[Quote]):
    """Say that the customer accepts a quote that was sent, within its days (客户接受报价)."""

    subject_field = "quote"

    quote: Id
    note: Note = ""


@frozen(kw_only=True, field_transformer=strict)
class DeclineQuote(Command[Quote]):
    """Say that the customer declines a quote that was sent, and why (客户拒绝报价)."""

    subject_field = "quote"

    quote: Id
    reason: Annotated[str, Limit(2000, multiline=True)]


@frozen(kw_only=True, field_transformer=strict)
class CancelQuote(Command[Quote]):
    """Take a quote out of use before it becomes an order (取消报价单); a request that waits is withdrawn."""

    subject_field = "quote"

    quote: Id
    reason: Note = ""


@SubmitQuote.handler
def on_submit_quote(command: SubmitQuote, read: Reads) -> Decision[Quote]:
    """Load the quote with its lines, and everything that its route depends on."""
    quote = read.get(Quote, command.quote)
    lines = tuple(read.find(QuoteLine, eq("quote", quote.id), order=("number",)))
    wrong = (
        *check_expired(quote, on=today(read)),
        *LIFE.may_be_handed_in(quote, by=read.actor, field="quote"),
    )
    if wrong:
        return refuse(*wrong)
    trade = read_trade(read, quote.buyer, [line.product for line in lines])
    document = as_document(quote, lines, trade, named_approvers(command.named))
    request = hand_in(document, read, route=command.route, comment=command.comment)
    if request.value is None:
        return accept(None, request)
    moved = become(quote, LIFE.as_requested(request.value.state))
    return accept(moved.value, request, moved)


@SendQuote.handler
def on_send_quote(command: SendQuote, read: Reads) -> Decision[Quote]:
    """Load the quote."""
    quote = read.get(Quote, command.quote)
    sent = become(quote, QuoteState.SENT, sent_on=read.on)
    return accept(sent.value, check_expired(quote, on=today(read)), sent)


@AcceptQuote.handler
def on_accept_quote(command: AcceptQuote, read: Reads) -> Decision[Quote]:
    """Load the quote."""
    quote = read.get(Quote, command.quote)
    taken = become(quote, QuoteState.ACCEPTED, answered_on=read.on, answer=command.note)
    return accept(taken.value, check_expired(quote, on=today(read)), taken)


@DeclineQuote.handler
def on_decline_quote(command: DeclineQuote, read: Reads) -> Decision[Quote]:
    """Load the quote."""
    quote = read.get(Quote, command.quote)
    return become(quote, QuoteState.DECLINED, answered_on=read.on, answer=command.reason)


@CancelQuote.handler
def on_cancel_quote(command: CancelQuote, read: Reads) -> Decision[Quote]:
    """Load the quote and its request."""
    quote = read.get(Quote, command.quote)
    mine = read.actor == quote.requester or bool(read.roles & {"lead", "admin"})
    gone = become(quote, QuoteState.CANCELLED, answer=command.reason)
    return accept(
        gone.value,
        () if mine else NOT_YOURS_TO_CANCEL(quote.id, field="quote"),
        gone,
        take_back(quote.id, DocumentKind.QUOTE, read),
    )


domain = Domain(
    name="offering",
    handlers=(on_submit_quote, on_send_quote, on_accept_quote, on_decline_quote, on_cancel_quote),
    rights={
        "sales": (SubmitQuote, SendQuote, AcceptQuote, DeclineQuote, CancelQuote),
        "lead": (CancelQuote,),
        "admin": (CancelQuote,),
    },
)
