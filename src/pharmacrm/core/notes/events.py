"""What is told of notes: ids, never their text."""

from attrs import frozen

from pharmacrm.core.kernel.change import Event


@frozen(kw_only=True)
class NoteAdded(Event):
    """A comment, suggestion or message was written: the addressee is to know (FP-20).

    The subject is what it was written on.
    """

    note: str
    kind: str
    on: str
    author: str
    addressee: str
