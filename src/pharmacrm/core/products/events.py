"""What happened to products; ids only."""

from attrs import frozen

from pharmacrm.core.kernel.change import Event


@frozen(kw_only=True)
class ProductRegistered(Event):
    """A product was registered or changed."""
