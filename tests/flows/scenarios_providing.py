"""Scenarios of the reason codes of collections."""

from pharmacrm.core.collections import SetProvisionRates
from pharmacrm.crm import PharmaCRM
from tests.flows.house import FINANCE, today
from tests.flows.scenarios import after, met


@met("provision.edges", "provision.classes", "provision.falling")
def _(crm: PharmaCRM) -> list[str]:
    bad = SetProvisionRates(valid_from=today(crm), edges=(90, 30), rates=("5%", "1%"))
    return after(crm, (bad, FINANCE))
