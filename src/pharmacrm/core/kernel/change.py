"""What a rule wants stored or told: plain values, until the door carries them out."""

from collections.abc import Mapping
from typing import Any

from attrs import frozen

from pharmacrm.core.kernel.held import Redo
from pharmacrm.core.kernel.money import Money
from pharmacrm.core.kernel.reason import Reason
from pharmacrm.core.kernel.record import Entity, Part, Record


@frozen
class Save:
    """Insert the entity if it is new (version 0, or an unknown part), else update what differs."""

    entity: Entity


@frozen
class Touch:
    """Raise the version of a record without changing a field, so that whoever relied on it decides again.

    An `exact` touch is stored only if the counters of the record are still those that were read.
    """

    record: Record
    exact: bool = False


@frozen
class Remove:
    """Take a part away; its last values stay in the journal. Records are never removed."""

    part: Part


@frozen(kw_only=True)
class Add:
    """Move counters of a record by amounts, within the bound declared on it.

    The bound is tested only when the sum rises. `unbounded` lifts it and says why; it is journalled. `cause`
    is the id of the thing that moved the counters.
    """

    kind: type[Record]
    id: str
    amounts: Mapping[str, Money]
    cause: str
    unbounded: str = ""


@frozen
class Resolve:
    """Make a dead letter wait again, or drop it; a record beside it says who decided that, and why."""

    delivery: str
    replay: bool


@frozen
class NoteRefusal:
    """Write down that one thing of many was refused, as a command about it alone would have been."""

    subject: str
    reasons: tuple[Reason, ...]


@frozen
class KeepHeld:
    """Keep one thing of many until a person passes what was found, as a command about it alone is kept.

    `id` is that of the case, `command` what is done again once every reason is passed.
    """

    id: str
    command: Any
    reasons: tuple[Reason, ...]


Change = Save | Touch | Remove | Add | Redo | Resolve | NoteRefusal | KeepHeld


@frozen(kw_only=True)
class Event:
    """Something that happened, told to whoever listens: ids only, and named in the past tense."""

    subject: str

    @classmethod
    def topic(cls) -> str:
        """The name under which notices of this event are delivered."""
        return cls.__name__
