"""A domain: everything that one folder brings to the door."""

from collections.abc import Callable, Mapping
from typing import Any

from attrs import field, frozen

from pharmacrm.core.kernel.change import Event
from pharmacrm.core.kernel.decision import Decision
from pharmacrm.core.kernel.message import Handler, Reads
from pharmacrm.core.kernel.reason import ReasonCode
from pharmacrm.core.kernel.record import Entity

Completion = Callable[[Decision[Any], Reads], Decision[Any]]
"""What a domain adds to the decision of any command, whoever wrote its handler."""

RightsTable = Mapping[str, tuple[type, ...]]
"""For each role, the commands, questions and record kinds that it may use by default."""


@frozen(kw_only=True)
class Domain:
    """What a folder of the core, or a plugin, registers: records, handlers, events, codes, default rights.

    `completing` sees every decision of every command before it is stored, and may add changes to it: a sum
    that is kept over other domains' movements stays right, whoever moves them. `following` does the same
    before that, for records that follow others: what it moves is in the sums too.
    """

    name: str
    records: tuple[type[Entity], ...] = ()
    handlers: tuple[Handler, ...] = ()
    events: tuple[type[Event], ...] = ()
    reasons: tuple[ReasonCode, ...] = ()
    rights: RightsTable = field(factory=dict)
    following: tuple[Completion, ...] = ()
    completing: tuple[Completion, ...] = ()
