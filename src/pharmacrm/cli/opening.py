"""Which door a command of the shell opens: a URL's, or the host's own, made by the host's code."""

from importlib import import_module

from attrs import frozen

from pharmacrm.core.kernel.errors import MalformedInput, PluginFailure
from pharmacrm.crm import PharmaCRM, connect


@frozen(kw_only=True)
class Where:
    """A store's URL, or `module:attribute` naming a door or a function without arguments that opens one."""

    url: str = ""
    door: str = ""
    tenant: str = ""
    entry_points: bool = False

    def opened(self) -> PharmaCRM:
        """The door, for the tenant that was asked for."""
        if bool(self.url) == bool(self.door):
            raise MalformedInput("door.unclear", "give either --url or --door", field="url", value=self.url)
        if self.door:
            crm = _named(self.door)
            return crm.for_tenant(self.tenant) if self.tenant else crm
        return connect(self.url, tenant=self.tenant or "main", entry_points=self.entry_points)


def _named(place: str) -> PharmaCRM:
    module, _, attribute = place.partition(":")
    try:
        found = getattr(import_module(module), attribute)
    except (ImportError, AttributeError, ValueError) as error:
        raise PluginFailure(f"{place} cannot be imported: {error}", "door.missing") from error
    crm = found() if callable(found) else found
    if not isinstance(crm, PharmaCRM):
        raise PluginFailure(f"{place} gives no PharmaCRM", "door.type")
    return crm
