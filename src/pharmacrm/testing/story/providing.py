"""The story of what is provided for bad debts, and later of what is done about them."""

from pharmacrm.core.collections import SetProvisionRates
from pharmacrm.testing.story.steps import FINANCE, Step, day

PROVIDING: tuple[Step, ...] = (
    Step(
        FINANCE,
        lambda crm: SetProvisionRates(
            valid_from=day(crm), edges=(90, 365), rates=("0%", "5%", "20%", "100%"), reason="会计政策"
        ),
    ),
)
