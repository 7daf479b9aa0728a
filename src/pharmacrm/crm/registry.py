"""What the door knows by name: kinds, messages with their handlers, events, reason codes, default rights."""

from collections.abc import Iterable
from typing import Any

from attrs import define, field

from pharmacrm.core.kernel.change import Event
from pharmacrm.core.kernel.domain import Completion, Domain, in_turn
from pharmacrm.core.kernel.errors import PluginFailure
from pharmacrm.core.kernel.held import HeldCommand
from pharmacrm.core.kernel.journal import Entry
from pharmacrm.core.kernel.message import Command, Handler, Question
from pharmacrm.core.kernel.reason import ReasonCode
from pharmacrm.core.kernel.record import Entity, kind_name
from pharmacrm.core.kernel.tenant import Tenant
from pharmacrm.crm.codes import CODES
from pharmacrm.plugins.codes import CODES as PLUGIN_CODES

OWN = (Tenant, HeldCommand, Entry)
"""What the door itself keeps: settings, commands that wait, the journal."""

READERS = ("admin", "auditor")
"""Who may read that by default."""


@define
class Registry:
    """The sum of all registered domains; a name that stands twice is refused."""

    kinds: dict[str, type[Entity]] = field(factory=dict)
    handlers: dict[type, Handler] = field(factory=dict)
    messages: dict[str, type] = field(factory=dict)
    events: dict[str, type[Event]] = field(factory=dict)
    codes: dict[str, ReasonCode] = field(factory=dict)
    rights: dict[str, set[str]] = field(factory=dict)
    domains: dict[str, Domain] = field(factory=dict)
    following: list[Completion] = field(factory=list)
    completing: list[Completion] = field(factory=list)

    @classmethod
    def of(cls, domains: Iterable[Domain]) -> "Registry":
        """The registry of these domains and of the door's own records."""
        registry = cls()
        registry.kinds = {kind_name(kind): kind for kind in (Tenant, HeldCommand)}
        registry.codes = {code.code: code for code in (*CODES, *PLUGIN_CODES)}
        registry.rights = {role: {each.__name__ for each in OWN} for role in READERS}
        for domain in domains:
            registry.add(domain)
        for domain in in_turn(registry.domains.values()):
            registry.following += domain.following
            registry.completing += domain.completing
        return registry

    def add(self, domain: Domain) -> None:
        """Add one domain."""
        if domain.name in self.domains:
            raise PluginFailure(f"the domain {domain.name} is registered twice", "plugin.twice")
        self.domains[domain.name] = domain
        for kind in domain.records:
            self._put(self.kinds, kind_name(kind), kind)
        for handler in domain.handlers:
            self._put(self.messages, handler.message.__name__, handler.message)
            self.handlers[handler.message] = handler
        for event in domain.events:
            self._put(self.events, event.topic(), event)
        for code in domain.reasons:
            self._put(self.codes, code.code, code)
        for role, rights in domain.rights.items():
            self.rights.setdefault(role, set()).update(right.__name__ for right in rights)

    def _put(self, table: dict[str, Any], name: str, thing: object) -> None:
        if table.setdefault(name, thing) is not thing:
            raise PluginFailure(f"the name {name} is registered twice", "plugin.twice")

    @property
    def all_rights(self) -> frozenset[str]:
        """The name of every right that there is: messages, kinds of record, and what the door keeps."""
        kinds = (*self.kinds.values(), *OWN)
        return frozenset(self.messages) | {kind.__name__ for kind in kinds}

    def passed_by(self, code: str) -> str:
        """The role that may pass a reason of this code; an administrator where nobody is named."""
        known = self.codes.get(code)
        return (known.passed_by if known else "") or "admin"

    def handler(self, message: type[Command[Any]] | type[Question[Any]]) -> Handler:
        """The handler of a command or question."""
        try:
            return self.handlers[message]
        except KeyError:
            text = (
                f"nothing handles {message.__name__}: load the plugin that does; if it is loaded,"
                " crm.plugins.faults says why its domain stayed out"
            )
            raise PluginFailure(text, "message.unknown") from None
