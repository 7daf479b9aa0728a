"""Quotes (报价单, XT-15): what a customer is offered, for how long, and the one order that it becomes."""

from pharmacrm.core.orders.quotes.events import EVENTS, QuoteConverted, QuoteDrafted, QuoteMoved, QuoteRevised
from pharmacrm.core.orders.quotes.model import Quote, QuoteLine, QuoteState
from pharmacrm.core.orders.quotes.reasons import REASONS

RECORDS = (Quote, QuoteLine)

__all__ = [
    "EVENTS",
    "REASONS",
    "RECORDS",
    "Quote",
    "QuoteConverted",
    "QuoteDrafted",
    "QuoteLine",
    "QuoteMoved",
    "QuoteRevised",
    "QuoteState",
]
