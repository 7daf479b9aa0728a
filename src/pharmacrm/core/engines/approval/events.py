"""What happens in an approval, told to whoever listens; `subject` is the document."""

from attrs import frozen

from pharmacrm.core.kernel.change import Event


@frozen(kw_only=True)
class ApprovalEvent(Event):
    """What every event of a request tells: the request, its document by kind and content, and its route."""

    case: str
    kind: str
    content: str
    route: str


@frozen(kw_only=True)
class ApprovalAsked(ApprovalEvent):
    """A document came to a step: this person, or the holders of this role, are to decide.

    With a unit, the holders in this unit and those above it are meant; "" is no unit. Who was asked a
    question is told in the same way, and so is, beside whoever sits there, the person who stands in for them
    now: with `acting_for`.
    """

    stage: str
    role: str
    unit: str
    requester: str
    person: str = ""
    acting_for: str = ""


@frozen(kw_only=True)
class ApprovalGranted(ApprovalEvent):
    """The last step was passed."""

    requester: str


@frozen(kw_only=True)
class ApprovalRejected(ApprovalEvent):
    """A step was rejected, which ends the request."""

    stage: str
    requester: str


@frozen(kw_only=True)
class ApprovalWithdrawn(ApprovalEvent):
    """The requester took the document back."""


@frozen(kw_only=True)
class ApprovalInvalidated(ApprovalEvent):
    """The content changed, so that decisions about it no longer count."""


@frozen(kw_only=True)
class ApprovalReturned(ApprovalEvent):
    """The document went back to its requester, who may hand it in again."""

    stage: str
    requester: str


@frozen(kw_only=True)
class RequestMoved(ApprovalEvent):
    """Something happened to a request on a route: who did what, at which step, and to whom."""

    action: str
    step: str
    person: str
    target: str


@frozen(kw_only=True)
class RoutePublished(Event):
    """A version of an approval route was published, or taken out of use."""

    kind: str
    active: bool


@frozen(kw_only=True)
class AuthorityDelegated(Event):
    """A person gave their authority to another for some days."""

    delegator: str
    delegate: str


@frozen(kw_only=True)
class DelegationRevoked(Event):
    """A delegation was ended."""

    delegator: str
    delegate: str


EVENTS = (
    ApprovalAsked,
    ApprovalGranted,
    ApprovalRejected,
    ApprovalWithdrawn,
    ApprovalInvalidated,
    ApprovalReturned,
    RequestMoved,
    RoutePublished,
    AuthorityDelegated,
    DelegationRevoked,
)
