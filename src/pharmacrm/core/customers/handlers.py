"""Load what the rules about customers need."""

from pharmacrm.core.customers.commands import RegisterCustomer
from pharmacrm.core.customers.model import Customer, Identifier
from pharmacrm.core.customers.rules import identifier_id, register_customer
from pharmacrm.core.kernel.decision import Decision
from pharmacrm.core.kernel.message import Reads


@RegisterCustomer.handler
def on_register_customer(command: RegisterCustomer, read: Reads) -> Decision[Customer]:
    """Read the customer, who holds the credit code, and the customers above."""
    return register_customer(
        command,
        read.seek(Customer, command.id),
        read.seek(Identifier, identifier_id("uscc", command.uscc)) if command.uscc else None,
        _above(read, command.parent),
    )


HANDLERS = (on_register_customer,)


def _above(read: Reads, parent: str | None) -> list[Customer]:
    chain: dict[str, Customer] = {}
    while parent and parent not in chain and (found := read.seek(Customer, parent)):
        chain[parent] = found
        parent = found.parent
    return list(chain.values())
