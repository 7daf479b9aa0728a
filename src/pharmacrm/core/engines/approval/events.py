"""What happens in an approval, told to whoever listens; `subject` is the document."""

from attrs import frozen

from pharmacrm.core.kernel.change import Event


@frozen(kw_only=True)
class ApprovalAsked(Event):
    """A document came to a stage: the holders of this role (in this unit and above) are to decide."""

    case: str
    stage: str
    role: str
    unit: str | None
    requester: str


@frozen(kw_only=True)
class StepDecided(Event):
    """A person signed at a stage."""

    case: str
    stage: str
    person: str
    verdict: str


@frozen(kw_only=True)
class ApprovalGranted(Event):
    """The last stage was passed."""

    case: str
    requester: str


@frozen(kw_only=True)
class ApprovalRejected(Event):
    """A stage was rejected, which ends the round."""

    case: str
    stage: str
    requester: str


@frozen(kw_only=True)
class ApprovalWithdrawn(Event):
    """The requester took the document back."""

    case: str


@frozen(kw_only=True)
class ApprovalInvalidated(Event):
    """The content changed, so that the signatures of the round no longer count."""

    case: str


EVENTS = (
    ApprovalAsked,
    StepDecided,
    ApprovalGranted,
    ApprovalRejected,
    ApprovalWithdrawn,
    ApprovalInvalidated,
)
