"""Quotes that have run out of their days: marked once, and told (报价过期)."""

from collections.abc import Iterator
from typing import Any

from attrs import frozen

from pharmacrm.core.credit.handlers import today
from pharmacrm.core.flows.handing import take_back
from pharmacrm.core.flows.timed.errands import Errand, Situation, pages
from pharmacrm.core.kernel.dates import local_date
from pharmacrm.core.kernel.decision import Decision, accept
from pharmacrm.core.kernel.lookup import Lookup
from pharmacrm.core.kernel.message import Command, Reads
from pharmacrm.core.kernel.query import is_in, lt
from pharmacrm.core.kernel.strict import Id, strict
from pharmacrm.core.orders import Quote
from pharmacrm.core.orders.quotes.states import EXPIRING, expire
from pharmacrm.core.values.document_kinds import DocumentKind


@frozen(kw_only=True, field_transformer=strict)
class ExpireQuote(Command[Quote]):
    """Mark a quote whose last day has passed, and withdraw what still waits for its approval.

    `crm.run_due()` does it, as the actor `system`, once for each quote; a revision with other days revives
    it. Conversion looks at the day itself and does not wait for this.
    """

    subject_field = "quote"

    quote: Id


@ExpireQuote.handler
def expire_quote(command: ExpireQuote, read: Reads) -> Decision[Quote]:
    """Read the quote as it is now; one that was revised or has ended meanwhile is left alone."""
    quote = read.get(Quote, command.quote)
    expired = expire(quote, on=today(read))
    return accept(
        expired.value, expired, take_back(quote.id, DocumentKind.QUOTE, read) if expired.changes else ()
    )


def expired_quotes(lookup: Lookup, now: Situation) -> Iterator[Command[Any]]:
    """The quotes that have run out and are not marked yet, the longest expired first."""
    day = local_date(now.at, now.tenant.tz)
    over = (lt("valid_until", day), is_in("state", EXPIRING))
    for found in pages(lookup, Quote, *over, order=("valid_until",)):
        yield from (ExpireQuote(quote=each.id) for each in found)


ERRAND = Errand(name="quotes", commands=expired_quotes)
