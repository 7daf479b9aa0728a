"""Notes (评语, 建议, 留言): what one person tells another about a piece of work; they are never changed."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from attrs import frozen

from pharmacrm.core.kernel.record import Column, Personal, Record


class NoteKind(StrEnum):
    """The three kinds of notes (FP-16); a message (主管留言) is a superior's alone."""

    COMMENT = "comment"
    SUGGESTION = "suggestion"
    MESSAGE = "message"

    @property
    def zh(self) -> str:
        """The Chinese name."""
        return _NOTE_KIND_ZH[self]


_NOTE_KIND_ZH = {NoteKind.COMMENT: "评语", NoteKind.SUGGESTION: "建议", NoteKind.MESSAGE: "主管留言"}


class NoteSubject(StrEnum):
    """What notes are written on; a new kind is a row here and its people in `flows.noting`."""

    TASK = "task"
    CUSTOMER = "customer"
    ORDER = "order"


@frozen(kw_only=True)
class ActivityNote(Record):
    """One note on one thing, from its author to its addressee."""

    kind: Annotated[NoteKind, Column(length=16, zh="类别")]
    on: Annotated[NoteSubject, Column(length=32, zh="对象类别")]
    subject: Annotated[str, Column(index=True, zh="对象")]
    author: Annotated[str, Column(length=64, index=True, zh="作者")]
    roles: Annotated[str, Column(length=400, zh="作者角色")]
    addressee: Annotated[str, Column(length=64, index=True, zh="收件人")]
    text: Annotated[str, Column(length=2000, zh="内容"), Personal("work of the staff")]
    at: Annotated[datetime, Column(zh="时间")]
