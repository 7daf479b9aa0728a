"""What happens to credit lines and reservations."""

from attrs import frozen

from pharmacrm.core.kernel.change import Event


@frozen(kw_only=True)
class CreditLimitSet(Event):
    """A credit line has another limit, or was blocked or unblocked. The subject is the customer."""


@frozen(kw_only=True)
class ReservationExpired(Event):
    """The credit of an order lapsed: nothing ships until it is reserved again. The subject is the order."""

    customer: str


EVENTS = (CreditLimitSet, ReservationExpired)
