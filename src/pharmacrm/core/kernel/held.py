"""Commands that wait for a person: kept whole, and done again in full once every hold is passed."""

from enum import StrEnum
from typing import Annotated

from attrs import frozen

from pharmacrm.core.kernel.record import Column, Personal, Record


class HeldState(StrEnum):
    """Where a held command stands."""

    WAITING = "waiting"
    DONE = "done"
    REFUSED = "refused"


@frozen(kw_only=True)
class HeldCommand(Record):
    """A command that no flow could store under a hold of its own; its input may hold personal data."""

    command: Annotated[str, Column(length=100)]
    payload: Annotated[str, Column(length=1_000_000), Personal("doing the command again")]
    actor: Annotated[str, Column(length=64, index=True)]
    key: Annotated[str, Column(length=64)] = ""
    effective_on: Annotated[str, Column(length=10)] = ""
    subject: Annotated[str, Column(index=True)] = ""
    state: HeldState = HeldState.WAITING
    kind: Annotated[str, Column(length=64)] = ""
    result: str = ""
    reasons: Annotated[str, Column(length=1_000_000)] = "[]"


@frozen
class Redo:
    """Do a held command again, as its first actor, with these codes passed."""

    held: HeldCommand
    passed: tuple[str, ...]
