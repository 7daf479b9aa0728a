"""What happens to quotes; the subject is the quote."""

from attrs import frozen

from pharmacrm.core.kernel.change import Event


@frozen(kw_only=True)
class QuoteDrafted(Event):
    """A quote was made."""

    buyer: str


@frozen(kw_only=True)
class QuoteRevised(Event):
    """A quote has a new revision."""

    buyer: str
    revision: int


@frozen(kw_only=True)
class QuoteMoved(Event):
    """A quote came to another state: into approval, approved, sent, accepted, expired and so on."""

    buyer: str
    state: str


@frozen(kw_only=True)
class QuoteConverted(Event):
    """A quote became an order."""

    buyer: str
    order: str


EVENTS = (QuoteDrafted, QuoteRevised, QuoteMoved, QuoteConverted)
