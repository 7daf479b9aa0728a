"""What the door writes down while it takes in, and what people may want of what was set aside."""

from typing import Annotated, ClassVar

from attrs import field, frozen

from pharmacrm.core.kernel.message import Command
from pharmacrm.core.kernel.numbers import bounded, wrong_type
from pharmacrm.core.kernel.record import Personal
from pharmacrm.core.kernel.strict import Id, Limit, strict
from pharmacrm.core.pull.model import RETRYING, PullRun, QuarantinedItem, Sum, Totals

Cursor = Annotated[str, Limit(4000, empty=True, multiline=True)]
Shown = Annotated[str, Limit(200, empty=True)]
Long = Annotated[str, Limit(500_000, empty=True, multiline=True)]


def _count(value: int) -> int:
    if type(value) is not int or value < 0:
        raise wrong_type(value, "number", "a count is a whole number of at least 0")
    return bounded(value, "number")


@frozen(kw_only=True, field_transformer=strict)
class RecordPull(Command[PullRun]):
    """Move the cursor of a source on, and add up what came between: the door's own, after each answer.

    `begins` says that these are the first rows of the document, `finished` that they are the last.
    `before` is the cursor from which was read: if another process moved it meanwhile, nothing is stored.
    """

    subject_field: ClassVar[str] = "source"

    source: Id
    before: Cursor
    cursor: Cursor
    document: Shown = ""
    done: int = field(default=0, converter=_count)
    repeated: int = field(default=0, converter=_count)
    held: int = field(default=0, converter=_count)
    aside: int = field(default=0, converter=_count)
    sums: tuple[Sum, ...] = ()
    claimed: Totals | None = None
    begins: bool = True
    finished: bool = True


@frozen(kw_only=True, field_transformer=strict)
class SetItemAside(Command[QuarantinedItem]):
    """Put an item that could not be taken in into quarantine: the door's own."""

    id: Id
    source: Id
    item: Annotated[str, Limit(200)]
    place: Shown = ""
    command: Shown = ""
    subject: Shown = ""
    payload: Annotated[Long, Personal(RETRYING)] = ""
    effective_on: Shown = ""
    digest: Shown = ""
    reasons: Long = "[]"


@frozen(kw_only=True, field_transformer=strict)
class SettleItem(Command[QuarantinedItem]):
    """Close an item in quarantine that was taken in after all: the door's own."""

    id: Id


@frozen(kw_only=True, field_transformer=strict)
class RetryItem(Command[QuarantinedItem]):
    """Have the next `pull` try an item in quarantine again, as it is, once its cause is mended (重试)."""

    id: Id


@frozen(kw_only=True, field_transformer=strict)
class DismissItem(Command[QuarantinedItem]):
    """Say that an item in quarantine is not wanted, and why (忽略)."""

    id: Id
    reason: Annotated[str, Limit(500)]
