"""What a unit of work needs around it: the tenant, the clock, the registry and the plugins."""

from attrs import frozen

from pharmacrm.core.kernel.errors import StoreFailure
from pharmacrm.core.kernel.tenant import Tenant
from pharmacrm.crm.clocks import Clock
from pharmacrm.crm.registry import Registry
from pharmacrm.plugins.manager import Plugins


@frozen
class Desk:
    """One tenant's side of the door."""

    tenant: str
    clock: Clock
    registry: Registry
    plugins: Plugins

    def same_clock(self, tenant: Tenant) -> None:
        """Refuse to mix real and simulated entries: the first entry decided for ever."""
        if tenant.simulated is not self.clock.simulated:
            kept = "simulated" if tenant.simulated else "real"
            raise StoreFailure(
                f"the entries of this tenant are {kept}: use the same kind of clock", "clock.kind"
            )
