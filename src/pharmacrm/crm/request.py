"""A command as it was asked for: by whom, under which key, for which business date."""

import hashlib
from datetime import date
from typing import Any, Generic, TypeVar

from attrs import field, frozen

from pharmacrm.core.kernel.codec import canonical, to_brief
from pharmacrm.core.kernel.dates import as_date
from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.kernel.ids import as_id
from pharmacrm.core.kernel.message import Command
from pharmacrm.core.kernel.secrets import without_secrets
from pharmacrm.crm.asking import given

T = TypeVar("T")


@frozen
class Request(Generic[T]):
    """What goes through the door; `on` is the business date that was given, None for today."""

    command: Command[T]
    actor: str
    key: str = ""
    on: date | None = None
    asked: dict[object, Any] = field(factory=dict, eq=False, repr=False)
    """What plugins answered that are asked once for all attempts of one `do`."""

    @property
    def right(self) -> str:
        """The right that it takes: the name of the command."""
        return type(self.command).__name__

    @property
    def digest(self) -> str:
        """What makes two requests one: class, content without defaults or secrets, actor, the day given."""
        day = self.on.isoformat() if self.on is not None else None
        content = [self.right, to_brief(without_secrets(self.command)), self.actor, day]
        return hashlib.sha256(canonical(content).encode()).hexdigest()


def requested(command: Command[T], actor: str, key: str, effective_at: date | str | None) -> Request[T]:
    """Read what a caller gave, before there is any transaction."""
    if not isinstance(command, Command):
        raise MalformedInput("command.type", "a command is wanted", field="command", value=command)
    return Request(
        command,
        actor,
        given("key", as_id, key) if key != "" else "",
        given("effective_at", as_date, effective_at) if effective_at is not None else None,
    )
