"""What whoever runs the system may want of notices."""

from typing import Annotated, Any, ClassVar

from attrs import field, frozen

from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.core.kernel.message import Command, Question
from pharmacrm.core.kernel.strict import Id, Limit, OptionalId, strict
from pharmacrm.core.outbox.model import DeadLetter, LettersDecided, OutboxQueue

MOST = 1000
"""Letters that one command decides about, or one question shows."""

Because = Annotated[str, Limit(500)]


def _few(_: object, attribute: Any, ids: tuple[str, ...]) -> None:
    if len(ids) > MOST:
        message = f"at most {MOST} at once"
        raise MalformedInput("query.limit", message, field=attribute.name, value=len(ids))


@frozen(kw_only=True, field_transformer=strict)
class ReplayDeadLetters(Command[LettersDecided]):
    """Have dead letters of a destination delivered again (死信重发): those named, or all, and say why.

    Each keeps its id, and its starts are counted anew. At most 1,000 at once, the oldest first; `left` of the
    answer says how many stay. Later notices of the same subject may have been delivered already.
    """

    subject_field: ClassVar[str] = "destination"

    destination: Id
    ids: tuple[Id, ...] = field(default=(), validator=_few)
    reason: Because


@frozen(kw_only=True, field_transformer=strict)
class DropDeadLetters(Command[LettersDecided]):
    """Give up dead letters of a destination for good (死信作废): those named, or all, and say why."""

    subject_field: ClassVar[str] = "destination"

    destination: Id
    ids: tuple[Id, ...] = field(default=(), validator=_few)
    reason: Because


@frozen(kw_only=True, field_transformer=strict)
class DeadLetters(Question[tuple[DeadLetter, ...]]):
    """The notices that were given up, of one destination or of all, oldest first."""

    destination: OptionalId = ""
    limit: int = 100

    def __attrs_post_init__(self) -> None:
        """Refuse a limit that would read nothing or everything."""
        if not 1 <= self.limit <= MOST:
            raise MalformedInput("query.limit", f"1 to {MOST} is wanted", field="limit", value=self.limit)


@frozen(kw_only=True, field_transformer=strict)
class OutboxQueues(Question[tuple[OutboxQueue, ...]]):
    """How the notices for each destination stand: what waits and since when, what is dead, who is served."""
