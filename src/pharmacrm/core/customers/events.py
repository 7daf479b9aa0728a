"""What happened to customers; ids only."""

from attrs import frozen

from pharmacrm.core.kernel.change import Event


@frozen(kw_only=True)
class CustomerRegistered(Event):
    """A customer was registered or changed."""
