"""Handlers of the commands of collections: they load what the rule needs."""

from pharmacrm.core.collections.commands import SetProvisionRates
from pharmacrm.core.collections.provision import ProvisionRates, set_rates
from pharmacrm.core.kernel.decision import Decision
from pharmacrm.core.kernel.message import Reads


@SetProvisionRates.handler
def set_provision_rates(command: SetProvisionRates, read: Reads) -> Decision[ProvisionRates]:
    """Read the table of that day, if there is one."""
    new = ProvisionRates(
        id=command.valid_from.isoformat(),
        valid_from=command.valid_from,
        edges=command.edges,
        rates=command.rates,
        reason=command.reason,
    )
    return set_rates(read.seek(ProvisionRates, new.id), new)


HANDLERS = (set_provision_rates,)
