"""A story in which every command happens: what each needs has happened before it.

Whoever wants a company with a past tells it: the fault driver fails each of its database calls, the tests of
the journal replay it. A command that is registered and stands in no step fails a test.
"""

from pharmacrm.crm import PharmaCRM
from pharmacrm.testing.story.agreeing import AGREEING
from pharmacrm.testing.story.approving import APPROVING, OVERDUE
from pharmacrm.testing.story.collecting import COLLECTING
from pharmacrm.testing.story.confirming import CONFIRMING
from pharmacrm.testing.story.crediting import CREDITING
from pharmacrm.testing.story.delivering import DELIVERING, Closed
from pharmacrm.testing.story.dunning import DUNNING
from pharmacrm.testing.story.paying import PAYING
from pharmacrm.testing.story.providing import PROVIDING
from pharmacrm.testing.story.purchasing import PURCHASING
from pharmacrm.testing.story.quoting import QUOTING
from pharmacrm.testing.story.selling import SELLING
from pharmacrm.testing.story.steps import Step
from pharmacrm.testing.story.taking_in import TAKING_IN
from pharmacrm.testing.story.timed import TIMED
from pharmacrm.testing.story.working import WORKING

__all__ = ["STORY", "Closed", "Step", "tell"]

STORY: tuple[Step, ...] = (
    *SELLING,
    *AGREEING,
    *COLLECTING,
    *PAYING,
    *PROVIDING,
    *CONFIRMING,
    *WORKING,
    *TAKING_IN,
    *DELIVERING,
    *TIMED,
    *CREDITING,
    *DUNNING,
    *APPROVING,
    *PURCHASING,
    *QUOTING,
    *OVERDUE,
)
"""Every command; what falls due comes last, because days pass in it."""


def tell(crm: PharmaCRM) -> None:
    """Let it all happen to a founded company (`found_company`) that has the plugin `Closed`."""
    for number, step in enumerate(STORY):
        step.given(crm)
        step.run(crm, f"step-{number}")
