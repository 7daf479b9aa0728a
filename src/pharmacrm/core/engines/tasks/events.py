"""What happens to tasks; the subject is the task, and nothing but ids is told."""

from attrs import frozen

from pharmacrm.core.kernel.change import Event


@frozen(kw_only=True)
class OfTask(Event):
    """What every event of a task tells: who does it, and who asked for it."""

    assignee: str
    assigner: str


@frozen(kw_only=True)
class TaskAssigned(OfTask):
    """Somebody was asked to do something, anew or in another's place."""


@frozen(kw_only=True)
class TaskAccepted(OfTask):
    """The assignee will do it."""


@frozen(kw_only=True)
class TaskDeclined(OfTask):
    """The assignee will not do it: the assigner has to find somebody else, or cancel it."""


@frozen(kw_only=True)
class TaskReported(OfTask):
    """The assignee has said what came of it."""


@frozen(kw_only=True)
class TaskReturned(OfTask):
    """The assigner wants more than the report says."""


@frozen(kw_only=True)
class TaskClosed(OfTask):
    """The assigner is content."""


@frozen(kw_only=True)
class TaskCancelled(OfTask):
    """The task is no longer wanted."""


@frozen(kw_only=True)
class TaskOverdue(OfTask):
    """The due time has passed and the work is not reported; told once for each due time."""


EVENTS = (
    TaskAssigned,
    TaskAccepted,
    TaskDeclined,
    TaskReported,
    TaskReturned,
    TaskClosed,
    TaskCancelled,
    TaskOverdue,
)
