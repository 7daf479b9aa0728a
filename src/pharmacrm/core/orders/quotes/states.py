"""The states of a quote and the ways between them: one table, and the steps that use it.

What a quote says may be revised until it has become an order or was cancelled; then it stays as it is.
"""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any, Final

from attrs import evolve

from pharmacrm.core.engines.approval.model import CaseState
from pharmacrm.core.engines.revisions import Life
from pharmacrm.core.kernel.decision import Decision, accept, save, tell
from pharmacrm.core.kernel.reason import Reason
from pharmacrm.core.orders.quotes.events import QuoteConverted, QuoteMoved
from pharmacrm.core.orders.quotes.model import Quote, QuoteState
from pharmacrm.core.orders.quotes.reasons import (
    QUOTE_DATES,
    QUOTE_EARLY,
    QUOTE_EXPIRED,
    QUOTE_NOT_APPROVED,
)

_S = QuoteState
_ENDS = frozenset({_S.CANCELLED, _S.EXPIRED})
_REVISED = frozenset({_S.DRAFT, _S.IN_APPROVAL, _S.APPROVED})
"""What a quote is after a revision: shown to its route again, or a draft where it is on none."""

TRANSITIONS: Final[Mapping[QuoteState, frozenset[QuoteState]]] = MappingProxyType(
    {
        _S.DRAFT: _REVISED | _ENDS,
        _S.IN_APPROVAL: _REVISED | {_S.REJECTED} | _ENDS,
        _S.APPROVED: _REVISED | {_S.SENT, _S.CONVERTED} | _ENDS,
        _S.REJECTED: _REVISED | {_S.CANCELLED},
        _S.SENT: _REVISED | {_S.ACCEPTED, _S.DECLINED, _S.CONVERTED} | _ENDS,
        _S.ACCEPTED: _REVISED | {_S.CONVERTED} | _ENDS,
        _S.DECLINED: _REVISED | {_S.CANCELLED},
        _S.EXPIRED: _REVISED | {_S.CANCELLED},
        _S.CONVERTED: frozenset(),
        _S.CANCELLED: frozenset(),
    }
)
"""Where a quote may go from where it stands."""

EXPIRING: Final = tuple(state for state in QuoteState if _S.EXPIRED in TRANSITIONS[state])
"""The states in which a quote can run out of its days."""

APPROVED: Final = frozenset({_S.APPROVED, _S.SENT, _S.ACCEPTED})
"""The states in which a quote may become an order."""

LIFE: Final = Life(
    ways=TRANSITIONS,
    draft=_S.DRAFT,
    in_approval=_S.IN_APPROVAL,
    approved=_S.APPROVED,
    rejected=_S.REJECTED,
)
"""The life of a quote: these ways, and the states that its approval gives."""


def become(quote: Quote, wanted: QuoteState, **changes: Any) -> Decision[Quote]:
    """Bring a quote to a state with what changes beside, or refuse with `document.state`."""
    moved = evolve(quote, state=wanted, **changes)
    event = QuoteMoved(subject=quote.id, buyer=quote.buyer, state=wanted)
    return accept(moved, LIFE.may_become(quote, wanted), save(moved), tell(event))


def follow(quote: Quote, state: CaseState, content: str) -> Decision[Quote]:
    """Let one in approval go where its request went; a request for other content moves nothing."""
    wanted = LIFE.moved_by(quote, state, content)
    return accept(quote) if wanted is None else become(quote, wanted)


def check_days(quote: Quote, *, on: date) -> tuple[Reason, ...]:
    """Say why the validity of a quote makes no sense, as it is written on a day."""
    if quote.valid_until < quote.valid_from:
        first, last = quote.valid_from, quote.valid_until
        return (QUOTE_DATES(quote.id, field="valid_until", observed=last, expected=first),)
    return check_expired(quote, on=on)


def check_expired(quote: Quote, *, on: date) -> tuple[Reason, ...]:
    """Say that a quote has run out on a day; its last day itself still counts."""
    if on <= quote.valid_until:
        return ()
    return (QUOTE_EXPIRED(quote.id, field="valid_until", observed=quote.valid_until, expected=on),)


def expire(quote: Quote, *, on: date) -> Decision[Quote]:
    """Mark a quote that has run out by a day; one that has not, or that has ended, stays as it is."""
    if on <= quote.valid_until or quote.state not in EXPIRING:
        return accept(quote)
    return become(quote, _S.EXPIRED)


def convert(quote: Quote, order: str, *, on: date) -> Decision[Quote]:
    """Let a quote become an order, once: approved, and valid on the day."""
    found = list(check_expired(quote, on=on))
    if on < quote.valid_from:
        found.append(QUOTE_EARLY(quote.id, field="valid_from", observed=quote.valid_from, expected=on))
    if quote.state not in APPROVED:
        found.append(QUOTE_NOT_APPROVED(quote.id, field="state", observed=quote.state))
        return accept(quote, found)
    done = become(quote, _S.CONVERTED, order=order)
    return accept(
        done.value, found, done, tell(QuoteConverted(subject=quote.id, buyer=quote.buyer, order=order))
    )
