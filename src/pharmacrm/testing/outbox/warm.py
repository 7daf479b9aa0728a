"""What a relay needs, imported once: the server that forks relays loads this before the first of them."""

from pharmacrm.crm import connect
from pharmacrm.testing.outbox import relays

connect("memory://").close()

__all__ = ["relays"]
