"""Scenarios that meet the reason codes of payment terms."""

from pharmacrm.crm import PharmaCRM
from tests.flows.house import WAREHOUSE, released, slip
from tests.flows.scenarios import after, met


@met("terms.event_assumed")
def _(crm: PharmaCRM) -> list[str]:
    released(crm, terms="95% net 30 from receipt, rest retention net 12 months from acceptance")
    return after(crm, (slip("SO-1", "OUT-1", 800), WAREHOUSE))
