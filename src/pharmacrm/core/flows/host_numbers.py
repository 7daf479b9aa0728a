"""Giving the things of several domains the numbers that other systems know them by."""

from collections.abc import Mapping
from typing import Final

from pharmacrm.core.collections import Voucher
from pharmacrm.core.customers import Customer
from pharmacrm.core.host_numbers import (
    HostNumber,
    NumberedKind,
    NumberUse,
    RecordHostNumber,
    number_id,
    record_number,
)
from pharmacrm.core.kernel.decision import Decision
from pharmacrm.core.kernel.domain import Domain
from pharmacrm.core.kernel.message import Reads
from pharmacrm.core.kernel.record import Record
from pharmacrm.core.orders import GoodsReceipt, OutboundSlip, PurchaseOrder, Quote, SalesOrder
from pharmacrm.core.products import Product

KINDS: Final[Mapping[NumberedKind, type[Record]]] = {
    NumberedKind.ORDER: SalesOrder,
    NumberedKind.SLIP: OutboundSlip,
    NumberedKind.CUSTOMER: Customer,
    NumberedKind.PRODUCT: Product,
    NumberedKind.QUOTE: Quote,
    NumberedKind.PURCHASE: PurchaseOrder,
    NumberedKind.GOODS_RECEIPT: GoodsReceipt,
    NumberedKind.VOUCHER: Voucher,
}


@RecordHostNumber.handler
def on_record_host_number(command: RecordHostNumber, read: Reads) -> Decision[HostNumber]:
    """Load the thing, which has to be there, and what is known of it; the actor is the other system."""
    read.get(KINDS[command.kind], command.id)
    system = read.actor
    held = read.seek(HostNumber, number_id(system, command.kind, command.id))
    use = read.seek(NumberUse, number_id(system, command.kind, "number", command.number))
    return record_number(command, held, use, system=system)


domain = Domain(name="host_numbering", handlers=(on_record_host_number,), rights={"erp": (RecordHostNumber,)})
