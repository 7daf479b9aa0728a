"""What happened to snapshots of stock; ids only."""

from attrs import frozen

from pharmacrm.core.kernel.change import Event


@frozen(kw_only=True)
class StockRecorded(Event):
    """An ERP said something newer of its stock; the subject is the product."""

    site: str
    lot: str
