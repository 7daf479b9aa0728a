"""What happens in an approval, told to whoever listens; `subject` is the document."""

from attrs import frozen

from pharmacrm.core.kernel.change import Event


@frozen(kw_only=True)
class ApprovalAsked(Event):
    """A document came to a step: this person, or the holders of this role, are to decide.

    With a unit, the holders in this unit and those above it are meant. Who was asked a question is told in
    the same way.
    """

    case: str
    stage: str
    role: str
    unit: str | None
    requester: str
    person: str = ""


@frozen(kw_only=True)
class ApprovalGranted(Event):
    """The last step was passed."""

    case: str
    requester: str


@frozen(kw_only=True)
class ApprovalRejected(Event):
    """A step was rejected, which ends the request."""

    case: str
    stage: str
    requester: str


@frozen(kw_only=True)
class ApprovalWithdrawn(Event):
    """The requester took the document back."""

    case: str


@frozen(kw_only=True)
class ApprovalInvalidated(Event):
    """The content changed, so that decisions about it no longer count."""

    case: str


@frozen(kw_only=True)
class ApprovalReturned(Event):
    """The document went back to its requester, who may hand it in again."""

    case: str
    stage: str
    requester: str


@frozen(kw_only=True)
class RequestMoved(Event):
    """Something happened to a request on a route: who did what, at which step, and to whom."""

    case: str
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
