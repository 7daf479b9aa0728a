"""A domain: everything that one folder brings to the door."""

from collections.abc import Mapping

from attrs import field, frozen

from pharmacrm.core.kernel.change import Event
from pharmacrm.core.kernel.message import Handler
from pharmacrm.core.kernel.reason import ReasonCode
from pharmacrm.core.kernel.record import Entity

RightsTable = Mapping[str, tuple[type, ...]]
"""For each role, the commands, questions and record kinds that it may use by default."""


@frozen(kw_only=True)
class Domain:
    """What a folder of the core, or a plugin, registers: records, handlers, events, codes, default rights."""

    name: str
    records: tuple[type[Entity], ...] = ()
    handlers: tuple[Handler, ...] = ()
    events: tuple[type[Event], ...] = ()
    reasons: tuple[ReasonCode, ...] = ()
    rights: RightsTable = field(factory=dict)
