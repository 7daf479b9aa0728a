"""Load what the rules about products need."""

from pharmacrm.core.kernel.decision import Decision
from pharmacrm.core.kernel.message import Reads
from pharmacrm.core.products.commands import RegisterProduct
from pharmacrm.core.products.model import Product
from pharmacrm.core.products.rules import register_product


@RegisterProduct.handler
def on_register_product(command: RegisterProduct, read: Reads) -> Decision[Product]:
    """Read the product as it is."""
    return register_product(command, read.seek(Product, command.id))


HANDLERS = (on_register_product,)
