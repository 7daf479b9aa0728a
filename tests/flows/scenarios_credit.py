"""Scenarios of the reason codes of credit limits, groups, gates and overrides."""

from datetime import timedelta
from typing import Any

from pharmacrm.core.credit import EndCreditLimit, GrantCreditLimit, LimitKind
from pharmacrm.crm import PharmaCRM
from tests.flows.house import BUYER, FINANCE, yuan
from tests.flows.scenarios import after, met


def raised(crm: PharmaCRM, **more: Any) -> GrantCreditLimit:
    ends_on = crm.clock.now().date() + timedelta(days=30)
    fields: dict[str, Any] = {"kind": LimitKind.TEMPORARY, "amount": yuan(100), "ends_on": ends_on}
    return GrantCreditLimit(customer=BUYER, **(fields | more))


@met("limit.overlap", "limit.dates", "limit.ended")
def _(crm: PharmaCRM) -> list[str]:
    end = EndCreditLimit(customer=BUYER, number=2, reason="终止")
    return after(
        crm,
        (raised(crm), FINANCE),
        (raised(crm), FINANCE),
        (raised(crm, ends_on="2020-01-01"), FINANCE),
        (end, FINANCE),
        (end, FINANCE),
    )
