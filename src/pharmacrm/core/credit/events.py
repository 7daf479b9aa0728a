"""What happens to credit lines and reservations."""

from attrs import frozen

from pharmacrm.core.kernel.change import Event


@frozen(kw_only=True)
class CreditLimitSet(Event):
    """A credit line has another limit, or was blocked or unblocked. The subject is the customer."""


@frozen(kw_only=True)
class CreditGroupSet(Event):
    """A credit group was founded, or has another limit or name. The subject is the group."""


@frozen(kw_only=True)
class CreditGroupJoined(Event):
    """A customer joined a credit group, or left theirs if none is named. The subject is the customer."""

    group: str


@frozen(kw_only=True)
class CreditPolicySet(Event):
    """A credit policy says something else. The subject is the policy."""


@frozen(kw_only=True)
class ReservationExpired(Event):
    """The credit of an order lapsed: nothing ships until it is reserved again. The subject is the order."""

    customer: str


@frozen(kw_only=True)
class CreditOverrideRequested(Event):
    """An override was asked for. The subject is the override."""

    order: str


@frozen(kw_only=True)
class CreditOverrideGranted(Event):
    """An override was approved and may be used. The subject is the override."""

    order: str


@frozen(kw_only=True)
class CreditOverrideUsed(Event):
    """An override has let its order through. The subject is the override."""

    order: str


@frozen(kw_only=True)
class CreditOverrideEnded(Event):
    """An override was rejected or revoked. The subject is the override."""

    order: str


@frozen(kw_only=True)
class CreditLimitRequested(Event):
    """A raise of a limit was asked for, for a customer or a group. The subject is the request."""

    customer: str
    group: str = ""


@frozen(kw_only=True)
class CreditLimitRefused(Event):
    """A raise that was asked for comes to nothing, for a customer or a group. The subject is the request."""

    customer: str
    group: str = ""


EVENTS = (
    CreditLimitRequested,
    CreditLimitRefused,
    CreditLimitSet,
    CreditGroupSet,
    CreditGroupJoined,
    CreditPolicySet,
    ReservationExpired,
    CreditOverrideRequested,
    CreditOverrideGranted,
    CreditOverrideUsed,
    CreditOverrideEnded,
)
