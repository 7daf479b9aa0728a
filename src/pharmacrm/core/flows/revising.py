"""Revisions of documents: kept as they are made, read again, and compared line by line."""

from collections.abc import Sequence
from typing import Final

from attrs import frozen

from pharmacrm.core.engines.revisions import (
    REASONS,
    Difference,
    Revision,
    Snapshot,
    compare,
    revision_id,
)
from pharmacrm.core.kernel.codec import plain_fields
from pharmacrm.core.kernel.decision import Decision, accept, remove, save
from pharmacrm.core.kernel.domain import Domain
from pharmacrm.core.kernel.errors import MalformedInput, NotFound
from pharmacrm.core.kernel.message import Question, Reads
from pharmacrm.core.kernel.query import eq
from pharmacrm.core.kernel.record import Part, Record
from pharmacrm.core.kernel.strict import Id, strict
from pharmacrm.core.values.document_kinds import DocumentKind

READERS: Final = ("sales", "purchasing", "assistant", "lead", "finance", "quality", "admin", "auditor")


@frozen(kw_only=True, field_transformer=strict)
class Revisions(Question[tuple[Revision, ...]]):
    """Every revision of a quote or purchase order (版次), oldest first, each with all that it said."""

    document: Id


@frozen(kw_only=True, field_transformer=strict)
class RevisionChanges(Question[Difference]):
    """What changed between two revisions of a document, field by field and line by line (版次对比).

    Without `later` the newest is meant, without `earlier` the one before it.
    """

    document: Id
    earlier: int = 0
    later: int = 0

    def __attrs_post_init__(self) -> None:
        """Refuse numbers that no revision has."""
        for name in ("earlier", "later"):
            if getattr(self, name) < 0:
                raise MalformedInput(
                    "revision.number", "revisions count from 1", field=name, value=getattr(self, name)
                )


@Revisions.handler
def on_revisions(question: Revisions, read: Reads) -> tuple[Revision, ...]:
    """Read them; a document that has none is `NotFound`."""
    found = read.find(Revision, eq("document", question.document), order=("number",))
    if not found:
        raise NotFound("revision", question.document)
    return tuple(found)


@RevisionChanges.handler
def on_revision_changes(question: RevisionChanges, read: Reads) -> Difference:
    """Read the two; what came before the first revision is nothing."""
    newest = read.find(Revision, eq("document", question.document), order=("-number",), limit=1)
    if not newest:
        raise NotFound("revision", question.document)
    later = newest[0]
    if question.later not in {0, later.number}:
        later = read.get(Revision, revision_id(question.document, question.later))
    number = question.earlier or later.number - 1
    earlier = read.get(Revision, revision_id(question.document, number)).snapshot if number else Snapshot(())
    return compare(earlier, later.snapshot)


def kept(kind: DocumentKind, document: str, number: int, snapshot: Snapshot, read: Reads) -> Revision:
    """The record of a revision that the actor makes now."""
    return Revision(
        id=revision_id(document, number),
        document=document,
        kind=kind.value,
        number=number,
        content=snapshot.content,
        snapshot=snapshot,
        made_by=read.actor,
        made_at=read.at,
    )


def revised(
    kind: DocumentKind,
    document: Record,
    lines: Sequence[Part],
    before: Sequence[Part],
    snapshot: Snapshot,
    read: Reads,
) -> Decision[None]:
    """Store the next revision of a document, with its lines; those that went are taken away."""
    left = {line.id for line in lines}
    revision = kept(kind, document.id, int(plain_fields(document)["revision"]), snapshot, read)
    gone = remove(*(line for line in before if line.id not in left))
    return accept(None, save(document, *lines, revision), gone)


domain = Domain(
    name="revising",
    records=(Revision,),
    handlers=(on_revisions, on_revision_changes),
    reasons=REASONS,
    rights=dict.fromkeys(READERS, (Revision, Revisions, RevisionChanges)),
)
