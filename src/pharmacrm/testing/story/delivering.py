"""The story of dead letters: notices that nobody takes, replayed and dropped."""

from pharmacrm.core.outbox import DropDeadLetters, ReplayDeadLetters
from pharmacrm.crm import PharmaCRM
from pharmacrm.plugins.hookspecs import hookimpl
from pharmacrm.plugins.types import DeliverContext, Reject
from pharmacrm.testing.company import ADMIN
from pharmacrm.testing.story.steps import Step


class Closed:
    """Takes no notice of a task: each becomes a dead letter."""

    name = "closed"
    topics = ("TaskAssigned",)

    @hookimpl
    def pharmacrm_deliver(self, context: DeliverContext) -> Reject:  # noqa: ARG002 - the hook's form
        """Refuse it."""
        return Reject("nobody is there")


def _dead(crm: PharmaCRM) -> None:
    crm.deliver(limit=1000)


DELIVERING: tuple[Step, ...] = (
    Step(ADMIN, lambda _: ReplayDeadLetters(destination=Closed.name, reason="there is somebody"), _dead),
    Step(ADMIN, lambda _: DropDeadLetters(destination=Closed.name, reason="unwanted"), _dead),
)
