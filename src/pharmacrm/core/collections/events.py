"""What happens in collections."""

from attrs import frozen

from pharmacrm.core.kernel.change import Event


@frozen(kw_only=True)
class ProvisionRatesSet(Event):
    """The rates of bad-debt provision were set. The subject is the day from which they hold."""


EVENTS = (ProvisionRatesSet,)
