"""What happened to prices; ids only."""

from attrs import frozen

from pharmacrm.core.kernel.change import Event


@frozen(kw_only=True)
class PriceListRegistered(Event):
    """A price list was registered or changed."""


@frozen(kw_only=True)
class PriceRegistered(Event):
    """A price was set; the subject is the list."""

    product: str
