"""What people want to know of notes."""

from typing import Annotated

from attrs import frozen

from pharmacrm.core.kernel.message import Question, Reads
from pharmacrm.core.kernel.query import eq
from pharmacrm.core.kernel.strict import Limit, strict
from pharmacrm.core.notes.model import ActivityNote, NoteSubject


@frozen(kw_only=True, field_transformer=strict)
class NotesOn(Question[tuple[ActivityNote, ...]]):
    """The notes on one thing, oldest first."""

    on: NoteSubject
    subject: Annotated[str, Limit(200)]


@NotesOn.handler
def on_notes_on(question: NotesOn, read: Reads) -> tuple[ActivityNote, ...]:
    """Read them by an index."""
    where = (eq("subject", question.subject), eq("on", question.on))
    return tuple(read.find(ActivityNote, *where, order=("at",)))
