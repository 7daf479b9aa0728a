"""Who may write which note to whom: pure functions."""

from collections.abc import Iterator

from pharmacrm.core.kernel.change import Event
from pharmacrm.core.kernel.decision import Decision, accept, save, tell
from pharmacrm.core.kernel.reason import Reason, ReasonCode, Severity
from pharmacrm.core.notes.events import NoteAdded
from pharmacrm.core.notes.model import ActivityNote, NoteKind

NOTE_EXISTS = ReasonCode(
    "note.exists",
    Severity.BLOCK,
    "there is a note {subject} already",
    "留言 {subject} 已存在",
    remedy="leave the id out: notes are never changed",
)
NO_ADDRESSEE = ReasonCode(
    "note.no_addressee",
    Severity.BLOCK,
    "nobody but the author has to do with {subject}",
    "{subject} 除作者外没有相关人员",
    remedy="name the addressee",
)
ADDRESSEE_UNKNOWN = ReasonCode(
    "note.addressee_unknown",
    Severity.BLOCK,
    "{observed} is not an active member of staff",
    "{observed} 不是在职员工",
)
NOT_SUPERIOR = ReasonCode(
    "note.not_superior",
    Severity.BLOCK,
    "a message to {expected} is for superiors, {observed} is none",
    "只有上级可以给 {expected} 留言，{observed} 不是上级",
    remedy="write a comment or a suggestion",
)
REASONS = (NOTE_EXISTS, NO_ADDRESSEE, ADDRESSEE_UNKNOWN, NOT_SUPERIOR)


def write(
    note: ActivityNote, old: ActivityNote | None, *, known: bool, superior: bool
) -> Decision[ActivityNote]:
    """Write a note; the addressee is told in the same transaction (FP-20).

    `known` says that the addressee is an active member of staff, `superior` that the author stands above.
    """
    event: Event = NoteAdded(
        subject=note.subject,
        note=note.id,
        kind=note.kind.value,
        on=note.on.value,
        author=note.author,
        addressee=note.addressee,
    )
    against = _against(note, old, known=known, superior=superior)
    return accept(note, against, save(note), tell(event))


def _against(
    note: ActivityNote, old: ActivityNote | None, *, known: bool, superior: bool
) -> Iterator[Reason]:
    if old is not None:
        yield NOTE_EXISTS(note.id, field="id")
    if note.addressee in {"", note.author}:
        yield NO_ADDRESSEE(note.subject, field="addressee")
        return
    if not known:
        yield ADDRESSEE_UNKNOWN(note.subject, field="addressee", observed=note.addressee)
    elif note.kind is NoteKind.MESSAGE and not superior:
        yield NOT_SUPERIOR(note.subject, field="kind", observed=note.author, expected=note.addressee)
