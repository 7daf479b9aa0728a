"""Handlers of the lot commands: they load what the rule needs."""

from pharmacrm.core.kernel.decision import Decision
from pharmacrm.core.kernel.errors import NotFound
from pharmacrm.core.kernel.message import Reads
from pharmacrm.core.orders import lots
from pharmacrm.core.orders.commands import HoldLot, RegisterLot, ReleaseLot
from pharmacrm.core.orders.model import Lot


@RegisterLot.handler
def register_lot(command: RegisterLot, read: Reads) -> Decision[Lot]:
    """Register a lot or correct its expiry."""
    old = read.seek(Lot, command.subject)
    return lots.register_lot(old, product=command.product, lot=command.lot, expires=command.expires)


@HoldLot.handler
def hold_lot(command: HoldLot, read: Reads) -> Decision[Lot]:
    """Put a lot on hold."""
    return lots.hold_lot(_lot(command, read), reason=command.reason)


@ReleaseLot.handler
def release_lot(command: ReleaseLot, read: Reads) -> Decision[Lot]:
    """Take the hold from a lot."""
    return lots.release_lot(_lot(command, read), reason=command.reason)


def _lot(command: HoldLot | ReleaseLot, read: Reads) -> Lot:
    lot = read.get(Lot, command.subject)
    if lot.product != command.product:  # "A/B" and "C" read like "A" and "B/C"
        raise NotFound("lot", command.subject)
    return lot
