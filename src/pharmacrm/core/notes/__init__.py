"""Notes (评语, 建议, 留言): three kinds, one addressee; writing them stands in `flows.noting`."""

from pharmacrm.core.kernel.domain import Domain
from pharmacrm.core.notes.events import NoteAdded
from pharmacrm.core.notes.model import ActivityNote, NoteKind, NoteSubject
from pharmacrm.core.notes.questions import NotesOn, on_notes_on
from pharmacrm.core.notes.rules import REASONS
from pharmacrm.core.values.roles import ROLES

domain = Domain(
    name="notes",
    records=(ActivityNote,),
    handlers=(on_notes_on,),
    events=(NoteAdded,),
    reasons=REASONS,
    rights=dict.fromkeys(ROLES, (ActivityNote, NotesOn)),
)

__all__ = ["ActivityNote", "NoteAdded", "NoteKind", "NoteSubject", "NotesOn", "domain"]
