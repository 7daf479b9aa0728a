"""What happened while something was taken in; ids only."""

from attrs import frozen

from pharmacrm.core.kernel.change import Event


@frozen(kw_only=True)
class ItemSetAside(Event):
    """An item of a source could not be taken in; the subject is the item in quarantine."""

    source: str


@frozen(kw_only=True)
class DocumentTakenIn(Event):
    """A document of a source was read to its end; the subject is its run."""

    source: str
    agrees: bool
