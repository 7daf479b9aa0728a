"""A domain: everything that one folder brings to the door."""

from collections.abc import Callable, Iterable, Mapping
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
    before that, for records that follow others: what it moves is in the sums too. `after` names the domains
    whose own of each have to be carried out before, "*" every one that does not say so itself; else they
    are in the order in which they are registered.
    """

    name: str
    records: tuple[type[Entity], ...] = ()
    handlers: tuple[Handler, ...] = ()
    events: tuple[type[Event], ...] = ()
    reasons: tuple[ReasonCode, ...] = ()
    rights: RightsTable = field(factory=dict)
    following: tuple[Completion, ...] = ()
    completing: tuple[Completion, ...] = ()
    after: tuple[str, ...] = ()


def in_turn(domains: Iterable[Domain]) -> tuple[Domain, ...]:
    """Domains so that each comes after those that it names; names that nobody has are passed over.

    Of domains that want to come after one another, the one that is registered first goes first.
    """
    known = {domain.name: domain for domain in domains}
    last = {name for name, domain in known.items() if "*" in domain.after}
    early = [name for name in known if name not in last and not last & set(known[name].after)]
    left = {
        name: {one for one in (*domain.after, *(early if name in last else ())) if one in known}
        for name, domain in known.items()
    }
    found: list[Domain] = []
    while left:
        free = next((name for name, before in left.items() if not before), next(iter(left)))
        found.append(known[free])
        del left[free]
        for before in left.values():
            before.discard(free)
    return tuple(found)
