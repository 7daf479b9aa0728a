"""Writing notes: whom a thing concerns, and who stands above whom."""

from typing import Annotated, ClassVar

from attrs import frozen

from pharmacrm.core.customers import Customer
from pharmacrm.core.engines.tasks import Task
from pharmacrm.core.kernel.decision import Decision
from pharmacrm.core.kernel.domain import Domain
from pharmacrm.core.kernel.message import Command, Reads
from pharmacrm.core.kernel.record import Personal
from pharmacrm.core.kernel.strict import Id, Limit, OptionalId, strict
from pharmacrm.core.notes import ActivityNote, NoteKind, NoteSubject
from pharmacrm.core.notes.rules import write
from pharmacrm.core.orders import SalesOrder
from pharmacrm.core.people import Staff
from pharmacrm.core.values.roles import ROLES

SUPERIORS = frozenset({"lead", "admin"})
"""Roles that stand above everybody, besides each person's own managers."""


@frozen(kw_only=True, field_transformer=strict)
class AddNote(Command[ActivityNote]):
    """Write a comment, a suggestion or (as a superior) a message on a piece of work (评语, 建议, 主管留言).

    Without `addressee` it goes to the person who has to do with it: of a task the other one of assignee and
    assigner, of a customer the owner, of an order the requester. That person is notified.
    """

    subject_field: ClassVar[str] = "subject"

    id: OptionalId = ""
    on: NoteSubject
    subject: Annotated[str, Limit(200)]
    kind: NoteKind
    text: Annotated[str, Limit(2000, multiline=True), Personal("work of the staff")]
    addressee: Id | None = None


@AddNote.handler
def on_add_note(command: AddNote, read: Reads) -> Decision[ActivityNote]:
    """Read what the note is about (it must exist), its addressee and the managers above them."""
    concerned = people_of(command.on, command.subject, read)
    others = [person for person in concerned if person not in {"", read.actor}]
    note = ActivityNote(
        id=command.id or read.new_id(),
        kind=command.kind,
        on=command.on,
        subject=command.subject,
        author=read.actor,
        roles=",".join(sorted(read.roles)),
        addressee=command.addressee or (others[0] if others else ""),
        text=command.text,
        at=read.at,
    )
    staff = read.seek(Staff, note.addressee) if note.addressee else None
    return write(
        note,
        read.seek(ActivityNote, note.id),
        known=staff is not None and staff.active,
        superior=bool(read.roles & SUPERIORS) or read.actor in _above(read, staff),
    )


def people_of(on: NoteSubject, subject: str, read: Reads) -> tuple[str, ...]:
    """Whom a thing concerns, the first of them most; `NotFound` if it does not exist."""
    match on:
        case NoteSubject.TASK:
            task = read.get(Task, subject)
            return task.assignee, task.assigner
        case NoteSubject.CUSTOMER:
            return (read.get(Customer, subject).owner or "",)
        case NoteSubject.ORDER:
            return (read.get(SalesOrder, subject).requester,)


def _above(read: Reads, staff: Staff | None) -> set[str]:
    found: set[str] = set()
    manager = staff.manager if staff else None
    while manager and manager not in found:
        found.add(manager)
        above = read.seek(Staff, manager)
        manager = above.manager if above else None
    return found


domain = Domain(
    name="noting",
    handlers=(on_add_note,),
    rights={role: (AddNote,) for role in ROLES if role != "auditor"},
)
