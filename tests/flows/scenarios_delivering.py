"""Scenarios that meet the reason codes of deliveries."""

from pharmacrm.core.outbox import DropDeadLetters, ReplayDeadLetters
from pharmacrm.crm import PharmaCRM
from tests.flows.house import ADMIN
from tests.flows.scenarios import after, met


@met("letter.none")
def _(crm: PharmaCRM) -> list[str]:
    return after(crm, (ReplayDeadLetters(destination="ERP", reason="mended"), ADMIN))


@met("letter.not_dead")
def _(crm: PharmaCRM) -> list[str]:
    return after(crm, (DropDeadLetters(destination="ERP", ids=("N-1",), reason="unwanted"), ADMIN))
