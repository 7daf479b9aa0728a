"""What happened to term sets and payment calendars; ids only."""

from attrs import frozen

from pharmacrm.core.kernel.change import Event


@frozen(kw_only=True)
class TermsPublished(Event):
    """A term set has a new version, or its last one has an end; the subject is its code."""

    number: int


@frozen(kw_only=True)
class PayingDaysSet(Event):
    """A customer's days of payment were set; the subject is the customer."""


EVENTS = (TermsPublished, PayingDaysSet)
